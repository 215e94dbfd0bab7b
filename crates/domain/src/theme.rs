//! Themes that communities work out, derived from a concept's focus areas.

use crate::{
    Id, Result,
    concept::{Concept, FocusArea, default_audience},
    ctx::Ctx,
    input::{self, Check, Patch},
    policy,
    ports::{Shared, Tx},
    record,
    record::AsJson,
    scope::{Scope, TenantScope},
    visibility::Audience,
};

record! {
    Theme("theme", "thm") {
        title: String,
        slug: String,
        summary: Option<String>,
        description: Option<String>,
        concept_id: Option<Id<Concept>>,
        focus_area_ids: AsJson<Vec<Id<FocusArea>>>,
        audience: Audience,
    }
}

#[derive(Default, Clone)]
pub struct Create {
    pub external_id: Option<String>,
    pub title: String,
    pub slug: Option<String>,
    pub summary: Option<String>,
    pub description: Option<String>,
    pub concept_id: Option<Id<Concept>>,
    pub focus_area_ids: Vec<Id<FocusArea>>,
}

impl Create {
    pub async fn fill(self, tx: &mut dyn Tx, row: Theme) -> Result<Theme> {
        let mut check = Check::default();
        let title = check.text("title", &self.title, input::TITLE);
        let row = Theme {
            external_id: check.external_id(self.external_id.as_deref()),
            slug: check.slug("slug", &self.slug.unwrap_or_else(|| input::slug_from(&title))),
            title,
            summary: check.optional_text("summary", self.summary.as_deref(), input::SUMMARY),
            description: check.optional_text("description", self.description.as_deref(), input::BODY),
            concept_id: self.concept_id,
            focus_area_ids: AsJson(self.focus_area_ids),
            ..row
        };
        check.at_most("focusAreaIds", row.focus_area_ids.0.len(), 50);
        check.done()?;
        if let Some(concept) = row.concept_id {
            tx.refer_to_build_on("conceptId", concept, row.tenant_id).await?;
        }
        for area in &row.focus_area_ids.0 {
            let area = tx.refer("focusAreaIds", *area).await?;
            tx.refer_to_build_on("focusAreaIds", area.concept_id, row.tenant_id).await?;
        }
        Ok(row)
    }
}

impl Shared for Theme {
    fn audience(&self) -> Audience {
        self.audience
    }
}

/// Describes a theme.
pub async fn create(ctx: &Ctx, scope: &TenantScope, cmd: Create) -> Result<Theme> {
    scope.require(Scope::ThemesWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let row = cmd.fill(&mut *tx, ctx.fresh(scope)).await?;
    let row = Theme { audience: default_audience(&mut *tx, scope).await?, ..row };
    tx.free_external_id(&row).await?;
    let permit = policy::owner(scope, "describe a theme", &row)?;
    tx.create(&permit, &row).await?;
    Ok(row)
}

#[derive(Default)]
pub struct Update {
    pub id: Id<Theme>,
    pub version: Option<i64>,
    pub title: Option<String>,
    pub summary: Patch<String>,
    pub description: Patch<String>,
    pub focus_area_ids: Option<Vec<Id<FocusArea>>>,
}

/// Changes a theme.
pub async fn update(ctx: &Ctx, scope: &TenantScope, cmd: Update) -> Result<Theme> {
    scope.require(Scope::ThemesWrite)?;
    let mut tx = ctx.store.begin(scope).await?;
    let row = tx.get_at(cmd.id, cmd.version).await?;
    let permit = policy::owner(scope, "change a theme", &row)?;
    let mut all = Create {
        external_id: row.external_id.clone(),
        title: cmd.title.unwrap_or_else(|| row.title.clone()),
        slug: Some(row.slug.clone()),
        summary: row.summary.clone(),
        description: row.description.clone(),
        concept_id: row.concept_id,
        focus_area_ids: cmd.focus_area_ids.unwrap_or_else(|| row.focus_area_ids.0.clone()),
    };
    cmd.summary.apply(&mut all.summary);
    cmd.description.apply(&mut all.description);
    let mut row = all.fill(&mut *tx, row).await?;
    tx.save(&permit, &mut row, ctx, "updated").await?;
    Ok(row)
}
