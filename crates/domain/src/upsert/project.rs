//! Members of CoPs, the projects and front-runners that they come from, and what projects learn from each other.

use super::{
    ExchangeRow, FrontRunnerProjectRow, FrontRunnerRow, MembershipRow, Upsert, collect, must_name, only_one, refer,
    refer_maybe, stays,
};
use crate::{
    Code, Error, Result,
    cop::{Cop, CopStatus, Membership, MembershipRole, MembershipState, membership},
    exchange::{self, Exchange, ExchangeState},
    import::RowOutcome,
    input::{self, Check},
    person::{Person, PersonState},
    ports::Tx,
    project::{self, FrontRunner, FrontRunnerProject, FrontRunnerState},
    record::Field,
    session::{Session, expert::is_expert_of},
};

/// Whether a membership takes one of the CoP's seats.
fn sits(row: &Membership) -> bool {
    matches!(row.state, MembershipState::Selected | MembershipState::Active) && row.role != MembershipRole::Sponsor
}

impl Upsert<'_> {
    pub async fn membership(&self, tx: &mut dyn Tx, row: MembershipRow) -> Result<(RowOutcome, String)> {
        self.only_history("state", row.state.is_some())?;
        let (before, fresh) = self.existing::<Membership>(tx, &row.external_id).await?;
        self.may_set("state", &before, fresh, row.state.is_some_and(|state| state != before.state))?;
        let cop: Cop = refer(tx, self.scope, "copExternalId", &row.cop_external_id).await?;
        let person: Person = refer(tx, self.scope, "personExternalId", &row.person_external_id).await?;
        // Who has left was a member all the same. A file that is sent again does not bring them back.
        let left = person.state != PersonState::Active;
        let is_in = |state| matches!(state, MembershipState::Selected | MembershipState::Active);
        let state = row.state.filter(|state| fresh || !left || !is_in(*state));
        if person.external || (fresh && left && (!self.history || state.is_some_and(is_in))) {
            let detail = "not an active person of an organisation";
            return Err(Error::conflict(Code::NotEligible, "personExternalId", detail));
        }
        if !fresh && (cop.id != before.cop_id || person.id != before.person_id) {
            let detail = "a membership stays that of one person in one CoP";
            return Err(Error::conflict(Code::NotEditable, "externalId", detail));
        }
        let early = matches!(before.state, MembershipState::Nominated | MembershipState::Applied);
        let changes = [("role", row.role != before.role), ("motivation", row.motivation != before.motivation)];
        if let Some((field, _)) = changes.into_iter().find(|(_, changes)| *changes && !fresh && !self.history && !early)
        {
            return Err(Error::conflict(Code::NotEditable, field, before.state.label()));
        }
        if fresh && !self.history && !matches!(cop.status, CopStatus::Recruiting | CopStatus::Active) {
            return Err(Error::conflict(Code::CopNotOpen, "copExternalId", cop.status.label()));
        }
        let others: Vec<Membership> =
            tx.list(&[("cop_id", cop.id.to_cell()), ("person_id", person.id.to_cell())]).await?;
        let over =
            |state| matches!(state, MembershipState::Rejected | MembershipState::Withdrawn | MembershipState::Removed);
        // As by any other way, who was not chosen or has left can come again.
        if let Some(other) = others.iter().find(|other| other.id != before.id && (self.history || !over(other.state))) {
            return Err(Error::conflict(Code::AlreadyExists, "personExternalId", other.id.to_string()));
        }
        if fresh && is_expert_of(tx, cop.id, person.id).await? {
            let detail = "an expert from outside is no member of the CoP";
            return Err(Error::conflict(Code::NotEligible, "personExternalId", detail));
        }
        let mut after = before.clone();
        after.external_id = self.key(&row.external_id)?;
        after.cop_id = cop.id;
        after.person_id = person.id;
        after.person_tenant_id = person.tenant_id;
        after.role = row.role;
        after.motivation = row.motivation;
        if let Some(state) = state {
            after.state = state;
            if !matches!(state, MembershipState::Nominated | MembershipState::Applied | MembershipState::Rejected) {
                // Who imports vouches for the person's own yes; where nobody wrote down when it was given, from now on.
                let given = after.person_accepted_at.or(row.since_at);
                after.person_accepted_at = given.or_else(|| Some(self.ctx.now()));
            }
        }
        if sits(&after) && (fresh || !sits(&before)) {
            // States as given, but no more members than there is room for, and none whom the method does not let in.
            let in_field = |error: Error| error.of_field("personId", "personExternalId");
            after.project_id = membership::eligible(tx, &cop, &after).await.map_err(in_field)?;
            membership::take_seat(tx, self.ctx, self.permit, &after).await?;
        }
        self.put(tx, &before, after, fresh, false).await
    }

    pub async fn front_runner_project(
        &self,
        tx: &mut dyn Tx,
        row: FrontRunnerProjectRow,
    ) -> Result<(RowOutcome, String)> {
        let (before, fresh) = self.existing::<FrontRunnerProject>(tx, &row.external_id).await?;
        let mut faults = vec![];
        let element = collect(&mut faults, tx.refer("elementId", row.element_id).await)?;
        let cmd = project::Create {
            external_id: Some(row.external_id),
            title: row.title,
            element_id: row.element_id,
            speciality: row.speciality,
            strengths: row.strengths,
            audience: row.audience.unwrap_or(before.audience),
        };
        let after = collect(&mut faults, cmd.fill(before.clone()))?;
        let (Some(element), Some(after)) = (element, after) else { return Err(Error::Invalid(faults)) };
        stays(fresh || element.id == before.element_id, "elementId", "a project stays that of one element")?;
        self.put(tx, &before, after, fresh, false).await
    }

    pub async fn front_runner(&self, tx: &mut dyn Tx, row: FrontRunnerRow) -> Result<(RowOutcome, String)> {
        self.only_history("state", row.state.is_some())?;
        let (before, fresh) = self.existing::<FrontRunner>(tx, &row.external_id).await?;
        let mut faults = vec![];
        let project = refer::<FrontRunnerProject>(tx, self.scope, "projectExternalId", &row.project_external_id).await;
        let project = collect(&mut faults, project)?;
        let person = refer::<Person>(tx, self.scope, "personExternalId", &row.person_external_id).await;
        let person = collect(&mut faults, person)?;
        let key = collect(&mut faults, self.key(&row.external_id))?;
        let (Some(mut project), Some(person), Some(key)) = (project, person, key) else {
            return Err(Error::Invalid(faults));
        };
        let state = row.state.unwrap_or(before.state);
        let (runs, ran) = (state == FrontRunnerState::Active, !fresh && before.state == FrontRunnerState::Active);
        if runs && !ran && person.state != PersonState::Active {
            let detail = "an active person of the own organisation";
            return Err(Error::invalid(Code::InvalidValue, "personExternalId", detail));
        }
        self.may_set("state", &before, fresh, state != before.state)?;
        let same = (project.id, person.id) == (before.project_id, before.person_id);
        stays(fresh || same, "externalId", "a front-runner stays one person in one project")?;
        let there = [("project_id", project.id.to_cell()), ("person_id", person.id.to_cell())];
        only_one(tx.first::<FrontRunner>(&there).await?, before.id.uuid(), "personExternalId")?;
        if ran && !runs {
            project::may_end(tx, &before).await?;
        }
        let after =
            FrontRunner { external_id: key, project_id: project.id, person_id: person.id, state, ..before.clone() };
        if runs != ran {
            let by = if runs { 1 } else { -1 };
            project::count(tx, self.ctx, self.permit, &mut project, by).await?;
        }
        self.put(tx, &before, after, fresh, false).await
    }

    pub async fn exchange(&self, tx: &mut dyn Tx, row: ExchangeRow) -> Result<(RowOutcome, String)> {
        for (field, given) in [
            ("state", row.state.is_some()),
            ("learned", row.learned.is_some()),
            ("acknowledgedAt", row.acknowledged_at.is_some()),
        ] {
            self.only_history(field, given)?;
        }
        let (before, fresh) = self.existing::<Exchange>(tx, &row.external_id).await?;
        let (between, faults) = self.between(tx, &row).await?;
        let Some(between) = between else { return Err(Error::Invalid(faults)) };
        let acknowledges = row.state == Some(ExchangeState::Acknowledged) || row.learned.is_some();
        if acknowledges && between.receiving.tenant_id != self.scope.tenant() {
            // What somebody learned, they say in their own words.
            let detail = "what another organisation learned, it says itself";
            return Err(Error::invalid(Code::NotYours, "state", detail));
        }
        let cmd = exchange::Record {
            giving_project_id: between.giving.id,
            receiving_project_id: between.receiving.id,
            strength: row.strength.clone(),
            cop_id: between.cop.as_ref().map(|cop| cop.id),
            session_id: between.session.as_ref().map(|session| session.id),
            exchanged_date: row.exchanged_date,
            note: row.note.clone(),
        };
        let named = |error: Error| {
            let error = error.of_field("receivingProjectId", "receivingProjectExternalId");
            error.of_field("sessionId", "sessionExternalId")
        };
        let after = cmd.fill(self.ctx, self.scope, &between, before.clone()).map_err(named)?;
        let mut after = Exchange { external_id: self.key(&row.external_id)?, ..after };
        self.learned(&row, &mut after)?;
        self.may_set("state", &before, fresh, after.state != before.state)?;
        let refers = |one: &Exchange| {
            let projects = (one.giving_project_id, one.receiving_project_id);
            (projects, one.cop_id, one.session_id, one.strength.clone())
        };
        stays(
            fresh || refers(&before) == refers(&after),
            "externalId",
            "an exchange stays what passed between the two",
        )?;
        let changed = (&before.note, before.exchanged_date) != (&after.note, after.exchanged_date);
        let withdrawn = before.state == ExchangeState::Withdrawn && !self.history;
        stays(fresh || !withdrawn || !changed, "externalId", before.state.label())?;
        if let Some(cop) = between.cop.filter(|cop| fresh && !self.history && cop.status.is_over()) {
            return Err(Error::conflict(Code::CopNotOpen, "copExternalId", cop.status.label()));
        }
        self.put(tx, &before, after, fresh, false).await
    }

    /// What an exchange refers to, or all that is wrong with that.
    async fn between(
        &self,
        tx: &mut dyn Tx,
        row: &ExchangeRow,
    ) -> Result<(Option<exchange::Between>, Vec<crate::Problem>)> {
        let mut faults = vec![];
        let giving = refer(tx, self.scope, "givingProjectExternalId", &row.giving_project_external_id).await;
        let giving = collect(&mut faults, giving)?;
        let by_key = ("receivingProjectExternalId", row.receiving_project_external_id.as_ref());
        let by_id = ("receivingProjectId", row.receiving_project_id);
        let receiving = collect(&mut faults, must_name(tx, self.scope, by_key, by_id).await)?;
        let cop = refer_maybe::<Cop>(tx, self.scope, "copExternalId", row.cop_external_id.as_ref()).await;
        let cop = collect(&mut faults, cop)?;
        let session = row.session_external_id.as_ref();
        let session = refer_maybe::<Session>(tx, self.scope, "sessionExternalId", session).await;
        let session = collect(&mut faults, session)?;
        let (Some(giving), Some(receiving), Some(cop), Some(session)) = (giving, receiving, cop, session) else {
            return Ok((None, faults));
        };
        let mut between = exchange::Between { giving, receiving, cop, session, of_session: vec![] };
        between.find_cops(tx).await?;
        Ok((Some(between), faults))
    }

    /// What the receiving side said, where a row of history says so.
    fn learned(&self, row: &ExchangeRow, after: &mut Exchange) -> Result<()> {
        let mut check = Check::default();
        let learned = check.optional_text("learned", row.learned.as_deref(), input::REASON);
        check.at("acknowledgedAt", row.acknowledged_at);
        after.state = row.state.unwrap_or(after.state);
        if learned.is_some() {
            after.learned = learned;
        }
        if after.state == ExchangeState::Acknowledged && row.state.is_some() {
            check.that(after.learned.is_some(), Code::Required, "learned", "");
            let known = row.acknowledged_at.or(after.acknowledged_at);
            after.acknowledged_at = known.or_else(|| Some(self.ctx.now()));
        }
        check.done()
    }
}
