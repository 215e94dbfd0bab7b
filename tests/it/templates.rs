//! Templates of artefacts: what an artefact lacks is a warning to whoever sees it and the concept that asks for it.

use crate::{
    harness::{Surface, World, meta},
    members::{circle, done, get, refused},
};
use serde_json::{Value, json};

fn sections() -> Value {
    json!([
        { "key": "CONTEXT", "headingNl": "Aanleiding", "headingEn": "Context", "hintNl": "Wat speelde er?" },
        { "key": "INSIGHT", "headingNl": "Wat we nu zien", "headingEn": "What we see now" },
    ])
}

/// What an artefact lacks, over both surfaces, in a language.
async fn missing(world: &World, token: &str, id: &str, language: &str) -> Value {
    let url = format!("{}/api/v1/artefacts/{id}", world.base);
    let by_rest = world.send(world.http.get(url).header("Accept-Language", language), Some(token)).await.json();
    let query = format!("{{ artefact(id: {id:?}) {{ missingSections {{ key heading }} }} }}");
    let request = world.http.post(format!("{}/graphql", world.base)).header("Accept-Language", language);
    let by_graph = world.send(request.json(&json!({ "query": query })), Some(token)).await.json();
    assert_eq!(by_graph["data"]["artefact"]["missingSections"], by_rest["missingSections"]);
    by_rest["missingSections"].clone()
}

crate::both!(what_a_template_asks_for_and_is_not_there_is_a_warning, |world| {
    let circle = circle(&world).await;
    let (host, member) = (world.host.token.as_str(), circle.member.1.as_str());
    let cop = get(&world, host, &format!("cops/{}", circle.cop)).await.json();
    let concept = cop["conceptId"].as_str().unwrap();
    let set = |kind: &str, sections: Value| json!({ "id": concept, "kind": kind, "titleNl": "Sjabloon", "sections": sections });
    let write =
        json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Inzicht", "body": "## context\n\nEr was iets." });
    let artefact = done(&world, member, "artefactCreate", write).await;
    assert_eq!(missing(&world, member, &artefact, "nl").await, json!([]), "nothing is asked yet");
    done(&world, host, "conceptSetTemplate", set("INSIGHT", sections())).await;
    let lacks = |heading: &str| json!([{ "key": "INSIGHT", "heading": heading }]);
    assert_eq!(missing(&world, member, &artefact, "nl").await, lacks("Wat we nu zien"));
    assert_eq!(missing(&world, member, &artefact, "en").await, lacks("What we see now"));
    // It stands in the way of nothing.
    done(&world, member, "artefactSubmit", json!({ "id": artefact })).await;
    assert_eq!(missing(&world, &circle.guide, &artefact, "nl").await, lacks("Wat we nu zien"));
    let version = get(&world, member, &format!("artefacts/{artefact}")).await.json()["version"].clone();
    let body = "# Aanleiding\n\nEr was iets.\n\n# Wat we nu zien\n\nDit.";
    done(&world, member, "artefactUpdate", json!({ "id": artefact, "version": version, "body": body })).await;
    assert_eq!(missing(&world, member, &artefact, "nl").await, json!([]));

    // Of no CoP, the theme's concept asks; who does not see that is not warned.
    let theme = json!({ "title": "Eigen", "conceptId": concept });
    let theme = done(&world, host, "themeCreate", theme).await;
    let own = json!({ "themeId": theme, "kind": "INSIGHT", "title": "Los", "body": "Tekst", "audience": "NETWORK" });
    let own = done(&world, host, "artefactCreate", own).await;
    done(&world, host, "artefactSubmit", json!({ "id": own })).await;
    assert_eq!(missing(&world, host, &own, "en").await.as_array().unwrap().len(), 2);
    let other = get(&world, &world.outsider.token, &format!("artefacts/{own}")).await;
    assert_eq!((other.status, &other.json()["missingSections"]), (200, &json!([])), "{}", other.text);

    // A template is what an editor starts with.
    let url = format!("{}/api/v1/concepts/{concept}", world.base);
    let shown = world.send(world.http.get(url).header("Accept-Language", "nl"), Some(host)).await.json();
    let template = &shown["artefactTemplates"][0];
    assert_eq!(
        (&template["kind"], &template["skeleton"]),
        (&json!("INSIGHT"), &json!("## Aanleiding\n\n## Wat we nu zien\n"))
    );
    assert_eq!(
        (&template["sections"][0]["hint"], &template["sections"][1]["heading"]),
        (&json!("Wat speelde er?"), &json!("Wat we nu zien"))
    );
    done(&world, host, "conceptSetTemplate", set("OUTCOME", sections())).await;
    done(&world, host, "conceptSetTemplate", set("INSIGHT", json!([]))).await;
    let query = "query($id: ID!) { concept(id: $id) { artefactTemplates { kind title skeleton sections { key } } } }";
    let shown = world.gql(Some(host), query, json!({ "id": concept })).await.json();
    let kinds = shown["data"]["concept"]["artefactTemplates"].as_array().unwrap();
    assert_eq!((kinds.len(), &kinds[0]["kind"]), (1, &json!("OUTCOME")), "{shown}");
});

crate::both!(a_template_is_its_concepts_owners, |world| {
    let (host, partner) = (world.host.token.as_str(), world.partner.token.as_str());
    let concept = done(&world, host, "conceptCreate", json!({ "name": "Eigen" })).await;
    let set =
        |sections: Value| json!({ "id": concept, "kind": "INSIGHT", "titleNl": "Sjabloon", "sections": sections });
    assert_eq!(refused(&world, partner, "conceptSetTemplate", set(sections())).await, "NOT_FOUND");
    let shared = done(&world, &world.evolva.token, "conceptCreate", json!({ "name": "Programma" })).await;
    let of_shared = json!({ "id": shared, "kind": "INSIGHT", "titleNl": "Sjabloon", "sections": sections() });
    assert_eq!(refused(&world, partner, "conceptSetTemplate", of_shared.clone()).await, "FORBIDDEN");
    done(&world, &world.evolva.token, "conceptSetTemplate", of_shared).await;
    let one = |key: &str, heading: &str| json!({ "key": key, "headingNl": heading });
    let many: Vec<_> = (0..21).map(|n| one(&n.to_string(), &format!("Kop {n}"))).collect();
    for (sections, code) in [
        (json!([one("A", "Een"), one("A", "Twee")]), "INVALID_VALUE"),
        (json!([one("A", "Een"), one("B", "EEN:")]), "INVALID_VALUE"),
        (json!([one("", "Een")]), "REQUIRED"),
        (json!([one("A", " ")]), "REQUIRED"),
        (json!(many), "TOO_MANY"),
    ] {
        assert_eq!(refused(&world, host, "conceptSetTemplate", set(sections)).await, code);
    }
    let answer = world.op(Surface::Rest, &meta("conceptSetTemplate"), Some(host), &set(json!([{ "key": "A" }]))).await;
    assert_eq!((answer.status, &answer.json()["errors"][0]["code"]), (400, &json!("REQUIRED")), "{}", answer.text);
    done(&world, host, "conceptSetTemplate", set(json!(many[..20].to_vec()))).await;
});
