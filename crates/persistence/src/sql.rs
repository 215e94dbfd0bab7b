//! A statement under construction: its text, and its arguments by number. The tenant is always the first, and the acting
//! person, where there is one, the second.

use crate::{db::Dialect, visible, visible::For};
use evolva_domain::{
    record::{Cell, Field},
    scope::TenantScope,
};
use std::{cell::RefCell, collections::HashMap, fmt::Write};
use uuid::Uuid;

type Texts = HashMap<(Dialect, bool, For, &'static str), HashMap<String, String>>;
thread_local! {
    static VISIBLE: RefCell<Texts> = RefCell::default();
}

/// Who looks: what every statement is bound to.
#[derive(Debug, Clone, Copy)]
pub struct Viewer {
    /// The nil UUID (RFC 9562) for who looks as the public does.
    pub tenant: Uuid,
    pub person: Option<Uuid>,
    pub outsider: bool,
}

impl Viewer {
    pub fn of(scope: &TenantScope) -> Self {
        let person = scope.person().map(|person| person.uuid());
        Self { tenant: scope.tenant().uuid(), person, outsider: scope.is_outsider() }
    }

    /// The person for row-level security; empty where nobody in person acts.
    pub fn person_text(self) -> String {
        self.person.map(|person| person.to_string()).unwrap_or_default()
    }
}

#[derive(Debug, Clone)]
pub struct Sql {
    pub dialect: Dialect,
    pub viewer: Viewer,
    pub text: String,
    pub args: Vec<Cell>,
    /// Whether functions are called for what is rarely needed of predicates. For the rows of a page that is less work, for
    /// all rows of a table more.
    calls: bool,
}

impl Sql {
    pub fn new(dialect: Dialect, viewer: Viewer) -> Self {
        let args = std::iter::once(Cell::Uuid(viewer.tenant)).chain(viewer.person.map(|person| person.to_cell()));
        Self {
            dialect,
            viewer,
            text: String::with_capacity(512),
            args: args.collect(),
            calls: dialect == Dialect::Postgres,
        }
    }

    /// For a statement that goes through all rows.
    pub fn counting(mut self) -> Self {
        self.calls = false;
        self
    }

    /// How many arguments stand before those of the statement itself.
    pub fn lead(&self) -> usize {
        1 + usize::from(self.viewer.person.is_some())
    }

    /// Which text of a predicate fits the viewer.
    pub fn place(&self) -> For {
        match self.viewer {
            Viewer { tenant, .. } if tenant.is_nil() => For::Public,
            Viewer { person: None, .. } => For::Tenant,
            Viewer { outsider: false, .. } => For::Person,
            Viewer { outsider: true, .. } => For::Outsider,
        }
    }

    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a value, by its number in the dialect's way.
    pub fn bind(&mut self, cell: Cell) -> &mut Self {
        self.args.push(cell);
        let number = self.args.len();
        // Writing to a String cannot fail.
        let _ = match self.dialect {
            Dialect::Postgres => write!(self.text, "${number}"),
            Dialect::Sqlite => write!(self.text, "?{number}"),
        };
        self
    }

    /// Adds who may see a row of the table. The same few texts stand in every statement, so each is made once a thread.
    pub fn visible(&mut self, table: &'static str, alias: &str) -> &mut Self {
        let (dialect, calls, place) = (self.dialect, self.calls, self.place());
        VISIBLE.with_borrow_mut(|known| {
            let by_alias = known.entry((dialect, calls, place, table)).or_default();
            match by_alias.get(alias) {
                Some(text) => self.text.push_str(text),
                None => {
                    let text = seen(dialect, calls, place, table, alias);
                    self.text.push_str(&text);
                    by_alias.insert(alias.to_owned(), text);
                }
            }
        });
        self
    }

    /// Who may see a row of the table, for a text that is added later.
    pub fn seen(&self, table: &str, alias: &str) -> String {
        seen(self.dialect, self.calls, self.place(), table, alias)
    }

    /// Adds a condition of `visible`, with its alias and the viewer filled in.
    pub fn predicate(&mut self, template: &str, alias: &str) -> &mut Self {
        let text = fill(self.dialect, template, alias);
        self.text.push_str(&text);
        self
    }

    /// PostgreSQL wants a type for every argument, also where no condition names it.
    pub fn keep_arguments(&mut self) {
        if self.dialect == Dialect::Sqlite {
            return;
        }
        for number in 1..=self.lead() {
            let named = [' ', ')', ','].iter().any(|end| self.text.contains(&format!("${number}{end}")));
            if !named && !self.text.ends_with(&format!("${number}")) {
                self.text = self.text.replacen(" WHERE ", &format!(" WHERE ${number}::uuid IS NOT NULL AND "), 1);
            }
        }
    }
}

fn seen(dialect: Dialect, calls: bool, place: For, table: &str, alias: &str) -> String {
    let text = if calls { visible::predicate_with_calls(table, place) } else { visible::predicate(table, place) };
    fill(dialect, &text, alias)
}

/// A condition of `visible` with its alias and the viewer's placeholders.
pub fn fill(dialect: Dialect, template: &str, alias: &str) -> String {
    let (me, person) = match dialect {
        Dialect::Postgres => ("$1", "$2"),
        Dialect::Sqlite => ("?1", "?2"),
    };
    template.replace("{t}", alias).replace("{me}", me).replace("{person}", person)
}
