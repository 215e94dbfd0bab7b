//! Sessions: their agenda, who comes, their experts, and what was shown there.

use super::ids;
use crate::{model::names::*, ops};
use chrono::{DateTime, Utc};
use evolva_domain::session as ses;

ops! { SessionMutations;
    /// Plans a session, as a draft. For the host of its CoP.
    SessionPlan session_plan "planSession" POST "/sessions" ["sessions:write"]
    SessionPlanInput {
        /// Your own key for the session.
        external_id: Option<String>,
        /// The CoP; may be left out for a clinic or network meeting.
        cop_id: Option<CopId>,
        /// What kind it is.
        kind: SessionKindLabel,
        /// Its title.
        title: String,
        /// When it starts.
        starts_at: DateTime<Utc>,
        /// When it ends.
        ends_at: DateTime<Utc>,
        /// The IANA time zone in which it takes place; Europe/Amsterdam if left out.
        time_zone: Option<String>,
        /// Where it takes place.
        place: Option<String>,
        /// An address at which one can join.
        link: Option<String>,
        /// How many seats there are, 1 to 10,000; any number if left out.
        capacity: Option<i64>,
        /// Whether those who come may bring guests along (*introducés*).
        #[serde(default)] #[graphql(default)] guests_allowed: bool,
        /// `PARTNERS`, for the people of its CoPs, if left out; `NETWORK` for a clinic or network meeting to which every
        /// organisation of the network is welcome, as far as the ceiling of the CoP that leads it goes.
        audience: Option<AudienceLabel>,
    }
    -> SessionPlanPayload { session: Session of ses::Session }
    |call, input| ses::plan(&call.ctx, &call.scope, ses::Plan {
        external_id: input.external_id, cop_id: input.cop_id.map(|id| id.0), kind: input.kind.0, title: input.title,
        starts_at: input.starts_at, ends_at: input.ends_at, time_zone: input.time_zone, place: input.place, link: input.link,
        capacity: input.capacity, guests_allowed: input.guests_allowed, audience: input.audience.map(|one| one.0),
    }).await;

    /// Changes a session that has not been held; once it was, only where its recording is. More seats go to those who wait;
    /// fewer take nobody's away.
    SessionUpdate session_update "updateSession" PATCH "/sessions/{id}" ["sessions:write"]
    SessionUpdateInput {
        /// The session.
        id: SessionId,
        /// The version that you read.
        version: Option<i64>,
        /// Its title.
        title: Option<String>,
        /// When it starts.
        starts_at: Option<DateTime<Utc>>,
        /// When it ends.
        ends_at: Option<DateTime<Utc>>,
        /// The IANA time zone in which it takes place.
        time_zone: Option<String>,
        /// Where it takes place.
        #[serde(default)] place: ChangeText,
        /// An address at which one can join.
        #[serde(default)] link: ChangeText,
        /// How many seats there are, 1 to 10,000.
        #[serde(default)] capacity: ChangeCount,
        /// Whether those who come may bring guests along.
        guests_allowed: Option<bool>,
        /// How far it is shown: `PARTNERS`, or `NETWORK` for a clinic or network meeting. For the host, and for who guides
        /// the CoP.
        audience: Option<AudienceLabel>,
        /// Where its recording is: an https address. Once it was held, and then nothing else of it.
        #[serde(default)] recording_url: ChangeText,
    }
    -> SessionUpdatePayload { session: Session of ses::Session }
    |call, input| ses::update(&call.ctx, &call.scope, ses::Update {
        id: input.id.0, version: input.version, title: input.title, starts_at: input.starts_at, ends_at: input.ends_at,
        time_zone: input.time_zone, place: input.place.into(), link: input.link.into(), capacity: input.capacity.into(),
        guests_allowed: input.guests_allowed, audience: input.audience.map(|one| one.0),
        recording_url: input.recording_url.into(),
    }).await;

    /// Sets the time of a session for good.
    SessionSchedule session_schedule "scheduleSession" POST "/sessions/{id}/schedule" ["sessions:write"]
    SessionScheduleInput {
        /// The session.
        id: SessionId,
    }
    -> SessionSchedulePayload { session: Session of ses::Session }
    |call, input| ses::schedule(&call.ctx, &call.scope, input.id.0).await;

    /// Records that a session took place. An intensive one needs experts of all three perspectives, or a reason.
    SessionHold session_hold "holdSession" POST "/sessions/{id}/hold" ["sessions:write"]
    SessionHoldInput {
        /// The session.
        id: SessionId,
        /// Why a perspective was missing.
        reason: Option<String>,
    }
    -> SessionHoldPayload { session: Session of ses::Session }
    |call, input| ses::hold(&call.ctx, &call.scope, input.id.0, input.reason).await;

    /// Hands in a session's report (*verslag*): what was planned, what happened, why, and what we learn.
    SessionReport session_report "reportSession" POST "/sessions/{id}/report" ["sessions:write"]
    SessionReportInput {
        /// The session.
        id: SessionId,
        /// The version that you read.
        version: Option<i64>,
        /// What was planned, as Markdown.
        #[serde(default)] planned: ChangeText,
        /// What happened, as Markdown. A report says at least this.
        #[serde(default)] happened: ChangeText,
        /// Why it went as it did, as Markdown.
        #[serde(default)] why: ChangeText,
        /// What we learn from it, as Markdown.
        #[serde(default)] learned: ChangeText,
        /// Where its recording is: an https address.
        #[serde(default)] recording_url: ChangeText,
    }
    -> SessionReportPayload { session: Session of ses::Session }
    |call, input| ses::report(&call.ctx, &call.scope, ses::Report {
        id: input.id.0, version: input.version, planned: input.planned.into(), happened: input.happened.into(),
        why: input.why.into(), learned: input.learned.into(), recording_url: input.recording_url.into(),
    }).await;

    /// Changes the report of a session.
    SessionReportUpdate session_report_update "updateSessionReport" PATCH "/sessions/{id}/report" ["sessions:write"]
    SessionReportUpdateInput {
        /// The session.
        id: SessionId,
        /// The version that you read.
        version: Option<i64>,
        /// What was planned, as Markdown.
        #[serde(default)] planned: ChangeText,
        /// What happened, as Markdown. A report says at least this.
        #[serde(default)] happened: ChangeText,
        /// Why it went as it did, as Markdown.
        #[serde(default)] why: ChangeText,
        /// What we learn from it, as Markdown.
        #[serde(default)] learned: ChangeText,
        /// Where its recording is: an https address.
        #[serde(default)] recording_url: ChangeText,
    }
    -> SessionReportUpdatePayload { session: Session of ses::Session }
    |call, input| ses::update_report(&call.ctx, &call.scope, ses::Report {
        id: input.id.0, version: input.version, planned: input.planned.into(), happened: input.happened.into(),
        why: input.why.into(), learned: input.learned.into(), recording_url: input.recording_url.into(),
    }).await;

    /// Calls a session off.
    SessionCancel session_cancel "cancelSession" POST "/sessions/{id}/cancel" ["sessions:write"]
    SessionCancelInput {
        /// The session.
        id: SessionId,
        /// Why.
        reason: Option<String>,
    }
    -> SessionCancelPayload { session: Session of ses::Session }
    |call, input| ses::cancel(&call.ctx, &call.scope, input.id.0, input.reason).await;

    /// Records that an artefact was shown at a clinic or network meeting that took place (*delen*).
    SessionShowArtefact session_show_artefact "showArtefactAtSession" POST "/showings" ["sessions:write"]
    SessionShowArtefactInput {
        /// The session.
        session_id: SessionId,
        /// The artefact.
        artefact_id: ArtefactId,
        /// Which version of it, by its `number`; the current one if nothing is said.
        number: Option<i64>,
    }
    -> SessionShowArtefactPayload { showing: Showing of ses::Showing }
    |call, input| ses::show(&call.ctx, &call.scope, input.session_id.0, input.artefact_id.0, input.number).await;

    /// Lets one more CoP join a session (*gezamenlijke bijeenkomst*): its people see the session and may come, and it counts
    /// as one of that CoP's sessions. For whom both are theirs to decide on: the host, and who guides it.
    SessionCopAdd session_cop_add "addSessionCop" POST "/session-cops" ["sessions:write"]
    SessionCopAddInput {
        /// The session.
        session_id: SessionId,
        /// The CoP that joins it.
        cop_id: CopId,
    }
    -> SessionCopAddPayload { session_cop: SessionCop of ses::SessionCop }
    |call, input| ses::joint::add(&call.ctx, &call.scope, input.session_id.0, input.cop_id.0).await;

    /// Ends that a CoP joins a session. For both sides: who decides on the session, and who decides on the CoP. A planned
    /// session that a CoP leads, and all of whose CoPs are over then, is called off by it.
    SessionCopRemove session_cop_remove "removeSessionCop" POST "/session-cops/{id}/remove" ["sessions:write"]
    SessionCopRemoveInput {
        /// That the CoP joins the session.
        id: SessionCopId,
    }
    -> SessionCopRemovePayload { session_cop: SessionCop of ses::SessionCop }
    |call, input| ses::joint::remove(&call.ctx, &call.scope, input.id.0).await;

    /// Invites an expert from outside to a session, with the perspective from which they look at the matter.
    ExpertContributionInvite expert_contribution_invite "inviteExpertContribution" POST "/expert-contributions" ["sessions:write"]
    ExpertContributionInviteInput {
        /// The session.
        session_id: SessionId,
        /// The expert: a person of the own organisation, often an outsider that it holds, or one who may be found. Not a
        /// member of the session's CoP.
        person_id: PersonId,
        /// From which side they look at it.
        perspective: PerspectiveLabel,
        /// What they speak of.
        subject: Option<String>,
    }
    -> ExpertContributionInvitePayload { expert_contribution: ExpertContribution of ses::ExpertContribution }
    |call, input| ses::expert::invite(&call.ctx, &call.scope, ses::expert::Invite {
        session_id: input.session_id.0, person_id: input.person_id.0, perspective: input.perspective.0,
        subject: input.subject,
    }).await;

    /// Says what an expert speaks of.
    ExpertContributionUpdate expert_contribution_update "updateExpertContribution" PATCH "/expert-contributions/{id}" ["sessions:write"]
    ExpertContributionUpdateInput {
        /// The contribution.
        id: ExpertContributionId,
        /// The version that you read.
        version: Option<i64>,
        /// What they speak of.
        #[serde(default)] subject: ChangeText,
    }
    -> ExpertContributionUpdatePayload { expert_contribution: ExpertContribution of ses::ExpertContribution }
    |call, input| ses::expert::update(&call.ctx, &call.scope, ses::expert::UpdateContribution {
        id: input.id.0, version: input.version, subject: input.subject.into(),
    }).await;

    /// Records that an expert does not come after all: for whoever plans the session, and for the expert's organisation.
    ExpertContributionWithdraw expert_contribution_withdraw "withdrawExpertContribution" POST "/expert-contributions/{id}/withdraw" ["sessions:write"]
    ExpertContributionWithdrawInput {
        /// The contribution.
        id: ExpertContributionId,
    }
    -> ExpertContributionWithdrawPayload { expert_contribution: ExpertContribution of ses::ExpertContribution }
    |call, input| ses::expert::withdraw(&call.ctx, &call.scope, input.id.0).await;

    /// Puts something on a session's agenda. What a member puts forward is proposed, but in an open space: there it is on
    /// the agenda at once.
    AgendaItemRaise agenda_item_raise "raiseAgendaItem" POST "/agenda-items" ["sessions:write"]
    AgendaItemRaiseInput {
        /// The session.
        session_id: SessionId,
        /// Its title.
        title: String,
        /// Notes, as Markdown.
        notes: Option<String>,
        /// Who convenes it or speaks; the acting person if left out. Only who plans the session names somebody else.
        convenor_id: Option<PersonId>,
        /// How long it takes, 1 to 1440 minutes.
        minutes: Option<i64>,
    }
    -> AgendaItemRaisePayload { agenda_item: AgendaItem of ses::AgendaItem }
    |call, input| ses::agenda::raise(&call.ctx, &call.scope, ses::agenda::Raise {
        session_id: input.session_id.0, title: input.title, notes: input.notes,
        convenor_id: input.convenor_id.map(|id| id.0), minutes: input.minutes,
    }).await;

    /// Changes an agenda item, also its notes after the session. For who plans the session, and for who convenes it.
    AgendaItemUpdate agenda_item_update "updateAgendaItem" PATCH "/agenda-items/{id}" ["sessions:write"]
    AgendaItemUpdateInput {
        /// The agenda item.
        id: AgendaItemId,
        /// The version that you read.
        version: Option<i64>,
        /// Its title.
        title: Option<String>,
        /// Notes, as Markdown.
        #[serde(default)] notes: ChangeText,
        /// How long it takes, 1 to 1440 minutes.
        #[serde(default)] minutes: ChangeCount,
        /// Its place on the agenda, 1 to 10,000.
        position: Option<i64>,
    }
    -> AgendaItemUpdatePayload { agenda_item: AgendaItem of ses::AgendaItem }
    |call, input| ses::agenda::update(&call.ctx, &call.scope, ses::agenda::UpdateItem {
        id: input.id.0, version: input.version, title: input.title, notes: input.notes.into(),
        minutes: input.minutes.into(), position: input.position,
    }).await;

    /// Puts on the agenda what a member proposed.
    AgendaItemAccept agenda_item_accept "acceptAgendaItem" POST "/agenda-items/{id}/accept" ["sessions:write"]
    AgendaItemAcceptInput {
        /// The agenda item.
        id: AgendaItemId,
    }
    -> AgendaItemAcceptPayload { agenda_item: AgendaItem of ses::AgendaItem }
    |call, input| ses::agenda::accept(&call.ctx, &call.scope, input.id.0).await;

    /// Takes something off the agenda. For who plans the session, and for who convenes it.
    AgendaItemDrop agenda_item_drop "dropAgendaItem" POST "/agenda-items/{id}/drop" ["sessions:write"]
    AgendaItemDropInput {
        /// The agenda item.
        id: AgendaItemId,
    }
    -> AgendaItemDropPayload { agenda_item: AgendaItem of ses::AgendaItem }
    |call, input| ses::agenda::drop_item(&call.ctx, &call.scope, input.id.0).await;

    /// Registers somebody for a session that is scheduled. Where no seat is left, they wait for one. To a session of a CoP
    /// come its members, its facilitators, the session's experts, and guests whom one of them brings along.
    RegistrationCreate registration_create "createRegistration" POST "/registrations" ["sessions:write"]
    RegistrationCreateInput {
        /// The session.
        session_id: SessionId,
        /// Who comes.
        person_id: PersonId,
        /// Who brings them along, if they are a guest (*introducé*).
        brought_by_id: Option<PersonId>,
    }
    -> RegistrationCreatePayload { registration: Registration of ses::Registration }
    |call, input| ses::registration::register(&call.ctx, &call.scope, ses::registration::Register {
        session_id: input.session_id.0, person_id: input.person_id.0, brought_by_id: input.brought_by_id.map(|id| id.0),
    }).await;

    /// Gives a seat back; who waits longest gets it.
    RegistrationCancel registration_cancel "cancelRegistration" POST "/registrations/{id}/cancel" ["sessions:write"]
    RegistrationCancelInput {
        /// The registration.
        id: RegistrationId,
    }
    -> RegistrationCancelPayload { registration: Registration of ses::Registration }
    |call, input| ses::registration::cancel(&call.ctx, &call.scope, input.id.0).await;

    /// Records who was there and who was not, not before the session's start. Of all that are named, or of none.
    SessionRecordAttendance session_record_attendance "recordSessionAttendance" POST "/sessions/{id}/attendance" ["sessions:write"]
    SessionRecordAttendanceInput {
        /// The session.
        id: SessionId,
        /// Registrations of those who were there, at most 500 with those of the others.
        #[serde(default)] #[graphql(default)] attended: Vec<RegistrationId>,
        /// Registrations of those who were not.
        #[serde(default)] #[graphql(default)] absent: Vec<RegistrationId>,
    }
    -> SessionRecordAttendancePayload { session: Session of ses::Session }
    |call, input| ses::registration::record_attendance(&call.ctx, &call.scope, ses::registration::RecordAttendance {
        id: input.id.0, attended: ids(input.attended), absent: ids(input.absent),
    }).await;
}
