//! The loop of a lesson learned: something was observed, its cause was found, something was done about it, and practice has
//! changed. Where a lesson is stands in the artefact and is shown with it. What was noted at each step is a row of its own,
//! for who reads the artefact in its CoP, and for its organisation: a publication shows a version and no step.

use super::{Artefact, ArtefactKind, ArtefactState, authors_of, by_authors};
use crate::{
    Code, Error, Id, Problem, Result,
    cop::{Cop, transition},
    ctx::Ctx,
    input::{self, Check},
    labels,
    organisation::Organisation,
    person::Person,
    ports::Event,
    record,
    scope::{Scope, TenantScope},
};

labels! {
    /// How far a lesson learned is.
    LessonState {
        /// Something was seen.
        Observed = "OBSERVED" / "Waargenomen",
        /// It is known what lies beneath it.
        Identified = "IDENTIFIED" / "Herkend",
        /// Something was done about it.
        Actioned = "ACTIONED" / "Opgepakt",
        /// Practice has changed by it.
        Learned = "LEARNED" / "Geleerd",
    }
}
use LessonState::{Actioned, Identified, Learned, Observed};

pub const LESSON_STEPS: &[(LessonState, LessonState)] =
    &[(Observed, Identified), (Identified, Actioned), (Actioned, Learned)];

record! {
    LessonStep("lesson_step", "lsn") {
        artefact_id: Id<Artefact>,
        cop_id: Option<Id<Cop>>,
        cop_tenant_id: Option<Id<Organisation>>,
        /// What the lesson came to by it.
        state: LessonState,
        note: Option<String>,
        /// Who said so; nobody where the organisation's own token did.
        person_id: Option<Id<Person>>,
    }
}

/// Where the loop of an artefact of this kind is: only a lesson has one.
pub(super) fn state_of(kind: ArtefactKind, before: Option<LessonState>) -> Option<LessonState> {
    (kind == ArtefactKind::LessonLearned).then(|| before.unwrap_or_default())
}

/// The step that comes next.
pub(crate) fn next(state: LessonState) -> Option<LessonState> {
    LESSON_STEPS.iter().find(|(from, _)| *from == state).map(|(_, to)| *to)
}

/// What a step still waits for: an action that was taken, a change that was made.
pub(crate) fn blockers(to: LessonState, noted: bool) -> Vec<Problem> {
    let code = match to {
        Actioned => Code::ActionMissing,
        Learned => Code::ChangeMissing,
        Observed | Identified => return vec![],
    };
    if noted { vec![] } else { vec![Problem::new(code, "note", "")] }
}

pub struct Advance {
    pub id: Id<Artefact>,
    pub to: LessonState,
    pub note: Option<String>,
}

/// Takes a lesson a step further. For its authors and its organisation's admins. The loop goes on when the CoP is over: practice
/// changes later.
pub async fn advance(ctx: &Ctx, scope: &TenantScope, cmd: Advance) -> Result<Artefact> {
    scope.require(Scope::ArtefactsWrite)?;
    let mut check = Check::default();
    let note = check.optional_text("note", cmd.note.as_deref(), input::REASON);
    check.done()?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(cmd.id).await?;
    let authors = authors_of(&mut *tx, row.id).await?;
    let permit = by_authors(scope, "take a lesson further", &row, &authors)?;
    let state = row.lesson_state.ok_or_else(|| Error::invalid(Code::InvalidValue, "id", "a lesson learned"))?;
    if row.state == ArtefactState::Retired {
        return Err(Error::conflict(Code::NotEditable, "", row.state.label()));
    }
    transition(state, cmd.to, LESSON_STEPS)?;
    let problems = blockers(cmd.to, note.is_some());
    if !problems.is_empty() {
        return Err(Error::Conflict(problems));
    }
    let step = LessonStep {
        artefact_id: row.id,
        cop_id: row.cop_id,
        cop_tenant_id: row.cop_tenant_id,
        state: cmd.to,
        note,
        person_id: scope.person(),
        ..ctx.fresh(scope)
    };
    tx.insert(&permit, &step).await?;
    tx.emit(Event::of(&step, "created")).await?;
    row.lesson_state = Some(cmd.to);
    tx.save(&permit, &mut row, ctx, "lesson-advanced").await?;
    Ok(row)
}
