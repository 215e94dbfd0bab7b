//! How an object of one's own looks to somebody else, the same for both surfaces.

use super::{
    names::{OrganisationId, PersonId},
    view::{self, View, Viewer},
    views,
};
use crate::{error::ApiError, op::Call};
use evolva_domain::{
    Code, Error, Fault,
    view_as::{self, Whom},
};

/// An object of yours as somebody else sees it.
#[derive(Debug, Clone, async_graphql::SimpleObject, serde::Serialize, utoipa::ToSchema)]
pub struct ViewAs {
    /// Whether they see it at all.
    pub sees: bool,
    /// What they see of it, as REST shows it; empty if they do not see it. What it refers to is empty where they do not see
    /// that, if it is yours.
    #[schema(value_type = Option<Object>)]
    pub object: Option<async_graphql::Json<serde_json::Value>>,
}

/// With whose eyes: exactly one of these.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Asked {
    pub organisation_id: Option<OrganisationId>,
    pub person_id: Option<PersonId>,
    #[serde(default)]
    pub public: bool,
}

impl ViewAs {
    pub async fn of(call: &Call, id: &str, asked: Asked) -> Result<Self, ApiError> {
        let whom = Whom::of(asked.organisation_id.map(|id| id.0), asked.person_id.map(|id| id.0), asked.public)?;
        match evolva_domain::id::split(id).map(|(prefix, _)| prefix) {
            Some("cop") => Self::read::<views::Cop>(call, id, whom).await,
            Some("cha") => Self::read::<views::Charter>(call, id, whom).await,
            Some("ses") => Self::read::<views::Session>(call, id, whom).await,
            Some("art") => Self::read::<views::Artefact>(call, id, whom).await,
            _ => Err(Error::invalid(Code::InvalidId, "id", "the id of a CoP, charter, session or artefact").into()),
        }
    }

    async fn read<V: View>(call: &Call, id: &str, whom: Whom) -> Result<Self, ApiError> {
        let viewer = call.viewer();
        let select = view::whole::<V>(&viewer, false)?;
        let seen = view_as::view_as(&call.ctx, &call.scope, id, whom, select).await?;
        let eyes = Viewer { as_other: !seen.own, ..viewer };
        let object = seen.row.map(|tree| serde_json::to_value(V::of(tree, &eyes)));
        let object = object.transpose().map_err(|error| Fault::from("writing an answer", error))?;
        Ok(Self { sees: object.is_some(), object: object.map(async_graphql::Json) })
    }
}
