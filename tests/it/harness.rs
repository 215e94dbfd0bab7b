//! A world for each test: the real server in this process on a port of its own, a database of its own, actors with
//! tokens, and real HTTP.

use evolva_api::{OpMeta, contract};
use evolva_domain::{
    Id,
    organisation::{self, Organisation, OrganisationKind},
    scope::{Principal, Scope, Scopes, TenantScope},
    token::{self, Token},
};
use evolva_persistence::Dialect;
use evolva_server::{Running, ctx, settings::Settings};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Who acts.
#[derive(Clone)]
pub struct Actor {
    pub id: Id<Organisation>,
    pub scope: TenantScope,
    pub token: String,
    /// A token of the same organisation without any scope but one that reads nothing of this.
    pub weak: String,
    /// A token that reads only what is public.
    pub public: String,
}

pub struct World {
    pub running: Running,
    pub http: reqwest::Client,
    pub base: String,
    pub host: Actor,
    pub partner: Actor,
    pub evolva: Actor,
    /// An organisation that takes part in nothing.
    pub outsider: Actor,
    pub operator: String,
    pub database_url: String,
    folder: std::path::PathBuf,
    inputs: HashMap<String, (String, String)>,
}

pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Surface {
    Graphql,
    Rest,
}

/// How many statements the reads of a request run, and its answer. The server's chores read beside it, most of all when
/// it starts: they can only add to a count, so the least of some is the request's own.
pub async fn statements<T>(ask: impl AsyncFn() -> T) -> (u64, T) {
    let mut least = None;
    for _ in 0..5 {
        let before = evolva_persistence::statements_run();
        let answer = ask().await;
        let count = evolva_persistence::statements_run() - before;
        if least.as_ref().is_none_or(|(fewest, _)| count < *fewest) {
            least = Some((count, answer));
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    // Set in the first round.
    least.unwrap()
}

/// Runs a test on both databases: `both!(name, |world| { … })` makes `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! both {
    ($name:ident, |$world:ident| $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            #[allow(unused_mut)]
            async fn run(mut $world: $crate::harness::World) -> $crate::harness::World {
                $body
                $world
            }
            #[actix_web::test]
            async fn sqlite() {
                run($crate::harness::World::new(evolva_persistence::Dialect::Sqlite).await).await.end().await;
            }
            #[actix_web::test]
            async fn postgres() {
                run($crate::harness::World::new(evolva_persistence::Dialect::Postgres).await).await.end().await;
            }
        }
    };
}

pub fn scope_of(token: &Token) -> TenantScope {
    Principal { token: token.id, kind: token.kind, tenant: token.tenant_id, person: None, scopes: token.scopes() }
        .enter()
}

pub async fn settings_for(dialect: Dialect, folder: &std::path::Path) -> Settings {
    let mut settings = settings_of(folder);
    if dialect == Dialect::Postgres {
        let name = format!("evolva_{}", uuid::Uuid::now_v7().simple());
        let create = format!("CREATE DATABASE {name} OWNER evolva_owner");
        admin(None).await.batch_execute(&create).await.unwrap();
        let admin = std::env::var("TEST_POSTGRES_URL").unwrap();
        let place = admin.rsplit_once('@').unwrap().1.rsplit_once('/').unwrap().0;
        settings.database_url = format!("postgres://evolva_app@{place}/{name}");
        settings.database_owner_url = Some(format!("postgres://evolva_owner@{place}/{name}"));
    }
    settings
}

/// The server's machine itself, past every wall; to a database, or to the one that is always there.
async fn admin(database: Option<&str>) -> tokio_postgres::Client {
    let admin = std::env::var("TEST_POSTGRES_URL")
        .expect("TEST_POSTGRES_URL names no server: run the tests by 'cargo xtask test'");
    let url = match database {
        Some(name) => format!("{}/{name}", admin.rsplit_once('/').unwrap().0),
        None => admin,
    };
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Settings of a server on a copy of a database that nobody uses now.
async fn copy_of(database_url: &str, folder: &std::path::Path) -> Settings {
    // One reader: each connection prepares each text once, and here there are many of them.
    let mut settings = Settings { readers: 1, ..settings_of(folder) };
    match database_url.strip_prefix("sqlite://") {
        Some(path) => {
            let copy = settings.database_url.strip_prefix("sqlite://").unwrap().to_owned();
            rusqlite::Connection::open(path).unwrap().execute("VACUUM INTO ?1", [copy]).unwrap();
        }
        None => {
            let (place, from) = database_url.rsplit_once('/').unwrap();
            let name = format!("evolva_{}", uuid::Uuid::now_v7().simple());
            let create = format!("CREATE DATABASE {name} TEMPLATE {from} OWNER evolva_owner");
            admin(None).await.batch_execute(&create).await.unwrap();
            settings.database_url = format!("{place}/{name}");
            settings.database_owner_url = Some(settings.database_url.replace("evolva_app", "evolva_owner"));
        }
    }
    settings
}

/// A folder with all that is in it.
fn copy_files(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_files(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn settings_of(folder: &std::path::Path) -> Settings {
    Settings {
        addr: "127.0.0.1:0".into(),
        data_dir: folder.display().to_string(),
        database_url: format!("sqlite://{}/evolva.db", folder.display()),
        workers: 1,
        readers: 2,
        writers: 4,
        ..Settings::default()
    }
}

impl World {
    pub async fn new(dialect: Dialect) -> Self {
        let folder = std::env::temp_dir().join(format!("evolva-test-{}", uuid::Uuid::now_v7().simple()));
        std::fs::create_dir_all(&folder).unwrap();
        let settings = settings_for(dialect, &folder).await;
        evolva_persistence::migrate(&settings.database()).await.unwrap();
        let running = evolva_server::start(&settings, None).await.unwrap();
        let db = running.db.clone();
        let ctx = ctx(&db);
        let authority = evolva_server::authority(&db, &settings).await.unwrap();
        let evolva = db.operator().await.unwrap();
        let operator = token::bootstrap_operator(&ctx, evolva, "operator", 1).await.unwrap();
        let mut actors = vec![];
        for slug in ["", "host", "partner", "outsider"] {
            let id = if slug.is_empty() {
                evolva
            } else {
                let cmd = organisation::Create {
                    slug: Some(slug.into()),
                    name: slug.into(),
                    kind: OrganisationKind::Education,
                    logo_url: None,
                    privacy_contact: None,
                };
                organisation::create(&ctx, &scope_of(&operator), cmd).await.unwrap().id
            };
            let all: Scopes = Scope::of_tenants().collect();
            let token = token::bootstrap_tenant(&ctx, id, "test", all, 1).await.unwrap();
            let with = async |name: &str, scope: Scope| {
                let scopes: Scopes = std::iter::once(scope).collect();
                let token = token::bootstrap_tenant(&ctx, id, name, scopes, 1).await.unwrap();
                authority.sign(&token).await.unwrap()
            };
            actors.push(Actor {
                id,
                scope: scope_of(&token),
                token: authority.sign(&token).await.unwrap(),
                // By itself this opens nothing.
                weak: with("weak", Scope::ImportsHistory).await,
                public: with("public", Scope::PublicRead).await,
            });
        }
        let base = format!("http://{}", running.addr);
        let operator = authority.sign(&operator).await.unwrap();
        let mut actors = actors.into_iter();
        let mut next = || actors.next().unwrap();
        let (evolva, host, partner, outsider) = (next(), next(), next(), next());
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let inputs = HashMap::new();
        let mut world = Self {
            running,
            http,
            base,
            host,
            partner,
            evolva,
            outsider,
            operator,
            database_url: settings.database_url,
            folder,
            inputs,
        };
        world.learn_inputs().await;
        world
    }

    /// Where its server keeps files.
    pub fn files(&self) -> std::path::PathBuf {
        self.folder.join("files")
    }

    pub async fn end(self) {
        self.running.stop().await;
        std::fs::remove_dir_all(&self.folder).unwrap();
    }

    /// The same world several times: copies of its database, each behind a server of its own. Ids, tokens and cursors
    /// of one are good in the others, because the keys are copied too.
    pub async fn copies(self, count: usize) -> Vec<Self> {
        let files = self.files();
        self.running.stop().await;
        let mut all = vec![];
        for _ in 0..count {
            let folder = std::env::temp_dir().join(format!("evolva-test-{}", uuid::Uuid::now_v7().simple()));
            std::fs::create_dir_all(&folder).unwrap();
            let settings = copy_of(&self.database_url, &folder).await;
            copy_files(&files, &folder.join("files"));
            let running = evolva_server::start(&settings, None).await.unwrap();
            all.push(Self {
                base: format!("http://{}", running.addr),
                running,
                http: self.http.clone(),
                host: self.host.clone(),
                partner: self.partner.clone(),
                evolva: self.evolva.clone(),
                outsider: self.outsider.clone(),
                operator: self.operator.clone(),
                database_url: settings.database_url,
                folder,
                inputs: self.inputs.clone(),
            });
        }
        std::fs::remove_dir_all(&self.folder).unwrap();
        all
    }

    /// Changes the database past every wall, as no client can.
    pub async fn sql(&self, text: &str) -> u64 {
        match self.database_url.strip_prefix("sqlite://") {
            Some(path) => {
                let (path, text) = (path.to_owned(), text.to_owned());
                // Off this thread: what it waits for may be a task of the server's that runs here.
                let run = move || {
                    let connection = rusqlite::Connection::open(path).unwrap();
                    connection.busy_timeout(std::time::Duration::from_secs(20)).unwrap();
                    connection.execute(&text, []).unwrap() as u64
                };
                tokio::task::spawn_blocking(run).await.unwrap()
            }
            None => {
                let name = self.database_url.rsplit('/').next().unwrap();
                let client = admin(Some(name)).await;
                client.execute(text, &[]).await.unwrap()
            }
        }
    }

    /// An id as it is written in SQL.
    pub fn literal(&self, id: &str) -> String {
        let (_, uuid) = evolva_domain::id::split(id).unwrap();
        match self.database_url.starts_with("sqlite://") {
            true => format!("X'{}'", uuid.simple()),
            false => format!("'{uuid}'"),
        }
    }

    /// Reads from the schema itself which input and which payload field each mutation has.
    async fn learn_inputs(&mut self) {
        let query = "{ __schema { mutationType { fields { name args { type { ofType { name } } } \
                     type { ofType { fields { name type { kind name } } } } } } } }";
        let answer = self.gql(Some(&self.host.token.clone()), query, json!({})).await.json();
        for field in answer["data"]["__schema"]["mutationType"]["fields"].as_array().expect("mutations") {
            let input = field["args"][0]["type"]["ofType"]["name"].as_str().unwrap().to_owned();
            let payload = field["type"]["ofType"]["fields"].as_array().unwrap();
            let object = payload.iter().find(|one| one["type"]["kind"] == "OBJECT").unwrap();
            let object = object["name"].as_str().unwrap().to_owned();
            self.inputs.insert(field["name"].as_str().unwrap().to_owned(), (input, object));
        }
    }

    pub async fn send(&self, request: reqwest::RequestBuilder, token: Option<&str>) -> Answer {
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, text: response.text().await.unwrap() }
    }

    /// A column of texts, past every wall.
    pub async fn texts(&self, text: &str) -> Vec<String> {
        match self.database_url.strip_prefix("sqlite://") {
            Some(path) => {
                let connection = rusqlite::Connection::open(path).unwrap();
                let mut statement = connection.prepare(text).unwrap();
                let rows = statement.query_map([], |row| row.get(0)).unwrap();
                rows.collect::<Result<_, _>>().unwrap()
            }
            None => {
                let url = self.database_url.replace("evolva_app", "evolva_owner");
                let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                client.query(text, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
            }
        }
    }

    /// In whose logs the sequencer has numbered events of a kind, past every wall.
    pub async fn logs(&self, kind: &str) -> Vec<uuid::Uuid> {
        let text = "SELECT l.tenant_id FROM event_log l JOIN outbox o ON o.id = l.outbox_id WHERE o.kind = ";
        let mut logs: Vec<uuid::Uuid> = match self.database_url.strip_prefix("sqlite://") {
            Some(path) => {
                let connection = rusqlite::Connection::open(path).unwrap();
                let mut statement = connection.prepare(&format!("{text}?1")).unwrap();
                let rows = statement.query_map([kind], |row| row.get::<_, Vec<u8>>(0)).unwrap();
                rows.map(|id| uuid::Uuid::from_slice(&id.unwrap()).unwrap()).collect()
            }
            None => {
                let url = self.database_url.replace("evolva_app", "evolva_owner");
                let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                let rows = client.query(&format!("{text}$1"), &[&kind]).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
        };
        logs.sort_unstable();
        logs
    }

    pub async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        self.send(self.http.get(format!("{}{path}", self.base)), token).await
    }

    pub async fn gql(&self, token: Option<&str>, query: &str, variables: Value) -> Answer {
        let request = self.http.post(format!("{}/graphql", self.base));
        let body = json!({ "query": query, "variables": variables });
        let request = request.header("Accept", "application/graphql-response+json").json(&body);
        self.send(request, token).await
    }

    /// Runs an operation over a surface, as any client would.
    pub async fn op(&self, surface: Surface, meta: &OpMeta, token: Option<&str>, input: &Value) -> Answer {
        match surface {
            Surface::Graphql => {
                let name = camel(meta.name);
                let (input_type, object) = &self.inputs[&name];
                let query = format!(
                    "mutation($input: {input_type}!) {{ {name}(input: $input) {{ {object} {{ id version }} \
                     userErrors {{ code field message }} }} }}"
                );
                self.gql(token, &query, json!({ "input": input })).await
            }
            Surface::Rest => {
                let mut body = input.as_object().unwrap().clone();
                let mut path = meta.path.to_owned();
                if path.contains("{id}") {
                    path = path.replace("{id}", body.remove("id").unwrap().as_str().unwrap());
                }
                if path.contains("{externalId}") {
                    path = path.replace("{externalId}", body.remove("externalId").unwrap().as_str().unwrap());
                }
                let url = format!("{}/api/v1{path}", self.base);
                let version = body.get("version").and_then(Value::as_i64);
                let request = match (meta.method, version) {
                    ("PATCH", Some(version)) => self.http.patch(url).header("If-Match", format!("\"v{version}\"")),
                    ("PUT", Some(0)) => self.http.put(url).header("If-None-Match", "*"),
                    ("PUT", Some(version)) => self.http.put(url).header("If-Match", format!("\"v{version}\"")),
                    ("PUT", None) => self.http.put(url).header("If-Match", "*"),
                    (_, None) => self.http.post(url),
                    other => panic!("{other:?} with a version"),
                };
                body.remove("version");
                self.send(request.json(&body), token).await
            }
        }
    }

    /// What an operation came to: the object's id and version, or the codes of what was wrong, the same for both
    /// surfaces.
    pub fn outcome(&self, surface: Surface, meta: &OpMeta, answer: &Answer) -> Result<(String, i64), Vec<String>> {
        let body = answer.json();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let codes =
            |list: &Value| list.as_array().into_iter().flatten().map(|one| text(&one["code"])).collect::<Vec<_>>();
        if surface == Surface::Rest {
            if answer.status < 300 {
                return Ok((text(&body["id"]), body["version"].as_i64().unwrap()));
            }
            let errors = codes(&body["errors"]);
            return Err(if errors.is_empty() { vec![text(&body["code"])] } else { errors });
        }
        if body["code"].is_string() {
            return Err(vec![text(&body["code"])]);
        }
        if let Some(errors) = body["errors"].as_array() {
            return Err(errors.iter().map(|error| text(&error["extensions"]["code"])).collect());
        }
        let name = camel(meta.name);
        let payload = &body["data"][&name];
        let errors = codes(&payload["userErrors"]);
        if !errors.is_empty() {
            return Err(errors);
        }
        let object = &payload[&self.inputs[&name].1];
        Ok((text(&object["id"]), object["version"].as_i64().unwrap_or(0)))
    }
}

pub fn meta(name: &str) -> OpMeta {
    contract::operations()
        .into_iter()
        .find(|op| camel(op.name) == name)
        .unwrap_or_else(|| panic!("no operation {name}"))
}

pub fn camel(snake: &str) -> String {
    let mut parts = snake.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| name + &part[..1].to_uppercase() + &part[1..])
}
