//! The bytes of files, which only REST carries: taken in as they arrive, and given out a piece at a time, so that neither
//! is a matter of the server's memory.
//!
//! Beside them stand what both surfaces say of files: where the next part of one goes, and what is published of an artefact.
//! Nothing of a file is ever run or shown by a browser: it is an attachment, of the type that its bytes have, with
//! sniffing off and a policy that allows nothing.

use super::answered;
use crate::{
    error::ApiError,
    http::{Api, SLOWEST, call_of},
    list,
    model::views,
    op::Call,
};
use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    body::SizedStream,
    http::{StatusCode, header},
    web,
};
use evolva_domain::{
    Code, Error, Id,
    artefact::{Attachment, attachment},
    file::{
        Reading,
        upload::{self, Receiving, Span},
    },
    id::Prefixed,
    organisation::Organisation,
};
use futures_util::{StreamExt, stream};
use std::{
    collections::HashMap,
    ops::Range,
    sync::{Mutex, PoisonError},
};

/// Requests that bring files at the same time, each of which holds a part of its file.
const AT_ONCE: usize = 32;
/// Of them, those of one organisation: a few slow ones do not hold up the others.
const AT_ONCE_EACH: usize = 8;
/// How long one of them may last. What came stays, and the next one goes on after it.
const LONGEST: std::time::Duration = std::time::Duration::from_secs(30 * 60);

/// The places for requests that bring files, by the organisations that hold them.
#[derive(Default)]
pub struct Places(Mutex<HashMap<Id<Organisation>, usize>>);

impl Places {
    fn take(&self, organisation: Id<Organisation>) -> Result<Place<'_>, ApiError> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.get(&organisation).copied().unwrap_or_default();
        if own >= AT_ONCE_EACH || taken.values().sum::<usize>() >= AT_ONCE {
            return Err(ApiError::request(Code::Unavailable, ""));
        }
        taken.insert(organisation, own + 1);
        Ok(Place { places: self, organisation })
    }
}

/// One of the places, until it is dropped.
struct Place<'a> {
    places: &'a Places,
    organisation: Id<Organisation>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut taken = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(&self.organisation) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(taken.remove(&self.organisation)),
        }
    }
}

fn id_of<K: Prefixed>(request: &HttpRequest) -> Result<Id<K>, ApiError> {
    Ok(super::parsed(request.match_info().query("id"))?)
}

/// Takes bytes of an upload in.
pub async fn take(request: HttpRequest, payload: web::Payload, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        check_encoding(&request)?;
        let span = span_of(&request)?;
        let id = id_of(&request)?;
        let receiving = upload::receive(&call.ctx, &call.scope, id, span).await?;
        let _place = api.receiving.take(call.scope.tenant())?;
        feed(payload, receiving).await?;
        let view = list::single::<views::Upload>(&call, id.uuid()).await?;
        super::with_etag(&request, StatusCode::OK, &view, Some(view.version))
    };
    let result = run.await;
    answered(&request, result)
}

async fn feed(payload: web::Payload, mut to: Receiving<'_>) -> Result<(), ApiError> {
    let mut stream = payload;
    let end = tokio::time::Instant::now() + LONGEST;
    loop {
        let pause = tokio::time::Instant::now() + SLOWEST;
        let broken = match tokio::time::timeout_at(pause.min(end), stream.next()).await {
            Ok(Some(Ok(chunk))) => {
                to.feed(&chunk).await?;
                continue;
            }
            Ok(None) => return Ok(to.finish().await.map(drop)?),
            Ok(Some(Err(error))) => ApiError::request(Code::MalformedBody, error.to_string()),
            Err(_) => ApiError::request(Code::RequestTimeout, ""),
        };
        to.keep().await?;
        return Err(broken);
    }
}

/// A file is sent as it is: what it would come to, inflated, nobody knows before.
fn check_encoding(request: &HttpRequest) -> Result<(), ApiError> {
    match request.headers().get(header::CONTENT_ENCODING) {
        Some(value) if value != "identity" => Err(ApiError::request(Code::UnsupportedMediaType, "identity")),
        _ => Ok(()),
    }
}

/// `Content-Range: bytes 0-99/200` (RFC 9110, section 14.4).
fn span_of(request: &HttpRequest) -> Result<Option<Span>, ApiError> {
    let Some(value) = request.headers().get(header::CONTENT_RANGE) else { return Ok(None) };
    let parse = |text: &str| {
        let (span, of) = text.trim().strip_prefix("bytes")?.trim_start().split_once('/')?;
        let (first, last) = span.split_once('-')?;
        Some(Span { first: first.parse().ok()?, last: last.parse().ok()?, of: of.parse().ok()? })
    };
    let span = value.to_str().ok().and_then(parse);
    let wrong = || Error::invalid(Code::InvalidValue, "Content-Range", "bytes a-b/total");
    span.map(Some).ok_or_else(|| wrong().into())
}

/// Gives the bytes of an attachment out.
pub async fn give(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        super::no_parameters(&request)?;
        let row = attachment::content(&call.ctx, &call.scope, id_of(&request)?).await?;
        given(&request, &call, row).await
    };
    let result = run.await;
    answered(&request, result)
}

async fn given(request: &HttpRequest, call: &Call, row: Attachment) -> Result<HttpResponse, ApiError> {
    let size = row.size.unsigned_abs();
    let etag = etag_of(&row);
    let named = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let known = named(header::IF_NONE_MATCH).unwrap_or_default();
    if known.split(',').any(|one| one.trim().trim_start_matches("W/") == etag || one.trim() == "*") {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish());
    }
    // Only a strong ETag that is this one goes on with what the client has (RFC 9110, section 13.1.5).
    let goes_on = named(header::IF_RANGE).is_none_or(|one| one.trim() == etag);
    let asked = named(header::RANGE).filter(|_| goes_on).map_or(Asked::All, |range| asked_of(range, size));
    let (status, range) = match asked {
        Asked::All => (StatusCode::OK, 0..size),
        Asked::Some(range) => (StatusCode::PARTIAL_CONTENT, range),
        Asked::None => {
            let error = ApiError::request(Code::RangeNotSatisfiable, size.to_string());
            let mut response = crate::http::problem(request, &error);
            if let Ok(value) = header::HeaderValue::from_str(&format!("bytes */{size}")) {
                response.headers_mut().insert(header::CONTENT_RANGE, value);
            }
            return Ok(response);
        }
    };
    let mut response = head(&row, status, &range);
    let length = range.end - range.start;
    if request.method() == actix_web::http::Method::HEAD {
        return Ok(response.body(SizedStream::new(length, stream::empty::<Result<web::Bytes, actix_web::Error>>())));
    }
    let mut reading = row.read(range);
    // The first piece before the status: what is not there is an error, and not a broken answer.
    let first = reading.next(&call.ctx).await?;
    let ctx = call.ctx.clone();
    let rest = stream::unfold((reading, ctx), |(mut reading, ctx): (Reading, _)| async {
        match reading.next(&ctx).await {
            Ok(piece) => piece.map(|piece| (Ok(web::Bytes::from(piece)), (reading, ctx))),
            Err(fault) => {
                tracing::error!(error = fault.chain(), "a download broke off on our side");
                Some((Err(actix_web::error::ErrorInternalServerError("")), (reading, ctx)))
            }
        }
    });
    let body = stream::iter(first.map(|piece| Ok(web::Bytes::from(piece)))).chain(rest);
    Ok(response.body(SizedStream::new(length, Box::pin(body))))
}

/// What is said of the bytes before they come.
fn head(row: &Attachment, status: StatusCode, range: &Range<u64>) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::ETAG, etag_of(row)))
        .insert_header((header::CONTENT_TYPE, row.content_type.clone()))
        .insert_header((header::CONTENT_DISPOSITION, disposition(&row.file_name)))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .insert_header(("Cross-Origin-Resource-Policy", "same-origin"))
        // Ranges are of these very bytes, so they are not packed on their way.
        .insert_header((header::CONTENT_ENCODING, "identity"));
    if status == StatusCode::PARTIAL_CONTENT {
        let of = format!("bytes {}-{}/{}", range.start, range.end - 1, row.size);
        response.insert_header((header::CONTENT_RANGE, of));
    }
    response
}

fn etag_of(row: &Attachment) -> String {
    format!("\"{}\"", row.sha256)
}

#[derive(Debug, PartialEq)]
enum Asked {
    All,
    Some(Range<u64>),
    /// Nothing of what there is.
    None,
}

/// One range of bytes (RFC 9110, section 14.2). Several at once, and what cannot be read, are answered with all of it.
fn asked_of(range: &str, size: u64) -> Asked {
    let Some((first, last)) = range.trim().strip_prefix("bytes=").and_then(|span| span.trim().split_once('-')) else {
        return Asked::All;
    };
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..size.min(last.saturating_add(1)),
        (Ok(first), Err(_)) if last.is_empty() => first..size,
        (Err(_), Ok(count)) if first.is_empty() => size.saturating_sub(count)..size,
        _ => return Asked::All,
    };
    if range.is_empty() { Asked::None } else { Asked::Some(range) }
}

/// An attachment under its name: in plain letters, and as it is (RFC 6266, RFC 8187).
fn disposition(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || " -_.()".contains(c) { c } else { '_' };
    let fallback: String = name.chars().map(plain).collect();
    const KEPT: &percent_encoding::AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    let encoded = percent_encoding::utf8_percent_encode(name, KEPT);
    format!("attachment; filename=\"{fallback}\"; filename*=UTF-8''{encoded}")
}

pub async fn upload_part(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        super::no_parameters(&request)?;
        let part = upload_part_of(&call, request.match_info().query("id")).await?;
        super::with_etag(&request, StatusCode::OK, &part, None)
    };
    let result = run.await;
    answered(&request, result)
}

/// Where the next part of an upload goes, for both surfaces.
pub async fn upload_part_of(call: &Call, id: &str) -> Result<views::UploadPart, ApiError> {
    let part = evolva_domain::file::upload::next_part(&call.ctx, &call.scope, super::parsed(id)?).await?;
    Ok(part.into())
}

pub async fn metadata(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        super::no_parameters(&request)?;
        let all = metadata_of(&call, request.match_info().query("id")).await?;
        let mut response = super::with_etag(&request, StatusCode::OK, &all, None)?;
        if response.status() == StatusCode::OK {
            let media = header::HeaderValue::from_static("application/ld+json");
            response.headers_mut().insert(header::CONTENT_TYPE, media);
        }
        Ok(response)
    };
    let result = run.await;
    answered(&request, result)
}

/// What is published of an artefact, for both surfaces.
pub async fn metadata_of(call: &Call, id: &str) -> Result<serde_json::Value, ApiError> {
    let id = id
        .parse()
        .map_err(|error: evolva_domain::id::MalformedId| Error::invalid(Code::InvalidId, "id", error.to_string()))?;
    let base = &call.authority.issuer;
    Ok(evolva_domain::artefact::metadata::metadata(&call.ctx, &call.scope, id, base).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_as_the_specification_has_them() {
        for (range, asked) in [
            ("bytes=0-0", Asked::Some(0..1)),
            ("bytes=2-", Asked::Some(2..10)),
            ("bytes=-3", Asked::Some(7..10)),
            ("bytes=-30", Asked::Some(0..10)),
            ("bytes=3-99999999999999999999", Asked::All),
            ("bytes=3-18446744073709551615", Asked::Some(3..10)),
            ("bytes=10-", Asked::None),
            ("bytes=10-12", Asked::None),
            ("bytes=-0", Asked::None),
            ("bytes=5-4", Asked::All),
            ("bytes=0-1,3-4", Asked::All),
            ("bytes=-", Asked::All),
            ("lines=0-1", Asked::All),
            ("", Asked::All),
        ] {
            assert_eq!(asked_of(range, 10), asked, "{range}");
        }
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(disposition("a b.pdf"), "attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf");
        let name = "één\"; filename=\"x.exe";
        assert_eq!(
            disposition(name),
            "attachment; filename=\"__n__ filename__x.exe\"; filename*=UTF-8''%C3%A9%C3%A9n%22%3B%20filename%3D%22x.exe"
        );
        assert!(disposition("a\r\nX: y").bytes().all(|byte| byte.is_ascii_graphic() || byte == b' '));
    }
}
