//! The program itself, as its user starts it: the README's steps, a kill in the middle of an import, and what it says
//! when it cannot start.

use crate::harness::settings_for;
use evolva_persistence::Dialect;
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

/// `cargo xtask test` builds it beside the tests.
pub fn program() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    here.parent().unwrap().parent().unwrap().join("evolva")
}

pub fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("evolva-program-{}", uuid::Uuid::now_v7().simple()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Ends with the test, whatever becomes of it.
pub struct Server {
    child: Child,
    pub base: String,
    /// Kept open as a terminal would be.
    _out: Option<std::io::BufReader<std::process::ChildStdout>>,
}

impl Server {
    pub async fn start(folder: &Path, port: u16, arguments: &[&str], more: &[(&str, String)]) -> Self {
        let base = format!("http://127.0.0.1:{port}");
        let log = std::fs::File::create(folder.join("log")).unwrap();
        let mut command = Command::new(program());
        command.arg("serve").args(arguments).current_dir(folder).env("EVOLVA_OPS_ADDR", "127.0.0.1:0");
        command.env("EVOLVA_ADDR", format!("127.0.0.1:{port}")).envs(more.iter().cloned());
        command.env("EVOLVA_ISSUER", &base).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().unwrap();
        let mut out = child.stdout.take().map(std::io::BufReader::new);
        if let Some(out) = out.as_mut().filter(|_| arguments.contains(&"--demo")) {
            // The demo is whole when its requests are printed.
            let mut line = String::new();
            while !line.contains("Refused") {
                line.clear();
                assert!(std::io::BufRead::read_line(out, &mut line).unwrap() > 0, "the demo did not come up");
            }
        }
        let server = Self { child, base, _out: out };
        let end = Instant::now() + Duration::from_secs(20);
        while reqwest::get(format!("{}/health/ready", server.base)).await.map_or(0, |answer| answer.status().as_u16())
            != 200
        {
            assert!(Instant::now() < end, "{}", std::fs::read_to_string(folder.join("log")).unwrap());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been killed already; then there is nothing left to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[actix_web::test]
async fn the_readmes_steps_do_what_they_say() {
    let readme = std::fs::read_to_string(format!("{}/../README.md", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let steps: Vec<_> = readme.split("```sh\n").skip(1).map(|part| part.split("```").next().unwrap()).collect();
    assert!(steps.len() > 10);
    let folder = folder();
    let port = free_port();
    let server = Server::start(&folder, port, &["--demo"], &[]).await;
    // One shell, as the reader has; a step that fails ends it, and what a step prints is looked at below.
    let script = format!("set -euo pipefail\n{}", steps.join("\n"));
    let script = script.replace("cargo run --quiet --", &program().display().to_string());
    let mut shell = Command::new("bash");
    shell.arg("-c").arg(script).current_dir(&folder).env("EVOLVA_ISSUER", &server.base);
    let output = tokio::task::spawn_blocking(move || shell.output().unwrap()).await.unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    for seen in [
        "\"totalCount\"",
        "304",
        "cop_",
        "200",
        "STALE_VERSION",
        "De CoP heeft nog geen thema.",
        "1 created",
        "\"outcome\":\"UNCHANGED\"",
        "tok_",
        "It sees now:",
        "Its scopes: ",
        "\"wholeOrganisation\": true",
        "revokedAt",
        "401",
        "\"kty\"",
        "20\nCOMPLETE\n%PDF-1.7",
        "LearningResource",
        "\"lessonState\": \"IDENTIFIED\"",
        "We bellen u deze week.",
    ] {
        assert!(out.contains(seen), "'{seen}' was not printed:\n{out}\n{err}");
    }
    drop(server);
    std::fs::remove_dir_all(&folder).unwrap();
}

async fn killed_and_sent_again(dialect: Dialect) {
    let folder = folder();
    let settings = settings_for(dialect, &folder).await;
    evolva_persistence::migrate(&settings.database()).await.unwrap();
    let more = [("EVOLVA_DATABASE_URL", settings.database_url.clone())];
    let port = free_port();
    let server = Server::start(&folder, port, &[], &more).await;
    let issued = Command::new(program())
        .args(["token", "issue"])
        .current_dir(&folder)
        .envs(more.iter().cloned())
        .env("EVOLVA_ISSUER", &server.base)
        .output()
        .unwrap();
    let token = String::from_utf8(issued.stdout).unwrap().trim().to_owned();
    const ROWS: i64 = 4_000;
    let body: String = (0..ROWS)
        .map(|n| format!("{}\n", json!({ "externalId": n.to_string(), "displayName": format!("P {n}") })))
        .collect();
    let http = reqwest::Client::new();
    let send = {
        let (http, url, token, body) =
            (http.clone(), format!("{}/api/v1/imports?collection=PEOPLE", server.base), token.clone(), body.clone());
        async move || {
            http.post(url).bearer_auth(token).header("Content-Type", "application/x-ndjson").body(body).send().await
        }
    };
    let sending = tokio::spawn(send());
    let get = async |path: &str| -> Value {
        let answer =
            http.get(format!("http://127.0.0.1:{port}/api/v1/{path}")).bearer_auth(&token).send().await.unwrap();
        answer.json().await.unwrap()
    };
    let end = Instant::now() + Duration::from_secs(30);
    let acknowledged = loop {
        let created = get("imports").await["items"][0]["created"].as_i64().unwrap_or(0);
        if created >= 200 {
            break created;
        }
        assert!(Instant::now() < end, "the import did not get on");
    };
    // SIGKILL: nothing is finished, flushed or said.
    drop(server);
    assert!(sending.await.unwrap().is_err() || acknowledged == ROWS, "the connection broke with the server");
    let server = Server::start(&folder, port, &[], &more).await;
    let query = json!({ "query": "{ people { totalCount } }" });
    let count = async || -> i64 {
        let answer = http
            .post(format!("http://127.0.0.1:{port}/graphql"))
            .bearer_auth(&token)
            .json(&query)
            .send()
            .await
            .unwrap();
        answer.json::<Value>().await.unwrap()["data"]["people"]["totalCount"].as_i64().unwrap()
    };
    let there = count().await;
    assert!(there >= acknowledged, "{acknowledged} were acknowledged, {there} are there");
    let url = format!("{}/api/v1/imports?collection=PEOPLE", server.base);
    let again = http
        .post(url)
        .bearer_auth(&token)
        .header("Content-Type", "application/x-ndjson")
        .body(body)
        .send()
        .await
        .unwrap();
    let again: Value = again.json().await.unwrap();
    assert_eq!((again["unchanged"].as_i64(), again["created"].as_i64()), (Some(there), Some(ROWS - there)), "{again}");
    assert_eq!(count().await, ROWS, "nothing is lost and nothing is doubled");
    drop(server);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[actix_web::test]
async fn a_kill_during_an_import_loses_and_doubles_nothing_on_sqlite() {
    killed_and_sent_again(Dialect::Sqlite).await;
}

#[actix_web::test]
async fn a_kill_during_an_import_loses_and_doubles_nothing_on_postgres() {
    killed_and_sent_again(Dialect::Postgres).await;
}

/// Every file below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut all = vec![];
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        all.extend(if path.is_dir() { below(&path) } else { vec![path] });
    }
    all
}

async fn killed_and_gone_on_with(dialect: Dialect) {
    let folder = folder();
    let settings = settings_for(dialect, &folder).await;
    evolva_persistence::migrate(&settings.database()).await.unwrap();
    let more = [("EVOLVA_DATABASE_URL", settings.database_url.clone())];
    let port = free_port();
    let server = Server::start(&folder, port, &[], &more).await;
    let issued = Command::new(program())
        .args(["token", "issue"])
        .current_dir(&folder)
        .envs(more.iter().cloned())
        .env("EVOLVA_ISSUER", &server.base)
        .output()
        .unwrap();
    let token = String::from_utf8(issued.stdout).unwrap().trim().to_owned();
    let http = reqwest::Client::new();
    let at = |path: &str| format!("http://127.0.0.1:{port}/api/v1/{path}");
    let post = async |path: &str, body: Value| -> Value {
        http.post(at(path)).bearer_auth(&token).json(&body).send().await.unwrap().json().await.unwrap()
    };
    let get = async |path: String| -> Value {
        http.get(at(&path)).bearer_auth(&token).send().await.unwrap().json().await.unwrap()
    };
    const SIZE: usize = 64 << 20;
    let bytes: Vec<u8> = (0..SIZE).map(|at| (at * 31 % 251) as u8).collect();
    let upload = post("uploads", json!({ "fileName": "groot.bin", "size": SIZE })).await;
    let upload = upload["id"].as_str().unwrap().to_owned();
    // It comes in slowly, so that the kill meets it half way.
    let (stream, rest) = (bytes.clone(), http.put(at(&format!("uploads/{upload}/content"))).bearer_auth(&token));
    let stream = futures_util::stream::unfold((stream, 0), |(bytes, at)| async move {
        tokio::time::sleep(Duration::from_millis(5)).await;
        let chunk = bytes.get(at..at + (256 << 10))?.to_vec();
        Some((Ok::<_, std::io::Error>(chunk), (bytes, at + (256 << 10))))
    });
    let sending = tokio::spawn(rest.body(reqwest::Body::wrap_stream(stream)).send());
    let end = Instant::now() + Duration::from_secs(30);
    while get(format!("uploads/{upload}")).await["received"].as_i64().unwrap() < (8 << 20) {
        assert!(Instant::now() < end, "the upload did not get on");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // SIGKILL: nothing is finished, flushed or said.
    drop(server);
    assert!(sending.await.unwrap().is_err(), "the connection broke with the server");
    let store = folder.join("data/files");
    let parts = below(&store);
    assert!(parts.len() >= 2, "{parts:?}");
    // Beside what the kill has left: a part that got no row, and one that was being written.
    let of_file = parts[0].parent().unwrap();
    let stray = uuid::Uuid::now_v7().simple().to_string();
    let strays = [of_file.join(&stray), of_file.join(format!("{stray}#1"))];
    strays.iter().for_each(|path| std::fs::write(path, "x").unwrap());
    // It is started again when all of that is old enough to be looked at.
    below(&store).iter().for_each(|path| crate::attachments::age(path));
    let server = Server::start(&folder, port, &[], &more).await;
    let end = Instant::now() + Duration::from_secs(20);
    while strays.iter().any(|path| path.exists()) {
        assert!(Instant::now() < end, "they were not swept");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let there = get(format!("uploads/{upload}")).await["received"].as_u64().unwrap();
    let length = |path: &PathBuf| std::fs::metadata(path).unwrap().len();
    assert_eq!(below(&store).iter().map(length).sum::<u64>(), there, "each part has its row, and the reverse");
    assert!(there >= 8 << 20 && there < SIZE as u64, "{there}");
    // It goes on where it was, and what comes out is what was sent.
    let rest = bytes[there as usize..].to_vec();
    let request = http.put(at(&format!("uploads/{upload}/content"))).bearer_auth(&token);
    let request = request.header("Content-Range", format!("bytes {there}-{}/{SIZE}", SIZE - 1)).body(rest);
    let done: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(done["state"], "COMPLETE", "{done}");
    let artefact = post("artefacts", json!({ "kind": "INSIGHT", "title": "x" })).await;
    let attachment = post("attachments", json!({ "artefactId": artefact["id"], "uploadId": upload })).await;
    // Killed once more right after it was acknowledged: it is there.
    drop(server);
    let server = Server::start(&folder, port, &[], &more).await;
    let url = at(&format!("attachments/{}/content", attachment["id"].as_str().unwrap()));
    let got = http.get(url).bearer_auth(&token).send().await.unwrap().bytes().await.unwrap();
    assert!(got == bytes, "{} bytes of {SIZE}", got.len());
    drop(server);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[actix_web::test]
async fn a_kill_during_an_upload_leaves_no_row_without_a_file_nor_the_reverse_on_sqlite() {
    killed_and_gone_on_with(Dialect::Sqlite).await;
}

#[actix_web::test]
async fn a_kill_during_an_upload_leaves_no_row_without_a_file_nor_the_reverse_on_postgres() {
    killed_and_gone_on_with(Dialect::Postgres).await;
}

fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let folder = folder();
    let mut command = Command::new(program());
    command
        .args(arguments)
        .current_dir(&folder)
        .env("EVOLVA_OPS_ADDR", "127.0.0.1:0")
        .envs(environment.iter().copied());
    let output = command.output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    output
}

/// Ends with one line that names the remedy, and not with success.
fn says(output: &Output, words: &str) {
    let err = String::from_utf8_lossy(&output.stderr);
    let last: Vec<_> = err.lines().filter(|line| line.starts_with("evolva:")).collect();
    assert_eq!((output.status.code(), last.len()), (Some(1), 1), "{err}");
    assert!(last[0].contains(words), "'{words}' is not in: {err}");
}

#[test]
fn what_it_says_when_it_cannot_start() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    says(&run(&["serve"], &[("EVOLVA_ADDR", &addr)]), "EVOLVA_ADDR");
    says(&run(&["serve"], &[("EVOLVA_ADDR", "127.0.0.1:0")]), "evolva migrate");
    let nowhere = format!("postgres://evolva_app@127.0.0.1:{}/x", free_port());
    says(&run(&["serve"], &[("EVOLVA_ADDR", "127.0.0.1:0"), ("EVOLVA_DATABASE_URL", &nowhere)]), "EVOLVA_DATABASE_URL");
    says(
        &run(&["serve", "--demo"], &[("EVOLVA_ADDR", "127.0.0.1:0"), ("EVOLVA_DATA_DIR", "/proc/nowhere")]),
        "EVOLVA_DATA_DIR",
    );
    says(&run(&["config"], &[("EVOLVA_NOPE", "1")]), "nope");
    let admin = std::env::var("TEST_POSTGRES_URL").expect("run the tests by 'cargo xtask test'");
    let refused = run(&["migrate"], &[("EVOLVA_DATABASE_URL", &admin)]);
    says(&refused, "EVOLVA_DATABASE_OWNER_URL");
}

#[actix_web::test]
async fn a_newer_schema_and_a_superuser_are_refused() {
    let folder = folder();
    let settings = settings_for(Dialect::Postgres, &folder).await;
    evolva_persistence::migrate(&settings.database()).await.unwrap();
    let serve = |url: &str| run(&["serve"], &[("EVOLVA_ADDR", "127.0.0.1:0"), ("EVOLVA_DATABASE_URL", url)]);
    let owner = settings.database_owner_url.clone().unwrap();
    let superuser = owner.replace("evolva_owner@", "postgres@");
    let refused = tokio::task::spawn_blocking(move || serve(&superuser)).await.unwrap();
    says(&refused, "superuser");
    let (client, connection) = tokio_postgres::connect(&owner, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)").await.unwrap();
    let url = settings.database_url.clone();
    let refused = tokio::task::spawn_blocking(move || {
        run(&["serve"], &[("EVOLVA_ADDR", "127.0.0.1:0"), ("EVOLVA_DATABASE_URL", &url)])
    });
    says(&refused.await.unwrap(), "newer");
    std::fs::remove_dir_all(&folder).unwrap();
}

async fn measures(dialect: Dialect) {
    let folder = folder();
    let settings = settings_for(dialect, &folder).await;
    evolva_persistence::migrate(&settings.database()).await.unwrap();
    let ops = format!("127.0.0.1:{}", free_port());
    let more = [("EVOLVA_DATABASE_URL", settings.database_url.clone()), ("EVOLVA_OPS_ADDR", ops.clone())];
    let server = Server::start(&folder, free_port(), &[], &more).await;
    let issued = Command::new(program())
        .args(["token", "issue"])
        .envs(more.iter().cloned())
        .env("EVOLVA_ISSUER", &server.base)
        .output()
        .unwrap();
    let token = String::from_utf8(issued.stdout).unwrap().trim().to_owned();
    let http = reqwest::Client::new();
    let ask = async |query: String| {
        let request = http.post(format!("{}/graphql", server.base)).bearer_auth(&token);
        request.json(&json!({ "query": query })).send().await.unwrap().text().await.unwrap()
    };
    assert!(ask("{ cops { totalCount } }".into()).await.contains("totalCount"));
    let deep = format!("{}id{}", "{ node ".repeat(20), " }".repeat(20));
    assert!(ask(deep).await.contains("QUERY_TOO_DEEP"));
    let shown = reqwest::get(format!("http://{ops}/metrics")).await.unwrap().text().await.unwrap();
    for line in [
        "evolva_request_seconds_bucket{route=\"/graphql\",status=\"200\"",
        "evolva_statement_seconds_count{kind=\"read\"}",
        "evolva_pool_connections{state=\"open\"}",
        "evolva_pool_connections{state=\"idle\"}",
        "evolva_limit_refusals_total{code=\"QUERY_TOO_DEEP\"} 1",
    ] {
        assert!(shown.contains(line), "{line} is not in:\n{shown}");
    }
    // The port of the API does not show them.
    assert_eq!(http.get(format!("{}/metrics", server.base)).send().await.unwrap().status(), 404);
    drop(server);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[actix_web::test]
async fn the_operations_port_shows_durations_pool_and_limits_on_sqlite() {
    measures(Dialect::Sqlite).await;
}

#[actix_web::test]
async fn the_operations_port_shows_durations_pool_and_limits_on_postgres() {
    measures(Dialect::Postgres).await;
}
