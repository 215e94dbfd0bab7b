//! The lists that can be asked for at the root, declared once for both surfaces: filters, orders, addresses.

use crate::{
    error::ApiError,
    graphql::connection::{Connection, connection_of, page},
    model::{
        names::*,
        scalar::{E, Gid},
        view::{self, View},
        views,
    },
    op::Call,
};
use async_graphql::{Context, InputType, Object};
use evolva_domain::{
    Error, artefact as art, calendar as cal, concept as con, contact as ctc, cop as c, exchange as exc, guide as gui,
    import as imp, labels, organisation as org, person as per, project as prj, publication as publ,
    query::{Filter, Page, Query, Rows, Select, Sort},
    record::{Cell, Field, Labelled},
    scope::Scope,
    session as ses, theme as thm,
};

/// A list at the root, with the single reads of its kind.
pub trait ListOp: Send + Sync + 'static {
    type View: View;
    type Filter: InputType + serde::de::DeserializeOwned + utoipa::ToSchema + Default + Send;
    type Order: Labelled;
    /// The GraphQL fields: of the list, and of one by its id.
    const NAMES: (&'static str, &'static str);
    /// The REST operations: of the list, and of one by its id.
    const OPERATION_IDS: (&'static str, &'static str);
    /// Below `/api/v1`.
    const PATH: &'static str;
    const DOC: &'static str;
    fn filters(filter: Self::Filter) -> Vec<Filter>;
}

/// The column and direction that an order stands for: `START_DATE_DESC`.
pub fn sort_of<O: Labelled>(order: O) -> Sort {
    let label = order.label();
    let (name, descending) = match label.strip_suffix("_DESC") {
        Some(name) => (name, true),
        None => (label, false),
    };
    let known = [
        "id",
        "title",
        "name",
        "display_name",
        "start_date",
        "created_at",
        "updated_at",
        "starts_at",
        "member_count",
        "published_at",
        "position",
    ];
    let column = known.into_iter().find(|column| column.eq_ignore_ascii_case(name)).unwrap_or("id");
    Sort { column, descending }
}

/// Reads a page with all that was asked of its rows.
pub async fn read<L: ListOp>(call: &Call, select: Select, page: Page) -> Result<Connection<L::View>, ApiError> {
    let query = Query { select, rows: Rows::Page(page) };
    let branch = call.ctx.store.read(&call.scope, std::slice::from_ref(&query)).await?.into_iter().next();
    Ok(Connection::of(branch.unwrap_or_default(), &call.viewer()))
}

async fn list<L: ListOp>(
    ctx: &Context<'_>,
    filter: Option<L::Filter>,
    order: Option<E<L::Order>>,
) -> async_graphql::Result<Connection<L::View>> {
    let call = ctx.data::<Call>()?;
    let run = async {
        let order = order.map_or(L::Order::ALL[0], |order| order.0);
        let filters = L::filters(filter.unwrap_or_default());
        let (select, page) = connection_of::<L::View>(ctx.field(), sort_of(order), filters, &call.viewer())?;
        read::<L>(call, select, page).await
    };
    run.await.map_err(|error: ApiError| error.graphql(call.language, &call.trace_id))
}

async fn one<V: View>(ctx: &Context<'_>, id: uuid::Uuid) -> async_graphql::Result<Option<V>> {
    let call = ctx.data::<Call>()?;
    let run = async {
        let select = view::selected::<V>(ctx.field(), &call.viewer(), None)?;
        let rows = call.by_ids(select, vec![id]).await?;
        Ok(rows.into_iter().next().map(|tree| V::of(tree, &call.viewer())))
    };
    run.await.map_err(|error: ApiError| error.graphql(call.language, &call.trace_id))
}

/// One of the own organisation's by its own key.
pub async fn by_key<V: View>(call: &Call, select: Select, key: &str) -> Result<Option<V>, ApiError> {
    let filter = Filter::Named("external_id", Cell::Text(evolva_domain::input::normal(key)));
    let sort = Sort { column: "id", descending: false };
    let page = Page { rows: true, ..page(V::TABLE, sort, vec![filter], Some(1), None, None, None, &call.viewer())? };
    let query = Query { select, rows: Rows::Page(page) };
    let branch = call.ctx.store.read(&call.scope, std::slice::from_ref(&query)).await?.into_iter().next();
    let tree = branch.unwrap_or_default().rows.into_iter().next();
    Ok(tree.map(|tree| V::of(tree, &call.viewer())))
}

/// Reads one by its id, for REST.
pub async fn single<V: View>(call: &Call, id: uuid::Uuid) -> Result<V, ApiError> {
    let select = view::whole::<V>(&call.viewer(), true)?;
    let rows = call.by_ids(select, vec![id]).await?;
    rows.into_iter().next().map(|tree| V::of(tree, &call.viewer())).ok_or(ApiError::Domain(Error::NotFound))
}

/// A page for REST, with everything flat.
pub async fn rest_page<L: ListOp>(
    call: &Call,
    filter: L::Filter,
    since: Option<chrono::DateTime<chrono::Utc>>,
    order: Option<L::Order>,
    first: Option<i64>,
    after: Option<&str>,
) -> Result<Connection<L::View>, ApiError> {
    let viewer = call.viewer();
    let select = view::whole::<L::View>(&viewer, false)?;
    let mut filters = L::filters(filter);
    filters.extend(since.map(|since| Filter::Since(Cell::At(since))));
    let sort = sort_of(order.unwrap_or(L::Order::ALL[0]));
    let mut page = page(L::View::TABLE, sort, filters, first, after, None, None, &viewer)?;
    page.rows = true;
    read::<L>(call, select, page).await
}

macro_rules! lists {
    ($($(#[doc = $doc:literal])* $list:ident $plural:ident $singular:ident $many_id:literal $one_id:literal $path:literal
        -> $view:ident of $record:ty [$scope:literal];
        $order:ident { $($variant:ident = $label:literal),* }
        $filter:ident { $($(#[$fmeta:meta])* $field:ident : $ftype:ty => $make:expr),* $(,)? }
    )+) => {
        $(
            /// Which rows: every condition given must hold.
            #[derive(Debug, Default, async_graphql::InputObject, serde::Deserialize, utoipa::ToSchema)]
            #[serde(rename_all = "camelCase", deny_unknown_fields)]
            pub struct $filter { $($(#[$fmeta])* pub $field: Option<$ftype>,)*
                /// Changed since this time, inclusive.
                pub updated_since: Option<chrono::DateTime<chrono::Utc>>,
            }
            labels! {
                /// The order of a list; rows without a value come last.
                $order { $($variant = $label),* }
            }
            pub struct $list;
            // The documents name the scope that is asked for.
            const _: () = assert!(Scope::named($scope) as u8 == <views::$view as View>::READ as u8);
            impl ListOp for $list {
                type View = views::$view;
                type Filter = $filter;
                type Order = $order;
                const NAMES: (&'static str, &'static str) = (stringify!($plural), stringify!($singular));
                const OPERATION_IDS: (&'static str, &'static str) = ($many_id, $one_id);
                const PATH: &'static str = $path;
                const DOC: &'static str = concat!($($doc, "\n"),*);
                fn filters(filter: $filter) -> Vec<Filter> {
                    let mut filters = vec![];
                    $(if let Some(value) = filter.$field {
                        let make: fn($ftype) -> Filter = $make;
                        filters.push(make(value));
                    })*
                    filters.extend(filter.updated_since.map(|since| Filter::Since(Cell::At(since))));
                    filters
                }
            }
        )+

        #[derive(Default)]
        pub struct Lists;

        #[Object]
        impl Lists {
            $(
                $(#[doc = $doc])*
                #[doc = ""]
                #[doc = "Needs the scope:"]
                #[doc = $scope]
                #[allow(clippy::too_many_arguments)]
                async fn $plural(
                    &self,
                    ctx: &Context<'_>,
                    #[graphql(desc = "Which rows.")] filter: Option<$filter>,
                    #[graphql(desc = "In which order.")] order_by: Option<E<$order>>,
                    #[graphql(desc = "How many from the start, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
                    #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
                    #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
                    #[graphql(desc = "Stop before this cursor.")] before: Option<String>,
                ) -> async_graphql::Result<Connection<views::$view>> {
                    // The page's arguments are read with the selection.
                    let _ = (first, after, last, before);
                    list::<$list>(ctx, filter, order_by).await
                }

                /// One of them by its id; empty if there is none that you may see.
                #[doc = ""]
                #[doc = "Needs the scope:"]
                #[doc = $scope]
                async fn $singular(
                    &self,
                    ctx: &Context<'_>,
                    #[graphql(desc = "Its typed id.")] id: Gid<$record>,
                ) -> async_graphql::Result<Option<views::$view>> {
                    one::<views::$view>(ctx, id.0.uuid()).await
                }
            )+
        }

        /// Gives each list to what is made of them.
        pub fn each(visit: &mut impl VisitList) {
            $(visit.list::<$list>();)+
            each_keyed(visit);
        }
    };
}

/// What is made of all lists: routes, documents, tables.
pub trait VisitList {
    fn list<L: ListOp>(&mut self);
    fn keyed<K: KeyedOp>(&mut self);
}

fn id<K: evolva_domain::id::Prefixed>(column: &'static str, id: Gid<K>) -> Filter {
    Filter::Is(column, id.0.to_cell())
}
fn is<T: Field>(column: &'static str, value: E<T>) -> Filter {
    Filter::Is(column, value.0.to_cell())
}
fn text(column: &'static str, value: String) -> Filter {
    Filter::Is(column, Cell::Text(value))
}

lists! {
    /// The organisations of the network.
    OrganisationList organisations organisation "listOrganisations" "getOrganisation" "/organisations"
    -> Organisation of org::Organisation ["organisations:read"];
    OrganisationOrder { Name = "NAME", NameDesc = "NAME_DESC", UpdatedAt = "UPDATED_AT" }
    OrganisationFilter {
        /// Of this kind.
        kind: OrganisationKindLabel => |kind| is("kind", kind),
        /// In this state.
        state: OrganisationStateLabel => |state| is("state", state),
        /// With this short name.
        slug: String => |slug| text("slug", slug),
    }

    /// People: of the own organisation, and those of others whom you may see.
    PersonList people person "listPeople" "getPerson" "/people"
    -> Person of per::Person ["people:read"];
    PersonOrder { DisplayName = "DISPLAY_NAME", DisplayNameDesc = "DISPLAY_NAME_DESC", UpdatedAt = "UPDATED_AT" }
    PersonFilter {
        /// Held by this organisation.
        organisation_id: OrganisationId => |one| id("tenant_id", one),
        /// In this state.
        state: PersonStateLabel => |state| is("state", state),
        /// Whether other organisations may see them as candidates.
        discoverable: bool => |yes| Filter::Is("discoverable", Cell::Bool(yes)),
        /// With your own key.
        external_id: String => |key| Filter::Named("external_id", Cell::Text(key)),
    }

    /// Concepts of workplace learning.
    ConceptList concepts concept "listConcepts" "getConcept" "/concepts"
    -> Concept of con::Concept ["concepts:read"];
    ConceptOrder { Name = "NAME", NameDesc = "NAME_DESC", UpdatedAt = "UPDATED_AT" }
    ConceptFilter {
        /// With your own key.
        external_id: String => |key| Filter::Named("external_id", Cell::Text(key)),
    }

    /// Elements of concepts.
    ConceptElementList concept_elements concept_element "listConceptElements" "getConceptElement" "/concept-elements"
    -> ConceptElement of con::ConceptElement ["concepts:read"];
    ConceptElementOrder { Title = "TITLE", CreatedAt = "CREATED_AT" }
    ConceptElementFilter {
        /// Of this concept.
        concept_id: ConceptId => |one| id("concept_id", one),
    }

    /// Subjects from which themes are derived.
    FocusAreaList focus_areas focus_area "listFocusAreas" "getFocusArea" "/focus-areas"
    -> FocusArea of con::FocusArea ["concepts:read"];
    FocusAreaOrder { Title = "TITLE", CreatedAt = "CREATED_AT" }
    FocusAreaFilter {
        /// Of this concept.
        concept_id: ConceptId => |one| id("concept_id", one),
    }

    /// What front-runner projects learned from each other, as far as it concerns you.
    ExchangeList exchanges exchange "listExchanges" "getExchange" "/exchanges"
    -> Exchange of exc::Exchange ["projects:read"];
    ExchangeOrder { CreatedAtDesc = "CREATED_AT_DESC", CreatedAt = "CREATED_AT", UpdatedAt = "UPDATED_AT" }
    ExchangeFilter {
        /// In this CoP.
        cop_id: CopId => |one| id("cop_id", one),
        /// At this session.
        session_id: SessionId => |one| id("session_id", one),
        /// Given by this project.
        giving_project_id: FrontRunnerProjectId => |one| id("giving_project_id", one),
        /// Received by this project.
        receiving_project_id: FrontRunnerProjectId => |one| id("receiving_project_id", one),
        /// In this state.
        state: ExchangeStateLabel => |state| is("state", state),
    }

    /// Guides: your own, and the network's.
    GuideList guides guide "listGuides" "getGuide" "/guides"
    -> Guide of gui::Guide ["guides:read"];
    GuideOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC", UpdatedAt = "UPDATED_AT" }
    GuideFilter {
        /// Of this organisation.
        organisation_id: OrganisationId => |one| id("tenant_id", one),
        /// With your own key.
        external_id: String => |key| Filter::Named("external_id", Cell::Text(key)),
    }

    /// Steps of guides.
    GuideStepList guide_steps guide_step "listGuideSteps" "getGuideStep" "/guide-steps"
    -> GuideStep of gui::GuideStep ["guides:read"];
    GuideStepOrder { Position = "POSITION", CreatedAt = "CREATED_AT", UpdatedAt = "UPDATED_AT" }
    GuideStepFilter {
        /// Of this guide.
        guide_id: GuideId => |one| id("guide_id", one),
        /// In this state.
        state: GuideStepStateLabel => |state| is("state", state),
    }

    /// How far CoPs are with the steps of guides.
    StepProgressList step_progresses step_progress "listStepProgress" "getStepProgress" "/step-progress"
    -> StepProgress of gui::StepProgress ["cops:read"];
    StepProgressOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC", UpdatedAt = "UPDATED_AT" }
    StepProgressFilter {
        /// Of this CoP.
        cop_id: CopId => |one| id("cop_id", one),
        /// With this guide.
        guide_id: GuideId => |one| id("guide_id", one),
        /// With this step.
        step_id: GuideStepId => |one| id("step_id", one),
        /// In this state.
        state: ProgressStateLabel => |state| is("state", state),
    }

    /// Themes.
    ThemeList themes theme "listThemes" "getTheme" "/themes"
    -> Theme of thm::Theme ["themes:read"];
    ThemeOrder { Title = "TITLE", TitleDesc = "TITLE_DESC", UpdatedAt = "UPDATED_AT" }
    ThemeFilter {
        /// Of this concept.
        concept_id: ConceptId => |one| id("concept_id", one),
        /// Made by this organisation.
        organisation_id: OrganisationId => |one| id("tenant_id", one),
        /// With this short name.
        slug: String => |slug| text("slug", slug),
        /// With your own key.
        external_id: String => |key| Filter::Named("external_id", Cell::Text(key)),
    }

    /// Front-runner projects of the own organisation.
    FrontRunnerProjectList front_runner_projects front_runner_project "listFrontRunnerProjects" "getFrontRunnerProject" "/front-runner-projects"
    -> FrontRunnerProject of prj::FrontRunnerProject ["projects:read"];
    FrontRunnerProjectOrder { Title = "TITLE", CreatedAt = "CREATED_AT" }
    FrontRunnerProjectFilter {
        /// That master this element.
        element_id: ConceptElementId => |one| id("element_id", one),
        /// Of this organisation.
        organisation_id: OrganisationId => |one| id("tenant_id", one),
        /// With this strength, as it stands in `strengths`.
        strength: String => |one| Filter::Named("strength", Cell::Text(one.trim().to_lowercase())),
        /// Shown this far: `ORGANISATION` or `NETWORK`.
        audience: AudienceLabel => |audience| is("audience", audience),
    }

    /// Front-runners of the own organisation.
    FrontRunnerList front_runners front_runner "listFrontRunners" "getFrontRunner" "/front-runners"
    -> FrontRunner of prj::FrontRunner ["projects:read"];
    FrontRunnerOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC" }
    FrontRunnerFilter {
        /// Candidates for this CoP while it is not over: active, of its host or of an organisation that takes part, and not yet
        /// put forward or in it, as far as you see these. Of other organisations you see by name who is discoverable; `candidateCounts` says how many
        /// there are.
        candidate_for_cop_id: CopId => |one| Filter::Named("candidate_for", one.0.to_cell()),
        /// Of this organisation.
        organisation_id: OrganisationId => |one| id("tenant_id", one),
        /// In projects that master this element.
        element_id: ConceptElementId => |one| Filter::Named("masters", one.0.to_cell()),
        /// In projects with this strength.
        strength: String => |one| Filter::Named("has_strength", Cell::Text(one.trim().to_lowercase())),
        /// Of this project.
        project_id: FrontRunnerProjectId => |one| id("project_id", one),
        /// This person's.
        person_id: PersonId => |one| id("person_id", one),
        /// In this state.
        state: FrontRunnerStateLabel => |state| is("state", state),
    }

    /// CoPs that you may see.
    CopList cops cop "listCops" "getCop" "/cops"
    -> Cop of c::Cop ["cops:read"];
    CopOrder {
        StartDate = "START_DATE", StartDateDesc = "START_DATE_DESC", Title = "TITLE", TitleDesc = "TITLE_DESC",
        MemberCountDesc = "MEMBER_COUNT_DESC", UpdatedAt = "UPDATED_AT", UpdatedAtDesc = "UPDATED_AT_DESC"
    }
    CopFilter {
        /// That work out this theme.
        theme_id: ThemeId => |one| id("theme_id", one),
        /// In this state.
        status: CopStatusLabel => |status| is("status", status),
        /// Hosted by this organisation.
        host_id: OrganisationId => |one| id("tenant_id", one),
        /// Of this concept.
        concept_id: ConceptId => |one| id("concept_id", one),
        /// That complete this element.
        element_id: ConceptElementId => |one| Filter::Named("element", Cell::Text(one.0.to_string())),
        /// With this short name.
        slug: String => |slug| text("slug", slug),
        /// With your own key.
        external_id: String => |key| Filter::Named("external_id", Cell::Text(key)),
    }

    /// Versions of charters that you may see.
    CharterList charters charter "listCharters" "getCharter" "/charters"
    -> Charter of c::Charter ["cops:read"];
    CharterOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC" }
    CharterFilter {
        /// Of this CoP.
        cop_id: CopId => |one| id("cop_id", one),
        /// In this state.
        state: CharterStateLabel => |state| is("state", state),
    }

    /// Agreements of organisations to charters that you may see: all for the host and members, its own for an organisation.
    CharterAgreementList charter_agreements charter_agreement "listCharterAgreements" "getCharterAgreement" "/charter-agreements"
    -> CharterAgreement of c::CharterAgreement ["cops:read"];
    CharterAgreementOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC" }
    CharterAgreementFilter {
        /// To this charter.
        charter_id: CharterId => |one| id("charter_id", one),
        /// In this CoP.
        cop_id: CopId => |one| id("cop_id", one),
        /// Of this organisation.
        organisation_id: OrganisationId => |one| id("organisation_id", one),
    }

    /// Goals of charters that you may see.
    GoalList goals goal "listGoals" "getGoal" "/goals"
    -> Goal of c::Goal ["cops:read"];
    GoalOrder { CreatedAt = "CREATED_AT", Title = "TITLE" }
    GoalFilter {
        /// Of this CoP.
        cop_id: CopId => |one| id("cop_id", one),
        /// Of this version of a charter.
        charter_id: CharterId => |one| id("charter_id", one),
    }

    /// Participations: of organisations in CoPs that you host or are a member of, and the own organisation's.
    ParticipationList participations participation "listParticipations" "getParticipation" "/participations"
    -> Participation of c::Participation ["cops:read"];
    ParticipationOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC", UpdatedAt = "UPDATED_AT" }
    ParticipationFilter {
        /// In this CoP.
        cop_id: CopId => |one| id("cop_id", one),
        /// Of this organisation.
        organisation_id: OrganisationId => |one| id("organisation_id", one),
        /// In this state.
        state: ParticipationStateLabel => |state| is("state", state),
    }

    /// Facilitations: of CoPs that you host or are a member of, and of the own people.
    FacilitationList facilitations facilitation "listFacilitations" "getFacilitation" "/facilitations"
    -> Facilitation of c::Facilitation ["memberships:read"];
    FacilitationOrder { StartDate = "START_DATE", StartDateDesc = "START_DATE_DESC" }
    FacilitationFilter {
        /// Of this CoP.
        cop_id: CopId => |one| id("cop_id", one),
        /// This person's.
        person_id: PersonId => |one| id("person_id", one),
    }

    /// Memberships: of CoPs that you host or are a member of, and of the own people.
    MembershipList memberships membership "listMemberships" "getMembership" "/memberships"
    -> Membership of c::Membership ["memberships:read"];
    MembershipOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC", UpdatedAt = "UPDATED_AT" }
    MembershipFilter {
        /// In this CoP.
        cop_id: CopId => |one| id("cop_id", one),
        /// This person's.
        person_id: PersonId => |one| id("person_id", one),
        /// In this state.
        state: MembershipStateLabel => |state| is("state", state),
        /// With this role.
        role: MembershipRoleLabel => |role| is("role", role),
        /// With your own key.
        external_id: String => |key| Filter::Named("external_id", Cell::Text(key)),
    }

    /// Sessions that you may see.
    SessionList sessions session "listSessions" "getSession" "/sessions"
    -> Session of ses::Session ["sessions:read"];
    SessionOrder { StartsAt = "STARTS_AT", StartsAtDesc = "STARTS_AT_DESC", Title = "TITLE" }
    SessionFilter {
        /// Of this CoP: those that it leads, and those that it joins.
        cop_id: CopId => |one| Filter::Named("of_cop", one.0.to_cell()),
        /// Of this kind.
        kind: SessionKindLabel => |kind| is("kind", kind),
        /// Planned with this series.
        series_id: SessionSeriesId => |one| id("series_id", one),
        /// In this state.
        state: SessionStateLabel => |state| is("state", state),
        /// For this audience.
        audience: AudienceLabel => |audience| is("audience", audience),
        /// That start at this moment or later.
        starts_from: chrono::DateTime<chrono::Utc> => |at| Filter::Named("starts_from", Cell::At(at)),
        /// That start at this moment or before.
        starts_until: chrono::DateTime<chrono::Utc> => |at| Filter::Named("starts_by", Cell::At(at)),
    }

    /// CoPs that join sessions of others, or of none.
    SessionCopList session_cops session_cop "listSessionCops" "getSessionCop" "/session-cops"
    -> SessionCop of ses::SessionCop ["sessions:read"];
    SessionCopOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC" }
    SessionCopFilter {
        /// At this session.
        session_id: SessionId => |one| id("session_id", one),
        /// Of this CoP.
        cop_id: CopId => |one| id("cop_id", one),
    }

    /// What is on the agendas of sessions that you may see.
    AgendaItemList agenda_items agenda_item "listAgendaItems" "getAgendaItem" "/agenda-items"
    -> AgendaItem of ses::AgendaItem ["sessions:read"];
    AgendaItemOrder { Position = "POSITION", CreatedAt = "CREATED_AT", UpdatedAt = "UPDATED_AT" }
    AgendaItemFilter {
        /// Of this session.
        session_id: SessionId => |one| id("session_id", one),
        /// In this CoP.
        cop_id: CopId => |one| id("cop_id", one),
        /// Convened by this person.
        convenor_id: PersonId => |one| id("convenor_id", one),
        /// In this state.
        state: AgendaItemStateLabel => |state| is("state", state),
    }

    /// Series of sessions that you may see.
    SessionSeriesList session_series_list session_series "listSessionSeries" "getSessionSeries" "/session-series"
    -> SessionSeries of ses::SessionSeries ["sessions:read"];
    SessionSeriesOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC", UpdatedAt = "UPDATED_AT" }
    SessionSeriesFilter {
        /// Of this CoP.
        cop_id: CopId => |one| id("cop_id", one),
    }

    /// Calendar feeds: your own, or with your organisation's token those of all its people.
    CalendarFeedList calendar_feeds calendar_feed "listCalendarFeeds" "getCalendarFeed" "/calendar-feeds"
    -> CalendarFeed of cal::CalendarFeed ["calendars:manage"];
    CalendarFeedOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC", Name = "NAME" }
    CalendarFeedFilter {
        /// Of this person.
        person_id: PersonId => |one| id("person_id", one),
        /// Of this CoP.
        cop_id: CopId => |one| id("cop_id", one),
    }

    /// Registrations: for sessions of your organisation and of its people, and for those of CoPs that you are a member of.
    RegistrationList registrations registration "listRegistrations" "getRegistration" "/registrations"
    -> Registration of ses::Registration ["sessions:read"];
    RegistrationOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC", UpdatedAt = "UPDATED_AT" }
    RegistrationFilter {
        /// For this session.
        session_id: SessionId => |one| id("session_id", one),
        /// In this CoP.
        cop_id: CopId => |one| id("cop_id", one),
        /// This person's.
        person_id: PersonId => |one| id("person_id", one),
        /// Of guests of this person.
        brought_by_id: PersonId => |one| id("brought_by_id", one),
        /// In this state.
        state: RegistrationStateLabel => |state| is("state", state),
        /// By whether they were there.
        attendance: AttendanceLabel => |attendance| is("attendance", attendance),
    }

    /// Experts from outside at sessions that you may see.
    ExpertContributionList expert_contributions expert_contribution "listExpertContributions" "getExpertContribution" "/expert-contributions"
    -> ExpertContribution of ses::ExpertContribution ["sessions:read"];
    ExpertContributionOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC", UpdatedAt = "UPDATED_AT" }
    ExpertContributionFilter {
        /// At this session.
        session_id: SessionId => |one| id("session_id", one),
        /// In this CoP.
        cop_id: CopId => |one| id("cop_id", one),
        /// By this person.
        person_id: PersonId => |one| id("person_id", one),
        /// From this side.
        perspective: PerspectiveLabel => |side| is("perspective", side),
        /// In this state.
        state: ContributionStateLabel => |state| is("state", state),
    }

    /// What was shown at clinics and network meetings, as far as it concerns you.
    ShowingList showings showing "listShowings" "getShowing" "/showings"
    -> Showing of ses::Showing ["sessions:read"];
    ShowingOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC" }
    ShowingFilter {
        /// Of this CoP.
        cop_id: CopId => |one| id("cop_id", one),
        /// At this session.
        session_id: SessionId => |one| id("session_id", one),
    }

    /// Versions of artefacts that you may read: of your own all, of others the one that is shown to you now, and those that
    /// were published to you.
    ArtefactVersionList artefact_versions artefact_version "listArtefactVersions" "getArtefactVersion" "/artefact-versions"
    -> ArtefactVersion of art::ArtefactVersion ["artefacts:read"];
    ArtefactVersionOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC" }
    ArtefactVersionFilter {
        /// Of this artefact.
        artefact_id: ArtefactId => |one| id("artefact_id", one),
    }

    /// Artefacts that you may see.
    ArtefactList artefacts artefact "listArtefacts" "getArtefact" "/artefacts"
    -> Artefact of art::Artefact ["artefacts:read"];
    ArtefactOrder {
        CreatedAtDesc = "CREATED_AT_DESC", CreatedAt = "CREATED_AT", Title = "TITLE", TitleDesc = "TITLE_DESC",
        PublishedAtDesc = "PUBLISHED_AT_DESC", UpdatedAt = "UPDATED_AT"
    }
    ArtefactFilter {
        /// From this CoP.
        cop_id: CopId => |one| id("cop_id", one),
        /// About this theme.
        theme_id: ThemeId => |one| id("theme_id", one),
        /// That came from this session.
        session_id: SessionId => |one| id("session_id", one),
        /// That name this element.
        element_id: ConceptElementId => |one| Filter::Named("element", Cell::Text(one.0.to_string())),
        /// That serve this goal.
        goal_id: GoalId => |one| Filter::Named("goal", one.0.to_cell()),
        /// Of this organisation.
        organisation_id: OrganisationId => |one| id("tenant_id", one),
        /// Of this kind.
        kind: ArtefactKindLabel => |kind| is("kind", kind),
        /// In this state.
        state: ArtefactStateLabel => |state| is("state", state),
        /// Lessons learned that are this far.
        lesson_state: LessonStateLabel => |state| is("lesson_state", state),
        /// With this tag.
        tag: String => |tag| Filter::Named("tag", Cell::Text(tag.to_lowercase())),
        /// Written by this person.
        author_id: PersonId => |one| Filter::Named("author", one.0.to_cell()),
        /// With your own key.
        external_id: String => |key| Filter::Named("external_id", Cell::Text(key)),
    }

    /// Steps of lessons learned, as far as you may read them.
    LessonStepList lesson_steps lesson_step "listLessonSteps" "getLessonStep" "/lesson-steps"
    -> LessonStep of art::LessonStep ["artefacts:read"];
    LessonStepOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC", UpdatedAt = "UPDATED_AT" }
    LessonStepFilter {
        /// Of this lesson.
        artefact_id: ArtefactId => |one| id("artefact_id", one),
        /// In this CoP.
        cop_id: CopId => |one| id("cop_id", one),
        /// By this person.
        person_id: PersonId => |one| id("person_id", one),
        /// By which the lesson came this far.
        state: LessonStateLabel => |state| is("state", state),
    }

    /// What is said about artefacts, as far as you may read it.
    CommentList comments comment "listComments" "getComment" "/comments"
    -> Comment of art::Comment ["artefacts:read"];
    CommentOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC", UpdatedAt = "UPDATED_AT" }
    CommentFilter {
        /// About this artefact.
        artefact_id: ArtefactId => |one| id("artefact_id", one),
        /// In this CoP.
        cop_id: CopId => |one| id("cop_id", one),
        /// Answers to this comment.
        parent_id: CommentId => |one| id("parent_id", one),
        /// Of this person.
        author_id: PersonId => |one| id("author_id", one),
        /// In this state.
        state: CommentStateLabel => |state| is("state", state),
    }

    /// Files of artefacts that you may see. Those of earlier versions are among them, for who may see those.
    AttachmentList attachments attachment "listAttachments" "getAttachment" "/attachments"
    -> Attachment of art::Attachment ["artefacts:read"];
    AttachmentOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC" }
    AttachmentFilter {
        /// Of this artefact.
        artefact_id: ArtefactId => |one| id("artefact_id", one),
        /// Of this type, such as application/pdf.
        content_type: String => |of| text("content_type", of),
    }

    /// Your uploads: of the own organisation for its own token, else those of the person who asks.
    UploadList uploads upload "listUploads" "getUpload" "/uploads"
    -> Upload of evolva_domain::file::upload::Upload ["artefacts:write"];
    UploadOrder { CreatedAtDesc = "CREATED_AT_DESC", CreatedAt = "CREATED_AT" }
    UploadFilter {
        /// In this state.
        state: UploadStateLabel => |state| is("state", state),
    }

    /// Publications that you may see: of the own artefacts, those that wait for the own organisation's approval, and what
    /// was published to you.
    PublicationList publications publication "listPublications" "getPublication" "/publications"
    -> Publication of publ::Publication ["artefacts:read"];
    PublicationOrder {
        PublishedAtDesc = "PUBLISHED_AT_DESC", CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC",
        UpdatedAt = "UPDATED_AT"
    }
    PublicationFilter {
        /// Of this artefact.
        artefact_id: ArtefactId => |one| id("artefact_id", one),
        /// From this CoP.
        cop_id: CopId => |one| id("cop_id", one),
        /// Of this organisation's artefacts.
        organisation_id: OrganisationId => |one| id("tenant_id", one),
        /// In this state.
        state: PublicationStateLabel => |state| is("state", state),
        /// To this audience.
        audience: AudienceLabel => |audience| is("audience", audience),
    }

    /// What contributing organisations said of publications: of the own artefacts, and the own organisation's.
    PublicationApprovalList publication_approvals publication_approval "listPublicationApprovals" "getPublicationApproval" "/publication-approvals"
    -> PublicationApproval of publ::PublicationApproval ["artefacts:read"];
    PublicationApprovalOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC", UpdatedAt = "UPDATED_AT" }
    PublicationApprovalFilter {
        /// Of this publication.
        publication_id: PublicationId => |one| id("publication_id", one),
        /// Of this organisation.
        organisation_id: OrganisationId => |one| id("organisation_id", one),
        /// That says this.
        state: ApprovalStateLabel => |state| is("state", state),
    }

    /// Where artefacts are embedded in practice, as far as it concerns you.
    AnchoringList anchorings anchoring "listAnchorings" "getAnchoring" "/anchorings"
    -> Anchoring of art::Anchoring ["artefacts:read"];
    AnchoringOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC" }
    AnchoringFilter {
        /// That are anchored and to be looked at again by this day, such as today.
        due_by: chrono::NaiveDate => |day| Filter::Named("due_by", day.to_cell()),
        /// Of artefacts of this CoP.
        cop_id: CopId => |one| id("cop_id", one),
        /// By this organisation.
        organisation_id: OrganisationId => |one| id("tenant_id", one),
        /// Of this artefact.
        artefact_id: ArtefactId => |one| id("artefact_id", one),
        /// In this state.
        state: AnchoringStateLabel => |state| is("state", state),
    }

    /// What was asked by the contact form: of the own organisation for its admins, else what is assigned to the person who asks.
    ContactRequestList contact_requests contact_request "listContactRequests" "getContactRequest" "/contact-requests"
    -> ContactRequest of ctc::ContactRequest ["contact:read"];
    ContactRequestOrder { CreatedAtDesc = "CREATED_AT_DESC", CreatedAt = "CREATED_AT", UpdatedAt = "UPDATED_AT" }
    ContactRequestFilter {
        /// In this state.
        state: ContactRequestStateLabel => |state| is("state", state),
        /// Assigned to this person.
        assignee_id: PersonId => |one| id("assignee_id", one),
        /// About this theme.
        theme_id: ThemeId => |one| id("theme_id", one),
        /// About this CoP.
        cop_id: CopId => |one| id("cop_id", one),
    }

    /// The own organisation's access tokens.
    TokenList tokens token "listTokens" "getToken" "/tokens"
    -> Token of evolva_domain::token::Token ["tokens:manage"];
    TokenOrder { CreatedAt = "CREATED_AT", CreatedAtDesc = "CREATED_AT_DESC", Name = "NAME" }
    TokenFilter {
        /// With this name.
        name: String => |name| text("name", name),
        /// Of this kind.
        kind: TokenKindLabel => |kind| is("kind", kind),
        /// That act for this person.
        person_id: PersonId => |one| id("person_id", one),
    }

    /// The own organisation's imports.
    ImportList imports import "listImports" "getImport" "/imports"
    -> ImportJob of imp::ImportJob ["imports:read"];
    ImportOrder { CreatedAtDesc = "CREATED_AT_DESC", CreatedAt = "CREATED_AT" }
    ImportFilter {
        /// Of these rows.
        collection: ImportCollectionLabel => |one| is("collection", one),
        /// In this state.
        state: ImportStateLabel => |state| is("state", state),
    }
}

/// A kind of object that can be asked for by its owner's own key.
pub trait KeyedOp: Send + Sync + 'static {
    type List: ListOp;
    /// The GraphQL field.
    const NAME: &'static str;
    /// The REST operation.
    const OPERATION_ID: &'static str;
}

macro_rules! keyed {
    ($($op:ident $name:ident $operation_id:literal $list:ident -> $view:ident [$scope:literal];)+) => {
        $(
            pub struct $op;
            const _: () = assert!(Scope::named($scope) as u8 == <views::$view as View>::READ as u8);
            impl KeyedOp for $op {
                type List = $list;
                const NAME: &'static str = stringify!($name);
                const OPERATION_ID: &'static str = $operation_id;
            }
        )+

        #[derive(Default)]
        pub struct Keyed;

        #[Object]
        impl Keyed {
            $(
                /// One of the own organisation's by your own key for it; empty if there is none.
                #[doc = ""]
                #[doc = "Needs the scope:"]
                #[doc = $scope]
                async fn $name(
                    &self,
                    ctx: &Context<'_>,
                    #[graphql(desc = "Your own key for it.")] external_id: String,
                ) -> async_graphql::Result<Option<views::$view>> {
                    let call = ctx.data::<Call>()?;
                    let run = async {
                        let select = view::selected::<views::$view>(ctx.field(), &call.viewer(), None)?;
                        by_key::<views::$view>(call, select, &external_id).await
                    };
                    run.await.map_err(|error: ApiError| error.graphql(call.language, &call.trace_id))
                }
            )+
        }

        fn each_keyed(visit: &mut impl VisitList) {
            $(visit.keyed::<$op>();)+
        }
    };
}
keyed! {
    ThemeByKey theme_by_external_id "getThemeByExternalId" ThemeList -> Theme ["themes:read"];
    PersonByKey person_by_external_id "getPersonByExternalId" PersonList -> Person ["people:read"];
    CopByKey cop_by_external_id "getCopByExternalId" CopList -> Cop ["cops:read"];
    MembershipByKey membership_by_external_id "getMembershipByExternalId" MembershipList -> Membership ["memberships:read"];
    ArtefactByKey artefact_by_external_id "getArtefactByExternalId" ArtefactList -> Artefact ["artefacts:read"];
    FrontRunnerProjectByKey front_runner_project_by_external_id "getFrontRunnerProjectByExternalId" FrontRunnerProjectList -> FrontRunnerProject ["projects:read"];
    FrontRunnerByKey front_runner_by_external_id "getFrontRunnerByExternalId" FrontRunnerList -> FrontRunner ["projects:read"];
    ExchangeByKey exchange_by_external_id "getExchangeByExternalId" ExchangeList -> Exchange ["projects:read"];
    GuideByKey guide_by_external_id "getGuideByExternalId" GuideList -> Guide ["guides:read"];
    GuideStepByKey guide_step_by_external_id "getGuideStepByExternalId" GuideStepList -> GuideStep ["guides:read"];
    StepProgressByKey step_progress_by_external_id "getStepProgressByExternalId" StepProgressList -> StepProgress ["cops:read"];
    SessionByKey session_by_external_id "getSessionByExternalId" SessionList -> Session ["sessions:read"];
    SessionSeriesByKey session_series_by_external_id "getSessionSeriesByExternalId" SessionSeriesList -> SessionSeries ["sessions:read"];
    SessionCopByKey session_cop_by_external_id "getSessionCopByExternalId" SessionCopList -> SessionCop ["sessions:read"];
    AgendaItemByKey agenda_item_by_external_id "getAgendaItemByExternalId" AgendaItemList -> AgendaItem ["sessions:read"];
    ExpertContributionByKey expert_contribution_by_external_id "getExpertContributionByExternalId" ExpertContributionList -> ExpertContribution ["sessions:read"];
    RegistrationByKey registration_by_external_id "getRegistrationByExternalId" RegistrationList -> Registration ["sessions:read"];
    AnchoringByKey anchoring_by_external_id "getAnchoringByExternalId" AnchoringList -> Anchoring ["artefacts:read"];
    CharterByKey charter_by_external_id "getCharterByExternalId" CharterList -> Charter ["cops:read"];
    GoalByKey goal_by_external_id "getGoalByExternalId" GoalList -> Goal ["cops:read"];
    ShowingByKey showing_by_external_id "getShowingByExternalId" ShowingList -> Showing ["sessions:read"];
    AttachmentByKey attachment_by_external_id "getAttachmentByExternalId" AttachmentList -> Attachment ["artefacts:read"];
    CommentByKey comment_by_external_id "getCommentByExternalId" CommentList -> Comment ["artefacts:read"];
}

/// The view that an id's prefix stands for, for look-ups by any id.
macro_rules! nodes {
    ($($view:ident),*) => {
        /// Anything that has an id of its own.
        #[derive(async_graphql::Interface, serde::Serialize)]
        #[graphql(name = "Node", field(name = "id", ty = "&async_graphql::ID", desc = "The typed id."))]
        #[serde(untagged)]
        pub enum Node { $($view(views::$view)),* }

        impl Node {
            /// What ids of any kind name, in their order; `None` in the place of each that may not be seen. One
            /// statement for each kind of id among them.
            pub async fn read_all(
                call: &Call,
                ids: &[&str],
                field: Option<async_graphql::SelectionField<'_>>,
            ) -> Result<Vec<Option<Self>>, ApiError> {
                let malformed = || Error::invalid(evolva_domain::Code::InvalidId, "id", "a typed id such as cop_…");
                if ids.len() > 100 {
                    return Err(Error::invalid(evolva_domain::Code::TooMany, "ids", "100").into());
                }
                let ids = ids.iter().map(|id| evolva_domain::id::split(id).ok_or_else(malformed));
                let ids: Vec<_> = ids.collect::<Result<_, _>>()?;
                let known = [$(views::$view::prefix()),*];
                if ids.iter().any(|(prefix, _)| !known.contains(prefix)) {
                    return Err(malformed().into());
                }
                let viewer = call.viewer();
                let mut queries = vec![];
                $({
                    let prefix = views::$view::prefix();
                    let mine: Vec<_> = ids.iter().filter(|(one, _)| *one == prefix).map(|(_, id)| *id).collect();
                    if !mine.is_empty() {
                        let select = match field {
                            Some(field) => view::selected::<views::$view>(field, &viewer, None)?,
                            None => view::whole::<views::$view>(&viewer, true)?,
                        };
                        queries.push(Query { select, rows: Rows::Ids(mine) });
                    }
                })*
                let mut found = std::collections::HashMap::new();
                for (query, branch) in queries.iter().zip(call.ctx.store.read(&call.scope, &queries).await?) {
                    for tree in branch.rows {
                        if let Some(Cell::Uuid(id)) = tree.cells.first() {
                            found.insert((query.select.table.prefix, *id), tree);
                        }
                    }
                }
                let node = |(prefix, id): &(&str, uuid::Uuid)| {
                    $(if *prefix == views::$view::prefix() {
                        let tree = found.get(&(views::$view::prefix(), *id))?.clone();
                        return Some(Self::$view(views::$view::of(tree, &viewer)));
                    })*
                    None
                };
                Ok(ids.iter().map(node).collect())
            }
        }
    };
}
nodes!(
    Organisation,
    Person,
    Concept,
    ConceptElement,
    FocusArea,
    Theme,
    FrontRunnerProject,
    FrontRunner,
    Exchange,
    Guide,
    GuideStep,
    StepProgress,
    Cop,
    Charter,
    Goal,
    CharterAgreement,
    Participation,
    Facilitation,
    Membership,
    Session,
    SessionSeries,
    SessionCop,
    AgendaItem,
    Registration,
    ExpertContribution,
    Showing,
    Artefact,
    ArtefactVersion,
    Comment,
    Attachment,
    Upload,
    Publication,
    PublicationApproval,
    Anchoring,
    Token,
    CalendarFeed,
    ImportJob,
    ContactRequest,
    LessonStep
);

/// Who a token acts for, for the root `viewer`.
pub fn viewer_scopes(call: &Call) -> Vec<ScopeLabel> {
    call.scope.principal().scopes.iter().map(E).collect()
}
