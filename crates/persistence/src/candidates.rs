//! How many candidates a CoP has, also of those whom the viewer may not see by name: counts, by organisation, element and
//! strength, past the walls that hide people.

use crate::{db::Dialect, policy::Helper, visible, visible::For};
use uuid::Uuid;

/// What is counted, for which id or strength, how many there are, and how many of these the viewer sees by name. Who is
/// counted works in a project that the viewer sees, for an organisation of which the viewer sees that it is in, and has no
/// membership that the viewer sees.
pub fn counts(dialect: Dialect, place: For) -> String {
    let seen = |table: &str, alias: &str| visible::predicate(table, place).replace("{t}", alias);
    let strengths = |alias: &str| match dialect {
        Dialect::Postgres => format!("jsonb_array_elements_text({alias}.strengths) AS fs (value)"),
        Dialect::Sqlite => format!("json_each({alias}.strengths) fs"),
    };
    let none = |of: &str| match dialect {
        Dialect::Postgres => format!("NULL::{of}"),
        Dialect::Sqlite => "NULL".to_owned(),
    };
    let counted = "count(DISTINCT x.person_id), count(DISTINCT CASE WHEN x.named THEN x.person_id END)";
    let (no_id, no_text) = (none("uuid"), none("text"));
    format!(
        "WITH c AS (SELECT fc.id, fc.tenant_id FROM cop fc WHERE fc.id = {{cop}} AND fc.status NOT IN ('CLOSED','CANCELLED') \
         AND {cop}), \
         o AS (SELECT c.tenant_id FROM c UNION SELECT fp.organisation_id FROM c JOIN participation fp ON fp.cop_id = c.id \
         AND fp.state = 'ACCEPTED' AND {participation}), \
         x AS (SELECT fr.tenant_id, fr.person_id, fj.element_id, fj.strengths, {named} AS named FROM o \
         JOIN front_runner fr ON fr.tenant_id = o.tenant_id AND fr.state = 'ACTIVE' \
         JOIN front_runner_project fj ON fj.id = fr.project_id AND {project} \
         WHERE NOT EXISTS (SELECT 1 FROM membership fm WHERE fm.cop_id = {{cop}} AND fm.person_id = fr.person_id \
         AND fm.state IN ('NOMINATED','APPLIED','SELECTED','ACTIVE','COMPLETED') AND {membership}) \
         AND ({{organisation}} IS NULL OR fr.tenant_id = {{organisation}}) \
         AND ({{element}} IS NULL OR (fj.element_id = {{element}} AND EXISTS (SELECT 1 FROM concept_element fe \
         WHERE fe.id = fj.element_id AND {element}))) \
         AND ({{strength}} IS NULL OR EXISTS (SELECT 1 FROM {of_project} WHERE fs.value = {{strength}}))) \
         SELECT 'ALL', {no_id}, {no_text}, {counted} FROM x \
         UNION ALL SELECT 'ORGANISATION', x.tenant_id, {no_text}, {counted} FROM x GROUP BY x.tenant_id \
         UNION ALL SELECT 'ELEMENT', x.element_id, {no_text}, {counted} FROM x WHERE EXISTS (SELECT 1 \
         FROM concept_element fe WHERE fe.id = x.element_id AND {element}) GROUP BY x.element_id \
         UNION ALL SELECT 'STRENGTH', {no_id}, fs.value, {counted} FROM x CROSS JOIN {of_row} GROUP BY fs.value",
        named = seen("front_runner", "fr"),
        participation = seen("participation", "fp"),
        project = seen("front_runner_project", "fj"),
        cop = seen("cop", "fc"),
        membership = seen("membership", "fm"),
        element = seen("concept_element", "fe"),
        of_project = strengths("fj"),
        of_row = strengths("x"),
    )
}

/// The function by which PostgreSQL counts, for the viewer that the transaction names.
pub fn function() -> Helper {
    let search = |place| {
        let mut text = counts(Dialect::Postgres, place);
        for (name, value) in [
            ("{me}", "the_tenant"),
            ("{person}", "the_person"),
            ("{cop}", "$1"),
            ("{organisation}", "$2"),
            ("{element}", "$3"),
            ("{strength}", "$4"),
        ] {
            text = text.replace(name, value);
        }
        format!("RETURN QUERY {text}")
    };
    Helper {
        signature: "evolva_candidate_counts(uuid, uuid, uuid, text)".to_owned(),
        returns: "TABLE (what text, of_id uuid, strength text, candidates bigint, named bigint)",
        body: format!(
            "#variable_conflict use_column\n\
             DECLARE the_tenant uuid := public.evolva_tenant(); the_person uuid := public.evolva_person(); \
             BEGIN IF the_tenant IS NULL OR the_tenant = '{}' THEN RETURN; ELSIF the_person IS NULL THEN {}; \
             ELSE {}; END IF; END",
            Uuid::nil(),
            search(For::Tenant),
            search(For::Person)
        ),
        definer: true,
    }
}
