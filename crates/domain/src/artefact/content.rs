//! What an artefact says and what stands beside it: checked against what its writer may see, and written.

use super::{Artefact, ArtefactKind, goals_of, lesson, may_write_in, metadata, organisations};
use crate::{
    Code, Error, Id, Result,
    concept::ConceptElement,
    cop::{CharterState, Cop, Goal, membership::organisation_is_in},
    input::{self, Check},
    organisation::Organisation,
    person::{Person, PersonState},
    policy::Permit,
    ports::{Tx, Write},
    record::{AsJson, Cell, Field},
    scope::TenantScope,
    session::{Session, joint},
    theme::Theme,
    visibility::Audience,
};

#[derive(Default, Clone)]
pub struct Create {
    pub external_id: Option<String>,
    pub cop_id: Option<Id<Cop>>,
    pub theme_id: Option<Id<Theme>>,
    pub session_id: Option<Id<Session>>,
    pub element_ids: Vec<Id<ConceptElement>>,
    pub kind: ArtefactKind,
    pub title: String,
    pub summary: Option<String>,
    pub body: Option<String>,
    pub source_url: Option<String>,
    pub language: Option<String>,
    pub licence: Option<String>,
    pub tags: Vec<String>,
    pub audience: Option<Audience>,
    pub author_ids: Vec<Id<Person>>,
    pub goal_ids: Vec<Id<Goal>>,
}

/// The organisation of a person who becomes an author: of the artefact's own, or of one that takes part in its CoP.
async fn author(tx: &mut dyn Tx, row: &Artefact, id: Id<Person>) -> Result<Id<Organisation>> {
    let person = tx.refer("authorIds", id).await?;
    let of_the_cop = match row.cop_id {
        Some(cop) if person.tenant_id != row.tenant_id => {
            let cop = tx.refer("copId", cop).await?;
            takes_part(tx, &cop, person.tenant_id).await?
        }
        _ => person.tenant_id == row.tenant_id,
    };
    if of_the_cop && person.state == PersonState::Active {
        Ok(person.tenant_id)
    } else {
        let who = "people of the own organisation, and of those that take part in the CoP";
        Err(Error::invalid(Code::InvalidValue, "authorIds", who))
    }
}

/// Refuses a session that is none of the artefact's CoP.
async fn came_from(tx: &mut dyn Tx, row: &Artefact, id: Id<Session>) -> Result<()> {
    let session = tx.refer("sessionId", id).await?;
    match row.cop_id {
        Some(cop) if !joint::cops_of(tx, &session).await?.contains(&cop) => {
            Err(Error::invalid(Code::InvalidValue, "sessionId", "a session of the same CoP"))
        }
        _ => Ok(()),
    }
}

/// Whether an organisation is in: as its host, or by a participation, as far as that is seen.
async fn takes_part(tx: &mut dyn Tx, cop: &Cop, organisation: Id<Organisation>) -> Result<bool> {
    match organisation_is_in(tx, cop, organisation).await {
        Ok(()) => Ok(true),
        Err(Error::Conflict(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// The rows beside an artefact that a write replaces.
pub struct Beside {
    pub authors: Vec<Author>,
    pub goals: Vec<Id<Goal>>,
}

/// Who wrote, and the organisation that contributes with them.
pub type Author = (Id<Person>, Id<Organisation>);

impl Create {
    /// Checks the input against what the tenant may see, and fills a row with it. `open` asks that the CoP is open for
    /// work; history that comes in later does not.
    pub async fn fill(
        mut self,
        tx: &mut dyn Tx,
        scope: &TenantScope,
        row: Artefact,
        written_by: &[Author],
        open: bool,
    ) -> Result<(Artefact, Beside)> {
        let mut check = Check::default();
        let mut known = std::collections::HashSet::new();
        self.element_ids.retain(|id| known.insert(*id));
        self.goal_ids.sort_by_key(|goal| goal.uuid());
        self.goal_ids.dedup();
        let before = (row.cop_id, row.session_id, row.element_ids.0.clone(), row.theme_id);
        // What was written before licences were looked at stays as it is.
        let licence = self.licence.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let known = licence.is_none_or(|text| Some(text) == row.licence.as_deref() || metadata::is_licence(text));
        check.that(known, Code::InvalidValue, "licence", "an SPDX licence id such as CC-BY-4.0");
        let row = Artefact {
            external_id: check.external_id(self.external_id.as_deref()),
            cop_id: self.cop_id,
            theme_id: self.theme_id,
            session_id: self.session_id,
            element_ids: AsJson(self.element_ids.clone()),
            kind: self.kind,
            lesson_state: lesson::state_of(self.kind, row.lesson_state),
            title: check.text("title", &self.title, input::TITLE),
            summary: check.optional_text("summary", self.summary.as_deref(), input::SUMMARY),
            body: check.optional_text("body", self.body.as_deref(), input::BODY),
            source_url: check.url("sourceUrl", self.source_url.as_deref()),
            language: check.language("language", self.language.as_deref()),
            licence: check.optional_text("licence", self.licence.as_deref(), 100),
            tags: AsJson(check.tags("tags", &self.tags)),
            audience: self.audience.unwrap_or(Audience::Members),
            number: row.number.max(1),
            ..row
        };
        check.at_most("authorIds", self.author_ids.len(), 50);
        check.at_most("goalIds", self.goal_ids.len(), 50);
        check.at_most("elementIds", self.element_ids.len(), 100);
        check.done()?;
        // History that stays where it is comes in again, also of who no longer sees that.
        let stays = !open && self.cop_id == before.0;
        let cop_tenant_id = if stays { row.cop_tenant_id } else { self.check_cop(tx, scope, open).await? };
        let row = Artefact { cop_tenant_id, ..row };
        let mut check = Check::default();
        if let Some(theme) = row.theme_id.filter(|theme| before.3 != Some(*theme)) {
            check.found(tx.refer("themeId", theme).await)?;
        }
        // What it came from and serves stays, also where the writer does not see that any more, unless its CoP is another.
        if let Some(session) = row.session_id.filter(|id| (before.0, before.1) != (row.cop_id, Some(*id))) {
            check.found(came_from(tx, &row, session).await)?;
        }
        for element in row.element_ids.0.iter().filter(|id| !before.2.contains(id)) {
            if let Some(element) = check.found(tx.refer("elementIds", *element).await)? {
                check.found(tx.refer_to_build_on("elementIds", element.concept_id, row.tenant_id).await)?;
            }
        }
        let mut authors: Vec<Author> = vec![];
        for id in self.author_ids {
            if authors.iter().any(|(known, _)| *known == id) {
                continue;
            }
            match written_by.iter().find(|(known, _)| *known == id) {
                Some(known) => authors.push(*known),
                None => authors.extend(check.found(author(tx, &row, id).await)?.map(|organisation| (id, organisation))),
            }
        }
        // What somebody of another organisation contributed stays theirs, and its approval theirs to give.
        for other in written_by.iter().filter(|(_, organisation)| *organisation != row.tenant_id) {
            if !authors.contains(other) {
                authors.push(*other);
            }
        }
        let kept =
            if self.goal_ids.is_empty() || row.cop_id != before.0 { vec![] } else { goals_of(tx, row.id).await? };
        for goal in self.goal_ids.iter().filter(|goal| !kept.contains(goal)) {
            let Some(goal) = check.found(tx.refer("goalIds", *goal).await)? else { continue };
            check.that(Some(goal.cop_id) == row.cop_id, Code::InvalidValue, "goalIds", "goals of the same CoP");
            let charter = tx.find(goal.charter_id).await?.map(|charter| charter.state);
            let agreed = matches!(charter, Some(CharterState::Agreed | CharterState::Superseded));
            check.that(agreed, Code::InvalidValue, "goalIds", "goals of a charter that was agreed");
        }
        check.done()?;
        Ok((row, Beside { authors, goals: self.goal_ids }))
    }

    async fn check_cop(&self, tx: &mut dyn Tx, scope: &TenantScope, open: bool) -> Result<Option<Id<Organisation>>> {
        let Some(id) = self.cop_id else { return Ok(None) };
        let cop = tx.refer("copId", id).await?;
        if open && cop.status.is_over() {
            return Err(Error::conflict(Code::CopNotOpen, "copId", cop.status.label()));
        }
        if open {
            may_write_in(tx, scope, Some(id)).await?;
        }
        Ok(Some(cop.tenant_id))
    }
}

impl Beside {
    /// Which organisations contributed, the owner first.
    pub fn organisations(&self, row: &Artefact) -> Vec<Id<Organisation>> {
        organisations(row, self.authors.iter().map(|(_, organisation)| *organisation))
    }

    /// Writes tags, authors and goals of an artefact.
    pub async fn write(self, tx: &mut dyn Tx, permit: &Permit, row: &Artefact, fresh: bool) -> Result<()> {
        let (tenant, id) = (row.tenant_id.to_cell(), row.id.to_cell());
        let tags = row.tags.0.iter().map(|tag| vec![tenant.clone(), id.clone(), tag.to_cell()]).collect();
        let authors = self.authors.iter().enumerate();
        let authors = authors.map(|(place, (person, organisation))| {
            vec![tenant.clone(), id.clone(), person.to_cell(), organisation.to_cell(), Cell::Int(place as i64)]
        });
        let goals =
            self.goals.iter().map(|goal| vec![tenant.clone(), id.clone(), goal.to_cell(), row.cop_tenant_id.to_cell()]);
        let replace =
            |table, columns, rows| Write::Replace { table, column: "artefact_id", key: row.id.uuid(), columns, rows };
        let writes = [
            replace("artefact_tag", &["tenant_id", "artefact_id", "tag"], tags),
            replace(
                "artefact_contributor",
                &["tenant_id", "artefact_id", "person_id", "person_tenant_id", "position"],
                authors.collect(),
            ),
            replace("artefact_goal", &["tenant_id", "artefact_id", "goal_id", "cop_tenant_id"], goals.collect()),
        ];
        for write in writes {
            let empty = matches!(&write, Write::Replace { rows, .. } if rows.is_empty());
            if !(fresh && empty) {
                tx.write(permit, write).await?;
            }
        }
        Ok(())
    }
}
