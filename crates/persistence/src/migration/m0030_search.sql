-- What is looked through of a row, and by what it is told apart. Written with the row; `evolva migrate` makes those that
-- are not there yet. Beside it PostgreSQL has the terms as a column, and SQLite a table of words.

CREATE TABLE search_document (
  {document}, tenant_id {uuid} NOT NULL, source text NOT NULL, row_version bigint NOT NULL, analysis bigint NOT NULL,
  at bigint NOT NULL, year bigint NOT NULL, theme_id {uuid}, language text, tags {json} NOT NULL, title text NOT NULL,
  summary text NOT NULL, FOREIGN KEY (tenant_id) REFERENCES organisation (id));
