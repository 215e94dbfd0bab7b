-- Agreements to proposals that were taken back are none any more. And the orders of two lists.
DELETE FROM charter_agreement WHERE charter_id IN (SELECT id FROM charter WHERE state = 'DRAFT');
CREATE INDEX charter_agreement_created ON charter_agreement (created_at, id);
CREATE INDEX artefact_version_created ON artefact_version (created_at, id);
