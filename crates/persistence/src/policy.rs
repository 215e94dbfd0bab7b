//! PostgreSQL's row-level security: the second wall, said in other words than the first, so that one mistake is not in
//! both. What a viewer was granted is looked up once a statement, by definer functions that answer with the ids of CoPs
//! (`m0005_persons.pg.sql`); a policy compares with that list. A policy that reads another table reads it through that
//! table's own policy.
//!
//! It guards tenants, and persons where members are concerned. Among the people of one organisation it does not tell who
//! wrote a draft: there it is wider than the first wall.

/// Two settings of the transaction, read where they stand: as sub-selects each would cost the start of a plan of its own.
const ME: &str = "evolva_tenant()";
const IN_PERSON: &str = "evolva_person() IS NOT NULL";
const WIDE: &str = "('PARTNERS','NETWORK','PUBLIC')";

/// Whether a column is among the CoPs that a function grants to the viewer's organisation.
fn among(column: &str, function: &str) -> String {
    format!("{{t}}.{column} = ANY ((SELECT {function}())::uuid[])")
}

/// The same for what is granted to a person. Where nobody in person acts, nothing is looked up.
fn among_own(column: &str, function: &str) -> String {
    format!("({IN_PERSON} AND {})", among(column, function))
}

/// Who reads a table's rows; `{t}` is the table.
pub fn reads(table: &str) -> String {
    let own = format!("{{t}}.tenant_id = {ME}");
    let roster = among_own("cop_id", "evolva_roster_cops");
    let content = among("cop_id", "evolva_content_cops");
    let deciding = among("cop_id", "evolva_deciding_cops");
    let of_artefact = "EXISTS (SELECT 1 FROM artefact pa WHERE pa.id = {t}.artefact_id";
    match table {
        "organisation" => "true".to_owned(),
        "cop" => format!(
            "{own} OR ({{t}}.listing_audience IN ('NETWORK','PUBLIC') AND {{t}}.status <> 'DRAFT') OR {}",
            among("id", "evolva_listed_cops")
        ),
        "charter" | "goal" => format!("{own} OR {content} OR {deciding} OR {}", left("updated_at")),
        "charter_agreement" => {
            format!("{own} OR {{t}}.organisation_id = {ME} OR {content} OR {deciding} OR {}", left("updated_at"))
        }
        "session" => format!("{own} OR {content} OR {}", left("updated_at")),
        "participation" => format!(
            "{own} OR {{t}}.organisation_id = {ME} OR ({roster} AND ({{t}}.state IN ('ACCEPTED','ENDED') OR {}))",
            among_own("cop_id", "evolva_facilitated_cops")
        ),
        "facilitation" => format!("{own} OR {{t}}.person_tenant_id = {ME} OR {roster}"),
        "membership" => format!(
            "{own} OR {{t}}.person_tenant_id = {ME} OR ({{t}}.state IN ('SELECTED','ACTIVE','COMPLETED') AND {roster}) \
             OR ({roster} AND {})",
            among_own("cop_id", "evolva_facilitated_cops")
        ),
        "person" => {
            let hosted = "pm.state NOT IN ('REJECTED','WITHDRAWN','REMOVED')";
            let roster = |alias: &str| roster.replace("{t}", alias);
            format!(
                "{own} OR ({{t}}.discoverable AND {{t}}.state = 'ACTIVE') \
                 OR EXISTS (SELECT 1 FROM membership pm WHERE pm.person_id = {{t}}.id AND pm.tenant_id = {ME} AND {hosted}) \
                 OR EXISTS (SELECT 1 FROM facilitation pf WHERE pf.person_id = {{t}}.id AND pf.tenant_id = {ME} \
                 AND pf.end_date IS NULL) \
                 OR ({IN_PERSON} AND (\
                   EXISTS (SELECT 1 FROM membership pm WHERE pm.person_id = {{t}}.id AND {hosted} AND {}) \
                   OR EXISTS (SELECT 1 FROM facilitation pf WHERE pf.person_id = {{t}}.id AND pf.end_date IS NULL AND {})))",
                roster("pm"),
                roster("pf"),
            )
        }
        "concept" => format!(
            "{own} OR {{t}}.audience = 'NETWORK' OR EXISTS (SELECT 1 FROM cop pc WHERE pc.concept_id = {{t}}.id \
             AND pc.tenant_id = {{t}}.tenant_id)"
        ),
        "theme" => format!(
            "{own} OR {{t}}.audience = 'NETWORK' OR EXISTS (SELECT 1 FROM cop pc WHERE pc.theme_id = {{t}}.id \
             AND pc.tenant_id = {{t}}.tenant_id)"
        ),
        "concept_element" | "focus_area" => {
            format!("{own} OR EXISTS (SELECT 1 FROM concept pk WHERE pk.id = {{t}}.concept_id)")
        }
        "artefact" => artefact(&own),
        "artefact_version" => format!(
            "{own} OR {of_artefact} AND pa.number = {{t}}.number) OR EXISTS (SELECT 1 FROM publication pp \
             WHERE pp.artefact_id = {{t}}.artefact_id AND pp.number = {{t}}.number AND (pp.state = 'PUBLISHED' \
             OR (pp.state IN ('REQUESTED','APPROVED') AND EXISTS (SELECT 1 FROM publication_approval py \
             WHERE py.publication_id = pp.id AND py.organisation_id = {ME}))))"
        ),
        "publication" => format!(
            "{own} OR EXISTS (SELECT 1 FROM publication_approval py WHERE py.publication_id = {{t}}.id \
             AND py.organisation_id = {ME}) OR ({{t}}.published_at IS NOT NULL AND ({} OR {roster} OR {}))",
            shared(),
            left("published_at")
        ),
        "publication_approval" => format!("{own} OR {{t}}.organisation_id = {ME}"),
        "artefact_tag" | "artefact_contributor" => format!("{own} OR {of_artefact})"),
        "artefact_goal" => format!("{own} OR {{t}}.cop_tenant_id = {ME}"),
        "anchoring" | "showing" => {
            format!("{own} OR {{t}}.cop_tenant_id = {ME} OR {{t}}.artefact_tenant_id = {ME} OR {roster}")
        }
        _ => own,
    }
}

/// As it was when the viewer's organisation left.
fn left(since: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM participation pl WHERE pl.cop_id = {{t}}.cop_id AND pl.organisation_id = {ME} \
         AND pl.shared_until >= {{t}}.{since} AND pl.state <> 'ACCEPTED')"
    )
}

/// What is for an audience beyond the members.
fn shared() -> String {
    format!(
        "({{t}}.cop_id IS NULL AND {{t}}.audience IN ('NETWORK','PUBLIC')) \
         OR ({{t}}.audience IN {WIDE} AND {}) \
         OR ({{t}}.audience IN {WIDE} AND {{t}}.cop_tenant_id = {ME} AND EXISTS (SELECT 1 FROM cop pc \
             WHERE pc.id = {{t}}.cop_id AND pc.content_ceiling IN {WIDE})) \
         OR ({{t}}.audience IN ('NETWORK','PUBLIC') AND EXISTS (SELECT 1 FROM cop pc WHERE pc.id = {{t}}.cop_id \
             AND pc.content_ceiling IN ('NETWORK','PUBLIC') AND pc.status <> 'DRAFT'))",
        among("cop_id", "evolva_partner_cops")
    )
}

fn artefact(own: &str) -> String {
    let roster = among_own("cop_id", "evolva_roster_cops");
    let facilitated = among_own("cop_id", "evolva_facilitated_cops");
    let written = among_own("id", "evolva_written_artefacts");
    format!(
        "{own} OR {written} OR ({{t}}.state <> 'DRAFT' AND ({} \
           OR ({{t}}.audience <> 'ORGANISATION' AND {roster}) \
           OR ({{t}}.state = 'SUBMITTED' AND {facilitated}) \
           OR ({{t}}.audience IN {WIDE} AND {})))",
        shared(),
        left("updated_at")
    )
}

/// Who writes a table's rows: its owner, and for two-party rows the other side.
pub fn writes(table: &str) -> String {
    crate::visible::writers(table).replace("{me}", ME)
}
