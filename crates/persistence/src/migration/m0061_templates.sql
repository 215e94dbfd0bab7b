-- Which sections artefacts should have, by kind: data of the concept.

ALTER TABLE concept ADD COLUMN templates {json} NOT NULL DEFAULT '[]';
