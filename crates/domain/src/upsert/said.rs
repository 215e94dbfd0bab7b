//! What becomes of artefacts: where they are embedded in practice, and what is said about them.

use super::{
    AnchoringRow, AttachmentRow, CommentRow, ShowingRow, Upsert, again, all_stay, collect, must_name, named, only_one,
    refer, refer_maybe, stays,
};
use crate::{
    Code, Error, Result,
    artefact::{Anchoring, Artefact, Attachment, Comment, CommentState, PlanAnchoring, attachment},
    import::RowOutcome,
    input::{self, Check},
    person::Person,
    ports::Tx,
    record::Field,
    session::{Session, Showing, check_shown},
};

impl Upsert<'_> {
    pub async fn anchoring(&self, tx: &mut dyn Tx, row: AnchoringRow) -> Result<(RowOutcome, String)> {
        self.only_history("state", row.state.is_some())?;
        let (before, fresh) = self.existing::<Anchoring>(tx, &row.external_id).await?;
        let mut faults = vec![];
        let by_key = ("artefactExternalId", row.artefact_external_id.as_ref());
        let artefact = must_name::<Artefact>(tx, self.scope, by_key, ("artefactId", row.artefact_id)).await;
        let artefact = collect(&mut faults, artefact)?;
        let owner = row.owner_person_external_id.as_ref();
        let owner = refer_maybe::<Person>(tx, self.scope, "ownerPersonExternalId", owner).await;
        let owner = collect(&mut faults, owner)?;
        let key = collect(&mut faults, self.key(&row.external_id))?;
        let plan = PlanAnchoring {
            artefact_id: artefact.as_ref().map(|artefact| artefact.id).unwrap_or_default(),
            place: row.place,
            owner_person_id: owner.as_ref().and_then(|owner| owner.as_ref().map(|owner| owner.id)),
            review_date: row.review_date,
        };
        let plan = plan.check(before.clone());
        let after = collect(&mut faults, plan)?;
        let (Some(artefact), Some(after), Some(key), true) = (artefact, after, key, faults.is_empty()) else {
            return Err(Error::Invalid(faults));
        };
        let after = after.of(&artefact).map_err(|error| error.of_field("artefactId", by_key.0))?;
        let after = Anchoring { external_id: key, state: row.state.unwrap_or(before.state), ..after };
        self.may_set("state", &before, fresh, after.state != before.state)?;
        stays(fresh || artefact.id == before.artefact_id, by_key.0, "it stays that of its artefact")?;
        self.put(tx, &before, after, fresh, false).await
    }

    pub async fn attachment(&self, tx: &mut dyn Tx, row: AttachmentRow) -> Result<(RowOutcome, String)> {
        let (before, fresh) = self.existing::<Attachment>(tx, &row.external_id).await?;
        let mut faults = vec![];
        let artefact = refer::<Artefact>(tx, self.scope, "artefactExternalId", &row.artefact_external_id).await;
        let artefact = collect(&mut faults, artefact)?;
        // Once it is attached, what was uploaded may be gone: the file has its id.
        let upload = if fresh { collect(&mut faults, tx.refer("uploadId", row.upload_id).await)? } else { None };
        let mut check = Check::default();
        let key = check.external_id(Some(&row.external_id));
        let title = check.optional_text("title", row.title.as_deref(), input::TITLE);
        let description = check.optional_text("description", row.description.as_deref(), input::SUMMARY);
        faults.extend(check.problems());
        let (Some(artefact), true) = (artefact, faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        let after = Attachment { external_id: key, title, description, ..before.clone() };
        let Some(upload) = upload else {
            let same = [
                ("artefactExternalId", before.artefact_id == artefact.id),
                ("uploadId", before.file_id == row.upload_id.uuid()),
                ("title", before.title == after.title),
                ("description", before.description == after.description),
            ];
            all_stay(same, "a file is not changed, but removed")?;
            return self.put(tx, &before, after, fresh, false).await;
        };
        // A draft has no version yet that could have had it.
        let past = self.history && !artefact.is_draft();
        if past && !attachment::is_of_the_past(tx, self.scope, &artefact).await? {
            let detail = "its version is published, was made here, or is of a CoP with others: attach without history";
            return Err(Error::conflict(Code::NotEditable, "artefactExternalId", detail));
        }
        let done = again(attachment::attach(tx, self.ctx, self.scope, after, artefact, upload, past).await);
        // Whatever of the artefact stands in the way, the row names it by its key.
        let in_field = |error: Error| {
            let by_key = |error: Error, field| error.of_field(field, "artefactExternalId");
            ["artefactId", "body", ""].into_iter().fold(error, by_key)
        };
        Ok((RowOutcome::Created, done.map_err(in_field)?.id.to_string()))
    }

    pub async fn showing(&self, tx: &mut dyn Tx, row: ShowingRow) -> Result<(RowOutcome, String)> {
        let (before, fresh) = self.existing::<Showing>(tx, &row.external_id).await?;
        let mut faults = vec![];
        let session = refer::<Session>(tx, self.scope, "sessionExternalId", &row.session_external_id).await;
        let session = collect(&mut faults, session)?;
        let by_key = ("artefactExternalId", row.artefact_external_id.as_ref());
        let artefact = must_name::<Artefact>(tx, self.scope, by_key, ("artefactId", row.artefact_id)).await;
        let artefact = collect(&mut faults, artefact)?;
        let key = collect(&mut faults, self.key(&row.external_id))?;
        let (Some(session), Some(artefact), Some(key)) = (session, artefact, key) else {
            return Err(Error::Invalid(faults));
        };
        let there = [("session_id", session.id.to_cell()), ("artefact_id", artefact.id.to_cell())];
        only_one(tx.first::<Showing>(&there).await?, before.id.uuid(), by_key.0)?;
        let mut after = Showing { external_id: key, ..before.clone() };
        if fresh {
            let of = after
                .of(&session, &artefact, row.number)
                .map_err(|error| error.of_field("sessionId", "sessionExternalId"));
            after = of.map_err(|error| error.of_field("artefactId", by_key.0))?;
            // Which version was shown in the past is not known by what there is today.
            after.number = if self.history { row.number } else { after.number };
        } else {
            let mut check = Check::default();
            check_shown(&mut check, &artefact, row.number);
            check.done()?;
            after.number = row.number.or(before.number);
            let same = (session.id, artefact.id) == (before.session_id, before.artefact_id);
            stays(same, "externalId", "it stays that of one artefact at one session")?;
        }
        self.put(tx, &before, after, fresh, false).await
    }

    pub async fn comment(&self, tx: &mut dyn Tx, row: CommentRow) -> Result<(RowOutcome, String)> {
        self.only_history("authorExternalId", row.author_external_id.is_some())?;
        self.only_history("postedAt", row.posted_at.is_some())?;
        let (before, fresh) = self.existing::<Comment>(tx, &row.external_id).await?;
        let mut faults = vec![];
        let by_key = ("artefactExternalId", row.artefact_external_id.as_ref());
        let artefact = must_name::<Artefact>(tx, self.scope, by_key, ("artefactId", row.artefact_id)).await;
        let artefact = collect(&mut faults, artefact)?;
        let parent = ("parentExternalId", row.parent_external_id.as_ref());
        let parent = named::<Comment>(tx, self.scope, parent, ("parentId", row.parent_id)).await;
        let parent = collect(&mut faults, parent)?;
        let author = row.author_external_id.as_ref();
        let author = refer_maybe::<Person>(tx, self.scope, "authorExternalId", author).await;
        let author = collect(&mut faults, author)?;
        let mut check = Check::default();
        let key = check.external_id(Some(&row.external_id));
        let body = check.text("body", &row.body, input::BODY);
        check.at("postedAt", row.posted_at);
        let past = row.posted_at.is_none_or(|at| at <= self.ctx.now());
        check.that(past, Code::OutOfRange, "postedAt", "not in the future");
        faults.extend(check.problems());
        let (Some(artefact), Some(parent), Some(author), true) = (artefact, parent, author, faults.is_empty()) else {
            return Err(Error::Invalid(faults));
        };
        let mut after = Comment {
            external_id: key,
            author_id: author.map(|author| author.id).or(before.author_id),
            body: Some(body),
            created_at: row.posted_at.unwrap_or(before.created_at),
            ..before.clone()
        };
        if fresh {
            let about = after.about(tx, self.scope, &artefact, parent.as_ref()).await;
            after = about.map_err(|error| error.of_field("parentId", "parentExternalId"))?;
        } else {
            let same = (artefact.id, parent.map(|parent| parent.id)) == (before.artefact_id, before.parent_id);
            stays(same && after.author_id == before.author_id, "externalId", "it stays what one said there")?;
            self.may_set("postedAt", &before, fresh, after.created_at != before.created_at)?;
            stays(before.state == CommentState::Posted, "externalId", before.state.label())?;
            if after.body != before.body {
                after.edited_at = Some(self.ctx.now());
            }
        }
        self.put(tx, &before, after, fresh, false).await
    }
}
