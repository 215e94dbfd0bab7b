//! What the method asks beside CoPs, sessions and artefacts: projects that learn from each other.

use super::Year;
use serde_json::json;

impl Year<'_> {
    /// A strength passes from one project to another, and the receiving side says what it learned.
    pub async fn exchanged(&mut self, cop: &str, session: &str) {
        let world = self.world;
        let (host, partner) = (&world.host, &world.partner);
        let elements = world.get("/api/v1/concept-elements?first=100", Some(&host.token)).await.json();
        let element = |one: &&serde_json::Value| one["ownerId"] == json!(world.evolva.id);
        let element = &elements["items"].as_array().unwrap().iter().find(element).unwrap()["id"];
        let project = json!({ "title": "Geeft", "elementId": element, "strengths": ["Korte lijnen"] });
        let giving = self.step(&host.token, &host.weak, "frontRunnerProjectCreate", project, false).await;
        let project = json!({ "title": "Neemt", "elementId": element, "audience": "NETWORK" });
        let receiving = self.step(&partner.token, &partner.weak, "frontRunnerProjectCreate", project, false).await;
        let record = |strength: &str, date: &str| {
            json!({ "givingProjectId": giving, "receivingProjectId": receiving, "strength": strength,
                "copId": cop, "sessionId": session, "exchangedDate": date })
        };
        self.refused(host, "exchangeRecord", record("Geduld", "2026-02-01"), "INVALID_VALUE").await;
        self.refused(host, "exchangeRecord", record("korte lijnen", "2199-01-01"), "OUT_OF_RANGE").await;
        let exchange = self.does(host, "exchangeRecord", record("Korte lijnen", "2026-02-01")).await;
        let version = self.version(host, "exchanges", &exchange).await;
        let note = json!({ "id": exchange, "version": version, "note": "Bij de koffie" });
        self.does(host, "exchangeUpdate", note).await;
        let learned = json!({ "id": exchange, "learned": "Elke week even bellen" });
        self.refused(host, "exchangeAcknowledge", learned.clone(), "FORBIDDEN").await;
        self.does(partner, "exchangeAcknowledge", learned.clone()).await;
        self.refused(partner, "exchangeAcknowledge", learned, "TRANSITION_NOT_ALLOWED").await;
        self.refused(partner, "exchangeWithdraw", json!({ "id": exchange }), "FORBIDDEN").await;
        let map = format!("/api/v1/exchange-map?copId={cop}");
        let pairs = world.get(&map, Some(&partner.token)).await.json()["pairs"].clone();
        assert_eq!(
            pairs,
            json!([{ "givingOrganisationId": host.id, "receivingOrganisationId": partner.id, "exchangeCount": 1,
                "acknowledgedCount": 1, "strengths": ["korte lijnen"] }])
        );
        assert_eq!(world.get(&map, Some(&world.outsider.token)).await.json()["pairs"], json!([]));
        self.does(host, "exchangeWithdraw", json!({ "id": exchange })).await;
        assert_eq!(world.get(&map, Some(&partner.token)).await.json()["pairs"], json!([]));
        let second = self.does(host, "exchangeRecord", record("korte lijnen", "2026-02-02")).await;
        self.does(partner, "exchangeAcknowledge", json!({ "id": second, "learned": "Bellen" })).await;
    }
}

impl Year<'_> {
    /// Another CoP joins a session, and leaves it again.
    pub async fn joined(&mut self, cop: &str, session: &str) {
        let host = &self.world.host;
        let other = self.does(host, "copCreate", json!({ "title": "Sluit aan" })).await;
        let add = |cop: &str| json!({ "sessionId": session, "copId": cop });
        self.refused(host, "sessionCopAdd", add(cop), "ALREADY_EXISTS").await;
        let joined = self.does(host, "sessionCopAdd", add(&other)).await;
        self.does(host, "sessionCopRemove", json!({ "id": joined })).await;
        self.refused(host, "sessionCopRemove", json!({ "id": joined }), "NOT_EDITABLE").await;
    }
}

impl Year<'_> {
    /// A guide is made, and the CoP follows its steps.
    pub async fn guided(&mut self, cop: &str) {
        let world = self.world;
        let (host, partner) = (&world.host, &world.partner);
        let create = json!({ "titleNl": "Draaiboek", "titleEn": "Guide" });
        let guide = self.does(host, "guideCreate", create).await;
        let version = self.version(host, "guides", &guide).await;
        let update = json!({ "id": guide, "version": version, "summaryNl": "Zo doen we het", "licence": "CC-BY-4.0" });
        self.does(host, "guideUpdate", update).await;
        let step = json!({ "guideId": guide, "titleNl": "Kies een vraag", "titleEn": "Choose", "bodyNl": "*Samen*" });
        let step = self.does(host, "guideStepAdd", step).await;
        let spare = self.does(host, "guideStepAdd", json!({ "guideId": guide, "titleNl": "Toch niet" })).await;
        let version = self.version(host, "guide-steps", &step).await;
        let update = json!({ "id": step, "version": version, "bodyEn": "Together", "position": 3 });
        self.does(host, "guideStepUpdate", update).await;
        let order = world.get(&format!("/api/v1/guide-steps?guideId={guide}"), Some(&host.token)).await.json();
        assert_eq!((&order["items"][0]["id"], &order["items"][1]["id"]), (&json!(spare), &json!(step)));
        self.does(host, "guideStepDrop", json!({ "id": spare })).await;
        self.refused(host, "guideStepDrop", json!({ "id": spare }), "TRANSITION_NOT_ALLOWED").await;
        let far =
            |step: &str, state: &str| json!({ "copId": cop, "stepId": step, "state": state, "evidence": "Verslag" });
        self.refused(host, "stepProgressRecord", far(&spare, "DOING"), "INVALID_VALUE").await;
        // The partner does not see the host's own guide, and says nothing for its CoP.
        self.refused(partner, "stepProgressRecord", far(&step, "DOING"), "UNKNOWN_REFERENCE").await;
        let first = self.does(host, "stepProgressRecord", far(&step, "DOING")).await;
        let again = self.does(host, "stepProgressRecord", far(&step, "DONE")).await;
        assert_eq!(first, again, "said again, it replaces what was said before");
        let seen = world.get(&format!("/api/v1/step-progress/{first}"), Some(&partner.token)).await.json();
        assert_eq!((&seen["state"], &seen["stepId"]), (&json!("DONE"), &serde_json::Value::Null));
        assert!(seen["doneAt"].is_string());
        let query = format!("{{ guideStep(id: {step:?}) {{ title bodyHtml guide {{ title }} }} }}");
        let english = world.gql(Some(&host.token), &query, json!({})).await.json();
        assert_eq!(english["data"]["guideStep"]["title"], "Choose", "{english}");
    }
}

impl Year<'_> {
    /// What else has keys of its own, in the CoP `open` with the person `k` in it.
    pub async fn method_by_key(&mut self, concept: &str) {
        let host = &self.world.host;
        let element = json!({ "conceptId": concept, "code": "K", "title": "Element" });
        let element = self.does(host, "conceptElementAdd", element).await;
        let clinic = json!({ "copExternalId": "open", "kind": "CLINIC", "title": "Clinic", "guestsAllowed": true,
            "startsAt": "2199-01-01T13:00:00Z", "endsAt": "2199-01-01T15:00:00Z" });
        let mut gone = clinic.clone();
        (gone["startsAt"], gone["endsAt"]) = (json!("2026-01-12T13:00:00Z"), json!("2026-01-12T15:00:00Z"));
        let mut of_nobody = clinic.clone();
        of_nobody["copExternalId"].take();
        let file =
            crate::attachments::upload(self.world, &host.token, "les.pdf", &crate::attachments::pdf("les")).await;
        let mut latest = String::new();
        for (name, key, input) in [
            ("frontRunnerProjectPut", "k", json!({ "title": "Geeft", "elementId": element, "strengths": ["Lef"] })),
            ("frontRunnerProjectPut", "k2", json!({ "title": "Neemt", "elementId": element })),
            ("frontRunnerPut", "k", json!({ "projectExternalId": "k", "personExternalId": "k" })),
            ("guidePut", "k", json!({ "titleNl": "Draaiboek" })),
            ("guideStepPut", "k", json!({ "guideExternalId": "k", "titleNl": "Begin" })),
            ("stepProgressPut", "k", json!({ "copExternalId": "open", "stepExternalId": "k", "state": "DOING" })),
            ("sessionPut", "k", clinic),
            ("agendaItemPut", "k", json!({ "sessionExternalId": "k", "title": "Opening", "convenorExternalId": "k" })),
            ("personPut", "expert", json!({ "displayName": "Expert", "external": true })),
            (
                "expertContributionPut",
                "k",
                json!({ "sessionExternalId": "k", "personExternalId": "expert", "perspective": "DIDACTIC" }),
            ),
            ("sessionSchedule", "", json!({})),
            ("registrationPut", "k", json!({ "sessionExternalId": "k", "personExternalId": "expert" })),
            (
                "exchangePut",
                "k",
                json!({ "givingProjectExternalId": "k", "receivingProjectExternalId": "k2", "strength": "Lef",
                    "copExternalId": "open", "exchangedDate": "2026-02-01" }),
            ),
            ("sessionPut", "clinic", of_nobody),
            ("sessionPut", "voorbij", gone),
            ("sessionSchedule", "", json!({})),
            ("sessionHold", "", json!({})),
            ("artefactPut", "les", json!({ "title": "Les", "kind": "INSIGHT", "body": "Tekst" })),
            ("artefactSubmit", "", json!({})),
            ("anchoringPut", "k", json!({ "artefactExternalId": "les", "place": "Rooster" })),
            ("showingPut", "k", json!({ "sessionExternalId": "voorbij", "artefactExternalId": "les" })),
            ("sessionCopPut", "k", json!({ "sessionExternalId": "clinic", "copExternalId": "open" })),
            (
                "sessionSeriesPut",
                "k",
                json!({ "copExternalId": "open", "title": "Reeks", "rule": "FREQ=WEEKLY;COUNT=2",
                    "startDate": "2026-02-02", "startTime": "10:00", "endTime": "12:00" }),
            ),
            ("attachmentPut", "k", json!({ "artefactExternalId": "les", "uploadId": file })),
            ("charterPut", "k", json!({ "copExternalId": "open", "why": "Omdat" })),
            ("goalPut", "k", json!({ "charterExternalId": "k", "title": "Een doel" })),
            ("commentPut", "k", json!({ "artefactExternalId": "les", "body": "Mooi" })),
        ] {
            let mut input = input;
            if key.is_empty() {
                input["id"] = json!(latest);
            } else {
                input["externalId"] = json!(key);
                input["version"] = json!(0);
            }
            let id = self.does(host, name, input).await;
            if ["sessionPut", "artefactPut"].contains(&name) {
                latest = id;
            }
        }
    }
}

impl Year<'_> {
    /// Somebody from outside asks about the CoP and is answered.
    pub async fn contacted(&mut self, cop: &str) {
        let world = self.world;
        let host = &world.host;
        let ask = json!({ "name": "Ilse", "email": "ilse@example.org", "message": "Kan ik meedoen?", "copId": cop,
            "consentVersion": 1 });
        let mut early = ask.clone();
        early["consentVersion"] = json!(7);
        self.refused(host, "contactRequestSubmit", early, "CONSENT_NOT_GIVEN").await;
        let asked = self.does(host, "contactRequestSubmit", ask.clone()).await;
        let answer = json!({ "id": asked, "answer": "Ja, graag." });
        self.refused(host, "contactRequestAnswer", answer.clone(), "TRANSITION_NOT_ALLOWED").await;
        let person = self.person(host, "Wie antwoordt", false).await;
        self.does(host, "contactRequestAssign", json!({ "id": asked, "assigneeId": person })).await;
        self.refused(host, "contactRequestMarkSpam", json!({ "id": asked }), "TRANSITION_NOT_ALLOWED").await;
        self.does(host, "contactRequestAnswer", answer).await;
        self.does(host, "contactRequestClose", json!({ "id": asked })).await;
        let spam = self.does(host, "contactRequestSubmit", ask).await;
        self.does(host, "contactRequestMarkSpam", json!({ "id": spam })).await;
        self.does(host, "contactRequestErase", json!({ "id": spam })).await;
        self.refused(host, "contactRequestErase", json!({ "id": spam }), "NOT_EDITABLE").await;
    }
}

impl Year<'_> {
    /// A lesson goes round.
    pub async fn learned(&mut self, cop: &str) {
        let world = self.world;
        let host = &world.host;
        let lesson = json!({ "copId": cop, "kind": "LESSON_LEARNED", "title": "Vaste tijden", "body": "Tekst" });
        let lesson = self.does(host, "artefactCreate", lesson).await;
        let step = |to: &str, note: &str| json!({ "id": lesson, "to": to, "note": note });
        self.refused(host, "artefactLessonAdvance", step("LEARNED", "Alles"), "TRANSITION_NOT_ALLOWED").await;
        self.does(host, "artefactLessonAdvance", step("IDENTIFIED", "Niemand had tijd")).await;
        self.refused(host, "artefactLessonAdvance", step("ACTIONED", ""), "ACTION_MISSING").await;
        self.does(host, "artefactLessonAdvance", step("ACTIONED", "Een uur vrijgehouden")).await;
        self.refused(host, "artefactLessonAdvance", step("LEARNED", " "), "CHANGE_MISSING").await;
        self.does(host, "artefactLessonAdvance", step("LEARNED", "Elke week een uur")).await;
        self.refused(host, "artefactLessonAdvance", step("LEARNED", "Nog eens"), "TRANSITION_NOT_ALLOWED").await;
    }
}
