//! The keys that sign tokens: Ed25519 (RFC 8037), known by the thumbprint of their public half (RFC 7638).

use async_trait::async_trait;
use aws_lc_rs::{
    digest,
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use chrono::{DateTime, Utc};
use evolva_domain::Fault;
use jsonwebtoken::{DecodingKey, EncodingKey};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// How long the list of keys is used without another look: a rotation on another node is seen within this time.
const FRESH: Duration = Duration::from_secs(5);

/// A key as it is kept.
#[derive(Clone)]
pub struct StoredKey {
    pub private_pem: String,
    pub signs_from: DateTime<Utc>,
    pub retires_at: Option<DateTime<Utc>>,
}

/// Where keys are kept.
#[async_trait]
pub trait KeySource: Send + Sync {
    /// Newest first.
    async fn keys(&self) -> Result<Vec<StoredKey>, Fault>;
}

/// A key that was just made.
pub struct NewKey {
    pub kid: String,
    pub private_pem: String,
}

struct Key {
    kid: String,
    public: Vec<u8>,
    encoding: EncodingKey,
    decoding: DecodingKey,
    signs_from: DateTime<Utc>,
}

pub struct Signing {
    pub kid: String,
    pub encoding: EncodingKey,
}

type Loaded = Option<(Instant, Arc<Vec<Key>>)>;

/// The keys in use.
pub struct Keys {
    source: Arc<dyn KeySource>,
    loaded: tokio::sync::Mutex<Loaded>,
}

fn pair(pem: &str) -> Result<(Ed25519KeyPair, Vec<u8>), Fault> {
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
    let der = BASE64_STANDARD.decode(body).map_err(|error| Fault::from("reading a signing key", error))?;
    let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der)
        .map_err(|error| Fault::from("reading a signing key: it must be Ed25519 in PKCS#8 PEM", error))?;
    let public = pair.public_key().as_ref().to_vec();
    Ok((pair, public))
}

/// RFC 7638: the hash of the key's required members in their fixed order.
fn thumbprint(public: &[u8]) -> String {
    let x = BASE64_URL_SAFE_NO_PAD.encode(public);
    let text = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, text.as_bytes()))
}

/// Makes a key.
pub fn fresh_key() -> Result<NewKey, Fault> {
    let pair = Ed25519KeyPair::generate().map_err(|error| Fault::from("making a signing key", error))?;
    let der = pair.to_pkcs8v1().map_err(|error| Fault::from("making a signing key", error))?;
    let private_pem =
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", BASE64_STANDARD.encode(der.as_ref()));
    Ok(NewKey { kid: thumbprint(pair.public_key().as_ref()), private_pem })
}

/// The key id of a private key.
pub fn kid_of(pem: &str) -> Result<String, Fault> {
    Ok(thumbprint(&pair(pem)?.1))
}

impl Key {
    fn of(stored: StoredKey) -> Result<Self, Fault> {
        let (_, public) = pair(&stored.private_pem)?;
        let encoding = EncodingKey::from_ed_pem(stored.private_pem.as_bytes())
            .map_err(|error| Fault::from("reading a signing key", error))?;
        Ok(Self {
            kid: thumbprint(&public),
            decoding: DecodingKey::from_ed_der(&public),
            public,
            encoding,
            signs_from: stored.signs_from,
        })
    }
}

impl Keys {
    pub fn new(source: Arc<dyn KeySource>) -> Self {
        Self { source, loaded: Default::default() }
    }

    async fn all(&self, anew: bool) -> Result<Arc<Vec<Key>>, Fault> {
        let mut loaded = self.loaded.lock().await;
        if let Some((at, keys)) = &*loaded
            && !anew
            && at.elapsed() < FRESH
        {
            return Ok(keys.clone());
        }
        let now = Utc::now();
        let keys: Vec<_> = self
            .source
            .keys()
            .await?
            .into_iter()
            .filter(|key| key.retires_at.is_none_or(|at| at > now))
            .map(Key::of)
            .collect::<Result<_, _>>()?;
        let keys = Arc::new(keys);
        *loaded = Some((Instant::now(), keys.clone()));
        Ok(keys)
    }

    /// The newest key that signs already.
    pub async fn signing(&self) -> Result<Signing, Fault> {
        let keys = self.all(true).await?;
        let now = Utc::now();
        let key = keys.iter().find(|key| key.signs_from <= now).or(keys.last());
        key.map(|key| Signing { kid: key.kid.clone(), encoding: key.encoding.clone() })
            .ok_or_else(|| Fault::new("there is no signing key"))
    }

    pub async fn verifying(&self, kid: &str) -> Result<Option<DecodingKey>, Fault> {
        let keys = self.all(false).await?;
        Ok(keys.iter().find(|key| key.kid == kid).map(|key| key.decoding.clone()))
    }

    /// The public halves, as a JSON Web Key Set (RFC 7517).
    pub async fn jwks(&self) -> Result<serde_json::Value, Fault> {
        let keys = self.all(false).await?;
        let key = |key: &Key| {
            serde_json::json!({
                "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid,
                "x": BASE64_URL_SAFE_NO_PAD.encode(&key.public),
            })
        };
        Ok(serde_json::json!({ "keys": keys.iter().map(key).collect::<Vec<_>>() }))
    }
}
