-- The terms of a document, as they come from the program: nothing is parsed, stemmed or weighed here.
ALTER TABLE search_document ADD COLUMN terms tsvector NOT NULL DEFAULT '';
CREATE INDEX search_document_terms ON search_document USING gin (terms);
