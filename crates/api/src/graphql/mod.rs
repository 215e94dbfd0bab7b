//! The GraphQL surface: the schema, and its own thin HTTP handler (GraphQL-over-HTTP draft).

pub mod connection;
pub mod cursor;
pub mod documents;
pub mod handler;
pub mod limits;
mod misfit;

use crate::{
    error::ApiError,
    list::{self, Keyed, Lists, Node},
    model::{
        names::{CopId, OrganisationId, PersonId, SearchKindLabel},
        overview,
        scalar::E,
        search::{self, SearchConnection, SearchFilter, SearchSuggestion},
        view,
        view_as::{self, ViewAs},
        views,
        words::{EnumLabels, enum_labels},
    },
    op::Call,
    ops,
};
use async_graphql::{Context, EmptySubscription, ID, MergedObject, Object, Schema};
use chrono::NaiveDate;
use evolva_domain::{scope::Scope, session::recurrence, token::TokenKind, visibility::Audience};

/// Who you are and what you may do.
pub struct ViewerObject;

#[Object(name = "Viewer")]
impl ViewerObject {
    /// The organisation that your token acts for; empty if it reads only what is public, and nothing of that is the
    /// organisation's.
    async fn organisation(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<views::Organisation>> {
        let call = ctx.data::<Call>()?;
        let run = async {
            let select = view::selected::<views::Organisation>(ctx.field(), &call.viewer(), None)?;
            let rows = call.by_ids(select, vec![call.scope.home().uuid()]).await?;
            Ok(rows.into_iter().next().map(|tree| view::View::of(tree, &call.viewer())))
        };
        run.await.map_err(|error: crate::error::ApiError| error.graphql(call.language, &call.trace_id))
    }

    /// The person that your token acts for, if it is a member's and may read people.
    async fn person(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<views::Person>> {
        let call = ctx.data::<Call>()?;
        let Some(person) = call.scope.person() else { return Ok(None) };
        let run = async {
            let select = view::selected::<views::Person>(ctx.field(), &call.viewer(), None)?;
            let rows = call.by_ids(select, vec![person.uuid()]).await?;
            Ok(rows.into_iter().next().map(|tree| view::View::of(tree, &call.viewer())))
        };
        run.await.map_err(|error: crate::error::ApiError| error.graphql(call.language, &call.trace_id))
    }

    /// The id of your token.
    async fn token_id(&self, ctx: &Context<'_>) -> async_graphql::Result<ID> {
        Ok(ctx.data::<Call>()?.scope.principal().token.to_string().into())
    }

    /// Whose token it is.
    async fn kind(&self, ctx: &Context<'_>) -> async_graphql::Result<E<TokenKind>> {
        Ok(E(ctx.data::<Call>()?.scope.principal().kind))
    }

    /// The steps forward that you can take now, longest waiting first, at most 100: of what your token may read and write,
    /// as your organisation's admin or by your part in a CoP.
    async fn waiting_for_me(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<views::WaitingStep>> {
        let call = ctx.data::<Call>()?;
        views::WaitingStep::all(call).await.map_err(|error| error.graphql(call.language, &call.trace_id))
    }

    /// What your token may do at all.
    async fn scopes(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<E<Scope>>> {
        Ok(list::viewer_scopes(ctx.data::<Call>()?))
    }
}

#[derive(Default)]
pub struct Roots;

#[Object]
impl Roots {
    /// Who you are and what you may do.
    async fn viewer(&self) -> ViewerObject {
        ViewerObject
    }

    /// What people call the values of enumerations, in the language of `Accept-Language` (nl, en).
    async fn enum_labels(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this enumeration only, such as `CopStatus`.")] name: Option<String>,
    ) -> async_graphql::Result<Vec<EnumLabels>> {
        Ok(enum_labels(name.as_deref(), ctx.data::<Call>()?.language))
    }

    /// Who sees a CoP (that it is there), a charter, a session or an artefact of yours, and why; empty if there is none that
    /// you may see. With `audience`: who would, if it were listed or published to that, and who of them does not see it now.
    ///
    /// It is about the current version of an artefact; earlier ones that stay published are in its publications. For the
    /// admin of the organisation that owns it, with the scope that reads it.
    async fn visibility(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its typed id.")] id: ID,
        #[graphql(desc = "Ask about this audience, before it is shared with it.")] audience: Option<E<Audience>>,
    ) -> async_graphql::Result<Option<views::Visibility>> {
        let call = ctx.data::<Call>()?;
        let audience = audience.map(|audience| audience.0);
        match evolva_domain::explain::visibility(&call.ctx, &call.scope, id.as_str(), audience).await {
            Ok(all) => Ok(Some(all.into())),
            Err(evolva_domain::Error::NotFound) => Ok(None),
            Err(error) => Err(crate::error::ApiError::from(error).graphql(call.language, &call.trace_id)),
        }
    }

    /// How a CoP, a charter, a session or an artefact of yours looks to somebody else: to an organisation, to a person, or to
    /// whoever reads only what is public; empty if there is none that you may see. For the admin of the organisation that
    /// owns it, with the scope that reads it. Of a CoP that another organisation hosts, you can ask for your own people and
    /// for organisations that you know to have to do with it.
    async fn view_as(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its typed id.")] id: ID,
        #[graphql(desc = "As this organisation's own token sees it.")] organisation_id: Option<OrganisationId>,
        #[graphql(desc = "As this person's member token sees it.")] person_id: Option<PersonId>,
        #[graphql(desc = "As a token sees it that reads only what is public.")] public: Option<bool>,
    ) -> async_graphql::Result<Option<ViewAs>> {
        let call = ctx.data::<Call>()?;
        let asked = view_as::Asked { organisation_id, person_id, public: public.unwrap_or_default() };
        match ViewAs::of(call, id.as_str(), asked).await {
            Ok(seen) => Ok(Some(seen)),
            Err(ApiError::Domain(evolva_domain::Error::NotFound)) => Ok(None),
            Err(error) => Err(error.graphql(call.language, &call.trace_id)),
        }
    }

    /// When the sessions of a series would be, without planning it; with a CoP also whether that is within its period. What
    /// is wrong with the rule is an error that names the argument.
    ///
    /// Needs the scope:
    /// sessions:read
    #[allow(clippy::too_many_arguments)]
    async fn session_series_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A recurrence rule (RFC 5545, section 3.3.10), such as `FREQ=WEEKLY;COUNT=10`.")] rule: String,
        #[graphql(desc = "The first day on which a session may be; it counts only if the rule names it.")]
        start_date: NaiveDate,
        #[graphql(desc = "When each starts, such as `10:00`.")] start_time: String,
        #[graphql(desc = "When each ends.")] end_time: String,
        #[graphql(desc = "The IANA time zone; Europe/Amsterdam if left out.")] time_zone: Option<String>,
        #[graphql(desc = "Days that are left out, at most 400.")] except_dates: Option<Vec<NaiveDate>>,
        #[graphql(desc = "The CoP within whose period they are to be.")] cop_id: Option<CopId>,
    ) -> async_graphql::Result<Vec<views::PlannedTime>> {
        let call = ctx.data::<Call>()?;
        let except_dates = except_dates.unwrap_or_default();
        let asked = recurrence::Asked { rule, start_date, start_time, end_time, time_zone, except_dates };
        let all = views::PlannedTime::all(call, asked, cop_id).await;
        all.map_err(|error| error.graphql(call.language, &call.trace_id))
    }

    /// The latest published version of an artefact that you are shown, as schema.org's `LearningResource` in JSON-LD with the
    /// fields of the profile AMB; empty if there is none.
    async fn artefact_metadata(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its typed id.")] id: ID,
    ) -> async_graphql::Result<Option<async_graphql::Json<serde_json::Value>>> {
        let call = ctx.data::<Call>()?;
        match crate::rest::content::metadata_of(call, id.as_str()).await {
            Ok(all) => Ok(Some(async_graphql::Json(all))),
            Err(ApiError::Domain(evolva_domain::Error::NotFound)) => Ok(None),
            Err(error) => Err(error.graphql(call.language, &call.trace_id)),
        }
    }

    /// The next part of an upload of yours, and where it can be sent straight to the store of files, if that has such
    /// addresses; empty if there is no such upload.
    async fn upload_part(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The upload's typed id.")] id: ID,
    ) -> async_graphql::Result<Option<views::UploadPart>> {
        let call = ctx.data::<Call>()?;
        match crate::rest::content::upload_part_of(call, id.as_str()).await {
            Ok(part) => Ok(Some(part)),
            Err(ApiError::Domain(evolva_domain::Error::NotFound)) => Ok(None),
            Err(error) => Err(error.graphql(call.language, &call.trace_id)),
        }
    }

    /// Searches what you see of artefacts, CoPs, sessions and themes: what has every word of the query, in Dutch or English
    /// in any form, the last one also as the beginning of a word. What fits best comes first, then what is newest.
    ///
    /// Each kind needs its scope: `artefacts:read`, `cops:read`, `sessions:read`, `themes:read`.
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The words, 1 to 12 of them and at most 400 characters. Nothing in it is syntax.")]
        query: String,
        #[graphql(desc = "Which of what is found.")] filter: Option<SearchFilter>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor.")] after: Option<String>,
    ) -> async_graphql::Result<SearchConnection> {
        let call = ctx.data::<Call>()?;
        let (filter, first) = (filter.unwrap_or_default(), first.map(i64::from));
        search::run(call, query, filter, first, after.as_deref(), search::Wanted::of(ctx.field()))
            .await
            .map_err(|error| error.graphql(call.language, &call.trace_id))
    }

    /// What somebody who is still typing may be looking for, by its title: what `search` finds first.
    async fn search_suggest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was typed so far; the last word is taken as the beginning of one.")] prefix: String,
        #[graphql(desc = "Of these kinds, each with its scope; all that your token may read if none is named.")] kinds: Option<
            Vec<SearchKindLabel>,
        >,
        #[graphql(desc = "How many, 1 to 20; 10 if nothing is said.")] first: Option<i32>,
    ) -> async_graphql::Result<Vec<SearchSuggestion>> {
        let call = ctx.data::<Call>()?;
        search::suggest(call, prefix, kinds.unwrap_or_default(), first.map(i64::from))
            .await
            .map_err(|error| error.graphql(call.language, &call.trace_id))
    }

    /// Anything by its typed id; empty if there is none that you may see.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its typed id.")] id: ID,
    ) -> async_graphql::Result<Option<Node>> {
        let call = ctx.data::<Call>()?;
        let nodes = Node::read_all(call, &[id.as_str()], Some(ctx.field())).await;
        Ok(nodes.map_err(|error| error.graphql(call.language, &call.trace_id))?.pop().flatten())
    }

    /// Many things by their typed ids, in their order; empty in the place of each that you may not see.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most 100 typed ids.")] ids: Vec<ID>,
    ) -> async_graphql::Result<Vec<Option<Node>>> {
        let call = ctx.data::<Call>()?;
        let ids: Vec<_> = ids.iter().map(|id| id.as_str()).collect();
        Node::read_all(call, &ids, Some(ctx.field()))
            .await
            .map_err(|error| error.graphql(call.language, &call.trace_id))
    }
}

#[derive(MergedObject, Default)]
#[graphql(name = "Query")]
pub struct QueryRoot(Roots, Lists, Keyed, overview::Asks);

#[derive(MergedObject, Default)]
#[graphql(name = "Mutation")]
pub struct MutationRoot(
    ops::OrganisationMutations,
    ops::PersonMutations,
    ops::ProgrammeMutations,
    ops::CopMutations,
    ops::MembershipMutations,
    ops::ExchangeMutations,
    ops::GuideMutations,
    ops::SessionMutations,
    ops::SeriesMutations,
    ops::CalendarMutations,
    ops::ArtefactMutations,
    ops::TokenMutations,
    ops::PublicationMutations,
    ops::PutMutations,
    ops::MethodPutMutations,
    ops::SessionPutMutations,
    ops::ContactMutations,
);

pub type ApiSchema = Schema<QueryRoot, MutationRoot, EmptySubscription>;

pub fn schema() -> ApiSchema {
    Schema::build(QueryRoot::default(), MutationRoot::default(), EmptySubscription)
        .limit_recursive_depth(64)
        .disable_suggestions()
        .finish()
}
