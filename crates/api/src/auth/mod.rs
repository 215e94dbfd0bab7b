//! From an `Authorization` header to a [`TenantScope`], the same for both surfaces.

mod keys;

use crate::error::ApiError;
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use chrono::{DateTime, Utc};
use evolva_domain::{
    Code, Fault, Id,
    ctx::Ctx,
    organisation::Organisation,
    person::Person,
    record::Labelled,
    scope::{Principal, Scope, TenantScope},
    token::{self, Token},
};
use jsonwebtoken::{Algorithm, Validation};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::{Duration, Instant},
};

pub use keys::{KeySource, Keys, NewKey, StoredKey, fresh_key, kid_of};

/// How long a token's standing is trusted without another look: other nodes see a revocation within this time.
const TRUST: Duration = Duration::from_millis(800);
/// How often a token's last use is noted.
const NOTE_USE: Duration = Duration::from_secs(60);
/// A token longer than this is not looked at.
const LONGEST: usize = 8 * 1024;
/// How many tokens are remembered.
const REMEMBERED: usize = 10_000;

/// The claims of an access token (RFC 9068).
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    exp: i64,
    nbf: i64,
    iat: i64,
    jti: Id<Token>,
    client_id: String,
    scope: String,
    tenant: Id<Organisation>,
}

#[derive(Clone)]
struct Known {
    principal: Principal,
    /// What a member token was exchanged for.
    issued_by: Option<Id<Token>>,
    expires_at: DateTime<Utc>,
    checked: Instant,
    noted: Option<Instant>,
}

/// Signs tokens and says who holds one.
pub struct Authority {
    pub issuer: String,
    pub keys: Keys,
    known: RwLock<HashMap<[u8; 32], Known>>,
}

fn refused(why: &str) -> ApiError {
    ApiError::request(Code::Unauthenticated, why)
}

impl Authority {
    pub fn new(issuer: String, keys: Keys) -> Self {
        Self { issuer, keys, known: RwLock::default() }
    }

    /// The signed text of a token.
    pub async fn sign(&self, token: &Token) -> Result<String, Fault> {
        let key = self.keys.signing().await?;
        let scopes: Vec<_> = token.scopes.0.iter().map(|scope| scope.label()).collect();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.issuer.clone(),
            sub: token.person_id.map_or_else(|| token.tenant_id.to_string(), |person| person.to_string()),
            exp: token.expires_at.timestamp(),
            nbf: token.created_at.timestamp(),
            iat: token.created_at.timestamp(),
            jti: token.id,
            client_id: token.issued_by_id.unwrap_or(token.id).to_string(),
            scope: scopes.join(" "),
            tenant: token.tenant_id,
        };
        let mut header = jsonwebtoken::Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(key.kid.clone());
        jsonwebtoken::encode(&header, &claims, &key.encoding).map_err(|error| Fault::from("signing a token", error))
    }

    /// Forgets what is known of a token and of those that were exchanged for it, so that their next use is looked up.
    pub fn forget(&self, id: Id<Token>) {
        self.write().retain(|_, known| known.principal.token != id && known.issued_by != Some(id));
    }

    /// Forgets all tokens that act for a person, when they leave or their role changes.
    pub fn forget_person(&self, person: Id<Person>) {
        self.write().retain(|_, known| known.principal.person.is_none_or(|acting| acting.id != person));
    }

    /// Forgets all tokens of an organisation, when it is suspended.
    pub fn forget_tenant(&self, tenant: Id<Organisation>) {
        self.write().retain(|_, known| known.principal.tenant != tenant);
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, HashMap<[u8; 32], Known>> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who calls, by the request's one `Authorization` header.
    pub async fn enter(&self, ctx: &Ctx, headers: &HeaderMap) -> Result<TenantScope, ApiError> {
        let mut all = headers.get_all(AUTHORIZATION);
        let header = all.next().ok_or_else(|| refused("There is none."))?;
        if all.next().is_some() {
            return Err(refused("There are two."));
        }
        let text = header.to_str().ok().and_then(|text| text.split_once(' '));
        let token = match text {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => return Err(refused("It is no Bearer token.")),
        };
        Ok(self.verify(ctx, token).await?.enter())
    }

    /// Whose token a text is and what is kept of it, for who looks at it; not a use of it.
    pub async fn examine(&self, ctx: &Ctx, token: &str) -> Result<(TenantScope, Token), ApiError> {
        let claims = self.check_signature(token).await?;
        let standing = token::standing(ctx, claims.tenant, claims.jti).await?;
        let (principal, row) = standing.ok_or_else(|| refused("It is not known, or no longer good."))?;
        Ok((principal.enter(), row))
    }

    async fn verify(&self, ctx: &Ctx, token: &str) -> Result<Principal, ApiError> {
        if token.len() > LONGEST {
            return Err(refused("It is too long."));
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.as_bytes()).as_ref());
        let now = ctx.now();
        let before = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&hash).cloned();
        if let Some(known) = &before
            && known.checked.elapsed() < TRUST
            && known.expires_at > now
        {
            return Ok(known.principal.clone());
        }
        let (tenant, id) = match &before {
            // The signature of a text that was verified once stays right; its standing does not.
            Some(known) => (known.principal.tenant, known.principal.token),
            None => {
                let claims = self.check_signature(token).await?;
                (claims.tenant, claims.jti)
            }
        };
        let Some((principal, row)) = token::standing(ctx, tenant, id).await? else {
            self.write().remove(&hash);
            return Err(refused("It is not known, or no longer good."));
        };
        let mut noted = before.and_then(|known| known.noted);
        if noted.is_none_or(|at| at.elapsed() > NOTE_USE) {
            noted = Some(Instant::now());
            let (ctx, tenant, id) = (ctx.clone(), row.tenant_id, row.id);
            tokio::spawn(async move {
                if let Err(error) = token::note_use(&ctx, tenant, id).await {
                    tracing::warn!(?error, "the use of a token could not be noted");
                }
            });
        }
        let mut all = self.write();
        if all.len() >= REMEMBERED {
            all.clear();
        }
        let known = Known {
            principal: principal.clone(),
            issued_by: row.issued_by_id,
            expires_at: row.expires_at,
            checked: Instant::now(),
            noted,
        };
        all.insert(hash, known);
        Ok(principal)
    }

    async fn check_signature(&self, token: &str) -> Result<Claims, ApiError> {
        check_header(token)?;
        let header = jsonwebtoken::decode_header(token).map_err(|_| refused("Its header cannot be read."))?;
        let kid = header.kid.as_deref().ok_or_else(|| refused("Its header names no key."))?;
        if header.alg != Algorithm::EdDSA {
            return Err(refused("Its algorithm is not that of our keys."));
        }
        let key = self.keys.verifying(kid).await?.ok_or_else(|| refused("Its key is not one of ours."))?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.issuer]);
        validation.validate_nbf = true;
        validation.leeway = 5;
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        jsonwebtoken::decode::<Claims>(token, &key, &validation)
            .map(|data| data.claims)
            .map_err(|_| refused("Its signature or its claims are not right."))
    }
}

/// Looks at the raw header, before any library makes sense of it: nothing in it may lead us to a key, and no name may
/// stand twice.
fn check_header(token: &str) -> Result<(), ApiError> {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let mut parts = token.split('.');
    let (header, claims) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if parts.next().is_none() || parts.next().is_some() {
        return Err(refused("It is no signed token."));
    }
    let open = |part: &str| {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).ok()?;
        serde_json::from_slice::<Unique>(&bytes).ok()
    };
    let (Some(header), Some(_)) = (open(header), open(claims)) else {
        return Err(refused("It cannot be read."));
    };
    if header.0.keys().any(|name| !["typ", "alg", "kid"].contains(&name.as_str())) {
        return Err(refused("Its header has fields that are not ours."));
    }
    match header.0.get("typ").and_then(|typ| typ.as_str()) {
        Some("at+jwt") => Ok(()),
        _ => Err(refused("It is no access token.")),
    }
}

/// A JSON object in which no name stands twice.
struct Unique(HashMap<String, serde_json::Value>);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Unique;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Unique, A::Error> {
                let mut all = HashMap::new();
                while let Some((name, value)) = map.next_entry::<String, serde_json::Value>()? {
                    if all.insert(name, value).is_some() {
                        return Err(serde::de::Error::custom("a name stands twice"));
                    }
                }
                Ok(Unique(all))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

/// The scopes of a space-separated list, or those that do not exist.
pub fn parse_scopes(text: &str) -> Result<Vec<Scope>, Vec<String>> {
    let (known, unknown): (Vec<_>, Vec<_>) = text
        .split([' ', ','])
        .filter(|part| !part.is_empty())
        .map(|part| (part, Scope::from_label(part)))
        .partition(|(_, scope)| scope.is_some());
    if unknown.is_empty() {
        Ok(known.into_iter().filter_map(|(_, scope)| scope).collect())
    } else {
        Err(unknown.into_iter().map(|(part, _)| part.to_owned()).collect())
    }
}

/// Every scope with what it is for, for documents.
pub fn all_scopes() -> impl Iterator<Item = &'static str> {
    <Scope as Labelled>::ALL.iter().map(|scope| scope.label())
}
