//! What comes of a CoP of the demo: its artefacts, what is said of them, where they are embedded, and its end.

use super::{Actor, Play, in_person};
use chrono::{Duration, Months};
use evolva_domain::{
    Error, Id,
    artefact::{self as art, ArtefactKind},
    cop as c,
    file::upload as upl,
    publication as publ,
    record::{Cell, Field},
    session as ses,
    visibility::Audience,
};

/// Of a CoP that was closed: kind, title and text.
const CLOSED: [(ArtefactKind, &str, &str); 3] = [
    (
        ArtefactKind::BestPractice,
        "Vast leermoment op dinsdag",
        "Elke dinsdag om negen uur een half uur leren, met wat er die week speelt.",
    ),
    (ArtefactKind::PracticalAid, "Handreiking voor de coach", "Wat we deden, wat het opleverde en wat je nodig hebt."),
    (ArtefactKind::LessonLearned, "Begin klein", "Eén team, één werkwijze, zes weken. Daarna pas het volgende."),
];

/// Of one that brings its results in.
const HARVESTING: [(ArtefactKind, &str, &str); 3] = [
    (
        ArtefactKind::Outcome,
        "Drie teams leren elke week",
        "Na een jaar hebben drie teams een vast leermoment, en twee coaches die het begeleiden.",
    ),
    (
        ArtefactKind::Insight,
        "Wie vraagt, leert sneller",
        "Teams die met een eigen vraag beginnen, houden het leermoment langer vol.",
    ),
    (
        ArtefactKind::Experience,
        "Mijn eerste half jaar als coach",
        "De eerste weken praatte ik te veel. Nu stel ik één vraag en wacht ik af.",
    ),
];

impl Play<'_> {
    /// A closed CoP's results are the partner's, those of one that still brings them in the host's.
    pub(super) async fn harvest(&self, cop: Id<c::Cop>, charter: Id<c::Charter>) -> Result<Vec<art::Artefact>, Error> {
        let (ctx, host) = (self.ctx, &self.host.scope);
        let mut tx = ctx.store.begin(host).await?;
        let mut goals: Vec<c::Goal> = tx.list(&[("charter_id", Cell::Uuid(charter.uuid()))]).await?;
        let mut sessions: Vec<ses::Session> = tx.list(&[("cop_id", cop.to_cell())]).await?;
        drop(tx);
        goals.sort_by_key(|goal| goal.position);
        sessions.sort_by_key(|session| session.starts_at);
        let closed = self.stage == c::CopStatus::Closed;
        let (owner, all) = if closed { (self.partner, CLOSED) } else { (self.host, HARVESTING) };
        let mut artefacts = vec![];
        for (number, (kind, title, body)) in all.into_iter().enumerate() {
            let mut author_ids = vec![owner.people[1].id];
            // What both sides wrote is published once both have said yes, and the partner has not yet.
            let of_both = kind == ArtefactKind::Insight;
            author_ids.extend(of_both.then_some(self.partner.people[1].id));
            let made = art::create(
                ctx,
                &owner.scope,
                art::Create {
                    cop_id: Some(cop),
                    session_id: sessions.get(number).map(|session| session.id),
                    element_ids: vec![self.element],
                    kind,
                    title: title.into(),
                    body: Some(body.into()),
                    language: Some("nl".into()),
                    licence: Some("CC-BY-4.0".into()),
                    tags: vec!["werkplekleren".into(), "coach".into()],
                    audience: Some(if closed { Audience::Public } else { Audience::Network }),
                    author_ids,
                    // The second goal of a closed CoP was not reached.
                    goal_ids: goals.iter().take(if closed { 1 } else { 2 }).map(|goal| goal.id).collect(),
                    ..Default::default()
                },
            )
            .await?;
            self.attach(owner, &made, number).await?;
            art::submit(ctx, &owner.scope, made.id).await?;
            if !of_both && kind != ArtefactKind::LessonLearned {
                art::validate(ctx, &self.evolva.scope, made.id).await?;
            }
            artefacts.push(made);
        }
        for (place, goal) in goals.iter().enumerate() {
            let (assessment, note) = match (place, closed) {
                (0, _) => (c::GoalAssessment::Reached, None),
                (_, true) => (c::GoalAssessment::NotReached, Some("Zij ligt er, maar is nog niet uitgeprobeerd.")),
                (_, false) => (c::GoalAssessment::Partly, Some("Twee van de drie coaches werken ermee.")),
            };
            let cmd = c::charter::AssessGoal { id: goal.id, assessment, note: note.map(Into::into) };
            c::charter::assess_goal(ctx, host, cmd).await?;
        }
        c::harvest(ctx, host, cop, None).await?;
        if closed {
            let reason = "Een volgende CoP maakt haar af.".to_owned();
            c::charter::waive_goal(ctx, host, goals[1].id, reason).await?;
        } else {
            self.discuss(&artefacts[0]).await?;
            self.take_back(&artefacts[2]).await?;
        }
        Ok(artefacts)
    }

    /// A file of an artefact, brought in as a portal does it.
    async fn attach(&self, owner: &Actor, artefact: &art::Artefact, number: usize) -> Result<(), Error> {
        let (ctx, scope) = (self.ctx, &owner.scope);
        let (file_name, media_type, text) = [
            ("weekrooster.csv", "text/csv", "dag;van;tot;wat\ndinsdag;09:00;09:30;vast leermoment\n"),
            ("handreiking.md", "text/markdown", "# Handreiking\n\nVraag eerst, geef dan pas raad.\n"),
            ("begin-klein.txt", "text/plain", "Eén team, één werkwijze, zes weken.\n"),
        ][number];
        let announced = upl::Create {
            file_name: file_name.into(),
            size: text.len() as i64,
            media_type: Some(media_type.into()),
            sha256: None,
        };
        let upload = upl::create(ctx, scope, announced).await?;
        let mut receiving = upl::receive(ctx, scope, upload.id, None).await?;
        receiving.feed(text.as_bytes()).await?;
        receiving.finish().await?;
        let cmd = art::attachment::Add {
            artefact_id: artefact.id,
            upload_id: upload.id,
            title: Some(artefact.title.clone()),
            description: None,
        };
        art::attachment::add(ctx, scope, cmd).await?;
        Ok(())
    }

    /// A question, an answer to it, and what the facilitator makes of both.
    async fn discuss(&self, artefact: &art::Artefact) -> Result<(), Error> {
        let says = async |actor: &Actor, person: usize, parent_id, body: &str| {
            let cmd = art::comment::Post { artefact_id: artefact.id, parent_id, body: body.into() };
            art::comment::post(self.ctx, &in_person(actor, &actor.people[person]), cmd).await
        };
        let question = says(self.partner, 2, None, "Hoe hebben jullie het derde team meegekregen?").await?;
        let answer = "Door met hun eigen vraag te beginnen, niet met de onze.";
        says(self.host, 1, Some(question.id), answer).await?;
        says(self.evolva, 0, None, "Mooi. Zet dat er als eerste stap bij, dan kunnen anderen het overnemen.").await?;
        Ok(())
    }

    /// Its author would rather not have it seen so far any more; what it said stands in the outcome.
    async fn take_back(&self, artefact: &art::Artefact) -> Result<(), Error> {
        let (ctx, host) = (self.ctx, &self.host.scope);
        let mut tx = ctx.store.begin(host).await?;
        let of_it: Vec<publ::Publication> = tx.list(&[("artefact_id", Cell::Uuid(artefact.id.uuid()))]).await?;
        drop(tx);
        for publication in of_it {
            publ::withdraw(ctx, host, publication.id, Some("Op verzoek van de schrijver".into())).await?;
        }
        art::retire(ctx, host, artefact.id).await?;
        Ok(())
    }

    /// Where an organisation embeds what the CoP made.
    async fn anchor(
        &self,
        actor: &Actor,
        artefact: &art::Artefact,
        place: &str,
        review_date: Option<chrono::NaiveDate>,
    ) -> Result<Id<art::Anchoring>, Error> {
        let cmd = art::PlanAnchoring {
            artefact_id: artefact.id,
            place: place.into(),
            owner_person_id: Some(actor.people[2].id),
            review_date,
        };
        Ok(art::plan_anchoring(self.ctx, &actor.scope, cmd).await?.id)
    }

    /// What was made is embedded on both sides and shown, and the CoP ends.
    pub(super) async fn close(&self, cop: Id<c::Cop>, artefacts: &[art::Artefact]) -> Result<(), Error> {
        let (ctx, host, partner) = (self.ctx, &self.host.scope, &self.partner.scope);
        let schedule = "Het weekrooster van drie teams";
        let half_a_year = ctx.today().checked_add_months(Months::new(6));
        let ours = self.anchor(self.host, &artefacts[0], schedule, half_a_year).await?;
        art::anchor(ctx, host, ours).await?;
        // The partner is to look at it again today.
        let theirs = self.anchor(self.partner, &artefacts[0], schedule, Some(ctx.today())).await?;
        art::anchor(ctx, partner, theirs).await?;
        self.anchor(self.host, &artefacts[1], "De inwerkmap van nieuwe coaches", None).await?;
        let given_up = self.anchor(self.partner, &artefacts[1], "De maandelijkse coachmiddag", None).await?;
        art::anchor(ctx, partner, given_up).await?;
        art::lapse(ctx, partner, given_up).await?;
        let mut tx = ctx.store.begin(host).await?;
        let series: Vec<ses::SessionSeries> = tx.list(&[("cop_id", Cell::Uuid(cop.uuid()))]).await?;
        let memberships: Vec<c::Membership> = tx.list(&[("cop_id", Cell::Uuid(cop.uuid()))]).await?;
        drop(tx);
        for series in series {
            let cancel = ses::series::Cancel { id: series.id, from: None, reason: Some("De CoP rondt af".into()) };
            ses::series::cancel(ctx, host, cancel).await?;
        }
        let starts_at = ctx.now() - Duration::days(7);
        let clinic = ses::plan(
            ctx,
            host,
            ses::Plan {
                cop_id: Some(cop),
                kind: ses::SessionKind::Clinic,
                title: "Clinic: wat werkt".into(),
                starts_at,
                ends_at: starts_at + Duration::hours(2),
                ..Default::default()
            },
        )
        .await?;
        ses::schedule(ctx, host, clinic.id).await?;
        ses::hold(ctx, host, clinic.id, None).await?;
        for artefact in artefacts {
            ses::show(ctx, host, clinic.id, artefact.id, None).await?;
        }
        for membership in memberships.iter().filter(|row| row.state == c::MembershipState::Active) {
            c::membership::complete(ctx, host, membership.id).await?;
        }
        c::close(ctx, host, cop).await?;
        Ok(())
    }
}
