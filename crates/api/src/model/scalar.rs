//! Values that both surfaces share: typed ids, enumerations, changes.

use async_graphql::{ID, InputType, InputValueError, InputValueResult, OutputType, Value, registry};
use evolva_domain::{
    Id,
    id::Prefixed,
    input::Patch,
    record::{Cell, Field, Labelled},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// A typed id: `ID` in GraphQL, a string in REST.
pub struct Gid<K>(pub Id<K>);

impl<K: Prefixed> std::fmt::Debug for Gid<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl<K> Clone for Gid<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Gid<K> {}

impl<K: Prefixed> Serialize for Gid<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
impl<'de, K: Prefixed> Deserialize<'de> for Gid<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Id::deserialize(deserializer).map(Self)
    }
}
impl<K: Prefixed> InputType for Gid<K> {
    type RawValueType = Self;
    fn type_name() -> Cow<'static, str> {
        <ID as InputType>::type_name()
    }
    fn create_type_info(registry: &mut registry::Registry) -> String {
        <ID as InputType>::create_type_info(registry)
    }
    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        match value {
            Some(Value::String(text)) => text.parse().map(Self).map_err(|error: evolva_domain::id::MalformedId| {
                InputValueError::custom(format!("{error}: '{text}'")).with_extension("code", "INVALID_ID")
            }),
            other => Err(InputValueError::expected_type(other.unwrap_or_default())),
        }
    }
    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}
impl<K: Prefixed + 'static> OutputType for Gid<K> {
    fn type_name() -> Cow<'static, str> {
        <ID as InputType>::type_name()
    }
    fn create_type_info(registry: &mut registry::Registry) -> String {
        <ID as OutputType>::create_type_info(registry)
    }
    async fn resolve(
        &self,
        _: &async_graphql::ContextSelectionSet<'_>,
        _: &async_graphql::Positioned<async_graphql::parser::types::Field>,
    ) -> async_graphql::ServerResult<Value> {
        Ok(Value::String(self.0.to_string()))
    }
}
impl<K: Prefixed> PartialSchema for Gid<K> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(format!("^{}_[0-9a-hjkmnp-tv-z]{{26}}$", K::PREFIX)))
            .examples([serde_json::json!(Id::<K>::default().to_string())])
            .into()
    }
}
impl<K: Prefixed> ToSchema for Gid<K> {
    fn name() -> Cow<'static, str> {
        format!("{}Id", K::PREFIX).into()
    }
}

/// An enumeration of the domain, as both surfaces show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct E<T>(pub T);

impl<T: Labelled> Serialize for E<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.label())
    }
}
impl<'de, T: Labelled> Deserialize<'de> for E<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        T::from_label(&text).map(Self).ok_or_else(|| {
            let labels: Vec<_> = T::ALL.iter().map(|one| one.label()).collect();
            D::Error::custom(format!("'{text}' is none of {}", labels.join(", ")))
        })
    }
}
/// GraphQL allows only names as values, so a scope is a plain string there.
fn is_graphql_enum<T: Labelled>() -> bool {
    T::ALL.iter().all(|one| !one.label().contains(':'))
}
fn register<T: Labelled>(registry: &mut registry::Registry) -> String {
    if !is_graphql_enum::<T>() {
        return <String as OutputType>::create_type_info(registry);
    }
    registry.create_input_type::<E<T>, _>(registry::MetaTypeId::Enum, |_| registry::MetaType::Enum {
        name: T::NAME.to_owned(),
        description: Some(T::DOC.trim().to_owned()),
        enum_values: T::ALL
            .iter()
            .zip(T::DOCS)
            .map(|(one, doc)| {
                let value = registry::MetaEnumValue {
                    name: one.label().to_owned(),
                    description: (!doc.trim().is_empty()).then(|| doc.trim().to_owned()),
                    deprecation: registry::Deprecation::NoDeprecated,
                    visible: None,
                    inaccessible: false,
                    tags: vec![],
                    directive_invocations: vec![],
                };
                (one.label().to_owned(), value)
            })
            .collect(),
        visible: None,
        inaccessible: false,
        tags: vec![],
        rust_typename: Some(std::any::type_name::<E<T>>()),
        directive_invocations: vec![],
        requires_scopes: vec![],
    })
}
impl<T: Labelled> InputType for E<T> {
    type RawValueType = Self;
    fn type_name() -> Cow<'static, str> {
        if is_graphql_enum::<T>() { T::NAME.into() } else { "String".into() }
    }
    fn create_type_info(registry: &mut registry::Registry) -> String {
        register::<T>(registry)
    }
    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        let text = match &value {
            Value::Enum(name) => name.as_str(),
            Value::String(text) => text,
            _ => return Err(InputValueError::expected_type(value)),
        };
        T::from_label(text).map(Self).ok_or_else(|| InputValueError::custom(format!("'{text}' is no {}", T::NAME)))
    }
    fn to_value(&self) -> Value {
        Value::Enum(async_graphql::Name::new(self.0.label()))
    }
    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}
impl<T: Labelled> OutputType for E<T> {
    fn type_name() -> Cow<'static, str> {
        <Self as InputType>::type_name()
    }
    fn create_type_info(registry: &mut registry::Registry) -> String {
        register::<T>(registry)
    }
    async fn resolve(
        &self,
        _: &async_graphql::ContextSelectionSet<'_>,
        _: &async_graphql::Positioned<async_graphql::parser::types::Field>,
    ) -> async_graphql::ServerResult<Value> {
        Ok(if is_graphql_enum::<T>() {
            Value::Enum(async_graphql::Name::new(self.0.label()))
        } else {
            Value::String(self.0.label().to_owned())
        })
    }
}
impl<T: Labelled> PartialSchema for E<T> {
    fn schema() -> RefOr<Schema> {
        let values: Vec<_> = T::ALL.iter().map(|one| one.label()).collect();
        ObjectBuilder::new().schema_type(Type::String).description(Some(T::DOC.trim())).enum_values(Some(values)).into()
    }
}
impl<T: Labelled> ToSchema for E<T> {
    fn name() -> Cow<'static, str> {
        T::NAME.into()
    }
}

/// A field of a change (JSON Merge Patch): left out keeps it, `null` empties it, a value sets it.
#[derive(Debug, Clone, Default)]
pub enum Change<T> {
    #[default]
    Keep,
    Clear,
    Set(T),
}

impl<T> Change<T> {
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(map(value)),
        }
    }
}
impl<T> From<Change<T>> for Patch<T> {
    fn from(change: Change<T>) -> Self {
        change.map(|value| value)
    }
}
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer).map(|value| value.map_or(Self::Clear, Self::Set))
    }
}
impl<T: InputType> InputType for Change<T> {
    type RawValueType = T::RawValueType;
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }
    fn qualified_type_name() -> String {
        T::type_name().to_string()
    }
    fn create_type_info(registry: &mut registry::Registry) -> String {
        T::create_type_info(registry);
        T::type_name().to_string()
    }
    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        match value {
            None => Ok(Self::Keep),
            Some(Value::Null) => Ok(Self::Clear),
            Some(value) => T::parse(Some(value)).map(Self::Set).map_err(InputValueError::propagate),
        }
    }
    fn to_value(&self) -> Value {
        if let Self::Set(value) = self { value.to_value() } else { Value::Null }
    }
    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        if let Self::Set(value) = self { value.as_raw_value() } else { None }
    }
}
/// What a change may set, with the name of its schema and its format.
pub trait Changeable {
    const NAME: &'static str;
    const TYPE: Type = Type::String;
    const FORMAT: Option<&'static str>;
}
impl Changeable for String {
    const NAME: &'static str = "NullableString";
    const FORMAT: Option<&'static str> = None;
}
impl Changeable for chrono::NaiveDate {
    const NAME: &'static str = "NullableDate";
    const FORMAT: Option<&'static str> = Some("date");
}
impl Changeable for i64 {
    const NAME: &'static str = "NullableInteger";
    const TYPE: Type = Type::Integer;
    const FORMAT: Option<&'static str> = Some("int64");
}
impl<K> Changeable for Gid<K> {
    const NAME: &'static str = "NullableId";
    const FORMAT: Option<&'static str> = None;
}
impl<T: Changeable> PartialSchema for Change<T> {
    fn schema() -> RefOr<Schema> {
        let format = T::FORMAT.map(|format| utoipa::openapi::SchemaFormat::Custom(format.to_owned()));
        let of = utoipa::openapi::schema::SchemaType::from_iter([T::TYPE, Type::Null]);
        ObjectBuilder::new().schema_type(of).format(format).into()
    }
}
impl<T: Changeable> ToSchema for Change<T> {
    fn name() -> Cow<'static, str> {
        T::NAME.into()
    }
}

/// What a field of a view is made of a cell by. A cell that was not asked for gives the type's empty value, which
/// nobody looks at.
pub trait FromCell {
    fn from_cell(cell: Cell) -> Self;
}
macro_rules! from_cell {
    ($($type:ty),*) => {$(
        impl FromCell for $type {
            fn from_cell(cell: Cell) -> Self {
                Field::from_cell(cell).unwrap_or_default()
            }
        }
    )*};
}
from_cell!(bool, i64, String, chrono::DateTime<chrono::Utc>, chrono::NaiveDate);

impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: Cell) -> Self {
        (cell != Cell::Null).then(|| T::from_cell(cell))
    }
}
impl<K: Prefixed> FromCell for Gid<K> {
    fn from_cell(cell: Cell) -> Self {
        Self(Field::from_cell(cell).unwrap_or_default())
    }
}
impl<T: Labelled + Field + Default> FromCell for E<T> {
    fn from_cell(cell: Cell) -> Self {
        Self(Field::from_cell(cell).unwrap_or_default())
    }
}
impl<T: serde::de::DeserializeOwned> FromCell for Vec<T> {
    fn from_cell(cell: Cell) -> Self {
        if let Cell::Json(value) = cell { serde_json::from_value(value).unwrap_or_default() } else { vec![] }
    }
}
