//! What is read as a text, in the OpenAPI document: a report as Markdown, figures as CSV.

use super::{Document, READ, failures, parameter, success};
use crate::model::{overview::CopDashboardsAsked, view::camel};
use serde_json::{Value, json};

/// Their addresses, with the GraphQL fields that hold the same.
pub const TEXTS: [(&str, &str); 3] = [
    ("/cops/{id}/report.md", "cop_report.markdown"),
    ("/cops/{id}/figures.csv", "cop_dashboard.csv"),
    ("/cop-figures.csv", "cop_dashboards.csv"),
];

pub(super) fn add(document: &mut Document) {
    let id = || vec![parameter("id", "path", "The typed id.", json!({ "type": "string" }))];
    let page = document.parameters::<CopDashboardsAsked>(|_| false);
    let all: [(&str, &str, &str, Vec<Value>, &str); 3] = [
        (
            "getCopReportMarkdown",
            "text/markdown",
            "The report of a CoP as Markdown (CommonMark with tables), in the language of Accept-Language (nl, en), of what you see of it. What people wrote stands in it as they wrote it.",
            id(),
            "The report.",
        ),
        (
            "getCopFiguresCsv",
            "text/csv",
            "The figures of a CoP as CSV (RFC 4180): a row with the names of the columns, and one of figures. What is not shown to you is empty; a title that a spreadsheet would take for a formula has an apostrophe before it.",
            id(),
            "The figures.",
        ),
        (
            "listCopFiguresCsv",
            "text/csv",
            "The figures of the CoPs that your organisation hosts or takes part in as CSV (RFC 4180), a row for each, latest made first: 100 if first does not say otherwise, with a link to the next page.",
            page,
            "The figures.",
        ),
    ];
    for ((path, field), (operation_id, media, text, parameters, answer)) in TEXTS.into_iter().zip(all) {
        let mut codes = READ.to_vec();
        codes.push(("404", "Not found, or not yours to see."));
        let mut responses = failures(&codes);
        responses.extend([success("200", answer, media, json!({ "type": "string" }))]);
        responses.insert("304".into(), json!({ "description": "Not changed since the ETag in If-None-Match." }));
        let operation = json!({
            "operationId": operation_id, "tags": ["cops"], "summary": text, "parameters": parameters,
            "security": [{ "bearer": ["cops:read"] }], "responses": responses, "x-graphql-field": camel(field),
        });
        document.add(path, "get", operation);
    }
}
