//! What people call the values of enumerations, so that no portal keeps a list of its own.

use super::{names::*, scalar::E};
use async_graphql::SimpleObject;
use evolva_domain::{error::Language, import::RowOutcome, record::Labelled};
use std::marker::PhantomData;

/// An enumeration with what people call its values.
#[derive(Debug, SimpleObject, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EnumLabels {
    /// The name of the enumeration, as in the schema: `CopStatus`.
    pub name: &'static str,
    /// Its values, in their order.
    pub values: Vec<EnumLabel>,
}

/// A value of an enumeration.
#[derive(Debug, SimpleObject, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EnumLabel {
    /// As it stands in answers and inputs: `RECRUITING`.
    pub value: &'static str,
    /// What people call it, in the language of `Accept-Language` (nl, en): *Werving*, *Recruiting*.
    pub label: String,
}

fn labels_of<T: Labelled>(_: PhantomData<E<T>>, language: Language) -> EnumLabels {
    let value = |one: &T| EnumLabel { value: one.label(), label: one.words(language) };
    EnumLabels { name: T::NAME, values: T::ALL.iter().map(value).collect() }
}

macro_rules! enumerations {
    ($($label:ty),* $(,)?) => {
        /// Every enumeration that both surfaces show, or the one of this name.
        pub fn enum_labels(name: Option<&str>, language: Language) -> Vec<EnumLabels> {
            let mut all = vec![$(labels_of(PhantomData::<$label>, language)),*];
            all.retain(|one| name.is_none_or(|name| name == one.name));
            all
        }

        #[cfg(test)]
        fn each_without_dutch() -> Vec<&'static str> {
            let mut without = vec![];
            $(without.extend(without_dutch(PhantomData::<$label>));)*
            without
        }
    };
}
enumerations!(
    AgendaItemStateLabel,
    AnchoringStateLabel,
    ApprovalStateLabel,
    ArtefactKindLabel,
    ArtefactStateLabel,
    AttendanceLabel,
    AudienceLabel,
    CharterStateLabel,
    CommentStateLabel,
    ContactRequestStateLabel,
    ContributionStateLabel,
    CopStatusLabel,
    ExchangeStateLabel,
    FacilitationRoleLabel,
    FacilitatorFromLabel,
    FrontRunnerStateLabel,
    GoalAssessmentLabel,
    GuideStepStateLabel,
    ImportCollectionLabel,
    ImportStateLabel,
    LessonStateLabel,
    MembersFromLabel,
    MembershipRoleLabel,
    MembershipStateLabel,
    OrganisationKindLabel,
    OrganisationStateLabel,
    ParticipationStateLabel,
    PersonStateLabel,
    PerspectiveLabel,
    ProfilePresetLabel,
    ProgressStateLabel,
    PublicationStateLabel,
    RegistrationStateLabel,
    E<RowOutcome>,
    SearchFacetNameLabel,
    SearchKindLabel,
    SessionKindLabel,
    SessionStateLabel,
    SightReasonLabel,
    TenantRoleLabel,
    TokenKindLabel,
    UploadStateLabel,
    CopInvolvementLabel,
    CopSightLabel,
    HealthCodeLabel,
);

#[cfg(test)]
fn without_dutch<T: Labelled>(_: PhantomData<E<T>>) -> Option<&'static str> {
    (T::DUTCH.len() != T::ALL.len()).then_some(T::NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_there_in_both_languages() {
        assert!(each_without_dutch().is_empty(), "{:?}", each_without_dutch());
        for (dutch, english) in enum_labels(None, Language::Nl).iter().zip(enum_labels(None, Language::En)) {
            let words = |all: &EnumLabels| all.values.iter().map(|one| one.label.clone()).collect::<Vec<_>>();
            assert!(words(dutch).iter().all(|word| !word.is_empty()), "{dutch:?}");
            assert_ne!(words(dutch), words(&english), "{}", dutch.name);
        }
        let status = enum_labels(Some("CopStatus"), Language::Nl);
        assert_eq!((status.len(), status[0].values[1].label.as_str()), (1, "Werving"));
        assert_eq!(enum_labels(Some("GoalAssessment"), Language::En)[0].values[2].label, "Not reached");
    }
}
