//! Settings: `EVOLVA_*` environment over a TOML file over built-in defaults. An unknown key is an error.

use crate::StartError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Every setting. In the environment each is `EVOLVA_` and its name in capitals.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where the API listens; port 0 picks one and logs it.
    pub addr: String,
    /// Where `/metrics` listens.
    pub ops_addr: String,
    /// Where SQLite's file and the demo's tokens go.
    pub data_dir: String,
    /// `sqlite://path` or `postgres://…` as the serving role; SQLite in the data folder if empty.
    pub database_url: String,
    /// Where files are kept: a folder, or `s3://bucket/prefix` with the environment's usual AWS names; `files` in the data
    /// folder if empty.
    pub files: String,
    /// PostgreSQL: the role that owns and migrates. Only `evolva migrate` uses it.
    pub database_owner_url: Option<String>,
    /// Connections for hot reads.
    pub readers: u32,
    /// Connections for writes, PostgreSQL only.
    pub writers: u32,
    /// Worker threads of the API.
    pub workers: usize,
    /// The `iss` and `aud` of tokens: the address that clients know the API by.
    pub issuer: String,
    /// A private key (Ed25519, PKCS#8 PEM) to sign with in place of the database's keys.
    pub signing_key_file: Option<String>,
    /// What is logged, such as `info` or `evolva_api=debug,info`.
    pub log: String,
    /// `json` or `pretty`; pretty on a terminal if empty.
    pub log_format: String,
    /// Bytes of a request's body, inflated.
    pub body_limit: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            addr: "127.0.0.1:8080".into(),
            ops_addr: "127.0.0.1:9090".into(),
            data_dir: "./data".into(),
            database_url: String::new(),
            files: String::new(),
            database_owner_url: None,
            readers: 4,
            writers: 8,
            workers: 2,
            issuer: "http://127.0.0.1:8080".into(),
            signing_key_file: None,
            log: "info".into(),
            log_format: String::new(),
            body_limit: 1024 * 1024,
        }
    }
}

impl Settings {
    /// Reads the file that `EVOLVA_CONFIG` names, then the environment.
    pub fn load(environment: impl Iterator<Item = (String, String)>) -> Result<Self, StartError> {
        let mut from_environment: BTreeMap<String, String> = environment
            .filter_map(|(name, value)| Some((name.strip_prefix("EVOLVA_")?.to_ascii_lowercase(), value)))
            .collect();
        // The command line's own, which is no setting of the server.
        from_environment.remove("token");
        let mut table = match from_environment.remove("config") {
            Some(path) => {
                let text = std::fs::read_to_string(&path)
                    .map_err(|error| StartError::Settings(format!("cannot read EVOLVA_CONFIG '{path}': {error}")))?;
                text.parse::<toml::Table>()
                    .map_err(|error| StartError::Settings(format!("'{path}' is no TOML: {error}")))?
            }
            None => toml::Table::new(),
        };
        for (name, value) in from_environment {
            let number = matches!(name.as_str(), "readers" | "writers" | "workers" | "body_limit");
            let value = match value.parse::<i64>() {
                Ok(value) if number => toml::Value::Integer(value),
                _ => toml::Value::String(value),
            };
            table.insert(name, value);
        }
        let issuer_said = table.contains_key("issuer");
        let mut settings: Self = table
            .try_into()
            .map_err(|error| StartError::Settings(format!("settings: {}", error.to_string().trim())))?;
        if settings.database_url.is_empty() {
            settings.database_url = format!("sqlite://{}/evolva.db", settings.data_dir.trim_end_matches('/'));
        }
        settings.files = settings.files_place();
        // Unless it is said otherwise, clients know the API by where it listens; a port that is picked at the start is not
        // known yet.
        if !issuer_said && !settings.addr.ends_with(":0") {
            settings.issuer = format!("http://{}", settings.addr);
        }
        Ok(settings)
    }

    pub fn database(&self) -> evolva_persistence::Settings {
        evolva_persistence::Settings {
            url: self.database_url.clone(),
            owner_url: self.database_owner_url.clone(),
            readers: self.readers,
            threads: u32::try_from(self.workers).unwrap_or(1),
            writers: self.writers,
            files: self.files_place(),
        }
    }

    fn files_place(&self) -> String {
        let folder = || format!("{}/files", self.data_dir.trim_end_matches('/'));
        if self.files.is_empty() { folder() } else { self.files.clone() }
    }

    pub fn limits(&self) -> evolva_api::Limits {
        evolva_api::Limits { body: self.body_limit, ..Default::default() }
    }

    /// The effective settings as TOML, with passwords struck out.
    pub fn shown(&self) -> String {
        let mut shown = self.clone();
        shown.database_url = without_password(&shown.database_url);
        shown.files = without_password(&shown.files);
        shown.database_owner_url = shown.database_owner_url.as_deref().map(without_password);
        toml::to_string_pretty(&shown).unwrap_or_default()
    }
}

fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.rsplit_once('@') {
        Some((user, host)) => format!("{scheme}://{}:***@{host}", user.split(':').next().unwrap_or_default()),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(pairs: &[(&str, &str)]) -> Result<Settings, StartError> {
        Settings::load(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn tokens_name_the_address_unless_another_is_set() {
        let issuer = |pairs| load(pairs).map(|settings| settings.issuer).ok();
        assert_eq!(issuer(&[("EVOLVA_ADDR", "127.0.0.1:8185")]).as_deref(), Some("http://127.0.0.1:8185"));
        assert_eq!(issuer(&[("EVOLVA_ADDR", "127.0.0.1:0")]), Some(Settings::default().issuer));
        let set = [("EVOLVA_ADDR", "127.0.0.1:8185"), ("EVOLVA_ISSUER", "https://api.example.org")];
        assert_eq!(issuer(&set).as_deref(), Some("https://api.example.org"));
    }

    #[test]
    fn the_environment_stands_over_the_defaults_and_an_unknown_key_is_an_error() {
        let settings = load(&[("EVOLVA_DATA_DIR", "/tmp/x/"), ("EVOLVA_READERS", "7"), ("HOME", "/")]).unwrap();
        assert_eq!((settings.database_url.as_str(), settings.readers), ("sqlite:///tmp/x/evolva.db", 7));
        assert!(load(&[("EVOLVA_REEDERS", "7")]).unwrap_err().to_string().contains("reeders"));
        assert!(load(&[("EVOLVA_READERS", "many")]).is_err());
    }

    #[test]
    fn files_are_in_the_data_folder_unless_said_otherwise() {
        let files = |pairs| load(pairs).map(|settings| settings.files).ok();
        assert_eq!(files(&[("EVOLVA_DATA_DIR", "/tmp/x/")]).as_deref(), Some("/tmp/x/files"));
        let bucket = [("EVOLVA_DATA_DIR", "/tmp/x/"), ("EVOLVA_FILES", "s3://bucket/prefix")];
        assert_eq!(files(&bucket).as_deref(), Some("s3://bucket/prefix"));
    }

    #[test]
    fn passwords_are_never_shown() {
        let settings = load(&[("EVOLVA_DATABASE_URL", "postgres://app:s3cret@localhost/evolva")]).unwrap();
        assert!(settings.shown().contains("postgres://app:***@localhost/evolva"));
        assert!(!settings.shown().contains("s3cret"));
    }
}
