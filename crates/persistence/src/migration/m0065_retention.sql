-- Until when an organisation keeps the data of somebody from outside.
ALTER TABLE person ADD COLUMN retain_until date;
