//! Concepts of workplace learning, their elements, and the method that a programme follows.

use crate::{
    Code, Error, Id, Result,
    artefact::{ArtefactKind, Section, Template},
    ctx::Ctx,
    input::{self, Check},
    labels, policy,
    ports::Shared,
    record,
    record::{AsJson, Field, Record},
    scope::{Scope, TenantScope},
    visibility::Audience,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

labels! {
    /// Who may be a member of a CoP.
    MembersFrom {
        /// Active front-runners of a participating organisation; a sponsor need not be one.
        FrontRunners = "FRONT_RUNNERS" / "Koplopers",
        /// Anyone of a participating organisation.
        Anyone = "ANYONE" / "Iedereen",
    }
}

labels! {
    /// Who provides the primary facilitator.
    FacilitatorFrom {
        /// The network operator.
        NetworkOperator = "NETWORK_OPERATOR" / "Netwerkorganisatie",
        /// The host of the CoP.
        Host = "HOST" / "Gastheer",
        /// Any organisation that takes part.
        AnyParticipant = "ANY_PARTICIPANT" / "Elke deelnemende organisatie",
    }
}

labels! {
    /// A ready-made method profile.
    ProfilePreset {
        /// Evolva's method for werkplekleren 3.0.
        Werkplekleren3 = "WERKPLEKLEREN_3" / "Werkplekleren 3.0",
        /// None of the thresholds: for communities that run by their own rules.
        Open = "OPEN" / "Open",
    }
}

/// Something that is asked of an organisation that takes part (*randvoorwaarde*).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Precondition {
    pub code: String,
    pub title: String,
}

/// The thresholds of one programme's method. They belong to the concept; a CoP keeps those that its concept had when
/// it was activated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MethodProfile {
    pub members_from: MembersFrom,
    pub facilitator_from: FacilitatorFrom,
    pub minimum_organisations: i64,
    pub minimum_planned_sessions: i64,
    pub minimum_intensive_sessions: i64,
    pub charter_required: bool,
    pub anchoring_required: bool,
    pub sharing_required: bool,
    pub preconditions: Vec<Precondition>,
    /// The usual bounds of the period in months; outside is a warning.
    pub usual_months: Option<(u32, u32)>,
    /// The longest period in months; longer is refused. Without it a CoP may be open-ended.
    pub longest_months: Option<u32>,
}

impl MethodProfile {
    /// The method of a CoP: the one that it was activated with, else its concept's, else Evolva's.
    pub fn in_force(kept: Option<Self>, of_concept: Option<Self>) -> Self {
        kept.or(of_concept).unwrap_or_default()
    }

    pub fn of(preset: ProfilePreset) -> Self {
        match preset {
            ProfilePreset::Werkplekleren3 => Self::default(),
            ProfilePreset::Open => Self {
                members_from: MembersFrom::Anyone,
                facilitator_from: FacilitatorFrom::Host,
                minimum_organisations: 1,
                minimum_planned_sessions: 0,
                minimum_intensive_sessions: 0,
                charter_required: false,
                anchoring_required: false,
                sharing_required: false,
                preconditions: vec![],
                usual_months: None,
                longest_months: None,
            },
        }
    }
}

impl Default for MethodProfile {
    /// Evolva's method, as written in the domain's description.
    fn default() -> Self {
        let precondition = |code: &str, title: &str| Precondition { code: code.to_owned(), title: title.to_owned() };
        Self {
            members_from: MembersFrom::FrontRunners,
            facilitator_from: FacilitatorFrom::NetworkOperator,
            minimum_organisations: 2,
            minimum_planned_sessions: 1,
            minimum_intensive_sessions: 2,
            charter_required: true,
            anchoring_required: true,
            sharing_required: true,
            preconditions: vec![
                precondition("SAFE_CLIMATE", "A safe climate to learn in"),
                precondition("TIME", "Time for those who take part"),
                precondition("PRIVACY", "Privacy of those who take part"),
                precondition("ICT", "The ICT that working together needs"),
            ],
            usual_months: Some((9, 15)),
            longest_months: Some(18),
        }
    }
}

record! {
    Concept("concept", "con") {
        name: String,
        edition: String,
        description: Option<String>,
        profile: AsJson<MethodProfile>,
        audience: Audience,
        /// What an organisation agrees to when it takes part.
        agreement_text: Option<String>,
        /// Grows with each change of that text, from 1.
        agreement_version: i64,
        /// Which sections artefacts should have, at most one for each kind.
        templates: AsJson<Vec<Template>>,
    }
}

impl Concept {
    /// Sets the text that organisations agree to; another text is another version.
    fn agree_to(&mut self, text: Option<String>) {
        if self.agreement_text != text {
            self.agreement_text = text;
            self.agreement_version += 1;
        }
    }
}

impl Shared for Concept {
    fn audience(&self) -> Audience {
        self.audience
    }
}

record! {
    ConceptElement("concept_element", "cel") {
        concept_id: Id<Concept>,
        code: String,
        title: String,
        position: i64,
    }
}

record! {
    FocusArea("focus_area", "foc") {
        concept_id: Id<Concept>,
        title: String,
        position: i64,
    }
}

/// What the network operator makes is for the whole network, what a partner makes for itself.
pub(crate) async fn default_audience(tx: &mut dyn crate::ports::Tx, scope: &TenantScope) -> Result<Audience> {
    let own: crate::organisation::Organisation = tx.get(scope.tenant()).await?;
    let operator = own.kind == crate::organisation::OrganisationKind::NetworkOperator;
    Ok(if operator { Audience::Network } else { Audience::Organisation })
}

pub struct Create {
    pub external_id: Option<String>,
    pub name: String,
    pub edition: Option<String>,
    pub description: Option<String>,
    pub profile: ProfilePreset,
    pub agreement_text: Option<String>,
}

/// Describes a concept and the method of its programme.
pub async fn create(ctx: &Ctx, scope: &TenantScope, cmd: Create) -> Result<Concept> {
    scope.require(Scope::ConceptsWrite)?;
    let mut check = Check::default();
    let mut row = Concept {
        external_id: check.external_id(cmd.external_id.as_deref()),
        name: check.text("name", &cmd.name, input::TITLE),
        edition: check.optional_text("edition", cmd.edition.as_deref(), 40).unwrap_or_else(|| "1".to_owned()),
        description: check.optional_text("description", cmd.description.as_deref(), input::BODY),
        profile: AsJson(MethodProfile::of(cmd.profile)),
        ..ctx.fresh(scope)
    };
    row.agree_to(check.optional_text("agreementText", cmd.agreement_text.as_deref(), input::BODY));
    check.done()?;
    let mut tx = ctx.store.begin(scope).await?;
    tx.free_external_id(&row).await?;
    let row = Concept { audience: default_audience(&mut *tx, scope).await?, ..row };
    let permit = policy::owner(scope, "describe a concept", &row)?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

#[derive(Default)]
pub struct Update {
    pub id: Id<Concept>,
    pub version: Option<i64>,
    pub name: Option<String>,
    pub edition: Option<String>,
    pub description: input::Patch<String>,
    pub profile: Option<ProfilePreset>,
    pub agreement_text: input::Patch<String>,
}

/// Changes a concept. A CoP that is already active keeps the method profile that it was activated with.
pub async fn update(ctx: &Ctx, scope: &TenantScope, cmd: Update) -> Result<Concept> {
    scope.require(Scope::ConceptsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get_at(cmd.id, cmd.version).await?;
    let permit = policy::owner(scope, "change a concept", &row)?;
    let mut check = Check::default();
    if let Some(name) = cmd.name {
        row.name = check.text("name", &name, input::TITLE);
    }
    if let Some(edition) = cmd.edition {
        row.edition = check.text("edition", &edition, 40);
    }
    if let Some(description) = cmd.description.change() {
        row.description = check.optional_text("description", description.as_deref(), input::BODY);
    }
    if let Some(text) = cmd.agreement_text.change() {
        row.agree_to(check.optional_text("agreementText", text.as_deref(), input::BODY));
    }
    if let Some(profile) = cmd.profile {
        row.profile = AsJson(MethodProfile::of(profile));
    }
    check.done()?;
    tx.save(&permit, &mut row, ctx, "updated").await?;
    Ok(row)
}

pub struct SetTemplate {
    pub id: Id<Concept>,
    pub kind: ArtefactKind,
    pub title_nl: String,
    pub title_en: Option<String>,
    pub sections: Vec<Section>,
}

/// No template has more sections than this.
const MOST_SECTIONS: usize = 20;

impl SetTemplate {
    fn checked(&self) -> Result<Template> {
        let mut check = Check::default();
        let (title_nl, title_en) = (
            check.text("titleNl", &self.title_nl, input::TITLE),
            check.optional_text("titleEn", self.title_en.as_deref(), input::TITLE),
        );
        let mut sections: Vec<Section> = vec![];
        let all = if check.at_most("sections", self.sections.len(), MOST_SECTIONS) { &self.sections[..] } else { &[] };
        for one in all {
            let section = Section {
                key: check.text("sections.key", &one.key, 40),
                heading_nl: check.text("sections.headingNl", &one.heading_nl, input::TITLE),
                heading_en: check.optional_text("sections.headingEn", one.heading_en.as_deref(), input::TITLE),
                hint_nl: check.optional_text("sections.hintNl", one.hint_nl.as_deref(), input::SUMMARY),
                hint_en: check.optional_text("sections.hintEn", one.hint_en.as_deref(), input::SUMMARY),
            };
            let names: Vec<_> = section.names().collect();
            let twice =
                sections.iter().any(|known| known.key == section.key || known.names().any(|one| names.contains(&one)));
            check.that(!twice, Code::InvalidValue, "sections", "each key and each heading once");
            sections.push(section);
        }
        check.done()?;
        Ok(Template { kind: self.kind, title_nl, title_en, sections })
    }
}

/// Says which sections artefacts of a kind should have; without any, nothing is asked of them.
pub async fn set_template(ctx: &Ctx, scope: &TenantScope, cmd: SetTemplate) -> Result<Concept> {
    scope.require(Scope::ConceptsWrite)?;
    let template = cmd.checked()?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(cmd.id).await?;
    let permit = policy::owner(scope, "set a template", &row)?;
    row.templates.0.retain(|one| one.kind != cmd.kind);
    if !template.sections.is_empty() {
        row.templates.0.push(template);
        row.templates.0.sort_by_key(|one| one.kind);
    }
    tx.save(&permit, &mut row, ctx, "updated").await?;
    Ok(row)
}

pub struct SetProfile {
    pub id: Id<Concept>,
    pub profile: MethodProfile,
}

/// No method asks more preconditions of an organisation than this.
const MOST_PRECONDITIONS: usize = 20;
/// No method counts further, and no period is longer in months.
const FURTHEST: i64 = 100;
const LONGEST_MONTHS: u32 = 120;

impl MethodProfile {
    /// Checks and normalises what an organisation sets for its own concept.
    fn checked(self) -> Result<Self> {
        let mut check = Check::default();
        for (field, least, value) in [
            ("minimumOrganisations", 1, self.minimum_organisations),
            ("minimumPlannedSessions", 0, self.minimum_planned_sessions),
            ("minimumIntensiveSessions", 0, self.minimum_intensive_sessions),
        ] {
            check.that((least..=FURTHEST).contains(&value), Code::OutOfRange, field, &format!("{least} to {FURTHEST}"));
        }
        let mut preconditions: Vec<Precondition> = vec![];
        let few = check.at_most("preconditions", self.preconditions.len(), MOST_PRECONDITIONS);
        for one in if few { &self.preconditions[..] } else { &[] } {
            let one = Precondition {
                code: check.text("preconditions.code", &one.code, 40),
                title: check.text("preconditions.title", &one.title, input::TITLE),
            };
            let twice = preconditions.iter().any(|known| known.code == one.code);
            check.that(!twice, Code::InvalidValue, "preconditions.code", "each code once");
            preconditions.push(one);
        }
        let months = |one: u32| (1..=LONGEST_MONTHS).contains(&one);
        if let Some((least, most)) = self.usual_months {
            let fits = months(least) && months(most) && least <= most;
            let range = format!("usualMonthsFrom and usualMonthsTo of 1 to {LONGEST_MONTHS}, in this order");
            check.that(fits, Code::OutOfRange, "usualMonthsFrom", &range);
        }
        if let Some(longest) = self.longest_months {
            let fits = months(longest) && self.usual_months.is_none_or(|(_, most)| most <= longest);
            let range = format!("1 to {LONGEST_MONTHS}, and no less than usualMonthsTo");
            check.that(fits, Code::OutOfRange, "longestMonths", &range);
        }
        check.done()?;
        Ok(Self { preconditions, ..self })
    }
}

/// Sets the whole method of a concept. A CoP that is already active keeps the one that it was activated with.
pub async fn set_profile(ctx: &Ctx, scope: &TenantScope, cmd: SetProfile) -> Result<Concept> {
    scope.require(Scope::ConceptsWrite)?;
    let profile = cmd.profile.checked()?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get(cmd.id).await?;
    let permit = policy::owner(scope, "set a method", &row)?;
    row.profile = AsJson(profile);
    tx.save(&permit, &mut row, ctx, "updated").await?;
    Ok(row)
}

pub struct AddElement {
    pub concept_id: Id<Concept>,
    pub code: String,
    pub title: String,
}

/// Adds an element to a concept.
pub async fn add_element(ctx: &Ctx, scope: &TenantScope, cmd: AddElement) -> Result<ConceptElement> {
    scope.require(Scope::ConceptsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let concept = tx.get(cmd.concept_id).await?;
    let permit = policy::owner(scope, "add an element", &concept)?;
    let mut check = Check::default();
    let row = ConceptElement {
        concept_id: concept.id,
        code: check.text("code", &cmd.code, 40),
        title: check.text("title", &cmd.title, input::TITLE),
        ..ctx.fresh(scope)
    };
    check.done()?;
    let siblings: Vec<ConceptElement> = tx.list(&[("concept_id", concept.id.to_cell())]).await?;
    if siblings.iter().any(|element| element.code == row.code) {
        return Err(Error::conflict(Code::AlreadyExists, "code", row.code));
    }
    let row = ConceptElement { position: behind(siblings.iter().map(|one| one.position)), ..row };
    tx.create(&permit, &row).await?;
    Ok(row)
}

/// The place behind all others of a concept.
fn behind(places: impl Iterator<Item = i64>) -> i64 {
    places.max().unwrap_or(0) + 1
}

/// Checks a place in a concept.
fn place(check: &mut Check, position: Option<i64>, row: &mut i64) {
    if let Some(position) = position {
        check.that((1..=10_000).contains(&position), Code::OutOfRange, "position", "1 to 10000");
        *row = position;
    }
}

/// Refuses a place in a concept that another one has.
fn free<R: Record>(row: &R, mut all: impl Iterator<Item = (Uuid, i64)>, position: i64) -> Result<()> {
    match all.find(|(id, place)| *id != row.base().id && *place == position) {
        Some((id, _)) => Err(Error::conflict(Code::AlreadyExists, "position", crate::id::join(R::TABLE.prefix, id))),
        None => Ok(()),
    }
}

#[derive(Default)]
pub struct UpdateElement {
    pub id: Id<ConceptElement>,
    pub version: Option<i64>,
    pub code: Option<String>,
    pub title: Option<String>,
    pub position: Option<i64>,
}

/// Changes an element. What names it goes on naming it.
pub async fn update_element(ctx: &Ctx, scope: &TenantScope, cmd: UpdateElement) -> Result<ConceptElement> {
    scope.require(Scope::ConceptsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get_at(cmd.id, cmd.version).await?;
    let permit = policy::owner(scope, "change an element", &row)?;
    let mut check = Check::default();
    if let Some(code) = cmd.code {
        row.code = check.text("code", &code, 40);
    }
    if let Some(title) = cmd.title {
        row.title = check.text("title", &title, input::TITLE);
    }
    place(&mut check, cmd.position, &mut row.position);
    check.done()?;
    let siblings: Vec<ConceptElement> = tx.list(&[("concept_id", row.concept_id.to_cell())]).await?;
    if siblings.iter().any(|element| element.code == row.code && element.id != row.id) {
        return Err(Error::conflict(Code::AlreadyExists, "code", row.code));
    }
    free(&row, siblings.iter().map(|one| (one.base().id, one.position)), row.position)?;
    tx.save(&permit, &mut row, ctx, "updated").await?;
    Ok(row)
}

pub struct AddFocusArea {
    pub concept_id: Id<Concept>,
    pub title: String,
}

/// Adds a subject from which themes are derived.
pub async fn add_focus_area(ctx: &Ctx, scope: &TenantScope, cmd: AddFocusArea) -> Result<FocusArea> {
    scope.require(Scope::ConceptsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let concept = tx.get(cmd.concept_id).await?;
    let permit = policy::owner(scope, "add a focus area", &concept)?;
    let siblings: Vec<FocusArea> = tx.list(&[("concept_id", concept.id.to_cell())]).await?;
    let mut check = Check::default();
    let row = FocusArea {
        concept_id: concept.id,
        title: check.text("title", &cmd.title, input::TITLE),
        position: behind(siblings.iter().map(|one| one.position)),
        ..ctx.fresh(scope)
    };
    check.done()?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

#[derive(Default)]
pub struct UpdateFocusArea {
    pub id: Id<FocusArea>,
    pub version: Option<i64>,
    pub title: Option<String>,
    pub position: Option<i64>,
}

/// Changes a subject from which themes are derived.
pub async fn update_focus_area(ctx: &Ctx, scope: &TenantScope, cmd: UpdateFocusArea) -> Result<FocusArea> {
    scope.require(Scope::ConceptsWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let mut row = tx.get_at(cmd.id, cmd.version).await?;
    let permit = policy::owner(scope, "change a focus area", &row)?;
    let mut check = Check::default();
    if let Some(title) = cmd.title {
        row.title = check.text("title", &title, input::TITLE);
    }
    place(&mut check, cmd.position, &mut row.position);
    check.done()?;
    let siblings: Vec<FocusArea> = tx.list(&[("concept_id", row.concept_id.to_cell())]).await?;
    free(&row, siblings.iter().map(|one| (one.base().id, one.position)), row.position)?;
    tx.save(&permit, &mut row, ctx, "updated").await?;
    Ok(row)
}
