//! A CoP of the demo at work: its charter is agreed, and its sessions are planned and held.

use super::{Play, in_person};
use chrono::{Duration, NaiveDate};
use evolva_domain::{
    Error, Id, calendar as cal, cop as c, exchange as exc, input::Patch, record::Cell, scope::TenantScope,
    session as ses,
};

impl Play<'_> {
    pub(super) async fn work(&self, cop: Id<c::Cop>, charter: Id<c::Charter>, start: NaiveDate) -> Result<(), Error> {
        let (ctx, host) = (self.ctx, &self.host.scope);
        c::charter::propose(ctx, host, charter).await?;
        c::charter::agree(ctx, &self.partner.scope, charter).await?;
        if self.evolva.id != self.host.id && self.evolva.id != self.partner.id {
            c::charter::agree(ctx, &self.evolva.scope, charter).await?;
        }
        let kinds = [ses::SessionKind::Regular, ses::SessionKind::Hackathon, ses::SessionKind::OpenSpace];
        let mut planned = vec![];
        for (number, kind) in kinds.into_iter().enumerate() {
            let starts_at =
                (start + Duration::days(30 * (number as i64 + 1))).and_time(chrono::NaiveTime::MIN).and_utc()
                    + Duration::hours(13);
            let session = ses::plan(
                ctx,
                host,
                ses::Plan {
                    cop_id: Some(cop),
                    kind,
                    title: ["Kennismaken", "Hackathon: van idee naar werkwijze", "Open space"][number].into(),
                    starts_at,
                    ends_at: starts_at + Duration::hours(3),
                    place: Some("Arnhem".into()),
                    capacity: Some(12),
                    guests_allowed: true,
                    ..Default::default()
                },
            )
            .await?;
            planned.push(ses::schedule(ctx, host, session.id).await?);
        }
        c::activate(ctx, host, cop).await?;
        let mut tx = ctx.store.begin(host).await?;
        let memberships: Vec<c::Membership> = tx.list(&[("cop_id", Cell::Uuid(cop.uuid()))]).await?;
        drop(tx);
        for membership in memberships.iter().filter(|row| row.state == c::MembershipState::Selected) {
            c::membership::activate(ctx, host, membership.id).await?;
        }
        self.series(cop).await?;
        self.experts(&planned[1..]).await?;
        for session in &planned {
            self.attend(session).await?;
            self.hold(session).await?;
        }
        if self.stage == c::CopStatus::Active {
            self.exchange(cop, &planned[0]).await?;
        }
        Ok(())
    }

    /// A series of the last weeks, of which the next two sessions are sure, and a feed of it all.
    async fn series(&self, cop: Id<c::Cop>) -> Result<(), Error> {
        let (ctx, host) = (self.ctx, &self.host.scope);
        let times = ses::recurrence::Asked {
            rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=4".into(),
            start_date: ctx.today() + Duration::days(7),
            start_time: "14:00".into(),
            end_time: "16:00".into(),
            ..Default::default()
        };
        let plan = ses::series::PlanSeries {
            cop_id: cop,
            title: "Intervisie".into(),
            times,
            place: Some("Arnhem".into()),
            ..Default::default()
        };
        let series = ses::series::plan(ctx, host, plan).await?;
        let mut tx = ctx.store.begin(host).await?;
        let mut sessions: Vec<ses::Session> = tx.list(&[("series_id", Cell::Uuid(series.id.uuid()))]).await?;
        drop(tx);
        sessions.sort_by_key(|session| session.starts_at);
        for session in &sessions[..2] {
            ses::schedule(ctx, host, session.id).await?;
        }
        if self.stage == c::CopStatus::Active {
            // A member puts forward what they would like to bring; who plans the session has not said yes yet.
            let member = in_person(self.partner, &self.partner.people[2]);
            self.raise(&member, &sessions[0], "Mijn casus: een leerling die niets vraagt", 30).await?;
        }
        // Nobody knows its address: the demo's users make their own.
        let (_, secret_hash) = evolva_api::calendar::fresh()?;
        let feed = cal::Create {
            name: "Agenda van de CoP".into(),
            cop_id: Some(cop),
            person_id: None,
            days: None,
            secret_hash,
        };
        cal::create(ctx, host, feed).await?;
        Ok(())
    }

    async fn raise(&self, scope: &TenantScope, session: &ses::Session, title: &str, minutes: i64) -> Result<(), Error> {
        let item = ses::agenda::Raise {
            session_id: session.id,
            title: title.into(),
            minutes: Some(minutes),
            ..Default::default()
        };
        ses::agenda::raise(self.ctx, scope, item).await?;
        Ok(())
    }

    /// An agenda, which in an open space those who are there raise themselves, and who comes: the members, and a guest whom
    /// one of them brings along.
    async fn attend(&self, session: &ses::Session) -> Result<(), Error> {
        let host = &self.host.scope;
        self.raise(host, session, "Welkom en terugblik", 20).await?;
        if session.kind == ses::SessionKind::OpenSpace {
            for (actor, title) in [
                (self.host, "Hoe krijg je een rooster mee?"),
                (self.partner, "Wat doe je als de coach zelf geen tijd heeft?"),
            ] {
                self.raise(&in_person(actor, &actor.people[2]), session, title, 60).await?;
            }
        } else {
            self.raise(host, session, "Aan het werk", 120).await?;
        }
        let comes =
            |person_id, brought_by_id| ses::registration::Register { session_id: session.id, person_id, brought_by_id };
        for actor in [self.host, self.partner] {
            for person in &actor.people[1..3] {
                ses::registration::register(self.ctx, &actor.scope, comes(person.id, None)).await?;
            }
        }
        let brought = comes(self.partner.outsiders[0].id, Some(self.partner.people[1].id));
        ses::registration::register(self.ctx, &self.partner.scope, brought).await?;
        Ok(())
    }

    /// It takes place: who was there, and what came of it.
    async fn hold(&self, session: &ses::Session) -> Result<(), Error> {
        let (ctx, host) = (self.ctx, &self.host.scope);
        // For the hackathon one of the experts could not come.
        let hackathon = session.kind == ses::SessionKind::Hackathon;
        let reason = hackathon.then(|| "De organisatiekundige was ziek".to_owned());
        ses::hold(ctx, host, session.id, reason).await?;
        let mut tx = ctx.store.begin(host).await?;
        let came: Vec<ses::Registration> = tx.list(&[("session_id", Cell::Uuid(session.id.uuid()))]).await?;
        drop(tx);
        let ids = |absent: bool| {
            let those = came.iter().enumerate().filter(move |(place, _)| (*place == 1) == absent);
            those.map(|(_, row)| row.id).collect()
        };
        let attendance =
            ses::registration::RecordAttendance { id: session.id, attended: ids(false), absent: ids(true) };
        ses::registration::record_attendance(ctx, host, attendance).await?;
        let recording = format!("https://opnames.example/{}", session.id);
        let report = ses::Report {
            id: session.id,
            planned: Patch::Set("Twee werkwijzen uitproberen in drie teams.".into()),
            happened: Patch::Set("Eén werkwijze is uitgeprobeerd, in twee teams.".into()),
            why: Patch::Set("Het derde team had die week geen rooster.".into()),
            learned: Patch::Set("Spreek het rooster af **voordat** je begint.".into()),
            recording_url: if hackathon { Patch::Set(recording) } else { Patch::Keep },
            ..Default::default()
        };
        ses::report(ctx, host, report).await?;
        Ok(())
    }

    /// What the host's project passed to the partner's, at a session of the CoP.
    async fn exchange(&self, cop: Id<c::Cop>, session: &ses::Session) -> Result<(), Error> {
        let (giving, receiving) = (&self.host.projects[0], &self.partner.projects[1]);
        let cmd = exc::Record {
            giving_project_id: giving.id,
            receiving_project_id: receiving.id,
            strength: giving.strengths.0[0].clone(),
            cop_id: Some(cop),
            session_id: Some(session.id),
            exchanged_date: session.starts_at.date_naive(),
            note: Some("Aan de hand van een week uit het rooster.".into()),
        };
        let row = exc::record_exchange(self.ctx, &self.host.scope, cmd).await?;
        let learned = "Wie elkaar dagelijks even spreekt, hoeft minder te vergaderen.".to_owned();
        exc::acknowledge(self.ctx, &self.partner.scope, row.id, learned).await?;
        Ok(())
    }

    /// Experts from outside, held by the host, who look at the intensive sessions.
    async fn experts(&self, sessions: &[ses::Session]) -> Result<(), Error> {
        use ses::Perspective::{ChangeManagement, Didactic, Organisational};
        let experts = [
            (Didactic, "Leren in het werk zelf"),
            (ChangeManagement, "Hoe een werkwijze blijft"),
            (Organisational, "Tijd en ruimte in het rooster"),
        ];
        for (person, (perspective, subject)) in self.host.outsiders[1..].iter().zip(experts) {
            let all = sessions
                .iter()
                .filter(|session| session.kind == ses::SessionKind::OpenSpace || perspective != Organisational);
            for session in all {
                let invite = ses::expert::Invite {
                    session_id: session.id,
                    person_id: person.id,
                    perspective,
                    subject: Some(subject.into()),
                };
                ses::expert::invite(self.ctx, &self.host.scope, invite).await?;
            }
        }
        Ok(())
    }
}
