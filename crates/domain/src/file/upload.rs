//! Staged uploads: announced, filled by one request or by several that go on where the last one ended, then attached.

use super::{
    BYTES, Checksum, DIRECT_MINUTES, DIRECT_PART, HOURS, OPEN_BYTES, OPEN_UPLOADS, PART, PARTS, Part, Reading, places,
    sniffed,
};
use crate::{
    Code, Error, Id, Result,
    ctx::Ctx,
    input::Check,
    labels,
    person::Person,
    policy::{self, Permit},
    ports::{Event, Place},
    record,
    record::AsJson,
    scope::{Scope, TenantScope},
};
use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

labels! {
    /// How far an upload is.
    UploadState {
        /// Bytes are still to come.
        Open = "OPEN" / "Open",
        /// All of it is there; it can be attached.
        Complete = "COMPLETE" / "Compleet",
        /// It was attached.
        Attached = "ATTACHED" / "Bijgevoegd",
    }
}

record! {
    /// Its id is also that of the file.
    Upload("upload", "upl") {
        person_id: Option<Id<Person>>,
        file_name: String,
        /// What the sender calls it.
        media_type: Option<String>,
        size: i64,
        /// As the sender said; once it is complete, as it is.
        sha256: Option<String>,
        state: UploadState,
        received: i64,
        /// What the bytes are.
        content_type: Option<String>,
        expires_at: DateTime<Utc>,
        parts: AsJson<Vec<Part>>,
        /// The checksum so far.
        hashing: Option<String>,
    }
}

pub struct Create {
    pub file_name: String,
    pub size: i64,
    pub media_type: Option<String>,
    pub sha256: Option<String>,
}

/// Announces a file. For whoever may write artefacts; seen by them alone, and by their organisation's own token.
pub async fn create(ctx: &Ctx, scope: &TenantScope, cmd: Create) -> Result<Upload> {
    scope.require(Scope::ArtefactsWrite)?;
    let mut check = Check::default();
    let row = Upload {
        person_id: scope.person(),
        file_name: check.file_name("fileName", &cmd.file_name),
        media_type: check.media_type("mediaType", cmd.media_type.as_deref()),
        size: cmd.size,
        sha256: check.sha256("sha256", cmd.sha256.as_deref()),
        expires_at: ctx.now() + Duration::hours(HOURS),
        ..ctx.fresh(scope)
    };
    check.that((1..=BYTES).contains(&cmd.size), Code::OutOfRange, "size", "1 to 1073741824");
    check.done()?;
    let permit = by_maker(scope, "upload a file", &row)?;
    let mut tx = ctx.store.begin(scope).await?;
    let all: Vec<Upload> = tx.list(&[]).await?;
    let waits = |one: &&Upload| one.state != UploadState::Attached && one.expires_at > ctx.now();
    let waiting: Vec<_> = all.iter().filter(waits).collect();
    // Those that are announced at this very moment are not counted: a guard against running full, and no promise.
    if waiting.len() >= OPEN_UPLOADS {
        return Err(Error::invalid(Code::TooMany, "", OPEN_UPLOADS.to_string()));
    }
    if waiting.iter().map(|one| one.size).sum::<i64>() + row.size > OPEN_BYTES {
        return Err(Error::invalid(Code::TooMany, "size", format!("{OPEN_BYTES} bytes")));
    }
    tx.create(&permit, &row).await?;
    Ok(row)
}

/// Leave for the person who makes an upload, and for their organisation's own token.
fn by_maker(scope: &TenantScope, action: &'static str, row: &Upload) -> Result<Permit> {
    let maker: Vec<_> = row.person_id.into_iter().collect();
    policy::owner(scope, action, row).or_else(|_| policy::in_person(scope, action, row, &maker))
}

/// Which bytes of how many a request brings, the last one included (RFC 9110, section 14.4).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    pub first: i64,
    pub last: i64,
    pub of: i64,
}

/// An upload that bytes are coming in for: feed it, then finish it, or keep what came where the sender broke off.
pub struct Receiving<'a> {
    ctx: &'a Ctx,
    scope: &'a TenantScope,
    row: Upload,
    permit: Permit,
    checksum: Checksum,
    held: Vec<u8>,
    /// Where the bytes of this request end.
    end: i64,
}

/// Takes bytes in from where the last request ended; all of them where no span is named.
pub async fn receive<'a>(
    ctx: &'a Ctx,
    scope: &'a TenantScope,
    id: Id<Upload>,
    span: Option<Span>,
) -> Result<Receiving<'a>> {
    scope.require(Scope::ArtefactsWrite)?;
    let row = ctx.store.look(scope).await?.get(id).await?;
    let permit = by_maker(scope, "upload a file", &row)?;
    let span = span.unwrap_or(Span { first: 0, last: row.size - 1, of: row.size });
    let mut check = Check::default();
    check.that(span.of == row.size, Code::InvalidValue, "Content-Range", "the size that was announced");
    let within = 0 <= span.first && span.first <= span.last && span.last < span.of;
    check.that(within, Code::InvalidValue, "Content-Range", "bytes within the size");
    check.done()?;
    row.is_open(ctx.now())?;
    if span.first != row.received {
        return Err(Error::conflict(Code::UploadOffset, "Content-Range", row.received.to_string()));
    }
    Receiving::of(ctx, scope, row, permit, span.last + 1)
}

impl Upload {
    /// Refuses bytes for what is complete, or over.
    fn is_open(&self, now: DateTime<Utc>) -> Result<()> {
        match self.state {
            UploadState::Open if self.expires_at > now => Ok(()),
            UploadState::Open => Err(Error::conflict(Code::NotEditable, "", "it has expired")),
            state => Err(Error::conflict(Code::NotEditable, "", state.label())),
        }
    }

    fn place(&self, part: Uuid) -> Place {
        Place { tenant: self.tenant_id, file: self.id.uuid(), part }
    }

    /// Where the next part goes that is sent to the store directly: the same place until it was taken.
    fn next_place(&self) -> Place {
        self.place(Uuid::from_u128(self.id.uuid().as_u128() ^ (u128::from(self.received.unsigned_abs()) + 1)))
    }

    fn next_size(&self) -> i64 {
        (self.size - self.received).min(DIRECT_PART)
    }
}

/// The next part of an upload, and where it can be sent without this server in between.
#[derive(Debug, Clone)]
pub struct NextPart {
    pub url: Option<String>,
    pub first: i64,
    pub size: i64,
    pub expires_at: DateTime<Utc>,
}

/// Says where the next part can be sent directly, if the store has such addresses.
pub async fn next_part(ctx: &Ctx, scope: &TenantScope, id: Id<Upload>) -> Result<NextPart> {
    scope.require(Scope::ArtefactsWrite)?;
    let row = ctx.store.look(scope).await?.get(id).await?;
    by_maker(scope, "upload a file", &row)?;
    row.is_open(ctx.now())?;
    let size = row.next_size();
    let valid = std::time::Duration::from_secs(DIRECT_MINUTES.unsigned_abs() * 60);
    let url = ctx.files.address(row.next_place(), valid).await?;
    Ok(NextPart { url, first: row.received, size, expires_at: ctx.now() + Duration::minutes(DIRECT_MINUTES) })
}

/// Takes a part that was sent to the store directly.
pub async fn take_part(ctx: &Ctx, scope: &TenantScope, id: Id<Upload>) -> Result<Upload> {
    scope.require(Scope::ArtefactsWrite)?;
    let row = ctx.store.look(scope).await?.get(id).await?;
    let permit = by_maker(scope, "upload a file", &row)?;
    row.is_open(ctx.now())?;
    let (from, size) = (row.next_place(), row.next_size());
    let (received, of) = (row.received, row.size);
    if ctx.files.length(from).await? != Some(size.unsigned_abs()) {
        return Err(Error::conflict(Code::UploadIncomplete, "", format!("{received} / {of}")));
    }
    let taken = Receiving::of(ctx, scope, row, permit, received + size)?.adopt(from, size.unsigned_abs()).await;
    // Taken or not, it is of no more use. What cannot be deleted here, the sweep finds.
    let _ = ctx.files.delete(&[from]).await;
    taken
}

impl<'a> Receiving<'a> {
    fn of(ctx: &'a Ctx, scope: &'a TenantScope, row: Upload, permit: Permit, end: i64) -> Result<Self> {
        let checksum = Checksum::resumed(row.hashing.as_deref())?;
        Ok(Self { ctx, scope, row, permit, checksum, held: vec![], end })
    }

    /// How many bytes have come, those that are not stored yet included.
    fn came(&self) -> i64 {
        self.row.received + self.held.len() as i64
    }

    pub async fn feed(&mut self, bytes: &[u8]) -> Result<()> {
        if self.came() + bytes.len() as i64 > self.end {
            return Err(Error::invalid(Code::BodyTooLarge, "", "Content-Range"));
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let (some, more) = rest.split_at(rest.len().min(PART - self.held.len()));
            self.held.extend_from_slice(some);
            rest = more;
            if self.held.len() == PART {
                self.store().await?;
            }
        }
        Ok(())
    }

    /// The sender broke off: what came stays, and they go on after it.
    pub async fn keep(mut self) -> Result<()> {
        if self.held.is_empty() { Ok(()) } else { self.store().await }
    }

    /// The request has ended.
    pub async fn finish(mut self) -> Result<Upload> {
        let whole = self.came() == self.end;
        if !self.held.is_empty() {
            self.store().await?;
        }
        if whole {
            Ok(self.row)
        } else {
            Err(Error::invalid(Code::MalformedBody, "", "it ended before Content-Range does"))
        }
    }

    /// Writes what is held as a part, then the row that names it.
    async fn store(&mut self) -> Result<()> {
        let bytes = std::mem::take(&mut self.held);
        let part = Part(self.ctx.ids.fresh(), bytes.len() as u64);
        self.look(&bytes);
        let place = self.row.place(part.0);
        self.room()?;
        self.ctx.files.put(place, bytes).await?;
        self.name(part).await
    }

    /// Makes a part of what was sent to the store directly. Whoever has its address can send there again, so what is looked
    /// at is a copy that they cannot reach.
    async fn adopt(mut self, from: Place, size: u64) -> Result<Upload> {
        self.room()?;
        let part = Part(self.ctx.ids.fresh(), size);
        let place = self.row.place(part.0);
        self.ctx.files.copy(from, place).await?;
        if self.ctx.files.length(place).await? != Some(size) {
            // It was being sent again. What cannot be deleted here, the sweep finds.
            let _ = self.ctx.files.delete(&[place]).await;
            return Err(Error::Busy);
        }
        let mut reading = Reading::of(place.tenant, place.file, &[part], 0..size);
        while let Some(piece) = reading.next(self.ctx).await? {
            self.look(&piece);
        }
        self.name(part).await?;
        Ok(self.row)
    }

    fn room(&self) -> Result<()> {
        match self.row.parts.0.len() {
            count if count < PARTS => Ok(()),
            _ => Err(Error::invalid(Code::TooMany, "", format!("{PARTS} parts"))),
        }
    }

    /// Takes what comes next into the checksum; how the file begins says what it is.
    fn look(&mut self, bytes: &[u8]) {
        self.checksum.take(bytes);
        if self.row.content_type.is_none() {
            let (name, declared) = (self.row.file_name.as_str(), self.row.media_type.as_deref());
            self.row.content_type = Some(sniffed(bytes, name, declared).to_owned());
        }
    }

    /// Writes the row that names a part which is there.
    async fn name(&mut self, part: Part) -> Result<()> {
        self.row.received += part.1 as i64;
        self.row.parts.0.push(part);
        self.row.hashing = Some(self.checksum.kept());
        let written = self.write().await;
        if matches!(written, Err(Error::Conflict(_) | Error::NotFound)) {
            // No row names it. Where it is not known whether one does, as when the connection broke at the commit, it is left to
            // the sweep, which looks; so is what cannot be deleted here.
            let _ = self.ctx.files.delete(&[self.row.place(part.0)]).await;
        }
        written
    }

    /// Writes the row. With the last part, the file is compared with what was announced; what is another file is forgotten,
    /// and can be sent again.
    async fn write(&mut self) -> Result<()> {
        let (mut verb, mut another) = (None, None);
        if self.row.received == self.row.size {
            let sum = std::mem::replace(&mut self.checksum, Checksum::resumed(None)?).done();
            if self.row.sha256.as_ref().is_none_or(|said| *said == sum) {
                (self.row.state, self.row.sha256, self.row.hashing) = (UploadState::Complete, Some(sum), None);
                verb = Some("completed");
            } else {
                another = Some((sum, std::mem::take(&mut self.row.parts.0)));
                (self.row.received, self.row.hashing, self.row.content_type) = (0, None, None);
            }
        }
        let mut tx = self.ctx.store.begin(self.scope).await?;
        match tx.update(&self.permit, &mut self.row, self.ctx).await {
            // Another request brought the same bytes, or the upload is gone.
            Err(Error::Stale { .. }) => {
                let now = tx.get(self.row.id).await?.received;
                return Err(Error::conflict(Code::UploadOffset, "Content-Range", now.to_string()));
            }
            other => other?,
        }
        if let Some(verb) = verb {
            tx.emit(Event::of(&self.row, verb)).await?;
        }
        tx.commit().await?;
        match another {
            None => Ok(()),
            Some((sum, parts)) => {
                // No row names them any more. What cannot be deleted here, the sweep finds.
                let _ = self.ctx.files.delete(&places(self.row.tenant_id, self.row.id.uuid(), &parts)).await;
                Err(Error::conflict(Code::ChecksumMismatch, "sha256", sum))
            }
        }
    }
}

/// Refuses what cannot be attached now.
pub(crate) fn to_attach(ctx: &Ctx, field: &'static str, row: &Upload) -> Result<()> {
    match row.state {
        UploadState::Attached => {
            Err(Error::conflict(Code::InUse, field, "it was attached before: upload the file anew"))
        }
        // It is about to be swept.
        _ if row.expires_at <= ctx.now() => Err(Error::invalid(Code::UnknownReference, field, "upload")),
        UploadState::Complete => Ok(()),
        UploadState::Open => {
            Err(Error::conflict(Code::UploadIncomplete, field, format!("{} / {}", row.received, row.size)))
        }
    }
}

/// The file of an upload, by which an attachment takes it over.
pub(crate) fn file_of(row: &Upload) -> (Uuid, AsJson<Vec<Part>>) {
    (row.id.uuid(), row.parts.clone())
}
