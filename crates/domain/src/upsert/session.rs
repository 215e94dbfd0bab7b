//! Sessions, their agenda, their experts and who comes.

use super::{
    AgendaItemRow, ExpertContributionRow, RegistrationRow, SessionRow, Upsert, again, collect, must_name, named,
    only_one, refer, refer_maybe, stays,
};
use crate::{
    Code, Error, Problem, Result,
    cop::Cop,
    import::RowOutcome,
    input::{self, Check, Patch},
    person::{Person, PersonState},
    ports::{Event, Tx},
    record::{Cell, Field, Record},
    session::{
        self, AgendaItem, AgendaItemState, ContributionState, ExpertContribution, Registration, RegistrationState,
        Session, SessionKind, SessionSeries, SessionState, agenda, expert, joint, registration,
    },
};

/// What is planned of a session, without what came of it.
fn plan_of(row: &Session) -> Vec<Cell> {
    let nothing = (None, None, None, None, None);
    let mut row = row.clone();
    (row.planned, row.happened, row.why, row.learned, row.recording_url) = nothing;
    row.cells()
}

fn answers_of(row: &Session) -> [&Option<String>; 4] {
    [&row.planned, &row.happened, &row.why, &row.learned]
}

impl Upsert<'_> {
    pub async fn session(&self, tx: &mut dyn Tx, row: SessionRow) -> Result<(RowOutcome, String)> {
        self.only_history("state", row.state.is_some())?;
        self.only_history("reason", row.reason.is_some())?;
        let (before, fresh) = self.existing::<Session>(tx, &row.external_id).await?;
        let mut faults = vec![];
        let cop = refer_maybe::<Cop>(tx, self.scope, "copExternalId", row.cop_external_id.as_ref()).await;
        let cop = collect(&mut faults, cop)?;
        let series = row.series_external_id.as_ref();
        let series = refer_maybe::<SessionSeries>(tx, self.scope, "seriesExternalId", series).await;
        let series = collect(&mut faults, series)?.flatten();
        // Left out, it stays that of its CoP.
        let cop_id = cop.as_ref().and_then(|cop| cop.as_ref().map(|cop| cop.id)).or(before.cop_id);
        let after = self.planned_session(&row, &before, fresh, cop_id, &mut faults)?;
        if let Some(series) = &series
            && (row.kind != SessionKind::Regular || cop_id.is_some_and(|cop| cop != series.cop_id))
        {
            let detail = "a series of the same CoP, for a regular session";
            faults.push(Problem::new(Code::InvalidValue, "seriesExternalId", detail));
        }
        let (Some(cop), Some(mut after), true) = (cop, after, faults.is_empty()) else {
            return Err(Error::Invalid(faults));
        };
        after.series_id = series.map(|series| series.id).or(before.series_id);
        let regular = after.series_id.is_none() || after.kind == SessionKind::Regular;
        stays(regular, "kind", "a session of a series is a regular one")?;
        let in_series = before.series_id.is_none() || after.series_id == before.series_id;
        stays(in_series, "seriesExternalId", "a session stays that of its series")?;
        self.may_set("state", &before, fresh, after.state != before.state)?;
        stays(fresh || after.cop_id == before.cop_id, "copExternalId", "a session stays that of its CoP")?;
        let kind = fresh || self.history || after.kind == before.kind;
        stays(kind, "kind", before.kind.label())?;
        self.may_become(&before, &after, fresh)?;
        // Of the past, sessions of a CoP that is over come in; there are none to come.
        let to_come = !self.history || after.is_planned(self.ctx.now());
        if let Some(cop) = cop.filter(|cop| fresh && to_come && cop.status.is_over()) {
            return Err(Error::conflict(Code::CopNotOpen, "copExternalId", cop.status.label()));
        }
        if !fresh {
            self.seats(tx, &mut after).await?;
        }
        self.put(tx, &before, after, fresh, false).await
    }

    /// The session as a row says it, or nothing and what is wrong with that.
    fn planned_session(
        &self,
        row: &SessionRow,
        before: &Session,
        fresh: bool,
        cop_id: Option<crate::Id<Cop>>,
        faults: &mut Vec<Problem>,
    ) -> Result<Option<Session>> {
        let plan = session::Plan {
            external_id: Some(row.external_id.clone()),
            cop_id,
            kind: row.kind,
            title: row.title.clone(),
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            time_zone: row.time_zone.clone().or_else(|| (!fresh).then(|| before.time_zone.clone())),
            place: row.place.clone(),
            link: row.link.clone(),
            capacity: row.capacity,
            guests_allowed: row.guests_allowed,
            // Left out, it stays as far as it was.
            audience: row.audience.or((!fresh).then_some(before.audience)),
        };
        // A CoP that is not known is one fault, and not two.
        let no_cop = cop_id.is_none() && row.cop_external_id.is_some();
        let filled = plan.fill(before.clone()).map_err(|error| error.of_field("copId", "copExternalId"));
        let Some(mut after) = collect(faults, filled)? else {
            if no_cop {
                faults.retain(|one| one.code != Code::Required || one.field != ["copExternalId"]);
            }
            return Ok(None);
        };
        let mut check = Check::default();
        // Left out, an answer and the recording stay: they are no part of what is planned.
        let said = |text: &Option<String>| text.clone().map_or(Patch::Keep, Patch::Set);
        let report = session::Report {
            planned: said(&row.planned),
            happened: said(&row.happened),
            why: said(&row.why),
            learned: said(&row.learned),
            recording_url: said(&row.recording_url),
            ..session::Report::default()
        };
        report.answer(&mut check, &mut after);
        if row.reason.is_some() {
            after.reason = check.optional_text("reason", row.reason.as_deref(), input::REASON);
        }
        after.state = row.state.unwrap_or(before.state);
        if row.state == Some(SessionState::Reported) {
            let happened = after.happened.is_some();
            check.that(happened, Code::Required, "happened", "A report says at least what happened.");
        }
        faults.extend(check.problems());
        Ok(Some(after))
    }

    /// Whether a session may become what a row says it is.
    fn may_become(&self, before: &Session, after: &Session, fresh: bool) -> Result<()> {
        let held = session::was_held(after.state);
        if held && after.starts_at > self.ctx.now() {
            return Err(Error::conflict(Code::NotStarted, "startsAt", ""));
        }
        let recorded = after.recording_url == before.recording_url;
        let answered = answers_of(after) == answers_of(before);
        if !recorded && !held {
            return Err(Error::conflict(Code::NotStarted, "recordingUrl", ""));
        }
        if !answered && !held {
            return Err(Error::conflict(Code::NotStarted, "happened", ""));
        }
        if self.history || fresh {
            return Ok(());
        }
        stays(answered || before.state == SessionState::Reported, "happened", before.state.label())?;
        let open = expert::is_open(before.state);
        stays(open || plan_of(before) == plan_of(after), "externalId", before.state.label())
    }

    /// Counts a session's seats. Outside history, who waits gets those that are free.
    async fn seats(&self, tx: &mut dyn Tx, session: &mut Session) -> Result<()> {
        if self.history {
            registration::count_seats(tx, session).await
        } else {
            registration::fill_seats(tx, self.ctx, self.permit, session).await
        }
    }

    pub async fn agenda_item(&self, tx: &mut dyn Tx, row: AgendaItemRow) -> Result<(RowOutcome, String)> {
        self.only_history("state", row.state.is_some())?;
        let (before, fresh) = self.existing::<AgendaItem>(tx, &row.external_id).await?;
        let mut faults = vec![];
        let session = refer::<Session>(tx, self.scope, "sessionExternalId", &row.session_external_id).await;
        let session = collect(&mut faults, session)?;
        let by_key = ("convenorExternalId", row.convenor_external_id.as_ref());
        let convenor = named::<Person>(tx, self.scope, by_key, ("convenorId", row.convenor_id)).await;
        let convenor = collect(&mut faults, convenor)?;
        let said = agenda::Said { title: row.title, notes: row.notes, minutes: row.minutes };
        let after = collect(&mut faults, said.fill(before.clone()))?;
        let key = collect(&mut faults, self.key(&row.external_id))?;
        let mut check = Check::default();
        let place = row.position.is_none_or(|position| (1..=10_000).contains(&position));
        check.that(place, Code::OutOfRange, "position", "1 to 10000");
        faults.extend(check.problems());
        let (Some(session), Some(convenor), Some(after), Some(key), true) =
            (session, convenor, after, key, faults.is_empty())
        else {
            return Err(Error::Invalid(faults));
        };
        let mut after = AgendaItem {
            external_id: key,
            session_id: session.id,
            cop_id: session.cop_id,
            convenor_id: convenor.as_ref().map(|convenor| convenor.id),
            convenor_tenant_id: convenor.as_ref().map(|convenor| convenor.tenant_id),
            // Who puts it there is the session's organisation.
            state: row.state.unwrap_or(if fresh { AgendaItemState::Planned } else { before.state }),
            ..after
        };
        self.may_set("state", &before, fresh, after.state != before.state)?;
        stays(fresh || session.id == before.session_id, "sessionExternalId", "it stays that of its session")?;
        if fresh {
            stays(self.history || expert::is_open(session.state), "sessionExternalId", session.state.label())?;
            after.position = agenda::next_position(tx, session.id).await?;
        } else if !self.history {
            stays(after.convenor_id == before.convenor_id, "convenorExternalId", "who convenes it stays")?;
        }
        after.position = row.position.unwrap_or(after.position);
        let dropped = before.state == AgendaItemState::Dropped && !self.history && !fresh;
        stays(!dropped || after.cells() == before.cells(), "externalId", before.state.label())?;
        self.put(tx, &before, after, fresh, false).await
    }

    pub async fn expert_contribution(
        &self,
        tx: &mut dyn Tx,
        row: ExpertContributionRow,
    ) -> Result<(RowOutcome, String)> {
        self.only_history("state", row.state.is_some())?;
        let (before, fresh) = self.existing::<ExpertContribution>(tx, &row.external_id).await?;
        let mut faults = vec![];
        let (by_key, by_id) = (row.person_external_id.as_ref(), row.person_id);
        let (session, person) = self.at_session(tx, &row.session_external_id, by_key, by_id, &mut faults).await?;
        let mut check = Check::default();
        let subject = check.optional_text("subject", row.subject.as_deref(), input::SUMMARY);
        let key = check.external_id(Some(&row.external_id));
        if let Some(person) = person.as_ref().filter(|_| fresh) {
            self.may_be_known(person, &mut check);
        }
        faults.extend(check.problems());
        let (Some(session), Some(person), true) = (session, person, faults.is_empty()) else {
            return Err(Error::Invalid(faults));
        };
        let after = ExpertContribution {
            external_id: key,
            session_id: session.id,
            cop_id: session.cop_id,
            person_id: person.id,
            person_tenant_id: person.tenant_id,
            perspective: row.perspective,
            subject,
            state: row.state.unwrap_or(if fresh { expected_of(&session) } else { before.state }),
            ..before.clone()
        };
        self.may_set("state", &before, fresh, after.state != before.state)?;
        let about = |one: &ExpertContribution| (one.session_id, one.person_id, one.perspective);
        stays(
            fresh || about(&before) == about(&after),
            "externalId",
            "it stays what one expert brings to one session",
        )?;
        if fresh {
            self.may_contribute(tx, &session, &person).await?;
        }
        let withdrawn = before.state == ContributionState::Withdrawn && !self.history && !fresh;
        stays(!withdrawn || after.subject == before.subject, "externalId", before.state.label())?;
        if after.state != ContributionState::Withdrawn {
            let there = [
                ("session_id", session.id.to_cell()),
                ("person_id", person.id.to_cell()),
                ("perspective", row.perspective.to_cell()),
            ];
            let all: Vec<ExpertContribution> = tx.list(&there).await?;
            let open = |one: &ExpertContribution| one.state != ContributionState::Withdrawn && one.id != before.id;
            only_one(all.into_iter().find(open), before.id.uuid(), "personExternalId")?;
        }
        self.put(tx, &before, after, fresh, false).await
    }

    /// Whether somebody may become an expert at a session.
    async fn may_contribute(&self, tx: &mut dyn Tx, session: &Session, person: &Person) -> Result<()> {
        stays(self.history || expert::is_open(session.state), "sessionExternalId", session.state.label())?;
        let not_eligible = |detail: &str| Error::conflict(Code::NotEligible, "personExternalId", detail);
        if !self.history && person.state != PersonState::Active {
            return Err(not_eligible(person.state.label()));
        }
        for cop in joint::cops_of(tx, session).await? {
            if expert::is_member(tx, cop, person.id).await? {
                return Err(not_eligible("a member of the CoP is no expert from outside"));
            }
        }
        Ok(())
    }

    pub async fn registration(&self, tx: &mut dyn Tx, row: RegistrationRow) -> Result<(RowOutcome, String)> {
        self.only_history("state", row.state.is_some())?;
        self.only_history("attendance", row.attendance.is_some())?;
        let (before, fresh) = self.existing::<Registration>(tx, &row.external_id).await?;
        let (mut session, person, host) = self.who_comes(tx, &row, fresh).await?;
        if fresh {
            self.may_come(tx, &session, &person, host.as_ref()).await?;
        }
        let all: Vec<Registration> = tx.list(&[("session_id", session.id.to_cell())]).await?;
        let state = match row.state {
            Some(state) => state,
            None if !fresh => before.state,
            None if session.state == SessionState::Cancelled => RegistrationState::Cancelled,
            None if registration::is_full(&session, &all) => RegistrationState::Waiting,
            None => RegistrationState::Registered,
        };
        let after = Registration {
            external_id: self.key(&row.external_id)?,
            session_id: session.id,
            cop_id: session.cop_id,
            person_id: person.id,
            person_tenant_id: person.tenant_id,
            brought_by_id: host.as_ref().map(|host| host.id),
            brought_by_tenant_id: host.as_ref().map(|host| host.tenant_id),
            state,
            attendance: row.attendance.or(before.attendance),
            ..before.clone()
        };
        let about = |one: &Registration| (one.session_id, one.person_id, one.brought_by_id);
        stays(fresh || about(&before) == about(&after), "externalId", "it stays that of one person for one session")?;
        self.may_set("state", &before, fresh, after.state != before.state)?;
        self.may_set("attendance", &before, fresh, after.attendance != before.attendance)?;
        let said = fresh || (after.attendance, after.state) != (before.attendance, before.state);
        if after.attendance.is_some() && said {
            was_there(&after, &session, self.ctx.now())?;
        }
        if after.state != RegistrationState::Cancelled {
            let holds = |one: &Registration| one.state != RegistrationState::Cancelled && one.id != before.id;
            let other = all.into_iter().find(|one| one.person_id == person.id && holds(one));
            only_one(other, before.id.uuid(), "personExternalId")?;
        }
        let outcome = self.put(tx, &before, after, fresh, false).await?;
        if outcome.0 != RowOutcome::Unchanged {
            let counts = (session.registered_count, session.waiting_count);
            self.seats(tx, &mut session).await?;
            if counts != (session.registered_count, session.waiting_count) {
                again(tx.update(self.permit, &mut session, self.ctx).await)?;
                tx.emit(Event::of(&session, "seats-changed")).await?;
            }
        }
        Ok(outcome)
    }

    /// The session, who comes to it and who brings them, or all that is wrong with these.
    async fn who_comes(
        &self,
        tx: &mut dyn Tx,
        row: &RegistrationRow,
        fresh: bool,
    ) -> Result<(Session, Person, Option<Person>)> {
        let mut faults = vec![];
        let (by_key, by_id) = (row.person_external_id.as_ref(), row.person_id);
        let (session, person) = self.at_session(tx, &row.session_external_id, by_key, by_id, &mut faults).await?;
        let by_key = ("broughtByExternalId", row.brought_by_external_id.as_ref());
        let host = named::<Person>(tx, self.scope, by_key, ("broughtById", row.brought_by_id)).await;
        let host = collect(&mut faults, host)?;
        if let (Some(person), Some(Some(_)), true) = (&person, &host, fresh) {
            // Who is brought along becomes known to those who are there.
            let mut check = Check::default();
            self.may_be_known(person, &mut check);
            faults.extend(check.problems());
        }
        match (session, person, host, faults.is_empty()) {
            (Some(session), Some(person), Some(host), true) => Ok((session, person, host)),
            _ => Err(Error::Invalid(faults)),
        }
    }

    /// An own session and somebody at it, as far as they are there.
    async fn at_session(
        &self,
        tx: &mut dyn Tx,
        session: &str,
        by_key: Option<&String>,
        by_id: Option<crate::Id<Person>>,
        faults: &mut Vec<Problem>,
    ) -> Result<(Option<Session>, Option<Person>)> {
        let session = collect(faults, refer::<Session>(tx, self.scope, "sessionExternalId", session).await)?;
        let person = must_name::<Person>(tx, self.scope, ("personExternalId", by_key), ("personId", by_id)).await;
        Ok((session, collect(faults, person)?))
    }

    /// Whether somebody may become known by this to those who are there.
    fn may_be_known(&self, person: &Person, check: &mut Check) {
        let field = if person.tenant_id == self.scope.tenant() { "personExternalId" } else { "personId" };
        let known = expert::may_be_shown(self.scope, person);
        check.that(known, Code::NotYours, field, "an outsider of yours, or one who may be found");
    }

    /// Whether somebody may come to a session; in history, whether they might then.
    async fn may_come(&self, tx: &mut dyn Tx, session: &Session, person: &Person, host: Option<&Person>) -> Result<()> {
        if !self.history {
            if person.state != PersonState::Active {
                return Err(Error::conflict(Code::NotEligible, "personExternalId", person.state.label()));
            }
            stays(session.state == SessionState::Scheduled, "sessionExternalId", session.state.label())?;
            registration::not_over(tx, session, "sessionExternalId").await?;
        }
        if host.is_some() && !session.guests_allowed {
            let detail = "the session is for no guests";
            return Err(Error::conflict(Code::NotEligible, "broughtByExternalId", detail));
        }
        let (who, field) = host.map_or((person.id, "personExternalId"), |host| (host.id, "broughtByExternalId"));
        let mut by_another = false;
        for join in joint::others(tx, session.id).await? {
            by_another |= registration::is_in(tx, join.cop_id, who, self.history).await?;
        }
        registration::comes_by_itself(tx, session, who, field, self.history, by_another).await
    }
}

/// What is to be expected of a contribution to a session, where nothing else is said.
fn expected_of(session: &Session) -> ContributionState {
    match session.state {
        SessionState::Draft | SessionState::Scheduled => ContributionState::Invited,
        SessionState::Held | SessionState::Reported => ContributionState::Contributed,
        SessionState::Cancelled => ContributionState::Withdrawn,
    }
}

/// Nobody was at what has not begun.
fn was_there(row: &Registration, session: &Session, now: chrono::DateTime<chrono::Utc>) -> Result<()> {
    if row.state == RegistrationState::Cancelled {
        return Err(Error::invalid(Code::InvalidValue, "attendance", "not of who does not come"));
    }
    match registration::attendance_blocker(session.state, session.starts_at, now) {
        Some(problem) => Err(Error::Conflict(vec![Problem { field: vec!["attendance".into()], ..problem }])),
        None => Ok(()),
    }
}
