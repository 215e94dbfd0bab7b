//! TLS on the readers' connections, by the same words in the address as on the writers' (libpq's `sslmode` and
//! `sslrootcert`, PostgreSQL's manual, section 34.19): `require` encrypts, `verify-ca` asks for a certificate of a
//! known authority, `verify-full` also for the right host name.

use crate::db::OpenError;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{self, CryptoProvider},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use std::sync::Arc;
use tokio_postgres::{Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How much of the server's certificate is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    Nothing,
    Authority,
    Full,
}

/// What an address asks for: a configuration without the words that only this module knows, and the connector.
pub fn of_url(url: &str) -> Result<(Config, MakeRustlsConnect), OpenError> {
    let bad = |what: String| OpenError::Unreachable(what);
    let mut url = url::Url::parse(url).map_err(|error| bad(error.to_string()))?;
    let (mut mode, mut roots, mut rest) = (None, None, vec![]);
    for (name, value) in url.query_pairs() {
        match name.as_ref() {
            "sslmode" => mode = Some(value.into_owned()),
            "sslrootcert" => roots = Some(value.into_owned()),
            _ => rest.push((name.into_owned(), value.into_owned())),
        }
    }
    url.set_query(None);
    if !rest.is_empty() {
        url.query_pairs_mut().extend_pairs(rest);
    }
    let mut config: Config = url.as_str().parse().map_err(|error: tokio_postgres::Error| bad(error.to_string()))?;
    let (mode, check) = match mode.as_deref() {
        Some("disable") => (SslMode::Disable, Check::Nothing),
        None | Some("prefer" | "allow") => (SslMode::Prefer, Check::Nothing),
        Some("require") => (SslMode::Require, Check::Nothing),
        Some("verify-ca") => (SslMode::Require, Check::Authority),
        Some("verify-full") => (SslMode::Require, Check::Full),
        Some(other) => return Err(bad(format!("there is no sslmode '{other}'"))),
    };
    config.ssl_mode(mode);
    Ok((config, MakeRustlsConnect::new(client(check, roots.as_deref())?)))
}

fn client(check: Check, roots: Option<&str>) -> Result<ClientConfig, OpenError> {
    let bad = |what: String| OpenError::Unreachable(what);
    let provider = Arc::new(crypto::ring::default_provider());
    let mut store = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = roots {
        store = RootCertStore::empty();
        let unreadable = |error| bad(format!("sslrootcert '{path}': {error}"));
        for certificate in CertificateDer::pem_file_iter(path).map_err(unreadable)? {
            let added = store.add(certificate.map_err(unreadable)?);
            added.map_err(|error| bad(format!("sslrootcert '{path}': {error}")))?;
        }
    }
    let builder = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone());
    let inner = builder.build().map_err(|error| bad(error.to_string()))?;
    let verifier = Arc::new(Verifier { check, inner, provider: provider.clone() });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(error.to_string()))?;
    Ok(config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

#[derive(Debug)]
struct Verifier {
    check: Check,
    inner: Arc<WebPkiServerVerifier>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.check == Check::Nothing {
            return Ok(ServerCertVerified::assertion());
        }
        let verified = self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match verified {
            // The chain was found good before the name was looked at.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.check == Check::Authority => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        crypto::verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        crypto::verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_keeps_what_the_driver_knows() {
        let url = "postgres://app:s%40x@db.example:6432/evolva?sslmode=verify-full&application_name=x";
        let (config, _) = of_url(url).unwrap();
        assert_eq!((config.get_ssl_mode(), config.get_user()), (SslMode::Require, Some("app")));
        assert_eq!((config.get_password(), config.get_ports()), (Some(b"s@x".as_slice()), [6432].as_slice()));
        assert_eq!((config.get_dbname(), config.get_application_name()), (Some("evolva"), Some("x")));
        assert_eq!(of_url("postgres://app@h/e").unwrap().0.get_ssl_mode(), SslMode::Prefer);
        for bad in ["sslmode=maybe", "sslrootcert=nowhere.pem"] {
            assert!(of_url(&format!("postgres://app@h/e?{bad}")).is_err(), "{bad}");
        }
    }

    fn variable(name: &str) -> String {
        std::env::var(name).unwrap_or_else(|error| panic!("{name}: {error}. Run the tests by 'cargo xtask test'"))
    }

    #[tokio::test]
    async fn a_server_is_checked_as_far_as_the_mode_says() {
        let (url, root) = (variable("TEST_POSTGRES_URL"), variable("TEST_POSTGRES_ROOT"));
        // The certificate is for the address, not for the name.
        let by_name = url.replace("127.0.0.1", "localhost");
        let ours = format!("sslrootcert={root}");
        for (url, query, encrypted) in [
            (&url, "sslmode=disable".to_owned(), Ok(false)),
            (&url, String::new(), Ok(true)),
            (&url, "sslmode=require".to_owned(), Ok(true)),
            (&url, "sslmode=verify-ca".to_owned(), Err(())),
            (&url, format!("sslmode=verify-ca&{ours}"), Ok(true)),
            (&by_name, format!("sslmode=verify-ca&{ours}"), Ok(true)),
            (&url, format!("sslmode=verify-full&{ours}"), Ok(true)),
            (&by_name, format!("sslmode=verify-full&{ours}"), Err(())),
        ] {
            let (config, tls) = of_url(&format!("{url}?{query}")).unwrap();
            let seen = match config.connect(tls).await {
                Ok((client, connection)) => {
                    tokio::spawn(connection);
                    let text = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
                    Ok(client.query_one(text, &[]).await.unwrap().get::<_, bool>(0))
                }
                Err(_) => Err(()),
            };
            assert_eq!(seen, encrypted, "{url}?{query}");
        }
    }
}
