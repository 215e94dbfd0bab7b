-- Tokens that act for a person, and who in person did what.

ALTER TABLE token ADD COLUMN person_id {uuid} REFERENCES person (id);
ALTER TABLE token ADD COLUMN issued_by_id {uuid} REFERENCES token (id);
ALTER TABLE audit ADD COLUMN person_id {uuid};

CREATE INDEX facilitation_side ON facilitation (person_tenant_id, cop_id);
CREATE INDEX facilitation_host ON facilitation (person_id, tenant_id);

-- A version keeps all that it said.
ALTER TABLE artefact_version ADD COLUMN language text;
ALTER TABLE artefact_version ADD COLUMN licence text;

-- Two that come at once do not get one place.
CREATE UNIQUE INDEX goal_place ON goal (charter_id, position);
CREATE UNIQUE INDEX concept_element_place ON concept_element (concept_id, position);
CREATE UNIQUE INDEX focus_area_place ON focus_area (concept_id, position);
