//! `evolva import`: a file over the API, with a progress bar that shows what the server has taken.

use clap::Args;
use evolva_server::StartError;
use futures_util::TryStreamExt;
use indicatif::{ProgressBar, ProgressStyle};

#[derive(Args)]
pub struct Import {
    /// A file of NDJSON: a JSON object a line, each with its externalId.
    file: std::path::PathBuf,
    /// What the rows are: themes, people, cops, memberships, artefacts, sessions, front-runner-projects and so on, as the API
    /// lists them.
    #[arg(long)]
    collection: String,
    /// Where the API is.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    /// An access token with imports:write and the scope that writes such rows.
    #[arg(long, env = "EVOLVA_TOKEN", hide_env_values = true)]
    token: String,
    /// Only say what would be done.
    #[arg(long)]
    dry_run: bool,
    /// Set states and dates as given; needs imports:history.
    #[arg(long)]
    history: bool,
}

impl Import {
    pub async fn run(self) -> Result<(), StartError> {
        let shown = self.file.display().to_string();
        let unreadable = |error: std::io::Error| StartError::Other(format!("cannot read '{shown}': {error}"));
        let file = tokio::fs::File::open(&self.file).await.map_err(unreadable)?;
        let size = file.metadata().await.map_err(unreadable)?.len();
        let bar = ProgressBar::new(size);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}  {elapsed}") {
            bar.set_style(style);
        }
        let progress = bar.clone();
        let chunks = futures_util::stream::try_unfold(file, |mut file| async move {
            use tokio::io::AsyncReadExt;
            let mut chunk = vec![0; 64 * 1024];
            let read = file.read(&mut chunk).await?;
            chunk.truncate(read);
            Ok::<_, std::io::Error>((read > 0).then_some((chunk, file)))
        })
        .inspect_ok(move |chunk| progress.inc(chunk.len() as u64));
        let client = reqwest::Client::new();
        let failed = |error: reqwest::Error| {
            StartError::Other(format!("the import broke off: {error}. Send the file again: what is in stays in"))
        };
        let response = client
            .post(format!("{}/api/v1/imports", self.url.trim_end_matches('/')))
            .query(&[
                ("collection", self.collection.to_uppercase().replace('-', "_")),
                ("dryRun", self.dry_run.to_string()),
                ("history", self.history.to_string()),
            ])
            .bearer_auth(&self.token)
            .header("Content-Type", "application/x-ndjson")
            .body(reqwest::Body::wrap_stream(chunks))
            .send()
            .await
            .map_err(failed)?;
        bar.finish();
        let status = response.status();
        let job: serde_json::Value = response.json().await.map_err(failed)?;
        if !status.is_success() {
            let detail = job["detail"].as_str().unwrap_or("no detail");
            return Err(StartError::Other(format!("{status}: {detail}")));
        }
        println!(
            "{}: {} rows, {} created, {} updated, {} unchanged, {} failed",
            job["id"].as_str().unwrap_or_default(),
            job["rowsRead"],
            job["created"],
            job["updated"],
            job["unchanged"],
            job["failed"]
        );
        if job["failed"].as_i64().unwrap_or(0) > 0 {
            self.print_failures(&client, job["id"].as_str().unwrap_or_default()).await.map_err(failed)?;
        }
        Ok(())
    }

    async fn print_failures(&self, client: &reqwest::Client, id: &str) -> Result<(), reqwest::Error> {
        let url = format!("{}/api/v1/imports/{id}/results", self.url.trim_end_matches('/'));
        let text = client.get(url).bearer_auth(&self.token).send().await?.text().await?;
        let results = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        for result in results.filter(|result| result["outcome"] == "FAILED") {
            for error in result["errors"].as_array().into_iter().flatten() {
                let (line, pointer) = (&result["line"], error["pointer"].as_str().unwrap_or_default());
                println!("line {line}: {pointer} {}", error["detail"].as_str().unwrap_or_default());
            }
        }
        Ok(())
    }
}
