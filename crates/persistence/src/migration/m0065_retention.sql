-- Until when an organisation keeps the data of somebody from outside; of those who are there, a year from when this came.
ALTER TABLE person ADD COLUMN retain_until date;
UPDATE person SET retain_until = '2027-11-28' WHERE external AND state <> 'ERASED';
