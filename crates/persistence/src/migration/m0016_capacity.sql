-- How many members a CoP has room for.

ALTER TABLE cop ADD COLUMN capacity bigint;
