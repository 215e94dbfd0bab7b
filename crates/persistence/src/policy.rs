//! PostgreSQL's row-level security: the second wall, said in other words than the first, so that one mistake is not in
//! both. What a viewer was granted is looked up at most once a statement, by definer functions that answer with the ids of
//! CoPs (`m0005_persons.pg.sql`); a policy compares with that list. What is rarely asked, and has to read another table,
//! stands in a helper function, which runs as the viewer and so sees no more than they do. PostgreSQL starts each
//! sub-select of a statement before it knows whether it will be needed, and a function only when it is called; as
//! sub-selects, these cost half of the time of a page.
//!
//! It guards tenants, and persons where members are concerned. Among the people of one organisation it does not tell who
//! wrote a draft: there it is wider than the first wall.

/// Two settings of the transaction, read where they stand: as sub-selects each would cost the start of a plan of its own.
const ME: &str = "public.evolva_tenant()";
/// Whether the transaction names a viewer: an organisation, or the public.
const NAMED: &str = "public.evolva_tenant() IS NOT NULL";
/// What is for the whole network is for each of its organisations: not for the public, whose name is the nil UUID, and for
/// nobody where none is named.
const IN_NETWORK: &str = "public.evolva_tenant() <> '00000000-0000-0000-0000-000000000000'";
const IN_PERSON: &str = "public.evolva_person() IS NOT NULL";
const WIDE: &str = "('PARTNERS','NETWORK','PUBLIC')";

/// A function that policies and predicates call, or a search. It runs as the viewer if nothing else is said.
pub struct Helper {
    /// Its name with the types of its arguments.
    pub signature: String,
    pub returns: &'static str,
    pub body: String,
    /// Whether it runs as the owner of the tables instead, and so has to ask itself what the viewer sees.
    pub definer: bool,
}

/// What was granted to the viewer, by the name of the definer function that looks it up. In a transaction that only reads,
/// and so sees one moment, that is done once: the list is kept in a setting of the transaction, with whose it is.
fn granted() -> Helper {
    let branches: Vec<_> =
        GRANTS.iter().map(|function| format!("WHEN '{function}' THEN public.{function}()")).collect();
    Helper {
        signature: "evolva_granted(text)".to_owned(),
        returns: "uuid[]",
        definer: false,
        body: format!(
            "DECLARE \
               viewer text := concat(current_setting('app.tenant', true), '/', current_setting('app.person', true), ':'); \
               kept text := current_setting('app.granted_' || $1, true); \
               list uuid[]; \
             BEGIN \
               IF starts_with(kept, viewer) THEN RETURN substr(kept, length(viewer) + 1)::uuid[]; END IF; \
               list := CASE $1 {} END; \
               IF current_setting('transaction_read_only') = 'on' THEN \
                 PERFORM set_config('app.granted_' || $1, viewer || list::text, true); \
               END IF; \
               RETURN list; \
             END",
            branches.join(" ")
        ),
    }
}

/// The lists that policies compare with.
const GRANTS: &[&str] = &[
    "evolva_deciding_cops",
    "evolva_partner_cops",
    "evolva_facilitated_cops",
    "evolva_listed_cops",
    "evolva_roster_cops",
    "evolva_content_cops",
    "evolva_written_artefacts",
    "evolva_left_cops",
    "evolva_joined_sessions",
    "evolva_invited_sessions",
];

/// The functions that policies call, in the order in which they need each other.
pub fn helpers() -> Vec<Helper> {
    let helper = |signature: &str, returns, answer: &str| Helper {
        signature: signature.to_owned(),
        returns,
        body: format!("BEGIN RETURN {}; END", answer.replace("{me}", ME)),
        definer: false,
    };
    let roster = |alias: &str| among("cop_id", "evolva_roster_cops").replace("{t}", alias);
    let mut all = vec![
        granted(),
        // CoPs that shared content with the viewer's organisation before it left.
        helper(
            "evolva_left_cops()",
            "uuid[]",
            "(SELECT coalesce(array_agg(pl.cop_id), '{}') FROM public.participation pl \
             WHERE pl.organisation_id = {me} AND pl.state <> 'ACCEPTED' AND pl.shared_until IS NOT NULL)",
        ),
        // Until when a CoP did so.
        helper(
            "evolva_left_at(uuid)",
            "timestamptz",
            "(SELECT max(pl.shared_until) FROM public.participation pl \
             WHERE pl.cop_id = $1 AND pl.organisation_id = {me} AND pl.state <> 'ACCEPTED')",
        ),
        // Whether a CoP of the owner that the viewer sees has this theme, or this concept; of a theme that is for the whole
        // network, a CoP of anybody.
        helper(
            "evolva_shows_theme(uuid, uuid)",
            "boolean",
            "EXISTS (SELECT 1 FROM public.cop pc WHERE pc.theme_id = $1 AND ($2 IS NULL OR pc.tenant_id = $2))",
        ),
        helper(
            "evolva_shows_concept(uuid, uuid)",
            "boolean",
            "EXISTS (SELECT 1 FROM public.cop pc WHERE pc.concept_id = $1 AND pc.tenant_id = $2)",
        ),
        helper("evolva_sees_concept(uuid)", "boolean", "EXISTS (SELECT 1 FROM public.concept pk WHERE pk.id = $1)"),
        // Whether somebody is in a CoP whose roster the acting person reads.
        helper(
            "evolva_knows_in_person(uuid)",
            "boolean",
            &format!(
                "EXISTS (SELECT 1 FROM public.membership pm WHERE pm.person_id = $1 \
                 AND pm.state NOT IN ('REJECTED','WITHDRAWN','REMOVED') AND {}) \
                 OR EXISTS (SELECT 1 FROM public.facilitation pf WHERE pf.person_id = $1 AND pf.end_date IS NULL AND {}) \
                 OR EXISTS (SELECT 1 FROM public.expert_contribution pe WHERE pe.person_id = $1 AND pe.state <> 'WITHDRAWN' AND {}) \
                 OR EXISTS (SELECT 1 FROM public.registration pg WHERE pg.person_id = $1 AND pg.brought_by_id IS NOT NULL \
                 AND pg.state <> 'CANCELLED' AND {})",
                roster("pm"),
                roster("pf"),
                roster("pe"),
                roster("pg"),
            ),
        ),
        // Whether the viewer sees both ends of what joins a CoP to a session.
        helper("evolva_sees_session(uuid)", "boolean", "EXISTS (SELECT 1 FROM public.session ps WHERE ps.id = $1)"),
        helper("evolva_sees_cop(uuid)", "boolean", "EXISTS (SELECT 1 FROM public.cop pc WHERE pc.id = $1)"),
        // Whether the viewer sees an artefact, and whether it is before those who review it.
        helper("evolva_sees_artefact(uuid)", "boolean", "EXISTS (SELECT 1 FROM public.artefact pa WHERE pa.id = $1)"),
        helper(
            "evolva_reviews_artefact(uuid)",
            "boolean",
            "EXISTS (SELECT 1 FROM public.artefact pa WHERE pa.id = $1 AND pa.state = 'SUBMITTED')",
        ),
        // Whether the acting person administers the viewer's organisation.
        helper(
            "evolva_administers()",
            "boolean",
            "EXISTS (SELECT 1 FROM public.person pa WHERE pa.id = public.evolva_person() AND pa.tenant_id = {me} \
             AND pa.tenant_role = 'ADMIN')",
        ),
        // Whether the viewer's organisation was asked to approve a publication.
        helper(
            "evolva_asked(uuid)",
            "boolean",
            "EXISTS (SELECT 1 FROM public.publication_approval py WHERE py.publication_id = $1 AND py.organisation_id = {me})",
        ),
        // Whether a version was published to the viewer, or is before them to be approved.
        helper(
            "evolva_published(uuid, bigint)",
            "boolean",
            "EXISTS (SELECT 1 FROM public.publication pp WHERE pp.artefact_id = $1 AND pp.number = $2 \
             AND (pp.state = 'PUBLISHED' OR (pp.state IN ('REQUESTED','APPROVED') AND public.evolva_asked(pp.id))))",
        ),
        // The same of a version from the one number on and before the other: of one that has a file.
        helper(
            "evolva_published_between(uuid, bigint, bigint)",
            "boolean",
            "EXISTS (SELECT 1 FROM public.publication pp WHERE pp.artefact_id = $1 \
             AND int8range($2, $3) @> pp.number AND public.evolva_published($1, pp.number))",
        ),
    ];
    // And what the predicates of statements call.
    all.extend(crate::visible::functions().into_iter().map(|part| Helper {
        signature: part.signature,
        returns: "boolean",
        body: format!("BEGIN RETURN {}; END", part.body),
        definer: false,
    }));
    all.extend(crate::search::functions());
    all.push(crate::candidates::function());
    all.push(crate::network::function());
    all
}

/// Whether a column is among the CoPs that a function grants to the viewer's organisation.
fn among(column: &str, function: &str) -> String {
    format!("{{t}}.{column} = ANY ((SELECT public.evolva_granted('{function}'))::uuid[])")
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
    let of_session_beyond =
        format!("EXISTS (SELECT 1 FROM session ps WHERE ps.id = {{t}}.session_id AND ({}))", beyond("ps", Some("{t}")));
    match table {
        "organisation" => "true".to_owned(),
        "cop" => format!(
            "{own} OR ({} AND {{t}}.status <> 'DRAFT') OR {}",
            open("{t}.listing_audience"),
            among("id", "evolva_listed_cops")
        ),
        "charter" | "goal" => format!("{own} OR {content} OR {deciding} OR {}", left("updated_at")),
        "charter_agreement" => format!("{own} OR {{t}}.organisation_id = {ME} OR {roster}"),
        "session" => format!(
            "{own} OR {content} OR {} OR {} OR {}",
            left("updated_at"),
            beyond("{t}", None),
            among_own("id", "evolva_invited_sessions")
        ),
        "session_series" | "step_progress" => format!("{own} OR {content} OR {}", left("updated_at")),
        "agenda_item" => format!(
            "{own} OR {content} OR {} OR {of_session_beyond} OR {}",
            left("updated_at"),
            among_own("session_id", "evolva_invited_sessions")
        ),
        "session_join" => format!(
            "{own} OR {{t}}.cop_tenant_id = {ME} OR (public.evolva_sees_session({{t}}.session_id) \
             AND (public.evolva_sees_cop({{t}}.cop_id) OR {}))",
            left("created_at")
        ),
        "registration" => format!(
            "{own} OR {{t}}.person_tenant_id = {ME} OR ({{t}}.state <> 'CANCELLED' AND {roster}) OR ({roster} AND {})",
            among_own("cop_id", "evolva_facilitated_cops")
        ),
        "expert_contribution" => {
            let left = left("updated_at");
            format!("{own} OR {{t}}.person_tenant_id = {ME} OR {content} OR {left} OR {of_session_beyond}")
        }
        "participation" => format!(
            "{own} OR {{t}}.organisation_id = {ME} OR ({roster} AND ({{t}}.state IN ('ACCEPTED','ENDED') OR {}))",
            among_own("cop_id", "evolva_facilitated_cops")
        ),
        "guide_step" => {
            format!("{own} OR EXISTS (SELECT 1 FROM guide pg WHERE pg.id = {{t}}.guide_id AND pg.audience = 'NETWORK')")
        }
        "front_runner_project" | "guide" => format!("{own} OR ({{t}}.audience = 'NETWORK' AND {IN_NETWORK})"),
        "front_runner" => format!(
            "{own} OR ({IN_NETWORK} AND EXISTS (SELECT 1 FROM person pp WHERE pp.id = {{t}}.person_id AND pp.discoverable \
             AND pp.state = 'ACTIVE' AND EXISTS (SELECT 1 FROM front_runner_project pj WHERE pj.id = {{t}}.project_id \
             AND pj.audience = 'NETWORK')))"
        ),
        "exchange" => {
            format!("{own} OR {{t}}.receiver_tenant_id = {ME} OR {{t}}.cop_tenant_id = {ME} OR {roster}")
        }
        "facilitation" => format!("{own} OR {{t}}.person_tenant_id = {ME} OR {roster}"),
        "membership" => format!(
            "{own} OR {{t}}.person_tenant_id = {ME} OR ({{t}}.state IN ('SELECTED','ACTIVE','COMPLETED') AND {roster}) \
             OR ({roster} AND {})",
            among_own("cop_id", "evolva_facilitated_cops")
        ),
        "person" => {
            format!(
                "{own} OR ({{t}}.discoverable AND {{t}}.state = 'ACTIVE' AND {IN_NETWORK}) OR public.evolva_hosts({{t}}.id) \
                 OR ({IN_PERSON} AND public.evolva_knows_in_person({{t}}.id))"
            )
        }
        "concept" | "theme" => {
            let whose = match table {
                "theme" => "CASE WHEN {t}.audience <> 'NETWORK' THEN {t}.tenant_id END",
                _ => "{t}.tenant_id",
            };
            format!(
                "{own} OR ({{t}}.audience = 'NETWORK' AND {IN_NETWORK}) \
                 OR public.evolva_shows_{table}({{t}}.id, {whose})"
            )
        }
        "concept_element" | "focus_area" => format!("{own} OR public.evolva_sees_concept({{t}}.concept_id)"),
        "artefact" => artefact(&own),
        "artefact_version" => format!(
            "{own} OR {of_artefact} AND pa.number = {{t}}.number) \
             OR public.evolva_published({{t}}.artefact_id, {{t}}.number)"
        ),
        "attachment" => format!(
            "{own} OR {of_artefact} AND int8range({{t}}.since_number, {{t}}.until_number) && int8range(pa.number, \
             CASE WHEN pa.state = 'DRAFT' AND pa.submitted_at IS NOT NULL THEN pa.number + 1 ELSE pa.number END, '[]')) \
             OR public.evolva_published_between({{t}}.artefact_id, {{t}}.since_number, {{t}}.until_number)"
        ),
        "upload" => format!("{own} AND ({{t}}.person_id = public.evolva_person() OR public.evolva_person() IS NULL)"),
        "publication" => format!(
            "{own} OR public.evolva_asked({{t}}.id) OR ({{t}}.published_at IS NOT NULL AND ({} OR {roster} OR {}))",
            shared(),
            left("published_at")
        ),
        "publication_approval" => format!("{own} OR {{t}}.organisation_id = {ME}"),
        "artefact_tag" | "artefact_contributor" => format!("{own} OR {of_artefact})"),
        // Whose the goals are counts which of them something anchored serves, also of what is for members alone.
        "artefact_goal" => format!("{own} OR {{t}}.cop_tenant_id = {ME} OR ({IN_NETWORK} AND {of_artefact}))"),
        "comment" => {
            let facilitated = among_own("cop_id", "evolva_facilitated_cops");
            let written = among_own("artefact_id", "evolva_written_artefacts");
            // To whom it is handed in is shown what is said until it is found good, whatever else they are shown of it.
            format!(
                "{own} OR {{t}}.artefact_tenant_id = {ME} \
                 OR (({roster} OR {written}) AND public.evolva_sees_artefact({{t}}.artefact_id)) \
                 OR ({facilitated} AND public.evolva_reviews_artefact({{t}}.artefact_id))"
            )
        }
        "lesson_step" => {
            let facilitated = among_own("cop_id", "evolva_facilitated_cops");
            let written = among_own("artefact_id", "evolva_written_artefacts");
            format!(
                "{own} OR (({roster} OR {written}) AND public.evolva_sees_artefact({{t}}.artefact_id)) \
                 OR ({facilitated} AND public.evolva_reviews_artefact({{t}}.artefact_id))"
            )
        }
        // Who acts in person, by what is theirs; NULL is nobody's.
        "calendar_feed" => {
            format!("{own} AND CASE WHEN {IN_PERSON} THEN {{t}}.person_id = public.evolva_person() ELSE true END")
        }
        "contact_request" => format!(
            "{own} AND CASE WHEN {IN_PERSON} THEN coalesce({{t}}.assignee_id = public.evolva_person(), false) \
             OR public.evolva_administers() ELSE true END"
        ),
        "anchoring" | "showing" => {
            format!("{own} OR {{t}}.cop_tenant_id = {ME} OR {{t}}.artefact_tenant_id = {ME} OR {roster}")
        }
        _ => own,
    }
}

/// A session that is seen by a CoP that joins it, or with the network. What hangs on it, who left sees as it was then.
fn beyond(session: &str, hangs: Option<&str>) -> String {
    let joined = among("id", "evolva_joined_sessions").replace("{t}", session);
    let joined = match hangs {
        Some(row) => format!("({joined} AND public.evolva_joined_until({session}.id) >= {row}.updated_at)"),
        None => joined,
    };
    format!(
        "({session}.audience = 'NETWORK' AND {session}.state <> 'DRAFT' AND {IN_NETWORK} AND ({session}.cop_id IS NULL \
         OR EXISTS (SELECT 1 FROM cop pc WHERE pc.id = {session}.cop_id AND pc.content_ceiling IN ('NETWORK','PUBLIC') \
         AND pc.status <> 'DRAFT'))) OR {joined}"
    )
}

/// As it was when the viewer's organisation left.
fn left(since: &str) -> String {
    format!("({} AND public.evolva_left_at({{t}}.cop_id) >= {{t}}.{since})", among("cop_id", "evolva_left_cops"))
}

/// What is for an audience beyond the members. Whether the CoP is the viewer's own, or shows it to the network, is asked
/// before the list is looked up of those that the viewer takes part in: of a host that list may be long.
fn shared() -> String {
    format!(
        "({{t}}.cop_id IS NULL AND {}) \
         OR ({{t}}.audience IN {WIDE} AND (EXISTS (SELECT 1 FROM cop pc WHERE pc.id = {{t}}.cop_id \
             AND pc.content_ceiling IN {WIDE} AND (pc.tenant_id = {ME} OR ({{t}}.audience <> 'PARTNERS' \
             AND pc.content_ceiling <> 'PARTNERS' AND pc.status <> 'DRAFT' AND ({IN_NETWORK} \
             OR ({{t}}.audience = 'PUBLIC' AND pc.content_ceiling = 'PUBLIC'))))) OR {}))",
        open("{t}.audience"),
        among("cop_id", "evolva_partner_cops")
    )
}

/// Whether an audience is the network or the public, and the viewer of it.
fn open(audience: &str) -> String {
    format!("({audience} IN ('NETWORK','PUBLIC') AND ({IN_NETWORK} OR ({audience} = 'PUBLIC' AND {NAMED})))")
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
