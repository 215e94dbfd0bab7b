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
            json!([{ "givingOrganisationId": host.id, "receivingOrganisationId": partner.id, "exchangeCount": 1, "acknowledgedCount": 1 }])
        );
        assert_eq!(world.get(&map, Some(&world.outsider.token)).await.json()["pairs"], json!([]));
        self.does(host, "exchangeWithdraw", json!({ "id": exchange })).await;
        assert_eq!(world.get(&map, Some(&partner.token)).await.json()["pairs"], json!([]));
        let second = self.does(host, "exchangeRecord", record("korte lijnen", "2026-02-02")).await;
        self.does(partner, "exchangeAcknowledge", json!({ "id": second, "learned": "Bellen" })).await;
    }
}
