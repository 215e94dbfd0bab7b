//! Imports: NDJSON is taken in as it arrives, in batches that are committed one by one, so that neither the server's
//! memory nor a broken connection is a limit.

use super::{answered, query_of, with_etag};
use crate::{
    error::ApiError,
    http::{Api, SLOWEST, call_of, check_content_type, check_encoding},
    list,
    model::{scalar::E, views},
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use evolva_domain::{
    Code, Error, Id, Problem,
    import::{self, BATCH, ImportCollection, ImportJob, ImportState, Line},
    record::{Cell, Field},
};
use futures_util::StreamExt;
use serde_json::Value;

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Query {
    collection: E<ImportCollection>,
    #[serde(default)]
    dry_run: bool,
    #[serde(default)]
    history: bool,
}

pub async fn take(request: HttpRequest, payload: web::Payload, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        call.scope.require(evolva_domain::scope::Scope::ImportsWrite)?;
        check_content_type(&request, &["application/x-ndjson", "application/ndjson", "application/jsonl"])?;
        check_encoding(&request)?;
        let query: Query = super::parse(Value::Object(query_of(&request)?))?;
        let start = import::Start { collection: query.collection.0, dry_run: query.dry_run, history: query.history };
        let mut running = import::start(&call.ctx, &call.scope, start).await?;
        let taken = feed(&request, payload, api.limits.line, &mut running).await;
        let state = if taken.is_ok() { ImportState::Completed } else { ImportState::Failed };
        let job = running.finish(state).await?;
        taken?;
        let view = list::single::<views::ImportJob>(&call, job.id.uuid()).await;
        let mut response = match view {
            Ok(view) => with_etag(&request, StatusCode::CREATED, &view, Some(view.version))?,
            Err(_) => HttpResponse::Created().json(serde_json::json!({ "id": job.id })),
        };
        if let Ok(location) = header::HeaderValue::from_str(&format!("/api/v1/imports/{}", job.id)) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        Ok(response)
    };
    let result = run.await;
    answered(&request, result)
}

/// Cuts the stream into lines and the lines into batches. A line that is too long is passed over to its end.
async fn feed(
    request: &HttpRequest,
    payload: web::Payload,
    longest: usize,
    running: &mut import::Running<'_>,
) -> Result<(), ApiError> {
    let mut stream = actix_web::dev::Decompress::from_headers(payload, request.headers());
    let (mut rest, mut number): (Vec<u8>, i64) = (vec![], 0);
    let mut batch: Vec<Line> = vec![];
    let (mut ended, mut too_long) = (false, false);
    while !ended {
        let late = |_| ApiError::request(Code::RequestTimeout, "");
        match tokio::time::timeout(SLOWEST, stream.next()).await.map_err(late)? {
            Some(chunk) => {
                let chunk = chunk.map_err(|error| ApiError::request(Code::MalformedBody, error.to_string()))?;
                rest.extend_from_slice(&chunk);
            }
            None => {
                ended = true;
                rest.push(b'\n');
            }
        }
        let mut start = 0;
        while let Some(length) = rest[start..].iter().position(|byte| *byte == b'\n') {
            number += 1;
            too_long |= length > longest;
            let text = if std::mem::take(&mut too_long) {
                Err(Problem::new(Code::RowUnreadable, "", format!("it is longer than {longest} bytes")))
            } else {
                line_of(&rest[start..start + length])
            };
            start += length + 1;
            if text.as_ref().is_ok_and(|text| text.is_empty()) {
                continue;
            }
            batch.push(Line { number, text });
            if batch.len() == BATCH {
                running.batch(&batch).await?;
                batch.clear();
            }
        }
        rest.drain(..start);
        if rest.len() > longest {
            too_long = true;
            rest.clear();
        }
    }
    if !batch.is_empty() {
        running.batch(&batch).await?;
    }
    Ok(())
}

fn line_of(bytes: &[u8]) -> Result<String, Problem> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.trim_start_matches('\u{feff}').trim().to_owned()),
        Err(error) => Err(Problem::new(Code::RowUnreadable, "", format!("it is not UTF-8: {error}"))),
    }
}

/// The results of an import, a line each, as NDJSON.
pub async fn results(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        call.scope.require(evolva_domain::scope::Scope::ImportsRead)?;
        let id: Id<ImportJob> =
            request.match_info().query("id").parse().map_err(|error: evolva_domain::id::MalformedId| {
                Error::invalid(Code::InvalidId, "id", error.to_string())
            })?;
        let mut tx = call.ctx.store.look(&call.scope).await?;
        tx.get(id).await?;
        let rows = tx.list_results(id.uuid()).await?;
        drop(tx);
        let mut body = String::new();
        for row in rows {
            body.push_str(&result_line(&call, row).to_string());
            body.push('\n');
        }
        Ok(HttpResponse::Ok().content_type("application/x-ndjson").body(body))
    };
    let result = run.await;
    answered(&request, result)
}

fn result_line(call: &crate::op::Call, row: Vec<Cell>) -> Value {
    let mut cells = row.into_iter();
    let mut next = || cells.next().unwrap_or(Cell::Null);
    let (line, external_id, outcome, id) = (
        i64::from_cell(next()),
        Option::<String>::from_cell(next()).flatten(),
        String::from_cell(next()),
        Option::<String>::from_cell(next()).flatten(),
    );
    let problems = if let Cell::Json(Value::Array(problems)) = next() { problems } else { vec![] };
    let error = |problem: &Value| {
        let text = |name: &str| problem.get(name).and_then(Value::as_str).unwrap_or_default();
        let code = Code::from_label(text("code")).unwrap_or(Code::Internal);
        let pointer: String = problem
            .get("field")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(crate::error::pointer)
            .collect();
        serde_json::json!({ "pointer": pointer, "code": code.label(), "detail": Problem::new(code, "", text("detail")).message(call.language) })
    };
    let errors: Vec<_> = problems.iter().map(error).collect();
    serde_json::json!({ "line": line, "externalId": external_id, "outcome": outcome, "id": id, "errors": errors })
}
