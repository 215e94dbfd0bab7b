//! One CoP through its whole life, over each surface and on each database. Every operation is done here by who may do
//! it; right before, the same request is refused without a token, without the scope, and to an organisation that has
//! nothing to do with it, which is answered as if the ids did not exist.

use crate::{
    access::checked,
    harness::{Actor, Surface, World, meta},
};
use evolva_api::contract;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

mod method;

/// What whoever uses a contact form agrees to.
pub const CONSENT: &str = "Wij bewaren uw vraag een half jaar.";

struct Year<'w> {
    world: &'w World,
    surface: Surface,
    done: BTreeSet<String>,
}

/// Replaces every typed id by one of the same kind that no row has.
fn elsewhere(input: &Value) -> Value {
    match input {
        Value::String(text) => match text.split_once('_') {
            Some((prefix, rest)) if rest.len() == 26 && prefix.len() == 3 => {
                format!("{prefix}_01h455vb4pex5vsknk084sn02q").into()
            }
            _ => input.clone(),
        },
        Value::Array(all) => all.iter().map(elsewhere).collect(),
        Value::Object(all) => all.iter().map(|(name, value)| (name.clone(), elsewhere(value))).collect(),
        other => other.clone(),
    }
}

impl Year<'_> {
    /// Does it as who may, after everybody else was refused.
    async fn does(&mut self, actor: &Actor, name: &str, input: Value) -> String {
        self.step(&actor.token, &actor.weak, name, input, true).await
    }

    async fn step(&mut self, token: &str, weak: &str, name: &str, input: Value, outsiders: bool) -> String {
        let (world, surface, meta) = (self.world, self.surface, meta(name));
        let nobody = world.op(surface, &meta, None, &input).await;
        assert_eq!((nobody.status, nobody.header("www-authenticate").starts_with("Bearer")), (401, true), "{name}");
        let without = world.op(surface, &meta, Some(weak), &input).await;
        let codes = world.outcome(surface, &meta, &without).unwrap_err();
        assert_eq!(codes, ["INSUFFICIENT_SCOPE"], "{name} without its scope: {}", without.text);
        let random = elsewhere(&input);
        if outsiders && random != input {
            let real = world.op(surface, &meta, Some(&world.outsider.token), &input).await;
            let made_up = world.op(surface, &meta, Some(&world.outsider.token), &random).await;
            assert_eq!(real.status, made_up.status, "{name} to an outsider: {}", real.text);
            let (real, made_up) = (world.outcome(surface, &meta, &real), world.outcome(surface, &meta, &made_up));
            let known = ["NOT_FOUND", "UNKNOWN_REFERENCE"];
            assert!(matches!(&real, Err(codes) if known.contains(&codes[0].as_str())), "{name}: {real:?}");
            assert_eq!(real, made_up, "{name} tells an outsider that the ids exist");
        }
        let answer = checked(world, surface, &meta, token, &input).await;
        let (id, _) = world
            .outcome(surface, &meta, &answer)
            .unwrap_or_else(|codes| panic!("{name} is refused to who may: {codes:?} {}", answer.text));
        self.done.insert(name.to_owned());
        id
    }

    /// A shortcut that the rules refuse, to the very actor who may do it later.
    async fn refused(&self, actor: &Actor, name: &str, input: Value, code: &str) {
        let meta = meta(name);
        let answer = checked(self.world, self.surface, &meta, &actor.token, &input).await;
        let codes = self.world.outcome(self.surface, &meta, &answer).expect_err(name);
        assert!(codes.iter().any(|one| one == code), "{name}: {codes:?}, not {code}");
        assert!(answer.status != 500);
    }

    /// What the host is told of the steps of a CoP: where each leads, and the codes of what is still missing.
    async fn steps(&self, cop: &str) -> BTreeMap<String, Vec<String>> {
        let (world, token) = (self.world, Some(self.world.host.token.as_str()));
        let seen = match self.surface {
            Surface::Rest => world.get(&format!("/api/v1/cops/{cop}"), token).await.json(),
            Surface::Graphql => {
                let query = "query($id: ID!) { cop(id: $id) { allowedTransitions { to blockedBy { code } } } }";
                world.gql(token, query, json!({ "id": cop })).await.json()["data"]["cop"].clone()
            }
        };
        let text = |one: &Value| one.as_str().unwrap().to_owned();
        let codes = |one: &Value| one["blockedBy"].as_array().unwrap().iter().map(|one| text(&one["code"])).collect();
        let steps = seen["allowedTransitions"].as_array().unwrap().iter();
        steps.map(|one| (text(&one["to"]), codes(one))).collect()
    }

    /// A shortcut in the life of a CoP: the step is told to be blocked by this, and is refused for it.
    async fn shortcut(&self, cop: &str, to: &str, name: &str, code: &str) {
        let steps = self.steps(cop).await;
        assert!(steps[to].iter().any(|one| one == code), "{to} is not blocked by {code}: {steps:?}");
        self.refused(&self.world.host, name, json!({ "id": cop }), code).await;
    }

    async fn version(&self, actor: &Actor, path: &str, id: &str) -> Value {
        self.world.get(&format!("/api/v1/{path}/{id}"), Some(&actor.token)).await.json()["version"].clone()
    }

    async fn play(&mut self) {
        let world = self.world;
        let host = &world.host;
        self.organisations().await;
        self.put_by_key().await;
        let cop = self.prepared().await;
        let (own_member, partner_member) = self.recruited(&cop).await;
        let (charter_goals, clinic) = self.worked(&cop, &own_member, &partner_member).await;
        self.harvested(&cop, &charter_goals, &clinic).await;
        let successor = json!({ "title": "Opvolger", "predecessorId": cop });
        let successor = self.does(host, "copCreate", successor).await;
        self.refused(host, "copCancel", json!({ "id": successor }), "REASON_MISSING").await;
        self.does(host, "copCancel", json!({ "id": successor, "reason": "Alleen een proef" })).await;
        // From what is over, no step leads on.
        for over in [&cop, &successor] {
            assert_eq!(self.steps(over).await, BTreeMap::new());
            self.refused(host, "copResume", json!({ "id": over, "reason": "nog eens" }), "TRANSITION_NOT_ALLOWED")
                .await;
        }
    }

    async fn organisations(&mut self) {
        let world = self.world;
        let (host, operator) = (&world.host, world.operator.clone());
        let create = json!({ "name": format!("Nieuw {:?}", self.surface), "kind": "CARE" });
        let new = self.step(&operator, &host.token, "organisationCreate", create, false).await;
        let id = json!({ "id": new });
        self.step(&operator, &host.token, "organisationSuspend", id.clone(), false).await;
        self.step(&operator, &host.token, "organisationReactivate", id, false).await;
        let version = self.version(host, "organisations", &host.id.to_string()).await;
        let update = json!({ "id": host.id, "version": version, "privacyContact": "privacy@host.example",
            "contactConsentText": CONSENT });
        // The directory is open, so here others are forbidden and not blind.
        let meta = meta("organisationUpdate");
        let other = world.op(self.surface, &meta, Some(&world.outsider.token), &update).await;
        assert_eq!(world.outcome(self.surface, &meta, &other).unwrap_err(), ["FORBIDDEN"]);
        self.step(&host.token, &host.weak, "organisationUpdate", update, false).await;
        let issue = json!({ "name": "portal", "scopes": ["cops:read"] });
        let token = self.does(host, "tokenIssue", issue).await;
        let person = self.person(host, "Iemand", false).await;
        self.does(host, "memberTokenIssue", json!({ "personId": person })).await;
        let next = self.does(host, "tokenRotate", json!({ "id": token })).await;
        self.does(host, "tokenRevoke", json!({ "id": next })).await;
    }

    async fn put_by_key(&mut self) {
        let host = &self.world.host;
        for (name, input) in [
            ("themePut", json!({ "title": "Thema" })),
            ("personPut", json!({ "displayName": "Iemand" })),
            ("copPut", json!({ "title": "Kring", "themeExternalId": "k" })),
            ("artefactPut", json!({ "title": "Les", "kind": "LESSON_LEARNED", "authorExternalIds": ["k"] })),
        ] {
            let mut input = input;
            input["externalId"] = json!("k");
            input["version"] = json!(0);
            self.does(host, name, input).await;
        }
        let concept = self.does(host, "conceptCreate", json!({ "name": "Vrij", "profile": "OPEN" })).await;
        let theme = self.does(host, "themeCreate", json!({ "title": "Open", "conceptId": concept })).await;
        let open = json!({ "title": "Open", "externalId": "open", "conceptId": concept, "themeId": theme });
        let open = self.does(host, "copCreate", open).await;
        let person = self.person(host, "Gids", false).await;
        let guide = json!({ "copId": open, "personId": person, "isPrimary": true });
        self.does(host, "facilitationAssign", guide).await;
        self.does(host, "copRecruit", json!({ "id": open })).await;
        let member = json!({ "externalId": "k", "version": 0, "copExternalId": "open", "personExternalId": "k" });
        self.does(host, "membershipPut", member).await;
        self.method_by_key(&concept).await;
        self.does(host, "copCancel", json!({ "id": open, "reason": "Alleen een proef" })).await;
    }

    async fn person(&mut self, actor: &Actor, name: &str, discoverable: bool) -> String {
        self.does(actor, "personCreate", json!({ "displayName": name, "discoverable": discoverable })).await
    }

    async fn front_runner(&mut self, actor: &Actor, element: &str, person: &str) -> String {
        let project = json!({ "title": "Koploper", "elementId": element, "strengths": ["korte lijnen"] });
        // The concept is the network's, so nobody is blind to its element; the project is its organisation's.
        let project = self.step(&actor.token, &actor.weak, "frontRunnerProjectCreate", project, false).await;
        let version = self.version(actor, "front-runner-projects", &project).await;
        let update = json!({ "id": project, "version": version, "speciality": "Leren tijdens het werk" });
        self.does(actor, "frontRunnerProjectUpdate", update).await;
        self.does(actor, "frontRunnerAdd", json!({ "projectId": project, "personId": person })).await
    }

    async fn prepared(&mut self) -> String {
        let world = self.world;
        let (host, evolva) = (&world.host, &world.evolva);
        let own = self.does(host, "conceptCreate", json!({ "name": "Eigen", "profile": "OPEN" })).await;
        let version = self.version(host, "concepts", &own).await;
        self.does(host, "conceptUpdate", json!({ "id": own, "version": version, "edition": "2" })).await;
        let sections = json!([{ "key": "CONTEXT", "headingNl": "Aanleiding" }]);
        let template = json!({ "id": own, "kind": "INSIGHT", "titleNl": "Inzicht", "sections": sections });
        self.does(host, "conceptSetTemplate", template).await;
        let method = json!({ "id": own, "membersFrom": "ANYONE", "facilitatorFrom": "HOST", "longestMonths": 24 });
        self.does(host, "conceptSetProfile", method).await;
        let element =
            self.does(host, "conceptElementAdd", json!({ "conceptId": own, "code": "A", "title": "A" })).await;
        let version = self.version(host, "concept-elements", &element).await;
        self.does(host, "conceptElementUpdate", json!({ "id": element, "version": version, "title": "Ander" })).await;
        let area = self.does(host, "focusAreaAdd", json!({ "conceptId": own, "title": "Klimaat" })).await;
        let version = self.version(host, "focus-areas", &area).await;
        self.does(host, "focusAreaUpdate", json!({ "id": area, "version": version, "title": "Leerklimaat" })).await;
        let concept = self.does(evolva, "conceptCreate", json!({ "name": "Werkplekleren" })).await;
        let element = json!({ "conceptId": concept, "code": "COACH", "title": "De coach" });
        let element = self.step(&evolva.token, &evolva.weak, "conceptElementAdd", element, false).await;
        let theme = self.does(host, "themeCreate", json!({ "title": "Leiderschap", "conceptId": own })).await;
        let version = self.version(host, "themes", &theme).await;
        self.does(host, "themeUpdate", json!({ "id": theme, "version": version, "summary": "Kort" })).await;
        let cop = json!({ "title": "Samen leiden", "conceptId": concept });
        let cop = self.step(&host.token, &host.weak, "copCreate", cop, false).await;
        self.shortcut(&cop, "RECRUITING", "copRecruit", "THEME_MISSING").await;
        self.refused(host, "copActivate", json!({ "id": cop }), "TRANSITION_NOT_ALLOWED").await;
        let version = self.version(host, "cops", &cop).await;
        let too_long =
            json!({ "id": cop, "version": version, "startDate": "2026-01-01", "plannedEndDate": "2027-07-02" });
        self.refused(host, "copUpdate", too_long, "PERIOD_TOO_LONG").await;
        let stale = json!({ "id": cop, "version": 99, "title": "x" });
        self.refused(host, "copUpdate", stale, "STALE_VERSION").await;
        let update = json!({ "id": cop, "version": version, "themeId": theme, "startDate": "2026-01-01", "plannedEndDate": "2026-12-31" });
        self.does(host, "copUpdate", update).await;
        self.refused(host, "copRecruit", json!({ "id": cop }), "FACILITATOR_MISSING").await;
        let own_person = self.person(host, "Niet van Evolva", false).await;
        let wrong = json!({ "copId": cop, "personId": own_person, "isPrimary": true });
        let wrong = self.does(host, "facilitationAssign", wrong).await;
        self.refused(host, "copRecruit", json!({ "id": cop }), "FACILITATOR_MISSING").await;
        let facilitator = self.person(evolva, "Facilitator", true).await;
        let right = json!({ "copId": cop, "personId": facilitator, "isPrimary": true });
        self.does(host, "facilitationAssign", right).await;
        self.refused(host, "facilitationEnd", json!({ "id": wrong }), "TRANSITION_NOT_ALLOWED").await;
        let second = json!({ "copId": cop, "personId": own_person, "role": "COORDINATOR" });
        let second = self.does(host, "facilitationAssign", second).await;
        self.does(host, "facilitationEnd", json!({ "id": second })).await;
        self.shortcut(&cop, "RECRUITING", "copRecruit", "CHARTER_WHY_MISSING").await;
        self.charter(&cop).await;
        // Front-runners of both sides, for whoever is to be a member.
        let host_person = self.person(host, "Kartrekker", false).await;
        let partner_person = self.person(&world.partner, "Deelnemer", false).await;
        self.front_runner(host, &element, &host_person).await;
        self.front_runner(&world.partner, &element, &partner_person).await;
        let spare = self.person(host, "Vertrekker", false).await;
        let runner = self.front_runner(host, &element, &spare).await;
        self.does(host, "frontRunnerEnd", json!({ "id": runner })).await;
        self.refused(host, "frontRunnerEnd", json!({ "id": runner }), "TRANSITION_NOT_ALLOWED").await;
        let version = self.version(host, "people", &spare).await;
        self.does(host, "personUpdate", json!({ "id": spare, "version": version, "jobTitle": "Docent" })).await;
        self.does(host, "personLeave", json!({ "id": spare })).await;
        self.does(host, "personErase", json!({ "id": spare })).await;
        self.does(host, "copRecruit", json!({ "id": cop })).await;
        cop
    }

    async fn charter(&mut self, cop: &str) {
        let host = &self.world.host;
        let charter = self.does(host, "charterDraft", json!({ "copId": cop, "goals": ["Een werkwijze"] })).await;
        self.refused(host, "charterPropose", json!({ "id": charter }), "CHARTER_WHY_MISSING").await;
        let version = self.version(host, "charters", &charter).await;
        self.does(host, "charterUpdate", json!({ "id": charter, "version": version, "why": "Omdat", "how": "Zo" }))
            .await;
        let slip = self.does(host, "goalAdd", json!({ "charterId": charter, "title": "Een vergissing" })).await;
        let goal = self.does(host, "goalAdd", json!({ "charterId": charter, "title": "Een handreikng" })).await;
        self.does(host, "goalRemove", json!({ "id": slip })).await;
        let version = self.version(host, "goals", &goal).await;
        self.does(host, "goalUpdate", json!({ "id": goal, "version": version, "title": "Een handreiking" })).await;
    }

    async fn first(&self, actor: &Actor, list: &str, cop: &str) -> Value {
        let answer = self.world.get(&format!("/api/v1/{list}?copId={cop}"), Some(&actor.token)).await.json();
        answer["items"][0].clone()
    }

    async fn recruited(&mut self, cop: &str) -> (String, String) {
        let world = self.world;
        let (host, partner, evolva) = (&world.host, &world.partner, &world.evolva);
        self.shortcut(cop, "ACTIVE", "copActivate", "TOO_FEW_ORGANISATIONS").await;
        let met = json!(["SAFE_CLIMATE", "TIME", "PRIVACY", "ICT"]);
        let invite = |organisation| json!({ "copId": cop, "organisationId": organisation });
        let first = self.does(host, "participationInvite", invite(partner.id)).await;
        self.does(host, "participationWithdraw", json!({ "id": first })).await;
        let again = self.does(host, "participationInvite", invite(partner.id)).await;
        self.does(partner, "participationDecline", json!({ "id": again })).await;
        let third = self.does(host, "participationInvite", invite(partner.id)).await;
        // The side that asked cannot answer for the other.
        self.refused(host, "participationAccept", json!({ "id": third, "preconditionsMet": met }), "FORBIDDEN").await;
        self.refused(partner, "participationAccept", json!({ "id": third }), "PRECONDITIONS_NOT_MET").await;
        self.does(partner, "participationAccept", json!({ "id": third, "preconditionsMet": met })).await;
        // Evolva, who provides the facilitator, is asked and sees the CoP; then it asks by itself.
        let asked = self.does(host, "participationInvite", invite(evolva.id)).await;
        self.does(evolva, "participationAccept", json!({ "id": asked, "preconditionsMet": met })).await;
        self.does(evolva, "participationEnd", json!({ "id": asked })).await;
        let version = self.version(host, "cops", cop).await;
        self.does(host, "copUpdate", json!({ "id": cop, "version": version, "listingAudience": "NETWORK" })).await;
        let request = json!({ "copId": cop, "preconditionsMet": met });
        let request = self.step(&evolva.token, &evolva.weak, "participationRequest", request, false).await;
        self.refused(evolva, "participationAccept", json!({ "id": request }), "FORBIDDEN").await;
        self.does(host, "participationAccept", json!({ "id": request })).await;
        let version = self.version(host, "cops", cop).await;
        // The whole network sees it at this moment, so outsiders would be forbidden and not blind.
        let narrow = json!({ "id": cop, "version": version, "listingAudience": "PARTNERS" });
        self.step(&host.token, &host.weak, "copUpdate", narrow, false).await;
        self.members(cop).await
    }

    async fn person_of(&self, actor: &Actor, name: &str) -> String {
        let path = format!("/api/v1/people?organisationId={}&first=100", actor.id);
        let people = self.world.get(&path, Some(&actor.token)).await.json();
        let found = people["items"].as_array().unwrap().iter().find(|one| one["displayName"] == name).cloned();
        found.unwrap()["id"].as_str().unwrap().to_owned()
    }

    async fn members(&mut self, cop: &str) -> (String, String) {
        let world = self.world;
        let (host, partner) = (&world.host, &world.partner);
        let (lead, deelnemer) = (self.person_of(host, "Kartrekker").await, self.person_of(partner, "Deelnemer").await);
        let nobody = self.person(partner, "Geen koploper", false).await;
        let apply = |person: &str| json!({ "copId": cop, "personId": person });
        self.refused(partner, "membershipApply", apply(&nobody), "NOT_ELIGIBLE").await;
        let nominated = self.does(partner, "membershipNominate", apply(&nobody)).await;
        self.refused(partner, "membershipAccept", json!({ "id": nominated }), "NOT_ELIGIBLE").await;
        self.refused(host, "membershipSelect", json!({ "id": nominated }), "PERSON_YES_MISSING").await;
        self.does(host, "membershipReject", json!({ "id": nominated, "reason": "Geen koploper" })).await;
        let own =
            self.does(host, "membershipNominate", json!({ "copId": cop, "personId": lead, "role": "LEAD" })).await;
        // The person's own yes is not the partner's to give.
        self.does(host, "membershipAccept", json!({ "id": own })).await;
        self.does(host, "membershipSelect", json!({ "id": own })).await;
        self.refused(host, "membershipActivate", json!({ "id": own }), "COP_NOT_OPEN").await;
        let theirs = self.does(partner, "membershipApply", apply(&deelnemer)).await;
        self.refused(partner, "membershipSelect", json!({ "id": theirs }), "FORBIDDEN").await;
        self.does(host, "membershipSelect", json!({ "id": theirs })).await;
        self.refused(host, "membershipWithdraw", json!({ "id": theirs }), "FORBIDDEN").await;
        self.does(partner, "membershipWithdraw", json!({ "id": theirs, "reason": "Ander werk" })).await;
        let theirs = self.does(partner, "membershipApply", apply(&deelnemer)).await;
        self.does(host, "membershipSelect", json!({ "id": theirs })).await;
        self.refused(host, "membershipRemove", json!({ "id": theirs }), "REASON_MISSING").await;
        self.does(host, "membershipRemove", json!({ "id": theirs, "reason": "Vergissing" })).await;
        let theirs = self.does(partner, "membershipApply", apply(&deelnemer)).await;
        let many = json!({ "id": cop, "membershipIds": [theirs] });
        self.refused(partner, "copSelectMembers", many.clone(), "FORBIDDEN").await;
        self.does(host, "copSelectMembers", many).await;
        let spare = self.person(host, "Reserve", false).await;
        let spare = self.does(host, "membershipNominate", apply(&spare)).await;
        let many = json!({ "id": cop, "membershipIds": [spare], "reason": "Vol" });
        self.does(host, "copRejectMembers", many).await;
        (own, theirs)
    }

    async fn worked(&mut self, cop: &str, own: &str, theirs: &str) -> (Vec<String>, String) {
        let world = self.world;
        let (host, partner, evolva) = (&world.host, &world.partner, &world.evolva);
        let charter = self.first(host, "charters", cop).await["id"].as_str().unwrap().to_owned();
        self.refused(partner, "charterPropose", json!({ "id": charter }), "FORBIDDEN").await;
        self.does(host, "charterPropose", json!({ "id": charter })).await;
        self.does(host, "charterWithdraw", json!({ "id": charter })).await;
        self.does(host, "charterPropose", json!({ "id": charter })).await;
        self.does(partner, "charterAgree", json!({ "id": charter })).await;
        assert_eq!(self.first(host, "charters", cop).await["state"], "PROPOSED", "one organisation is still to agree");
        self.shortcut(cop, "ACTIVE", "copActivate", "CHARTER_NOT_AGREED").await;
        self.does(evolva, "charterAgree", json!({ "id": charter })).await;
        assert_eq!(self.first(host, "charters", cop).await["state"], "AGREED");
        self.shortcut(cop, "ACTIVE", "copActivate", "TOO_FEW_SESSIONS").await;
        let plan = |kind: &str| json!({ "copId": cop, "kind": kind, "title": kind, "startsAt": "2026-02-01T13:00:00Z", "endsAt": "2026-02-01T16:00:00Z" });
        let hackathon = self.does(host, "sessionPlan", plan("HACKATHON")).await;
        let version = self.version(host, "sessions", &hackathon).await;
        self.does(host, "sessionUpdate", json!({ "id": hackathon, "version": version, "place": "Arnhem" })).await;
        self.does(host, "sessionSchedule", json!({ "id": hackathon })).await;
        self.does(host, "copActivate", json!({ "id": cop })).await;
        self.experts(&hackathon, own).await;
        let came = self.seats(&hackathon).await;
        self.does(host, "sessionHold", json!({ "id": hackathon, "reason": "Een expert was ziek" })).await;
        let attended = json!({ "id": hackathon, "attended": [came.0], "absent": [came.1] });
        self.does(host, "sessionRecordAttendance", attended).await;
        let report = json!({ "id": hackathon, "planned": "Een *prototype*", "learned": "Klein beginnen" });
        self.refused(host, "sessionReport", report.clone(), "REQUIRED").await;
        let mut whole = report.clone();
        whole["happened"] = json!("Twee prototypes");
        self.does(host, "sessionReport", whole).await;
        let version = self.version(host, "sessions", &hackathon).await;
        let why = json!({ "id": hackathon, "version": version, "why": "De groep was groot" });
        self.does(host, "sessionReportUpdate", why).await;
        let seen = world.get(&format!("/api/v1/sessions/{hackathon}"), Some(&partner.token)).await.json();
        assert_eq!(
            (&seen["plannedHtml"], &seen["why"]),
            (&json!("<p>Een <em>prototype</em></p>\n"), &json!("De groep was groot"))
        );
        let spare = self.does(host, "sessionPlan", plan("REGULAR")).await;
        self.does(host, "sessionCancel", json!({ "id": spare })).await;
        self.series(cop).await;
        let mut later = plan("REGULAR");
        later["startsAt"] = json!("2199-01-01T13:00:00Z");
        later["endsAt"] = json!("2199-01-01T14:00:00Z");
        let later = self.does(host, "sessionPlan", later).await;
        self.does(host, "sessionSchedule", json!({ "id": later })).await;
        self.refused(host, "sessionHold", json!({ "id": later }), "NOT_STARTED").await;
        for membership in [own, theirs] {
            self.does(host, "membershipActivate", json!({ "id": membership })).await;
        }
        self.refused(host, "sessionRecordAttendance", json!({ "id": later }), "NOT_STARTED").await;
        self.agenda(&later).await;
        let shown = world.get(&format!("/api/v1/cops/{cop}"), Some(&host.token)).await.json();
        assert_eq!(shown["memberCount"], 2, "the kept count follows its memberships");
        let clinic = self.does(host, "sessionPlan", plan("CLINIC")).await;
        self.does(host, "sessionSchedule", json!({ "id": clinic })).await;
        self.does(host, "sessionHold", json!({ "id": clinic })).await;
        let goals = world.get(&format!("/api/v1/goals?copId={cop}"), Some(&host.token)).await.json();
        let goals =
            goals["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
        self.joined(cop, &later).await;
        self.exchanged(cop, &clinic).await;
        self.guided(cop).await;
        self.contacted(cop).await;
        self.learned(cop).await;
        (goals, clinic)
    }

    /// An intensive session lacks a perspective until an expert of it is found; what one brings may be taken back.
    async fn experts(&mut self, hackathon: &str, membership: &str) {
        let world = self.world;
        let (host, evolva) = (&world.host, &world.evolva);
        let missing = async || {
            let path = format!("/api/v1/sessions/{hackathon}");
            world.get(&path, Some(&host.token)).await.json()["missingPerspectives"].clone()
        };
        assert_eq!(missing().await, json!(["DIDACTIC", "CHANGE_MANAGEMENT", "ORGANISATIONAL"]));
        self.refused(host, "sessionHold", json!({ "id": hackathon }), "PERSPECTIVES_MISSING").await;
        let outsider = json!({ "displayName": "Expert van buiten", "external": true, "affiliation": "Hogeschool" });
        let expert = self.does(host, "personCreate", outsider).await;
        let invite =
            |person: &str, side: &str| json!({ "sessionId": hackathon, "personId": person, "perspective": side });
        let member = world.get(&format!("/api/v1/memberships/{membership}"), Some(&host.token)).await.json();
        let member = member["personId"].as_str().unwrap();
        self.refused(host, "expertContributionInvite", invite(member, "DIDACTIC"), "NOT_ELIGIBLE").await;
        let first = self.does(host, "expertContributionInvite", invite(&expert, "DIDACTIC")).await;
        self.refused(host, "expertContributionInvite", invite(&expert, "DIDACTIC"), "ALREADY_EXISTS").await;
        let version = self.version(host, "expert-contributions", &first).await;
        let subject = json!({ "id": first, "version": version, "subject": "Leren op de werkplek" });
        self.does(host, "expertContributionUpdate", subject).await;
        self.does(host, "expertContributionInvite", invite(&expert, "CHANGE_MANAGEMENT")).await;
        assert_eq!(missing().await, json!(["ORGANISATIONAL"]));
        // Who is held by another organisation and may be found comes, too, and that one takes them back.
        let found = json!({ "displayName": "Organisatiekundige", "external": true, "discoverable": true });
        let found = self.does(evolva, "personCreate", found).await;
        let last = self.does(host, "expertContributionInvite", invite(&found, "ORGANISATIONAL")).await;
        assert_eq!(missing().await, json!([]));
        let seen = world.get(&format!("/api/v1/expert-contributions/{last}"), Some(&evolva.token)).await;
        assert_eq!(seen.status, 200, "the organisation of the expert sees where they go");
        self.does(evolva, "expertContributionWithdraw", json!({ "id": last })).await;
        assert_eq!(missing().await, json!(["ORGANISATIONAL"]));
    }

    /// The last seat is taken, somebody waits for it and gets it, and brings a guest along.
    async fn seats(&mut self, hackathon: &str) -> (String, String) {
        let world = self.world;
        let (host, partner) = (&world.host, &world.partner);
        let version = self.version(host, "sessions", hackathon).await;
        let one = json!({ "id": hackathon, "version": version, "capacity": 1, "guestsAllowed": true });
        self.does(host, "sessionUpdate", one).await;
        let (lead, deelnemer) = (self.person_of(host, "Kartrekker").await, self.person_of(partner, "Deelnemer").await);
        let nobody = self.person_of(partner, "Geen koploper").await;
        let comes = |person: &str| json!({ "sessionId": hackathon, "personId": person });
        self.refused(partner, "registrationCreate", comes(&nobody), "NOT_ELIGIBLE").await;
        let first = self.does(host, "registrationCreate", comes(&lead)).await;
        self.refused(host, "registrationCreate", comes(&lead), "ALREADY_EXISTS").await;
        let second = self.does(partner, "registrationCreate", comes(&deelnemer)).await;
        let state = async |id: &str| {
            world.get(&format!("/api/v1/registrations/{id}"), Some(&partner.token)).await.json()["state"].clone()
        };
        assert_eq!(state(&second).await, "WAITING");
        self.does(host, "registrationCancel", json!({ "id": first })).await;
        assert_eq!(state(&second).await, "REGISTERED", "who waits gets the seat that is given back");
        let guest = json!({ "displayName": "Introducé", "external": true });
        let guest = self.does(partner, "personCreate", guest).await;
        let brought = json!({ "sessionId": hackathon, "personId": guest, "broughtById": deelnemer });
        let third = self.does(partner, "registrationCreate", brought).await;
        let version = self.version(host, "sessions", hackathon).await;
        self.does(host, "sessionUpdate", json!({ "id": hackathon, "version": version, "capacity": 2 })).await;
        assert_eq!(state(&third).await, "REGISTERED", "more seats go to those who wait");
        let counts = world.get(&format!("/api/v1/sessions/{hackathon}"), Some(&partner.token)).await.json();
        assert_eq!((&counts["registeredCount"], &counts["waitingCount"]), (&json!(2), &json!(0)));
        (second, third)
    }

    /// A series within the CoP's period, moved and called off from a day on; and feeds of it.
    async fn series(&mut self, cop: &str) {
        let (host, partner) = (&self.world.host, &self.world.partner);
        let plan = |rule: &str| {
            json!({ "copId": cop, "title": "Maandelijks", "rule": rule, "startDate": "2026-09-01",
            "startTime": "10:00", "endTime": "12:00" })
        };
        self.refused(host, "sessionSeriesPlan", plan("FREQ=DAILY;COUNT=61"), "TOO_MANY").await;
        self.refused(host, "sessionSeriesPlan", plan("FREQ=MONTHLY;COUNT=5"), "OUT_OF_RANGE").await;
        self.refused(partner, "sessionSeriesPlan", plan("FREQ=MONTHLY;COUNT=4"), "FORBIDDEN").await;
        let series = self.does(host, "sessionSeriesPlan", plan("FREQ=MONTHLY;COUNT=4")).await;
        let rest = json!({ "id": series, "from": "2026-11-01", "startTime": "13:00", "endTime": "15:00" });
        self.refused(partner, "sessionSeriesMove", rest.clone(), "FORBIDDEN").await;
        self.does(host, "sessionSeriesMove", rest).await;
        let rest = json!({ "id": series, "from": "2026-10-01", "reason": "Samengevoegd" });
        self.refused(partner, "sessionSeriesCancel", rest.clone(), "FORBIDDEN").await;
        self.does(host, "sessionSeriesCancel", rest.clone()).await;
        self.refused(host, "sessionSeriesCancel", rest, "OUT_OF_RANGE").await;
        let feed = self.does(partner, "calendarFeedCreate", json!({ "name": "Onze kring", "copId": cop })).await;
        let member = self.person_of(partner, "Deelnemer").await;
        let own = self.does(partner, "calendarFeedCreate", json!({ "name": "Agenda", "personId": member })).await;
        self.refused(host, "calendarFeedCreate", json!({ "name": "Niets" }), "REQUIRED").await;
        self.does(host, "calendarFeedCreate", json!({ "name": "Bij de gastheer", "copId": cop })).await;
        for feed in [feed, own] {
            self.does(partner, "calendarFeedRevoke", json!({ "id": feed })).await;
        }
    }

    /// A member proposes something for the agenda, and who plans the session accepts it.
    async fn agenda(&mut self, session: &str) {
        let world = self.world;
        let (host, partner) = (&world.host, &world.partner);
        let first = self.does(host, "agendaItemRaise", json!({ "sessionId": session, "title": "Welkom" })).await;
        let version = self.version(host, "agenda-items", &first).await;
        let update = json!({ "id": first, "version": version, "notes": "*Koffie*", "minutes": 15 });
        self.does(host, "agendaItemUpdate", update).await;
        self.refused(host, "agendaItemAccept", json!({ "id": first }), "TRANSITION_NOT_ALLOWED").await;
        let deelnemer = self.person_of(partner, "Deelnemer").await;
        let issue = meta("memberTokenIssue");
        let member = json!({ "personId": deelnemer });
        let member = world.op(Surface::Rest, &issue, Some(&partner.token), &member).await.json()["accessToken"].clone();
        let propose = json!({ "sessionId": session, "title": "Ons rooster" });
        let second = self.step(member.as_str().unwrap(), &partner.weak, "agendaItemRaise", propose, true).await;
        let row = world.get(&format!("/api/v1/agenda-items/{second}"), Some(&host.token)).await.json();
        assert_eq!(
            (&row["state"], &row["position"], &row["convenorId"]),
            (&json!("PROPOSED"), &json!(2), &json!(deelnemer))
        );
        self.refused(partner, "agendaItemAccept", json!({ "id": second }), "FORBIDDEN").await;
        self.does(host, "agendaItemAccept", json!({ "id": second })).await;
        self.does(host, "agendaItemDrop", json!({ "id": first })).await;
    }

    /// What two organisations wrote is published when both have said yes, and no longer when one of them takes it back.
    async fn published(&mut self, cop: &str) {
        let world = self.world;
        let (host, partner) = (&world.host, &world.partner);
        let (own, other) =
            (self.person(partner, "Schrijver", true).await, self.person(host, "Meeschrijver", true).await);
        let create =
            json!({ "copId": cop, "kind": "INSIGHT", "title": "Samen", "body": "x", "authorIds": [own, other] });
        let artefact = self.does(partner, "artefactCreate", create).await;
        let ask = json!({ "artefactId": artefact, "audience": "PARTNERS", "message": "Mag dit?" });
        self.refused(partner, "publicationRequest", ask.clone(), "INVALID_VALUE").await;
        self.does(partner, "artefactSubmit", json!({ "id": artefact })).await;
        let too_wide = json!({ "artefactId": artefact, "audience": "NETWORK" });
        self.refused(partner, "publicationRequest", too_wide, "INVALID_VALUE").await;
        let first = self.does(partner, "publicationRequest", ask.clone()).await;
        self.refused(partner, "publicationRequest", ask.clone(), "ALREADY_EXISTS").await;
        self.refused(partner, "publicationPublish", json!({ "id": first }), "TRANSITION_NOT_ALLOWED").await;
        self.does(host, "publicationReject", json!({ "id": first, "reason": "Nog niet" })).await;
        let second = self.does(partner, "publicationRequest", ask).await;
        self.does(host, "publicationApprove", json!({ "id": second })).await;
        self.refused(host, "publicationPublish", json!({ "id": second }), "FORBIDDEN").await;
        self.does(partner, "publicationPublish", json!({ "id": second })).await;
        self.does(host, "publicationWithdraw", json!({ "id": second, "reason": "Toch niet" })).await;
    }

    /// Files for a draft: one that stays, and one that is taken out again.
    async fn with_files(&mut self, artefact: &str) {
        let world = self.world;
        let (host, partner) = (&world.host, &world.partner);
        self.does(host, "uploadCreate", json!({ "fileName": "later.pdf", "size": 4 })).await;
        for name in ["rooster.pdf", "verkeerd.pdf"] {
            let bytes = crate::attachments::pdf(name);
            let announced = json!({ "fileName": name, "size": bytes.len(), "mediaType": "application/pdf" });
            let upload = self.does(partner, "uploadCreate", announced).await;
            let add = json!({ "artefactId": artefact, "uploadId": upload, "title": "Het rooster" });
            self.refused(partner, "attachmentAdd", add.clone(), "UPLOAD_INCOMPLETE").await;
            if name == "verkeerd.pdf" {
                // As who has been given an address in the store brings it.
                let take = json!({ "id": upload });
                self.refused(partner, "uploadTakePart", take.clone(), "UPLOAD_INCOMPLETE").await;
                crate::attachments::beside(world, &upload, 0, &bytes);
                self.does(partner, "uploadTakePart", take).await;
            } else {
                let answer = crate::attachments::put(world, &partner.token, &upload, &bytes, None).await;
                assert_eq!(answer.status, 200, "{}", answer.text);
            }
            let attachment = self.does(partner, "attachmentAdd", add).await;
            self.refused(host, "attachmentRemove", json!({ "id": attachment }), "NOT_FOUND").await;
            if name == "verkeerd.pdf" {
                self.does(partner, "attachmentRemove", json!({ "id": attachment })).await;
            }
        }
    }

    async fn scheduled(&mut self, cop: &str, kind: &str) -> String {
        let host = &self.world.host;
        let plan = json!({ "copId": cop, "kind": kind, "title": kind, "startsAt": "2026-03-01T13:00:00Z",
            "endsAt": "2026-03-01T16:00:00Z" });
        let session = self.does(host, "sessionPlan", plan).await;
        self.does(host, "sessionSchedule", json!({ "id": session })).await;
        session
    }

    async fn held(&mut self, cop: &str, kind: &str) -> String {
        let session = self.scheduled(cop, kind).await;
        self.does(&self.world.host, "sessionHold", json!({ "id": session })).await;
        session
    }

    /// The second intensive session has an expert of each perspective, and needs no reason to be held.
    async fn with_all_perspectives(&mut self, cop: &str) {
        let host = &self.world.host;
        let space = self.scheduled(cop, "OPEN_SPACE").await;
        for side in ["DIDACTIC", "CHANGE_MANAGEMENT", "ORGANISATIONAL"] {
            self.refused(host, "sessionHold", json!({ "id": space }), "PERSPECTIVES_MISSING").await;
            let expert = json!({ "displayName": side, "external": true });
            let expert = self.does(host, "personCreate", expert).await;
            let invite = json!({ "sessionId": space, "personId": expert, "perspective": side });
            self.does(host, "expertContributionInvite", invite).await;
        }
        self.does(host, "sessionHold", json!({ "id": space })).await;
    }

    async fn harvested(&mut self, cop: &str, goals: &[String], clinic: &str) {
        let world = self.world;
        let (host, partner, evolva) = (&world.host, &world.partner, &world.evolva);
        let create = json!({ "copId": cop, "kind": "BEST_PRACTICE", "title": "Vast leermoment", "audience": "PARTNERS",
            "goalIds": [goals[0]], "sessionId": clinic });
        let artefact = self.does(partner, "artefactCreate", create).await;
        self.refused(partner, "artefactSubmit", json!({ "id": artefact }), "BODY_MISSING").await;
        let version = self.version(partner, "artefacts", &artefact).await;
        self.does(partner, "artefactUpdate", json!({ "id": artefact, "version": version, "body": "Wat we deden" }))
            .await;
        self.with_files(&artefact).await;
        let draft = world.get(&format!("/api/v1/artefacts/{artefact}"), Some(&evolva.token)).await;
        assert_eq!(draft.status, 404, "a draft is its own organisation's");
        self.does(partner, "artefactSubmit", json!({ "id": artefact })).await;
        self.refused(partner, "artefactValidate", json!({ "id": artefact }), "FORBIDDEN").await;
        let asks = json!({ "id": artefact, "comment": "Wat leverde het op?" });
        self.does(evolva, "artefactSendBack", asks).await;
        let path = format!("/api/v1/artefacts/{artefact}");
        let asked = async || world.get(&path, Some(&partner.token)).await.json()["reviewComment"].clone();
        assert_eq!(asked().await, "Wat leverde het op?");
        self.does(partner, "artefactSubmit", json!({ "id": artefact })).await;
        assert_eq!(asked().await, Value::Null);
        self.does(evolva, "artefactValidate", json!({ "id": artefact })).await;
        let said = self.does(host, "commentPost", json!({ "artefactId": artefact, "body": "Mooi" })).await;
        let answer = json!({ "artefactId": artefact, "parentId": said, "body": "Dank" });
        let answer = self.does(partner, "commentPost", answer).await;
        let version = self.version(partner, "comments", &answer).await;
        self.does(partner, "commentEdit", json!({ "id": answer, "version": version, "body": "Veel dank" })).await;
        self.refused(partner, "commentRemove", json!({ "id": said }), "FORBIDDEN").await;
        self.does(host, "commentRemove", json!({ "id": said })).await;
        self.published(cop).await;
        self.shortcut(cop, "HARVESTING", "copHarvest", "GOALS_NOT_ASSESSED").await;
        for goal in goals {
            self.does(host, "goalAssess", json!({ "id": goal, "assessment": "REACHED" })).await;
        }
        self.shortcut(cop, "HARVESTING", "copHarvest", "TOO_FEW_INTENSIVE_SESSIONS").await;
        self.does(host, "copHarvest", json!({ "id": cop, "reason": "Eén hackathon was genoeg" })).await;
        self.does(host, "copResume", json!({ "id": cop, "reason": "Nog een bijeenkomst" })).await;
        self.with_all_perspectives(cop).await;
        self.does(host, "copHarvest", json!({ "id": cop })).await;
        self.shortcut(cop, "CLOSED", "copClose", "GOALS_NOT_ANCHORED").await;
        let plan = json!({ "artefactId": artefact, "place": "Het weekrooster" });
        let anchoring = self.does(partner, "anchoringPlan", plan).await;
        self.does(partner, "anchoringAnchor", json!({ "id": anchoring })).await;
        let version = self.version(partner, "anchorings", &anchoring).await;
        let reviewed = json!({ "id": anchoring, "version": version, "reviewDate": "2026-01-31" });
        self.refused(partner, "anchoringUpdate", reviewed, "OUT_OF_RANGE").await;
        let reviewed = json!({ "id": anchoring, "version": version, "reviewDate": "2199-01-31" });
        self.does(partner, "anchoringUpdate", reviewed).await;
        self.does(partner, "anchoringLapse", json!({ "id": anchoring })).await;
        self.does(partner, "anchoringAnchor", json!({ "id": anchoring })).await;
        // What is for members alone counts for the host, who is not shown it.
        let quiet = json!({ "copId": cop, "kind": "INSIGHT", "title": "Onder ons", "body": "x", "goalIds": [goals[1]],
            "audience": "PARTNERS" });
        let quiet = self.does(partner, "artefactCreate", quiet).await;
        self.does(partner, "artefactSubmit", json!({ "id": quiet })).await;
        self.does(evolva, "artefactValidate", json!({ "id": quiet })).await;
        let version = self.version(partner, "artefacts", &quiet).await;
        let narrow = json!({ "id": quiet, "version": version, "audience": "MEMBERS" });
        self.does(partner, "artefactUpdate", narrow).await;
        assert_eq!(world.get(&format!("/api/v1/artefacts/{quiet}"), Some(&host.token)).await.status, 404);
        let plan = json!({ "artefactId": quiet, "place": "Het teamoverleg" });
        let quietly = self.does(partner, "anchoringPlan", plan).await;
        self.does(partner, "anchoringAnchor", json!({ "id": quietly })).await;
        self.shortcut(cop, "CLOSED", "copClose", "NOTHING_SHARED").await;
        self.does(host, "goalWaive", json!({ "id": goals[1], "reason": "Past nergens" })).await;
        self.shortcut(cop, "CLOSED", "copClose", "NOTHING_SHARED").await;
        self.does(host, "sessionShowArtefact", json!({ "sessionId": clinic, "artefactId": artefact })).await;
        let meeting = self.held(cop, "NETWORK_MEETING").await;
        self.does(host, "sessionShowArtefact", json!({ "sessionId": meeting, "artefactId": artefact })).await;
        self.does(host, "copClose", json!({ "id": cop })).await;
        self.does(partner, "artefactRetire", json!({ "id": artefact })).await;
        let own = self.first(host, "memberships", cop).await;
        assert!(own["id"].is_string());
        let active =
            world.get(&format!("/api/v1/memberships?copId={cop}&state=ACTIVE"), Some(&host.token)).await.json();
        let id = active["items"][0]["id"].as_str().unwrap().to_owned();
        self.does(host, "membershipComplete", json!({ "id": id })).await;
        let shown = world.get(&format!("/api/v1/cops/{cop}"), Some(&host.token)).await.json();
        assert_eq!((&shown["status"], &shown["memberCount"]), (&json!("CLOSED"), &json!(2)));
    }
}

pub async fn play(world: &World, surface: Surface) {
    let mut year = Year { world, surface, done: BTreeSet::new() };
    year.play().await;
    let all: BTreeSet<_> = contract::operations().iter().map(|op| crate::harness::camel(op.name)).collect();
    let left: Vec<_> = all.difference(&year.done).collect();
    assert!(left.is_empty(), "no actor does these here, so nobody knows who is refused: {left:?}");
    every_event_is_described(world).await;
}

/// What the outbox holds after all of it, and what its page describes, are the same kinds; but for what no operation makes.
async fn every_event_is_described(world: &World) {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/events.md")).unwrap();
    let (by_operations, others) = page.split_once("## Not by an operation").expect("a part of its own");
    let kinds = |text: &str| -> BTreeSet<String> {
        let is_kind =
            |part: &&str| part.contains('.') && part.bytes().all(|b| b.is_ascii_lowercase() || b"-.".contains(&b));
        let quoted = text.split('`').skip(1).step_by(2).filter(is_kind);
        quoted.map(|part| format!("nl.evolva.{part}.v1")).collect()
    };
    let (described, others) = (kinds(by_operations), kinds(others));
    let seen = world.texts("SELECT DISTINCT kind FROM outbox ORDER BY kind").await;
    let seen: BTreeSet<String> = seen.into_iter().filter(|kind| !others.contains(kind)).collect();
    assert_eq!(seen.difference(&described).collect::<Vec<_>>(), Vec::<&String>::new(), "nobody describes these");
    let unseen: Vec<_> = described.difference(&seen).map(String::as_str).collect();
    assert_eq!(unseen, RARE, "nobody saw these");
}

/// Events that a year does not come to.
const RARE: [&str; 3] =
    ["nl.evolva.charter.superseded.v1", "nl.evolva.front-runner.returned.v1", "nl.evolva.publication.superseded.v1"];

crate::both!(what_a_year_does_not_come_to_is_told_too, |world| {
    let circle = crate::members::circle(&world).await;
    let does = async |token: &str, name: &str, input: Value| crate::members::done(&world, token, name, input).await;
    let (host, partner, evolva) = (&world.host.token, &world.partner.token, &world.evolva.token);
    for why in ["Omdat", "Om nog iets"] {
        let charter = json!({ "copId": circle.cop, "why": why, "how": "Zo", "goals": ["Een doel"] });
        let charter = does(host, "charterDraft", charter).await;
        does(host, "charterPropose", json!({ "id": charter })).await;
        does(partner, "charterAgree", json!({ "id": charter })).await;
    }
    let concept = does(evolva, "conceptCreate", json!({ "name": "Programma" })).await;
    let element = json!({ "conceptId": concept, "code": "E", "title": "E" });
    let element = does(evolva, "conceptElementAdd", element).await;
    let project = json!({ "title": "Koploper", "elementId": element });
    let project = does(partner, "frontRunnerProjectCreate", project).await;
    let runs = json!({ "projectId": project, "personId": circle.member.0 });
    let runner = does(partner, "frontRunnerAdd", runs.clone()).await;
    does(partner, "frontRunnerEnd", json!({ "id": runner })).await;
    does(partner, "frontRunnerAdd", runs).await;
    // What waits for a yes is taken back by the next version.
    let (member, insight) = (
        &circle.member.1,
        json!({ "copId": circle.cop, "kind": "INSIGHT", "title": "Een",
        "body": "x", "audience": "PARTNERS" }),
    );
    let artefact = does(member, "artefactCreate", insight).await;
    does(member, "artefactSubmit", json!({ "id": artefact })).await;
    let path = format!("/api/v1/artefacts/{artefact}");
    let version = world.get(&path, Some(member)).await.json()["version"].clone();
    does(member, "artefactUpdate", json!({ "id": artefact, "version": version, "title": "Twee" })).await;
    let kinds = world.texts("SELECT DISTINCT kind FROM outbox ORDER BY kind").await;
    for kind in RARE {
        assert!(kinds.iter().any(|one| one == kind), "{kind}: {kinds:?}");
    }
});

crate::both!(over_graphql, |world| {
    play(&world, Surface::Graphql).await;
});

crate::both!(over_rest, |world| {
    play(&world, Surface::Rest).await;
});
