//! Short names for the typed values of both surfaces. The OpenAPI derive composes generic types by their parameters,
//! which are the domain's and know nothing of OpenAPI; a name of its own makes each a plain type to it.

use super::scalar::{Change, E, Gid};
use evolva_domain::{
    artefact as art, calendar as cal, concept as con, contact as ctc, cop as c, exchange as exc,
    explain::SightReason,
    file::upload as upl,
    guide as gui, import as imp, organisation as org,
    overview::figures::{CopInvolvement, CopSight},
    overview::health::HealthCode,
    person as per, project as prj, publication as publ,
    scope::Scope,
    search, session as ses, theme as thm, token as tok,
    visibility::Audience,
};

pub type AgendaItemId = Gid<ses::AgendaItem>;
pub type AgendaItemStateLabel = E<ses::AgendaItemState>;
pub type AnchoringId = Gid<art::Anchoring>;
pub type AnchoringStateLabel = E<art::AnchoringState>;
pub type ApprovalStateLabel = E<publ::ApprovalState>;
pub type ArtefactId = Gid<art::Artefact>;
pub type ArtefactKindLabel = E<art::ArtefactKind>;
pub type ArtefactStateLabel = E<art::ArtefactState>;
pub type AttachmentId = Gid<art::Attachment>;
pub type AttendanceLabel = E<ses::Attendance>;
pub type AudienceLabel = E<Audience>;
pub type CalendarFeedId = Gid<cal::CalendarFeed>;
pub type ChangeConceptId = Change<ConceptId>;
pub type ChangeCount = Change<i64>;
pub type ChangeDate = Change<chrono::NaiveDate>;
pub type ChangePersonId = Change<PersonId>;
pub type ChangeSessionId = Change<SessionId>;
pub type ChangeText = Change<String>;
pub type ChangeThemeId = Change<ThemeId>;
pub type CharterId = Gid<c::Charter>;
pub type CharterStateLabel = E<c::CharterState>;
pub type CommentId = Gid<art::Comment>;
pub type CommentStateLabel = E<art::CommentState>;
pub type ConceptElementId = Gid<con::ConceptElement>;
pub type ConceptId = Gid<con::Concept>;
pub type ContactRequestId = Gid<ctc::ContactRequest>;
pub type ContactRequestStateLabel = E<ctc::ContactRequestState>;
pub type CopId = Gid<c::Cop>;
pub type CopStatusLabel = E<c::CopStatus>;
pub type ContributionStateLabel = E<ses::ContributionState>;
pub type ExchangeId = Gid<exc::Exchange>;
pub type ExchangeStateLabel = E<exc::ExchangeState>;
pub type SessionCopId = Gid<ses::SessionCop>;
pub type ExpertContributionId = Gid<ses::ExpertContribution>;
pub type FacilitationId = Gid<c::Facilitation>;
pub type FacilitationRoleLabel = E<c::FacilitationRole>;
pub type FacilitatorFromLabel = E<con::FacilitatorFrom>;
pub type FocusAreaId = Gid<con::FocusArea>;
pub type FrontRunnerId = Gid<prj::FrontRunner>;
pub type FrontRunnerProjectId = Gid<prj::FrontRunnerProject>;
pub type FrontRunnerStateLabel = E<prj::FrontRunnerState>;
pub type GoalAssessmentLabel = E<c::GoalAssessment>;
pub type GoalId = Gid<c::Goal>;
pub type GuideId = Gid<gui::Guide>;
pub type GuideStepId = Gid<gui::GuideStep>;
pub type GuideStepStateLabel = E<gui::GuideStepState>;
pub type ImportCollectionLabel = E<imp::ImportCollection>;
pub type ImportStateLabel = E<imp::ImportState>;
pub type LessonStateLabel = E<art::LessonState>;
pub type MembersFromLabel = E<con::MembersFrom>;
pub type MembershipId = Gid<c::Membership>;
pub type MembershipRoleLabel = E<c::MembershipRole>;
pub type MembershipStateLabel = E<c::MembershipState>;
pub type OrganisationId = Gid<org::Organisation>;
pub type OrganisationKindLabel = E<org::OrganisationKind>;
pub type OrganisationStateLabel = E<org::OrganisationState>;
pub type ParticipationId = Gid<c::Participation>;
pub type ParticipationStateLabel = E<c::ParticipationState>;
pub type PersonId = Gid<per::Person>;
pub type PersonStateLabel = E<per::PersonState>;
pub type PerspectiveLabel = E<ses::Perspective>;
pub type ProgressStateLabel = E<gui::ProgressState>;
pub type ProfilePresetLabel = E<con::ProfilePreset>;
pub type PublicationId = Gid<publ::Publication>;
pub type PublicationStateLabel = E<publ::PublicationState>;
pub type RegistrationId = Gid<ses::Registration>;
pub type RegistrationStateLabel = E<ses::RegistrationState>;
pub type ScopeLabel = E<Scope>;
pub type SearchFacetNameLabel = E<search::SearchFacetName>;
pub type SearchKindLabel = E<search::SearchKind>;
pub type SessionId = Gid<ses::Session>;
pub type SessionKindLabel = E<ses::SessionKind>;
pub type SessionSeriesId = Gid<ses::SessionSeries>;
pub type SessionStateLabel = E<ses::SessionState>;
pub type SightReasonLabel = E<SightReason>;
pub type TenantRoleLabel = E<per::TenantRole>;
pub type ThemeId = Gid<thm::Theme>;
pub type TokenId = Gid<tok::Token>;
pub type UploadId = Gid<upl::Upload>;
pub type UploadStateLabel = E<upl::UploadState>;
pub type TokenKindLabel = E<tok::TokenKind>;
pub type CopInvolvementLabel = E<CopInvolvement>;
pub type CopSightLabel = E<CopSight>;
pub type HealthCodeLabel = E<HealthCode>;
