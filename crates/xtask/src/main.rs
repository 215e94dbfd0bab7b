//! `cargo xtask {test, api-schema, tidy, assets, bench}`: what the project does to itself.

mod postgres;
mod tidy;

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

const USAGE: &str = "cargo xtask test        format, clippy, tidy rules, then every test on SQLite and PostgreSQL
cargo xtask api-schema  write api-schema/ from the code; with --release also api-schema/released/
cargo xtask tidy        check the conventions that no compiler checks
cargo xtask assets      bundle GraphiQL with npm, to be embedded by the next build
cargo xtask bench       requests a second against a bare handler's, on both databases; --help says more";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let result = match arguments.next().as_deref() {
        Some("test") => test(&arguments.collect::<Vec<_>>()),
        Some("api-schema") => api_schema(&arguments.collect::<Vec<_>>()),
        Some("tidy") => tidy::check(),
        Some("assets") => assets(),
        Some("bench") => bench(&arguments.collect::<Vec<_>>()),
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a command to its end; its failure is ours.
fn run(command: &mut Command) -> Result<(), String> {
    let shown = format!("{command:?}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{shown} ended with {status}")),
        Err(error) => Err(format!("{shown} could not be started: {error}")),
    }
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments);
    command
}

fn test(extra: &[String]) -> Result<(), String> {
    run(&mut cargo(&["fmt", "--all", "--check"]))?;
    tidy::check()?;
    run(Command::new("bash").arg("deploy/lint.sh"))?;
    run(&mut cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--features",
        "evolva-tests/mutants",
        "--",
        "-D",
        "warnings",
    ]))?;
    // The tests start the program itself, too.
    build("evolva")?;
    if !Path::new("crates/api/graphiql/dist/index.html").exists() {
        eprintln!("GraphiQL is not bundled, so no browser tries it: 'cargo xtask assets' bundles it.");
    }
    let postgres = postgres::Postgres::start(false)?;
    let mut nextest = cargo(&["nextest", "run", "--workspace"]);
    nextest.args(extra).env("TEST_POSTGRES_URL", postgres.url()).env("TEST_POSTGRES_ROOT", postgres.root());
    run(&mut nextest)
}

fn bench(extra: &[String]) -> Result<(), String> {
    run(&mut cargo(&["build", "--release", "-p", "evolva-server", "-p", "evolva-bench"]))?;
    let postgres = postgres::Postgres::start(true)?;
    run(Command::new(target("release/evolva-bench")).args(extra).env("BENCH_POSTGRES_URL", postgres.url()))
}

fn api_schema(extra: &[String]) -> Result<(), String> {
    build("api-schema")?;
    run(Command::new(target("debug/api-schema")).args(extra))
}

/// Builds a program and all tests at once: built alone, it would need its dependencies with other features.
fn build(program: &str) -> Result<(), String> {
    run(&mut cargo(&["build", "--workspace", "--tests", "--bin", program]))
}

fn target(file: &str) -> PathBuf {
    Path::new(&std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned())).join(file)
}

fn assets() -> Result<(), String> {
    let folder = "crates/api/graphiql";
    run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(folder))?;
    run(Command::new("npm").args(["run", "build"]).current_dir(folder))
}
