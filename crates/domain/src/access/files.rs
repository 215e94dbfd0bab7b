//! What the viewer may do with files: with one on its way in, and with one of an artefact.

use super::{All, deed, editable, owner, problem, unless};
use crate::{
    Code, Id, allowed, artefact::ArtefactState, file::upload::UploadState, person::Person, query::Tree,
    scope::TenantScope,
};
use chrono::{DateTime, Utc};

pub fn of_upload(row: &Tree, scope: &TenantScope, now: DateTime<Utc>) -> All {
    let state: UploadState = row.get("state")?;
    let maker = scope.person().is_some() && row.get::<Option<Id<Person>>>("person_id")? == scope.person();
    let over = row.get::<DateTime<Utc>>("expires_at")? <= now;
    let blocked = match state {
        UploadState::Open => unless(!over, Code::NotEditable, "", "it has expired"),
        state => vec![problem(Code::NotEditable, "", state.label())],
    };
    Some(vec![deed("upload_take_part", "upload a file", owner(row, scope)? || maker, blocked)])
}

pub fn of_attachment(row: &Tree, scope: &TenantScope) -> All {
    let part = allowed::part_by(row, scope, row.get("fact_artefact_cop_id")?)?;
    let mut blocked = match row.get::<Option<ArtefactState>>("fact_artefact_state")? {
        Some(state) => editable(state, part.works_there, allowed::status_in(row, row.get("fact_artefact_cop_id")?)?),
        None => vec![problem(Code::NotFound, "", "")],
    };
    if blocked.is_empty() && !row.get::<bool>("fact_current")? {
        blocked = vec![problem(Code::NotEditable, "", "it was removed before")];
    }
    Some(vec![deed("attachment_remove", "remove a file", part.writes, blocked)])
}
