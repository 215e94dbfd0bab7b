-- What was asked of its authors when an artefact was sent back.
ALTER TABLE artefact ADD COLUMN review_comment text;
