//! `cargo xtask bench`: the requests of a portal against the product as it is served, with tokens and every rule, and
//! against the bare limit handlers, interleaved, on both databases. Talks to this machine only and stops by itself.

mod client;
mod data;
mod limit;
mod load;
mod report;
mod walls;

use client::Shot;
use data::{Known, Size};
use evolva_domain::token;
use evolva_persistence::Dialect;
use evolva_server::settings::Settings;
use hyper::body::Bytes;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The requests, by their names in the documents.
pub const REQUESTS: [&str; 5] = ["Q1", "Q2", "Q3", "Q4", "W1"];

const QUERIES: [&str; 5] = [
    "query($id: ID!) { cop(id: $id) { id title summary status startDate memberCount theme { id title } \
     facilitator { id displayName } } }",
    "query($id: ID!) { cops(first: 20, filter: { hostId: $id }, orderBy: START_DATE) { nodes { id title startDate \
     memberCount theme { id title } } } }",
    "query($id: ID!) { cop(id: $id) { id title summary status startDate memberCount theme { id title } \
     facilitator { id displayName } \
     memberships(first: 10) { nodes { role person { id displayName } personTenant { id name } } } \
     sessions(first: 5) { nodes { id kind title startsAt } } \
     artefacts(first: 10) { nodes { id kind title createdAt authors(first: 3) { nodes { id displayName } } \
     comments(last: 3) { nodes { id body author { id displayName } } } } } } }",
    "query($query: String!, $id: ID!) { search(query: $query, first: 20, filter: { kinds: [ARTEFACT], organisationId: $id }) { \
     nodes { title object { ... on Artefact { id cop { id title } } } } } }",
    "mutation($input: ArtefactCreateInput!) { artefactCreate(input: $input) { artefact { id } \
     userErrors { code field message } } }",
];

/// After this line of a report stands what was measured.
const MARK: &str = "<!-- measured -->";

struct Arguments {
    program: PathBuf,
    postgres: String,
    rounds: usize,
    seconds: f64,
    connections: usize,
    scale: f64,
    only: Option<Dialect>,
    write: Option<PathBuf>,
}

const USAGE: &str = "cargo xtask bench [--rounds 5] [--seconds 3] [--connections 16] [--scale 1] \
                     [--only sqlite|postgres] [--write FILE]";

fn arguments() -> Result<Arguments, Failed> {
    let mut found = Arguments {
        program: std::env::current_exe()?.with_file_name("evolva"),
        postgres: std::env::var("BENCH_POSTGRES_URL").unwrap_or_default(),
        rounds: 5,
        seconds: 3.0,
        connections: 16,
        scale: 1.0,
        only: None,
        write: None,
    };
    let mut given = std::env::args().skip(1);
    while let Some(name) = given.next() {
        let value = given.next().ok_or(USAGE)?;
        match name.as_str() {
            "--rounds" => found.rounds = value.parse()?,
            "--seconds" => found.seconds = value.parse()?,
            "--connections" => found.connections = value.parse()?,
            "--scale" => found.scale = value.parse()?,
            "--only" if value == "sqlite" => found.only = Some(Dialect::Sqlite),
            "--only" if value == "postgres" => found.only = Some(Dialect::Postgres),
            "--write" => found.write = Some(value.into()),
            _ => return Err(USAGE.into()),
        }
    }
    Ok(found)
}

/// A process of ours that ends with us.
struct Server {
    child: Child,
    addr: SocketAddr,
    /// How long it took until it answered.
    started: Duration,
}

impl Server {
    async fn start(mut command: Command, addr: SocketAddr, path: &'static str) -> Result<Self, Failed> {
        let start = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let mut server = Self { child, addr, started: Duration::ZERO };
        loop {
            if tokio::net::TcpStream::connect(addr).await.is_ok() {
                let ask = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                let mut stream = tokio::net::TcpStream::connect(addr).await?;
                tokio::io::AsyncWriteExt::write_all(&mut stream, ask.as_bytes()).await?;
                let mut answer = [0; 12];
                tokio::io::AsyncReadExt::read_exact(&mut stream, &mut answer).await?;
                server.started = start.elapsed();
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait()? {
                return Err(format!("{command:?} ended with {status}").into());
            }
            if start.elapsed() > Duration::from_secs(20) {
                return Err(format!("{command:?} does not listen").into());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Resident memory, in MiB.
    fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok());
        kib.unwrap_or(0.0) / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_addr() -> Result<SocketAddr, Failed> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// A database with the data set, a product and a limit that serve it.
struct Bench {
    dialect: Dialect,
    known: Known,
    tokens: Vec<String>,
    product: Server,
    limit: Server,
    /// Resident memory of the product before its first request, in MiB.
    idle: f64,
    settings: Settings,
}

impl Bench {
    async fn new(dialect: Dialect, folder: &Path, arguments: &Arguments) -> Result<Self, Failed> {
        let mut settings = Settings {
            database_url: format!("sqlite://{}/bench.db", folder.display()),
            data_dir: folder.display().to_string(),
            ..Settings::default()
        };
        let mut admin_url = settings.database_url.clone();
        if dialect == Dialect::Postgres {
            let (server, _) = arguments.postgres.rsplit_once('/').ok_or("BENCH_POSTGRES_URL names no server")?;
            let place = server.rsplit_once('@').map_or(server, |(_, place)| place);
            let (client, connection) = tokio_postgres::connect(&arguments.postgres, tokio_postgres::NoTls).await?;
            tokio::spawn(connection);
            client.batch_execute("CREATE DATABASE bench OWNER evolva_owner").await?;
            admin_url = format!("{server}/bench");
            settings.database_url = format!("postgres://evolva_app@{place}/bench");
            settings.database_owner_url = Some(format!("postgres://evolva_owner@{place}/bench"));
        }
        evolva_persistence::migrate(&settings.database()).await?;
        let db = evolva_server::open(&settings).await?;
        let operator = db.operator().await.map_err(|fault| fault.chain())?;
        let size = Size::scaled(arguments.scale);
        let bar = indicatif::ProgressBar::new(size.cops as u64).with_message(format!("{dialect:?}: making the data"));
        bar.set_style(indicatif::ProgressStyle::with_template("{msg} {bar:40} {pos}/{len} CoPs {elapsed}")?);
        let known = match dialect {
            Dialect::Sqlite => {
                let connection = rusqlite::Connection::open(folder.join("bench.db"))?;
                connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF")?;
                let mut sink = load::Sqlite(connection);
                let known = data::make(size, operator, &mut sink, || bar.inc(1)).await?;
                // What came in past the product gets its documents.
                evolva_persistence::migrate(&settings.database()).await?;
                sink.0.execute_batch("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)")?;
                known
            }
            Dialect::Postgres => {
                let (client, connection) = tokio_postgres::connect(&admin_url, tokio_postgres::NoTls).await?;
                tokio::spawn(connection);
                let mut sink = load::Postgres(client);
                let known = data::make(size, operator, &mut sink, || bar.inc(1)).await?;
                evolva_persistence::migrate(&settings.database()).await?;
                sink.0.batch_execute("VACUUM ANALYZE").await?;
                sink.0.batch_execute("CHECKPOINT").await?;
                known
            }
        };
        bar.finish();
        let (ctx, authority) = (evolva_server::ctx(&db), evolva_server::authority(&db, &settings).await?);
        let mut tokens = vec![];
        for tenant in &known.tenants {
            let scopes = evolva_domain::scope::Scope::of_tenants().collect();
            let issued = token::bootstrap_tenant(&ctx, *tenant, "bench", scopes, 1).await;
            let issued = issued.map_err(|error| format!("{error:?}"))?;
            tokens.push(authority.sign(&issued).await.map_err(|fault| fault.chain())?);
        }
        db.close().await;
        let (addr, ops) = (free_addr()?, free_addr()?);
        let mut command = Command::new(&arguments.program);
        command
            .arg("serve")
            .env("EVOLVA_ADDR", addr.to_string())
            .env("EVOLVA_OPS_ADDR", ops.to_string())
            .env("EVOLVA_DATA_DIR", folder)
            .env("EVOLVA_ISSUER", &settings.issuer)
            .env("EVOLVA_DATABASE_URL", &settings.database_url);
        let product = Server::start(command, addr, "/health/live").await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let idle = product.memory();
        let addr = free_addr()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.env("BENCH_LIMIT", &admin_url).env("BENCH_LIMIT_ADDR", addr.to_string());
        let limit = Server::start(command, addr, "/q1").await?;
        Ok(Self { dialect, known, tokens, product, limit, idle, settings })
    }

    fn shot(&self, which: usize, limit: bool, rng: &mut fastrand::Rng) -> Shot {
        let (cop, host) = self.known.cops[rng.usize(..self.known.cops.len())];
        let tenant = self.known.tenants[host];
        let text = "werkplek leren praktijk begeleider student team opdracht reflectie vraag ".repeat(7);
        let word = data::word(100 + rng.usize(..900));
        if limit && which == 3 {
            // The very terms that the product asks for.
            let dutch = evolva_domain::search::words::stems(&word, evolva_domain::search::words::Spoken::Dutch);
            let owner = evolva_domain::search::document::owned_by(limit::plain(tenant));
            let quote = if self.dialect == Dialect::Postgres { ("'", "' & '", "'") } else { ("\"", "\" AND \"", "\"") };
            let query = format!("{}{}{}{owner}{}", quote.0, dutch[0], quote.1, quote.2);
            let body = limit::body(limit::plain(cop), limit::plain(tenant), &query, &format!("% {} %", dutch[0]));
            return Shot { path: "/q4", token: None, body: Bytes::from(body) };
        }
        if limit {
            let id = if which == 1 { limit::plain(tenant) } else { limit::plain(cop) };
            let path = ["/q1", "/q2", "/q3", "/q4", "/w1"][which];
            let body = limit::body(id, limit::plain(tenant), "A lesson", &text);
            return Shot { path, token: None, body: Bytes::from(body) };
        }
        let variables = match which {
            1 => serde_json::json!({ "id": tenant }),
            // A space behind it: a whole word, not the beginning of one.
            3 => serde_json::json!({ "id": tenant, "query": format!("{word} ") }),
            4 => {
                serde_json::json!({ "input": { "copId": cop, "kind": "LESSON_LEARNED", "title": "A lesson", "body": text } })
            }
            _ => serde_json::json!({ "id": cop }),
        };
        let body = serde_json::json!({ "query": QUERIES[which], "variables": variables }).to_string();
        Shot { path: "/graphql", token: Some(self.tokens[host].clone()), body: Bytes::from(body) }
    }

    async fn measure(
        &self,
        which: usize,
        limit: bool,
        connections: usize,
        seconds: f64,
    ) -> Result<client::Run, Failed> {
        let server = if limit { &self.limit } else { &self.product };
        let time = Duration::from_secs_f64(seconds);
        client::run(server.addr, connections, time, |rng| self.shot(which, limit, rng)).await
    }
}

fn main() -> Result<(), Failed> {
    if let (Ok(url), Ok(addr)) = (std::env::var("BENCH_LIMIT"), std::env::var("BENCH_LIMIT_ADDR")) {
        return actix_web::rt::System::new().block_on(limit::serve(&url, &addr));
    }
    let arguments = arguments()?;
    let folder = std::env::temp_dir().join(format!("evolva-bench-{}", uuid::Uuid::now_v7().simple()));
    std::fs::create_dir_all(&folder)?;
    let done = actix_web::rt::System::new().block_on(bench(&arguments, &folder));
    std::fs::remove_dir_all(&folder)?;
    done
}

async fn bench(arguments: &Arguments, folder: &Path) -> Result<(), Failed> {
    let mut benches = vec![];
    for dialect in [Dialect::Postgres, Dialect::Sqlite] {
        if arguments.only.is_none_or(|only| only == dialect) {
            benches.push(Bench::new(dialect, folder, arguments).await?);
        }
    }
    for bench in &benches {
        for (which, name) in REQUESTS.iter().enumerate() {
            for limit in [true, false] {
                let server = if limit { &bench.limit } else { &bench.product };
                let answer =
                    client::once(server.addr, bench.shot(which, limit, &mut fastrand::Rng::with_seed(1))).await?;
                let who = if limit { "the limit" } else { "the product" };
                println!("{:?} {name}: an answer of {who} has {} bytes", bench.dialect, answer.len());
            }
        }
    }
    let mut report = report::Report::new(&benches);
    for round in 1..=arguments.rounds {
        for (place, bench) in benches.iter().enumerate() {
            for (which, name) in REQUESTS.iter().enumerate() {
                let limit = bench.measure(which, true, arguments.connections, arguments.seconds).await?;
                let product = bench.measure(which, false, arguments.connections, arguments.seconds).await?;
                println!(
                    "round {round}: {:?} {name}: {:.0} of {:.0} per second ({:.2})",
                    bench.dialect,
                    product.per_second,
                    limit.per_second,
                    product.per_second / limit.per_second
                );
                report.add(place, which, limit, product);
            }
        }
    }
    for (place, bench) in benches.iter().enumerate() {
        for which in 0..REQUESTS.len() {
            report.add_crowd(place, which, bench.measure(which, false, 64, arguments.seconds).await?);
        }
        report.add_memory(place, bench.product.memory());
    }
    let mut text = report.markdown(arguments.rounds, arguments.seconds, arguments.connections, arguments.scale);
    for bench in benches.iter().filter(|bench| bench.dialect == Dialect::Postgres) {
        text.push_str(&walls::report(bench, arguments.rounds, arguments.seconds).await?);
    }
    println!("\n{text}");
    if let Some(path) = &arguments.write {
        // What stands before the mark is written by hand and stays.
        let old = std::fs::read_to_string(path).unwrap_or_default();
        let head = old.split_once(MARK).map_or(String::new(), |(head, _)| format!("{head}{MARK}\n\n"));
        std::fs::write(path, format!("{head}{}\n", text.trim_end()))?;
    }
    Ok(())
}
