//! What both surfaces share on the way in and out: the state, bodies within their limit, problem documents, the pages.

use crate::{
    auth::Authority,
    calendar, contract,
    error::ApiError,
    graphql::{self, ApiSchema, cursor::Cursors, documents::Documents},
    op::Call,
    rest,
};
use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderName, HeaderValue},
    middleware::{Compress, Next, from_fn},
    web,
};
use evolva_domain::{Code, ctx::Ctx, error::Language};
use futures_util::StreamExt;
use std::{sync::Arc, time::Instant};

/// What a request may bring at most.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a body, inflated.
    pub body: usize,
    /// Bytes of one line of an import.
    pub line: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body: 1024 * 1024, line: 1024 * 1024 }
    }
}

/// Everything that a request needs.
pub struct Api {
    pub ctx: Ctx,
    pub authority: Arc<Authority>,
    pub cursors: Arc<Cursors>,
    pub schema: ApiSchema,
    pub documents: Documents,
    pub limits: Limits,
    pub ready: Arc<dyn Fn() -> futures_util::future::BoxFuture<'static, bool> + Send + Sync>,
    pub receiving: rest::content::Places,
    pub(crate) openapi: web::Bytes,
}

impl Api {
    pub fn new(
        ctx: Ctx,
        authority: Authority,
        cursor_secret: &[u8],
        limits: Limits,
        ready: Arc<dyn Fn() -> futures_util::future::BoxFuture<'static, bool> + Send + Sync>,
    ) -> Self {
        Self {
            ctx,
            authority: Arc::new(authority),
            cursors: Arc::new(Cursors::new(cursor_secret)),
            schema: graphql::schema(),
            documents: Documents::default(),
            limits,
            ready,
            receiving: rest::content::Places::default(),
            openapi: contract::openapi().into(),
        }
    }
}

/// The id of a request, which is also in its log lines and problem documents.
#[derive(Clone)]
struct TraceId(String);

pub fn trace_id(request: &HttpRequest) -> String {
    request.extensions().get::<TraceId>().map(|id| id.0.clone()).unwrap_or_default()
}

pub fn language(request: &HttpRequest) -> Language {
    let accept =
        request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best = (0.0, Language::En);
    for part in accept.split(',') {
        let mut pieces = part.split(';');
        let tag = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
        let quality = pieces.find_map(|piece| piece.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
        let language = match tag.split('-').next() {
            Some("nl") => Language::Nl,
            Some("en") => Language::En,
            _ => continue,
        };
        if quality > best.0 {
            best = (quality, language);
        }
    }
    best.1
}

/// Who calls, and everything that a use case needs of the request.
pub async fn call_of(request: &HttpRequest, api: &Api) -> Result<Call, ApiError> {
    let scope = api.authority.enter(&api.ctx, request.headers()).await?;
    Ok(Call {
        ctx: api.ctx.clone(),
        scope,
        language: language(request),
        trace_id: trace_id(request),
        cursors: api.cursors.clone(),
        authority: api.authority.clone(),
        secrets: Arc::default(),
    })
}

/// A failure as problem details (RFC 9457).
pub fn problem(request: &HttpRequest, error: &ApiError) -> HttpResponse {
    let trace_id = trace_id(request);
    error.log(&trace_id);
    let details = error.details(language(request), request.path(), &trace_id);
    let mut response = HttpResponse::build(error.status());
    if error.status() == actix_web::http::StatusCode::UNAUTHORIZED {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"evolva\", error=\"invalid_token\""));
    }
    if error.code() == Code::InsufficientScope {
        let scope = error.problems().first().map(|problem| problem.detail.clone()).unwrap_or_default();
        let value = format!("Bearer realm=\"evolva\", error=\"insufficient_scope\", scope=\"{scope}\"");
        response.insert_header((header::WWW_AUTHENTICATE, value));
    }
    if let Some(seconds) = error.retry_after() {
        response.insert_header((header::RETRY_AFTER, seconds));
    }
    response.content_type("application/problem+json").json(details)
}

/// Whether the client reads the draft's media type, plain JSON, or neither.
pub fn wants_graphql_response(request: &HttpRequest) -> Option<bool> {
    let Some(accept) = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()) else {
        return Some(false);
    };
    let types: Vec<_> =
        accept.split(',').map(|part| part.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()).collect();
    let has = |name: &str| types.iter().any(|one| one == name);
    if has("application/graphql-response+json") {
        Some(true)
    } else if has("application/json") || has("*/*") || has("application/*") {
        Some(false)
    } else {
        None
    }
}

/// Refuses any other content type than these.
pub fn check_content_type(request: &HttpRequest, allowed: &[&str]) -> Result<(), ApiError> {
    let sent = request.content_type().to_ascii_lowercase();
    let charset = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let other_charset = charset
        .to_ascii_lowercase()
        .split(';')
        .skip(1)
        .any(|part| part.trim().strip_prefix("charset=").is_some_and(|set| set.trim_matches('"') != "utf-8"));
    if allowed.contains(&sent.as_str()) && !other_charset {
        Ok(())
    } else {
        Err(ApiError::request(Code::UnsupportedMediaType, allowed.join(", ")))
    }
}

/// Refuses an encoding that is not inflated here.
pub fn check_encoding(request: &HttpRequest) -> Result<(), ApiError> {
    let encoding =
        request.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap_or("?").to_ascii_lowercase());
    if matches!(encoding.as_deref(), None | Some("identity" | "gzip" | "deflate")) {
        Ok(())
    } else {
        Err(ApiError::request(Code::UnsupportedMediaType, "identity, gzip or deflate"))
    }
}

/// A body that takes longer, or an import that is silent for longer, is given up.
pub const SLOWEST: std::time::Duration = std::time::Duration::from_secs(25);

/// A whole body, inflated, within its limit.
pub async fn read_body(
    request: &HttpRequest,
    payload: web::Payload,
    limit: usize,
    types: &[&str],
) -> Result<web::BytesMut, ApiError> {
    check_content_type(request, types)?;
    check_encoding(request)?;
    let mut stream = actix_web::dev::Decompress::from_headers(payload, request.headers());
    let mut body = web::BytesMut::new();
    let end = tokio::time::Instant::now() + SLOWEST;
    let late = |_| ApiError::request(Code::RequestTimeout, "");
    while let Some(chunk) = tokio::time::timeout_at(end, stream.next()).await.map_err(late)? {
        let chunk = chunk.map_err(|error| ApiError::request(Code::MalformedBody, error.to_string()))?;
        if body.len() + chunk.len() > limit {
            return Err(ApiError::request(Code::BodyTooLarge, format!("{limit} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Gives each request its id, says which version of the API answers, and measures.
async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let start = Instant::now();
    let id = uuid::Uuid::now_v7().simple().to_string();
    request.extensions_mut().insert(TraceId(id.clone()));
    let route = request.match_pattern().unwrap_or_else(|| "none".to_owned());
    // The rest of a feed's address is a secret.
    let secret = request.path().starts_with(calendar::PATH) || route.starts_with(calendar::PATH);
    let path = if secret { calendar::PATH } else { request.path() };
    let (method, path) = (request.method().to_string(), path.to_owned());
    let mut response = next.call(request).await?;
    let status = response.status().as_u16();
    let headers = response.headers_mut();
    // It has kept what is not to be packed from being packed, and is no encoding to tell of (RFC 9110, section 12.5.3).
    if headers.get(header::CONTENT_ENCODING).is_some_and(|value| value == "identity") {
        headers.remove(header::CONTENT_ENCODING);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    headers.insert(HeaderName::from_static("api-version"), HeaderValue::from_static(contract::VERSION));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
    let took = start.elapsed();
    metrics::histogram!("evolva_request_seconds", "route" => route, "status" => status.to_string()).record(took);
    // Paths hold ids and slugs, never a query: what was searched for is nobody's business.
    tracing::info!(trace_id = id, method, path, status, micros = took.as_micros() as u64, "request");
    Ok(response)
}

async fn not_found(request: HttpRequest) -> HttpResponse {
    problem(&request, &evolva_domain::Error::NotFound.into())
}

async fn openapi(api: web::Data<Api>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .content_type("application/json")
        .body(api.openapi.clone())
}

async fn jwks(request: HttpRequest, api: web::Data<Api>) -> HttpResponse {
    match api.authority.keys.jwks().await {
        Ok(keys) => HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=300")).json(keys),
        Err(fault) => problem(&request, &fault.into()),
    }
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "live" }))
}

async fn ready(api: web::Data<Api>) -> HttpResponse {
    if (api.ready)().await {
        HttpResponse::Ok().json(serde_json::json!({ "status": "ready" }))
    } else {
        HttpResponse::ServiceUnavailable().json(serde_json::json!({ "status": "not ready" }))
    }
}

/// GraphiQL's page, from the files that were bundled when this was built.
pub fn graphiql_page() -> HttpResponse {
    let page = match asset("index.html") {
        Some(bytes) => bytes.to_vec(),
        None => include_bytes!("graphiql-cdn.html").to_vec(),
    };
    let policy = if asset("index.html").is_some() {
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; script-src 'self'; \
         style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; connect-src 'self'; \
         worker-src 'self'"
    } else {
        "default-src 'self' https://esm.sh 'unsafe-inline'; worker-src 'self' blob:; frame-ancestors 'none'"
    };
    HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .content_type("text/html; charset=utf-8")
        .body(page)
}

include!(concat!(env!("OUT_DIR"), "/graphiql_assets.rs"));

fn asset(name: &str) -> Option<&'static [u8]> {
    GRAPHIQL.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes)
}

async fn graphiql_asset(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    let Some(bytes) = asset(&name) else { return not_found(request).await };
    let kind = match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("md") => "text/plain; charset=utf-8",
        Some("ttf") => "font/ttf",
        _ => "application/octet-stream",
    };
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=3600")).content_type(kind).body(bytes)
}

/// Says which methods there are, to who came with another.
pub async fn only(request: HttpRequest, methods: &'static str) -> HttpResponse {
    let mut response = problem(&request, &ApiError::request(Code::MethodNotAllowed, methods));
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(methods));
    response
}

/// A resource that can only be read.
fn reading(path: &str, route: actix_web::Route) -> actix_web::Resource {
    web::resource(path).route(route).default_service(web::to(|request: HttpRequest| only(request, "GET, HEAD")))
}

/// All routes. Whoever builds the server wraps nothing more around them.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::scope("")
            .wrap(Compress::default())
            .wrap(from_fn(around))
            .service(
                web::resource("/graphql")
                    .route(web::get().to(graphql::handler::handle))
                    .route(web::post().to(graphql::handler::handle))
                    .default_service(web::to(|request: HttpRequest| only(request, "GET, POST"))),
            )
            .service(reading("/graphql/assets/{name:.*}", rest::reading().to(graphiql_asset)))
            .service(reading("/api/v1/openapi.json", rest::reading().to(openapi)))
            .service(reading("/.well-known/jwks.json", rest::reading().to(jwks)))
            .service(reading("/calendar/{address:.*}", rest::reading().to(calendar::feed)))
            .service(reading("/health/live", rest::reading().to(live)))
            .service(reading("/health/ready", rest::reading().to(ready)))
            .service(web::redirect("/docs", "/docs/"))
            .service(
                utoipa_swagger_ui::SwaggerUi::new("/docs/{_:.*}")
                    .config(utoipa_swagger_ui::Config::from("/api/v1/openapi.json").validator_url("none")),
            )
            .configure(rest::configure)
            .default_service(web::to(not_found)),
    );
}

/// Starts to record metrics in this process; answers what renders them for Prometheus.
pub fn metrics_recorder() -> Result<Arc<dyn Fn() -> String + Send + Sync>, String> {
    let buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
    let builder = metrics_exporter_prometheus::PrometheusBuilder::new();
    let builder = builder.set_buckets(&buckets).map_err(|error| error.to_string())?;
    let handle = builder.install_recorder().map_err(|error| error.to_string())?;
    Ok(Arc::new(move || handle.render()))
}

/// The metrics, for the operations listener.
pub fn serve_metrics(config: &mut web::ServiceConfig, render: Arc<dyn Fn() -> String + Send + Sync>) {
    config.route(
        "/metrics",
        web::get().to(move || {
            let render = render.clone();
            async move { HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(render()) }
        }),
    );
}
