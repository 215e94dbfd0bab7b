-- The text that somebody agreed to when they handed a request in, whatever the organisation's says later.
ALTER TABLE contact_request ADD COLUMN consent_text text;
