//! How much there is of each organisation: counts for the network's operator, past the walls, and nothing of what it is.

use crate::policy::Helper;

/// Rows of an organisation, what is counted, and how many there are.
pub fn counts(since: &str) -> String {
    format!(
        "SELECT c.tenant_id, 'COPS ' || c.status, count(*) FROM cop c GROUP BY c.tenant_id, c.status \
         UNION ALL SELECT p.organisation_id, 'PARTICIPATIONS', count(*) FROM participation p JOIN cop c ON c.id = p.cop_id \
         WHERE p.state = 'ACCEPTED' AND c.status NOT IN ('CLOSED','CANCELLED') GROUP BY p.organisation_id \
         UNION ALL SELECT m.person_tenant_id, 'MEMBERS', count(DISTINCT m.person_id) FROM membership m \
         WHERE m.state = 'ACTIVE' GROUP BY m.person_tenant_id \
         UNION ALL SELECT s.tenant_id, 'SESSIONS', count(*) FROM session s \
         WHERE s.state IN ('HELD','REPORTED') AND s.starts_at >= {since} GROUP BY s.tenant_id \
         UNION ALL SELECT a.tenant_id, 'ARTEFACTS', count(*) FROM artefact a WHERE a.state = 'VALIDATED' \
         GROUP BY a.tenant_id \
         UNION ALL SELECT n.tenant_id, 'ANCHORED', count(*) FROM anchoring n WHERE n.state = 'ANCHORED' \
         GROUP BY n.tenant_id"
    )
}

/// The function by which PostgreSQL counts. It answers in the operator's organisation alone, to the operator, and to no
/// person.
pub fn function() -> Helper {
    Helper {
        signature: "evolva_network_counts(timestamp with time zone)".to_owned(),
        returns: "TABLE (of_organisation uuid, what text, there bigint)",
        body: format!(
            "BEGIN IF evolva_system() AND evolva_person() IS NULL AND EXISTS (SELECT 1 FROM organisation o \
             WHERE o.id = evolva_tenant() AND o.kind = 'NETWORK_OPERATOR') THEN RETURN QUERY {}; END IF; END",
            counts("$1")
        ),
        definer: true,
    }
}
