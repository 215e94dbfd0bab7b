//! Embeds GraphiQL's bundle where `cargo xtask assets` has made one; without it the page falls back to the CDN.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

fn main() {
    let dist = PathBuf::from("graphiql/dist");
    println!("cargo::rerun-if-changed=graphiql/dist");
    let mut files = vec![];
    collect(&dist, &dist, &mut files);
    files.sort();
    let mut code = String::from("/// The files of GraphiQL's bundle.\nconst GRAPHIQL: &[(&str, &[u8])] = &[\n");
    for name in files {
        let path = fs::canonicalize(dist.join(&name)).expect("a file that was just listed");
        code.push_str(&format!("    ({name:?}, include_bytes!({:?})),\n", path.display().to_string()));
    }
    code.push_str("];\n");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("graphiql_assets.rs");
    fs::write(out, code).expect("OUT_DIR can be written");
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, files);
        } else if let Ok(name) = path.strip_prefix(root) {
            files.push(name.to_string_lossy().into_owned());
        }
    }
}
