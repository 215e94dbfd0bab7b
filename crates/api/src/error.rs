//! The one map from what went wrong to a status and to `extensions.code`, for both surfaces.

use actix_web::http::StatusCode;
use evolva_domain::{
    Code, Error, Fault, Problem,
    error::{Class, Language},
};

/// The codes of limits.
const LIMITS: &[Code] = &[
    Code::BodyTooLarge,
    Code::DeadlineExceeded,
    Code::RateLimited,
    Code::QueryTooCostly,
    Code::QueryTooDeep,
    Code::RequestTimeout,
    Code::TooManyAliases,
    Code::TooManyTokens,
];

/// What a request ends with when it does not succeed.
#[derive(Debug)]
pub enum ApiError {
    Domain(Error),
    /// A request that never reached the domain.
    Request(Problem),
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self::Domain(error)
    }
}
impl From<Fault> for ApiError {
    fn from(fault: Fault) -> Self {
        Self::Domain(fault.into())
    }
}
impl From<async_graphql::ServerError> for ApiError {
    fn from(error: async_graphql::ServerError) -> Self {
        Self::request(Code::VariablesInvalid, error.message)
    }
}

pub fn status(class: Class) -> StatusCode {
    match class {
        Class::Invalid => StatusCode::BAD_REQUEST,
        Class::Unauthenticated => StatusCode::UNAUTHORIZED,
        Class::Forbidden => StatusCode::FORBIDDEN,
        Class::NotFound => StatusCode::NOT_FOUND,
        Class::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Class::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        Class::Timeout => StatusCode::REQUEST_TIMEOUT,
        Class::Conflict => StatusCode::CONFLICT,
        Class::Stale => StatusCode::PRECONDITION_FAILED,
        Class::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Class::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Class::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
        Class::HeadersTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        Class::RangeNotSatisfiable => StatusCode::RANGE_NOT_SATISFIABLE,
        Class::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Class::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Class::TooMany => StatusCode::TOO_MANY_REQUESTS,
    }
}

/// One fault of the input.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// Where in the body: a JSON Pointer (RFC 6901).
    pub pointer: String,
    /// A code of the error table.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub detail: String,
}

/// A part of a JSON Pointer (RFC 6901, section 3).
pub(crate) fn pointer(part: &str) -> String {
    format!("/{}", part.replace('~', "~0").replace('/', "~1"))
}

/// Problem details (RFC 9457), with the code table's code and every fault of the input.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemDetails {
    /// A URI that names the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong and what to do.
    pub detail: String,
    /// The request's path.
    pub instance: String,
    /// A code of the error table.
    pub code: &'static str,
    /// All faults at once: of what cannot be read, or else of what it says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The request's id, also in the header `X-Request-Id` and in the log.
    pub trace_id: String,
}

impl ApiError {
    pub fn request(code: Code, detail: impl Into<String>) -> Self {
        Self::Request(Problem::new(code, "", detail))
    }

    pub fn problems(&self) -> Vec<Problem> {
        match self {
            Self::Domain(error) => error.problems(),
            Self::Request(problem) => vec![problem.clone()],
        }
    }

    /// The code that stands for the whole: of several faults, the first.
    pub fn code(&self) -> Code {
        self.problems().first().map_or(Code::Internal, |problem| problem.code)
    }

    /// A step that waits for something, or a conflict, is `409` whatever the code of its first blocker is about.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Domain(Error::Conflict(problems))
                if problems
                    .iter()
                    .all(|one| one.code != Code::DeadlineExceeded && one.code.class() != Class::Stale) =>
            {
                StatusCode::CONFLICT
            }
            _ => status(self.code().class()),
        }
    }

    /// Whether the caller's input can mend it, so that GraphQL shows it as `userErrors`.
    pub fn is_for_user(&self) -> bool {
        match self {
            Self::Domain(Error::Conflict(problems)) => problems.iter().all(|one| one.code != Code::DeadlineExceeded),
            Self::Domain(Error::Invalid(_) | Error::Stale { .. }) => true,
            _ => false,
        }
    }

    /// In how many seconds the same may succeed, where that is known.
    pub fn retry_after(&self) -> Option<i64> {
        match self {
            Self::Domain(Error::Limited { seconds }) => Some(*seconds),
            _ => None,
        }
    }

    /// Logs what only we may know, and counts what a limit refused. Called once, where the request ends.
    pub fn log(&self, trace_id: &str) {
        if let Self::Domain(Error::Fault(fault)) = self {
            tracing::error!(trace_id, error = fault.chain(), "the request failed on our side");
        }
        let code = self.code();
        if LIMITS.contains(&code) {
            metrics::counter!("evolva_limit_refusals_total", "code" => code.label()).increment(1);
        }
    }

    pub fn details(&self, language: Language, instance: &str, trace_id: &str) -> ProblemDetails {
        let problems = self.problems();
        let (status, code) = (self.status(), self.code());
        let errors = problems
            .iter()
            .filter(|problem| !problem.field.is_empty() || problems.len() > 1)
            .map(|problem| FieldError {
                pointer: problem.field.iter().map(|part| pointer(part)).collect(),
                code: problem.code.label(),
                detail: problem.message(language),
            })
            .collect();
        ProblemDetails {
            kind: format!("https://evolva.example/problems/{}", code.label().to_lowercase().replace('_', "-")),
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: problems.first().map(|problem| problem.message(language)).unwrap_or_default(),
            instance: instance.to_owned(),
            code: code.label(),
            errors,
            trace_id: trace_id.to_owned(),
        }
    }

    /// The same as a top-level error of GraphQL.
    pub fn graphql(&self, language: Language, trace_id: &str) -> async_graphql::Error {
        self.log(trace_id);
        let problems = self.problems();
        let message = problems.first().map(|problem| problem.message(language)).unwrap_or_default();
        let mut error = async_graphql::Error::new(message);
        let mut extensions = async_graphql::ErrorExtensionValues::default();
        extensions.set("code", self.code().label());
        extensions.set("traceId", trace_id);
        if let Some(seconds) = self.retry_after() {
            extensions.set("retryAfter", seconds);
        }
        if let Some(field) = problems.first().map(|problem| &problem.field).filter(|field| !field.is_empty()) {
            extensions.set("field", field.iter().map(|part| part.to_string()).collect::<Vec<_>>());
        }
        error.extensions = Some(extensions);
        error
    }
}
