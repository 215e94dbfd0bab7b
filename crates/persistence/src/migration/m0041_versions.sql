-- What kind of thing a version was, and the words to find it by: it goes out without its artefact, whose next version waits.
-- Versions from before have neither.

ALTER TABLE artefact_version ADD COLUMN kind text;
ALTER TABLE artefact_version ADD COLUMN tags {json};
