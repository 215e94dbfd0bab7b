//! Outputs of the method's own work beside CoPs, sessions and artefacts. The doc comments are the client documentation of
//! both surfaces.

use super::{names::*, shapes::*, views::*};
use crate::view;
use chrono::{DateTime, NaiveDate, Utc};
use evolva_domain::{access as acc, exchange as exc};

view! {
    /// A strength that one front-runner project passed to another (*onderlinge uitwisseling*): who learned what from whom.
    Exchange of exc::Exchange, ProjectsRead;
    columns {
        /// The project whose strength it is.
        giving_project_id: Option<FrontRunnerProjectId>,
        /// The project that it was passed to.
        receiving_project_id: Option<FrontRunnerProjectId>,
        /// The organisation of the receiving project.
        receiver_tenant_id: OrganisationId,
        /// The CoP in which it happened, if in one.
        cop_id: Option<CopId>,
        /// The session at which it happened, if at one.
        session_id: Option<SessionId>,
        /// The strength: one of the giving project's.
        strength: String,
        /// What the giving side says of it.
        note: Option<String>,
        /// When it happened.
        exchanged_date: NaiveDate,
        /// Where it is in its life.
        state: ExchangeStateLabel,
        /// What the receiving side learned, in its own words.
        learned: Option<String>,
        /// When it said so.
        acknowledged_at: Option<DateTime<Utc>>,
    }
    private {}
    derived {
        /// What you may do with it, and why not.
        access: Accesses = ["state", "receiver_tenant_id", "fact_gives", "fact_receives"] |tree, viewer| access(acc::of_exchange(tree, viewer.scope)?, viewer),
    }
    one {
        /// The project whose strength it is.
        giving_project: FrontRunnerProject,
        /// The project that it was passed to.
        receiving_project: FrontRunnerProject,
        /// The CoP in which it happened.
        cop: Cop,
        /// The session at which it happened.
        session: Session,
    }
    many {}
}
