//! What happens in the worlds that are compared: what they have in common, and by what they come to differ.

use crate::{
    attachments,
    harness::{Actor, Surface, World},
    import_method,
    members::{self, Circle, done},
    year,
};
use serde_json::{Value, json};

/// An object of every kind that an organisation makes alone, and its latest of each: `key` stands in all its names.
pub async fn furnish(world: &World, actor: &Actor, key: &str) {
    let does = async |name: &str, input: Value| done(world, &actor.token, name, input).await;
    let named = |what: &str| format!("{what} {key}");
    let person = json!({ "externalId": key, "displayName": named("Persoon"), "email": "p@example.org" });
    let person = does("personCreate", person).await;
    let token = json!({ "name": key, "scopes": ["cops:read"], "ownerContact": "t@example.org" });
    does("tokenIssue", token).await;
    let feed = json!({ "name": named("Agenda"), "personId": person });
    does("calendarFeedCreate", feed).await;
    let session = json!({ "externalId": key, "kind": "CLINIC", "title": named("Clinic"),
        "startsAt": "2199-01-01T13:00:00Z", "endsAt": "2199-01-01T15:00:00Z" });
    does("sessionPlan", session).await;
    // What the operator makes of the following is the whole network's.
    let (theme, element) =
        if actor.id == world.evolva.id { (None, None) } else { shared(world, actor, key, &person).await.unzip() };
    let artefact = json!({ "externalId": key, "kind": "INSIGHT", "title": named("Inzicht"), "body": "Tekst",
        "language": "nl", "tags": [key], "authorIds": [person], "themeId": theme,
        "elementIds": element.into_iter().collect::<Vec<_>>() });
    let artefact = does("artefactCreate", artefact).await;
    attachments::attach(world, &actor.token, &artefact, &format!("{key}.pdf")).await;
    let file = attachments::upload(world, &actor.token, "bijlage.pdf", &attachments::pdf(key)).await;
    let file = json!({ "externalId": key, "version": 0, "artefactExternalId": key, "uploadId": file,
        "title": named("Bijlage") });
    does("attachmentPut", file).await;
    // The latest is of no artefact yet.
    attachments::upload(world, &actor.token, "los.pdf", &attachments::pdf(key)).await;
    import_method::furnish(world, actor, key).await;
    if theme.is_some() {
        let join =
            json!({ "externalId": key, "version": 0, "sessionExternalId": format!("{key}-s"), "copExternalId": key });
        does("sessionCopPut", join).await;
    }
    let asked = json!({ "name": named("Vrager"), "email": "v@example.org", "message": "Hoe?", "themeId": theme,
        "consentVersion": 1 });
    let asked = does("contactRequestSubmit", asked).await;
    does("contactRequestAssign", json!({ "id": asked, "assigneeId": person })).await;
    let row = json!({ "externalId": format!("{key}-i"), "displayName": named("Uit een bestand") });
    let import = world.http.post(format!("{}/api/v1/imports?collection=PEOPLE", world.base));
    let import = import.header("Content-Type", "application/x-ndjson").body(row.to_string());
    assert_eq!(world.send(import, Some(&actor.token)).await.status, 201);
}

/// What of it the network sees of the operator; its theme, and an element.
async fn shared(world: &World, actor: &Actor, key: &str, person: &str) -> Option<(String, String)> {
    let does = async |name: &str, input: Value| done(world, &actor.token, name, input).await;
    let named = |what: &str| format!("{what} {key}");
    let concept = json!({ "externalId": key, "name": named("Concept"), "profile": "OPEN" });
    let concept = does("conceptCreate", concept).await;
    let element = json!({ "conceptId": concept, "code": key, "title": named("Element") });
    let element = does("conceptElementAdd", element).await;
    let area = does("focusAreaAdd", json!({ "conceptId": concept, "title": named("Gebied") })).await;
    let theme = json!({ "externalId": key, "slug": key, "title": named("Thema"), "conceptId": concept,
        "focusAreaIds": [area] });
    let theme = does("themeCreate", theme).await;
    let project = json!({ "externalId": key, "title": named("Koploper"), "elementId": element,
        "strengths": ["durf"] });
    does("frontRunnerProjectCreate", project).await;
    let runs = json!({ "externalId": key, "version": 0, "projectExternalId": key, "personExternalId": key });
    does("frontRunnerPut", runs).await;
    let other = json!({ "title": named("Tweede koploper"), "elementId": element, "strengths": ["Durf"] });
    let other = does("frontRunnerProjectCreate", other).await;
    let guide = json!({ "externalId": key, "titleNl": named("Draaiboek"), "titleEn": named("Guide") });
    let guide = does("guideCreate", guide).await;
    let step = json!({ "guideId": guide, "titleNl": named("Stap"), "bodyNl": "Zo" });
    does("guideStepAdd", step).await;
    for step in [key, &format!("{key}-2")] {
        let step = json!({ "externalId": step, "version": 0, "guideExternalId": key, "titleNl": named(step) });
        does("guideStepPut", step).await;
    }
    let exchange = json!({ "externalId": key, "version": 0, "givingProjectExternalId": key, "receivingProjectId": other,
        "strength": "durf", "exchangedDate": "2026-02-01", "note": named("Meegelopen") });
    does("exchangePut", exchange).await;
    let cop = json!({ "externalId": key, "slug": key, "title": named("Kring"), "conceptId": concept,
        "themeId": theme, "elementIds": [element], "startDate": "2026-01-01" });
    let cop = does("copCreate", cop).await;
    let progress =
        json!({ "externalId": key, "version": 0, "copExternalId": key, "stepExternalId": key, "state": "DOING" });
    does("stepProgressPut", progress).await;
    let facilitation = json!({ "copId": cop, "personId": person, "isPrimary": true });
    does("facilitationAssign", facilitation).await;
    does("copRecruit", json!({ "id": cop })).await;
    let member = json!({ "externalId": key, "version": 0, "copExternalId": key, "personExternalId": key });
    does("membershipPut", member).await;
    let charter = json!({ "externalId": key, "version": 0, "copExternalId": key, "why": "Omdat" });
    does("charterPut", charter).await;
    let goal = json!({ "externalId": key, "version": 0, "charterExternalId": key, "title": named("Doel") });
    does("goalPut", goal).await;
    let series = json!({ "externalId": key, "version": 0, "copExternalId": key, "title": named("Reeks"),
        "rule": "FREQ=WEEKLY;COUNT=2", "startDate": "2026-02-02", "startTime": "10:00", "endTime": "12:00" });
    does("sessionSeriesPut", series).await;
    // The latest has no charter yet.
    let next = json!({ "externalId": format!("{key}-n"), "slug": format!("{key}-n"), "title": named("Volgende kring"),
        "conceptId": concept, "themeId": theme, "startDate": "2026-01-01" });
    let next = does("copCreate", next).await;
    does("facilitationAssign", json!({ "copId": next, "personId": person, "isPrimary": true })).await;
    does("copRecruit", json!({ "id": next })).await;
    Some((theme, element))
}

/// A CoP of one organisation with another, with everything that belongs to one that works.
pub async fn community(world: &World, host: &Actor, guest: &Actor, key: &str) -> String {
    let does = async |actor: &Actor, name: &str, input: Value| done(world, &actor.token, name, input).await;
    let named = |what: &str| format!("{what} {key}");
    let concept = json!({ "name": named("Methode"), "profile": "OPEN" });
    let concept = does(host, "conceptCreate", concept).await;
    let theme = json!({ "title": named("Vraagstuk"), "conceptId": concept });
    let theme = does(host, "themeCreate", theme).await;
    let cop = json!({ "title": named("Gemeenschap"), "conceptId": concept, "themeId": theme,
        "startDate": "2026-01-01", "listingAudience": "PARTNERS", "contentCeiling": "PARTNERS" });
    let cop = does(host, "copCreate", cop).await;
    let (guide, _) = members::person(world, host, &named("Gids")).await;
    let primary = json!({ "copId": cop, "personId": guide, "isPrimary": true });
    does(host, "facilitationAssign", primary).await;
    does(host, "copRecruit", json!({ "id": cop })).await;
    let asked = json!({ "copId": cop, "organisationId": guest.id, "message": named("Doe mee") });
    let asked = does(host, "participationInvite", asked).await;
    does(guest, "participationAccept", json!({ "id": asked })).await;
    let charter = json!({ "copId": cop, "why": "Omdat", "how": "Zo", "goals": [named("Doel")] });
    let charter = does(host, "charterDraft", charter).await;
    does(host, "charterPropose", json!({ "id": charter })).await;
    does(guest, "charterAgree", json!({ "id": charter })).await;
    does(host, "copActivate", json!({ "id": cop })).await;
    let clinic = json!({ "copId": cop, "kind": "CLINIC", "title": named("Clinic"), "place": "Arnhem", "guestsAllowed": true,
        "startsAt": "2026-02-01T13:00:00Z", "endsAt": "2026-02-01T15:00:00Z" });
    let clinic = does(host, "sessionPlan", clinic).await;
    let expert = json!({ "displayName": named("Expert"), "external": true });
    let expert = does(host, "personCreate", expert).await;
    let expert =
        json!({ "sessionId": clinic, "personId": expert, "perspective": "DIDACTIC", "subject": named("Leren") });
    does(host, "expertContributionInvite", expert).await;
    does(host, "sessionSchedule", json!({ "id": clinic })).await;
    let convenor = json!({ "sessionId": clinic, "title": named("Rooster"), "convenorId": guide, "notes": "Meenemen" });
    does(host, "agendaItemRaise", convenor).await;
    does(host, "registrationCreate", json!({ "sessionId": clinic, "personId": guide })).await;
    let (member, _) = members::person(world, guest, &named("Deelnemer")).await;
    let apply = json!({ "copId": cop, "personId": member, "motivation": named("Ik wil") });
    let membership = does(guest, "membershipApply", apply).await;
    does(host, "membershipSelect", json!({ "id": membership })).await;
    does(host, "membershipActivate", json!({ "id": membership })).await;
    let comes = does(guest, "registrationCreate", json!({ "sessionId": clinic, "personId": member })).await;
    let brought = json!({ "displayName": named("Introducé"), "external": true });
    let brought = does(guest, "personCreate", brought).await;
    let brought = json!({ "sessionId": clinic, "personId": brought, "broughtById": member });
    does(guest, "registrationCreate", brought).await;
    does(host, "sessionHold", json!({ "id": clinic })).await;
    does(host, "sessionRecordAttendance", json!({ "id": clinic, "attended": [comes] })).await;
    // Another CoP of the host joins it, and a meeting of its own is joined by this one.
    let joins = json!({ "title": named("Aansluitende kring"), "conceptId": concept, "themeId": theme,
        "startDate": "2026-01-01", "listingAudience": "PARTNERS", "contentCeiling": "PARTNERS" });
    let joins = does(host, "copCreate", joins).await;
    does(host, "sessionCopAdd", json!({ "sessionId": clinic, "copId": joins })).await;
    let meeting = json!({ "kind": "NETWORK_MEETING", "title": named("Gezamenlijk"), "startsAt": "2199-01-01T13:00:00Z",
        "endsAt": "2199-01-01T15:00:00Z" });
    let meeting = does(host, "sessionPlan", meeting).await;
    does(host, "sessionCopAdd", json!({ "sessionId": meeting, "copId": cop })).await;
    does(host, "agendaItemRaise", json!({ "sessionId": meeting, "title": named("Welkom") })).await;
    let series = json!({ "copId": cop, "title": named("Wekelijks"), "rule": "FREQ=WEEKLY;COUNT=2",
        "startDate": "2199-01-01", "startTime": "10:00", "endTime": "12:00" });
    does(host, "sessionSeriesPlan", series).await;
    does(guest, "calendarFeedCreate", json!({ "name": named("Kring"), "copId": cop })).await;
    let goals = world.get(&format!("/api/v1/goals?copId={cop}"), Some(&host.token)).await.json();
    let artefact = json!({ "copId": cop, "kind": "BEST_PRACTICE", "title": named("Werkwijze"), "body": "Tekst",
        "audience": "PARTNERS", "tags": [key], "goalIds": [goals["items"][0]["id"]], "authorIds": [member],
        "sessionId": clinic });
    let artefact = does(guest, "artefactCreate", artefact).await;
    attachments::attach(world, &guest.token, &artefact, &format!("{key}.pdf")).await;
    does(guest, "artefactSubmit", json!({ "id": artefact })).await;
    does(host, "artefactValidate", json!({ "id": artefact })).await;
    let comment = json!({ "artefactId": artefact, "body": named("Mooi") });
    let comment = does(host, "commentPost", comment).await;
    let answer = json!({ "artefactId": artefact, "parentId": comment, "body": named("Dank") });
    does(guest, "commentPost", answer).await;
    let anchoring = json!({ "artefactId": artefact, "place": named("Rooster"), "ownerPersonId": member, "reviewDate": "2198-01-01" });
    does(guest, "anchoringPlan", anchoring).await;
    does(host, "sessionShowArtefact", json!({ "sessionId": clinic, "artefactId": artefact })).await;
    guided(world, host, &cop, &named("Draaiboek")).await;
    let asked = json!({ "name": named("Vrager"), "email": "v@example.org", "message": "Wanneer?", "copId": cop,
        "consentVersion": 1 });
    does(host, "contactRequestSubmit", asked).await;
    passed_on(world, [host, guest], [&cop, &clinic], &named("Koploper"), &member).await;
    cop
}

/// A strength of the guest's project goes to one of the host's.
async fn passed_on(world: &World, [host, guest]: [&Actor; 2], [cop, clinic]: [&str; 2], title: &str, member: &str) {
    let elements = world.get("/api/v1/concept-elements?first=1", Some(&guest.token)).await.json();
    let element = &elements["items"][0]["id"];
    let project = json!({ "title": title, "elementId": element, "strengths": ["Geduld"] });
    let giving = done(world, &guest.token, "frontRunnerProjectCreate", project).await;
    done(world, &guest.token, "frontRunnerAdd", json!({ "projectId": giving, "personId": member })).await;
    let elements = world.get("/api/v1/concept-elements?first=1", Some(&host.token)).await.json();
    let project = json!({ "title": title, "elementId": elements["items"][0]["id"], "audience": "NETWORK" });
    let receiving = done(world, &host.token, "frontRunnerProjectCreate", project).await;
    let exchange = json!({ "givingProjectId": giving, "receivingProjectId": receiving, "copId": cop, "sessionId": clinic,
        "strength": "geduld", "exchangedDate": "2026-02-01" });
    let exchange = done(world, &guest.token, "exchangeRecord", exchange).await;
    // From here on the network does not see it any more.
    let narrow = json!({ "id": receiving, "version": 1, "audience": "ORGANISATION" });
    done(world, &host.token, "frontRunnerProjectUpdate", narrow).await;
    done(world, &host.token, "exchangeAcknowledge", json!({ "id": exchange, "learned": "Rustig aan" })).await;
}

/// The host's guide, and how far the CoP is with its first step.
async fn guided(world: &World, host: &Actor, cop: &str, title: &str) {
    let guide = done(world, &host.token, "guideCreate", json!({ "titleNl": title })).await;
    let step = json!({ "guideId": guide, "titleNl": title });
    let step = done(world, &host.token, "guideStepAdd", step).await;
    let far = json!({ "copId": cop, "stepId": step, "state": "DOING", "evidence": title });
    done(world, &host.token, "stepProgressRecord", far).await;
}

/// What all worlds have in common.
pub struct Base {
    pub circle: Circle,
    /// A CoP of the host and the outsider.
    pub elsewhere: String,
    /// Calendar feeds, by whose they are.
    pub feeds: Vec<(&'static str, String)>,
    /// A CoP of the host that everybody may read, with what is published in it.
    pub public: String,
    /// An artefact of the circle whose first version is published to partners and whose second waits, with a file.
    pub published: (String, String),
}

/// A year, a circle of three organisations, a CoP of two others, and everything that each organisation has alone.
pub async fn base(world: &World) -> Base {
    year::play(world, Surface::Rest).await;
    let elsewhere = community(world, &world.host, &world.outsider, "elders").await;
    let circle = members::circle(world).await;
    let asked = json!({ "copId": circle.cop, "organisationId": world.evolva.id, "message": "Doe mee" });
    let asked = done(world, &world.host.token, "participationInvite", asked).await;
    done(world, &world.evolva.token, "participationAccept", json!({ "id": asked })).await;
    for actor in [&world.host, &world.partner, &world.outsider, &world.evolva] {
        let key = format!("basis-{}", &actor.id.to_string()[20..]);
        let found = json!({ "displayName": format!("Vindbaar {key}"), "discoverable": true });
        done(world, &actor.token, "personCreate", found).await;
        let path = format!("/api/v1/organisations/{}", actor.id);
        let version = world.get(&path, Some(&actor.token)).await.json()["version"].clone();
        let form = json!({ "id": actor.id, "version": version, "contactConsentText": year::CONSENT });
        done(world, &actor.token, "organisationUpdate", form).await;
        furnish(world, actor, &key).await;
    }
    let session = json!({ "copId": circle.cop, "kind": "REGULAR", "title": "Bijeenkomst", "startsAt": "2036-02-01T13:00:00Z",
        "endsAt": "2036-02-01T16:00:00Z" });
    let session = done(world, &circle.guide, "sessionPlan", session).await;
    done(world, &circle.guide, "sessionSchedule", json!({ "id": session })).await;
    let comes = json!({ "sessionId": session, "personId": circle.member.0 });
    done(world, &circle.member.1, "registrationCreate", comes).await;
    let mut feeds = vec![];
    for (whose, token, cop) in [
        ("the host", &world.host.token, Some(&elsewhere)),
        ("the outsider", &world.outsider.token, Some(&elsewhere)),
        ("the partner", &world.partner.token, Some(&circle.cop)),
        ("the operator's organisation", &world.evolva.token, Some(&circle.cop)),
        ("a member", &circle.member.1, None),
        ("a colleague", &circle.colleague.1, None),
        ("the facilitator", &circle.guide, None),
    ] {
        let input = json!({ "name": whose, "copId": cop });
        feeds.push((whose, crate::calendars::feed(world, token, input).await.1));
    }
    let input = json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Voor allen", "body": "x" });
    let artefact = done(world, &circle.host_member, "artefactCreate", input).await;
    let file = attachments::attach(world, &circle.host_member, &artefact, "eerst.pdf").await;
    done(world, &circle.host_member, "artefactSubmit", json!({ "id": artefact })).await;
    let wider = json!({ "artefactId": artefact, "audience": "PARTNERS" });
    done(world, &world.host.token, "publicationRequest", wider).await;
    // Its next version waits, so that partners read the first.
    let version = world.get(&format!("/api/v1/artefacts/{artefact}"), Some(&circle.host_member)).await.json();
    let next = json!({ "id": artefact, "version": version["version"], "title": "Voor allen, herzien" });
    done(world, &circle.host_member, "artefactUpdate", next).await;
    let public = public(world, &world.host, &circle.guide_id).await;
    Base { circle, elsewhere, feeds, public, published: (artefact, file) }
}

/// A CoP that everybody may read, with a published artefact that has a file.
async fn public(world: &World, host: &Actor, guide: &str) -> String {
    let does = async |name: &str, input: Value| done(world, &host.token, name, input).await;
    let concept = does("conceptCreate", json!({ "name": "Open methode", "profile": "OPEN" })).await;
    let theme = does("themeCreate", json!({ "title": "Open vraagstuk", "conceptId": concept })).await;
    let cop = json!({ "title": "Open kring", "conceptId": concept, "themeId": theme, "startDate": "2026-01-01",
        "listingAudience": "PUBLIC", "contentCeiling": "PUBLIC" });
    let cop = does("copCreate", cop).await;
    does("facilitationAssign", json!({ "copId": cop, "personId": guide, "isPrimary": true })).await;
    does("copRecruit", json!({ "id": cop })).await;
    let artefact = json!({ "copId": cop, "kind": "INSIGHT", "title": "Open inzicht", "body": "Tekst", "tags": ["open"],
        "themeId": theme, "authorIds": [guide] });
    let artefact = does("artefactCreate", artefact).await;
    attachments::attach(world, &host.token, &artefact, "open.pdf").await;
    does("artefactSubmit", json!({ "id": artefact })).await;
    does("publicationRequest", json!({ "artefactId": artefact, "audience": "PUBLIC" })).await;
    cop
}

/// A world that is made to differ, step by step; each step must change what its seer is answered.
pub struct Differing<'w> {
    pub world: &'w World,
    pub count: usize,
}

impl Differing<'_> {
    /// The list as somebody sees it.
    async fn seen(&self, token: &str, list: &str) -> String {
        let answer = self.world.get(&format!("/api/v1/{list}?first=100"), Some(token)).await;
        assert_eq!(answer.status, 200, "{list}: {}", answer.text);
        answer.text
    }

    async fn by(&mut self, what: &str, seer: &str, list: &str, change: impl Future<Output = ()>) {
        let before = self.seen(seer, list).await;
        change.await;
        assert!(before != self.seen(seer, list).await, "{what}: who may see it is answered as before");
        self.count += 1;
    }

    async fn op(&mut self, who: &str, seer: &str, list: &str, name: &str, input: Value) {
        let world = self.world;
        self.by(name, seer, list, async {
            done(world, who, name, input).await;
        })
        .await;
    }

    /// A column that only some may read, changed alone: neither version nor time tells of it.
    async fn column(&mut self, seer: &str, list: &str, table: &str, column: &str, id: &str) {
        let world = self.world;
        let id = world.literal(id);
        let text = format!("UPDATE {table} SET {column} = 'alleen voor wie het aangaat' WHERE id = {id}");
        self.by(&format!("{table}.{column}"), seer, list, async { assert_eq!(world.sql(&text).await, 1, "{text}") })
            .await;
    }

    /// The latest row of a list that an organisation owns, and that is as this says.
    async fn latest(&self, actor: &Actor, list: &str, is: impl Fn(&Value) -> bool) -> Value {
        let rows = self.world.get(&format!("/api/v1/{list}?first=100"), Some(&actor.token)).await.json();
        let own = rows["items"].as_array().unwrap().iter().filter(|one| one["ownerId"] == json!(actor.id) && is(one));
        let last = own.max_by_key(|one| one["id"].as_str().unwrap().to_owned());
        last.unwrap_or_else(|| panic!("no own row among {list}")).clone()
    }

    /// What every organisation sees, and not everybody.
    pub async fn for_the_network(&mut self, base: &Base) {
        let world = self.world;
        let (host, evolva) = (world.host.token.as_str(), world.evolva.token.as_str());
        let seer = world.outsider.token.as_str();
        self.op(evolva, seer, "concepts", "conceptCreate", json!({ "name": "Netwerkconcept" })).await;
        let concept = self.latest(&world.evolva, "concepts", |_| true).await["id"].clone();
        let element = json!({ "conceptId": concept, "code": "net", "title": "Netwerkelement" });
        self.op(evolva, seer, "concept-elements", "conceptElementAdd", element).await;
        let theme = json!({ "title": "Netwerkthema", "conceptId": concept });
        self.op(evolva, seer, "themes", "themeCreate", theme).await;
        self.op(evolva, seer, "guides", "guideCreate", json!({ "titleNl": "Netwerkdraaiboek" })).await;
        let found = json!({ "displayName": "Vindbaar in het netwerk", "discoverable": true });
        self.op(host, seer, "people", "personCreate", found).await;
        let element = self.latest(&world.evolva, "concept-elements", |_| true).await["id"].clone();
        let project = json!({ "title": "Netwerkkoploper", "elementId": element, "audience": "NETWORK" });
        self.op(host, seer, "front-runner-projects", "frontRunnerProjectCreate", project).await;
        let meeting = json!({ "kind": "NETWORK_MEETING", "title": "Netwerkdag", "audience": "NETWORK",
            "startsAt": "2199-01-01T13:00:00Z", "endsAt": "2199-01-01T15:00:00Z" });
        let meeting = done(world, host, "sessionPlan", meeting).await;
        self.op(host, seer, "sessions", "sessionSchedule", json!({ "id": meeting })).await;
        for (cop, title) in [(None, "Netwerkinzicht"), (Some(&base.public), "Netwerkinzicht in het openbaar")] {
            let artefact =
                json!({ "copId": cop, "kind": "INSIGHT", "title": title, "body": "Tekst", "tags": ["open"] });
            let artefact = done(world, host, "artefactCreate", artefact).await;
            attachments::attach(world, host, &artefact, "netwerk.pdf").await;
            done(world, host, "artefactSubmit", json!({ "id": artefact })).await;
            let asked = json!({ "artefactId": artefact, "audience": "NETWORK" });
            self.op(host, seer, "artefacts", "publicationRequest", asked).await;
        }
        let guide = &base.circle.guide_id;
        let theme = world.get(&format!("/api/v1/cops/{}", base.public), Some(host)).await.json();
        let cop = json!({ "title": "Netwerkkring", "conceptId": theme["conceptId"], "themeId": theme["themeId"],
            "startDate": "2026-01-01", "listingAudience": "NETWORK", "contentCeiling": "NETWORK" });
        let cop = done(world, host, "copCreate", cop).await;
        done(world, host, "facilitationAssign", json!({ "copId": cop, "personId": guide, "isPrimary": true })).await;
        self.op(host, seer, "cops", "copRecruit", json!({ "id": cop })).await;
    }

    /// What a key sees that is for the public, whoever issued it.
    pub async fn for_everybody(&mut self, base: &Base) {
        let world = self.world;
        let (host, public) = (world.host.token.as_str(), world.partner.public.as_str());
        let artefact = json!({ "copId": base.public, "kind": "INSIGHT", "title": "Voor iedereen", "body": "Tekst" });
        let artefact = done(world, host, "artefactCreate", artefact).await;
        done(world, host, "artefactSubmit", json!({ "id": artefact })).await;
        let asked = json!({ "artefactId": artefact, "audience": "PUBLIC" });
        self.op(host, public, "artefacts", "publicationRequest", asked).await;
    }

    /// An organisation makes one more of everything, and changes what it had.
    pub async fn an_organisation(&mut self, actor: &Actor, key: &str) {
        let world = self.world;
        let token = actor.token.as_str();
        let has = |list: &str| list != "people" && list != "tokens" && list != "sessions" && list != "artefacts";
        let lists = [
            "people",
            "tokens",
            "sessions",
            "artefacts",
            "attachments",
            "uploads",
            "imports",
            "calendar-feeds",
            "contact-requests",
        ];
        let of_sessions = ["agenda-items", "expert-contributions", "registrations", "anchorings", "comments"];
        let lists = lists.into_iter().chain(of_sessions);
        let more = [
            "concepts",
            "concept-elements",
            "focus-areas",
            "themes",
            "front-runner-projects",
            "front-runners",
            "exchanges",
            "guides",
            "guide-steps",
            "step-progress",
        ];
        let more = more.into_iter().chain(["cops", "facilitations", "memberships", "charters", "goals"]);
        let lists: Vec<_> = if actor.id == world.evolva.id { lists.collect() } else { lists.chain(more).collect() };
        let mut before = vec![];
        for list in &lists {
            before.push(self.seen(token, list).await);
        }
        let open = |one: &Value| one["state"] == "DRAFT" || one["status"] == "DRAFT" || one["status"] == "RECRUITING";
        let mut changes = vec![
            ("personUpdate", "people", self.latest(actor, "people", |one| one["discoverable"] == false).await),
            ("artefactUpdate", "artefacts", self.latest(actor, "artefacts", open).await),
            ("sessionUpdate", "sessions", self.latest(actor, "sessions", open).await),
        ];
        if has("concepts") && actor.id != world.evolva.id {
            let any = |_: &Value| true;
            changes.push(("conceptUpdate", "concepts", self.latest(actor, "concepts", any).await));
            let element = self.latest(actor, "concept-elements", any).await;
            changes.push(("conceptElementUpdate", "concept-elements", element));
            changes.push(("focusAreaUpdate", "focus-areas", self.latest(actor, "focus-areas", any).await));
            changes.push(("themeUpdate", "themes", self.latest(actor, "themes", any).await));
            let project = self.latest(actor, "front-runner-projects", any).await;
            changes.push(("frontRunnerProjectUpdate", "front-runner-projects", project));
            changes.push(("copUpdate", "cops", self.latest(actor, "cops", open).await));
        }
        let revoked = self.latest(actor, "tokens", |one| one["name"].as_str().unwrap().starts_with("basis")).await;
        furnish(world, actor, key).await;
        for (list, before) in lists.iter().zip(before) {
            assert!(before != self.seen(token, list).await, "{list}: who made it is answered as before");
            self.count += 1;
        }
        for (name, list, row) in changes {
            let mut input = json!({ "id": row["id"], "version": row["version"] });
            let field = ["displayName", "name", "title"].into_iter().find(|field| row[field].is_string()).unwrap();
            input[field] = json!(format!("Nu anders {key}"));
            self.op(token, token, list, name, input).await;
        }
        if actor.id != world.evolva.id {
            let own = self.latest(actor, "concepts", |_| true).await;
            let sections = json!([{ "key": key, "headingNl": format!("Kop {key}") }]);
            let template = json!({ "id": own["id"], "kind": "INSIGHT", "titleNl": key, "sections": sections });
            self.op(token, token, "concepts", "conceptSetTemplate", template).await;
        }
        let gone = self.latest(actor, "artefacts", |one| one["externalId"] == key).await;
        self.op(token, token, "artefacts", "artefactSubmit", json!({ "id": gone["id"] })).await;
        self.op(token, token, "tokens", "tokenRevoke", json!({ "id": revoked["id"] })).await;
        let session = self.latest(actor, "sessions", open).await;
        self.op(token, token, "sessions", "sessionCancel", json!({ "id": session["id"] })).await;
        let found = self.latest(actor, "people", |one| one["discoverable"] == true).await;
        let found = found["id"].as_str().unwrap();
        self.column(token, "people", "person", "email", found).await;
        if actor.id != world.evolva.id {
            let cop = self.latest(actor, "cops", |one| one["status"] == "RECRUITING").await;
            let cancel = json!({ "id": cop["id"], "reason": "Toch niet" });
            self.op(token, token, "cops", "copCancel", cancel).await;
            let runner = self.latest(actor, "front-runners", |one| one["state"] == "ACTIVE").await;
            self.op(token, token, "front-runners", "frontRunnerEnd", json!({ "id": runner["id"] })).await;
            let left =
                self.latest(actor, "people", |one| one["externalId"].as_str().unwrap_or("").ends_with("-i")).await;
            self.op(token, token, "people", "personLeave", json!({ "id": left["id"] })).await;
        }
    }

    /// Two organisations start a CoP, and go on with one that they have.
    pub async fn a_community(&mut self, host: &Actor, guest: &Actor, elsewhere: &str, key: &str) {
        let world = self.world;
        let (hosts, guests) = (host.token.as_str(), guest.token.as_str());
        let all = "cops charters goals participations facilitations memberships sessions artefacts anchorings \
                   showings exchanges step-progress guides guide-steps expert-contributions agenda-items registrations people \
                   concepts themes publications session-series session-cops contact-requests";
        for (actor, lists) in [
            (host, all),
            (
                guest,
                "cops charters goals sessions step-progress session-series calendar-feeds expert-contributions agenda-items \
                 registrations artefacts attachments comments memberships publications publication-approvals session-cops",
            ),
        ] {
            let mut before = vec![];
            for list in lists.split_whitespace() {
                before.push((list, self.seen(&actor.token, list).await));
            }
            let key = format!("{key}-{}", before.len());
            community(world, host, guest, &key).await;
            for (list, before) in before {
                assert!(before != self.seen(&actor.token, list).await, "{list}: who takes part is answered as before");
                self.count += 1;
            }
        }
        let cop = world.get(&format!("/api/v1/cops/{elsewhere}"), Some(hosts)).await.json();
        let update = json!({ "id": elsewhere, "version": cop["version"], "title": "AAA", "summary": "Anders" });
        self.op(hosts, guests, "cops", "copUpdate", update).await;
        let of = async |list: &str| {
            let rows = world.get(&format!("/api/v1/{list}"), Some(hosts)).await.json();
            rows["items"][0].clone()
        };
        let of_cop = async |list: &str| of(&format!("{list}?copId={elsewhere}")).await;
        let (artefact, session, goal) = (of_cop("artefacts").await, of_cop("sessions").await, of_cop("goals").await);
        let update = json!({ "id": artefact["id"], "version": artefact["version"], "body": "Herzien" });
        self.op(guests, hosts, "artefacts", "artefactUpdate", update).await;
        let report = json!({ "id": session["id"], "happened": "Veel" });
        self.op(hosts, guests, "sessions", "sessionReport", report).await;
        let assessed = json!({ "id": goal["id"], "assessment": "REACHED", "note": "Gelukt" });
        self.op(hosts, guests, "goals", "goalAssess", assessed).await;
        let anchoring = of(&format!("anchorings?artefactId={}", artefact["id"].as_str().unwrap())).await;
        let membership = of_cop("memberships").await;
        self.op(guests, hosts, "anchorings", "anchoringAnchor", json!({ "id": anchoring["id"] })).await;
        self.op(hosts, guests, "memberships", "membershipComplete", json!({ "id": membership["id"] })).await;
        let member = membership["id"].as_str().unwrap();
        self.column(hosts, "memberships", "membership", "reason", member).await;
        let participation = of_cop("participations").await;
        let end = json!({ "id": participation["id"] });
        self.op(guests, hosts, "participations", "participationEnd", end).await;
    }

    /// What members make for members, and what is between the sides of a circle's rows.
    pub async fn for_members(&mut self, base: &Base) {
        let (world, circle) = (self.world, &base.circle);
        let member = circle.member.1.as_str();
        let host = world.host.token.as_str();
        let input = json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Voor ons", "body": "x",
            "audience": "MEMBERS", "tags": ["ons"] });
        let artefact = done(world, &circle.host_member, "artefactCreate", input).await;
        attachments::attach(world, &circle.host_member, &artefact, "voor-ons.pdf").await;
        let id = json!({ "id": artefact });
        self.op(&circle.host_member, member, "artefacts", "artefactSubmit", id.clone()).await;
        self.op(&circle.guide, member, "artefacts", "artefactValidate", id).await;
        let comment = json!({ "artefactId": artefact, "body": "Goed gezien" });
        self.op(&circle.host_member, member, "comments", "commentPost", comment).await;
        let said = world.get(&format!("/api/v1/comments?artefactId={artefact}"), Some(member)).await.json();
        let said = said["items"][0]["id"].clone();
        let answer = json!({ "artefactId": artefact, "parentId": said, "body": "Vind ik ook" });
        self.op(&circle.guide, member, "comments", "commentPost", answer).await;
        let lesson = json!({ "copId": circle.cop, "kind": "LESSON_LEARNED", "title": "Geleerd", "body": "x",
            "audience": "MEMBERS" });
        let lesson = done(world, &circle.host_member, "artefactCreate", lesson).await;
        done(world, &circle.host_member, "artefactSubmit", json!({ "id": lesson })).await;
        let step = json!({ "id": lesson, "to": "IDENTIFIED", "note": "Te weinig tijd" });
        self.op(&circle.host_member, member, "lesson-steps", "artefactLessonAdvance", step).await;
        // Partners read on what was published; the next version, with other files, is its members'.
        let (published, file) = &base.published;
        let remove = json!({ "id": file });
        self.op(&circle.host_member, host, "attachments", "attachmentRemove", remove).await;
        self.by("attachmentAdd", member, "attachments", async {
            attachments::attach(world, &circle.host_member, published, "later.pdf").await;
        })
        .await;
        // What waits for a yes is between those who contributed.
        let wider = json!({ "artefactId": artefact, "audience": "PARTNERS", "message": "Mag dit?" });
        self.op(&circle.host_member, host, "publications", "publicationRequest", wider).await;
        let asked = world.get(&format!("/api/v1/publications?artefactId={artefact}"), Some(host)).await.json();
        let asked = asked["items"][0]["id"].as_str().unwrap();
        let approval = format!("/api/v1/publication-approvals?publicationId={asked}");
        let approval = world.get(&approval, Some(host)).await.json()["items"][0]["id"].clone();
        let approval = approval.as_str().unwrap();
        self.column(host, "publication-approvals", "publication_approval", "reason", approval).await;
        let plan = json!({ "artefactId": artefact, "place": "Overleg" });
        self.op(&circle.host_member, member, "anchorings", "anchoringPlan", plan).await;
        let coordinator = json!({ "copId": circle.cop, "personId": circle.guide_id, "role": "COORDINATOR" });
        self.op(host, member, "facilitations", "facilitationAssign", coordinator).await;
        let (chosen, own) = members::person(world, &world.host, "Nog iemand").await;
        let apply = json!({ "copId": circle.cop, "personId": chosen, "motivation": "Graag" });
        let membership = done(world, &own, "membershipApply", apply).await;
        let select = json!({ "id": membership });
        self.op(&circle.guide, member, "memberships", "membershipSelect", select).await;
    }

    /// What a member of another organisation does not see of their own circle.
    pub async fn between_the_sides(&mut self, base: &Base) {
        let (world, circle) = (self.world, &base.circle);
        let host = world.host.token.as_str();
        let draft =
            json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Kladje", "body": "x", "audience": "MEMBERS" });
        self.op(&circle.host_member, &circle.host_member, "artefacts", "artefactCreate", draft).await;
        let own = json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Voor de gids", "body": "x",
            "audience": "ORGANISATION" });
        let own = done(world, &circle.host_member, "artefactCreate", own).await;
        self.op(&circle.host_member, &circle.guide, "artefacts", "artefactSubmit", json!({ "id": own })).await;
        let (put_forward, _) = members::person(world, &world.host, "Kandidaat").await;
        let nominate = json!({ "copId": circle.cop, "personId": put_forward, "motivation": "Past goed" });
        self.op(host, &circle.guide, "memberships", "membershipNominate", nominate).await;
        let (refused, own) = members::person(world, &world.host, "Afgewezen").await;
        let apply = json!({ "copId": circle.cop, "personId": refused, "motivation": "Graag" });
        let membership = done(world, &own, "membershipApply", apply).await;
        let reject = json!({ "id": membership, "reason": "Vol" });
        self.op(&circle.guide, &circle.guide, "memberships", "membershipReject", reject).await;
        let invite = json!({ "copId": circle.cop, "organisationId": world.outsider.id, "message": "Doen jullie mee?" });
        self.op(host, &circle.guide, "participations", "participationInvite", invite).await;
        self.column(host, "cops", "cop", "status_reason", &circle.cop).await;
        let rows = |list: &str| format!("/api/v1/{list}?copId={}", circle.cop);
        let all = world.get(&rows("memberships"), Some(host)).await.json();
        let theirs = all["items"].as_array().unwrap().iter().find(|one| one["personTenantId"] == json!(world.host.id));
        let theirs = theirs.unwrap()["id"].as_str().unwrap();
        self.column(&circle.guide, "memberships", "membership", "motivation", theirs).await;
        self.column(&circle.guide, "memberships", "membership", "reason", theirs).await;
        let all = world.get(&rows("participations"), Some(host)).await.json();
        let theirs =
            all["items"].as_array().unwrap().iter().find(|one| one["organisationId"] == json!(world.evolva.id));
        let theirs = theirs.unwrap()["id"].as_str().unwrap();
        self.column(&circle.guide, "participations", "participation", "message", theirs).await;
    }

    /// A draft of one of an organisation's people, which colleagues do not see.
    pub async fn a_draft(&mut self, base: &Base) {
        let (world, circle) = (self.world, &base.circle);
        let member = circle.member.1.as_str();
        let draft = json!({ "copId": circle.cop, "kind": "EXPERIENCE", "title": "Mijn klad", "body": "x",
            "tags": ["klad"], "audience": "PARTNERS" });
        self.op(member, &world.partner.token, "artefacts", "artefactCreate", draft).await;
        let draft = self.latest(&world.partner, "artefacts", |one| one["title"] == "Mijn klad").await;
        let id = draft["id"].as_str().unwrap().to_owned();
        self.by("attachmentAdd", member, "attachments", async {
            attachments::attach(world, member, &id, "klad.pdf").await;
        })
        .await;
        let draft = self.latest(&world.partner, "artefacts", |one| one["title"] == "Mijn klad").await;
        let update = json!({ "id": draft["id"], "version": draft["version"], "title": "AAA" });
        self.op(member, member, "artefacts", "artefactUpdate", update).await;
    }
}
