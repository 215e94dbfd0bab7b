//! Writes `api-schema/` from the code; with `--release` also `api-schema/released/`, against which tests hold every
//! change from then on. `cargo xtask api-schema` builds and runs it.

use evolva_api::contract;
use std::{path::Path, process::ExitCode};

fn main() -> ExitCode {
    let (sdl, openapi) = (contract::sdl(), contract::openapi());
    let mut files = vec![];
    match std::env::args().nth(1).as_deref() {
        None => {}
        Some("--release") => {
            files.extend([("released/schema.graphql", sdl.clone()), ("released/openapi.json", openapi.clone())]);
        }
        Some(other) => {
            eprintln!("{other}: --release is the only option");
            return ExitCode::FAILURE;
        }
    }
    files.extend([("schema.graphql", sdl), ("openapi.json", openapi), ("codes.md", contract::codes())]);
    for (name, text) in files {
        if let Err(error) = std::fs::write(Path::new("api-schema").join(name), text) {
            eprintln!("api-schema/{name}: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
