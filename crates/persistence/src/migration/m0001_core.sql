-- The first tables. Portable text: {uuid}, {at} and {json} are the types of each database; enumerations are text.
-- Never edited once landed; a later migration expands, then contracts.

CREATE TABLE organisation (
  {base}, slug text NOT NULL UNIQUE, name text NOT NULL, kind text NOT NULL, state text NOT NULL,
  logo_url text, privacy_contact text, UNIQUE (tenant_id, id), UNIQUE (tenant_id, external_id));

CREATE TABLE person (
  {base}, display_name text NOT NULL, email text, portrait_url text, job_title text, expertise {json} NOT NULL,
  language text, discoverable boolean NOT NULL, external boolean NOT NULL, affiliation text,
  tenant_role text NOT NULL, state text NOT NULL,
  UNIQUE (tenant_id, id), UNIQUE (tenant_id, external_id), FOREIGN KEY (tenant_id) REFERENCES organisation (id));
CREATE INDEX person_list ON person (tenant_id, display_name, id);

CREATE TABLE concept (
  {base}, name text NOT NULL, edition text NOT NULL, description text, profile {json} NOT NULL, audience text NOT NULL,
  UNIQUE (tenant_id, id), UNIQUE (tenant_id, external_id), FOREIGN KEY (tenant_id) REFERENCES organisation (id));
CREATE TABLE concept_element (
  {base}, concept_id {uuid} NOT NULL, code text NOT NULL, title text NOT NULL, position bigint NOT NULL,
  UNIQUE (tenant_id, id), UNIQUE (concept_id, code), FOREIGN KEY (tenant_id, concept_id) REFERENCES concept (tenant_id, id));
CREATE TABLE focus_area (
  {base}, concept_id {uuid} NOT NULL, title text NOT NULL, position bigint NOT NULL,
  UNIQUE (tenant_id, id), FOREIGN KEY (tenant_id, concept_id) REFERENCES concept (tenant_id, id));
CREATE INDEX focus_area_concept ON focus_area (concept_id);

CREATE TABLE theme (
  {base}, title text NOT NULL, slug text NOT NULL, summary text, description text, concept_id {uuid},
  focus_area_ids {json} NOT NULL, audience text NOT NULL,
  UNIQUE (tenant_id, id), UNIQUE (tenant_id, external_id), FOREIGN KEY (concept_id) REFERENCES concept (id));
CREATE INDEX theme_list ON theme (tenant_id, title, id);
CREATE INDEX theme_audience ON theme (audience, title, id);

CREATE TABLE front_runner_project (
  {base}, title text NOT NULL, element_id {uuid} NOT NULL, speciality text, strengths {json} NOT NULL,
  UNIQUE (tenant_id, id), UNIQUE (tenant_id, external_id), FOREIGN KEY (element_id) REFERENCES concept_element (id));
CREATE TABLE front_runner (
  {base}, project_id {uuid} NOT NULL, person_id {uuid} NOT NULL, state text NOT NULL,
  UNIQUE (project_id, person_id),
  FOREIGN KEY (tenant_id, project_id) REFERENCES front_runner_project (tenant_id, id),
  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id));
CREATE INDEX front_runner_person ON front_runner (person_id);

CREATE TABLE cop (
  {base}, title text NOT NULL, slug text NOT NULL, summary text, description text, cover_url text, concept_id {uuid},
  theme_id {uuid}, element_ids {json} NOT NULL, start_date date, planned_end_date date, status text NOT NULL,
  status_reason text, listing_audience text NOT NULL, content_ceiling text NOT NULL, predecessor_id {uuid},
  profile {json} NOT NULL, member_count bigint NOT NULL, activated_at {at}, ended_at {at},
  UNIQUE (tenant_id, id), UNIQUE (tenant_id, external_id), UNIQUE (tenant_id, slug),
  FOREIGN KEY (tenant_id) REFERENCES organisation (id), FOREIGN KEY (concept_id) REFERENCES concept (id),
  FOREIGN KEY (theme_id) REFERENCES theme (id), FOREIGN KEY (tenant_id, predecessor_id) REFERENCES cop (tenant_id, id));
CREATE INDEX cop_start ON cop (tenant_id, start_date, id);
CREATE INDEX cop_title ON cop (tenant_id, title, id);
CREATE INDEX cop_updated ON cop (tenant_id, updated_at, id);
CREATE INDEX cop_theme ON cop (theme_id);
CREATE INDEX cop_concept ON cop (concept_id);
CREATE INDEX cop_listing ON cop (listing_audience, start_date, id);

CREATE TABLE charter (
  {base}, cop_id {uuid} NOT NULL, number bigint NOT NULL, why text, how text, state text NOT NULL,
  proposed_at {at}, agreed_at {at},
  UNIQUE (tenant_id, id), UNIQUE (cop_id, number), FOREIGN KEY (tenant_id, cop_id) REFERENCES cop (tenant_id, id));
CREATE TABLE goal (
  {base}, cop_id {uuid} NOT NULL, charter_id {uuid} NOT NULL, title text NOT NULL, position bigint NOT NULL,
  assessment text, assessment_note text, waiver_reason text,
  UNIQUE (tenant_id, id), FOREIGN KEY (tenant_id, cop_id) REFERENCES cop (tenant_id, id),
  FOREIGN KEY (tenant_id, charter_id) REFERENCES charter (tenant_id, id));
CREATE INDEX goal_charter ON goal (charter_id, position, id);
CREATE TABLE charter_agreement (
  {base}, cop_id {uuid} NOT NULL, charter_id {uuid} NOT NULL, organisation_id {uuid} NOT NULL,
  UNIQUE (charter_id, organisation_id), FOREIGN KEY (tenant_id, charter_id) REFERENCES charter (tenant_id, id),
  FOREIGN KEY (organisation_id) REFERENCES organisation (id));

CREATE TABLE participation (
  {base}, cop_id {uuid} NOT NULL, organisation_id {uuid} NOT NULL, state text NOT NULL, message text,
  preconditions_met {json} NOT NULL, decided_at {at}, ended_at {at},
  UNIQUE (cop_id, organisation_id), FOREIGN KEY (tenant_id, cop_id) REFERENCES cop (tenant_id, id),
  FOREIGN KEY (organisation_id) REFERENCES organisation (id));
CREATE INDEX participation_organisation ON participation (organisation_id, cop_id, state);
CREATE TABLE facilitation (
  {base}, cop_id {uuid} NOT NULL, person_id {uuid} NOT NULL, person_tenant_id {uuid} NOT NULL, role text NOT NULL,
  is_primary boolean NOT NULL, start_date date NOT NULL, end_date date,
  FOREIGN KEY (tenant_id, cop_id) REFERENCES cop (tenant_id, id),
  FOREIGN KEY (person_tenant_id, person_id) REFERENCES person (tenant_id, id));
CREATE INDEX facilitation_cop ON facilitation (cop_id);
CREATE INDEX facilitation_person ON facilitation (person_id);
CREATE TABLE membership (
  {base}, cop_id {uuid} NOT NULL, person_id {uuid} NOT NULL, person_tenant_id {uuid} NOT NULL, project_id {uuid},
  role text NOT NULL, state text NOT NULL, motivation text, person_accepted_at {at}, selected_at {at}, ended_at {at},
  reason text, UNIQUE (tenant_id, external_id), FOREIGN KEY (tenant_id, cop_id) REFERENCES cop (tenant_id, id),
  FOREIGN KEY (person_tenant_id, person_id) REFERENCES person (tenant_id, id),
  FOREIGN KEY (person_tenant_id, project_id) REFERENCES front_runner_project (tenant_id, id));
CREATE INDEX membership_cop ON membership (cop_id, created_at, id);
CREATE INDEX membership_person ON membership (person_id, tenant_id);
CREATE INDEX membership_side ON membership (person_tenant_id, cop_id);

CREATE TABLE session (
  {base}, cop_id {uuid}, kind text NOT NULL, title text NOT NULL, starts_at {at} NOT NULL, ends_at {at} NOT NULL,
  time_zone text NOT NULL, place text, link text, state text NOT NULL, reason text,
  UNIQUE (tenant_id, id), UNIQUE (tenant_id, external_id), FOREIGN KEY (tenant_id, cop_id) REFERENCES cop (tenant_id, id));
CREATE INDEX session_cop ON session (cop_id, starts_at, id);
CREATE INDEX session_list ON session (tenant_id, starts_at, id);

CREATE TABLE artefact (
  {base}, cop_id {uuid}, cop_tenant_id {uuid}, theme_id {uuid}, kind text NOT NULL, title text NOT NULL, summary text,
  body text, source_url text, language text, licence text, tags {json} NOT NULL, state text NOT NULL,
  audience text NOT NULL, number bigint NOT NULL, submitted_at {at}, validated_at {at}, published_at {at},
  UNIQUE (tenant_id, id), UNIQUE (tenant_id, external_id),
  FOREIGN KEY (tenant_id) REFERENCES organisation (id), FOREIGN KEY (theme_id) REFERENCES theme (id),
  FOREIGN KEY (cop_tenant_id, cop_id) REFERENCES cop (tenant_id, id));
CREATE INDEX artefact_cop ON artefact (cop_id, created_at, id);
CREATE INDEX artefact_list ON artefact (tenant_id, created_at, id);
CREATE INDEX artefact_theme ON artefact (theme_id);
CREATE TABLE artefact_version (
  {base}, artefact_id {uuid} NOT NULL, number bigint NOT NULL, title text NOT NULL, summary text, body text,
  source_url text, UNIQUE (artefact_id, number), FOREIGN KEY (tenant_id, artefact_id) REFERENCES artefact (tenant_id, id));
CREATE TABLE artefact_tag (
  tenant_id {uuid} NOT NULL, artefact_id {uuid} NOT NULL, tag text NOT NULL, PRIMARY KEY (artefact_id, tag),
  FOREIGN KEY (tenant_id, artefact_id) REFERENCES artefact (tenant_id, id));
CREATE INDEX artefact_tag_tag ON artefact_tag (tenant_id, tag, artefact_id);
CREATE TABLE artefact_author (
  tenant_id {uuid} NOT NULL, artefact_id {uuid} NOT NULL, person_id {uuid} NOT NULL, position bigint NOT NULL,
  PRIMARY KEY (artefact_id, person_id), FOREIGN KEY (tenant_id, artefact_id) REFERENCES artefact (tenant_id, id),
  FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id));
CREATE INDEX artefact_author_person ON artefact_author (person_id);
CREATE TABLE artefact_goal (
  tenant_id {uuid} NOT NULL, artefact_id {uuid} NOT NULL, goal_id {uuid} NOT NULL, cop_tenant_id {uuid} NOT NULL,
  PRIMARY KEY (artefact_id, goal_id), FOREIGN KEY (tenant_id, artefact_id) REFERENCES artefact (tenant_id, id),
  FOREIGN KEY (cop_tenant_id, goal_id) REFERENCES goal (tenant_id, id));
CREATE INDEX artefact_goal_goal ON artefact_goal (goal_id);
CREATE TABLE anchoring (
  {base}, artefact_id {uuid} NOT NULL, artefact_tenant_id {uuid} NOT NULL, cop_id {uuid}, cop_tenant_id {uuid},
  place text NOT NULL, owner_person_id {uuid}, state text NOT NULL, review_date date,
  FOREIGN KEY (artefact_tenant_id, artefact_id) REFERENCES artefact (tenant_id, id),
  FOREIGN KEY (tenant_id, owner_person_id) REFERENCES person (tenant_id, id));
CREATE INDEX anchoring_artefact ON anchoring (artefact_id);
CREATE INDEX anchoring_list ON anchoring (tenant_id, id);
CREATE TABLE showing (
  {base}, session_id {uuid} NOT NULL, artefact_id {uuid} NOT NULL, artefact_tenant_id {uuid} NOT NULL,
  cop_id {uuid}, cop_tenant_id {uuid},
  UNIQUE (session_id, artefact_id), FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id),
  FOREIGN KEY (artefact_tenant_id, artefact_id) REFERENCES artefact (tenant_id, id));
CREATE INDEX showing_cop ON showing (cop_id);

CREATE TABLE token (
  {base}, name text NOT NULL, kind text NOT NULL, scopes {json} NOT NULL, owner_contact text, expires_at {at} NOT NULL,
  revoked_at {at}, last_used_at {at}, FOREIGN KEY (tenant_id) REFERENCES organisation (id));
CREATE INDEX token_list ON token (tenant_id, created_at, id);

CREATE TABLE import_job (
  {base}, collection text NOT NULL, state text NOT NULL, dry_run boolean NOT NULL, history boolean NOT NULL,
  rows_read bigint NOT NULL, created bigint NOT NULL, updated bigint NOT NULL, unchanged bigint NOT NULL,
  failed bigint NOT NULL, finished_at {at}, UNIQUE (tenant_id, id));
CREATE INDEX import_job_list ON import_job (tenant_id, created_at, id);
CREATE TABLE import_result (
  tenant_id {uuid} NOT NULL, job_id {uuid} NOT NULL, line bigint NOT NULL, external_id text, outcome text NOT NULL,
  row_id text, problems {json} NOT NULL, PRIMARY KEY (job_id, line),
  FOREIGN KEY (tenant_id, job_id) REFERENCES import_job (tenant_id, id));

-- Who did what, as whom, by which token: written in the transaction of the change.
CREATE TABLE audit (
  id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL, at {at} NOT NULL, action text NOT NULL, subject text,
  token_id {uuid} NOT NULL, token_kind text NOT NULL, token_tenant_id {uuid} NOT NULL);
CREATE INDEX audit_list ON audit (tenant_id, at);
-- What happened, written in the transaction of the change; the sequencer numbers it right after the commit.
CREATE TABLE outbox (
  id {uuid} PRIMARY KEY, tenant_id {uuid} NOT NULL, at {at} NOT NULL, kind text NOT NULL, subject text NOT NULL,
  data {json} NOT NULL, numbered boolean NOT NULL);
CREATE INDEX outbox_open ON outbox (numbered, id);
CREATE TABLE event_log (
  tenant_id {uuid} NOT NULL, number bigint NOT NULL, outbox_id {uuid} NOT NULL, PRIMARY KEY (tenant_id, number),
  UNIQUE (tenant_id, outbox_id), FOREIGN KEY (outbox_id) REFERENCES outbox (id));
-- The lease of the node that numbers.
CREATE TABLE lease (name text PRIMARY KEY, holder {uuid} NOT NULL, until {at} NOT NULL);

CREATE TABLE signing_key (
  kid text PRIMARY KEY, private_pem text NOT NULL, created_at {at} NOT NULL, signs_from {at} NOT NULL, retires_at {at});
