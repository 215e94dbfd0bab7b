//! Where the bytes of files are: a local folder, or a bucket that speaks S3. Every part is an object of its own, named by
//! ids alone: organisation, file, part.
//!
//! In a folder a part is written beside its place, synced, moved there, and its folder synced, so that it is whole or not
//! there after a kill or a power cut. What a kill leaves beside its place is removed with what no row names.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use evolva_domain::{
    Fault, Id,
    organisation::Organisation,
    ports::{self, Place},
};
use futures_util::{StreamExt, stream};
use object_store::{
    ObjectStore, ObjectStoreExt,
    aws::AmazonS3Builder,
    local::LocalFileSystem,
    path::Path,
    signer::{Method, Signer},
};
use std::{
    ops::Range,
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};
use uuid::Uuid;

/// Why files cannot be kept where the settings say.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    #[error("the folder of files '{}' cannot be written: {source}. Choose another with EVOLVA_FILES", path.display())]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("EVOLVA_FILES must be a folder, or s3://bucket or s3://bucket/prefix: {0}")]
    Bucket(String),
}

/// A folder or a bucket.
pub struct Files {
    setting: String,
    /// Opened at its first use: most commands of the command line touch no file.
    opened: OnceLock<Opened>,
}

struct Opened {
    store: Arc<dyn ObjectStore>,
    /// Where it is a bucket.
    signer: Option<Arc<dyn Signer>>,
    prefix: Path,
    /// Where it is a folder.
    folder: Option<PathBuf>,
}

impl Opened {
    fn of(setting: &str) -> Result<Self, FilesError> {
        if let Some(rest) = setting.strip_prefix("s3://") {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            let store = AmazonS3Builder::from_env().with_bucket_name(bucket).build();
            let wrong = |error: object_store::Error| FilesError::Bucket(error.to_string());
            let prefix = Path::parse(prefix.trim_end_matches('/')).map_err(|error| wrong(error.into()))?;
            let store = Arc::new(store.map_err(wrong)?);
            return Ok(Self { store: store.clone(), signer: Some(store), prefix, folder: None });
        }
        if setting.contains("://") {
            return Err(FilesError::Bucket(format!("not '{setting}'")));
        }
        let path = PathBuf::from(setting);
        let made = std::fs::create_dir_all(&path).and_then(|()| std::fs::canonicalize(&path));
        let folder = made.map_err(|source| FilesError::Folder { path: path.clone(), source })?;
        let store = LocalFileSystem::new_with_prefix(&folder)
            .map_err(|error| FilesError::Folder { path, source: std::io::Error::other(error.to_string()) })?;
        let store = store.with_fsync(true).with_automatic_cleanup(true);
        Ok(Self { store: Arc::new(store), signer: None, prefix: Path::default(), folder: Some(folder) })
    }

    fn of_tenant(&self, tenant: Id<Organisation>) -> Path {
        self.prefix.clone().join(tenant.uuid().simple().to_string())
    }

    fn path(&self, place: Place) -> Path {
        let of_file = self.of_tenant(place.tenant).join(place.file.simple().to_string());
        of_file.join(place.part.simple().to_string())
    }

    /// What a kill left of parts that were being written; only a folder has such.
    fn half_written(&self, tenant: Id<Organisation>, before: DateTime<Utc>) -> std::io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let files = match std::fs::read_dir(folder.join(tenant.uuid().simple().to_string())) {
            Ok(files) => files,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        for file in files {
            let file = file?.path();
            for entry in std::fs::read_dir(&file)? {
                let entry = entry?;
                let old = DateTime::<Utc>::from(entry.metadata()?.modified()?) < before;
                // The store writes `part#1` first.
                if old && entry.file_name().to_string_lossy().contains('#') {
                    std::fs::remove_file(entry.path())?;
                    tracing::info!(path = %entry.path().display(), "removed what was left half written");
                }
            }
            // It fails, and is to fail, where something is in it.
            let _ = std::fs::remove_dir(&file);
        }
        Ok(())
    }
}

/// The ids in an object's name; none where somebody else put it there.
fn place_of(tenant: Id<Organisation>, path: &Path) -> Option<Place> {
    let mut parts = path.parts().collect::<Vec<_>>().into_iter().rev();
    let mut next = || parts.next()?.as_ref().parse::<Uuid>().ok();
    let (part, file) = (next()?, next()?);
    Some(Place { tenant, file, part })
}

impl Files {
    /// What a folder or `s3://bucket/prefix` names, the latter with the environment's usual names for keys, region and
    /// endpoint (`AWS_ACCESS_KEY_ID`, `AWS_REGION`, `AWS_ENDPOINT_URL`, …).
    pub fn new(setting: &str) -> Self {
        Self { setting: setting.to_owned(), opened: OnceLock::new() }
    }

    /// Opens it. A folder is made if it is not there.
    pub fn open(&self) -> Result<(), FilesError> {
        if self.opened.get().is_none() {
            // Who comes second throws away what they opened.
            let _ = self.opened.set(Opened::of(&self.setting)?);
        }
        Ok(())
    }

    fn opened(&self) -> Result<&Opened, Fault> {
        self.open().map_err(|error| Fault::from("opening the files", error))?;
        self.opened.get().ok_or_else(|| Fault::new("the files are not open"))
    }
}

#[async_trait]
impl ports::Files for Files {
    async fn put(&self, place: Place, bytes: Vec<u8>) -> Result<(), Fault> {
        let files = self.opened()?;
        let put = files.store.put(&files.path(place), bytes.into()).await;
        put.map(drop).map_err(|error| Fault::from("writing a part of a file", error))
    }

    async fn get(&self, place: Place, bytes: Range<u64>) -> Result<Vec<u8>, Fault> {
        let files = self.opened()?;
        let got = files.store.get_range(&files.path(place), bytes).await;
        got.map(Into::into).map_err(|error| Fault::from("reading a part of a file", error))
    }

    async fn delete(&self, places: &[Place]) -> Result<(), Fault> {
        let files = self.opened()?;
        let paths: Vec<_> = places.iter().map(|place| Ok(files.path(*place))).collect();
        let mut deleted = files.store.delete_stream(stream::iter(paths).boxed());
        while let Some(one) = deleted.next().await {
            match one {
                Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(Fault::from("deleting a part of a file", error)),
            }
        }
        Ok(())
    }

    async fn address(&self, place: Place, valid: Duration) -> Result<Option<String>, Fault> {
        let files = self.opened()?;
        let Some(signer) = &files.signer else { return Ok(None) };
        let signed = signer.signed_url(Method::PUT, &files.path(place), valid).await;
        signed.map(|url| Some(url.into())).map_err(|error| Fault::from("signing an address", error))
    }

    async fn length(&self, place: Place) -> Result<Option<u64>, Fault> {
        let files = self.opened()?;
        match files.store.head(&files.path(place)).await {
            Ok(there) => Ok(Some(there.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(Fault::from("looking for a part of a file", error)),
        }
    }

    async fn copy(&self, from: Place, to: Place) -> Result<(), Fault> {
        let files = self.opened()?;
        let copied = files.store.copy(&files.path(from), &files.path(to)).await;
        copied.map_err(|error| Fault::from("copying a part of a file", error))
    }

    async fn older(&self, tenant: Id<Organisation>, before: DateTime<Utc>) -> Result<Vec<Place>, Fault> {
        let failed = |error| Fault::from("looking for what is left over", error);
        let files = self.opened()?;
        files.half_written(tenant, before).map_err(|error| Fault::from("removing what was half written", error))?;
        let mut all = files.store.list(Some(&files.of_tenant(tenant)));
        let mut old = vec![];
        while let Some(one) = all.next().await {
            let one = one.map_err(failed)?;
            if one.last_modified < before {
                old.extend(place_of(tenant, &one.location));
            }
        }
        Ok(old)
    }
}
