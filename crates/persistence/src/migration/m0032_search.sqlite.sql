-- The terms of documents, by their place: nothing but which word is where. Terms stand between spaces, as they come from
-- the program.
CREATE VIRTUAL TABLE search_words USING fts5 (
  terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
