//! Tokens: who may issue which, what becomes of hostile ones, and that a revocation works at once.

use crate::harness::{Surface, World, meta};
use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

fn seal(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

fn open(part: &str) -> Value {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// Is refused on both surfaces with 401 and problem details.
async fn refused(world: &World, what: &str, token: &str) {
    for answer in
        [world.get("/api/v1/cops", Some(token)).await, world.gql(Some(token), "{ __typename }", json!({})).await]
    {
        assert_eq!(answer.status, 401, "{what}: {}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{what}");
        assert_eq!(answer.json()["code"], "UNAUTHENTICATED", "{what}");
    }
}

crate::both!(hostile_ones_are_refused_and_never_break_anything, |world| {
    let good = world.host.token.clone();
    assert_eq!(world.get("/api/v1/cops", Some(&good)).await.status, 200, "the positive control");
    let parts: Vec<_> = good.split('.').collect();
    let (header, claims) = (open(parts[0]), open(parts[1]));
    let with_header = |change: &dyn Fn(&mut Value)| {
        let mut header = header.clone();
        change(&mut header);
        format!("{}.{}.{}", seal(&header), parts[1], parts[2])
    };
    let jwks = world.get("/.well-known/jwks.json", None).await.json();
    let public = BASE64_URL_SAFE_NO_PAD.decode(jwks["keys"][0]["x"].as_str().unwrap()).unwrap();
    let none = format!("{}.{}.", seal(&json!({ "alg": "none", "typ": "at+jwt" })), parts[1]);
    refused(&world, "alg none", &none).await;
    let signed_with_public = {
        let head = seal(&json!({ "alg": "HS256", "typ": "at+jwt", "kid": header["kid"] }));
        let key = hmac::Key::new(hmac::HMAC_SHA256, &public);
        let signature = hmac::sign(&key, format!("{head}.{}", parts[1]).as_bytes());
        format!("{head}.{}.{}", parts[1], BASE64_URL_SAFE_NO_PAD.encode(signature))
    };
    refused(&world, "HMAC with the public key", &signed_with_public).await;
    refused(&world, "unknown kid", &with_header(&|header| header["kid"] = json!("nobody"))).await;
    refused(&world, "no kid", &with_header(&|header| drop(header.as_object_mut().unwrap().remove("kid")))).await;
    for name in ["jku", "x5u", "jwk", "crit", "x5c", "b64"] {
        refused(&world, name, &with_header(&|header| header[name] = json!(["https://127.0.0.1/keys"]))).await;
    }
    refused(&world, "another typ", &with_header(&|header| header["typ"] = json!("JWT"))).await;
    let mut edited = claims.clone();
    edited["tenant"] = json!(world.partner.id);
    refused(&world, "edited tenant", &format!("{}.{}.{}", parts[0], seal(&edited), parts[2])).await;
    let twice = format!("{{\"tenant\":\"x\",{}", &claims.to_string()[1..]);
    let twice = format!("{}.{}.{}", parts[0], BASE64_URL_SAFE_NO_PAD.encode(twice), parts[2]);
    refused(&world, "a claim that stands twice", &twice).await;
    for bad in ["", "x", "a.b.c", "....", "é.é.é", &good[..good.len() - 4], &format!("{good}.x")] {
        let answer = world
            .send(
                world
                    .http
                    .get(format!("{}/api/v1/cops", world.base))
                    .header("Authorization", format!("Bearer {bad}").into_bytes()),
                None,
            )
            .await;
        assert_eq!(answer.status, 401, "{bad:?}");
    }
    let other_scheme = world.http.get(format!("{}/api/v1/cops", world.base)).header("Authorization", "Basic eDp4");
    assert_eq!(world.send(other_scheme, None).await.status, 401);
    let two = world.http.get(format!("{}/api/v1/cops", world.base)).header("Authorization", format!("Bearer {good}"));
    assert_eq!(world.send(two, Some(&good)).await.status, 401, "two Authorization headers");
    let huge = "x".repeat(1024 * 1024);
    // A client of its own: the connection that the server closes on it must not be met again from a pool.
    let request = reqwest::Client::new().get(format!("{}/api/v1/cops", world.base)).bearer_auth(&huge).send().await;
    // The server may also close the connection before it has read such a header.
    if let Ok(response) = request {
        assert!((400..500).contains(&response.status().as_u16()), "{}", response.status());
    }
    assert_eq!(world.get("/api/v1/cops", Some(&good)).await.status, 200, "and the server still serves");
});

crate::both!(signed_by_us_but_with_wrong_claims_are_refused, |world| {
    let keys = world.running.db.keys().await.unwrap();
    let key = jsonwebtoken::EncodingKey::from_ed_pem(keys[0].private_pem.as_bytes()).unwrap();
    let claims = open(world.host.token.split('.').nth(1).unwrap());
    let sign = |change: &dyn Fn(&mut Value)| {
        let mut claims = claims.clone();
        change(&mut claims);
        let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::EdDSA);
        header.typ = Some("at+jwt".into());
        header.kid = Some(keys[0].kid.clone());
        jsonwebtoken::encode(&header, &claims, &key).unwrap()
    };
    let now = chrono::Utc::now().timestamp();
    assert_eq!(world.get("/api/v1/cops", Some(&sign(&|_| ()))).await.status, 200, "the positive control");
    refused(&world, "wrong iss", &sign(&|claims| claims["iss"] = json!("https://elsewhere.example"))).await;
    refused(&world, "wrong aud", &sign(&|claims| claims["aud"] = json!("https://elsewhere.example"))).await;
    refused(&world, "expired", &sign(&|claims| claims["exp"] = json!(now - 60))).await;
    refused(&world, "not yet valid", &sign(&|claims| claims["nbf"] = json!(now + 600))).await;
    refused(&world, "another tenant", &sign(&|claims| claims["tenant"] = json!(world.partner.id))).await;
    refused(
        &world,
        "a token that is not known",
        &sign(&|claims| claims["jti"] = json!("tok_01h455vb4pex5vsknk084sn02q")),
    )
    .await;
});

crate::both!(issued_narrow_and_revoked_on_the_next_request, |world| {
    let issue = meta("tokenIssue");
    let input = json!({ "name": "reader", "scopes": ["cops:read"], "days": 1 });
    let issued = world.op(Surface::Rest, &issue, Some(&world.host.token), &input).await.json();
    let (id, token) = (issued["id"].as_str().unwrap(), issued["accessToken"].as_str().unwrap());
    assert_eq!(world.get("/api/v1/cops", Some(token)).await.status, 200);
    let refused = world.get("/api/v1/people", Some(token)).await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (403, Some("INSUFFICIENT_SCOPE")));
    assert!(!world.get(&format!("/api/v1/tokens/{id}"), Some(&world.host.token)).await.text.contains("accessToken"));
    let revoke = meta("tokenRevoke");
    world.op(Surface::Rest, &revoke, Some(&world.host.token), &json!({ "id": id })).await;
    assert_eq!(world.get("/api/v1/cops", Some(token)).await.status, 401, "on the very next request");
});

crate::both!(the_operator_issues_a_first_admin_token_and_reads_no_content, |world| {
    let issue = meta("tokenIssue");
    let new = json!({ "name": "Nieuw", "kind": "CARE" });
    let new = world.op(Surface::Rest, &meta("organisationCreate"), Some(&world.operator), &new).await.json();
    let input = |scope: &str| json!({ "name": "first", "scopes": [scope], "organisationId": new["id"] });
    let wide = world.op(Surface::Rest, &issue, Some(&world.operator), &input("cops:read")).await;
    assert_eq!(world.outcome(Surface::Rest, &issue, &wide).unwrap_err(), ["INVALID_VALUE"]);
    let first = world.op(Surface::Rest, &issue, Some(&world.operator), &input("tokens:manage")).await;
    assert_eq!(first.status, 201, "{}", first.text);
    let admin = first.json()["accessToken"].as_str().unwrap().to_owned();
    // The door is opened once; after that only the tenant's own admins hold the key.
    let again = world.op(Surface::Rest, &issue, Some(&world.operator), &input("tokens:manage")).await;
    assert_eq!(world.outcome(Surface::Rest, &issue, &again).unwrap_err(), ["ALREADY_EXISTS"]);
    let own = json!({ "name": "portal", "scopes": ["cops:read"] });
    assert_eq!(
        world.op(Surface::Rest, &issue, Some(&admin), &own).await.status,
        201,
        "it grants what it does not hold"
    );
    for path in ["/api/v1/cops", "/api/v1/people", "/api/v1/artefacts", "/api/v1/memberships"] {
        assert_eq!(world.get(path, Some(&world.operator)).await.status, 403, "{path}");
        assert_eq!(world.get(path, Some(&world.host.token)).await.status, 200, "{path}");
    }
    // The operator's own organisation has tokens of both kinds, and neither kind begets the other.
    let tokens = world.get("/api/v1/tokens?first=100", Some(&world.evolva.token)).await.json();
    for token in tokens["items"].as_array().unwrap() {
        let rotate = json!({ "id": token["id"], "overlapHours": 24 });
        let operators = token["kind"] == "OPERATOR";
        let as_tenant = world.op(Surface::Rest, &meta("tokenRotate"), Some(&world.evolva.token), &rotate).await.status;
        let as_operator = world.op(Surface::Rest, &meta("tokenRotate"), Some(&world.operator), &rotate).await.status;
        let expected = if operators { (403, 200) } else { (200, 403) };
        assert_eq!((as_tenant, as_operator), expected, "{token}");
    }
    let foreign = world.op(Surface::Rest, &issue, Some(&world.host.token), &input("tokens:manage")).await;
    assert_eq!(foreign.status, 404, "a tenant issues none for another");
});

crate::both!(a_suspended_organisation_is_refused_until_it_is_back, |world| {
    let id = json!({ "id": world.outsider.id });
    world.op(Surface::Rest, &meta("organisationSuspend"), Some(&world.operator), &id).await;
    // The standing of a token is looked at again within a second.
    let mut status = 200;
    for _ in 0..200 {
        status = world.get("/api/v1/cops", Some(&world.outsider.token)).await.status;
        if status == 401 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(status, 401);
    assert_eq!(world.get("/api/v1/cops", Some(&world.host.token)).await.status, 200);
    world.op(Surface::Rest, &meta("organisationReactivate"), Some(&world.operator), &id).await;
    assert_eq!(world.get("/api/v1/cops", Some(&world.outsider.token)).await.status, 200);
});

crate::both!(keys_rotate_without_a_token_being_lost, |world| {
    let before = world.get("/.well-known/jwks.json", None).await.json()["keys"].as_array().unwrap().len();
    evolva_server::rotate_keys(&world.running.db).await.unwrap();
    assert_eq!(world.get("/api/v1/cops", Some(&world.host.token)).await.status, 200);
    let stored = world.running.db.keys().await.unwrap();
    assert_eq!(stored.len(), before + 1);
    assert!(stored[0].signs_from > chrono::Utc::now(), "it is published before it signs");
    assert!(stored[1].retires_at.unwrap() > chrono::Utc::now() + chrono::Duration::days(365));
});
