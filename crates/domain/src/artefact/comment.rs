//! What is said about an artefact, in threads. A comment belongs to its author's organisation.

use super::{Artefact, by_authors, may_write_in};
use crate::{
    Code, Error, Id, Result,
    cop::{Cop, transition},
    ctx::Ctx,
    input::{self, Check},
    labels,
    organisation::Organisation,
    person::Person,
    ports::Tx,
    record,
    scope::{Scope, TenantScope},
};
use chrono::{DateTime, Utc};

labels! {
    /// Whether a comment is there to be read.
    CommentState {
        /// It is.
        Posted = "POSTED" / "Geplaatst",
        /// Its author, or their organisation, took it back; what hangs below it stays.
        Removed = "REMOVED" / "Verwijderd",
    }
}

pub const COMMENT_STEPS: &[(CommentState, CommentState)] = &[(CommentState::Posted, CommentState::Removed)];

record! {
    Comment("comment", "cmt") {
        artefact_id: Id<Artefact>,
        artefact_tenant_id: Id<Organisation>,
        cop_id: Option<Id<Cop>>,
        cop_tenant_id: Option<Id<Organisation>>,
        parent_id: Option<Id<Comment>>,
        parent_tenant_id: Option<Id<Organisation>>,
        author_id: Option<Id<Person>>,
        body: Option<String>,
        state: CommentState,
        edited_at: Option<DateTime<Utc>>,
    }
}

pub struct Post {
    pub artefact_id: Id<Artefact>,
    pub parent_id: Option<Id<Comment>>,
    pub body: String,
}

impl Comment {
    /// Hangs it below what it is about, if the caller may say something there.
    pub(crate) async fn about(
        self,
        tx: &mut dyn Tx,
        scope: &TenantScope,
        artefact: &Artefact,
        parent: Option<&Comment>,
    ) -> Result<Self> {
        if artefact.cop_id.is_none() && artefact.tenant_id != scope.tenant() {
            return Err(Error::forbidden(Code::Forbidden, "comment on what another organisation wrote by itself"));
        }
        may_write_in(tx, scope, artefact.cop_id).await?;
        if parent.is_some_and(|parent| parent.artefact_id != artefact.id) {
            return Err(Error::invalid(Code::InvalidValue, "parentId", "a comment on the same artefact"));
        }
        Ok(Self {
            artefact_id: artefact.id,
            artefact_tenant_id: artefact.tenant_id,
            cop_id: artefact.cop_id,
            cop_tenant_id: artefact.cop_tenant_id,
            parent_id: parent.map(|parent| parent.id),
            parent_tenant_id: parent.map(|parent| parent.tenant_id),
            ..self
        })
    }

    fn authors(&self) -> Vec<Id<Person>> {
        self.author_id.into_iter().collect()
    }
}

/// Says something about an artefact, or answers another comment on it. For who may write in its CoP; of an artefact of no
/// CoP, for its organisation.
pub async fn post(ctx: &Ctx, scope: &TenantScope, cmd: Post) -> Result<Comment> {
    scope.require(Scope::ArtefactsWrite)?;
    let mut check = Check::default();
    let body = check.text("body", &cmd.body, input::BODY);
    check.done()?;
    let mut tx = ctx.store.begin(scope).await?;
    let artefact = tx.refer("artefactId", cmd.artefact_id).await?;
    let parent = match cmd.parent_id {
        Some(parent) => Some(tx.refer("parentId", parent).await?),
        None => None,
    };
    let row = Comment { author_id: scope.person(), body: Some(body), ..ctx.fresh(scope) };
    let row = row.about(&mut *tx, scope, &artefact, parent.as_ref()).await?;
    let permit = by_authors(scope, "comment on an artefact", &row, &row.authors())?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

pub struct Edit {
    pub id: Id<Comment>,
    pub version: Option<i64>,
    pub body: String,
}

/// Says it otherwise; when stands with it. For its author, and for the admin of their organisation.
pub async fn edit(ctx: &Ctx, scope: &TenantScope, cmd: Edit) -> Result<Comment> {
    scope.require(Scope::ArtefactsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get_at(cmd.id, cmd.version).await?;
    let permit = by_authors(scope, "change a comment", &row, &row.authors())?;
    let mut check = Check::default();
    let body = check.text("body", &cmd.body, input::BODY);
    check.done()?;
    if row.state != CommentState::Posted {
        return Err(Error::conflict(Code::NotEditable, "", row.state.label()));
    }
    row.body = Some(body);
    row.edited_at = Some(ctx.now());
    tx.save(&permit, &mut row, ctx, "edited").await?;
    Ok(row)
}

/// Takes a comment back: that there was one stays, for what hangs below it. For its author, and for the admin of their
/// organisation.
pub async fn remove(ctx: &Ctx, scope: &TenantScope, id: Id<Comment>) -> Result<Comment> {
    scope.require(Scope::ArtefactsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(id).await?;
    let permit = by_authors(scope, "remove a comment", &row, &row.authors())?;
    transition(row.state, CommentState::Removed, COMMENT_STEPS)?;
    row.state = CommentState::Removed;
    row.body = None;
    tx.save(&permit, &mut row, ctx, "removed").await?;
    Ok(row)
}
