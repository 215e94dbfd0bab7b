-- Which kind of artefact a document is of. Documents are made anew by the analysis that knows it.
ALTER TABLE search_document ADD COLUMN artefact_kind text;
