//! The rows of each collection, as a line of an import or a put says them.

use crate::{
    artefact::{ArtefactKind, ArtefactState},
    cop::{CopStatus, MembershipRole, MembershipState},
    visibility::Audience,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

/// One line of an import of themes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ThemeRow {
    pub external_id: String,
    pub title: String,
    pub slug: Option<String>,
    pub summary: Option<String>,
    pub description: Option<String>,
    pub concept_external_id: Option<String>,
}

/// One line of an import of people.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonRow {
    pub external_id: String,
    pub display_name: String,
    pub email: Option<String>,
    pub portrait_url: Option<String>,
    pub job_title: Option<String>,
    #[serde(default)]
    pub expertise: Vec<String>,
    pub language: Option<String>,
    #[serde(default)]
    pub discoverable: bool,
    #[serde(default)]
    pub external: bool,
    pub affiliation: Option<String>,
}

/// One line of an import of CoPs.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CopRow {
    pub external_id: String,
    pub title: String,
    pub slug: Option<String>,
    pub summary: Option<String>,
    pub description: Option<String>,
    pub cover_url: Option<String>,
    pub concept_external_id: Option<String>,
    pub theme_external_id: Option<String>,
    pub facilitator_external_id: Option<String>,
    pub start_date: Option<NaiveDate>,
    pub planned_end_date: Option<NaiveDate>,
    pub listing_audience: Option<Audience>,
    pub content_ceiling: Option<Audience>,
    pub status: Option<CopStatus>,
    pub ended_at: Option<DateTime<Utc>>,
}

/// One line of an import of memberships.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MembershipRow {
    pub external_id: String,
    pub cop_external_id: String,
    pub person_external_id: String,
    #[serde(default)]
    pub role: MembershipRole,
    pub motivation: Option<String>,
    pub state: Option<MembershipState>,
    pub since_at: Option<DateTime<Utc>>,
}

/// One line of an import of artefacts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ArtefactRow {
    pub external_id: String,
    #[serde(default)]
    pub kind: ArtefactKind,
    pub title: String,
    pub summary: Option<String>,
    pub body: Option<String>,
    pub source_url: Option<String>,
    pub language: Option<String>,
    pub licence: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    pub audience: Option<Audience>,
    pub theme_external_id: Option<String>,
    pub cop_external_id: Option<String>,
    #[serde(default)]
    pub author_external_ids: Vec<String>,
    pub state: Option<ArtefactState>,
    pub published_at: Option<DateTime<Utc>>,
}
