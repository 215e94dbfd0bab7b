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

/// The inputs of the schema.
#[derive(Default)]
struct Inputs {
    objects: HashMap<String, InputObjectType>,
    enums: HashMap<String, Vec<String>>,
}

static INPUTS: OnceLock<Inputs> = OnceLock::new();

fn problem(code: Code, path: &str, detail: &str) -> Problem {
    let field = path.split('.').map(|part| part.to_owned().into()).collect();
    Problem { code, field, detail: detail.to_owned() }
}

impl Inputs {
    fn of(sdl: &str) -> Self {
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
        all
    }

    fn walk(&self, of: &Type, value: &Value, path: String, said: &str, found: &mut Vec<Problem>) {
        if *value == Value::Null {
            if !of.nullable {
                found.push(problem(Code::Required, &path, "not null"));
            }
            return;
        }
        let mut tell = |code, detail: &str| found.push(problem(code, &path, detail));
        let name = match (&of.base, value) {
            (BaseType::List(of), Value::List(all)) => {
                for (place, one) in all.iter().enumerate() {
                    self.walk(of, one, format!("{path}.{place}"), said, found);
                }
                return;
            }
            // One value stands for a list of it.
            (BaseType::List(of), _) => return self.walk(of, value, path, said, found),
            (BaseType::Named(name), _) => name.as_str(),
        };
        if let Some(object) = self.objects.get(name) {
            let Value::Object(fields) = value else { return tell(Code::InvalidValue, "an object") };
            for field in &object.fields {
                let of = &field.node;
                let place = format!("{path}.{}", of.name.node);
                match fields.get(&of.name.node) {
                    Some(value) => self.walk(&of.ty.node, value, place, said, found),
                    None if !of.ty.node.nullable && of.default_value.is_none() => {
                        found.push(problem(Code::Required, &place, ""));
                    }
                    None => {}
                }
            }
            for unknown in fields.keys().filter(|key| !object.fields.iter().any(|of| of.node.name.node == **key)) {
                found.push(problem(Code::UnknownParameter, &format!("{path}.{unknown}"), "no such field"));
            }
            return;
        }
        if let Some(values) = self.enums.get(name) {
            let known = match value {
                Value::Enum(one) => values.iter().any(|known| known == one.as_str()),
                Value::String(one) => values.contains(one),
                _ => false,
            };
            if !known {
                tell(Code::InvalidValue, &values.join(", "));
            }
            return;
        }
        let (code, detail) = match (name, value) {
            ("ID", Value::String(id)) if evolva_domain::id::split(id).is_none() => {
                (Code::InvalidId, "a typed id such as cop_…")
            }
            // Of which kind an id is to be only the library knows.
            ("ID", Value::String(id)) if said.contains(&format!("'{id}'")) => {
                (Code::InvalidId, "an id of another kind")
            }
            ("NaiveDate", Value::String(date)) if date.parse::<chrono::NaiveDate>().is_err() => {
                (Code::InvalidValue, "a date such as 2026-09-01")
            }
            ("DateTime", Value::String(at)) if chrono::DateTime::parse_from_rfc3339(at).is_err() => {
                (Code::InvalidValue, "a time with its offset, such as 2026-09-01T09:00:00Z")
            }
            ("ID" | "NaiveDate" | "DateTime" | "String", Value::String(_)) | ("Boolean", Value::Boolean(_)) => return,
            ("ID" | "NaiveDate" | "DateTime" | "String", _) => (Code::InvalidValue, "a string"),
            ("Boolean", _) => (Code::InvalidValue, "true or false"),
            ("Int", Value::Number(number)) if number.is_i64() => return,
            ("Int", _) => (Code::InvalidValue, "a whole number"),
            _ => return,
        };
        tell(code, detail);
    }
}

/// All misfits in the variables of an operation, in the order of its declarations, each with the path of its field.
/// `said` is what the library found.
pub fn of(
    sdl: impl FnOnce() -> String,
    operation: &OperationDefinition,
    variables: &Variables,
    said: &str,
) -> Vec<Problem> {
    let inputs = INPUTS.get_or_init(|| Inputs::of(&sdl()));
    let mut found = vec![];
    for variable in &operation.variable_definitions {
        let variable = &variable.node;
        let name = &variable.name.node;
        match variables.get(name) {
            Some(value) => inputs.walk(&variable.var_type.node, value, name.to_string(), said, &mut found),
            None if !variable.var_type.node.nullable && variable.default_value.is_none() => {
                found.push(problem(Code::Required, name, ""));
            }
            None => {}
        }
    }
    found
}
