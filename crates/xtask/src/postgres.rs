//! A PostgreSQL of the tests' own, in a folder of its own, which ends with them.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

pub struct Postgres {
    bin: PathBuf,
    folder: PathBuf,
    port: u16,
}

/// Where Debian puts each version's programs; the newest there is.
fn newest_bin() -> Result<PathBuf, String> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").exists())
        .collect();
    versions.sort();
    versions
        .pop()
        .map(|(_, bin)| bin)
        .ok_or_else(|| "PostgreSQL is not installed. On Debian: apt-get install postgresql".to_owned())
}

/// Servers of PostgreSQL refuse to run as root, so root runs them as the user that Debian's package made.
fn as_user(program: &Path) -> Command {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

fn quiet(command: &mut Command) -> Result<(), String> {
    let shown = format!("{command:?}");
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{shown}: {error}"))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(format!("{shown}: {}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
    }
}

/// Writes a file that only the server's user reads.
fn write_secretly(path: &Path, text: &str) -> Result<(), String> {
    let shown = path.display();
    let mut command = as_user(Path::new("sh"));
    command.args(["-c", "umask 077; cat > \"$0\""]).arg(path).current_dir("/").stdin(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("{shown}: {error}"))?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(text.as_bytes()).map_err(|error| format!("{shown}: {error}"))?;
    }
    match child.wait() {
        Ok(status) if status.success() => Ok(()),
        other => Err(format!("{shown} could not be written: {other:?}")),
    }
}

/// An authority of our own, a certificate of its making for 127.0.0.1, and that certificate's key, as PEM.
fn certificates() -> Result<[String; 3], rcgen::Error> {
    let mut authority = rcgen::CertificateParams::new(vec![])?;
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_key = rcgen::KeyPair::generate()?;
    let root = authority.self_signed(&authority_key)?.pem();
    let key = rcgen::KeyPair::generate()?;
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let certificate = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()])?.signed_by(&key, &issuer)?;
    Ok([root, certificate.pem(), key.serialize_pem()])
}

impl Postgres {
    /// `durable` waits for the disk at each commit, as production does; tests need not.
    pub fn start(durable: bool) -> Result<Self, String> {
        let bin = newest_bin()?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .map_err(|error| error.to_string())?
            .port();
        let made = as_user(Path::new("mktemp")).args(["-d", "-t", "evolva-postgres-XXXXXX"]).output();
        let made = made.map_err(|error| format!("mktemp: {error}"))?;
        let folder = PathBuf::from(String::from_utf8_lossy(&made.stdout).trim());
        let data = folder.join("data");
        let here = |command: &mut Command| quiet(command.current_dir("/"));
        here(as_user(&bin.join("initdb")).arg("-D").arg(&data).args([
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]))?;
        let [root, certificate, key] = certificates().map_err(|error| format!("certificates: {error}"))?;
        for (name, text) in [("root.crt", &root), ("data/server.crt", &certificate), ("data/server.key", &key)] {
            write_secretly(&folder.join(name), text)?;
        }
        let options = format!(
            "-p {port} -k {} -c ssl=on -c listen_addresses=127.0.0.1 -c fsync={} -c max_connections=300 -c shared_buffers={}",
            folder.display(),
            if durable { "on" } else { "off" },
            if durable { "1GB" } else { "128MB" }
        );
        let log = folder.join("log");
        // pg_ctl leaves the server behind with its own output in the log, so nothing here waits for a pipe of ours.
        let status = as_user(&bin.join("pg_ctl"))
            .current_dir("/")
            .arg("-D")
            .arg(&data)
            .arg("-o")
            .arg(options)
            .arg("-l")
            .arg(&log)
            .args(["-w", "start"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !status.is_ok_and(|status| status.success()) {
            return Err(format!("PostgreSQL did not start; see {}", log.display()));
        }
        let postgres = Self { bin, folder, port };
        for statement in ["CREATE ROLE evolva_owner LOGIN", "CREATE ROLE evolva_app LOGIN NOSUPERUSER NOBYPASSRLS"] {
            quiet(Command::new(postgres.bin.join("psql")).args(["-q", "-d", &postgres.url(), "-c", statement]))?;
        }
        Ok(postgres)
    }

    /// The address as its superuser, who only makes databases for the tests.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// The certificate of the authority that vouches for the server's.
    pub fn root(&self) -> PathBuf {
        self.folder.join("root.crt")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let stop = as_user(&self.bin.join("pg_ctl"))
            .current_dir("/")
            .arg("-D")
            .arg(self.folder.join("data"))
            .args(["-m", "immediate", "stop"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if stop.is_ok_and(|status| status.success()) {
            // What is left over in the folder for temporary files harms nobody.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}
