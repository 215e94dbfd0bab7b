//! Sessions (*bijeenkomsten*): when and where, who looks at it from outside, and what came of it.

pub mod agenda;
pub mod expert;
pub mod joint;
pub mod recurrence;
pub mod registration;
pub mod series;

use crate::{
    Code, Error, Id, Result,
    artefact::Artefact,
    cop::{Cop, acting, transition},
    ctx::Ctx,
    input::{self, Check, Patch},
    labels,
    organisation::Organisation,
    policy::{self, Deed},
    ports::Event,
    record,
    record::{Field, Record},
    scope::{Scope, TenantScope},
    visibility::Audience,
};
use chrono::{DateTime, Utc};

pub use agenda::{AGENDA_STEPS, AgendaItem, AgendaItemState};
pub use expert::{CONTRIBUTION_STEPS, ContributionState, ExpertContribution};
pub use joint::SessionCop;
pub use registration::{Attendance, REGISTRATION_STEPS, Registration, RegistrationState};
pub use series::SessionSeries;

labels! {
    /// What kind of session it is.
    SessionKind {
        /// A regular session of a CoP (*bijeenkomst*).
        Regular = "REGULAR" / "Bijeenkomst",
        /// A hackathon: one of the intensive kinds, for speed and depth.
        Hackathon = "HACKATHON" / "Hackathon",
        /// An open space: one of the intensive kinds, its agenda raised on the day.
        OpenSpace = "OPEN_SPACE" / "Open space",
        /// A clinic, at which results are shown.
        Clinic = "CLINIC" / "Clinic",
        /// A network meeting (*netwerkbijeenkomst*), at which results are shown.
        NetworkMeeting = "NETWORK_MEETING" / "Netwerkbijeenkomst",
    }
}

impl SessionKind {
    pub fn is_intensive(self) -> bool {
        matches!(self, Self::Hackathon | Self::OpenSpace)
    }

    pub fn is_for_sharing(self) -> bool {
        matches!(self, Self::Clinic | Self::NetworkMeeting)
    }
}

labels! {
    /// Where a session is in its life.
    SessionState {
        /// Being prepared.
        Draft = "DRAFT" / "Concept",
        /// Its time is set.
        Scheduled = "SCHEDULED" / "Gepland",
        /// It took place.
        Held = "HELD" / "Gehouden",
        /// Its report is in.
        Reported = "REPORTED" / "Verslag gemaakt",
        /// It does not take place.
        Cancelled = "CANCELLED" / "Afgelast",
    }
}

labels! {
    /// From which side an outside expert looks at the matter (*perspectief*).
    Perspective {
        /// How people learn (*didactisch*).
        Didactic = "DIDACTIC" / "Didactisch",
        /// How change comes about (*veranderkundig*).
        ChangeManagement = "CHANGE_MANAGEMENT" / "Veranderkundig",
        /// How organisations work (*organisatiekundig*).
        Organisational = "ORGANISATIONAL" / "Organisatiekundig",
    }
}

/// The perspectives that an intensive session still lacks an expert for; `there` has the labels of those it has one for.
pub fn missing_perspectives(kind: SessionKind, there: &str) -> Vec<Perspective> {
    let missing = |one: &Perspective| kind.is_intensive() && !there.split(',').any(|there| there == one.label());
    Perspective::ALL.iter().copied().filter(missing).collect()
}

pub const STEPS: &[(SessionState, SessionState)] = &[
    (SessionState::Draft, SessionState::Scheduled),
    (SessionState::Scheduled, SessionState::Held),
    (SessionState::Held, SessionState::Reported),
    (SessionState::Draft, SessionState::Cancelled),
    (SessionState::Scheduled, SessionState::Cancelled),
];

record! {
    Session("session", "ses") {
        cop_id: Option<Id<Cop>>,
        kind: SessionKind,
        title: String,
        starts_at: DateTime<Utc>,
        ends_at: DateTime<Utc>,
        time_zone: String,
        place: Option<String>,
        link: Option<String>,
        state: SessionState,
        reason: Option<String>,
        planned: Option<String>,
        happened: Option<String>,
        why: Option<String>,
        learned: Option<String>,
        capacity: Option<i64>,
        guests_allowed: bool,
        registered_count: i64,
        waiting_count: i64,
        series_id: Option<Id<SessionSeries>>,
        audience: Audience,
        recording_url: Option<String>,
    }
}

record! {
    Showing("showing", "shw") {
        session_id: Id<Session>,
        artefact_id: Id<Artefact>,
        artefact_tenant_id: Id<Organisation>,
        cop_id: Option<Id<Cop>>,
        cop_tenant_id: Option<Id<Organisation>>,
        /// Which version of it.
        number: Option<i64>,
    }
}

#[derive(Default, Clone)]
pub struct Plan {
    pub external_id: Option<String>,
    pub cop_id: Option<Id<Cop>>,
    pub kind: SessionKind,
    pub title: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub time_zone: Option<String>,
    pub place: Option<String>,
    pub link: Option<String>,
    pub capacity: Option<i64>,
    pub guests_allowed: bool,
    /// `PARTNERS` if nothing is said.
    pub audience: Option<Audience>,
}

/// The most seats that a session can have.
const MOST_SEATS: i64 = 10_000;

impl Plan {
    pub(crate) fn fill(self, row: Session) -> Result<Session> {
        let mut check = Check::default();
        let row = self.check(&mut check, row);
        check.done()?;
        Ok(row)
    }

    /// Checks and normalises; `row` is what it is written into, and `check` has the faults.
    fn check(self, check: &mut Check, row: Session) -> Session {
        check.that(self.ends_at > self.starts_at, Code::OutOfRange, "endsAt", "after startsAt");
        let row = Session {
            external_id: check.external_id(self.external_id.as_deref()),
            cop_id: self.cop_id,
            kind: self.kind,
            title: check.text("title", &self.title, input::TITLE),
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            time_zone: check
                .optional_text("timeZone", self.time_zone.as_deref(), 64)
                .unwrap_or_else(|| "Europe/Amsterdam".to_owned()),
            place: check.optional_text("place", self.place.as_deref(), input::TITLE),
            link: check.url("link", self.link.as_deref()),
            capacity: self.capacity,
            guests_allowed: self.guests_allowed,
            audience: self.audience.unwrap_or(Audience::Partners),
            ..row
        };
        check.that(is_audience(row.audience), Code::InvalidValue, "audience", "PARTNERS or NETWORK");
        check.that(
            row.audience == Audience::Partners || row.kind.is_for_sharing(),
            Code::InvalidValue,
            "audience",
            "only a clinic or network meeting is for the whole network",
        );
        let seats = row.capacity.is_none_or(|seats| (1..=MOST_SEATS).contains(&seats));
        check.that(seats, Code::OutOfRange, "capacity", "1 to 10000");
        let zone = row.time_zone.parse::<chrono_tz::Tz>().is_ok();
        check.that(zone, Code::InvalidValue, "timeZone", "an IANA time zone such as Europe/Amsterdam");
        check.that(
            row.cop_id.is_some() || row.kind.is_for_sharing(),
            Code::Required,
            "copId",
            "Only a clinic or network meeting is of no CoP.",
        );
        check.at("startsAt", Some(row.starts_at));
        check.at("endsAt", Some(row.ends_at));
        row
    }
}

/// A session is for the people of its CoPs, or for the whole network.
pub(crate) fn is_audience(audience: Audience) -> bool {
    matches!(audience, Audience::Partners | Audience::Network)
}

/// What it takes to plan a session: to open it to the network is for the host, and for who guides the CoP.
fn deed(audience: Option<Audience>) -> Deed {
    if audience.is_none_or(|audience| audience == Audience::Partners) { Deed::Plan } else { Deed::Hold }
}

/// Plans a session, as a draft. For the host of its CoP, and for who leads or guides it.
pub async fn plan(ctx: &Ctx, scope: &TenantScope, cmd: Plan) -> Result<Session> {
    scope.require(Scope::SessionsWrite)?;
    let deed = deed(cmd.audience);
    let row = cmd.fill(ctx.fresh(scope))?;
    let (mut tx, row, permit) = match row.cop_id {
        Some(id) => {
            ctx.store.begin(scope).await?.refer("copId", id).await?;
            let (tx, cop, permit) = acting::open(ctx, scope, id, None, "plan a session", deed).await?;
            if cop.status.is_over() {
                return Err(Error::conflict(Code::CopNotOpen, "copId", cop.status.label()));
            }
            if cop.tenant_id != scope.tenant() && row.external_id.is_some() {
                // A key is its owner's: whether the host has given it already is nobody else's to learn.
                return Err(Error::invalid(Code::InvalidValue, "externalId", "only the host gives its rows keys"));
            }
            (tx, Session { tenant_id: cop.tenant_id, ..row }, permit)
        }
        None => {
            let permit = policy::owner(scope, "plan a session", &row)?;
            (ctx.store.begin(scope).await?, row, permit)
        }
    };
    tx.free_external_id(&row).await?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

#[derive(Default)]
pub struct Update {
    pub id: Id<Session>,
    pub version: Option<i64>,
    pub title: Option<String>,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    pub time_zone: Option<String>,
    pub place: Patch<String>,
    pub link: Patch<String>,
    pub capacity: Patch<i64>,
    pub guests_allowed: Option<bool>,
    pub audience: Option<Audience>,
    pub recording_url: Patch<String>,
}

impl Update {
    /// Whether all that is said is where the recording is.
    fn only_recording(&self) -> bool {
        self.recording_url != Patch::Keep
            && self.title.is_none()
            && self.starts_at.is_none()
            && self.ends_at.is_none()
            && self.time_zone.is_none()
            && self.place == Patch::Keep
            && self.link == Patch::Keep
            && self.capacity == Patch::Keep
            && self.guests_allowed.is_none()
            && self.audience.is_none()
    }
}

/// Where a session's recording is: an https address.
pub(crate) fn recording(check: &mut Check, url: Option<&str>) -> Option<String> {
    let url = check.url("recordingUrl", url);
    let safe = url.as_ref().is_none_or(|url| url.starts_with("https://"));
    check.that(safe, Code::InvalidValue, "recordingUrl", "an https address");
    url
}

/// Whether it took place, so that there is something to say of it.
pub(crate) fn was_held(state: SessionState) -> bool {
    matches!(state, SessionState::Held | SessionState::Reported)
}

/// Changes a session that has not been held; once it was, only where its recording is. More seats go to those who wait;
/// fewer take nobody's away.
pub async fn update(ctx: &Ctx, scope: &TenantScope, cmd: Update) -> Result<Session> {
    scope.require(Scope::SessionsWrite)?;
    let mut check = Check::default();
    let only_recording = cmd.only_recording();
    let recorded = cmd.recording_url.change().map(|url| recording(&mut check, url.as_deref()));
    check.done()?;
    let (mut tx, mut row, permit) =
        acting::open(ctx, scope, cmd.id, cmd.version, "change a session", deed(cmd.audience)).await?;
    if let Some(url) = recorded {
        if was_held(row.state) && only_recording {
            row.recording_url = url;
            tx.save(&permit, &mut row, ctx, "updated").await?;
            return Ok(row);
        }
        if expert::is_open(row.state) {
            return Err(Error::conflict(Code::NotStarted, "recordingUrl", ""));
        }
    }
    if !expert::is_open(row.state) {
        return Err(Error::conflict(Code::NotEditable, "", row.state.label()));
    }
    let mut all = Plan {
        external_id: row.external_id.clone(),
        cop_id: row.cop_id,
        kind: row.kind,
        title: cmd.title.unwrap_or_else(|| row.title.clone()),
        starts_at: cmd.starts_at.unwrap_or(row.starts_at),
        ends_at: cmd.ends_at.unwrap_or(row.ends_at),
        time_zone: Some(cmd.time_zone.unwrap_or_else(|| row.time_zone.clone())),
        place: row.place.clone(),
        link: row.link.clone(),
        capacity: row.capacity,
        guests_allowed: cmd.guests_allowed.unwrap_or(row.guests_allowed),
        audience: Some(cmd.audience.unwrap_or(row.audience)),
    };
    cmd.place.apply(&mut all.place);
    cmd.link.apply(&mut all.link);
    cmd.capacity.apply(&mut all.capacity);
    let mut row = all.fill(row)?;
    registration::fill_seats(&mut *tx, ctx, &permit, &mut row).await?;
    tx.save(&permit, &mut row, ctx, "updated").await?;
    Ok(row)
}

/// Sets the time of a session for good.
pub async fn schedule(ctx: &Ctx, scope: &TenantScope, id: Id<Session>) -> Result<Session> {
    step(ctx, scope, id, SessionState::Scheduled, None, "scheduled").await
}

/// Records that a session took place. An intensive one needs experts of all three perspectives, or a reason.
pub async fn hold(ctx: &Ctx, scope: &TenantScope, id: Id<Session>, reason: Option<String>) -> Result<Session> {
    step(ctx, scope, id, SessionState::Held, reason, "held").await
}

/// The answers to the four questions of a session's report, as Markdown: what was planned, what happened, why that was so,
/// and what we learn from it.
#[derive(Default)]
pub struct Report {
    pub id: Id<Session>,
    pub version: Option<i64>,
    pub planned: Patch<String>,
    pub happened: Patch<String>,
    pub why: Patch<String>,
    pub learned: Patch<String>,
    pub recording_url: Patch<String>,
}

impl Report {
    /// Checks and normalises; `row` is what it is written into.
    pub(crate) fn answer(self, check: &mut Check, row: &mut Session) {
        for (field, answer, place) in [
            ("planned", self.planned, &mut row.planned),
            ("happened", self.happened, &mut row.happened),
            ("why", self.why, &mut row.why),
            ("learned", self.learned, &mut row.learned),
        ] {
            if let Some(answer) = answer.change() {
                *place = check.optional_text(field, answer.as_deref(), input::BODY);
            }
        }
        if let Some(url) = self.recording_url.change() {
            row.recording_url = recording(check, url.as_deref());
        }
    }

    fn write(self, row: &mut Session) -> Result<()> {
        let mut check = Check::default();
        self.answer(&mut check, row);
        check.that(row.happened.is_some(), Code::Required, "happened", "A report says at least what happened.");
        check.done()
    }
}

/// Hands in a session's report. It says at least what happened.
pub async fn report(ctx: &Ctx, scope: &TenantScope, cmd: Report) -> Result<Session> {
    scope.require(Scope::SessionsWrite)?;
    let (tx, mut row, permit) = acting::open(ctx, scope, cmd.id, cmd.version, "reported", Deed::Plan).await?;
    transition(row.state, SessionState::Reported, STEPS)?;
    cmd.write(&mut row)?;
    row.state = SessionState::Reported;
    tx.save(&permit, &mut row, ctx, "reported").await?;
    Ok(row)
}

/// Changes the report of a session.
pub async fn update_report(ctx: &Ctx, scope: &TenantScope, cmd: Report) -> Result<Session> {
    scope.require(Scope::SessionsWrite)?;
    let (tx, mut row, permit) = acting::open(ctx, scope, cmd.id, cmd.version, "change a report", Deed::Plan).await?;
    if row.state != SessionState::Reported {
        return Err(Error::conflict(Code::NotEditable, "", row.state.label()));
    }
    cmd.write(&mut row)?;
    tx.save(&permit, &mut row, ctx, "report-updated").await?;
    Ok(row)
}

/// Calls a session off.
pub async fn cancel(ctx: &Ctx, scope: &TenantScope, id: Id<Session>, reason: Option<String>) -> Result<Session> {
    step(ctx, scope, id, SessionState::Cancelled, reason, "cancelled").await
}

impl Session {
    /// Whether it is still to come: what was not scheduled is, whatever its day.
    pub(crate) fn is_planned(&self, now: DateTime<Utc>) -> bool {
        match self.state {
            SessionState::Draft => true,
            SessionState::Scheduled => self.starts_at > now,
            _ => false,
        }
    }
}

/// Calls off a session that is still planned, that a CoP leads, and whose CoPs are all over. No reason is given: that of a CoP
/// is for its host.
pub(crate) async fn end_if_over(ctx: &Ctx, owner: Id<Organisation>, id: Id<Session>) -> Result<()> {
    let scope = TenantScope::system(owner);
    let mut cops = {
        let mut tx = ctx.store.look(&scope).await?;
        let Some(row) = tx.find(id).await?.filter(|row| row.is_planned(ctx.now())) else { return Ok(()) };
        let Some(leads) = row.cop_id else { return Ok(()) };
        let joined = joint::others(&mut *tx, row.id).await?;
        joined.into_iter().map(|row| (row.cop_tenant_id, row.cop_id)).chain([(owner, leads)]).collect::<Vec<_>>()
    };
    // Each where its host sees it.
    while let Some((host, cop)) = cops.pop() {
        let cop = ctx.store.look(&TenantScope::system(host)).await?.find(cop).await?;
        if cop.is_none_or(|cop: Cop| !cop.status.is_over()) {
            return Ok(());
        }
    }
    let mut tx = ctx.store.begin(&scope).await?;
    let Some(mut row) = tx.find(id).await?.filter(|row| row.is_planned(ctx.now())) else { return Ok(()) };
    let permit = policy::owner(&scope, "call off a session", &row)?;
    series::call_off(&mut *tx, ctx, &permit, &mut row, None).await?;
    tx.update(&permit, &mut row, ctx).await?;
    tx.emit(Event::of(&row, "cancelled")).await?;
    if let Some(id) = row.series_id {
        let left: Vec<Session> = tx.list(&[("series_id", id.to_cell())]).await?;
        if left.iter().all(|one| !one.is_planned(ctx.now())) {
            let mut series = tx.get(id).await?;
            tx.update(&permit, &mut series, ctx).await?;
            tx.emit(Event::of(&series, "cancelled")).await?;
        }
    }
    tx.commit().await
}

/// Calls off what a CoP that is over still planned. What has begun stays as it is, and so does what a CoP joins that is not
/// over; when the last one is, it is called off as well.
pub(crate) async fn end_with(ctx: &Ctx, cop: &Cop) -> Result<()> {
    let (led, joined): (Vec<Session>, Vec<SessionCop>) = {
        let mut tx = ctx.store.look(&TenantScope::system(cop.tenant_id)).await?;
        let of_cop = [("cop_id", cop.id.to_cell())];
        (tx.list(&of_cop).await?, tx.list(&of_cop).await?)
    };
    for row in led.into_iter().filter(|row| row.is_planned(ctx.now())) {
        end_if_over(ctx, row.tenant_id, row.id).await?;
    }
    for row in joined.into_iter().filter(|row| row.removed_at.is_none()) {
        end_if_over(ctx, row.tenant_id, row.session_id).await?;
    }
    Ok(())
}

/// What a step still waits for.
pub(crate) fn blockers(
    missing: &[Perspective],
    starts_at: DateTime<Utc>,
    to: SessionState,
    now: DateTime<Utc>,
    reason: bool,
) -> Vec<crate::Problem> {
    let mut check = Check::default();
    if to == SessionState::Held {
        check.that(starts_at <= now, Code::NotStarted, "", "");
        let missing: Vec<_> = missing.iter().map(|one| one.label()).collect();
        check.that(missing.is_empty() || reason, Code::PerspectivesMissing, "reason", &missing.join(", "));
    }
    check.problems()
}

async fn step(
    ctx: &Ctx,
    scope: &TenantScope,
    id: Id<Session>,
    to: SessionState,
    reason: Option<String>,
    verb: &'static str,
) -> Result<Session> {
    scope.require(Scope::SessionsWrite)?;
    let mut check = Check::default();
    let reason = check.optional_text("reason", reason.as_deref(), input::REASON);
    check.done()?;
    let deed = if to == SessionState::Held { Deed::Hold } else { Deed::Plan };
    let (mut tx, mut row, permit) = acting::open(ctx, scope, id, None, verb, deed).await?;
    transition(row.state, to, STEPS)?;
    if let Some(cop) = row.cop_id
        && matches!(to, SessionState::Scheduled | SessionState::Held)
    {
        let cop: Cop = tx.get(cop).await?;
        let began = to == SessionState::Held && cop.ended_at.is_some_and(|ended| row.starts_at <= ended);
        if cop.status.is_over() && !began && joint::all_over(&mut *tx, &row).await? {
            return Err(Error::conflict(Code::CopNotOpen, "", cop.status.label()));
        }
    }
    let facts = tx.facts(Session::TABLE, row.id.uuid(), &["fact_perspectives"]).await?.ok_or(Error::NotFound)?;
    let there = facts.into_iter().next().and_then(String::from_cell).unwrap_or_default();
    let missing = missing_perspectives(row.kind, &there);
    let blockers = blockers(&missing, row.starts_at, to, ctx.now(), reason.is_some());
    if !blockers.is_empty() {
        return Err(Error::Conflict(blockers));
    }
    if to == SessionState::Cancelled {
        series::call_off(&mut *tx, ctx, &permit, &mut row, reason).await?;
        tx.save(&permit, &mut row, ctx, verb).await?;
        return Ok(row);
    }
    row.state = to;
    if reason.is_some() {
        row.reason = reason;
    }
    if to == SessionState::Held {
        expert::conclude(&mut *tx, ctx, &permit, &row, ContributionState::Contributed).await?;
    }
    tx.save(&permit, &mut row, ctx, verb).await?;
    Ok(row)
}

impl Showing {
    /// That an artefact which was handed in was shown at a session for sharing that took place: the version that is current, if
    /// none is named.
    pub(crate) fn of(self, session: &Session, artefact: &Artefact, number: Option<i64>) -> Result<Self> {
        let mut check = Check::default();
        check_shown(&mut check, artefact, number);
        check.that(!artefact.is_draft(), Code::InvalidValue, "artefactId", "one that was handed in");
        check.that(session.kind.is_for_sharing(), Code::InvalidValue, "sessionId", "a CLINIC or NETWORK_MEETING");
        check.done()?;
        if !matches!(session.state, SessionState::Held | SessionState::Reported) {
            return Err(Error::conflict(Code::NotStarted, "sessionId", ""));
        }
        Ok(Self {
            session_id: session.id,
            artefact_id: artefact.id,
            artefact_tenant_id: artefact.tenant_id,
            cop_id: artefact.cop_id,
            cop_tenant_id: artefact.cop_tenant_id,
            number: number.or(Some(artefact.number)),
            ..self
        })
    }
}

/// Whether an artefact has a version of this number.
pub(crate) fn check_shown(check: &mut Check, artefact: &Artefact, number: Option<i64>) {
    if let Some(number) = number {
        let last = artefact.number;
        check.that((1..=last).contains(&number), Code::OutOfRange, "number", &format!("1 to {last}"));
    }
}

/// Records that an artefact was shown at a clinic or network meeting (*delen*). For the session's organisation.
pub async fn show(
    ctx: &Ctx,
    scope: &TenantScope,
    session: Id<Session>,
    artefact: Id<Artefact>,
    number: Option<i64>,
) -> Result<Showing> {
    scope.require(Scope::SessionsWrite)?;
    // Whoever shows it must see it themselves.
    {
        let mut tx = ctx.store.begin(scope).await?;
        tx.refer("sessionId", session).await?;
        tx.refer("artefactId", artefact).await?;
    }
    let (mut tx, session, permit) = acting::open(ctx, scope, session, None, "show an artefact", Deed::Hold).await?;
    let artefact = tx.refer("artefactId", artefact).await?;
    let row = Showing::of(ctx.fresh_for(session.tenant_id), &session, &artefact, number)?;
    let there = [("session_id", session.id.to_cell()), ("artefact_id", artefact.id.to_cell())];
    if let Some(row) = tx.first::<Showing>(&there).await? {
        return Err(Error::conflict(Code::AlreadyExists, "artefactId", row.id.to_string()));
    }
    tx.create(&permit, &row).await?;
    Ok(row)
}
