//! `access`: what it says of an operation is what then happens. The other tests send their operations through here.

use crate::harness::{Answer, Surface, World, camel};
use evolva_api::OpMeta;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Where an operation that does not name its object as `id` names what it starts something in.
const STARTS_IN: &[(&str, &str)] = &[
    ("charter_draft", "copId"),
    ("participation_invite", "copId"),
    ("participation_request", "copId"),
    ("facilitation_assign", "copId"),
    ("membership_nominate", "copId"),
    ("membership_apply", "copId"),
    ("session_plan", "copId"),
    ("session_series_plan", "copId"),
    ("artefact_create", "copId"),
    ("goal_add", "charterId"),
    ("session_show_artefact", "sessionId"),
    ("session_cop_add", "sessionId"),
    ("expert_contribution_invite", "sessionId"),
    ("agenda_item_raise", "sessionId"),
    ("registration_create", "sessionId"),
    ("anchoring_plan", "artefactId"),
    ("publication_request", "artefactId"),
    ("comment_post", "artefactId"),
    ("attachment_add", "artefactId"),
    ("concept_element_add", "conceptId"),
    ("focus_area_add", "conceptId"),
    ("front_runner_add", "projectId"),
    ("exchange_record", "givingProjectId"),
    ("guide_step_add", "guideId"),
    ("step_progress_record", "copId"),
    ("member_token_issue", "personId"),
];

/// What is missing and can be given with the operation itself.
const GIVEN_WITH_IT: &[&str] = &[
    "REASON_MISSING",
    "PERSPECTIVES_MISSING",
    "TOO_FEW_INTENSIVE_SESSIONS",
    "PRECONDITIONS_NOT_MET",
    "AGREEMENT_NOT_GIVEN",
    "ACTION_MISSING",
    "CHANGE_MISSING",
];

/// What is wrong with an object, and not with the rest of the input.
const OF_THE_OBJECT: &[&str] = &[
    "INSUFFICIENT_SCOPE",
    "TRANSITION_NOT_ALLOWED",
    "NOT_EDITABLE",
    "COP_NOT_OPEN",
    "CHARTER_NOT_AGREED",
    "CHARTER_WHY_MISSING",
    "FACILITATOR_MISSING",
    "THEME_MISSING",
    "GOALS_MISSING",
    "PERIOD_MISSING",
    "TOO_FEW_ORGANISATIONS",
    "TOO_FEW_SESSIONS",
    "GOALS_NOT_ASSESSED",
    "GOALS_NOT_ANCHORED",
    "NOTHING_SHARED",
    "PERSON_YES_MISSING",
    "NOT_STARTED",
    "BODY_MISSING",
];

/// What `access` says of each operation on an object, for who asks; nothing where they may not see it.
async fn access(world: &World, token: &str, id: &str) -> Option<BTreeMap<String, Vec<String>>> {
    let object = world.get(&format!("/api/v1/nodes/{id}"), Some(token)).await;
    if object.status != 200 {
        return None;
    }
    let all = object.json();
    let all = all["access"].as_array()?;
    let one = |one: &Value| {
        let codes: Vec<_> =
            one["blockedBy"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect();
        assert_eq!(one["allowed"], json!(codes.is_empty()));
        (one["mutation"].as_str().unwrap().to_owned(), codes)
    };
    Some(all.iter().map(one).collect())
}

/// Runs an operation, and looks whether what `access` said before came true.
pub async fn checked(world: &World, surface: Surface, meta: &OpMeta, token: &str, input: &Value) -> Answer {
    let field = if meta.path.contains("{id}") {
        "id"
    } else {
        STARTS_IN.iter().find(|(name, _)| *name == meta.name).map_or("", |(_, field)| field)
    };
    let said = match input[field].as_str() {
        Some(id) => access(world, token, id).await,
        None => None,
    };
    let answer = world.op(surface, meta, Some(token), input).await;
    let Some(said) = said else { return answer };
    let name = camel(meta.name);
    let said = said.get(&name).unwrap_or_else(|| panic!("access does not speak of {name}: {said:?}"));
    match world.outcome(surface, meta, &answer) {
        Ok(_) => {
            let in_the_way: Vec<_> = said.iter().filter(|code| !GIVEN_WITH_IT.contains(&code.as_str())).collect();
            assert!(in_the_way.is_empty(), "{name} was done and access said {said:?}");
        }
        Err(codes) => {
            for code in codes.iter().filter(|code| OF_THE_OBJECT.contains(&code.as_str())) {
                // Which step of a lesson it is to be is said with it.
                if meta.name == "artefact_lesson_advance" && code == "TRANSITION_NOT_ALLOWED" {
                    continue;
                }
                // Who may not do it at all is told no more.
                let told = said.contains(code) || said[..] == ["FORBIDDEN"] || said[..] == ["INSUFFICIENT_SCOPE"];
                assert!(told, "{name} was refused with {code} and access said {said:?}");
            }
            // Whom one may put forward is found by whom one does.
            let by_input = ["membership_nominate", "membership_apply", "registration_create"].contains(&meta.name);
            if codes == ["FORBIDDEN"] && !by_input {
                assert_eq!(said[..], ["FORBIDDEN"], "{name} was forbidden");
            }
        }
    }
    answer
}

crate::both!(each_operation_on_an_object_is_in_its_access, |world| {
    crate::year::play(&world, Surface::Rest).await;
    let mut spoken: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for ids in crate::isolation::ids(&world, &world.host.token).await.into_values() {
        for id in ids {
            if let Some(said) = access(&world, &world.host.token, &id).await {
                spoken.entry(id[..3].to_owned()).or_default().extend(said.into_keys());
            }
        }
    }
    let (mut on_objects, mut starting) = (0, 0);
    for meta in evolva_api::contract::operations() {
        let name = camel(meta.name);
        if meta.path.contains("{id}") {
            let of: Vec<_> = spoken.iter().filter(|(_, names)| names.contains(&name)).collect();
            assert_eq!(of.len(), 1, "{name} stands in the access of {of:?}");
            on_objects += 1;
        } else if STARTS_IN.iter().any(|(known, _)| *known == meta.name) {
            assert!(spoken.values().any(|names| names.contains(&name)), "{name} stands in no access");
            starting += 1;
        }
    }
    assert!(on_objects > 45 && starting == STARTS_IN.len(), "{on_objects} {starting}");
    // The same over GraphQL, in the language that was asked for.
    let query =
        "{ organisations(first: 1) { nodes { access { mutation operationId allowed blockedBy { code message } } } } }";
    let answer = world.gql(Some(&world.host.token), query, json!({})).await.json();
    let access = &answer["data"]["organisations"]["nodes"][0]["access"];
    let suspend = access.as_array().unwrap().iter().find(|one| one["mutation"] == "organisationSuspend").unwrap();
    assert_eq!((&suspend["operationId"], &suspend["allowed"]), (&json!("suspendOrganisation"), &json!(false)));
    assert_eq!(suspend["blockedBy"][0]["code"], "INSUFFICIENT_SCOPE");
});
