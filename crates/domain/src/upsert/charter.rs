//! Charters of own CoPs with their goals. What several organisations have to agree to is agreed here, and comes in only
//! where it is of the past.

use super::{CharterRow, GoalRow, Upsert, collect, refer, stays};
use crate::{
    Code, Error, Result,
    cop::{Charter, CharterAgreement, CharterState, Cop, Goal, MOST_GOALS, Participation, ParticipationState},
    import::RowOutcome,
    input::{self, Check},
    ports::Tx,
    record::{Field, Record},
};

impl Upsert<'_> {
    pub async fn charter(&self, tx: &mut dyn Tx, row: CharterRow) -> Result<(RowOutcome, String)> {
        self.only_history("state", row.state.is_some())?;
        self.only_history("agreedAt", row.agreed_at.is_some())?;
        self.only_history("number", row.number.is_some())?;
        let (before, fresh) = self.existing::<Charter>(tx, &row.external_id).await?;
        let mut faults = vec![];
        let cop = collect(&mut faults, refer::<Cop>(tx, self.scope, "copExternalId", &row.cop_external_id).await)?;
        let mut check = Check::default();
        let state = row.state.unwrap_or(before.state);
        let mut after = Charter {
            external_id: check.external_id(Some(&row.external_id)),
            why: check.optional_text("why", row.why.as_deref(), input::BODY),
            how: check.optional_text("how", row.how.as_deref(), input::BODY),
            state,
            agreed_at: row.agreed_at.or(before.agreed_at),
            ..before.clone()
        };
        let over = matches!(state, CharterState::Agreed | CharterState::Superseded);
        let proposed = row.state == Some(CharterState::Proposed);
        check.that(!proposed, Code::InvalidValue, "state", "it is proposed here, to those who are in");
        check.at("agreedAt", row.agreed_at);
        let number = row.number.is_none_or(|number| (1..=1_000).contains(&number));
        check.that(number, Code::OutOfRange, "number", "1 to 1000");
        check.that(row.agreed_at.is_none() || over, Code::InvalidValue, "agreedAt", "only for what was agreed");
        check.that(
            row.agreed_at.is_none_or(|at| at <= self.ctx.now()),
            Code::OutOfRange,
            "agreedAt",
            "not in the future",
        );
        faults.extend(check.problems());
        let (Some(cop), true) = (cop, faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        stays(fresh || cop.id == before.cop_id, "copExternalId", "a charter stays that of its CoP")?;
        self.may_set("state", &before, fresh, after.state != before.state)?;
        after.cop_id = cop.id;
        let changes = fresh || after.cells() != before.cells();
        let all: Vec<Charter> = tx.list(&[("cop_id", cop.id.to_cell())]).await?;
        let mut others = all.iter().filter(|one| one.id != before.id);
        stays(
            fresh || row.number.is_none_or(|number| number == before.number),
            "number",
            "a version keeps its number",
        )?;
        if fresh {
            after.number = row.number.unwrap_or(all.iter().map(|one| one.number).max().unwrap_or(0) + 1);
            if let Some(there) = all.iter().find(|one| one.number == after.number) {
                return Err(Error::conflict(Code::AlreadyExists, "number", there.id.to_string()));
            }
        }
        if changes && over {
            self.of_the_past(tx, &cop, &after, fresh || before.is_imported()).await?;
            let agreed = others.find(|one| one.state == CharterState::Agreed && after.state == CharterState::Agreed);
            if let Some(agreed) = agreed {
                return Err(Error::conflict(Code::AlreadyExists, "state", agreed.id.to_string()));
            }
        } else if changes {
            self.open_or_of_the_past(&cop, "copExternalId")?;
            stays(fresh || before.state == CharterState::Draft, "externalId", before.state.label())?;
            let open = others.find(|one| matches!(one.state, CharterState::Draft | CharterState::Proposed));
            if let Some(open) = open {
                return Err(Error::conflict(Code::AlreadyExists, "copExternalId", open.id.to_string()));
            }
        }
        self.put(tx, &before, after, fresh, false).await
    }

    /// What was agreed comes in with a CoP that did, and in nobody else's name: who takes part here agrees here.
    async fn of_the_past(&self, tx: &mut dyn Tx, cop: &Cop, charter: &Charter, imported: bool) -> Result<()> {
        let agreed = tx.first::<CharterAgreement>(&[("charter_id", charter.id.to_cell())]).await?.is_some();
        stays(self.history && imported && !agreed, "externalId", "it was agreed")?;
        stays(cop.is_imported(), "state", "its CoP lives here, and its charter is agreed here")?;
        let accepted = [("cop_id", cop.id.to_cell()), ("state", ParticipationState::Accepted.to_cell())];
        if tx.first::<Participation>(&accepted).await?.is_some() {
            return Err(Error::invalid(Code::NotYours, "state", "others take part, and each says its own yes"));
        }
        Ok(())
    }

    /// Of a CoP that is over, drafts come in with it alone.
    fn open_or_of_the_past(&self, cop: &Cop, field: &'static str) -> Result<()> {
        if cop.status.is_over() && !(self.history && cop.is_imported()) {
            return Err(Error::conflict(Code::CopNotOpen, field, cop.status.label()));
        }
        Ok(())
    }

    pub async fn goal(&self, tx: &mut dyn Tx, row: GoalRow) -> Result<(RowOutcome, String)> {
        self.only_history("assessment", row.assessment.is_some())?;
        self.only_history("note", row.note.is_some())?;
        self.only_history("waiverReason", row.waiver_reason.is_some())?;
        let (before, fresh) = self.existing::<Goal>(tx, &row.external_id).await?;
        let mut faults = vec![];
        let charter = refer::<Charter>(tx, self.scope, "charterExternalId", &row.charter_external_id).await;
        let charter = collect(&mut faults, charter)?;
        let mut check = Check::default();
        let mut after = Goal {
            external_id: check.external_id(Some(&row.external_id)),
            title: check.text("title", &row.title, input::SUMMARY),
            assessment: row.assessment.or(before.assessment),
            assessment_note: check
                .optional_text("note", row.note.as_deref(), input::REASON)
                .or_else(|| before.assessment_note.clone()),
            waiver_reason: check
                .optional_text("waiverReason", row.waiver_reason.as_deref(), input::REASON)
                .or_else(|| before.waiver_reason.clone()),
            ..before.clone()
        };
        let place = row.position.is_none_or(|place| (1..=MOST_GOALS as i64).contains(&place));
        check.that(place, Code::OutOfRange, "position", &format!("1 to {MOST_GOALS}"));
        let judged = row.assessment.is_some() || row.waiver_reason.is_some();
        let draft = charter.as_ref().is_some_and(|charter| charter.state == CharterState::Draft);
        check.that(!(judged && draft), Code::InvalidValue, "assessment", "only of a charter that was agreed");
        check.that(
            row.note.is_none() || after.assessment.is_some(),
            Code::InvalidValue,
            "note",
            "with the assessment that it explains",
        );
        faults.extend(check.problems());
        let (Some(mut charter), true) = (charter, faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        stays(fresh || charter.id == before.charter_id, "charterExternalId", "a goal stays in its charter")?;
        let same = fresh || row.position.is_none_or(|place| place == before.position);
        stays(same, "position", "goals are moved with goalUpdate")?;
        (after.cop_id, after.charter_id) = (charter.cop_id, charter.id);
        if fresh {
            let siblings: Vec<Goal> = tx.list(&[("charter_id", charter.id.to_cell())]).await?;
            if siblings.len() >= MOST_GOALS {
                return Err(Error::invalid(Code::TooMany, "charterExternalId", MOST_GOALS.to_string()));
            }
            let last = siblings.iter().map(|one| one.position).max().unwrap_or(0);
            after.position = row.position.unwrap_or(last + 1);
            if let Some(there) = siblings.iter().find(|one| one.position == after.position) {
                return Err(Error::conflict(Code::AlreadyExists, "position", there.id.to_string()));
            }
        }
        if fresh || after.cells() != before.cells() {
            let cop = tx.get(charter.cop_id).await?;
            match charter.state {
                CharterState::Draft => {
                    self.open_or_of_the_past(&cop, "charterExternalId")?;
                    // Whoever proposes the charter meanwhile comes before or after the change of what it says.
                    tx.update(self.permit, &mut charter, self.ctx).await?;
                }
                state => {
                    stays(
                        state != CharterState::Proposed && charter.is_imported(),
                        "charterExternalId",
                        state.label(),
                    )?;
                    self.of_the_past(tx, &cop, &charter, fresh || before.is_imported()).await?;
                }
            }
        }
        self.put(tx, &before, after, fresh, false).await
    }
}
