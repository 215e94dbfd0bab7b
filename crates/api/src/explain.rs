//! What a token can read and do now, in words and counts, for whoever answers for it.

use crate::{
    contract,
    list::{self, KeyedOp, ListOp, VisitList},
    model::view::{View, base},
};
use evolva_domain::{
    Result,
    ctx::Ctx,
    query::{Page, Query, Rows},
    record::Labelled,
    scope::{Scope, TenantScope},
};
use std::fmt::Write;

/// Every list, with the query that counts it.
#[derive(Default)]
struct Counts(Vec<(&'static str, Scope, Query)>);

impl VisitList for Counts {
    fn list<L: ListOp>(&mut self) {
        let sort = list::sort_of(L::Order::ALL[0]);
        let page = Page {
            filters: vec![],
            sort,
            limit: 1,
            after: None,
            before: None,
            backwards: false,
            total: true,
            rows: false,
        };
        let query = Query { select: base(L::View::TABLE), rows: Rows::Page(page) };
        self.0.push((L::NAMES.0, L::View::READ, query));
    }
    fn keyed<K: KeyedOp>(&mut self) {}
}

/// The lists that the scope reads with their numbers of rows, those that it does not, and the operations that it may ask
/// for.
pub async fn explain(ctx: &Ctx, scope: &TenantScope) -> Result<String> {
    let mut counts = Counts::default();
    list::each(&mut counts);
    let (read, unread): (Vec<_>, Vec<_>) = counts.0.into_iter().partition(|(_, needed, _)| scope.holds(*needed));
    let queries: Vec<_> = read.iter().map(|(.., query)| query.clone()).collect();
    let branches = if queries.is_empty() { vec![] } else { ctx.store.read(scope, &queries).await? };
    let mut text = String::from("It sees now:\n");
    // Writing to a String cannot fail.
    for ((name, ..), branch) in read.iter().zip(branches) {
        let _ = writeln!(text, "  {:<24} {}", words(name), branch.total.unwrap_or(0));
    }
    if read.is_empty() {
        text.push_str("  nothing\n");
    }
    if !unread.is_empty() {
        let _ = writeln!(text, "It does not read, for want of a scope:");
        for (name, needed, _) in unread {
            let _ = writeln!(text, "  {:<24} {}", words(name), needed.label());
        }
    }
    let asks: Vec<_> = contract::operations().into_iter().filter(|op| scope.holds(op.scope)).collect();
    let as_whom = match (scope.person().is_some(), scope.is_admin()) {
        _ if scope.is_public() => "in its organisation's name, and sees what is public alone",
        (false, _) => "as its organisation's admin, on what that owns",
        (true, true) => "as an admin of their organisation, and by their part in each CoP",
        (true, false) => "by their part in each CoP, and on what is their own",
    };
    let _ = writeln!(text, "It may ask for {} operations, {as_whom}:", asks.len());
    for needed in Scope::ALL {
        let names: Vec<_> =
            asks.iter().filter(|op| op.scope == *needed).map(|op| crate::model::view::camel(op.name)).collect();
        if !names.is_empty() {
            let _ = writeln!(text, "  {:<24} {}", needed.label(), names.join(", "));
        }
    }
    Ok(text)
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}
