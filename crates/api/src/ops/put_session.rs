//! Sessions and what they have, by `externalId`, one at a time: as a line of an import takes it.

use super::put::expected;
use crate::{model::names::*, ops};
use chrono::{DateTime, NaiveDate, Utc};
use evolva_domain::{session as ses, upsert};

ops! { SessionPutMutations;
    /// Brings the session with this `externalId` up to date, or plans it as a draft. What is left out is emptied, but for its CoP,
    /// series, time zone, report and recording, which stay. Its plan can change until it is held, its report once it has one. For the
    /// organisation's own token: no person puts.
    SessionPut session_put "putSession" PUT "/sessions/by-external-id/{externalId}" ["sessions:write"]
    SessionPutInput {
        /// Your own key for the session.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The own CoP, by your key for it; may be left out for a clinic or network meeting. A session stays that of its CoP.
        cop_external_id: Option<String>,
        /// The series that a regular session is of, by your key for it; of the same CoP. It stays.
        series_external_id: Option<String>,
        /// What kind it is. It stays.
        kind: SessionKindLabel,
        /// Its title.
        title: String,
        /// When it starts.
        starts_at: DateTime<Utc>,
        /// When it ends.
        ends_at: DateTime<Utc>,
        /// The IANA time zone in which it takes place; Europe/Amsterdam for a new one.
        time_zone: Option<String>,
        /// Where it takes place.
        place: Option<String>,
        /// An address at which one can join.
        link: Option<String>,
        /// How many seats there are, 1 to 10,000; any number if left out.
        capacity: Option<i64>,
        /// Whether those who come may bring guests along (*introducés*).
        #[serde(default)] #[graphql(default)] guests_allowed: bool,
        /// How far it is shown: `PARTNERS`, or `NETWORK` for a clinic or network meeting. Left out, it stays.
        audience: Option<AudienceLabel>,
        /// Where its recording is, once it was held: an https address.
        recording_url: Option<String>,
        /// The report's first question: what was planned, as Markdown.
        planned: Option<String>,
        /// The second: what happened.
        happened: Option<String>,
        /// The third: why it went as it did.
        why: Option<String>,
        /// The fourth: what we learn from it.
        learned: Option<String>,
    }
    -> SessionPutPayload { session: Session of ses::Session }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_session(&call.ctx, &call.scope, expected, upsert::SessionRow {
            external_id: input.external_id, cop_external_id: input.cop_external_id,
            series_external_id: input.series_external_id, kind: input.kind.0, title: input.title,
            starts_at: input.starts_at, ends_at: input.ends_at, time_zone: input.time_zone, place: input.place,
            link: input.link, capacity: input.capacity, guests_allowed: input.guests_allowed,
            audience: input.audience.map(|one| one.0), recording_url: input.recording_url, planned: input.planned, happened: input.happened, why: input.why,
            learned: input.learned, state: None, reason: None,
        }).await
    };

    /// Finds the series with this `externalId`, or plans it: all its sessions as drafts, or none, as `sessionSeriesPlan` does. Once
    /// it is planned its sessions go their own way, and it stays as it was: `sessionSeriesMove` and `sessionSeriesCancel` change what
    /// is left. For the organisation's own token: no person puts.
    SessionSeriesPut session_series_put "putSessionSeries" PUT "/session-series/by-external-id/{externalId}" ["sessions:write"]
    SessionSeriesPutInput {
        /// Your own key for the series.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The own CoP, by your key for it.
        cop_external_id: String,
        /// The title of its sessions.
        title: String,
        /// The rule (RFC 5545, section 3.3.10), such as `FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=10`.
        rule: String,
        /// The first day on which a session may be; it counts only if the rule names it.
        start_date: NaiveDate,
        /// When each starts, on the clock of the time zone: `10:00`.
        start_time: String,
        /// When each ends, on the same day.
        end_time: String,
        /// The IANA time zone in which it takes place; of a new one Europe/Amsterdam if left out.
        time_zone: Option<String>,
        /// Days on which there is none though the rule names them, at most 400.
        #[serde(default)] #[graphql(default)] except_dates: Vec<NaiveDate>,
        /// Where the sessions of a new one take place.
        place: Option<String>,
        /// An address at which one can join the sessions of a new one.
        link: Option<String>,
        /// How many seats each session of a new one has, 1 to 10,000; any number if left out.
        capacity: Option<i64>,
        /// Whether those who come to the sessions of a new one may bring guests along (*introducés*).
        #[serde(default)] #[graphql(default)] guests_allowed: bool,
    }
    -> SessionSeriesPutPayload { session_series: SessionSeries of ses::SessionSeries }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_session_series(&call.ctx, &call.scope, expected, upsert::SessionSeriesRow {
            external_id: input.external_id, cop_external_id: input.cop_external_id, title: input.title, rule: input.rule,
            start_date: input.start_date, start_time: input.start_time, end_time: input.end_time,
            time_zone: input.time_zone, except_dates: input.except_dates, place: input.place, link: input.link,
            capacity: input.capacity, guests_allowed: input.guests_allowed,
        }).await
    };

    /// Finds the join with this `externalId`, or lets an own CoP join an own session (*gezamenlijke bijeenkomst*). It stays that of
    /// one CoP at one session; one that was ended stays so. For the organisation's own token: no person puts.
    SessionCopPut session_cop_put "putSessionCop" PUT "/session-cops/by-external-id/{externalId}" ["sessions:write"]
    SessionCopPutInput {
        /// Your own key for the join.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The session, by your key for it.
        session_external_id: String,
        /// The CoP that joins it, by your key for it.
        cop_external_id: String,
    }
    -> SessionCopPutPayload { session_cop: SessionCop of ses::SessionCop }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_session_cop(&call.ctx, &call.scope, expected, upsert::SessionCopRow {
            external_id: input.external_id, session_external_id: input.session_external_id,
            cop_external_id: input.cop_external_id,
        }).await
    };

    /// Brings the agenda item with this `externalId` up to date, or puts it on the agenda of an own session that was not held, at
    /// its end if it has no place. What is left out is emptied, but for its place; who convenes it stays. For the organisation's
    /// own token: no person puts.
    AgendaItemPut agenda_item_put "putAgendaItem" PUT "/agenda-items/by-external-id/{externalId}" ["sessions:write"]
    AgendaItemPutInput {
        /// Your own key for the agenda item.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The session, by your key for it.
        session_external_id: String,
        /// Its title.
        title: String,
        /// Notes, as Markdown.
        notes: Option<String>,
        /// Who convenes it or speaks, if it is one of your own people: by your key for them. This or `convenorId`, or neither.
        convenor_external_id: Option<String>,
        /// The same if it is another organisation's whom you may see: by their id.
        convenor_id: Option<PersonId>,
        /// How long it takes, 1 to 1440 minutes.
        minutes: Option<i64>,
        /// Its place on the agenda, 1 to 10,000.
        position: Option<i64>,
    }
    -> AgendaItemPutPayload { agenda_item: AgendaItem of ses::AgendaItem }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_agenda_item(&call.ctx, &call.scope, expected, upsert::AgendaItemRow {
            external_id: input.external_id, session_external_id: input.session_external_id, title: input.title,
            notes: input.notes, convenor_external_id: input.convenor_external_id,
            convenor_id: input.convenor_id.map(|id| id.0), minutes: input.minutes, position: input.position, state: None,
        }).await
    };

    /// Brings the contribution with this `externalId` up to date, or invites the expert to an own session that was not held. It
    /// stays what one expert brings to one session; what they speak of can change. For the organisation's own token: no person
    /// puts.
    ExpertContributionPut expert_contribution_put "putExpertContribution" PUT "/expert-contributions/by-external-id/{externalId}" ["sessions:write"]
    ExpertContributionPutInput {
        /// Your own key for the contribution.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The session, by your key for it.
        session_external_id: String,
        /// The expert, if your organisation holds them: by your key for them. This or `personId`.
        person_external_id: Option<String>,
        /// The same if it is another organisation's who may be found: by their id.
        person_id: Option<PersonId>,
        /// From which side they look at it.
        perspective: PerspectiveLabel,
        /// What they speak of.
        subject: Option<String>,
    }
    -> ExpertContributionPutPayload { expert_contribution: ExpertContribution of ses::ExpertContribution }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_expert_contribution(&call.ctx, &call.scope, expected, upsert::ExpertContributionRow {
            external_id: input.external_id, session_external_id: input.session_external_id,
            person_external_id: input.person_external_id, person_id: input.person_id.map(|id| id.0),
            perspective: input.perspective.0, subject: input.subject, state: None,
        }).await
    };

    /// Finds the registration with this `externalId`, or registers somebody for an own session that is scheduled; where no seat is
    /// left, they wait for one. It stays that of one person for one session. For the organisation's own token: no person puts.
    RegistrationPut registration_put "putRegistration" PUT "/registrations/by-external-id/{externalId}" ["sessions:write"]
    RegistrationPutInput {
        /// Your own key for the registration.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The session, by your key for it.
        session_external_id: String,
        /// Who comes, if it is one of your own people: by your key for them. This or `personId`.
        person_external_id: Option<String>,
        /// The same if it is another organisation's whom you may see: by their id.
        person_id: Option<PersonId>,
        /// Who brings them along, if they are a guest (*introducé*), by your key for them. This or `broughtById`, or neither.
        brought_by_external_id: Option<String>,
        /// The same if it is another organisation's: by their id.
        brought_by_id: Option<PersonId>,
    }
    -> RegistrationPutPayload { registration: Registration of ses::Registration }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_registration(&call.ctx, &call.scope, expected, upsert::RegistrationRow {
            external_id: input.external_id, session_external_id: input.session_external_id,
            person_external_id: input.person_external_id, person_id: input.person_id.map(|id| id.0),
            brought_by_external_id: input.brought_by_external_id, brought_by_id: input.brought_by_id.map(|id| id.0),
            state: None, attendance: None,
        }).await
    };

    /// Finds the showing with this `externalId`, or says that an artefact was shown at an own clinic or network meeting that took
    /// place. For the organisation's own token: no person puts.
    ShowingPut showing_put "putShowing" PUT "/showings/by-external-id/{externalId}" ["sessions:write"]
    ShowingPutInput {
        /// Your own key for the showing.
        external_id: String,
        /// The version that you read, or 0 if there must be none yet; left out, it is put over whatever is there.
        version: Option<i64>,
        /// Refuse to make a new one.
        #[serde(default)] #[graphql(default)] must_exist: bool,
        /// The session, by your key for it. It stays.
        session_external_id: String,
        /// The artefact, if it is your own: by your key for it. This or `artefactId`. It stays.
        artefact_external_id: Option<String>,
        /// The same if it is another organisation's that you may see: by its id.
        artefact_id: Option<ArtefactId>,
        /// Which version of it was shown, by its `number`; of a new showing the current one if nothing is said.
        number: Option<i64>,
    }
    -> ShowingPutPayload { showing: Showing of ses::Showing }
    |call, input| {
        let expected = expected(input.version, input.must_exist);
        upsert::put_showing(&call.ctx, &call.scope, expected, upsert::ShowingRow {
            external_id: input.external_id, session_external_id: input.session_external_id,
            artefact_external_id: input.artefact_external_id, artefact_id: input.artefact_id.map(|id| id.0),
            number: input.number,
        }).await
    };
}
