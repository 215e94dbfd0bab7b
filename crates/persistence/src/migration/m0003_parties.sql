-- Whose logs an event goes into, and what must stay true when two requests come at once.

ALTER TABLE outbox ADD COLUMN parties {json} NOT NULL DEFAULT '[]';

-- One primary facilitator at a time.
CREATE UNIQUE INDEX facilitation_primary ON facilitation (cop_id) WHERE is_primary AND end_date IS NULL;
-- Nobody takes part in a CoP twice at the same time.
CREATE UNIQUE INDEX membership_open ON membership (cop_id, person_id)
  WHERE state IN ('NOMINATED', 'APPLIED', 'SELECTED', 'ACTIVE');
