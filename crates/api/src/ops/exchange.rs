//! What front-runner projects learn from each other.

use crate::{model::names::*, ops};
use chrono::NaiveDate;
use evolva_domain::exchange as exc;

ops! { ExchangeMutations;
    /// Writes down that a strength of your project was passed to another project (*onderlinge uitwisseling*). For the giving
    /// organisation's admin, and for the project's front-runners.
    ExchangeRecord exchange_record "recordExchange" POST "/exchanges" ["projects:write"]
    ExchangeRecordInput {
        /// Your project, whose strength it is.
        giving_project_id: FrontRunnerProjectId,
        /// The project that it was passed to: your own, or one that you may see.
        receiving_project_id: FrontRunnerProjectId,
        /// The strength: one of the giving project's `strengths`.
        strength: String,
        /// The CoP in which it happened, if in one; your organisation takes part in it.
        cop_id: Option<CopId>,
        /// The session at which it happened, if at one.
        session_id: Option<SessionId>,
        /// When it happened; not in the future.
        exchanged_date: NaiveDate,
        /// A note, up to 2,000 characters.
        note: Option<String>,
    }
    -> ExchangeRecordPayload { exchange: Exchange of exc::Exchange }
    |call, input| exc::record_exchange(&call.ctx, &call.scope, exc::Record {
        giving_project_id: input.giving_project_id.0, receiving_project_id: input.receiving_project_id.0,
        strength: input.strength, cop_id: input.cop_id.map(|id| id.0), session_id: input.session_id.map(|id| id.0),
        exchanged_date: input.exchanged_date, note: input.note,
    }).await;

    /// Mends what the giving side wrote.
    ExchangeUpdate exchange_update "updateExchange" PATCH "/exchanges/{id}" ["projects:write"]
    ExchangeUpdateInput {
        /// The exchange.
        id: ExchangeId,
        /// The version that you read.
        version: Option<i64>,
        /// A note.
        #[serde(default)] note: ChangeText,
        /// When it happened.
        exchanged_date: Option<NaiveDate>,
    }
    -> ExchangeUpdatePayload { exchange: Exchange of exc::Exchange }
    |call, input| exc::update(&call.ctx, &call.scope, exc::Update {
        id: input.id.0, version: input.version, note: input.note.into(), exchanged_date: input.exchanged_date,
    }).await;

    /// Says what was learned. For the receiving organisation's admin, and for the receiving project's front-runners.
    ExchangeAcknowledge exchange_acknowledge "acknowledgeExchange" POST "/exchanges/{id}/acknowledge" ["projects:write"]
    ExchangeAcknowledgeInput {
        /// The exchange.
        id: ExchangeId,
        /// What was learned, up to 2,000 characters.
        learned: String,
    }
    -> ExchangeAcknowledgePayload { exchange: Exchange of exc::Exchange }
    |call, input| exc::acknowledge(&call.ctx, &call.scope, input.id.0, input.learned).await;

    /// Takes an exchange back. For the giving side, and for the host of the CoP in which it stands.
    ExchangeWithdraw exchange_withdraw "withdrawExchange" POST "/exchanges/{id}/withdraw" ["projects:write"]
    ExchangeWithdrawInput {
        /// The exchange.
        id: ExchangeId,
    }
    -> ExchangeWithdrawPayload { exchange: Exchange of exc::Exchange }
    |call, input| exc::withdraw(&call.ctx, &call.scope, input.id.0).await;
}
