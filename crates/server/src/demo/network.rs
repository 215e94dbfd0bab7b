//! What the network of the demo does together: a meeting that was held, at which results were shown, and a clinic to come
//! for which there are more people than seats.

use super::{Actor, in_person};
use chrono::{Duration, NaiveTime};
use evolva_domain::{
    Error, Id,
    artefact::Artefact,
    cop::Cop,
    ctx::Ctx,
    input::Patch,
    session::{self as ses, registration as reg},
    visibility::Audience,
};

/// The network's operator invites; these CoPs join. `shown` is what the first meeting showed.
pub(super) async fn meetings(
    ctx: &Ctx,
    actors: &[Actor],
    harvesting: &[Id<Cop>],
    active: &[Id<Cop>],
    shown: &[Id<Artefact>],
) -> Result<(), Error> {
    let evolva = &actors[0].scope;
    let day = ses::Plan {
        kind: ses::SessionKind::NetworkMeeting,
        title: "Netwerkdag werkplekleren".into(),
        place: Some("Utrecht".into()),
        capacity: Some(80),
        guests_allowed: true,
        ..Default::default()
    };
    let day = plan(ctx, actors, day, -14, harvesting).await?;
    let mut came = vec![];
    for actor in actors {
        came.push(register(ctx, actor, day, 1).await?.id);
    }
    ses::hold(ctx, evolva, day, None).await?;
    let absent = came.split_off(came.len() - 1);
    reg::record_attendance(ctx, evolva, reg::RecordAttendance { id: day, attended: came, absent }).await?;
    for artefact in shown {
        ses::show(ctx, evolva, day, *artefact, None).await?;
    }
    let report = ses::Report {
        id: day,
        happened: Patch::Set("Elke CoP liet zien wat er staat, en kreeg twee vragen mee naar huis.".into()),
        learned: Patch::Set("Laat het zien op de werkplek zelf, niet op een *dia*.".into()),
        recording_url: Patch::Set("https://opnames.example/netwerkdag".into()),
        ..Default::default()
    };
    ses::report(ctx, evolva, report).await?;

    let visit = ses::Plan {
        kind: ses::SessionKind::Clinic,
        title: "Clinic: een ochtend op de werkvloer".into(),
        place: Some("Nijmegen".into()),
        capacity: Some(6),
        ..Default::default()
    };
    let visit = plan(ctx, actors, visit, 21, active).await?;
    let mut asked = vec![];
    for actor in actors {
        asked.push(register(ctx, actor, visit, 1).await?.id);
        asked.push(register(ctx, actor, visit, 2).await?.id);
    }
    // Who waits longest gets the seat, and one goes on waiting.
    reg::cancel(ctx, &actors[1].scope, asked[3]).await?;
    Ok(())
}

/// A session for the whole network so many days from now, which these CoPs join through their facilitator.
async fn plan(
    ctx: &Ctx,
    actors: &[Actor],
    session: ses::Plan,
    days: i64,
    joined_by: &[Id<Cop>],
) -> Result<Id<ses::Session>, Error> {
    let evolva = &actors[0];
    let starts_at = (ctx.today() + Duration::days(days)).and_time(NaiveTime::MIN).and_utc() + Duration::hours(8);
    let session =
        ses::Plan { starts_at, ends_at: starts_at + Duration::hours(4), audience: Some(Audience::Network), ..session };
    let session = ses::plan(ctx, &evolva.scope, session).await?;
    ses::schedule(ctx, &evolva.scope, session.id).await?;
    let facilitator = in_person(evolva, &evolva.people[0]);
    for cop in joined_by {
        ses::joint::add(ctx, &facilitator, session.id, *cop).await?;
    }
    Ok(session.id)
}

async fn register(
    ctx: &Ctx,
    actor: &Actor,
    session_id: Id<ses::Session>,
    place: usize,
) -> Result<ses::Registration, Error> {
    let cmd = reg::Register { session_id, person_id: actor.people[place].id, brought_by_id: None };
    reg::register(ctx, &actor.scope, cmd).await
}
