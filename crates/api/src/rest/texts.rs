//! What is read as a text and not as JSON: a report as Markdown, figures as CSV. GraphQL has both as fields.

use super::{answered, is_known, no_parameters, parse, parsed, query_of};
use crate::{
    figures,
    http::{Api, call_of},
    model::{
        dashboard::{CopDashboard, CopDashboards},
        overview::CopDashboardsAsked,
        report::CopReport,
    },
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web,
};
use evolva_domain::{
    error::Language,
    overview::{figures as fig, report as rep},
    scope::Scope,
};
use serde_json::Value;

/// A text with its hash as `ETag`, or `304` where the client has it.
fn given(request: &HttpRequest, media: &str, name: &str, language: Option<Language>, text: String) -> HttpResponse {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    let hex: String = hash.as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let etag = format!("\"{hex}\"");
    if is_known(request, &etag) {
        return HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish();
    }
    let mut response = HttpResponse::Ok();
    response.insert_header((header::ETAG, etag)).insert_header((header::CONTENT_TYPE, media));
    response.insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")));
    if let Some(language) = language {
        response.insert_header((header::CONTENT_LANGUAGE, if language == Language::Nl { "nl" } else { "en" }));
    }
    response.body(text)
}

const CSV: &str = "text/csv; charset=utf-8; header=present";
const MARKDOWN: &str = "text/markdown; charset=utf-8";

pub async fn report(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        call.scope.require_itself(Scope::CopsRead)?;
        no_parameters(&request)?;
        let report = rep::report(&call.ctx, &call.scope, parsed(request.match_info().query("id"))?).await?;
        let text = CopReport::of(report, call.language).written(call.language);
        Ok(given(&request, MARKDOWN, "report.md", Some(call.language), text))
    };
    let result = run.await;
    answered(&request, result)
}

pub async fn figures_of_one(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        call.scope.require_itself(Scope::CopsRead)?;
        no_parameters(&request)?;
        let one = fig::dashboard(&call.ctx, &call.scope, parsed(request.match_info().query("id"))?).await?;
        let text = figures::csv(&[CopDashboard::of(one, call.language)]);
        Ok(given(&request, CSV, "figures.csv", None, text))
    };
    let result = run.await;
    answered(&request, result)
}

pub async fn figures_of_many(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    let run = async {
        let call = call_of(&request, &api).await?;
        call.scope.require_itself(Scope::CopsRead)?;
        let mut query = query_of(&request)?;
        super::number(&mut query, "first")?;
        query.entry("first").or_insert(100.into());
        let asked: CopDashboardsAsked = parse(Value::Object(query))?;
        let page = fig::dashboards(&call.ctx, &call.scope, asked.asked()).await?;
        let page = CopDashboards::of(page, call.language);
        let mut response = given(&request, CSV, "cop-figures.csv", None, figures::csv(&page.nodes));
        if let (true, Some(last)) = (page.page_info.has_next_page, page.page_info.end_cursor) {
            let kept = request.query_string().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("after="));
            let keys: Vec<_> = kept.map(str::to_owned).chain([format!("after={}", last.0)]).collect();
            let link = format!("<{}?{}>; rel=\"next\"", request.path(), keys.join("&"));
            if let Ok(link) = HeaderValue::from_str(&link) {
                response.headers_mut().insert(header::LINK, link);
            }
        }
        Ok(response)
    };
    let result = run.await;
    answered(&request, result)
}
