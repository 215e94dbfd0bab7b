//! The loop of a lesson learned: its state is shown with the lesson, what was noted only in its CoP.

use crate::members::{circle, done, get, refused, status};
use serde_json::{Value, json};

crate::both!(a_lesson_goes_round_and_its_notes_stay_in_its_cop, |world| {
    let circle = circle(&world).await;
    let (host, partner, member) = (world.host.token.as_str(), world.partner.token.as_str(), circle.member.1.as_str());
    let write = |kind: &str, audience: &str| json!({ "copId": circle.cop, "kind": kind, "title": "Les", "body": "x", "audience": audience });
    let lesson = done(&world, member, "artefactCreate", write("LESSON_LEARNED", "MEMBERS")).await;
    let path = format!("artefacts/{lesson}");
    let step = |to: &str, note: &str| json!({ "id": lesson, "to": to, "note": note });
    let next = async |token: &str| {
        let row = get(&world, token, &path).await.json();
        (row["lessonState"].as_str().unwrap().to_owned(), row["lessonTransitions"].clone())
    };
    let waits = |to: &str, code: &str| json!([{ "to": to, "blockedBy": [code] }]);
    let codes = |steps: Value| -> Value {
        let one = |one: &Value| {
            let codes: Vec<_> = one["blockedBy"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
            json!({ "to": one["to"], "blockedBy": codes })
        };
        steps.as_array().unwrap().iter().map(one).collect()
    };
    let (state, steps) = next(member).await;
    assert_eq!((state.as_str(), codes(steps)), ("OBSERVED", json!([{ "to": "IDENTIFIED", "blockedBy": [] }])));
    // A colleague does not see the draft, nor what happens with it; who sees the lesson and did not write it takes no step.
    assert_eq!(
        refused(&world, &circle.colleague.1, "artefactLessonAdvance", step("IDENTIFIED", "")).await,
        "NOT_FOUND"
    );
    done(&world, member, "artefactLessonAdvance", step("IDENTIFIED", "Te weinig tijd")).await;
    let all = get(&world, member, &format!("lesson-steps?artefactId={lesson}")).await.json();
    let first = format!("lesson-steps/{}", all["items"][0]["id"].as_str().unwrap());
    let sees = async |path: &str| {
        let mut all = vec![];
        for token in
            [partner, member, &circle.colleague.1, &circle.guide, &circle.host_member, host, &world.outsider.token]
        {
            all.push(status(&world, token, path).await);
        }
        all
    };
    assert_eq!(sees(&first).await, [200, 200, 404, 404, 404, 404, 404], "a step of a draft is its authors'");
    done(&world, member, "artefactSubmit", json!({ "id": lesson })).await;
    assert_eq!(sees(&first).await, [200, 200, 200, 200, 200, 404, 404]);
    for token in [&circle.guide, &circle.host_member] {
        assert_eq!(refused(&world, token, "artefactLessonAdvance", step("ACTIONED", "Iets")).await, "FORBIDDEN");
    }
    assert_eq!(
        refused(&world, member, "artefactLessonAdvance", step("LEARNED", "Alles")).await,
        "TRANSITION_NOT_ALLOWED"
    );
    assert_eq!(refused(&world, member, "artefactLessonAdvance", step("ACTIONED", "")).await, "ACTION_MISSING");
    assert_eq!(codes(next(member).await.1), waits("ACTIONED", "ACTION_MISSING"));
    done(&world, member, "artefactLessonAdvance", step("ACTIONED", "Een uur vrijgehouden")).await;
    assert_eq!(codes(next(member).await.1), waits("LEARNED", "CHANGE_MISSING"));
    assert_eq!(next(&circle.guide).await.1, json!([]), "it is not hers to take further");
    assert_eq!(refused(&world, member, "artefactLessonAdvance", step("LEARNED", " ")).await, "CHANGE_MISSING");
    // A step is no new version, and needs no new review.
    done(&world, &circle.guide, "artefactValidate", json!({ "id": lesson })).await;
    let before = get(&world, member, &path).await.json();
    done(&world, partner, "artefactLessonAdvance", step("LEARNED", "Elke week een uur")).await;
    let after = get(&world, member, &path).await.json();
    assert_eq!((&after["number"], &after["state"]), (&before["number"], &json!("VALIDATED")));
    assert_eq!((&after["lessonState"], &after["lessonTransitions"]), (&json!("LEARNED"), &json!([])));
    assert_eq!(
        refused(&world, member, "artefactLessonAdvance", step("LEARNED", "Nog")).await,
        "TRANSITION_NOT_ALLOWED"
    );
    let query = "query($id: ID!) { artefact(id: $id) { lessonState lessonSteps { nodes { state note person { displayName } } } } }";
    let shown = world.gql(Some(&circle.host_member), query, json!({ "id": lesson })).await.json();
    let steps = shown["data"]["artefact"]["lessonSteps"]["nodes"].as_array().unwrap().clone();
    let said: Vec<_> = steps.iter().map(|one| (one["state"].clone(), one["person"]["displayName"].clone())).collect();
    let named = |state: &str, name: Value| (json!(state), name);
    assert_eq!(
        said,
        [named("IDENTIFIED", json!("Deelnemer")), named("ACTIONED", json!("Deelnemer")), named("LEARNED", Value::Null),]
    );
    let found = get(&world, member, "artefacts?lessonState=LEARNED").await.json();
    assert_eq!(found["items"][0]["id"], json!(lesson));

    // Published to the network, its state is shown with it, and no note.
    let wide = json!({ "kind": "LESSON_LEARNED", "title": "Voor allen", "body": "x", "audience": "NETWORK" });
    let wide = done(&world, partner, "artefactCreate", wide).await;
    done(&world, partner, "artefactSubmit", json!({ "id": wide })).await;
    done(&world, partner, "artefactLessonAdvance", json!({ "id": wide, "to": "IDENTIFIED", "note": "Van ons" })).await;
    let outsider = world.outsider.token.as_str();
    let shown = world.gql(Some(outsider), query, json!({ "id": wide })).await.json()["data"]["artefact"].clone();
    assert_eq!(shown, json!({ "lessonState": "IDENTIFIED", "lessonSteps": { "nodes": [] } }));
    let own = world.gql(Some(partner), query, json!({ "id": wide })).await.json()["data"]["artefact"].clone();
    assert_eq!(own["lessonSteps"]["nodes"][0]["note"], "Van ons");
    assert_eq!(
        refused(&world, outsider, "artefactLessonAdvance", json!({ "id": wide, "to": "ACTIONED", "note": "Wij" }))
            .await,
        "FORBIDDEN"
    );

    // What is no lesson has no loop, and becomes none of it by becoming another kind.
    let insight = done(&world, member, "artefactCreate", write("INSIGHT", "MEMBERS")).await;
    let row = get(&world, member, &format!("artefacts/{insight}")).await.json();
    assert_eq!((&row["lessonState"], &row["lessonTransitions"]), (&Value::Null, &json!([])));
    let none = json!({ "id": insight, "to": "IDENTIFIED" });
    assert_eq!(refused(&world, member, "artefactLessonAdvance", none).await, "INVALID_VALUE");
    let change = json!({ "id": insight, "version": row["version"], "kind": "LESSON_LEARNED" });
    done(&world, member, "artefactUpdate", change).await;
    assert_eq!(get(&world, member, &format!("artefacts/{insight}")).await.json()["lessonState"], "OBSERVED");
    // Out of recommendation it goes no further.
    let retired = done(&world, member, "artefactCreate", write("LESSON_LEARNED", "MEMBERS")).await;
    done(&world, member, "artefactSubmit", json!({ "id": retired })).await;
    done(&world, &circle.guide, "artefactValidate", json!({ "id": retired })).await;
    done(&world, member, "artefactRetire", json!({ "id": retired })).await;
    let late = json!({ "id": retired, "to": "IDENTIFIED" });
    assert_eq!(refused(&world, member, "artefactLessonAdvance", late).await, "NOT_EDITABLE");
});

crate::both!(a_lesson_goes_on_when_its_cop_is_over, |world| {
    let circle = circle(&world).await;
    let (host, member) = (world.host.token.as_str(), circle.member.1.as_str());
    let lesson = json!({ "copId": circle.cop, "kind": "LESSON_LEARNED", "title": "Les", "body": "x" });
    let lesson = done(&world, member, "artefactCreate", lesson).await;
    done(&world, host, "copCancel", json!({ "id": circle.cop, "reason": "Klaar" })).await;
    assert_eq!(refused(&world, member, "artefactSubmit", json!({ "id": lesson })).await, "COP_NOT_OPEN");
    done(&world, member, "artefactLessonAdvance", json!({ "id": lesson, "to": "IDENTIFIED" })).await;
});
