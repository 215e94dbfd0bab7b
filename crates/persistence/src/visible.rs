//! Who may see a row, as SQL: the twin of `evolva_domain::visibility`. Each statement carries it. `{t}` is the row, `{me}`
//! the viewer's tenant, `{person}` the acting person. Row-level security says it once more, in `policy`.

use crate::rare::{self, rare};

/// Whose statement it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum For {
    /// A statement of a token without an acting person.
    Tenant,
    /// A statement of a member token.
    Person,
    /// A statement of the token of somebody from outside, who sees the sessions that they are invited to.
    Outsider,
    /// A statement of a token that reads only what is public.
    Public,
}

const WIDE: &str = "('PARTNERS','NETWORK','PUBLIC')";

/// Whether the acting person counts as a member of a CoP: an `ACTIVE` or `COMPLETED` membership of an organisation that
/// is still in, or a facilitation that lasts.
fn member(cop: &str, place: For) -> String {
    match place {
        For::Tenant | For::Outsider | For::Public => "(1 = 0)".to_owned(),
        For::Person => format!(
            "({} OR (EXISTS (SELECT 1 FROM membership mm WHERE mm.person_id = {{person}} AND mm.person_tenant_id = {{me}} \
             AND mm.cop_id = {cop}.id AND mm.state IN ('ACTIVE','COMPLETED')) AND ({cop}.tenant_id = {{me}} OR EXISTS \
             (SELECT 1 FROM participation mp WHERE mp.organisation_id = {{me}} AND mp.cop_id = {cop}.id AND \
             mp.state = 'ACCEPTED'))))",
            facilitates(cop, place)
        ),
    }
}

fn facilitates(cop: &str, place: For) -> String {
    match place {
        For::Tenant | For::Outsider | For::Public => "(1 = 0)".to_owned(),
        For::Person => format!(
            "EXISTS (SELECT 1 FROM facilitation mf WHERE mf.person_id = {{person}} AND mf.person_tenant_id = {{me}} \
             AND mf.cop_id = {cop}.id AND mf.end_date IS NULL)"
        ),
    }
}

/// Listing of a CoP: own, for the network, by an own participation, or as one of its members.
fn listed(cop: &str, place: For) -> String {
    let by_person = match place {
        For::Tenant | For::Outsider | For::Public => String::new(),
        For::Person => format!(" OR ({cop}.listing_audience <> 'ORGANISATION' AND {})", member(cop, place)),
    };
    let by_part = format!(
        "(EXISTS (SELECT 1 FROM participation vp WHERE vp.organisation_id = {{me}} AND vp.cop_id = {cop}.id AND \
         (vp.state IN ('INVITED','REQUESTED') OR (vp.state = 'ACCEPTED' AND {cop}.listing_audience IN {WIDE}))){by_person})"
    );
    format!(
        "({cop}.tenant_id = {{me}} OR ({cop}.listing_audience IN ('NETWORK','PUBLIC') AND {cop}.status <> 'DRAFT') OR {})",
        rare("evolva_lists", cop, &by_part)
    )
}

/// Whether the acting person counts as a member of a CoP that is listed for them. Of what makes a CoP listed, only this is
/// left to ask of a member.
fn sees_as_member(cop: &str, place: For) -> String {
    format!(
        "({} AND ({cop}.listing_audience <> 'ORGANISATION' OR {cop}.tenant_id = {{me}} OR EXISTS (SELECT 1 \
         FROM participation mi WHERE mi.organisation_id = {{me}} AND mi.cop_id = {cop}.id \
         AND mi.state IN ('INVITED','REQUESTED'))))",
        member(cop, place)
    )
}

/// Content of a CoP for its members; nothing where no person acts.
fn for_members(place: For) -> String {
    match place {
        For::Tenant | For::Outsider | For::Public => String::new(),
        _ => {
            let part = format!(
                "EXISTS (SELECT 1 FROM cop vn WHERE vn.id = {{t}}.cop_id AND vn.content_ceiling <> 'ORGANISATION' AND {})",
                sees_as_member("vn", place)
            );
            format!(" OR {}", rare("evolva_shows_members", "{t}", &part))
        }
    }
}

/// What an entity's rows are visible by.
pub fn predicate(table: &str, place: For) -> String {
    rare::inline(&marked(table, place))
}

/// The same as PostgreSQL is asked: what is rarely needed is called.
pub fn predicate_with_calls(table: &str, place: For) -> String {
    rare::called(&marked(table, place))
}

/// The functions that PostgreSQL's predicates call, each once.
pub fn functions() -> Vec<rare::Function> {
    let tables =
        crate::migration::tables().flat_map(|table| [For::Tenant, For::Person].map(|place| marked(table, place)));
    rare::functions(tables)
}

/// A predicate with marks around what is rarely needed of it.
fn marked(table: &str, place: For) -> String {
    match place {
        For::Outsider => return to_outsiders(table),
        For::Public => return to_public(table),
        For::Tenant | For::Person => {}
    }
    let own = "{t}.tenant_id = {me}";
    // Content that asks for PARTNERS: what a CoP's host shares with those who are in.
    // Who has left keeps it as it was then.
    let shares = format!(
        "EXISTS (SELECT 1 FROM participation vq JOIN cop vc ON vc.id = vq.cop_id WHERE vq.organisation_id = {{me}} AND \
         vq.cop_id = {{t}}.cop_id AND vq.state = 'ACCEPTED' AND vc.content_ceiling IN {WIDE} \
         AND vc.listing_audience IN {WIDE})"
    );
    let shares = rare("evolva_shares", "{t}", &shares);
    let partner_content = format!("{shares} OR {}{}", kept("updated_at"), for_members(place));
    let deciding = "EXISTS (SELECT 1 FROM participation vd WHERE vd.organisation_id = {me} AND vd.cop_id = {t}.cop_id \
                    AND vd.state IN ('INVITED','REQUESTED'))";
    let deciding = rare("evolva_decides", "{t}", deciding);
    // Rows of which members see some, by what they are to the CoP.
    let to_members = |name: &str, which: &str| {
        let part = format!(
            "EXISTS (SELECT 1 FROM cop vn WHERE vn.id = {{t}}.cop_id AND vn.content_ceiling <> 'ORGANISATION' AND {}{})",
            sees_as_member("vn", place),
            which.replace("{guides}", &facilitates("vn", place))
        );
        rare(name, "{t}", &part)
    };
    // What hangs on a draft is hidden with it, so for a person the owner alone does not decide.
    let own_rows = if place == For::Person { "" } else { "{t}.tenant_id = {me} OR " };
    let of_artefact = || marked("artefact", place).replace("{t}", "vv");
    match table {
        // The directory of the network.
        "organisation" => "(1 = 1)".to_owned(),
        "person" => person(place),
        // Whoever sees a CoP sees the concept whose method it follows. Only the owner's CoPs show it: another tenant's
        // must not hand on what it was shown.
        // A CoP's listing shows its theme, under the same condition.
        "concept" | "theme" => {
            format!("({own} OR {{t}}.audience = 'NETWORK' OR {})", shown_by_a_cop(table, place))
        }
        "concept_element" | "focus_area" => format!(
            "({own} OR EXISTS (SELECT 1 FROM concept vk WHERE vk.id = {{t}}.concept_id AND {}))",
            marked("concept", place).replace("{t}", "vk")
        ),
        "cop" => listed("{t}", place),
        "charter" | "goal" => format!("({own} OR {deciding} OR {partner_content})"),
        "session" => format!("({own} OR {partner_content} OR {})", beyond("{t}", None, place)),
        "session_series" | "step_progress" => format!("({own} OR {partner_content})"),
        "agenda_item" => format!("({own} OR {partner_content} OR {})", of_session_beyond(place)),
        // Whoever sees a session sees from which sides it is looked at; who the experts are, is asked of `person`.
        "expert_contribution" => {
            format!("({own} OR {{t}}.person_tenant_id = {{me}} OR {partner_content} OR {})", of_session_beyond(place))
        }
        // Both sides, and whoever sees the session and the CoP, or did when it was made.
        "session_join" => format!(
            "({own} OR {{t}}.cop_tenant_id = {{me}} OR (EXISTS (SELECT 1 FROM session vs WHERE vs.id = {{t}}.session_id \
             AND {}) AND (EXISTS (SELECT 1 FROM cop vn WHERE vn.id = {{t}}.cop_id AND {}) OR {})))",
            marked("session", place).replace("{t}", "vs"),
            listed("vn", place),
            kept("created_at")
        ),
        // Who has agreed is who takes part, and that is for the two sides and for members.
        "charter_agreement" => match place {
            For::Tenant | For::Outsider | For::Public => format!("({own} OR {{t}}.organisation_id = {{me}})"),
            For::Person => {
                format!("({own} OR {{t}}.organisation_id = {{me}} OR {})", to_members("evolva_shows_members", ""))
            }
        },
        // Members see who is in; who was asked and has not come is for those who ask.
        "participation" => match place {
            For::Tenant | For::Outsider | For::Public => format!("({own} OR {{t}}.organisation_id = {{me}})"),
            For::Person => format!(
                "({own} OR {{t}}.organisation_id = {{me}} OR {})",
                to_members("evolva_shows_participation", " AND ({guides} OR {t}.state IN ('ACCEPTED','ENDED'))")
            ),
        },
        "front_runner_project" | "guide" => format!("({own} OR {{t}}.audience = 'NETWORK')"),
        "guide_step" => format!(
            "({own} OR EXISTS (SELECT 1 FROM guide vg WHERE vg.id = {{t}}.guide_id AND vg.audience = 'NETWORK'))"
        ),
        // Of other organisations those by name who may be found; a project says how many there are.
        "front_runner" => format!(
            "({own} OR {})",
            rare(
                "evolva_finds_front_runner",
                "{t}",
                "(EXISTS (SELECT 1 FROM front_runner_project vj WHERE vj.id = {t}.project_id AND vj.audience = 'NETWORK') \
                 AND EXISTS (SELECT 1 FROM person vi WHERE vi.id = {t}.person_id AND vi.discoverable \
                 AND vi.state = 'ACTIVE'))"
            )
        ),
        "exchange" => format!(
            "({own} OR {{t}}.receiver_tenant_id = {{me}} OR {{t}}.cop_tenant_id = {{me}}{})",
            for_members(place)
        ),
        "facilitation" => format!("({own} OR {{t}}.person_tenant_id = {{me}}{})", for_members(place)),
        // Members see who comes and who waits; who does not come is between the two sides and those who guide.
        "registration" => match place {
            For::Tenant | For::Outsider | For::Public => format!("({own} OR {{t}}.person_tenant_id = {{me}})"),
            For::Person => format!(
                "({own} OR {{t}}.person_tenant_id = {{me}} OR {})",
                to_members("evolva_shows_registration", " AND ({guides} OR {t}.state <> 'CANCELLED')")
            ),
        },
        // Members see who is in; who was put forward and not chosen is between the two sides and those who choose.
        "membership" => match place {
            For::Tenant | For::Outsider | For::Public => format!("({own} OR {{t}}.person_tenant_id = {{me}})"),
            For::Person => format!(
                "({own} OR {{t}}.person_tenant_id = {{me}} OR {})",
                to_members(
                    "evolva_shows_membership",
                    " AND ({guides} OR {t}.state IN ('SELECTED','ACTIVE','COMPLETED'))"
                )
            ),
        },
        "artefact" => artefact(place),
        // Others read the version that is shared now, and those that were published to them.
        "artefact_version" => format!(
            "({own_rows}EXISTS (SELECT 1 FROM artefact vv WHERE vv.id = {{t}}.artefact_id AND ({own} OR \
             vv.number = {{t}}.number) AND {}) OR EXISTS (SELECT 1 FROM publication vw WHERE \
             vw.artefact_id = {{t}}.artefact_id AND vw.number = {{t}}.number AND ((vw.state = 'PUBLISHED' AND {}) \
             OR (vw.state IN ('REQUESTED','APPROVED') AND {}))))",
            of_artefact(),
            marked("publication", place).replace("{t}", "vw"),
            ASKED.replace("{t}", "vw"),
        ),
        // A file is shown with the versions that have it, as these are.
        "attachment" => format!(
            "({own_rows}EXISTS (SELECT 1 FROM artefact vv WHERE vv.id = {{t}}.artefact_id AND ({own} OR {}) AND {}) \
             OR EXISTS (SELECT 1 FROM publication vw WHERE vw.artefact_id = {{t}}.artefact_id AND {} \
             AND ((vw.state = 'PUBLISHED' AND {}) OR (vw.state IN ('REQUESTED','APPROVED') AND {}))))",
            written("{t}", "vv"),
            of_artefact(),
            has_file("{t}", "vw.number"),
            marked("publication", place).replace("{t}", "vw"),
            ASKED.replace("{t}", "vw"),
        ),
        // Of the people of an organisation, who uploads sees it.
        "upload" => match place {
            For::Tenant | For::Outsider | For::Public => format!("({own})"),
            For::Person => format!("({own} AND {{t}}.person_id = {{person}})"),
        },
        // One that was withdrawn stays as a tombstone for its audience.
        "publication" => format!(
            "({own} OR {ASKED} OR ({{t}}.published_at IS NOT NULL AND ({}{} OR {})))",
            reached(),
            match place {
                For::Tenant | For::Outsider | For::Public => String::new(),
                For::Person => for_members(place),
            },
            kept("published_at")
        ),
        "publication_approval" => format!("({own} OR {{t}}.organisation_id = {{me}})"),
        "artefact_tag" | "artefact_contributor" | "artefact_goal" => format!(
            "({own_rows}EXISTS (SELECT 1 FROM artefact vv WHERE vv.id = {{t}}.artefact_id AND {}))",
            of_artefact()
        ),
        // Comments are for the artefact's organisation, and for who reads it as its author, or in its CoP.
        "comment" => match place {
            For::Tenant | For::Outsider | For::Public => format!("({own} OR {{t}}.artefact_tenant_id = {{me}})"),
            For::Person => format!(
                "({own} OR EXISTS (SELECT 1 FROM artefact vv WHERE vv.id = {{t}}.artefact_id AND ({} \
                 OR (vv.state <> 'DRAFT' AND {}))))",
                own_artefact(place).replace("{t}", "vv"),
                artefact_for_members(place).replace("{t}", "vv")
            ),
        },
        // The steps of a lesson are for its organisation as the lesson is, and for who reads that as its author, or in its CoP.
        "lesson_step" => match place {
            For::Tenant | For::Outsider | For::Public => format!("({own})"),
            For::Person => format!(
                "(EXISTS (SELECT 1 FROM artefact vv WHERE vv.id = {{t}}.artefact_id AND ({} \
                 OR (vv.state <> 'DRAFT' AND {}))))",
                own_artefact(place).replace("{t}", "vv"),
                artefact_for_members(place).replace("{t}", "vv")
            ),
        },
        // To others than the two sides it would tell of an artefact, so they see it with that.
        "anchoring" | "showing" => format!(
            "({own} OR {{t}}.artefact_tenant_id = {{me}} OR (({{t}}.cop_tenant_id = {{me}}{}) \
             AND EXISTS (SELECT 1 FROM artefact vv WHERE vv.id = {{t}}.artefact_id AND {})))",
            for_members(place),
            of_artefact()
        ),
        // A person's own; the organisation's token sees all of its people's.
        "calendar_feed" => match place {
            For::Tenant | For::Outsider | For::Public => format!("({own})"),
            For::Person => format!("({own} AND {{t}}.person_id = {{person}})"),
        },
        // Of the people of an organisation, its admins see them all, and who is to answer one sees it.
        "contact_request" => match place {
            For::Tenant | For::Outsider | For::Public => format!("({own})"),
            For::Person => format!(
                "({own} AND ({{t}}.assignee_id = {{person}} OR EXISTS (SELECT 1 FROM person va WHERE va.id = {{person}} \
                 AND va.tenant_id = {{me}} AND va.tenant_role = 'ADMIN')))"
            ),
        },
        // Projects, tokens, imports, logs: the own tenant's.
        _ => format!("({own})"),
    }
}

/// What somebody from outside sees: themselves, the sessions that they are registered for or contribute to, these rows, and
/// what is on the agenda there. The directory of organisations is everybody's.
fn to_outsiders(table: &str) -> String {
    let invited = |session: &str| {
        format!(
            "(EXISTS (SELECT 1 FROM registration og WHERE og.session_id = {session} AND og.person_id = {{person}} \
             AND og.person_tenant_id = {{me}} AND og.state <> 'CANCELLED') OR EXISTS (SELECT 1 FROM expert_contribution oe \
             WHERE oe.session_id = {session} AND oe.person_id = {{person}} AND oe.person_tenant_id = {{me}} \
             AND oe.state <> 'WITHDRAWN'))"
        )
    };
    match table {
        "organisation" => "(1 = 1)".to_owned(),
        "person" => "({t}.id = {person} AND {t}.tenant_id = {me})".to_owned(),
        "session" => invited("{t}.id"),
        "agenda_item" => invited("{t}.session_id"),
        "registration" | "expert_contribution" => {
            "({t}.person_id = {person} AND {t}.person_tenant_id = {me})".to_owned()
        }
        _ => "(1 = 0)".to_owned(),
    }
}

/// What is for everybody: CoPs that are listed so with what their listing shows, and what is published so, of none or of one
/// that shows its content so. Nothing of the organisation whose token it is, and nobody's name.
fn to_public(table: &str) -> String {
    let listed = |cop: &str| format!("{cop}.listing_audience = 'PUBLIC' AND {cop}.status <> 'DRAFT'");
    let open = |row: &str| {
        format!(
            "{row}.audience = 'PUBLIC' AND ({row}.cop_id IS NULL OR EXISTS (SELECT 1 FROM cop oc WHERE oc.id = {row}.cop_id \
             AND oc.content_ceiling = 'PUBLIC' AND {}))",
            listed("oc")
        )
    };
    let artefact = |row: &str| format!("({row}.state <> 'DRAFT' AND {})", open(row));
    let publication = |row: &str| format!("({row}.published_at IS NOT NULL AND {})", open(row));
    // A listing shows its theme, also where that is for the whole network and another organisation's. A concept is no part
    // of it: only its owner shows it.
    let theme =
        |cop: &str, theme: &str| format!("({cop}.tenant_id = {theme}.tenant_id OR {theme}.audience = 'NETWORK')");
    let concept = |row: &str| {
        format!(
            "EXISTS (SELECT 1 FROM cop ot WHERE ot.concept_id = {row}.id AND ot.tenant_id = {row}.tenant_id AND {})",
            listed("ot")
        )
    };
    match table {
        "organisation" => format!(
            "(EXISTS (SELECT 1 FROM cop oo WHERE oo.tenant_id = {{t}}.id AND {}) OR EXISTS (SELECT 1 FROM artefact oa \
             WHERE oa.tenant_id = {{t}}.id AND {}) OR EXISTS (SELECT 1 FROM publication op WHERE op.tenant_id = {{t}}.id \
             AND {}) OR EXISTS (SELECT 1 FROM theme oy JOIN cop ox ON ox.theme_id = oy.id WHERE oy.tenant_id = {{t}}.id \
             AND {} AND {}))",
            listed("oo"),
            artefact("oa"),
            publication("op"),
            theme("ox", "oy"),
            listed("ox")
        ),
        "cop" => format!("({})", listed("{t}")),
        "concept" => concept("{t}"),
        "theme" => format!(
            "EXISTS (SELECT 1 FROM cop ot WHERE ot.theme_id = {{t}}.id AND {} AND {})",
            theme("ot", "{t}"),
            listed("ot")
        ),
        "concept_element" | "focus_area" => {
            format!("EXISTS (SELECT 1 FROM concept ok WHERE ok.id = {{t}}.concept_id AND {})", concept("ok"))
        }
        "artefact" => artefact("{t}"),
        "publication" => publication("{t}"),
        "artefact_version" => format!(
            "(EXISTS (SELECT 1 FROM artefact oa WHERE oa.id = {{t}}.artefact_id AND oa.number = {{t}}.number AND {}) \
             OR EXISTS (SELECT 1 FROM publication op WHERE op.artefact_id = {{t}}.artefact_id AND op.number = {{t}}.number \
             AND op.state = 'PUBLISHED' AND {}))",
            artefact("oa"),
            publication("op")
        ),
        "attachment" => format!(
            "(EXISTS (SELECT 1 FROM artefact oa WHERE oa.id = {{t}}.artefact_id AND {} AND {}) \
             OR EXISTS (SELECT 1 FROM publication op WHERE op.artefact_id = {{t}}.artefact_id AND {} \
             AND op.state = 'PUBLISHED' AND {}))",
            has_file("{t}", "oa.number"),
            artefact("oa"),
            has_file("{t}", "op.number"),
            publication("op")
        ),
        "artefact_tag" | "artefact_contributor" => {
            format!("EXISTS (SELECT 1 FROM artefact oa WHERE oa.id = {{t}}.artefact_id AND {})", artefact("oa"))
        }
        _ => "(1 = 0)".to_owned(),
    }
}

/// Who sees a session beyond those with whom its leading CoP shares it: by a CoP that joins it, and if it is for the
/// network, whoever may see what the leading CoP shows there. What hangs on it, who left sees as it was then.
fn beyond(session: &str, hangs: Option<&str>, place: For) -> String {
    let kept = hangs.map_or(String::new(), |row| format!(" AND jl.shared_until >= {row}.updated_at"));
    let members = match place {
        For::Tenant | For::Outsider | For::Public => String::new(),
        For::Person => format!(
            " OR EXISTS (SELECT 1 FROM cop jn WHERE jn.id = jj.cop_id AND jn.content_ceiling <> 'ORGANISATION' AND {})",
            sees_as_member("jn", place)
        ),
    };
    let joined = format!(
        "EXISTS (SELECT 1 FROM session_join jj WHERE jj.session_id = {session}.id AND jj.removed_at IS NULL \
         AND (jj.cop_tenant_id = {{me}} OR EXISTS (SELECT 1 FROM participation jp JOIN cop jc ON jc.id = jp.cop_id \
         WHERE jp.organisation_id = {{me}} AND jp.cop_id = jj.cop_id AND jp.state = 'ACCEPTED' \
         AND jc.content_ceiling IN {WIDE} AND jc.listing_audience IN {WIDE}) OR EXISTS (SELECT 1 FROM participation jl \
         WHERE jl.organisation_id = {{me}} AND jl.cop_id = jj.cop_id AND jl.state <> 'ACCEPTED' \
         AND jl.shared_until >= {session}.updated_at AND jl.shared_until >= jj.created_at{kept}){members}))"
    );
    // What hangs on a session is called whole.
    let joined = if hangs.is_none() { rare("evolva_joins", session, &joined) } else { joined };
    let open = format!(
        "EXISTS (SELECT 1 FROM cop jo WHERE jo.id = {session}.cop_id AND jo.content_ceiling IN ('NETWORK','PUBLIC') \
         AND jo.status <> 'DRAFT' AND {})",
        listed("jo", place)
    );
    format!(
        "{joined} OR ({session}.audience = 'NETWORK' AND {session}.state <> 'DRAFT' AND ({session}.cop_id IS NULL OR {}))",
        rare("evolva_shows_network", session, &open)
    )
}

/// What hangs on a session that is seen so.
fn of_session_beyond(place: For) -> String {
    let part = format!(
        "EXISTS (SELECT 1 FROM session vs WHERE vs.id = {{t}}.session_id AND ({}))",
        beyond("vs", Some("{t}"), place)
    );
    rare("evolva_hangs_on_session", "{t}", &part)
}

/// Whether the version of this number has a file.
pub fn has_file(file: &str, number: &str) -> String {
    format!("{file}.since_number <= {number} AND ({file}.until_number IS NULL OR {file}.until_number > {number})")
}

/// The number of the version that is written at now: of what was sent back, the next one.
pub fn written_number(artefact: &str) -> String {
    format!(
        "({artefact}.number + CASE WHEN {artefact}.state = 'DRAFT' AND {artefact}.submitted_at IS NOT NULL THEN 1 ELSE 0 END)"
    )
}

/// Whether the current version of an artefact has a file, or the one that its authors write at: of what was sent back, that
/// is the next one.
fn written(file: &str, artefact: &str) -> String {
    format!(
        "({} OR ({artefact}.state = 'DRAFT' AND {artefact}.submitted_at IS NOT NULL AND {}))",
        has_file(file, &format!("{artefact}.number")),
        has_file(file, &format!("{artefact}.number + 1"))
    )
}

/// People: the own ones, those who may be found, and by name those in a CoP that one hosts or is a member of, the experts
/// and guests of its sessions included.
fn person(place: For) -> String {
    // Most are members, and whatever else is looked at costs a start of its own.
    let member = "EXISTS (SELECT 1 FROM membership vm WHERE vm.person_id = {t}.id AND vm.tenant_id = {me} \
                  AND vm.state NOT IN ('REJECTED','WITHDRAWN','REMOVED'))";
    let hosted = "(EXISTS (SELECT 1 FROM facilitation vf WHERE vf.person_id = {t}.id AND vf.tenant_id = {me} \
                  AND vf.end_date IS NULL) \
                  OR EXISTS (SELECT 1 FROM expert_contribution ve WHERE ve.person_id = {t}.id AND ve.tenant_id = {me} \
                  AND ve.state <> 'WITHDRAWN') \
                  OR EXISTS (SELECT 1 FROM registration vg WHERE vg.person_id = {t}.id AND vg.tenant_id = {me} \
                  AND vg.brought_by_id IS NOT NULL AND vg.state <> 'CANCELLED'))";
    let among = match place {
        For::Tenant | For::Outsider | For::Public => String::new(),
        For::Person => {
            let seen = format!("vn.content_ceiling <> 'ORGANISATION' AND {}", sees_as_member("vn", place));
            let part = format!(
                "(EXISTS (SELECT 1 FROM membership vm JOIN cop vn ON vn.id = vm.cop_id WHERE vm.person_id = {{t}}.id \
                 AND vm.state NOT IN ('REJECTED','WITHDRAWN','REMOVED') AND {seen} \
                 AND (vm.state IN ('SELECTED','ACTIVE','COMPLETED') OR {})) \
                 OR EXISTS (SELECT 1 FROM facilitation vf JOIN cop vn ON vn.id = vf.cop_id WHERE vf.person_id = {{t}}.id \
                 AND vf.end_date IS NULL AND {seen}) \
                 OR EXISTS (SELECT 1 FROM expert_contribution ve JOIN cop vn ON vn.id = ve.cop_id \
                 WHERE ve.person_id = {{t}}.id AND ve.state <> 'WITHDRAWN' AND {seen}) \
                 OR EXISTS (SELECT 1 FROM registration vg JOIN cop vn ON vn.id = vg.cop_id WHERE vg.person_id = {{t}}.id \
                 AND vg.brought_by_id IS NOT NULL AND vg.state <> 'CANCELLED' AND {seen}))",
                facilitates("vn", place)
            );
            format!(" OR {}", rare("evolva_meets", "{t}", &part))
        }
    };
    format!(
        "({{t}}.tenant_id = {{me}} OR ({{t}}.discoverable AND {{t}}.state = 'ACTIVE') OR {} OR {}{among})",
        rare("evolva_has_as_member", "{t}", member),
        rare("evolva_has_in_a_cop", "{t}", hosted)
    )
}

/// Whose approval a publication needs.
const ASKED: &str = "EXISTS (SELECT 1 FROM publication_approval vy WHERE vy.publication_id = {t}.id AND \
                     vy.organisation_id = {me})";

/// Whether the owner of a concept or theme has a CoP of it that is listed for the viewer.
fn shown_by_a_cop(table: &str, place: For) -> String {
    let part = format!(
        "EXISTS (SELECT 1 FROM cop vt WHERE vt.{table}_id = {{t}}.id AND vt.tenant_id = {{t}}.tenant_id AND {})",
        listed("vt", place)
    );
    rare(&format!("evolva_a_cop_shows_{table}"), "{t}", &part)
}

/// What was shared with partners before the viewer's organisation left.
fn kept(since: &str) -> String {
    let part = format!(
        "EXISTS (SELECT 1 FROM participation vl WHERE vl.organisation_id = {{me}} AND vl.cop_id = {{t}}.cop_id \
         AND vl.state <> 'ACCEPTED' AND vl.shared_until >= {{t}}.{since})"
    );
    rare("evolva_kept", "{t}", &part)
}

/// What is for an audience beyond the members: of no CoP for the network, and of a CoP within its ceiling, for its host, for
/// those who are in, and where it is for the network for all to whom the CoP is listed. To members it is also shown as such,
/// so their being members is not asked for here.
fn reached() -> String {
    let part = format!(
        "EXISTS (SELECT 1 FROM cop va WHERE va.id = {{t}}.cop_id AND va.content_ceiling IN {WIDE} AND (va.tenant_id = {{me}} \
         OR ({{t}}.audience <> 'PARTNERS' AND va.content_ceiling <> 'PARTNERS' AND va.status <> 'DRAFT' \
         AND va.listing_audience IN ('NETWORK','PUBLIC')) OR EXISTS (SELECT 1 FROM participation vr \
         WHERE vr.organisation_id = {{me}} AND vr.cop_id = va.id AND ((vr.state = 'ACCEPTED' AND va.listing_audience IN {WIDE}) \
         OR (vr.state IN ('INVITED','REQUESTED') AND {{t}}.audience <> 'PARTNERS' AND va.content_ceiling <> 'PARTNERS' \
         AND va.status <> 'DRAFT')))))"
    );
    format!(
        "({{t}}.audience IN {WIDE} AND (({{t}}.cop_id IS NULL AND {{t}}.audience <> 'PARTNERS') OR {}))",
        rare("evolva_reaches", "{t}", &part)
    )
}

/// An artefact of the own organisation, or written by oneself.
fn own_artefact(place: For) -> String {
    match place {
        // Of its people, only the authors see a draft; an author of another organisation while that is in.
        For::Person => {
            let part = "(EXISTS (SELECT 1 FROM artefact_contributor vu WHERE vu.artefact_id = {t}.id \
                        AND vu.person_id = {person}) AND ({t}.tenant_id = {me} OR {t}.cop_tenant_id = {me} \
                        OR EXISTS (SELECT 1 FROM participation vx WHERE vx.organisation_id = {me} AND vx.cop_id = {t}.cop_id \
                        AND vx.state = 'ACCEPTED')))";
            format!("({{t}}.tenant_id = {{me}} AND {{t}}.state <> 'DRAFT') OR {}", rare("evolva_wrote", "{t}", part))
        }
        For::Tenant | For::Outsider | For::Public => "{t}.tenant_id = {me}".to_owned(),
    }
}

/// What is handed in to who facilitates the CoP, and what is for its members.
fn artefact_for_members(place: For) -> String {
    let part = format!(
        "EXISTS (SELECT 1 FROM cop vn WHERE vn.id = {{t}}.cop_id AND {} AND (({{t}}.audience <> 'ORGANISATION' \
         AND vn.content_ceiling <> 'ORGANISATION') OR ({{t}}.state = 'SUBMITTED' AND {})))",
        sees_as_member("vn", place),
        facilitates("vn", place)
    );
    rare("evolva_artefact_for_members", "{t}", &part)
}

fn artefact(place: For) -> String {
    let own = own_artefact(place);
    let for_members = match place {
        For::Tenant | For::Outsider | For::Public => String::new(),
        For::Person => format!(" OR {}", artefact_for_members(place)),
    };
    // As it was when the viewer's organisation left.
    let kept = format!("({{t}}.audience IN {WIDE} AND {})", kept("updated_at"));
    format!("({own} OR ({{t}}.state <> 'DRAFT' AND ({}{for_members} OR {kept})))", reached())
}

/// Who reads a column that is for fewer than the row itself.
pub fn between(table: &str, column: &str, place: For) -> Option<String> {
    let side = match (table, column) {
        ("membership", "motivation" | "reason") => "person_tenant_id",
        ("participation", "message") => "organisation_id",
        ("person", "email") => return Some(rare::inline(&email(place))),
        ("person", "retain_until") => return Some("{t}.tenant_id = {me}".to_owned()),
        ("exchange", "learned") => return Some(LEARNED.to_owned()),
        _ => return None,
    };
    // An organisation sees only rows of which it is a side.
    (place == For::Person).then(|| {
        format!(
            "({{t}}.tenant_id = {{me}} OR {{t}}.{side} = {{me}} OR EXISTS (SELECT 1 FROM facilitation vb \
             WHERE vb.person_id = {{person}} AND vb.person_tenant_id = {{me}} AND vb.cop_id = {{t}}.cop_id \
             AND vb.end_date IS NULL))"
        )
    })
}

/// What the receiving side says it learned is for the two sides, and in the CoP where that side takes part in it, or did
/// when it said so.
const LEARNED: &str = "({t}.tenant_id = {me} OR {t}.receiver_tenant_id = {me} OR {t}.receiver_tenant_id = {t}.cop_tenant_id \
                       OR EXISTS (SELECT 1 FROM participation vp WHERE vp.cop_id = {t}.cop_id \
                       AND vp.organisation_id = {t}.receiver_tenant_id AND (vp.state = 'ACCEPTED' OR vp.shared_until >= {t}.acknowledged_at)))";

/// An e-mail address is for the own organisation, and for who facilitates a CoP at work that the person said yes to, while
/// their organisation is in.
fn email(place: For) -> String {
    let facilitated = match place {
        For::Tenant | For::Outsider | For::Public => String::new(),
        For::Person => format!(
            " OR EXISTS (SELECT 1 FROM membership ve JOIN cop vn ON vn.id = ve.cop_id WHERE ve.person_id = {{t}}.id \
             AND ve.person_accepted_at IS NOT NULL AND ve.state NOT IN ('REJECTED','WITHDRAWN','REMOVED') \
             AND vn.status NOT IN ('CLOSED','CANCELLED') AND vn.content_ceiling <> 'ORGANISATION' AND {} \
             AND (ve.person_tenant_id = vn.tenant_id OR EXISTS (SELECT 1 FROM participation vp WHERE vp.cop_id = vn.id \
             AND vp.organisation_id = ve.person_tenant_id AND vp.state = 'ACCEPTED')) \
             AND EXISTS (SELECT 1 FROM facilitation vf WHERE vf.person_id = {{person}} AND vf.person_tenant_id = {{me}} \
             AND vf.cop_id = vn.id AND vf.end_date IS NULL AND vf.role = 'FACILITATOR'))",
            listed("vn", place)
        ),
    };
    format!("({{t}}.tenant_id = {{me}}{facilitated})")
}

/// What a column refers to, where a row can be seen and what it refers to cannot: the id of something hidden is hidden
/// with it, in answers and in filters.
pub fn refers_to(table: &str, column: &str) -> Option<&'static str> {
    Some(match (table, column) {
        ("cop", "concept_id") | ("theme", "concept_id") => "concept",
        ("cop", "theme_id") | ("artefact", "theme_id") => "theme",
        ("cop", "predecessor_id") | ("artefact", "cop_id") | ("showing" | "publication" | "anchoring", "cop_id") => {
            "cop"
        }
        ("front_runner_project", "element_id") => "concept_element",
        ("exchange", "giving_project_id" | "receiving_project_id") => "front_runner_project",
        ("exchange", "cop_id") => "cop",
        ("step_progress", "guide_id") => "guide",
        ("step_progress", "step_id") => "guide_step",
        ("exchange" | "artefact" | "showing", "session_id") => "session",
        ("membership", "project_id") => "front_runner_project",
        ("anchoring", "owner_person_id")
        | ("expert_contribution", "person_id")
        | ("agenda_item", "convenor_id")
        | ("registration", "person_id" | "brought_by_id") => "person",
        ("comment", "author_id") => "person",
        ("publication", "withdrawn_by_id") => "organisation",
        ("lesson_step", "person_id") => "person",
        ("lesson_step", "cop_id") => "cop",
        ("contact_request", "theme_id") => "theme",
        ("contact_request", "cop_id") => "cop",
        ("comment", "parent_id") => "comment",
        ("comment", "artefact_id") => "artefact",
        ("comment" | "calendar_feed", "cop_id") => "cop",
        ("session", "series_id") => "session_series",
        // Who sees a session by another CoP, or with the network, may not see the one that leads it.
        ("session" | "agenda_item", "cop_id") => "cop",
        ("session_join", "session_id") => "session",
        ("session_join", "cop_id") => "cop",
        // The other side of such a row may not see what it is about.
        ("expert_contribution" | "registration", "session_id") => "session",
        ("expert_contribution" | "registration", "cop_id") => "cop",
        _ => return None,
    })
}

/// Which tenants may write a row of a table: its owner, and for two-party rows the other side.
pub fn writers(table: &str) -> &'static str {
    match table {
        "organisation" => "({t}.id = {me})",
        "participation" | "charter_agreement" | "publication_approval" => {
            "({t}.tenant_id = {me} OR {t}.organisation_id = {me})"
        }
        "session_join" => "({t}.tenant_id = {me} OR {t}.cop_tenant_id = {me})",
        "exchange" => "({t}.tenant_id = {me} OR {t}.receiver_tenant_id = {me} OR {t}.cop_tenant_id = {me})",
        "membership" | "facilitation" | "expert_contribution" => {
            "({t}.tenant_id = {me} OR {t}.person_tenant_id = {me})"
        }
        _ => "({t}.tenant_id = {me})",
    }
}

/// What the acting person is in a CoP, a letter for each part: facilitator, coordinator, lead, member.
fn part(cop: &str, host: &str, place: For) -> String {
    if place != For::Person {
        return "''".to_owned();
    }
    let letter =
        |letter: &str, condition: String| format!("CASE WHEN EXISTS ({condition}) THEN '{letter}' ELSE '' END");
    let guides = |role: &str| {
        format!(
            "SELECT 1 FROM facilitation pf WHERE pf.person_id = {{person}} AND pf.person_tenant_id = {{me}} \
             AND pf.cop_id = {cop} AND pf.end_date IS NULL AND pf.role = '{role}'"
        )
    };
    let takes_part = |more: &str| {
        format!(
            "SELECT 1 FROM membership pm WHERE pm.person_id = {{person}} AND pm.person_tenant_id = {{me}} \
             AND pm.cop_id = {cop} AND pm.state = 'ACTIVE'{more} AND ({host} = {{me}} OR EXISTS (SELECT 1 \
             FROM participation pp WHERE pp.organisation_id = {{me}} AND pp.cop_id = {cop} AND pp.state = 'ACCEPTED'))"
        )
    };
    let letters = [
        letter("F", guides("FACILITATOR")),
        letter("C", guides("COORDINATOR")),
        letter("L", takes_part(" AND pm.role = 'LEAD'")),
        letter("M", takes_part("")),
    ]
    .join(" || ");
    // Who does not see the CoP does nothing in it.
    let seen = rare::inline(&listed("pz", place));
    format!("CASE WHEN EXISTS (SELECT 1 FROM cop pz WHERE pz.id = {cop} AND {seen}) THEN {letters} ELSE '' END")
}

/// What the viewer is to a CoP, as far as it decides which of its rows they see: each of the one kind, or some. It says what
/// the predicates of its sessions, memberships and registrations do.
fn sight(place: For) -> String {
    let in_person = match place {
        For::Tenant | For::Outsider | For::Public => String::new(),
        For::Person => format!(
            "WHEN {{t}}.content_ceiling <> 'ORGANISATION' AND {} THEN CASE WHEN {} THEN 'GUIDE' ELSE 'MEMBER' END ",
            sees_as_member("{t}", place),
            facilitates("{t}", place)
        ),
    };
    format!(
        "CASE WHEN {{t}}.tenant_id = {{me}} THEN 'HOST' {in_person}WHEN {{t}}.content_ceiling IN {WIDE} \
         AND {{t}}.listing_audience IN {WIDE} AND EXISTS (SELECT 1 FROM participation pq WHERE pq.cop_id = {{t}}.id \
         AND pq.organisation_id = {{me}} AND pq.state = 'ACCEPTED') THEN 'PARTNER' ELSE 'LISTING' END"
    )
}

/// What the viewer is to an artefact: one of its authors; a reviewer, by whom the CoP is guided; one whose organisation is
/// in its CoP; a member of it. An organisation reviews through those that it provides.
fn part_in_artefact(place: For) -> String {
    let (author, guide) = match place {
        For::Outsider | For::Public => ("1 = 0", "1 = 0"),
        For::Tenant => ("1 = 0", "pf.person_tenant_id = {me}"),
        For::Person => (
            "EXISTS (SELECT 1 FROM artefact_contributor pa WHERE pa.artefact_id = {t}.id AND pa.person_id = {person})",
            "pf.person_id = {person} AND pf.person_tenant_id = {me}",
        ),
    };
    format!(
        "CASE WHEN {author} THEN 'A' ELSE '' END || CASE WHEN EXISTS (SELECT 1 FROM facilitation pf WHERE {guide} \
         AND pf.cop_id = {{t}}.cop_id AND pf.end_date IS NULL) THEN 'R' ELSE '' END || CASE WHEN {{t}}.cop_tenant_id = {{me}} \
         OR EXISTS (SELECT 1 FROM participation pp WHERE pp.organisation_id = {{me}} AND pp.cop_id = {{t}}.cop_id \
         AND pp.state = 'ACCEPTED') THEN 'I' ELSE '' END || {}",
        part("{t}.cop_id", "{t}.cop_tenant_id", place)
    )
}

/// The same for a publication: what the person is in the CoP, an author, or of an organisation that is asked, and has not
/// answered yet.
fn part_in_publication(place: For) -> String {
    let approval = "EXISTS (SELECT 1 FROM publication_approval pa WHERE pa.publication_id = {t}.id \
                    AND pa.organisation_id = {me}";
    let author = match place {
        For::Tenant | For::Outsider | For::Public => "1 = 0",
        For::Person => {
            "EXISTS (SELECT 1 FROM artefact_contributor pw WHERE pw.artefact_id = {t}.artefact_id AND pw.person_id = {person})"
        }
    };
    format!(
        "{} || CASE WHEN {author} THEN 'A' ELSE '' END || CASE WHEN {approval}) THEN 'G' ELSE '' END \
         || CASE WHEN {approval} AND pa.state = 'AWAITED') THEN 'P' ELSE '' END",
        part("{t}.cop_id", "{t}.cop_tenant_id", place)
    )
}

/// The sessions of CoPs: those that each leads, and those that it joins.
pub const SESSIONS_OF_COPS: &str = "SELECT id, cop_id FROM session UNION ALL SELECT session_id, cop_id FROM session_join \
                                    WHERE removed_at IS NULL";

/// Values that are computed from other rows, by their names in a query.
pub fn computed(table: &str, name: &str, place: For) -> Option<(String, evolva_domain::record::CellType)> {
    use evolva_domain::record::CellType::{At, Bool, Int, Json, Text, Uuid};
    let of_cop = format!("s.id IN (SELECT u.id FROM ({SESSIONS_OF_COPS}) u WHERE u.cop_id = {{t}}.id)");
    let agreed = "SELECT ch.id FROM charter ch WHERE ch.cop_id = {t}.id AND ch.state = 'AGREED'";
    let goals = format!("SELECT count(*) FROM goal g WHERE g.charter_id IN ({agreed})");
    let facilitator = "SELECT f.person_tenant_id FROM facilitation f WHERE f.cop_id = {t}.id AND f.is_primary \
                       AND f.end_date IS NULL";
    let ids = |table: &str, column: &str, order: &str| {
        // Both databases can join ids into a text, each in its own words.
        format!("SELECT {{agg:{column} {order}}} FROM {table} x WHERE x.artefact_id = {{t}}.id")
    };
    let (text, of) = match (table, name) {
        ("cop", "fact_charter_why") => (
            "SELECT count(*) > 0 FROM charter ch WHERE ch.cop_id = {t}.id AND ch.state <> 'SUPERSEDED' AND ch.why IS NOT NULL"
                .to_owned(),
            Bool,
        ),
        ("cop", "fact_facilitator_tenant") => (format!("{facilitator} LIMIT 1"), Uuid),
        ("cop", "fact_facilitator_is_operator") => (
            format!("SELECT count(*) > 0 FROM organisation o WHERE o.kind = 'NETWORK_OPERATOR' AND o.id IN ({facilitator})"),
            Bool,
        ),
        ("cop", "fact_facilitator_takes_part") => (
            format!(
                "SELECT count(*) > 0 FROM participation p WHERE p.cop_id = {{t}}.id AND p.state = 'ACCEPTED' \
                 AND p.organisation_id IN ({facilitator})"
            ),
            Bool,
        ),
        ("cop", "fact_charter_agreed") => (
            "SELECT count(*) > 0 FROM charter ch WHERE ch.cop_id = {t}.id AND ch.state = 'AGREED'".to_owned(),
            Bool,
        ),
        ("cop", "fact_goals") => (goals, Int),
        ("cop", "fact_goals_unassessed") => (format!("{goals} AND g.assessment IS NULL"), Int),
        ("cop", "fact_goals_unanchored") => (
            format!(
                "{goals} AND g.waiver_reason IS NULL AND NOT EXISTS (SELECT 1 FROM artefact_goal ag JOIN anchoring an \
                 ON an.artefact_id = ag.artefact_id WHERE ag.goal_id = g.id AND an.state = 'ANCHORED')"
            ),
            Int,
        ),
        // The host takes part by itself.
        ("cop", "fact_organisations") => (
            "SELECT count(*) + 1 FROM participation p WHERE p.cop_id = {t}.id AND p.state = 'ACCEPTED'".to_owned(),
            Int,
        ),
        ("cop", "fact_sessions_planned") => (
            format!("SELECT count(*) FROM session s WHERE {of_cop} AND s.state IN ('SCHEDULED','HELD','REPORTED')"),
            Int,
        ),
        ("cop", "fact_intensive_held") => (
            format!(
                "SELECT count(*) FROM session s WHERE {of_cop} AND s.kind IN ('HACKATHON','OPEN_SPACE') \
                 AND s.state IN ('HELD','REPORTED')"
            ),
            Int,
        ),
        // Shown only at clinics and network meetings that took place.
        ("cop", "fact_shown") => ("SELECT count(*) FROM showing s WHERE s.cop_id = {t}.id".to_owned(), Int),
        ("cop", "fact_agreement_version") => (
            "SELECT c.agreement_version FROM concept c WHERE c.id = {t}.concept_id AND c.agreement_text IS NOT NULL".to_owned(),
            Int,
        ),
        ("cop", "fact_concept_profile") => {
            ("SELECT c.profile FROM concept c WHERE c.id = {t}.concept_id".to_owned(), Json)
        }
        // Whether the acting person works in the project.
        ("front_runner_project", "fact_runs") | ("exchange", "fact_gives" | "fact_receives") => {
            let project = match name {
                "fact_runs" => "id",
                "fact_gives" => "giving_project_id",
                _ => "receiving_project_id",
            };
            let text = match place {
                For::Tenant | For::Outsider | For::Public => "1 = 0".to_owned(),
                For::Person => format!(
                    "SELECT count(*) > 0 FROM front_runner r WHERE r.project_id = {{t}}.{project} AND r.tenant_id = {{me}} \
                     AND r.person_id = {{person}} AND r.state = 'ACTIVE'"
                ),
            };
            (text, Bool)
        }
        (_, "fact_rows") => ("count(*)".to_owned(), Int),
        // The perspectives that it has experts for, each with a comma behind it, as far as the viewer sees that.
        ("session", "fact_perspectives") => {
            let seen = predicate("expert_contribution", place).replace("{t}", "x");
            let there = |one: &evolva_domain::session::Perspective| {
                let one = evolva_domain::record::Labelled::label(*one);
                format!(
                    "CASE WHEN EXISTS (SELECT 1 FROM expert_contribution x WHERE x.session_id = {{t}}.id \
                     AND x.perspective = '{one}' AND x.state <> 'WITHDRAWN' AND {seen}) THEN '{one},' ELSE '' END"
                )
            };
            let all: Vec<_> = evolva_domain::session::Perspective::ALL.iter().map(there).collect();
            (all.join(" || "), Text)
        }
        ("registration" | "expert_contribution", "fact_person_id") => ("{t}.person_id".to_owned(), Uuid),
        ("registration", "fact_brought_by_id") => ("{t}.brought_by_id".to_owned(), Uuid),
        ("calendar_feed", "fact_cop_id") => ("{t}.cop_id".to_owned(), Uuid),
        ("attachment", "fact_part" | "fact_artefact_state" | "fact_artefact_cop_id" | "fact_cop_status") => {
            let seen = predicate("artefact", place).replace("{t}", "fa");
            let (what, of) = match name {
                "fact_part" => (part_in_artefact(place).replace("{t}", "fa"), Text),
                "fact_artefact_state" => ("fa.state".to_owned(), Text),
                "fact_artefact_cop_id" => ("fa.cop_id".to_owned(), Uuid),
                _ => {
                    let listed = predicate("cop", place).replace("{t}", "c");
                    (format!("(SELECT c.status FROM cop c WHERE c.id = fa.cop_id AND {listed})"), Text)
                }
            };
            (format!("SELECT {what} FROM artefact fa WHERE fa.id = {{t}}.artefact_id AND {seen}"), of)
        }
        ("attachment", "fact_current") => (
            format!(
                "SELECT count(*) > 0 FROM artefact fa WHERE fa.id = {{t}}.artefact_id AND {}",
                has_file("{t}", &written_number("fa"))
            ),
            Bool,
        ),
        ("comment", "fact_author_id") => ("{t}.author_id".to_owned(), Uuid),
        ("agenda_item", "fact_convenor_id") => ("{t}.convenor_id".to_owned(), Uuid),
        ("agenda_item" | "registration", "fact_session_state") => {
            let seen = predicate("session", place).replace("{t}", "s");
            (format!("SELECT s.state FROM session s WHERE s.id = {{t}}.session_id AND {seen}"), Text)
        }
        // What the viewer's organisation is to it.
        ("cop" | "charter", "fact_participation") => {
            let cop = if table == "cop" { "{t}.id" } else { "{t}.cop_id" };
            (format!("SELECT p.state FROM participation p WHERE p.cop_id = {cop} AND p.organisation_id = {{me}}"), Text)
        }
        ("cop", "fact_charter_open") => {
            let seen = predicate("charter", place).replace("{t}", "ch");
            let open = "ch.cop_id = {t}.id AND ch.state IN ('DRAFT','PROPOSED')";
            (format!("SELECT count(*) > 0 FROM charter ch WHERE {open} AND {seen}"), Bool)
        }
        ("publication", "fact_artefact_seen") => {
            let seen = predicate("artefact", place).replace("{t}", "vz");
            (format!("SELECT count(*) > 0 FROM artefact vz WHERE vz.id = {{t}}.artefact_id AND {seen}"), Bool)
        }
        ("goal", "fact_charter_state") => {
            ("SELECT ch.state FROM charter ch WHERE ch.id = {t}.charter_id".to_owned(), Text)
        }
        ("charter", "fact_goals") => ("SELECT count(*) FROM goal g WHERE g.charter_id = {t}.id".to_owned(), Int),
        ("cop", "fact_part") => (part("{t}.id", "{t}.tenant_id", place), Text),
        ("artefact", "fact_part") => (part_in_artefact(place), Text),
        ("anchoring", "fact_part") => (part("{t}.cop_id", "{t}.cop_tenant_id", place), Text),
        ("publication", "fact_part") => (part_in_publication(place), Text),
        ("session_join", "fact_session_kind" | "fact_session_state") => {
            let column = name.trim_start_matches("fact_session_");
            let seen = predicate("session", place).replace("{t}", "sj");
            (format!("SELECT sj.{column} FROM session sj WHERE sj.id = {{t}}.session_id AND {seen}"), Text)
        }
        // Whether a CoP joins it that is not over, as far as the viewer sees; one that is out of sight may be at work.
        ("session", "fact_joined_open") => {
            let join = predicate("session_join", place).replace("{t}", "xj");
            let listed = predicate("cop", place).replace("{t}", "xc");
            (
                format!(
                    "SELECT count(*) > 0 FROM session_join xj WHERE xj.session_id = {{t}}.id AND xj.removed_at IS NULL AND {join} \
                     AND NOT EXISTS (SELECT 1 FROM cop xc WHERE xc.id = xj.cop_id AND xc.status IN ('CLOSED','CANCELLED') \
                     AND {listed})"
                ),
                Bool,
            )
        }
        // Whether the acting person takes part in a CoP that joins it.
        ("session", "fact_joins") => {
            let part = part("jx.cop_id", "jx.cop_tenant_id", place);
            let joins = format!("jx.session_id = {{t}}.id AND jx.removed_at IS NULL AND ({part}) <> ''");
            (format!("SELECT count(*) > 0 FROM session_join jx WHERE {joins}"), Bool)
        }
        // What the viewer is in the CoP that joins, and in the one that leads.
        ("session_join", "fact_part") => (
            format!(
                "{} || coalesce((SELECT {} FROM session js WHERE js.id = {{t}}.session_id), '')",
                part("{t}.cop_id", "{t}.cop_tenant_id", place),
                part("js.cop_id", "js.tenant_id", place)
            ),
            Text,
        ),
        (_, "fact_part") => (part("{t}.cop_id", "{t}.tenant_id", place), Text),
        ("artefact", "fact_has_content") => ("{t}.body IS NOT NULL OR {t}.source_url IS NOT NULL".to_owned(), Bool),
        // The templates of the concept of its CoP, else of its theme, as far as the viewer sees these.
        ("artefact", "fact_templates") => {
            let seen = |table: &str, alias: &str| predicate(table, place).replace("{t}", alias);
            let text = format!(
                "SELECT fk.templates FROM concept fk WHERE {} AND fk.id = coalesce((SELECT fc.concept_id FROM cop fc \
                 WHERE fc.id = {{t}}.cop_id AND {}), (SELECT fh.concept_id FROM theme fh WHERE fh.id = {{t}}.theme_id AND {}))",
                seen("concept", "fk"),
                seen("cop", "fc"),
                seen("theme", "fh"),
            );
            (text, Json)
        }
        ("artefact", "fact_author_ids") => (ids("artefact_contributor", "person_id", "position"), Text),
        ("artefact", "fact_author_tenant_ids") => (ids("artefact_contributor", "person_tenant_id", "position"), Text),
        ("artefact", "fact_goal_ids") => (ids("artefact_goal", "goal_id", "goal_id"), Text),
        ("artefact", "fact_shown_goal_ids") => {
            let served = predicate("artefact_goal", place).replace("{t}", "x");
            let goal = predicate("goal", place).replace("{t}", "xg");
            let ids = ids("artefact_goal", "goal_id", "goal_id");
            let seen = format!("EXISTS (SELECT 1 FROM goal xg WHERE xg.id = x.goal_id AND {goal})");
            (format!("{ids} AND {served} AND {seen}"), Text)
        }
        ("artefact", "fact_shown_author_ids") => {
            let wrote = predicate("artefact_contributor", place).replace("{t}", "x");
            let person = predicate("person", place).replace("{t}", "xp");
            let ids = ids("artefact_contributor", "person_id", "position");
            let seen = format!("EXISTS (SELECT 1 FROM person xp WHERE xp.id = x.person_id AND {person})");
            (format!("{ids} AND {wrote} AND {seen}"), Text)
        }
        ("anchoring", "fact_element_ids") => {
            let seen = predicate("artefact", place).replace("{t}", "ea");
            (format!("SELECT ea.element_ids FROM artefact ea WHERE ea.id = {{t}}.artefact_id AND {seen}"), Json)
        }
        ("participation", "fact_cop_profile") => {
            ("SELECT c.profile FROM cop c WHERE c.id = {t}.cop_id".to_owned(), Json)
        }
        ("participation", "fact_concept_profile") => (
            "SELECT k.profile FROM cop c JOIN concept k ON k.id = c.concept_id WHERE c.id = {t}.cop_id".to_owned(),
            Json,
        ),
        ("membership", "fact_cop_profile" | "fact_concept_profile") => {
            let listed = predicate("cop", place).replace("{t}", "c");
            let (what, concept) = if name == "fact_cop_profile" {
                ("c.profile", "")
            } else {
                ("k.profile", " JOIN concept k ON k.id = c.concept_id")
            };
            (format!("SELECT {what} FROM cop c{concept} WHERE c.id = {{t}}.cop_id AND {listed}"), Json)
        }
        ("membership", "fact_front_runner") => {
            let seen = predicate("front_runner", place).replace("{t}", "fr");
            let active = "fr.person_id = {t}.person_id AND fr.state = 'ACTIVE'";
            (format!("SELECT count(*) > 0 FROM front_runner fr WHERE {active} AND {seen}"), Bool)
        }
        ("participation", "fact_agreement_version") => (
            "SELECT k.agreement_version FROM cop c JOIN concept k ON k.id = c.concept_id WHERE c.id = {t}.cop_id \
             AND k.agreement_text IS NOT NULL"
                .to_owned(),
            Int,
        ),
        ("cop", "fact_sight") => (sight(place), Text),
        ("session", "fact_cop_ended_at") => {
            let listed = predicate("cop", place).replace("{t}", "c");
            (format!("SELECT c.ended_at FROM cop c WHERE c.id = {{t}}.cop_id AND {listed}"), At)
        }
        ("membership" | "participation" | "facilitation" | "charter" | "goal" | "session" | "artefact" | "anchoring", "fact_cop_status") => {
            let listed = predicate("cop", place).replace("{t}", "c");
            (format!("SELECT c.status FROM cop c WHERE c.id = {{t}}.cop_id AND {listed}"), Text)
        }
        _ => return None,
    };
    Some((format!("({text})"), of))
}
