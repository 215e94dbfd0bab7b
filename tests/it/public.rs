//! What a key reads that is for the public: that, whoever issued it, and nothing else.

use crate::{
    attachments,
    harness::World,
    members::{circle, done, get, person, refused, status},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn key(world: &World, token: &str, scopes: &[&str]) -> String {
    let input = json!({ "name": "Website", "scopes": scopes });
    let answer =
        world.op(crate::harness::Surface::Rest, &crate::harness::meta("tokenIssue"), Some(token), &input).await;
    answer.json()["accessToken"].as_str().unwrap().to_owned()
}

/// The ids of a list, the same by both surfaces.
async fn listed(world: &World, token: &str, list: &str) -> BTreeSet<String> {
    let ids = |items: &Value| -> BTreeSet<String> {
        let items = items.as_array().unwrap_or_else(|| panic!("{list}: {items}"));
        items.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let rest = ids(&get(world, token, &format!("{list}?first=100")).await.json()["items"]);
    let field = evolva_api::contract::lists().into_iter().find(|one| one.path == format!("/{list}")).unwrap().names.0;
    let query = format!("{{ {field}(first: 100) {{ totalCount nodes {{ id }} }} }}");
    let answer = world.gql(Some(token), &query, json!({})).await.json();
    let connection = &answer["data"][field];
    assert_eq!((ids(&connection["nodes"]), &connection["totalCount"]), (rest.clone(), &json!(rest.len())), "{answer}");
    rest
}

crate::both!(a_public_key_reads_what_is_public_and_nothing_else, |world| {
    let circle = circle(&world).await;
    let (host, partner, member) = (&world.host.token, &world.partner.token, &circle.member.1);
    let cop = format!("cops/{}", circle.cop);
    let widen = async |listing: &str, ceiling: &str| {
        let version = get(&world, host, &cop).await.json()["version"].clone();
        let input =
            json!({ "id": circle.cop, "version": version, "listingAudience": listing, "contentCeiling": ceiling });
        done(&world, host, "copUpdate", input).await;
    };
    widen("PUBLIC", "PUBLIC").await;
    let concept = get(&world, host, &cop).await.json()["conceptId"].clone();
    let theme = get(&world, host, &cop).await.json()["themeId"].clone();
    let in_network = json!({ "title": "Voor het netwerk", "conceptId": concept, "themeId": theme, "listingAudience": "NETWORK",
        "contentCeiling": "NETWORK" });
    let in_network = done(&world, host, "copCreate", in_network).await;
    let (guide, _) = person(&world, &world.host, "Gids").await;
    done(&world, host, "facilitationAssign", json!({ "copId": in_network, "personId": guide, "isPrimary": true }))
        .await;
    done(&world, host, "copRecruit", json!({ "id": in_network })).await;
    let draft = json!({ "title": "Nog een idee", "listingAudience": "PUBLIC", "contentCeiling": "PUBLIC" });
    let draft = done(&world, host, "copCreate", draft).await;
    let artefact = async |title: &str, audience: &str| {
        let input = json!({ "copId": circle.cop, "kind": "INSIGHT", "title": title, "body": "x", "themeId": theme });
        let id = done(&world, member, "artefactCreate", input).await;
        let file = attachments::attach(&world, member, &id, &format!("{title}.txt")).await;
        done(&world, member, "artefactSubmit", json!({ "id": id })).await;
        if audience != "MEMBERS" {
            done(&world, partner, "publicationRequest", json!({ "artefactId": id, "audience": audience })).await;
        }
        (id, file)
    };
    let (open, file) = artefact("Openbaar inzicht", "PUBLIC").await;
    let (network, network_file) = artefact("Netwerk inzicht", "NETWORK").await;
    let (members, members_file) = artefact("Kring inzicht", "MEMBERS").await;
    let own = json!({ "kind": "INSIGHT", "title": "Eigen inzicht", "body": "x" });
    let own = done(&world, partner, "artefactCreate", own).await;
    let said = json!({ "artefactId": open, "body": "Mooi" });
    done(&world, member, "commentPost", said).await;
    let set = |all: &[&String]| -> BTreeSet<String> { all.iter().map(|id| (*id).clone()).collect() };

    // Positive controls: an organisation of the network, and those whose it is.
    assert_eq!(listed(&world, &world.outsider.token, "cops").await, set(&[&circle.cop, &in_network]));
    assert_eq!(listed(&world, &world.outsider.token, "artefacts").await, set(&[&open, &network]));
    assert!(listed(&world, partner, "artefacts").await.is_superset(&set(&[&open, &network, &members, &own])));
    let concept = concept.as_str().unwrap().to_owned();
    let theme = theme.as_str().unwrap().to_owned();
    let hidden = [
        format!("cops/{in_network}"),
        format!("cops/{draft}"),
        format!("artefacts/{network}"),
        format!("artefacts/{members}"),
        format!("artefacts/{own}"),
        format!("organisations/{}", world.outsider.id),
        format!("attachments/{network_file}/content"),
        format!("attachments/{members_file}/content"),
        format!("artefacts/{network}/metadata"),
    ];
    for path in &hidden {
        let seer =
            if path.contains(&own) || path.contains(&members) || path.contains(&members_file) { partner } else { host };
        assert_eq!(status(&world, seer, path).await, 200, "{path}");
    }

    // Whose key it is changes nothing.
    let with_form = key(&world, host, &["public:read", "contact:submit"]).await;
    for token in [&world.host.public, &world.partner.public, &world.outsider.public, &world.evolva.public, &with_form] {
        assert_eq!(listed(&world, token, "cops").await, set(&[&circle.cop]));
        assert_eq!(listed(&world, token, "artefacts").await, set(&[&open]));
        assert_eq!(listed(&world, token, "attachments").await, set(&[&file]));
        assert_eq!(listed(&world, token, "publications").await.len(), 1);
        assert_eq!(listed(&world, token, "themes").await, set(&[&theme]));
        assert_eq!(listed(&world, token, "concepts").await, set(&[&concept]));
        assert!(listed(&world, token, "comments").await.is_empty());
        let whose = set(&[&world.host.id.to_string(), &world.partner.id.to_string()]);
        assert_eq!(listed(&world, token, "organisations").await, whose);
        for path in &hidden {
            let is = get(&world, token, path).await;
            let (kind, _) = path.rsplit_once('_').unwrap();
            let tail = if path.ends_with("content") {
                "/content"
            } else if path.ends_with("metadata") {
                "/metadata"
            } else {
                ""
            };
            let random = format!("{kind}_01kc0000000000000000000000{tail}");
            let random = get(&world, token, &random).await;
            assert_eq!((is.status, is.json()["detail"].clone()), (404, random.json()["detail"].clone()), "{path}");
        }
        for path in
            [format!("artefacts/{open}"), format!("attachments/{file}/content"), format!("artefacts/{open}/metadata")]
        {
            assert_eq!(status(&world, token, &path).await, 200, "{path}");
        }
        let found = get(&world, token, "search?query=inzicht&facets=true").await.json();
        let ids: BTreeSet<_> = found["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|hit| hit["object"]["id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(ids, set(&[&open]), "{found}");
        assert_eq!(
            get(&world, &world.outsider.token, "search?query=inzicht").await.json()["items"].as_array().unwrap().len(),
            2
        );
        // Of what is public, what is somebody's or the members' own is not told.
        let query = "query($cop: ID!, $artefact: ID!) { cop(id: $cop) { title theme { title } host { name } memberCount } \
                     artefact(id: $artefact) { title ownerId } viewer { kind organisation { name } } }";
        let answer = world.gql(Some(token), query, json!({ "cop": circle.cop, "artefact": open })).await.json();
        assert_eq!(answer["data"]["cop"]["theme"]["title"], "Thema", "{answer}");
        assert_eq!(answer["data"]["cop"]["memberCount"], 2);
        assert_eq!(answer["data"]["artefact"]["ownerId"], json!(world.partner.id), "{answer}");
        let authors = "query($artefact: ID!) { artefact(id: $artefact) { authors { nodes { displayName } } } }";
        let named = async |token: &str| world.gql(Some(token), authors, json!({ "artefact": open })).await.json();
        assert_eq!(named(token).await["errors"][0]["extensions"]["code"], "INSUFFICIENT_SCOPE");
        assert_eq!(named(member).await["data"]["artefact"]["authors"]["nodes"][0]["displayName"], "Deelnemer");
        for path in [
            "people",
            "sessions",
            "memberships",
            "front-runner-projects",
            "guides",
            "viewer/waiting-for-me",
            &format!("concepts/{concept}/coverage"),
            &format!("cops/{}/dashboard", circle.cop),
        ] {
            let answer = get(&world, token, path).await;
            let nothing = answer.status == 403 || answer.json()["items"] == json!([]);
            assert!(nothing, "{path}: {} {}", answer.status, answer.text);
            assert_eq!(status(&world, partner, path).await, 200, "{path}");
        }
        let change = json!({ "id": open, "version": 1, "title": "x" });
        assert_eq!(refused(&world, token, "artefactUpdate", change).await, "INSUFFICIENT_SCOPE");
    }

    // What hangs on it is for others.
    let charter = json!({ "copId": circle.cop, "why": "Omdat", "goals": ["Een doel"] });
    done(&world, host, "charterDraft", charter).await;
    let plan = json!({ "artefactId": open, "place": "Rooster", "reviewDate": "2199-01-01" });
    done(&world, partner, "anchoringPlan", plan).await;
    for list in ["charters", "goals", "participations", "anchorings", "comments"] {
        assert!(
            !listed(&world, partner, list).await.is_empty() || !listed(&world, host, list).await.is_empty(),
            "{list}"
        );
        assert!(listed(&world, &world.host.public, list).await.is_empty(), "{list}");
    }
    // A theme of the network is part of a listing, whoever hosts; the concept is its owner's to show.
    let evolva = &world.evolva.token;
    let shared = done(&world, evolva, "conceptCreate", json!({ "name": "Van het netwerk", "profile": "OPEN" })).await;
    let theirs = json!({ "title": "Netwerkthema", "conceptId": shared });
    let theirs = done(&world, evolva, "themeCreate", theirs).await;
    let second = json!({ "title": "Tweede", "conceptId": shared, "themeId": theirs, "listingAudience": "PUBLIC" });
    let second = done(&world, host, "copCreate", second).await;
    done(&world, host, "facilitationAssign", json!({ "copId": second, "personId": guide, "isPrimary": true })).await;
    done(&world, host, "copRecruit", json!({ "id": second })).await;
    let query = "query($id: ID!) { cop(id: $id) { theme { title concept { name } } concept { name } conceptId } }";
    let asked = async |token: &str| world.gql(Some(token), query, json!({ "id": second })).await.json()["data"].clone();
    let seen = json!({ "theme": { "title": "Netwerkthema", "concept": null }, "concept": null, "conceptId": null });
    assert_eq!(asked(&world.host.public).await["cop"], seen);
    assert_eq!(asked(&world.outsider.token).await["cop"]["concept"]["name"], "Van het netwerk");
    assert_eq!(status(&world, &world.host.public, &format!("organisations/{}", world.evolva.id)).await, 200);

    // Beside another scope it adds nothing: that token sees as its organisation does.
    let both = key(&world, &world.outsider.token, &["public:read", "cops:read"]).await;
    assert_eq!(listed(&world, &both, "cops").await, set(&[&circle.cop, &in_network, &second]));
    assert_eq!(status(&world, &both, "artefacts").await, 403);

    // The host draws it in again: by its listing, or by its content alone.
    widen("PUBLIC", "NETWORK").await;
    assert_eq!(listed(&world, &world.host.public, "cops").await, set(&[&circle.cop, &second]));
    assert!(listed(&world, &world.host.public, "artefacts").await.is_empty());
    assert!(listed(&world, &world.host.public, "publications").await.is_empty());
    assert_eq!(listed(&world, &world.outsider.token, "artefacts").await, set(&[&open, &network]));
    widen("NETWORK", "PUBLIC").await;
    let version = get(&world, host, &format!("cops/{second}")).await.json()["version"].clone();
    let narrow = json!({ "id": second, "version": version, "listingAudience": "NETWORK" });
    done(&world, host, "copUpdate", narrow).await;
    for list in ["cops", "artefacts", "attachments", "publications", "themes", "concepts", "organisations"] {
        assert!(listed(&world, &world.host.public, list).await.is_empty(), "{list}");
    }
    assert_eq!(listed(&world, &world.outsider.token, "cops").await, set(&[&circle.cop, &in_network, &second]));
});

crate::both!(a_public_key_hands_in_its_own_organisations_form, |world| {
    let host = &world.host.token;
    let token = key(&world, host, &["public:read", "contact:submit"]).await;
    let path = format!("organisations/{}", world.host.id);
    let version = get(&world, host, &path).await.json()["version"].clone();
    let input = json!({ "id": world.host.id, "version": version, "contactConsentText": "Zo" });
    done(&world, host, "organisationUpdate", input).await;
    assert_eq!(get(&world, &token, "contact-form").await.json()["consentText"], "Zo");
    let asked = json!({ "name": "Ilse", "email": "i@example.org", "message": "Hoe?", "consentVersion": 1 });
    done(&world, &token, "contactRequestSubmit", asked.clone()).await;
    // What it is about is named as far as the key sees it: whether others are there is not found out so.
    let cop = json!({ "title": "Voor het netwerk", "listingAudience": "NETWORK" });
    let mut about = asked.clone();
    about["copId"] = json!(done(&world, host, "copCreate", cop).await);
    assert_eq!(refused(&world, &token, "contactRequestSubmit", about.clone()).await, "UNKNOWN_REFERENCE");
    about["consentVersion"] = json!(0);
    assert_eq!(refused(&world, &token, "contactRequestSubmit", about.clone()).await, "UNKNOWN_REFERENCE");
    about["consentVersion"] = json!(1);
    let form = key(&world, host, &["contact:submit"]).await;
    done(&world, &form, "contactRequestSubmit", about).await;
    let requests = get(&world, host, "contact-requests").await.json();
    assert_eq!(requests["items"].as_array().unwrap().len(), 2, "{requests}");
    assert_eq!(status(&world, &token, "contact-requests").await, 403);
    assert_eq!(refused(&world, &world.host.public, "contactRequestSubmit", asked).await, "INSUFFICIENT_SCOPE");
});
