//! Calendar feeds over HTTP: `GET /calendar/{address}.ics`, outside `/api/v1` and without a token, because calendar programs
//! send none. The address is the secret.

use crate::{
    error::ApiError,
    http::{Api, language, problem, trace_id},
    rest,
};
use actix_web::{HttpRequest, HttpResponse, http::header, web};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use evolva_domain::{
    Error, Fault, Id,
    calendar::{self as cal, CalendarFeed, Entry},
    organisation::Organisation,
    session::SessionState,
};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use uuid::Uuid;

/// Where feeds are. What is logged and counted of a request there ends here.
pub const PATH: &str = "/calendar/";

const SECRET: usize = 32;

/// A new secret, and what is kept of it.
pub fn fresh() -> Result<([u8; SECRET], String), Fault> {
    let mut secret = [0; SECRET];
    aws_lc_rs::rand::fill(&mut secret).map_err(|error| Fault::from("making a secret", error))?;
    let hash = hash_of(&secret);
    Ok((secret, hash))
}

fn hash_of(secret: &[u8]) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, secret);
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Secrets between the use case and the answer that shows them, once.
#[derive(Default)]
pub struct Secrets(Mutex<HashMap<Uuid, [u8; SECRET]>>);

impl Secrets {
    pub fn keep(&self, of: Uuid, secret: [u8; SECRET]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(of, secret);
    }

    pub fn take(&self, of: Uuid) -> Option<[u8; SECRET]> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&of)
    }
}

/// A feed's whole address. It names the organisation and the feed, so that nothing is looked up outside of one tenant.
pub fn address(base: &str, feed: &CalendarFeed, secret: &[u8; SECRET]) -> String {
    let parts = [feed.tenant_id.uuid().as_bytes(), feed.id.uuid().as_bytes(), &secret[..]].concat();
    format!("{}{PATH}{}.ics", base.trim_end_matches('/'), BASE64_URL_SAFE_NO_PAD.encode(parts))
}

/// What an address names: an organisation, a feed, and the hash of its secret.
fn named(address: &str) -> Option<(Id<Organisation>, Id<CalendarFeed>, String)> {
    let parts = BASE64_URL_SAFE_NO_PAD.decode(address.strip_suffix(".ics")?).ok()?;
    let (tenant, rest) = parts.split_at_checked(16)?;
    let (feed, secret) = rest.split_at_checked(16)?;
    let id = |bytes: &[u8]| Uuid::from_slice(bytes).ok();
    (secret.len() == SECRET).then_some(())?;
    Some((Id::new(id(tenant)?), Id::new(id(feed)?), hash_of(secret)))
}

/// Answers what the feed's maker may see now. An address that is none, or no longer one, is nothing here, whatever is wrong
/// with it.
pub async fn feed(request: HttpRequest, path: web::Path<String>, api: web::Data<Api>) -> HttpResponse {
    match answer(&request, &path, &api).await {
        Ok(response) => response,
        Err(ApiError::Domain(Error::NotFound)) => {
            let error = ApiError::Domain(Error::NotFound);
            HttpResponse::NotFound().content_type("application/problem+json").json(error.details(
                language(&request),
                PATH,
                &trace_id(&request),
            ))
        }
        Err(error) => problem(&request, &error),
    }
}

async fn answer(request: &HttpRequest, path: &str, api: &Api) -> Result<HttpResponse, ApiError> {
    let (tenant, id, hash) = named(path).ok_or(Error::NotFound)?;
    let standing = cal::standing(&api.ctx, tenant, id, &hash).await?.ok_or(Error::NotFound)?;
    let text = written(&standing.feed, &standing.entries(&api.ctx).await?);
    let etag = format!("\"{}\"", &hash_of(text.as_bytes())[..16]);
    let known = rest::is_known(request, &etag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, etag)).insert_header((header::CACHE_CONTROL, "private, no-cache"));
    if known {
        return Ok(response.finish());
    }
    Ok(response.content_type("text/calendar; charset=utf-8").body(text))
}

/// Texts have line ends of one kind: the library writes those, and no other.
fn text(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The feed as iCalendar (RFC 5545). Times are in UTC: each session is one event at one moment, which every program shows
/// right in its reader's own zone, whatever it thinks of the names and rules of time zones.
fn written(feed: &CalendarFeed, entries: &[Entry]) -> String {
    let mut calendar = Calendar::empty();
    for (name, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//Evolva//CoP platform//NL"),
        ("CALSCALE", "GREGORIAN"),
        ("X-WR-CALNAME", &text(&feed.name)),
        ("X-PUBLISHED-TTL", "PT1H"),
    ] {
        calendar.append_property(Property::new(name, value));
    }
    calendar.append_property(Property::new("REFRESH-INTERVAL", "PT1H").add_parameter("VALUE", "DURATION").done());
    for entry in entries {
        calendar.push(event(entry));
    }
    calendar.to_string()
}

fn event(Entry { session, cop }: &Entry) -> Event {
    let mut event = Event::with_uid(&format!("{}@evolva", session.id));
    // Without a method, DTSTAMP is when the session was changed last (RFC 5545, section 3.8.7.2).
    event.timestamp(session.updated_at).last_modified(session.updated_at).created(session.created_at);
    event.sequence(u32::try_from(session.version - 1).unwrap_or_default());
    event.starts(session.starts_at).ends(session.ends_at).summary(&text(&session.title));
    if let Some(place) = session.place.as_ref().or(session.link.as_ref()) {
        event.location(&text(place));
    }
    if let Some(link) = &session.link {
        event.url(link);
    }
    if let Some(cop) = cop {
        event.description(&text(cop));
    }
    let status = match session.state {
        SessionState::Draft => EventStatus::Tentative,
        SessionState::Scheduled | SessionState::Held | SessionState::Reported => EventStatus::Confirmed,
        SessionState::Cancelled => EventStatus::Cancelled,
    };
    // What is not sure, or is off, keeps nobody's time.
    let takes_time = if status == EventStatus::Confirmed { "OPAQUE" } else { "TRANSPARENT" };
    event.status(status).add_property("TRANSP", takes_time).done()
}
