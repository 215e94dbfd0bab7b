//! What is shown beyond the members: by the yes of all who contributed, version by version; and what stays with an
//! organisation that has left.

use crate::{
    harness::World,
    members::{circle, done, get, person, refused, status},
};
use serde_json::{Value, json};

async fn items(world: &World, token: &str, path: &str) -> Vec<Value> {
    let answer = get(world, token, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.json()["items"].as_array().unwrap().clone()
}

/// What somebody reads of an artefact by its publications: their states and the titles that they show.
async fn published(world: &World, token: &str, artefact: &str) -> Vec<(String, Option<String>)> {
    let query = "query($id: ID!) { publications(filter: { artefactId: $id }, orderBy: CREATED_AT) { nodes { state \
                 publishedVersion { title number } } } }";
    let answer = world.gql(Some(token), query, json!({ "id": artefact })).await.json();
    let nodes = answer["data"]["publications"]["nodes"].as_array().unwrap_or_else(|| panic!("{answer}")).iter();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    nodes.map(|one| (text(&one["state"]).unwrap(), text(&one["publishedVersion"]["title"]))).collect()
}

fn shown(all: &[(&str, Option<&str>)]) -> Vec<(String, Option<String>)> {
    all.iter().map(|(state, title)| ((*state).to_owned(), title.map(str::to_owned))).collect()
}

crate::both!(a_published_version_stays_while_the_next_one_waits, |world| {
    let circle = circle(&world).await;
    let (partner, host, member) = (&world.partner.token, &world.host.token, &circle.member.1);
    let create = json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Een", "body": "x", "audience": "PARTNERS" });
    let artefact = done(&world, member, "artefactCreate", create).await;
    done(&world, member, "artefactSubmit", json!({ "id": artefact })).await;
    let path = format!("artefacts/{artefact}");
    assert_eq!(get(&world, member, &path).await.json()["audience"], "MEMBERS", "it was asked and is not approved");
    assert_eq!(status(&world, host, &path).await, 404);
    assert!(published(&world, host, &artefact).await.is_empty(), "what waits is between those who contributed");
    let asked = items(&world, partner, "publications?state=REQUESTED").await[0]["id"].clone();
    assert_eq!(refused(&world, host, "publicationApprove", json!({ "id": asked })).await, "NOT_FOUND");
    done(&world, partner, "publicationApprove", json!({ "id": asked })).await;
    assert_eq!(published(&world, host, &artefact).await, shown(&[("PUBLISHED", Some("Een"))]));
    assert_eq!(get(&world, host, &path).await.json()["title"], "Een");
    // The next version is asked to go as far, and until it may, the partners read the one before it.
    let version = get(&world, member, &path).await.json()["version"].clone();
    let edit = json!({ "id": artefact, "version": version, "title": "Twee" });
    done(&world, member, "artefactUpdate", edit).await;
    assert_eq!(status(&world, host, &path).await, 404);
    assert_eq!(published(&world, host, &artefact).await, shown(&[("PUBLISHED", Some("Een"))]));
    let all = shown(&[("PUBLISHED", Some("Een")), ("REQUESTED", Some("Twee"))]);
    assert_eq!(published(&world, partner, &artefact).await, all);
    let asked = items(&world, partner, "publications?state=REQUESTED").await[0]["id"].clone();
    done(&world, partner, "publicationApprove", json!({ "id": asked })).await;
    assert_eq!(get(&world, host, &path).await.json()["title"], "Twee");
    // Taken back, a tombstone stays and shows nothing; the version before it is still published.
    done(&world, partner, "publicationWithdraw", json!({ "id": asked })).await;
    assert_eq!(status(&world, host, &path).await, 404);
    let all = shown(&[("PUBLISHED", Some("Een")), ("WITHDRAWN", None)]);
    assert_eq!(published(&world, host, &artefact).await, all);
    assert_eq!(status(&world, &world.outsider.token, &format!("publications/{}", asked.as_str().unwrap())).await, 404);
    assert_eq!(get(&world, member, &path).await.json()["title"], "Twee", "its members read on");
    // Narrowing it takes everything back.
    let version = get(&world, partner, &path).await.json()["version"].clone();
    done(&world, partner, "artefactUpdate", json!({ "id": artefact, "version": version, "audience": "ORGANISATION" }))
        .await;
    let all = shown(&[("WITHDRAWN", None), ("WITHDRAWN", None)]);
    assert_eq!(published(&world, host, &artefact).await, all);
});

crate::both!(an_admin_publishes_alone_and_two_organisations_together, |world| {
    let circle = circle(&world).await;
    let (partner, host) = (&world.partner.token, &world.host.token);
    let create = |authors: Vec<&str>| json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Les", "body": "x", "authorIds": authors });
    let alone = done(&world, partner, "artefactCreate", create(vec![&circle.member.0])).await;
    done(&world, partner, "artefactSubmit", json!({ "id": alone })).await;
    assert_eq!(status(&world, host, &format!("artefacts/{alone}")).await, 404);
    let ask = |id: &str| json!({ "artefactId": id, "audience": "PARTNERS" });
    done(&world, partner, "publicationRequest", ask(&alone)).await;
    assert_eq!(status(&world, host, &format!("artefacts/{alone}")).await, 200);
    // A member of the CoP sees the other members, and writes with one of them.
    let host_member = items(&world, &circle.member.1, &format!("people?organisationId={}", world.host.id)).await;
    let host_member = host_member.iter().find(|one| one["displayName"] == "Collega").unwrap()["id"].clone();
    let together = create(vec![&circle.member.0, host_member.as_str().unwrap()]);
    let together = done(&world, &circle.member.1, "artefactCreate", together).await;
    let path = format!("artefacts/{together}");
    // A draft is its authors', whatever organisation they are of; who is no author does not see it.
    assert_eq!(status(&world, &circle.host_member, &path).await, 200);
    assert_eq!(status(&world, &circle.guide, &path).await, 404);
    assert_eq!(status(&world, host, &path).await, 404);
    let (_, stranger) = person(&world, &world.outsider, "Vreemde").await;
    assert_eq!(status(&world, &stranger, &path).await, 404);
    done(&world, &circle.member.1, "artefactSubmit", json!({ "id": together })).await;
    let asked = done(&world, partner, "publicationRequest", ask(&together)).await;
    assert_eq!(get(&world, partner, &format!("publications/{asked}")).await.json()["state"], "REQUESTED");
    // The other organisation reads the version that it is asked about, and nobody else does.
    assert_eq!(published(&world, host, &together).await, shown(&[("REQUESTED", Some("Les"))]));
    assert_eq!(status(&world, host, &path).await, 404);
    assert!(published(&world, &world.outsider.token, &together).await.is_empty());
    let waits = items(&world, host, "viewer/waiting-for-me").await;
    assert!(waits.iter().any(|one| one["mutation"] == "publicationApprove" && one["subjectId"] == json!(asked)));
    done(&world, host, "publicationApprove", json!({ "id": asked })).await;
    assert_eq!(get(&world, partner, &format!("publications/{asked}")).await.json()["state"], "APPROVED");
    done(&world, &circle.guide, "publicationPublish", json!({ "id": asked })).await;
    assert_eq!(status(&world, host, &path).await, 200);
    let approvals = items(&world, partner, &format!("publication-approvals?publicationId={asked}")).await;
    assert!(approvals.len() == 2 && approvals.iter().all(|one| one["state"] == "GIVEN"));
    assert_eq!(items(&world, host, &format!("publication-approvals?publicationId={asked}")).await.len(), 1, "its own");
    // Who is no author of it, and of an organisation that has left, is out; what was published before stays.
    done(&world, host, "participationEnd", json!({ "id": circle.participation })).await;
    let draft = create(vec![]);
    assert_eq!(refused(&world, partner, "artefactCreate", draft).await, "UNKNOWN_REFERENCE");
});

crate::both!(who_has_left_keeps_what_was_shared_and_gets_nothing_later, |world| {
    let circle = circle(&world).await;
    let (partner, host) = (&world.partner.token, &world.host.token);
    let artefact = async |title: &str, audience: &str| {
        let create =
            json!({ "copId": circle.cop, "kind": "INSIGHT", "title": title, "body": "x", "audience": audience });
        let id = done(&world, host, "artefactCreate", create).await;
        done(&world, host, "artefactSubmit", json!({ "id": id })).await;
        id
    };
    let session = async |title: &str| {
        let at = ("2026-02-01T13:00:00Z", "2026-02-01T16:00:00Z");
        let plan = json!({ "copId": circle.cop, "kind": "REGULAR", "title": title, "startsAt": at.0, "endsAt": at.1 });
        done(&world, host, "sessionPlan", plan).await
    };
    let charter =
        done(&world, host, "charterDraft", json!({ "copId": circle.cop, "why": "Omdat", "goals": ["Doel"] })).await;
    let (kept, changed) = (session("Blijft").await, session("Verandert").await);
    let (shared, edited, taken_back) = (
        artefact("Gedeeld", "PARTNERS").await,
        artefact("Bewerkt", "PARTNERS").await,
        artefact("Terug", "PARTNERS").await,
    );
    let members_only = artefact("Voor leden", "MEMBERS").await;
    let paths = |ids: &[(&str, &str)]| ids.iter().map(|(list, id)| format!("{list}/{id}")).collect::<Vec<_>>();
    let stays = paths(&[("charters", &charter), ("sessions", &kept), ("artefacts", &shared)]);
    let goes =
        paths(&[("cops", &circle.cop), ("sessions", &changed), ("artefacts", &edited), ("artefacts", &taken_back)]);
    for path in stays.iter().chain(&goes) {
        assert_eq!(status(&world, partner, path).await, 200, "{path} while it takes part");
    }
    assert_eq!(status(&world, &circle.member.1, &format!("artefacts/{members_only}")).await, 200);
    done(&world, partner, "participationEnd", json!({ "id": circle.participation })).await;
    // What changes afterwards is later, and so is what is new. Times are kept in whole milliseconds, and what is of the
    // same one counts as before.
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    done(&world, host, "sessionUpdate", json!({ "id": changed, "version": 1, "place": "Elders" })).await;
    let version = get(&world, host, &format!("artefacts/{edited}")).await.json()["version"].clone();
    done(&world, host, "artefactUpdate", json!({ "id": edited, "version": version, "title": "Nieuw" })).await;
    let taken = items(&world, host, &format!("publications?artefactId={taken_back}")).await[0]["id"].clone();
    done(&world, host, "publicationWithdraw", json!({ "id": taken })).await;
    let later = paths(&[("sessions", &session("Later").await), ("artefacts", &artefact("Later", "PARTNERS").await)]);
    for token in [partner, &circle.member.1, &circle.colleague.1] {
        for path in &stays {
            assert_eq!(status(&world, token, path).await, 200, "{path} was shared before");
        }
        for path in goes.iter().chain(&later) {
            assert_eq!(status(&world, token, path).await, 404, "{path} is later");
        }
        assert_eq!(status(&world, token, &format!("artefacts/{members_only}")).await, 404);
        assert_eq!(published(&world, token, &edited).await, shown(&[("PUBLISHED", Some("Bewerkt"))]), "as it was");
        assert_eq!(published(&world, token, &taken_back).await, shown(&[("WITHDRAWN", None)]));
        assert_eq!(items(&world, token, "sessions").await.len(), 1);
    }
    // The CoP is not named to who does not see it, and nothing of this reaches who never took part.
    assert_eq!(get(&world, partner, &format!("artefacts/{shared}")).await.json()["copId"], Value::Null);
    for path in stays.iter().chain(&goes).chain(&later) {
        assert_eq!(status(&world, &world.outsider.token, path).await, 404);
        assert_eq!(status(&world, host, path).await, 200, "{path} is there");
    }
});

crate::both!(taking_part_is_agreeing_to_a_version_of_a_text, |world| {
    let (host, partner) = (&world.host.token, &world.partner.token);
    let concept = json!({ "name": "Open", "profile": "OPEN", "agreementText": "Wat we delen" });
    let concept = done(&world, host, "conceptCreate", concept).await;
    let cop = done(&world, host, "copCreate", json!({ "title": "Kring", "conceptId": concept })).await;
    let invite = json!({ "copId": cop, "organisationId": world.partner.id });
    let id = done(&world, host, "participationInvite", invite).await;
    let read = get(&world, partner, &format!("concepts/{concept}")).await.json();
    assert_eq!((&read["agreementText"], &read["agreementVersion"]), (&json!("Wat we delen"), &json!(1)));
    let waits = items(&world, partner, "viewer/waiting-for-me").await;
    assert_eq!(waits[0]["blockedBy"][0]["code"], "AGREEMENT_NOT_GIVEN");
    assert_eq!(refused(&world, partner, "participationAccept", json!({ "id": id })).await, "AGREEMENT_NOT_GIVEN");
    let change = json!({ "id": concept, "version": 1, "agreementText": "Wat we meer delen" });
    done(&world, host, "conceptUpdate", change).await;
    let old = json!({ "id": id, "agreementVersion": 1 });
    assert_eq!(refused(&world, partner, "participationAccept", old).await, "AGREEMENT_NOT_GIVEN", "it is another text");
    let same = json!({ "id": concept, "version": 2, "agreementText": "Wat we meer delen", "name": "Open kring" });
    done(&world, host, "conceptUpdate", same).await;
    done(&world, partner, "participationAccept", json!({ "id": id, "agreementVersion": 2 })).await;
    assert_eq!(get(&world, host, &format!("participations/{id}")).await.json()["agreementVersion"], 2);
});

crate::both!(who_sees_it_is_told_to_its_owner_and_is_so, |world| {
    let circle = circle(&world).await;
    let (partner, host) = (&world.partner.token, &world.host.token);
    let create = json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Les", "body": "x" });
    let artefact = done(&world, &circle.member.1, "artefactCreate", create).await;
    let seers = async |token: &str, id: &str, audience: &str| -> Vec<(String, String, bool, i64, bool)> {
        let query = "query($id: ID!, $audience: Audience) { visibility(id: $id, audience: $audience) { audience contentCeiling \
                     network public seers { organisationId reason wholeOrganisation peopleCount gains } } }";
        let asked = if audience.is_empty() { Value::Null } else { json!(audience) };
        let by_graph = world.gql(Some(token), query, json!({ "id": id, "audience": asked })).await.json();
        let key = if audience.is_empty() { String::new() } else { format!("?audience={audience}") };
        let by_rest = get(&world, token, &format!("visibility/{id}{key}")).await.json();
        assert_eq!(by_graph["data"]["visibility"], by_rest, "{by_graph}");
        let name = |id: &Value| {
            [&world.host, &world.partner].map(|one| (json!(one.id), one)).iter().position(|(known, _)| known == id)
        };
        let one = |one: &Value| {
            let organisation = name(&one["organisationId"]).map_or("?", |place| ["host", "partner"][place]).to_owned();
            let reason = one["reason"].as_str().unwrap().to_owned();
            (
                organisation,
                reason,
                one["wholeOrganisation"].as_bool().unwrap(),
                one["peopleCount"].as_i64().unwrap(),
                one["gains"].as_bool().unwrap(),
            )
        };
        let mut all: Vec<_> = by_rest["seers"].as_array().unwrap().iter().map(one).collect();
        all.sort_unstable();
        all
    };
    let seer = |organisation: &str, reason: &str, whole, people, gains| {
        (organisation.to_owned(), reason.to_owned(), whole, people, gains)
    };
    let path = format!("artefacts/{artefact}");
    // A draft: its author, and the organisation's own token.
    let author = seer("partner", "AUTHOR", false, 1, false);
    assert_eq!(seers(partner, &artefact, "").await, [author, seer("partner", "OWNER", false, 0, false)]);
    for (token, sees) in [(partner, 200), (&circle.member.1, 200), (&circle.colleague.1, 404), (&circle.guide, 404)] {
        assert_eq!(status(&world, token, &path).await, sees);
    }
    // Before it is handed in, who will see it then: the member and the facilitator of the host, and not the host.
    let members = seer("host", "MEMBER", false, 2, true);
    let owner = seer("partner", "OWNER", true, 0, false);
    assert_eq!(seers(partner, &artefact, "MEMBERS").await, [members, owner.clone()]);
    done(&world, &circle.member.1, "artefactSubmit", json!({ "id": artefact })).await;
    assert_eq!(seers(partner, &artefact, "").await, [seer("host", "MEMBER", false, 2, false), owner.clone()]);
    for (token, sees) in [(&circle.host_member, 200), (&circle.guide, 200), (host, 404), (&circle.colleague.1, 200)] {
        assert_eq!(status(&world, token, &path).await, sees);
    }
    assert_eq!(seers(partner, &artefact, "PARTNERS").await, [seer("host", "HOST", true, 0, true), owner.clone()]);
    let wide = get(&world, partner, &format!("visibility/{artefact}?audience=NETWORK")).await.json();
    assert_eq!((&wide["audience"], &wide["network"]), (&json!("PARTNERS"), &json!(false)), "the ceiling narrows it");
    done(&world, partner, "publicationRequest", json!({ "artefactId": artefact, "audience": "PARTNERS" })).await;
    assert_eq!(status(&world, host, &path).await, 200);
    assert_eq!(seers(partner, &artefact, "").await, [seer("host", "HOST", true, 0, false), owner]);
    // The CoP itself, for its host: who takes part, and the network if it were listed there.
    let own = seer("host", "OWNER", true, 0, false);
    assert_eq!(seers(host, &circle.cop, "").await, [own.clone(), seer("partner", "PARTNER", true, 0, false)]);
    let wide = get(&world, host, &format!("visibility/{}?audience=PUBLIC", circle.cop)).await.json();
    assert_eq!((&wide["network"], &wide["public"]), (&json!(true), &json!(true)));
    assert_eq!(status(&world, &world.outsider.token, &format!("cops/{}", circle.cop)).await, 404, "it is not so yet");
    // For its owner alone; to who does not see it, it is not there.
    assert_eq!(status(&world, host, &format!("visibility/{artefact}")).await, 403);
    assert_eq!(
        status(&world, &circle.member.1, &format!("visibility/{artefact}")).await,
        403,
        "a person who is no admin"
    );
    for id in [artefact.as_str(), "art_01h455vb4pex5vsknk084sn02q"] {
        assert_eq!(status(&world, &world.outsider.token, &format!("visibility/{id}")).await, 404);
        let query = format!("{{ visibility(id: \"{id}\") {{ audience }} }}");
        let answer = world.gql(Some(&world.outsider.token), &query, json!({})).await.json();
        assert_eq!((&answer["data"]["visibility"], answer.get("errors")), (&Value::Null, None));
    }
    assert_eq!(status(&world, &world.partner.weak, &format!("visibility/{artefact}")).await, 403);
    assert_eq!(status(&world, host, &format!("visibility/{}", world.host.id)).await, 400);
    assert_eq!(status(&world, partner, &format!("visibility/{artefact}?audience=ALL")).await, 400);
});

crate::both!(view_as_shows_what_they_see_themselves, |world| {
    let circle = circle(&world).await;
    let (partner, host) = (&world.partner.token, &world.host.token);
    // The CoP's theme is the host's own and shown by its CoP; that of the artefact is the partner's alone.
    let secret = done(&world, partner, "themeCreate", json!({ "title": "Alleen van ons" })).await;
    let write = |title: &str, audience: &str| {
        json!({ "copId": circle.cop, "kind": "INSIGHT", "title": title, "body": "x", "audience": audience,
                "themeId": secret, "externalId": title })
    };
    let mut of_partner = vec![];
    for audience in ["ORGANISATION", "MEMBERS", "PARTNERS", "DRAFT"] {
        let input = write(audience, if audience == "DRAFT" { "PARTNERS" } else { audience });
        let id = done(&world, partner, "artefactCreate", input).await;
        if audience != "DRAFT" {
            done(&world, partner, "artefactSubmit", json!({ "id": id })).await;
        }
        of_partner.push(("artefacts", id));
    }
    let charter = done(&world, host, "charterDraft", json!({ "copId": circle.cop, "why": "Omdat" })).await;
    let of_host = [("cops", circle.cop.clone()), ("charters", charter)];
    let organisations = [&world.host, &world.partner, &world.outsider, &world.evolva];
    let asked = async |token: &str, id: &str, field: &str, whom: &str| {
        let by_rest = get(&world, token, &format!("view-as/{id}?{field}={whom}")).await;
        let query = format!(
            "{{ viewAs(id: {id:?}, {field}: {}) {{ sees object }} }}",
            if field == "public" { whom.to_owned() } else { format!("{whom:?}") }
        );
        let by_graph = world.gql(Some(token), &query, json!({})).await.json();
        if by_rest.status == 200 {
            assert_eq!(by_graph["data"]["viewAs"], by_rest.json(), "{by_graph}");
        } else {
            assert!(by_graph["data"]["viewAs"].is_null(), "{by_graph} {}", by_rest.text);
        }
        by_rest
    };
    // What is told is what they are answered with, but for what the answer adds for them alone.
    let same = async |told: Value, token: &str, path: &str, what: &str| {
        let real = get(&world, token, path).await;
        assert_eq!(told["sees"], real.status == 200, "{what}");
        let Some(object) = told["object"].as_object() else { return 0 };
        let real = real.json();
        for (name, value) in object {
            assert_eq!(value, real.get(name).unwrap_or(&Value::Null), "{name} to {what}");
        }
        assert!(object.contains_key("title") || object.contains_key("why"));
        1
    };
    let mut seen = 0;
    for (list, id) in &of_host {
        for one in organisations {
            let told = asked(host, id, "organisationId", &one.id.to_string()).await.json();
            seen += same(told, &one.token, &format!("{list}/{id}"), &format!("{list} {}", one.id)).await;
        }
        for (person, token) in [&circle.member, &circle.colleague] {
            let told = asked(host, id, "personId", person).await;
            // Somebody whom the host cannot see cannot be asked about either.
            if told.status == 200 {
                seen += same(told.json(), token, &format!("{list}/{id}"), person).await;
            } else {
                assert_eq!((told.status, person), (400, &circle.colleague.0), "{}", told.text);
            }
        }
        assert_eq!(asked(host, id, "public", "true").await.json(), json!({ "sees": false, "object": null }));
    }
    assert_eq!(seen, 6);
    seen = 0;
    for (list, id) in &of_partner {
        for one in [&world.host, &world.partner] {
            let told = asked(partner, id, "organisationId", &one.id.to_string()).await.json();
            if one.id == world.host.id && told["sees"] == true {
                assert!(told["object"].get("externalId").is_none() && told["object"]["themeId"].is_null());
            }
            seen += same(told, &one.token, &format!("{list}/{id}"), &format!("{list} {}", one.id)).await;
        }
        for (person, token) in [&circle.member, &circle.colleague] {
            seen +=
                same(asked(partner, id, "personId", person).await.json(), token, &format!("{list}/{id}"), person).await;
        }
        // Who else takes part in the host's CoP is not told by asking.
        for other in [&world.outsider, &world.evolva] {
            assert_eq!(asked(partner, id, "organisationId", &other.id.to_string()).await.status, 400);
        }
    }
    assert_eq!(seen, 11);
    // Whether somebody sees the host's theme is between the host and them: the asker is shown what they see themselves.
    let theme = get(&world, partner, &format!("cops/{}", circle.cop)).await.json()["themeId"].clone();
    let write = json!({ "kind": "INSIGHT", "title": "Vrij", "body": "x", "audience": "NETWORK", "themeId": theme });
    let free = done(&world, partner, "artefactCreate", write).await;
    done(&world, partner, "artefactSubmit", json!({ "id": free })).await;
    let path = format!("artefacts/{free}");
    let outsider = world.outsider.id.to_string();
    assert_eq!(get(&world, &world.outsider.token, &path).await.json()["themeId"], Value::Null);
    assert_eq!(asked(partner, &free, "organisationId", &outsider).await.json()["object"]["themeId"], theme);
    done(&world, partner, "participationEnd", json!({ "id": circle.participation })).await;
    assert_eq!(get(&world, partner, &path).await.json()["themeId"], Value::Null);
    assert_eq!(get(&world, host, &path).await.json()["themeId"], theme);
    let told = asked(partner, &free, "organisationId", &world.host.id.to_string()).await.json();
    assert_eq!((&told["object"]["title"], &told["object"]["themeId"]), (&json!("Vrij"), &Value::Null));
    // For its owner's admin alone, one at a time, of what can be asked about.
    let (_, id) = &of_partner[2];
    assert_eq!(asked(host, id, "public", "true").await.status, 403);
    assert_eq!(asked(&circle.member.1, id, "public", "true").await.status, 403);
    assert_eq!(asked(&world.outsider.token, id, "public", "true").await.status, 404);
    assert_eq!(asked(partner, &world.partner.id.to_string(), "public", "true").await.status, 400);
    assert_eq!(asked(partner, id, "public", "false").await.status, 400);
    let both = format!("view-as/{id}?public=true&organisationId={}", world.host.id);
    assert_eq!(status(&world, partner, &both).await, 400);
    // What is public is so to whoever reads nothing else.
    let open = json!({ "kind": "INSIGHT", "title": "Open", "body": "x", "audience": "PUBLIC" });
    let open = done(&world, partner, "artefactCreate", open).await;
    assert_eq!(asked(partner, &open, "public", "true").await.json()["sees"], false, "a draft");
    done(&world, partner, "artefactSubmit", json!({ "id": open })).await;
    assert_eq!(asked(partner, &open, "public", "true").await.json()["object"]["title"], "Open");
});

crate::both!(no_edit_goes_further_than_what_was_said_yes_to, |world| {
    let circle = circle(&world).await;
    let (partner, host, member) = (&world.partner.token, &world.host.token, &circle.member.1);
    let version = async |id: &str| get(&world, partner, &format!("artefacts/{id}")).await.json()["version"].clone();
    let states =
        async |id: &str| published(&world, partner, id).await.into_iter().map(|(state, _)| state).collect::<Vec<_>>();
    let edit = async |token: &str, id: &str, with: Value| {
        let mut input = json!({ "id": id, "version": version(id).await });
        input.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
        done(&world, token, "artefactUpdate", input).await;
    };
    let create = json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Een", "body": "x", "audience": "PARTNERS",
        "authorIds": [circle.member.0] });
    let id = done(&world, partner, "artefactCreate", create).await;
    done(&world, partner, "artefactSubmit", json!({ "id": id })).await;
    assert_eq!(states(&id).await, ["PUBLISHED"], "its admin asked, and is alone");
    // A member's edit waits. What is rejected is not published by the next edit, whoever makes it.
    edit(member, &id, json!({ "title": "Twee" })).await;
    assert_eq!(states(&id).await, ["PUBLISHED", "REQUESTED"]);
    let asked = items(&world, partner, "publications?state=REQUESTED").await[0]["id"].clone();
    done(&world, partner, "publicationReject", json!({ "id": asked })).await;
    edit(partner, &id, json!({ "title": "Drie" })).await;
    assert_eq!(states(&id).await, ["PUBLISHED", "REJECTED"]);
    assert_eq!(published(&world, host, &id).await, shown(&[("PUBLISHED", Some("Een"))]));
    // To name a narrow audience takes back all that is wider, also where the current version is not.
    edit(partner, &id, json!({ "title": "Vier", "audience": "MEMBERS" })).await;
    assert_eq!(states(&id).await, ["WITHDRAWN", "REJECTED"]);
    assert_eq!(get(&world, partner, &format!("artefacts/{id}")).await.json()["audience"], "MEMBERS");
    // What the own organisation alone sees goes to nobody before a yes.
    edit(partner, &id, json!({ "audience": "ORGANISATION" })).await;
    edit(member, &id, json!({ "audience": "PARTNERS" })).await;
    assert_eq!(get(&world, partner, &format!("artefacts/{id}")).await.json()["audience"], "ORGANISATION");
    assert_eq!(status(&world, &circle.host_member, &format!("artefacts/{id}")).await, 404);
    // What is sent back is asked for no longer.
    let asked = items(&world, partner, "publications?state=REQUESTED").await[0]["id"].clone();
    done(&world, &circle.guide, "artefactSendBack", json!({ "id": id })).await;
    assert_eq!(refused(&world, partner, "publicationApprove", json!({ "id": asked })).await, "TRANSITION_NOT_ALLOWED");
});

crate::both!(who_contributed_cannot_be_left_out, |world| {
    let circle = circle(&world).await;
    let (partner, host) = (&world.partner.token, &world.host.token);
    let host_member = items(&world, &circle.member.1, &format!("people?organisationId={}", world.host.id)).await;
    let host_member = host_member.iter().find(|one| one["displayName"] == "Collega").unwrap()["id"].clone();
    let create = json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Samen", "body": "x",
        "authorIds": [circle.member.0, host_member] });
    let id = done(&world, &circle.member.1, "artefactCreate", create).await;
    done(&world, &circle.member.1, "artefactSubmit", json!({ "id": id })).await;
    let read = get(&world, partner, &format!("artefacts/{id}")).await.json();
    let alone = json!({ "id": id, "version": read["version"], "authorIds": [circle.member.0], "audience": "PARTNERS" });
    done(&world, partner, "artefactUpdate", alone).await;
    assert_eq!(
        published(&world, host, &id).await,
        shown(&[("REQUESTED", Some("Samen"))]),
        "its yes is asked for all the same"
    );
    assert_eq!(status(&world, host, &format!("artefacts/{id}")).await, 404);
    assert_eq!(status(&world, &circle.host_member, &format!("artefacts/{id}")).await, 200, "and its author stays one");
    // A token that may not publish gives no yes for its organisation by asking.
    let scopes = json!({ "name": "schrijver", "scopes": ["artefacts:read", "artefacts:write", "cops:read"] });
    let writer = world
        .op(crate::harness::Surface::Rest, &crate::harness::meta("tokenIssue"), Some(partner), &scopes)
        .await
        .json();
    let writer = writer["accessToken"].as_str().unwrap();
    let create =
        json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Alleen", "body": "x", "audience": "PARTNERS" });
    let id = done(&world, writer, "artefactCreate", create).await;
    done(&world, writer, "artefactSubmit", json!({ "id": id })).await;
    let asked = items(&world, partner, &format!("publications?artefactId={id}")).await[0].clone();
    assert_eq!(asked["state"], "REQUESTED");
    done(&world, partner, "publicationApprove", json!({ "id": asked["id"] })).await;
    assert_eq!(status(&world, host, &format!("artefacts/{id}")).await, 200);
    // An organisation that has left learns nothing of the CoP by what it owns.
    done(&world, host, "participationEnd", json!({ "id": circle.participation })).await;
    let told = get(&world, partner, &format!("visibility/{id}?audience=MEMBERS")).await.json();
    assert_eq!((&told["contentCeiling"], told["seers"].as_array().unwrap().len()), (&Value::Null, 1));
});

crate::both!(an_import_publishes_nothing_into_the_past, |world| {
    let (partner, host) = (&world.partner.token, &world.host.token);
    let put = async |query: &str, row: Value| {
        let url = format!("{}/api/v1/imports?collection=ARTEFACTS{query}", world.base);
        let request = world.http.post(url).header("Content-Type", "application/x-ndjson").body(row.to_string());
        let job = world.send(request, Some(host)).await.json();
        assert_eq!(job["failed"], 0, "{job}");
        job
    };
    let row = |body: &str| json!({ "externalId": "oud", "title": "Oud", "body": body, "audience": "NETWORK", "state": "VALIDATED", "publishedAt": "2014-01-01T00:00:00Z" });
    put("&history=true", row("een")).await;
    let first = items(&world, partner, "publications").await[0].clone();
    assert!(first["publishedAt"].as_str().unwrap().starts_with("2014"), "{first}");
    put("&history=true", row("twee")).await;
    let all = items(&world, partner, "publications?sort=-publishedAt").await;
    assert_eq!(all.len(), 2);
    assert!(!all[0]["publishedAt"].as_str().unwrap().starts_with("2014"), "what is new was not shown then: {all:?}");
    // What a file leaves out of the audience stays as it is.
    let without = json!({ "externalId": "oud", "title": "Oud", "body": "twee", "publishedAt": "2014-01-01T00:00:00Z" });
    assert_eq!(put("&history=true", without).await["unchanged"], 1);
    assert_eq!(items(&world, partner, "publications?state=PUBLISHED").await.len(), 2);
});
