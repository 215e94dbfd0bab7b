//! Which variable, and which field of it, does not fit its type. The library tells of the type alone.

use async_graphql::{
    Value, Variables,
    parser::{
        parse_schema,
        types::{BaseType, InputObjectType, OperationDefinition, Type, TypeKind, TypeSystemDefinition},
    },
};
use evolva_domain::{Code, Problem};
use std::{collections::HashMap, sync::OnceLock};

/// As many are told at once; a list can hold half a million.
const MOST: usize = 50;

/// The inputs of the schema.
#[derive(Default)]
struct Inputs {
    objects: HashMap<String, InputObjectType>,
    enums: HashMap<String, Vec<String>>,
    /// How ids of a field begin, by input and field: GraphQL knows one type of id only.
    prefixes: HashMap<(String, String), String>,
}

static INPUTS: OnceLock<Inputs> = OnceLock::new();

/// Where the walk is, and what it has found.
struct Walk<'w> {
    inputs: &'w Inputs,
    /// What the library found.
    said: &'w str,
    path: Vec<String>,
    found: Vec<Problem>,
}

impl Inputs {
    /// From both published schemas.
    fn of(sdl: &str, openapi: &[u8]) -> Self {
        let mut all = Self::default();
        // The library's own words for its schema: they parse.
        for definition in parse_schema(sdl).into_iter().flat_map(|document| document.definitions) {
            let TypeSystemDefinition::Type(of) = definition else { continue };
            let name = of.node.name.node.to_string();
            match of.node.kind {
                TypeKind::InputObject(object) => {
                    all.objects.insert(name, object);
                }
                TypeKind::Enum(one) => {
                    let values = one.values.into_iter().map(|value| value.node.value.node.to_string());
                    all.enums.insert(name, values.collect());
                }
                _ => {}
            }
        }
        let openapi: serde_json::Value = serde_json::from_slice(openapi).unwrap_or_default();
        let named = openapi["components"]["schemas"].as_object().into_iter().flatten();
        for (name, of) in named.filter(|(name, _)| all.objects.contains_key(*name)) {
            for (field, of) in of["properties"].as_object().into_iter().flatten() {
                let prefix =
                    [&of["$ref"], &of["oneOf"][0]["$ref"], &of["items"]["$ref"], &of["items"]["oneOf"][0]["$ref"]]
                        .into_iter()
                        .find_map(|one| one.as_str()?.rsplit('/').next()?.strip_suffix("Id"));
                if let Some(prefix) = prefix {
                    all.prefixes.insert((name.clone(), field.clone()), prefix.to_owned());
                }
            }
        }
        all
    }
}

impl Walk<'_> {
    fn tell(&mut self, code: Code, detail: &str) {
        let field = self.path.iter().map(|part| part.clone().into()).collect();
        self.found.push(Problem { code, field, detail: detail.to_owned() });
    }

    fn below(&mut self, part: impl Into<String>, walk: impl FnOnce(&mut Self)) {
        self.path.push(part.into());
        walk(self);
        self.path.pop();
    }

    /// `prefix`: how an id is to begin here, where that is known.
    fn walk(&mut self, of: &Type, value: &Value, prefix: Option<&str>) {
        if self.found.len() >= MOST {
            return;
        }
        if *value == Value::Null {
            if !of.nullable {
                self.tell(Code::Required, "not null");
            }
            return;
        }
        let name = match (&of.base, value) {
            (BaseType::List(of), Value::List(all)) => {
                for (place, one) in all.iter().enumerate() {
                    self.below(place.to_string(), |walk| walk.walk(of, one, prefix));
                }
                return;
            }
            // One value stands for a list of it.
            (BaseType::List(of), _) => return self.walk(of, value, prefix),
            (BaseType::Named(name), _) => name.as_str(),
        };
        let inputs = self.inputs;
        if let Some(object) = inputs.objects.get(name) {
            let Value::Object(fields) = value else { return self.tell(Code::InvalidValue, "an object") };
            for field in &object.fields {
                let of = &field.node;
                let field = of.name.node.to_string();
                let prefix = inputs.prefixes.get(&(name.to_owned(), field.clone())).map(String::as_str);
                match fields.get(&of.name.node) {
                    Some(value) => self.below(field, |walk| walk.walk(&of.ty.node, value, prefix)),
                    None if !of.ty.node.nullable && of.default_value.is_none() => {
                        self.below(field, |walk| walk.tell(Code::Required, ""));
                    }
                    None => {}
                }
            }
            let unknown = fields.keys().filter(|key| !object.fields.iter().any(|of| of.node.name.node == **key));
            for key in unknown.take(MOST.saturating_sub(self.found.len())) {
                self.below(key.as_str(), |walk| walk.tell(Code::InvalidValue, "there is no such field"));
            }
            return;
        }
        if let Some(values) = inputs.enums.get(name) {
            let known = match value {
                Value::Enum(one) => values.iter().any(|known| known == one.as_str()),
                Value::String(one) => values.contains(one),
                _ => false,
            };
            if !known {
                self.tell(Code::InvalidValue, &format!("one of {}", values.join(", ")));
            }
            return;
        }
        let (code, detail) = match (name, value) {
            ("ID", Value::String(id)) => {
                let fits = match (evolva_domain::id::split(id), prefix) {
                    (None, _) => false,
                    (Some((kind, _)), Some(prefix)) => kind == prefix,
                    // Of which kind it is to be, only the library knows here.
                    (Some(_), None) => !self.said.contains(&format!("'{id}'")),
                };
                match prefix {
                    _ if fits => return,
                    Some(prefix) => {
                        return self.tell(Code::InvalidId, &evolva_domain::id::expected(prefix));
                    }
                    None => (Code::InvalidId, "a typed id such as cop_…"),
                }
            }
            ("NaiveDate", Value::String(date)) if date.parse::<chrono::NaiveDate>().is_ok() => return,
            ("DateTime", Value::String(at)) if chrono::DateTime::parse_from_rfc3339(at).is_ok() => return,
            ("NaiveDate", _) => (Code::InvalidValue, "a date such as 2026-09-01"),
            ("DateTime", _) => (Code::InvalidValue, "a time with its offset, such as 2026-09-01T09:00:00Z"),
            ("String", Value::String(_)) | ("Boolean", Value::Boolean(_)) => return,
            ("ID" | "String", _) => (Code::InvalidValue, "a string"),
            ("Boolean", _) => (Code::InvalidValue, "true or false"),
            ("Int", Value::Number(number)) if number.is_i64() => return,
            ("Int", _) => (Code::InvalidValue, "a whole number"),
            _ => return,
        };
        self.tell(code, detail);
    }
}

/// What in the variables of an operation does not fit, in the order of its declarations, each with the path of its field;
/// of very many the first. `schemas` are the published ones, asked for once; `said` is what the library found.
pub fn of(
    schemas: impl FnOnce() -> (String, Vec<u8>),
    operation: &OperationDefinition,
    variables: &Variables,
    said: &str,
) -> Vec<Problem> {
    let inputs = INPUTS.get_or_init(|| {
        let (sdl, openapi) = schemas();
        Inputs::of(&sdl, &openapi)
    });
    let mut walk = Walk { inputs, said, path: vec![], found: vec![] };
    for variable in &operation.variable_definitions {
        let variable = &variable.node;
        let of = &variable.var_type.node;
        walk.below(variable.name.node.as_str(), |walk| match variables.get(&variable.name.node) {
            Some(value) => walk.walk(of, value, None),
            None if !of.nullable && variable.default_value.is_none() => walk.tell(Code::Required, ""),
            None => {}
        });
    }
    walk.found
}
