//! The way to a database: SeaORM's connections for writing, a reader of its own for the hot reads.

use crate::{read, tenant_tx};
use async_trait::async_trait;
use evolva_domain::{
    Error, Fault,
    ports::{Store, Tx},
    query::{Branch, Query},
    scope::TenantScope,
    search::{Found, Search},
};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use std::{path::PathBuf, sync::Arc, time::Duration};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// How to reach the database.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `sqlite://path` or `postgres://…`, as the serving role.
    pub url: String,
    /// PostgreSQL only: the role that owns the tables.
    pub owner_url: Option<String>,
    /// Connections for reading; each is shared by many requests on PostgreSQL.
    pub readers: u32,
    /// Threads among which they are shared out.
    pub threads: u32,
    /// Connections for writing, PostgreSQL only: SQLite has one writer.
    pub writers: u32,
    /// Where files are kept: a folder, or `s3://bucket/prefix`.
    pub files: String,
}

/// Why a database cannot be opened: each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the database address must start with sqlite:// or postgres://")]
    Address,
    #[error("the folder of the database '{}' cannot be written: {source}. Choose another with EVOLVA_DATA_DIR", path.display())]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("the database cannot be reached: {0}. Check EVOLVA_DATABASE_URL and that the server is running")]
    Unreachable(String),
    #[error("the database has no tables of ours yet. Run 'evolva migrate' first")]
    Empty,
    #[error("the database is behind this program. Run 'evolva migrate' first")]
    Behind,
    #[error("the database was migrated by a newer evolva. Start that version, or restore a backup from before it")]
    Newer,
    #[error(
        "the serving role '{0}' is a superuser, bypasses row-level security, or owns the tables. Serve as a role that \
         does none of it"
    )]
    Unsafe(String),
    #[error(
        "PostgreSQL wants two roles: name the one that owns the tables in EVOLVA_DATABASE_OWNER_URL, and the one that \
         serves in EVOLVA_DATABASE_URL"
    )]
    OneRole,
    #[error(transparent)]
    Files(#[from] crate::files::FilesError),
    #[error("the migration failed: {0}")]
    Migration(String),
}

/// An open database.
#[derive(Clone)]
pub struct Db {
    pub(crate) write: DatabaseConnection,
    /// For units of work that only read: SQLite's others, and the same on PostgreSQL.
    pub(crate) look: DatabaseConnection,
    pub(crate) dialect: Dialect,
    reader: Arc<read::Reader>,
    files: Arc<crate::files::Files>,
}

pub(crate) fn dialect(url: &str) -> Result<Dialect, OpenError> {
    if url.starts_with("sqlite://") {
        Ok(Dialect::Sqlite)
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        Ok(Dialect::Postgres)
    } else {
        Err(OpenError::Address)
    }
}

pub(crate) fn sqlite_path(url: &str) -> PathBuf {
    PathBuf::from(url.trim_start_matches("sqlite://"))
}

/// Opens the connections for writing. `deadline` bounds each statement of PostgreSQL; a migration has none.
pub(crate) async fn connect(
    url: &str,
    writers: u32,
    deadline: Option<Duration>,
) -> Result<DatabaseConnection, OpenError> {
    let mut options;
    match dialect(url)? {
        Dialect::Sqlite => {
            let path = sqlite_path(url);
            let folder = path.parent().map(PathBuf::from).unwrap_or_default();
            if !folder.as_os_str().is_empty() {
                std::fs::create_dir_all(&folder).map_err(|source| OpenError::Folder { path: folder, source })?;
            }
            // Opened once for writing here, because the driver would only say that it could not open the file.
            std::fs::OpenOptions::new()
                .append(true)
                .create(true)
                .open(&path)
                .map_err(|source| OpenError::Folder { path: path.clone(), source })?;
            options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", path.display()));
            options.max_connections(1).min_connections(1).map_sqlx_sqlite_opts(|options| {
                options
                    .pragma("journal_mode", "WAL")
                    .pragma("synchronous", "FULL")
                    .pragma("foreign_keys", "ON")
                    .busy_timeout(Duration::from_secs(10))
            });
        }
        Dialect::Postgres => {
            options = ConnectOptions::new(url.to_owned());
            options.max_connections(writers).min_connections(0);
            if let Some(deadline) = deadline {
                let millis = deadline.as_millis().to_string();
                // Every text is a walk over keys and indexes, whatever its arguments: planned once, not for each of them, and
                // never compiled, which takes seconds for the many small plans of policies.
                options.map_sqlx_postgres_opts(move |options| {
                    options.options([
                        ("statement_timeout", millis.as_str()),
                        ("plan_cache_mode", "force_generic_plan"),
                        ("jit", "off"),
                    ])
                });
            }
        }
    }
    options.connect_timeout(Duration::from_secs(5)).acquire_timeout(Duration::from_secs(10)).sqlx_logging(false);
    Database::connect(options).await.map_err(|error| OpenError::Unreachable(error.to_string()))
}

/// SQLite's connections that look and never write, of which there can be several beside the one that writes.
async fn lookers(url: &str) -> Result<DatabaseConnection, OpenError> {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rw", sqlite_path(url).display()));
    options
        .max_connections(4)
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| options.pragma("query_only", "ON").busy_timeout(Duration::from_secs(10)));
    Database::connect(options).await.map_err(|error| OpenError::Unreachable(error.to_string()))
}

impl Db {
    /// Opens a migrated database for serving.
    pub async fn open(settings: &Settings) -> Result<Self, OpenError> {
        let dialect = dialect(&settings.url)?;
        let write = connect(&settings.url, settings.writers, Some(read::DEADLINE)).await?;
        crate::migration::check(&write).await?;
        if dialect == Dialect::Postgres {
            refuse_unsafe_role(&write).await?;
        }
        let look = match dialect {
            Dialect::Sqlite => lookers(&settings.url).await?,
            Dialect::Postgres => write.clone(),
        };
        let reader = read::Reader::open(settings, dialect).await?;
        let files = Arc::new(crate::files::Files::new(&settings.files));
        Ok(Self { write, look, dialect, reader: Arc::new(reader), files })
    }

    /// Opens the place of the files, for a server that is to serve them.
    pub fn open_files(&self) -> Result<(), OpenError> {
        Ok(self.files.open()?)
    }

    /// Where the files are that its rows name.
    pub fn files(&self) -> Arc<dyn evolva_domain::ports::Files> {
        self.files.clone()
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> bool {
        self.write.execute_unprepared("SELECT 1").await.is_ok()
    }

    /// Tells the metrics how many connections for writing there are, and how many of them are at rest.
    pub fn report_pool(&self) {
        let (open, idle) = match self.dialect {
            Dialect::Sqlite => {
                let pool = self.write.get_sqlite_connection_pool();
                (pool.size(), pool.num_idle())
            }
            Dialect::Postgres => {
                let pool = self.write.get_postgres_connection_pool();
                (pool.size(), pool.num_idle())
            }
        };
        metrics::gauge!("evolva_pool_connections", "state" => "open").set(f64::from(open));
        metrics::gauge!("evolva_pool_connections", "state" => "idle").set(idle as f64);
    }

    pub async fn close(self) {
        self.reader.close();
        // What is left to close is only the pools; their errors would change nothing any more.
        let _ = self.look.close().await;
        let _ = self.write.close().await;
    }

    /// The network operator's organisation, which exists from the first migration on.
    pub async fn operator(&self) -> Result<evolva_domain::Id<evolva_domain::organisation::Organisation>, Fault> {
        self.organisation_where("kind = 'NETWORK_OPERATOR'", None)
            .await?
            .ok_or_else(|| Fault::new("there is no network operator"))
    }

    /// An organisation by its slug, for the machine's own admin.
    pub async fn organisation_by_slug(
        &self,
        slug: &str,
    ) -> Result<Option<evolva_domain::Id<evolva_domain::organisation::Organisation>>, Fault> {
        let placeholder = if self.dialect == Dialect::Postgres { "slug = $1" } else { "slug = ?1" };
        self.organisation_where(placeholder, Some(slug.into())).await
    }

    async fn organisation_where(
        &self,
        condition: &str,
        value: Option<sea_orm::Value>,
    ) -> Result<Option<evolva_domain::Id<evolva_domain::organisation::Organisation>>, Fault> {
        let text = format!("SELECT id FROM organisation WHERE {condition}");
        let statement = Statement::from_sql_and_values(self.write.get_database_backend(), text, value);
        let row =
            self.write.query_one_raw(statement).await.map_err(|error| Fault::from("finding an organisation", error))?;
        row.map(|row| row.try_get_by_index::<uuid::Uuid>(0).map(evolva_domain::Id::new))
            .transpose()
            .map_err(|error| Fault::from("finding an organisation", error))
    }
}

async fn refuse_unsafe_role(write: &DatabaseConnection) -> Result<(), OpenError> {
    // Whoever owns a table, or may become who does or is held by no wall, is not held by its policies.
    let text = "SELECT rolname::text, rolsuper OR rolbypassrls OR EXISTS (SELECT 1 FROM pg_class c \
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' \
                AND pg_has_role(current_user, c.relowner, 'MEMBER')) OR EXISTS (SELECT 1 FROM pg_roles r \
                WHERE (r.rolsuper OR r.rolbypassrls) AND pg_has_role(current_user, r.oid, 'MEMBER')) \
                FROM pg_roles WHERE rolname = current_user";
    let row = write
        .query_one_raw(Statement::from_string(DbBackend::Postgres, text))
        .await
        .map_err(|error| OpenError::Unreachable(error.to_string()))?;
    let Some(row) = row else { return Err(OpenError::Unreachable("no such role".into())) };
    let unreachable = |error: sea_orm::DbErr| OpenError::Unreachable(error.to_string());
    let name: String = row.try_get_by_index(0).map_err(unreachable)?;
    if row.try_get_by_index::<bool>(1).map_err(unreachable)? { Err(OpenError::Unsafe(name)) } else { Ok(()) }
}

#[async_trait]
impl Store for Db {
    async fn begin(&self, scope: &TenantScope) -> Result<Box<dyn Tx>, Fault> {
        tenant_tx::begin(self, scope).await
    }

    async fn look(&self, scope: &TenantScope) -> Result<Box<dyn Tx>, Fault> {
        tenant_tx::look(self, scope).await
    }

    async fn read(&self, scope: &TenantScope, queries: &[Query]) -> Result<Vec<Branch>, Error> {
        self.reader.read(scope, queries).await
    }

    async fn search(&self, scope: &TenantScope, search: &Search) -> Result<Found, Error> {
        self.reader.search(scope, search).await
    }

    fn may_hide(&self, table: &str, column: &str) -> bool {
        let person = crate::visible::For::Person;
        crate::visible::refers_to(table, column).is_some() || crate::visible::between(table, column, person).is_some()
    }
}
