//! A statement under construction: its text, and its arguments by number. The tenant is always the first, and the acting
//! person, where there is one, the second.

use crate::{db::Dialect, visible, visible::For};
use evolva_domain::{
    record::{Cell, Field},
    scope::TenantScope,
};
use std::{cell::RefCell, collections::HashMap, fmt::Write};
use uuid::Uuid;

type Texts = HashMap<(Dialect, For, &'static str), HashMap<String, String>>;
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
}

impl Sql {
    pub fn new(dialect: Dialect, viewer: Viewer) -> Self {
        let args = std::iter::once(Cell::Uuid(viewer.tenant)).chain(viewer.person.map(|person| person.to_cell()));
        Self { dialect, viewer, text: String::with_capacity(512), args: args.collect() }
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
        let key = (self.dialect, self.place(), table);
        VISIBLE.with_borrow_mut(|known| {
            let by_alias = known.entry(key).or_default();
            match by_alias.get(alias) {
                Some(text) => self.text.push_str(text),
                None => {
                    let text = match self.dialect {
                        Dialect::Postgres => visible::predicate_with_calls(table, key.1),
                        Dialect::Sqlite => visible::predicate(table, key.1),
                    };
                    let text = fill(self.dialect, &text, alias);
                    self.text.push_str(&text);
                    by_alias.insert(alias.to_owned(), text);
                }
            }
        });
        self
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

/// A condition of `visible` with its alias and the viewer's placeholders.
pub fn fill(dialect: Dialect, template: &str, alias: &str) -> String {
    let (me, person) = match dialect {
        Dialect::Postgres => ("$1", "$2"),
        Dialect::Sqlite => ("?1", "?2"),
    };
    template.replace("{t}", alias).replace("{me}", me).replace("{person}", person)
}
