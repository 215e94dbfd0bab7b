//! Conventions that no compiler checks.

use std::{fs, path::Path, process::Command};

/// Who may import whom: a crate, and what its sources must never name.
const NEVER: &[(&str, &[&str])] = &[
    (
        "crates/domain/src",
        &[
            "sea_orm",
            "actix_web",
            "async_graphql",
            "utoipa",
            "std::env",
            "Utc::now",
            "now_v7",
            "evolva_persistence",
            "evolva_api",
        ],
    ),
    ("crates/persistence/src", &["actix_web", "async_graphql", "utoipa", "evolva_api"]),
    ("crates/api/src", &["sea_orm", "tokio_postgres", "rusqlite", "evolva_persistence"]),
];

/// What no source may hold, put together here so that this file does not hold it either.
fn banned() -> Vec<String> {
    [("todo", "!("), ("unimplemented", "!("), ("dbg", "!("), ("#[ign", "ore")]
        .iter()
        .map(|(a, b)| format!("{a}{b}"))
        .collect()
}

/// What no comment may hold. In code it may be a name: a step of a guide that is not begun is one of these.
fn marks() -> Vec<String> {
    [("TO", "DO"), ("FIX", "ME")].iter().map(|(a, b)| format!("{a}{b}")).collect()
}

pub fn check() -> Result<(), String> {
    let output = Command::new("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]).output();
    let output = output.map_err(|error| format!("git ls-files: {error}"))?;
    let files = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut faults = vec![];
    for file in files.lines().filter(|file| Path::new(file).exists()) {
        if file.ends_with(".rs") {
            let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
            rust(file, &text, &mut faults);
        }
        if let Ok(text) = fs::read_to_string(file)
            && !file.ends_with("Cargo.lock")
        {
            for (number, line) in text.lines().enumerate() {
                if ["/ro", "/wo"].iter().zip(["ot/", "rk/"]).any(|(a, b)| line.contains(&format!("{a}{b}"))) {
                    faults.push(format!("{file}:{}: a path of one machine", number + 1));
                }
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(format!("tidy:\n{}", faults.join("\n"))) }
}

fn is_unfinished(line: &str) -> bool {
    let comment = line.split_once("//").map_or("", |(_, comment)| comment);
    banned().iter().any(|word| line.contains(word.as_str()))
        || marks().iter().any(|mark| comment.contains(mark.as_str()))
}

fn rust(file: &str, text: &str, faults: &mut Vec<String>) {
    let own = !file.starts_with("tests/") && !file.starts_with("crates/xtask/");
    let root = file.ends_with("src/lib.rs") || file.ends_with("src/main.rs") || file.ends_with("mod.rs");
    if (root || own) && !file.ends_with("tests.rs") && !text.starts_with("//!") {
        faults.push(format!("{file}: no //! comment that says what it is for"));
    }
    // Tests may unwrap; they come last in a file.
    let code_end = text.find("#[cfg(test)]").unwrap_or(text.len());
    for (number, line) in text.lines().enumerate() {
        let at = format!("{file}:{}", number + 1);
        if file != "crates/xtask/src/tidy.rs" && is_unfinished(line) {
            faults.push(format!("{at}: unfinished or switched off"));
        }
        for (folder, words) in NEVER {
            if file.starts_with(folder)
                && let Some(word) = words.iter().find(|word| line.contains(*word))
                && !line.trim_start().starts_with("//")
            {
                faults.push(format!("{at}: {word} does not belong here"));
            }
        }
    }
    for (number, line) in text[..code_end].lines().enumerate() {
        let unsure = line.contains(".unwrap()") || line.contains(".expect(");
        if own && unsure && !file.ends_with("tests.rs") && !file.ends_with("build.rs") {
            faults.push(format!("{file}:{}: unwrap or expect outside tests", number + 1));
        }
    }
}
