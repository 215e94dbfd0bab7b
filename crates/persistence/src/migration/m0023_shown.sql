-- Which version of an artefact was shown; of what was shown before it is not known.
ALTER TABLE showing ADD COLUMN number bigint;
