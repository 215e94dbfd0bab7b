//! One CoP of the demo, played by the method as far as a stage: how it is prepared, and who comes to it.

use super::{Actor, guides};
use chrono::{Duration, Months};
use evolva_domain::{
    Error, Id, artefact as art, concept as con, cop as c, ctx::Ctx, theme as thm, visibility::Audience,
};

pub(super) struct Play<'a> {
    pub ctx: &'a Ctx,
    pub host: &'a Actor,
    pub partner: &'a Actor,
    /// An organisation that is neither host nor partner, nor the network's operator.
    pub other: &'a Actor,
    pub evolva: &'a Actor,
    pub element: Id<con::ConceptElement>,
    /// The steps of the network's guide.
    pub steps: &'a [evolva_domain::guide::GuideStep],
    /// How far it gets.
    pub stage: c::CopStatus,
}

impl Play<'_> {
    /// The CoP, and what came of it.
    pub async fn run(
        &self,
        concept: &con::Concept,
        theme: &thm::Theme,
    ) -> Result<(Id<c::Cop>, Vec<art::Artefact>), Error> {
        let (ctx, host, stage) = (self.ctx, &self.host.scope, self.stage);
        let start = ctx.today() - Duration::days(300);
        let (listing, ceiling) = match stage {
            c::CopStatus::Draft => (Audience::Partners, Audience::Partners),
            c::CopStatus::Recruiting => (Audience::Network, Audience::Partners),
            // What came of it, everybody may read.
            c::CopStatus::Closed => (Audience::Public, Audience::Public),
            _ => (Audience::Network, Audience::Network),
        };
        let limited = matches!(stage, c::CopStatus::Recruiting | c::CopStatus::Active);
        let cop = c::create(
            ctx,
            host,
            c::Create {
                title: format!("{} ({})", theme.title, stage.label().to_lowercase()),
                slug: Some(format!("{}-{}", theme.slug, stage.label().to_lowercase())),
                summary: Some("Een jaar samen uitwerken wat op één plek al lukt.".into()),
                description: Some("## Wat we doen\n\nElke maand een bijeenkomst, en twee keer een *hackathon*.".into()),
                concept_id: Some(concept.id),
                theme_id: Some(theme.id),
                element_ids: vec![self.element],
                start_date: Some(start),
                planned_end_date: start.checked_add_months(Months::new(12)),
                listing_audience: Some(listing),
                content_ceiling: Some(ceiling),
                capacity: limited.then_some(12),
                ..Default::default()
            },
        )
        .await?;
        let charter = c::charter::draft(
            ctx,
            host,
            c::charter::Draft {
                cop_id: cop.id,
                why: Some(format!("{} bepaalt of leren op de werkplek lukt.", theme.title)),
                how: Some("Maandelijks bijeen, leren van elkaars sterke punten.".into()),
                goals: Some(vec![
                    "Een werkwijze die drie teams gebruiken".into(),
                    "Een handreiking voor coaches".into(),
                ]),
            },
        )
        .await?;
        c::facilitation::assign(
            ctx,
            host,
            c::facilitation::Assign {
                cop_id: cop.id,
                person_id: self.evolva.people[0].id,
                role: c::FacilitationRole::Facilitator,
                is_primary: true,
                start_date: Some(start),
            },
        )
        .await?;
        self.invite(cop.id).await?;
        if stage == c::CopStatus::Draft {
            return Ok((cop.id, vec![]));
        }
        c::recruit(ctx, host, cop.id).await?;
        self.members(cop.id).await?;
        guides::progress(ctx, host, cop.id, stage, self.steps).await?;
        if stage == c::CopStatus::Recruiting {
            // Laid before the others, who have not said anything yet; and one more would like to join.
            c::charter::propose(ctx, host, charter.id).await?;
            let ask = self.ask(cop.id, self.other, "Ons team wil graag aansluiten.", true);
            c::participation::request(ctx, &self.other.scope, ask).await?;
            return Ok((cop.id, vec![]));
        }
        if stage == c::CopStatus::Cancelled {
            let ask = self.ask(cop.id, self.other, "Doen jullie mee?", false);
            let asked = c::participation::invite(ctx, host, ask).await?;
            c::participation::decline(ctx, &self.other.scope, asked.id).await?;
            c::cancel(ctx, host, cop.id, Some("Te weinig tijd bij de deelnemers".into())).await?;
            return Ok((cop.id, vec![]));
        }
        self.work(cop.id, charter.id, start).await?;
        if stage == c::CopStatus::Active {
            return Ok((cop.id, vec![]));
        }
        let artefacts = self.harvest(cop.id, charter.id).await?;
        if stage == c::CopStatus::Closed {
            self.close(cop.id, &artefacts).await?;
            self.succeed(cop.id, concept, theme).await?;
        }
        Ok((cop.id, artefacts))
    }

    /// What is said when an organisation is asked, or asks: with `agrees`, it also agrees to the conditions.
    fn ask(&self, cop: Id<c::Cop>, other: &Actor, message: &str, agrees: bool) -> c::participation::Ask {
        c::participation::Ask {
            cop_id: cop,
            organisation_id: other.id,
            message: Some(message.into()),
            preconditions_met: if agrees { preconditions() } else { vec![] },
            agreement_version: agrees.then_some(1),
        }
    }

    /// The partner and the network's operator are asked and accept. Of a draft, the partner has not answered yet.
    async fn invite(&self, cop: Id<c::Cop>) -> Result<(), Error> {
        let mut invited = vec![self.partner];
        if self.evolva.id != self.host.id && self.evolva.id != self.partner.id {
            invited.push(self.evolva);
        }
        for other in invited {
            let ask = self.ask(cop, other, "Doen jullie mee?", false);
            let asked = c::participation::invite(self.ctx, &self.host.scope, ask).await?;
            if self.stage == c::CopStatus::Draft && other.id == self.partner.id {
                continue;
            }
            let accept = c::participation::Accept {
                id: asked.id,
                preconditions_met: preconditions(),
                agreement_version: Some(1),
            };
            c::participation::accept(self.ctx, &other.scope, accept).await?;
        }
        Ok(())
    }

    /// Two people of each side, one of whom leads. While members are looked for, others are put forward; of those who came
    /// forward for a CoP at work, one was not chosen and one left again.
    async fn members(&self, cop: Id<c::Cop>) -> Result<(), Error> {
        let (ctx, host) = (self.ctx, &self.host.scope);
        let propose = |person_id, role| c::membership::Propose {
            cop_id: cop,
            person_id,
            role,
            motivation: Some("Ik wil leren van andere werkplekken.".into()),
        };
        let (lead, member) = (c::MembershipRole::Lead, c::MembershipRole::Member);
        for actor in [self.host, self.partner] {
            for (place, person) in actor.people[1..3].iter().enumerate() {
                let role = if place == 0 && actor.id == self.host.id { lead } else { member };
                let applied = c::membership::apply(ctx, &actor.scope, propose(person.id, role)).await?;
                c::membership::select(ctx, host, applied.id).await?;
            }
        }
        let (ours, theirs) = (propose(self.host.people[3].id, member), propose(self.partner.people[3].id, member));
        match self.stage {
            c::CopStatus::Recruiting => {
                c::membership::nominate(ctx, host, ours).await?;
                c::membership::apply(ctx, &self.partner.scope, theirs).await?;
            }
            c::CopStatus::Active => {
                let applied = c::membership::apply(ctx, host, ours).await?;
                let reason = Some("Er doen al twee collega's mee. Graag een volgende keer.".to_owned());
                c::membership::reject(ctx, host, applied.id, reason).await?;
                let applied = c::membership::apply(ctx, &self.partner.scope, theirs).await?;
                c::membership::select(ctx, host, applied.id).await?;
                let reason = Some("Begint dit najaar aan een opleiding.".to_owned());
                c::membership::withdraw(ctx, &self.partner.scope, applied.id, reason).await?;
            }
            _ => {}
        }
        Ok(())
    }

    /// A CoP that is closed never reopens: another one goes on where it ended.
    async fn succeed(&self, cop: Id<c::Cop>, concept: &con::Concept, theme: &thm::Theme) -> Result<(), Error> {
        let start = self.ctx.today() + Duration::days(60);
        let cmd = c::Create {
            title: format!("{}: het vervolg", theme.title),
            slug: Some(format!("{}-vervolg", theme.slug)),
            summary: Some("Verder met de handreiking, die nog niet af was.".into()),
            concept_id: Some(concept.id),
            theme_id: Some(theme.id),
            element_ids: vec![self.element],
            start_date: Some(start),
            planned_end_date: start.checked_add_months(Months::new(12)),
            predecessor_id: Some(cop),
            capacity: Some(16),
            ..Default::default()
        };
        c::create(self.ctx, &self.host.scope, cmd).await?;
        Ok(())
    }
}

/// All that the method asks of who takes part.
fn preconditions() -> Vec<String> {
    con::MethodProfile::default().preconditions.into_iter().map(|one| one.code).collect()
}
