//! The command line: `evolva serve`, `migrate`, `token`, `keys`, `import`, `doctor`, `config`, `health`.

mod import;

use clap::{Args, Parser, Subcommand};
use evolva_api::auth::{Authority, parse_scopes};
use evolva_domain::{
    Id,
    ctx::Ctx,
    error::Language,
    organisation::Organisation,
    scope::{Scope, Scopes},
    token::{self, Token},
};
use evolva_persistence::Db;
use evolva_server::{StartError, authority, ctx, demo, open, rotate_keys, settings::Settings, start};
use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
};

/// The Evolva CoP platform: communities of practice on workplace learning, over GraphQL and REST.
///
/// Settings come from EVOLVA_* variables, over the TOML file that EVOLVA_CONFIG names, over defaults;
/// 'evolva config' prints them.
#[derive(Parser)]
#[command(version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API.
    Serve(Serve),
    /// Bring the database to this program's schema (on PostgreSQL as the role of EVOLVA_DATABASE_OWNER_URL).
    Migrate,
    /// Issue, list and revoke access tokens, at the machine itself.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Manage the keys that sign tokens.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Import a file over the API, with a progress bar.
    Import(import::Import),
    /// Look whether the walls between organisations stand in the live database. Exits with 1 where one does not.
    Doctor,
    /// Print the effective settings, without secrets.
    Config,
    /// Ask the running server whether it is ready; for health checks of containers.
    Health,
}

#[derive(Args)]
struct Serve {
    /// Load a believable programme to try things on, and print requests to paste.
    #[arg(long)]
    demo: bool,
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Issue a token and print it, this once.
    Issue(Issue),
    /// List the tokens of an organisation.
    List(Of),
    /// Make a token useless from the next request on.
    Revoke {
        /// The token's id (tok_…).
        id: String,
        #[command(flatten)]
        of: Of,
    },
    /// Say what a token can read and do now, in words and counts.
    Explain {
        /// The token itself; '-' reads it from the standard input, so that no shell history keeps it.
        token: String,
    },
}

#[derive(Args)]
struct Of {
    /// The organisation's slug; the network operator's own if left out.
    #[arg(long)]
    tenant: Option<String>,
}

#[derive(Args)]
struct Issue {
    #[command(flatten)]
    of: Of,
    /// An operator token: manages organisations, reads no content.
    #[arg(long, conflicts_with_all = ["tenant", "scopes"])]
    operator: bool,
    /// What it may do at all, with commas; everything a tenant can if left out.
    #[arg(long)]
    scopes: Option<String>,
    /// A name to tell it from others.
    #[arg(long, default_value = "command line")]
    name: String,
    /// How many days it is good, 1 to 365.
    #[arg(long, default_value_t = token::DEFAULT_DAYS)]
    days: i64,
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Make the next signing key. It is published at once and signs ten minutes later.
    Rotate,
}

#[actix_web::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("evolva: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<(), StartError> {
    if let Command::Import(import) = cli.command {
        return import.run().await;
    }
    let settings = Settings::load(std::env::vars())?;
    match cli.command {
        Command::Serve(serve) => self::serve(settings, serve.demo).await,
        Command::Migrate => {
            evolva_persistence::migrate(&settings.database()).await?;
            println!("The database has this program's schema.");
            Ok(())
        }
        Command::Token(command) => token_command(&settings, command).await,
        Command::Keys(KeysCommand::Rotate) => {
            let kid = rotate_keys(&open(&settings).await?).await?;
            println!("{kid}");
            Ok(())
        }
        Command::Config => {
            print!("{}", settings.shown());
            Ok(())
        }
        Command::Doctor => doctor(&settings).await,
        Command::Health => health(&settings).await,
        // Handled above: it talks to a server and needs none of the server's settings.
        Command::Import(_) => Ok(()),
    }
}

fn log(settings: &Settings) -> Result<(), StartError> {
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log)
        .map_err(|error| StartError::Settings(format!("EVOLVA_LOG: {error}")))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let json = match settings.log_format.as_str() {
        "" => !std::io::stderr().is_terminal(),
        "json" => true,
        "pretty" => false,
        other => return Err(StartError::Settings(format!("EVOLVA_LOG_FORMAT is json or pretty, not '{other}'"))),
    };
    if json {
        builder.json().init()
    } else {
        builder.init()
    }
    Ok(())
}

async fn serve(settings: Settings, with_demo: bool) -> Result<(), StartError> {
    log(&settings)?;
    // Whoever named no role that owns the tables has migrated before; else this says so.
    let database = settings.database();
    if with_demo && (database.owner_url.is_some() || database.url.starts_with("sqlite://")) {
        evolva_persistence::migrate(&settings.database()).await?;
    }
    let metrics = evolva_api::metrics_recorder().map_err(StartError::Other)?;
    let running = start(&settings, Some(metrics)).await?;
    let base_url = format!("http://{}", running.addr);
    tracing::info!(addr = %running.addr, ops = ?running.ops_addr, "listening");
    if with_demo {
        let authority = authority(&running.db, &settings).await?;
        let demo = demo::load(&running.db, &authority, &settings.data_dir, &base_url).await?;
        print_demo(&base_url, &settings.data_dir, &demo);
    }
    wait_for_signal().await;
    tracing::info!("draining");
    running.stop().await;
    Ok(())
}

fn print_demo(base: &str, data_dir: &str, demo: &serde_json::Value) {
    let tenant = |place: usize, key: &str| demo["tenants"][place][key].as_str().unwrap_or_default();
    let text = format!(
        "\nThe demo is ready.\n\n  GraphiQL       {base}/graphql\n  API reference  {base}/docs/\n  Tokens         {data_dir}/demo.json\n\n\
         # The CoPs that {slug} sees, over GraphQL\n\
         curl -s {base}/graphql -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' \\\n  \
         -d '{{\"query\":\"{{ cops(first: 3) {{ totalCount nodes {{ title status theme {{ title }} }} }} }}\"}}'\n\n\
         # The same over REST\n\
         curl -s '{base}/api/v1/cops?first=3' -H 'Authorization: Bearer {token}'\n\n\
         # Refused: the operator manages organisations and reads no content\n\
         curl -s {base}/api/v1/cops -H 'Authorization: Bearer {operator}'\n",
        slug = tenant(1, "slug"),
        token = tenant(1, "token"),
        operator = demo["operatorToken"].as_str().unwrap_or_default(),
    );
    // Whoever closed the output has read enough; the server serves on.
    let _ = std::io::stdout().write_all(text.as_bytes());
}

async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        // Without signal handlers the process ends as the system ends it.
        return std::future::pending().await;
    };
    tokio::select! { _ = term.recv() => {} _ = interrupt.recv() => {} }
}

async fn tenant_of(db: &Db, of: &Of) -> Result<Id<Organisation>, StartError> {
    match &of.tenant {
        None => Ok(db.operator().await?),
        Some(slug) => db
            .organisation_by_slug(slug)
            .await?
            .ok_or_else(|| StartError::Other(format!("there is no organisation with the slug '{slug}'"))),
    }
}

fn refused(error: evolva_domain::Error) -> StartError {
    let words: Vec<_> =
        error.problems().iter().map(|problem| problem.message(evolva_domain::error::Language::En)).collect();
    StartError::Other(words.join(" "))
}

async fn token_command(settings: &Settings, command: TokenCommand) -> Result<(), StartError> {
    let db = open(settings).await?;
    let ctx = ctx(&db);
    match command {
        TokenCommand::Issue(issue) => {
            let tenant = tenant_of(&db, &issue.of).await?;
            let row = if issue.operator {
                token::bootstrap_operator(&ctx, tenant, &issue.name, issue.days).await
            } else {
                let scopes: Scopes = match issue.scopes.as_deref().map(parse_scopes) {
                    None => Scope::of_tenants().collect(),
                    Some(Ok(scopes)) => {
                        scopes.into_iter().filter(|scope| *scope != Scope::OrganisationsManage).collect()
                    }
                    Some(Err(unknown)) => {
                        return Err(StartError::Other(format!("there is no scope {}", unknown.join(", "))));
                    }
                };
                token::bootstrap_tenant(&ctx, tenant, &issue.name, scopes, issue.days).await
            };
            let row = row.map_err(refused)?;
            let text = authority(&db, settings).await?.sign(&row).await?;
            eprintln!("{} is good until {}. It is shown this once:", row.id, row.expires_at);
            println!("{text}");
        }
        TokenCommand::List(of) => {
            let tokens = token::list_at_machine(&ctx, tenant_of(&db, &of).await?).await.map_err(refused)?;
            for row in tokens {
                let state = if row.revoked_at.is_some() { "revoked" } else { "" };
                let used = row.last_used_at.map_or_else(|| "never used".to_owned(), |at| format!("used {at}"));
                println!("{}\t{}\t{}\tuntil {}\t{used}\t{state}", row.id, row.kind, row.name, row.expires_at);
            }
        }
        TokenCommand::Explain { token } => {
            let text = if token == "-" { std::io::read_to_string(std::io::stdin()).unwrap_or_default() } else { token };
            print!("{}", explained(&ctx, &authority(&db, settings).await?, text.trim()).await?);
        }
        TokenCommand::Revoke { id, of } => {
            let id: Id<Token> =
                id.parse().map_err(|error: evolva_domain::id::MalformedId| StartError::Other(error.to_string()))?;
            let tenant = tenant_of(&db, &of).await?;
            token::revoke_at_machine(&ctx, tenant, id).await.map_err(refused)?;
            println!("{id} is revoked.");
        }
    }
    db.close().await;
    Ok(())
}

/// A token in words: whose it is, what it sees now, and what it may ask for.
async fn explained(ctx: &Ctx, authority: &Authority, text: &str) -> Result<String, StartError> {
    let look = authority.examine(ctx, text).await;
    let (scope, row) = look.map_err(|error| {
        let said = error.problems().first().map(|problem| problem.message(Language::En)).unwrap_or_default();
        StartError::Other(format!(
            "{said} The settings must be those of the server that issued it, EVOLVA_ISSUER above all."
        ))
    })?;
    let used = row.last_used_at.map_or_else(|| "never used".to_owned(), |at| format!("last used {at}"));
    let mut text = format!(
        "{} '{}', a token of the kind {} of {}; good until {}; {used}.\n",
        row.id, row.name, row.kind, row.tenant_id, row.expires_at
    );
    if let Some(person) = row.person_id {
        text.push_str(&format!("It acts for {person}.\n"));
    }
    let scopes: Vec<_> = row.scopes.0.iter().map(|scope| scope.label()).collect();
    text.push_str(&format!("Its scopes: {}.\n", scopes.join(", ")));
    text.push_str(&evolva_api::explain::explain(ctx, &scope).await.map_err(refused)?);
    Ok(text)
}

async fn doctor(settings: &Settings) -> Result<(), StartError> {
    let findings = evolva_persistence::doctor::examine(&settings.database()).await?;
    for finding in &findings {
        println!("{}  {}", if finding.good { "ok   " } else { "FAULT" }, finding.what);
    }
    match findings.iter().filter(|finding| !finding.good).count() {
        0 => Ok(()),
        faults => Err(StartError::Other(format!("{faults} of {} things are not as they should be", findings.len()))),
    }
}

async fn health(settings: &Settings) -> Result<(), StartError> {
    let url = format!("http://{}/health/ready", settings.addr.replace("0.0.0.0", "127.0.0.1").replace("[::]", "[::1]"));
    match reqwest::get(&url).await {
        Ok(response) if response.status().is_success() => Ok(()),
        Ok(response) => Err(StartError::Other(format!("{url} answers {}", response.status()))),
        Err(error) => Err(StartError::Other(format!("{url} does not answer: {error}"))),
    }
}
