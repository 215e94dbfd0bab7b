//! What the demo's organisations learn from each other's projects.

use super::Actor;
use chrono::Duration;
use evolva_domain::{Error, ctx::Ctx, exchange as exc};

/// Each passes a strength to each other; every other time the receiving side has said what it learned.
pub(super) async fn exchanges(ctx: &Ctx, actors: &[Actor]) -> Result<(), Error> {
    for (place, giver) in actors.iter().enumerate() {
        for (nth, receiver) in actors.iter().enumerate().filter(|(nth, _)| *nth != place) {
            let (giving, receiving) = (&giver.projects[nth % giver.projects.len()], &receiver.projects[0]);
            let cmd = exc::Record {
                giving_project_id: giving.id,
                receiving_project_id: receiving.id,
                strength: giving.strengths.0[place % giving.strengths.0.len()].clone(),
                cop_id: None,
                session_id: None,
                exchanged_date: ctx.today() - Duration::days(7 * nth as i64),
                note: Some("Een ochtend meegelopen, met een gesprek na afloop.".into()),
            };
            let row = exc::record_exchange(ctx, &giver.scope, cmd).await?;
            if (place + nth) % 2 == 1 {
                let learned = "Een vast moment in de week werkt beter dan een losse afspraak.".to_owned();
                exc::acknowledge(ctx, &receiver.scope, row.id, learned).await?;
            }
        }
    }
    Ok(())
}
