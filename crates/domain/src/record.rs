//! How an entity shows its fields to the outside, so that a field is typed once here and never again in a row type.
//!
//! [`record!`] writes the struct, with the fields that every row has, and its list of columns. Persistence reads and
//! writes [`Cell`]s by that list; it needs no code of its own for one more entity but its table and its predicate.

use crate::{
    error::Language,
    id::{Id, Prefixed},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use uuid::Uuid;

/// One value of a row, in a form that every database has.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Uuid(Uuid),
    At(DateTime<Utc>),
    Date(NaiveDate),
    Json(Json),
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellType {
    Bool,
    Int,
    Text,
    Uuid,
    At,
    Date,
    Json,
}

/// One column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub of: CellType,
}

/// A table: its name, the prefix of its ids, its columns in the order of [`Record::cells`].
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    pub prefix: &'static str,
    pub columns: &'static [Column],
}

impl Table {
    pub fn column(&self, name: &str) -> Option<Column> {
        self.columns.iter().find(|column| column.name == name).copied()
    }
}

/// An entity that is kept in a table.
pub trait Record: Prefixed + Sized + Send + Sync + Clone + Default {
    const TABLE: &'static Table;
    fn cells(&self) -> Vec<Cell>;
    /// `None` where a cell does not hold what its column promises.
    fn from_cells(cells: Vec<Cell>) -> Option<Self>;
    fn base(&self) -> Base;
    /// Sets what every row has, on a new row.
    fn stamp(&mut self, id: Uuid, tenant: Id<crate::organisation::Organisation>, now: DateTime<Utc>);
    /// Moves the row to its next version.
    fn touch(&mut self, now: DateTime<Utc>);
    fn mark_imported(&mut self);
    /// Whether it came in as history.
    fn is_imported(&self) -> bool;
}

/// What every row has.
#[derive(Debug, Clone, Copy)]
pub struct Base {
    pub id: Uuid,
    pub tenant: Id<crate::organisation::Organisation>,
    pub version: i64,
}

/// A type that fits into one column.
pub trait Field: Sized {
    const TYPE: CellType;
    fn to_cell(&self) -> Cell;
    fn from_cell(cell: Cell) -> Option<Self>;
}

macro_rules! plain_field {
    ($($type:ty => $cell:ident),*) => {$(
        impl Field for $type {
            const TYPE: CellType = CellType::$cell;
            fn to_cell(&self) -> Cell {
                Cell::$cell(self.clone())
            }
            fn from_cell(cell: Cell) -> Option<Self> {
                if let Cell::$cell(value) = cell { Some(value) } else { None }
            }
        }
    )*};
}
plain_field!(bool => Bool, i64 => Int, String => Text, Uuid => Uuid, DateTime<Utc> => At, NaiveDate => Date);

impl<K: Prefixed> Field for Id<K> {
    const TYPE: CellType = CellType::Uuid;
    fn to_cell(&self) -> Cell {
        Cell::Uuid(self.uuid())
    }
    fn from_cell(cell: Cell) -> Option<Self> {
        Uuid::from_cell(cell).map(Self::new)
    }
}

impl<T: Field> Field for Option<T> {
    const TYPE: CellType = T::TYPE;
    fn to_cell(&self) -> Cell {
        self.as_ref().map_or(Cell::Null, Field::to_cell)
    }
    fn from_cell(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            cell => T::from_cell(cell).map(Some),
        }
    }
}

/// A value that is kept as JSON, because nothing is looked up by its parts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AsJson<T>(pub T);

impl<T: serde::Serialize + serde::de::DeserializeOwned> Field for AsJson<T> {
    const TYPE: CellType = CellType::Json;
    fn to_cell(&self) -> Cell {
        // These types have no maps with keys that are not strings, the only thing that could fail here.
        serde_json::to_value(&self.0).map_or(Cell::Null, Cell::Json)
    }
    fn from_cell(cell: Cell) -> Option<Self> {
        if let Cell::Json(value) = cell { serde_json::from_value(value).ok().map(Self) } else { None }
    }
}

/// An enumeration whose `SCREAMING_SNAKE` names are what the database, both surfaces and the documents use.
pub trait Labelled: Sized + Copy + PartialEq + Send + Sync + 'static {
    const NAME: &'static str;
    const DOC: &'static str;
    const ALL: &'static [Self];
    /// The doc comments of the variants, in the order of `ALL`.
    const DOCS: &'static [&'static str];
    /// What people call each of them in Dutch, in the order of `ALL`; empty for what no person reads.
    const DUTCH: &'static [&'static str];
    fn label(self) -> &'static str;
    fn from_label(label: &str) -> Option<Self>;

    /// What people call it.
    fn words(self, language: Language) -> String {
        let dutch = Self::ALL.iter().position(|one| *one == self).and_then(|place| Self::DUTCH.get(place));
        if let (Language::Nl, Some(words)) = (language, dutch) {
            return (*words).to_owned();
        }
        let words = self.label().to_lowercase().replace('_', " ");
        let mut letters = words.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }
}

/// Declares a [`Labelled`] enumeration. Its doc comments are client documentation; after the slash stands what people
/// call it in Dutch.
#[macro_export]
macro_rules! labels {
    ($(#[doc = $doc:literal])* $name:ident {
        $($(#[doc = $vdoc:literal])* $variant:ident = $label:literal $(/ $dutch:literal)?),+ $(,)?
    }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[doc = $vdoc])* #[serde(rename = $label)] $variant),+ }
        impl Default for $name {
            /// The first one, which is where a life cycle starts.
            fn default() -> Self {
                Self::ALL[0]
            }
        }
        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
            pub fn from_label(label: &str) -> Option<Self> {
                match label { $($label => Some(Self::$variant),)+ _ => None }
            }
        }
        impl $crate::record::Labelled for $name {
            const NAME: &'static str = stringify!($name);
            const DOC: &'static str = concat!($($doc, "\n"),*);
            const ALL: &'static [Self] = Self::ALL;
            const DOCS: &'static [&'static str] = &[$(concat!($($vdoc, "\n"),*)),+];
            const DUTCH: &'static [&'static str] = &[$($($dutch,)?)+];
            fn label(self) -> &'static str {
                Self::label(self)
            }
            fn from_label(label: &str) -> Option<Self> {
                Self::from_label(label)
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.label())
            }
        }
        impl $crate::record::Field for $name {
            const TYPE: $crate::record::CellType = $crate::record::CellType::Text;
            fn to_cell(&self) -> $crate::record::Cell {
                $crate::record::Cell::Text(self.label().to_owned())
            }
            fn from_cell(cell: $crate::record::Cell) -> Option<Self> {
                if let $crate::record::Cell::Text(text) = cell { Self::from_label(&text) } else { None }
            }
        }
    };
}

/// Declares an entity: the struct with the fields that every row has and its own, and its [`Table`].
#[macro_export]
macro_rules! record {
    ($(#[$meta:meta])* $name:ident ($table:literal, $prefix:literal) { $($(#[$fmeta:meta])* $field:ident : $type:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default)]
        pub struct $name {
            pub id: $crate::Id<$name>,
            /// The organisation that owns the row.
            pub tenant_id: $crate::Id<$crate::organisation::Organisation>,
            pub version: i64,
            pub created_at: chrono::DateTime<chrono::Utc>,
            pub updated_at: chrono::DateTime<chrono::Utc>,
            pub external_id: Option<String>,
            /// Set for rows that came in with `imports:history`.
            pub imported: bool,
            $($(#[$fmeta])* pub $field: $type),*
        }
        impl $crate::id::Prefixed for $name {
            const PREFIX: &'static str = $prefix;
        }
        impl $crate::record::Record for $name {
            const TABLE: &'static $crate::record::Table = &$crate::record::Table {
                name: $table,
                prefix: $prefix,
                columns: &[
                    $crate::record::Column { name: "id", of: $crate::record::CellType::Uuid },
                    $crate::record::Column { name: "tenant_id", of: $crate::record::CellType::Uuid },
                    $crate::record::Column { name: "version", of: $crate::record::CellType::Int },
                    $crate::record::Column { name: "created_at", of: $crate::record::CellType::At },
                    $crate::record::Column { name: "updated_at", of: $crate::record::CellType::At },
                    $crate::record::Column { name: "external_id", of: $crate::record::CellType::Text },
                    $crate::record::Column { name: "imported", of: $crate::record::CellType::Bool },
                    $($crate::record::Column {
                        name: stringify!($field),
                        of: <$type as $crate::record::Field>::TYPE,
                    }),*
                ],
            };
            fn cells(&self) -> Vec<$crate::record::Cell> {
                use $crate::record::Field;
                vec![
                    self.id.to_cell(),
                    self.tenant_id.to_cell(),
                    self.version.to_cell(),
                    self.created_at.to_cell(),
                    self.updated_at.to_cell(),
                    self.external_id.to_cell(),
                    self.imported.to_cell(),
                    $(self.$field.to_cell()),*
                ]
            }
            fn from_cells(cells: Vec<$crate::record::Cell>) -> Option<Self> {
                use $crate::record::Field;
                let mut cells = cells.into_iter();
                Some(Self {
                    id: Field::from_cell(cells.next()?)?,
                    tenant_id: Field::from_cell(cells.next()?)?,
                    version: Field::from_cell(cells.next()?)?,
                    created_at: Field::from_cell(cells.next()?)?,
                    updated_at: Field::from_cell(cells.next()?)?,
                    external_id: Field::from_cell(cells.next()?)?,
                    imported: Field::from_cell(cells.next()?)?,
                    $($field: Field::from_cell(cells.next()?)?),*
                })
            }
            fn base(&self) -> $crate::record::Base {
                $crate::record::Base { id: self.id.uuid(), tenant: self.tenant_id, version: self.version }
            }
            fn stamp(
                &mut self,
                id: uuid::Uuid,
                tenant: $crate::Id<$crate::organisation::Organisation>,
                now: chrono::DateTime<chrono::Utc>,
            ) {
                self.id = $crate::Id::new(id);
                self.tenant_id = tenant;
                self.version = 1;
                self.created_at = now;
                self.updated_at = now;
            }
            fn touch(&mut self, now: chrono::DateTime<chrono::Utc>) {
                self.version += 1;
                self.updated_at = now;
            }
            fn mark_imported(&mut self) {
                self.imported = true;
            }
            fn is_imported(&self) -> bool {
                self.imported
            }
        }
    };
}
