//! A change of the published schemas that breaks clients of the last release needs another version.

use crate::contract::published;
use async_graphql_parser::{
    Positioned, parse_schema,
    types::{BaseType, EnumType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition},
};
use evolva_api::contract;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashSet};

#[test]
fn clients_of_the_last_release_still_work_or_the_version_says_otherwise() {
    let old: Value = serde_json::from_str(&published("released/openapi.json")).unwrap();
    let new: Value = serde_json::from_str(&contract::openapi()).unwrap();
    let mut breaks = graphql(&published("released/schema.graphql"), &contract::sdl());
    breaks.extend(openapi(&old, &new));
    let (was, is) = (old["info"]["version"].as_str().unwrap(), new["info"]["version"].as_str().unwrap());
    assert!(
        breaks.is_empty() || may_break(was, is),
        "This breaks clients of the released {was}:\n  {}\nUndo it, or raise contract::VERSION to the next major version.",
        breaks.join("\n  ")
    );
}

/// Whether the version promises nothing to clients of the other: by semantic versioning, another major or 0.minor.
fn may_break(was: &str, is: &str) -> bool {
    let promise = |version: &str| {
        let mut parts = version.split('.').map(str::to_owned);
        let major = parts.next();
        let minor = if major.as_deref() == Some("0") { parts.next() } else { None };
        (major, minor)
    };
    promise(was) != promise(is)
}

fn types(sdl: &str) -> BTreeMap<String, TypeKind> {
    let types = parse_schema(sdl).unwrap().definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(one) => Some((one.node.name.to_string(), one.node.kind)),
        _ => None,
    });
    types.collect()
}

/// What in the second GraphQL schema breaks clients of the first.
fn graphql(old: &str, new: &str) -> Vec<String> {
    let mut breaks = vec![];
    let new = types(new);
    for (name, old) in types(old) {
        let Some(new) = new.get(&name) else {
            breaks.push(format!("type {name}: removed"));
            continue;
        };
        let mut gone = |old: BTreeSet<String>, new: BTreeSet<String>| {
            breaks.extend(old.difference(&new).map(|one| format!("{name}, {one}: removed")));
        };
        let names = |all: &[Positioned<_>]| all.iter().map(ToString::to_string).collect();
        match (&old, new) {
            (TypeKind::Scalar, TypeKind::Scalar) => {}
            (TypeKind::Object(old), TypeKind::Object(new)) => {
                gone(names(&old.implements), names(&new.implements));
                fields(&mut breaks, &name, &old.fields, &new.fields);
            }
            (TypeKind::Interface(old), TypeKind::Interface(new)) => {
                gone(names(&old.implements), names(&new.implements));
                fields(&mut breaks, &name, &old.fields, &new.fields);
            }
            (TypeKind::Union(old), TypeKind::Union(new)) => gone(names(&old.members), names(&new.members)),
            (TypeKind::Enum(old), TypeKind::Enum(new)) => {
                let values = |all: &EnumType| all.values.iter().map(|one| one.node.value.to_string()).collect();
                gone(values(old), values(new));
            }
            (TypeKind::InputObject(old), TypeKind::InputObject(new)) => {
                inputs(&mut breaks, &name, &old.fields, &new.fields);
            }
            _ => breaks.push(format!("type {name}: another kind of type")),
        }
    }
    breaks
}

fn fields(
    breaks: &mut Vec<String>,
    owner: &str,
    old: &[Positioned<FieldDefinition>],
    new: &[Positioned<FieldDefinition>],
) {
    for old in old.iter().map(|one| &one.node) {
        let at = format!("{owner}.{}", old.name);
        let Some(new) = new.iter().map(|one| &one.node).find(|new| new.name == old.name) else {
            breaks.push(format!("{at}: removed"));
            continue;
        };
        if !fits(&new.ty.node, &old.ty.node) {
            breaks.push(format!("{at}: {} became {}", old.ty, new.ty));
        }
        inputs(breaks, &at, &old.arguments, &new.arguments);
    }
}

/// Arguments of a field, and fields of an input.
fn inputs(
    breaks: &mut Vec<String>,
    owner: &str,
    old: &[Positioned<InputValueDefinition>],
    new: &[Positioned<InputValueDefinition>],
) {
    let required = |one: &InputValueDefinition| !one.ty.node.nullable && one.default_value.is_none();
    for old in old.iter().map(|one| &one.node) {
        let at = format!("{owner}({})", old.name);
        match new.iter().map(|one| &one.node).find(|new| new.name == old.name) {
            None => breaks.push(format!("{at}: removed")),
            Some(new) if !fits(&old.ty.node, &new.ty.node) => {
                breaks.push(format!("{at}: {} became {}", old.ty, new.ty));
            }
            Some(new) if required(new) && !required(old) => breaks.push(format!("{at}: became required")),
            Some(_) => {}
        }
    }
    for new in new.iter().map(|one| &one.node) {
        if required(new) && !old.iter().any(|old| old.node.name == new.name) {
            breaks.push(format!("{owner}({}): new and required", new.name));
        }
    }
}

/// Whether every value of the one type is a value of the other.
fn fits(given: &Type, wanted: &Type) -> bool {
    let base = match (&given.base, &wanted.base) {
        (BaseType::Named(given), BaseType::Named(wanted)) => given == wanted,
        (BaseType::List(given), BaseType::List(wanted)) => fits(given, wanted),
        _ => false,
    };
    base && (wanted.nullable || !given.nullable)
}

/// Which way a value goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Way {
    Sent,
    Answered,
}

struct Comparison<'a> {
    old: &'a Value,
    new: &'a Value,
    /// Pairs of named schemas that were compared already.
    seen: HashSet<(Way, String, String)>,
    breaks: Vec<String>,
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn texts(value: &Value) -> BTreeSet<&str> {
    list(value).iter().filter_map(Value::as_str).collect()
}

/// What in the second OpenAPI document breaks clients of the first.
fn openapi(old: &Value, new: &Value) -> Vec<String> {
    let mut comparison = Comparison { old, new, seen: HashSet::new(), breaks: vec![] };
    for (path, item) in members(&old["paths"]) {
        for (method, operation) in members(item) {
            let at = format!("{} {path}", method.to_uppercase());
            match new["paths"][path].get(method) {
                None => comparison.breaks.push(format!("{at}: removed")),
                Some(now) => comparison.operation(&at, operation, now),
            }
        }
    }
    comparison.breaks
}

impl Comparison<'_> {
    fn operation(&mut self, at: &str, old: &Value, new: &Value) {
        let same = |one: &Value, other: &Value| one["name"] == other["name"] && one["in"] == other["in"];
        for old in list(&old["parameters"]) {
            let at = format!("{at} ?{}", old["name"].as_str().unwrap());
            match list(&new["parameters"]).iter().find(|new| same(old, new)) {
                None => self.breaks.push(format!("{at}: removed")),
                Some(new) => self.schema(Way::Sent, &at, &old["schema"], &new["schema"]),
            }
        }
        for new in list(&new["parameters"]).iter().filter(|new| new["required"] == true) {
            if !list(&old["parameters"]).iter().any(|old| same(old, new) && old["required"] == true) {
                self.breaks.push(format!("{at} ?{}: became required", new["name"].as_str().unwrap()));
            }
        }
        if new["requestBody"]["required"] == true && old["requestBody"]["required"] != true {
            self.breaks.push(format!("{at}: the body became required"));
        }
        self.content(Way::Sent, at, &old["requestBody"]["content"], &new["requestBody"]["content"]);
        for (status, old) in members(&old["responses"]) {
            match new["responses"].get(status) {
                None if status.starts_with('2') => self.breaks.push(format!("{at} {status}: removed")),
                None => {}
                Some(new) => self.content(Way::Answered, &format!("{at} {status}"), &old["content"], &new["content"]),
            }
        }
        for scope in texts(&new["security"][0]["bearer"]).difference(&texts(&old["security"][0]["bearer"])) {
            self.breaks.push(format!("{at}: needs {scope}"));
        }
    }

    fn content(&mut self, way: Way, at: &str, old: &Value, new: &Value) {
        for (media, old) in members(old) {
            match new.get(media) {
                None => self.breaks.push(format!("{at} {media}: removed")),
                Some(new) => self.schema(way, at, &old["schema"], &new["schema"]),
            }
        }
    }

    fn schema(&mut self, way: Way, at: &str, old: &Value, new: &Value) {
        let ((old_name, old_types, old), (new_name, new_types, new)) = (shape(self.old, old), shape(self.new, new));
        // What an old client sends must suit the new server, and what the new server answers an old client.
        let (given, given_types, wanted, wanted_types) =
            if way == Way::Sent { (old, &old_types, new, &new_types) } else { (new, &new_types, old, &old_types) };
        // A schema that names no type is of any.
        let type_suits = wanted_types.is_empty() || !given_types.is_empty() && given_types.is_subset(wanted_types);
        if !type_suits || !wanted["format"].is_null() && wanted["format"] != given["format"] {
            let shown = |types: &BTreeSet<&str>, schema: &Value| {
                let format = schema["format"].as_str().map(|format| format!(" ({format})"));
                types.iter().copied().collect::<Vec<_>>().join(" or ") + &format.unwrap_or_default()
            };
            self.breaks.push(format!("{at}: {} became {}", shown(&old_types, old), shown(&new_types, new)));
        }
        let mut at = at.to_owned();
        if let (Some(old_name), Some(new_name)) = (old_name, new_name) {
            if !self.seen.insert((way, old_name.to_owned(), new_name.to_owned())) {
                return;
            }
            at = format!("{old_name} ({})", if way == Way::Sent { "sent" } else { "answered" });
        }
        for (keyword, value) in members(old).chain(members(new)) {
            let known =
                KEYWORDS.contains(&keyword.as_str()) && (keyword != "additionalProperties" || value.is_boolean());
            assert!(known, "{at}: the comparison does not know '{keyword}': {value}");
        }
        if given["enum"].is_null() && !wanted["enum"].is_null() {
            self.breaks.push(format!("{at}: not the listed values only"));
        } else if !new["enum"].is_null() {
            let gone = &texts(&old["enum"]) - &texts(&new["enum"]);
            self.breaks.extend(gone.iter().map(|value| format!("{at}, {value}: removed")));
        }
        if way == Way::Sent {
            let limit = |schema: &Value, keyword: &str, none: f64| schema[keyword].as_f64().unwrap_or(none);
            if limit(new, "minimum", f64::MIN) > limit(old, "minimum", f64::MIN)
                || limit(new, "maximum", f64::MAX) < limit(old, "maximum", f64::MAX)
                || !new["pattern"].is_null() && new["pattern"] != old["pattern"]
                || new["additionalProperties"] == false && old["additionalProperties"] != false
            {
                self.breaks.push(format!("{at}: other limits"));
            }
        }
        for (name, old) in members(&old["properties"]) {
            match new["properties"].get(name) {
                None => self.breaks.push(format!("{at}.{name}: removed")),
                Some(new) => self.schema(way, &format!("{at}.{name}"), old, new),
            }
        }
        for name in &texts(&wanted["required"]) - &texts(&given["required"]) {
            if new["properties"].get(name).is_some() {
                let became = if way == Way::Sent { "became required" } else { "no longer always there" };
                self.breaks.push(format!("{at}.{name}: {became}"));
            }
        }
        if !old["items"].is_null() || !new["items"].is_null() {
            self.schema(way, &format!("{at}[]"), &old["items"], &new["items"]);
        }
        // What is put together of parts keeps each of them.
        for part in list(&old["allOf"]) {
            match list(&new["allOf"]).iter().find(|new| new["$ref"] == part["$ref"]) {
                None => self.breaks.push(format!("{at}, {}: removed", part["$ref"])),
                Some(new) => self.schema(way, &at, part, new),
            }
        }
        // Of several forms, each that is known stays; one more is no break, as a member more of a union is none.
        for form in list(&old["oneOf"]) {
            match list(&new["oneOf"]).iter().find(|new| new["$ref"] == form["$ref"]) {
                None => self.breaks.push(format!("{at}, {}: removed", form["$ref"])),
                Some(new) => self.schema(way, &at, form, new),
            }
        }
    }
}

/// What schemas are written with. Each is compared or changes nothing for clients.
const KEYWORDS: &[&str] = &[
    "$ref",
    "additionalProperties",
    "allOf",
    "default",
    "description",
    "enum",
    "examples",
    "format",
    "items",
    "maximum",
    "minimum",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "type",
];

/// The name of a schema if it has one, its types, and what it says itself, out of what makes it nullable.
fn shape<'a>(document: &'a Value, schema: &'a Value) -> (Option<&'a str>, BTreeSet<&'a str>, &'a Value) {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/components/schemas/")) {
        let (_, types, schema) = shape(document, &document["components"]["schemas"][name]);
        return (Some(name), types, schema);
    }
    let other: Vec<_> = list(&schema["oneOf"]).iter().filter(|one| one["type"] != "null").collect();
    if let [one] = other[..] {
        let (name, mut types, schema) = shape(document, one);
        types.insert("null");
        return (name, types, schema);
    }
    let mut types = texts(&schema["type"]);
    types.extend(schema["type"].as_str());
    (None, types, schema)
}

#[test]
fn each_break_of_a_graphql_schema_is_found_and_no_addition() {
    const OLD: &str = "
        type Query implements Node { id: ID! maybe: [Int!] find(a: Int, b: Int!, c: Int! = 1): Either }
        interface Node { id: ID! }
        interface Other { x: Int }
        union Either = A | B
        type A { x: Int }
        type B { x: Int }
        enum E { X Y }
        input In { a: Int, b: [Int]!, c: Int! = 1 }
        scalar S";
    assert!(graphql(OLD, OLD).is_empty());
    for (old, new, found) in [
        ("scalar S", "", "type S: removed"),
        ("scalar S", "enum S { X }", "type S: another kind of type"),
        ("implements Node", "", "Query, Node: removed"),
        ("maybe: [Int!]", "", "Query.maybe: removed"),
        ("interface Node { id: ID! }", "interface Node { other: ID! }", "Node.id: removed"),
        ("maybe: [Int!]", "maybe: [Int]", "Query.maybe: [Int!] became [Int]"),
        ("maybe: [Int!]", "maybe: Int", "Query.maybe: [Int!] became Int"),
        ("{ id: ID! maybe", "{ id: ID maybe", "Query.id: ID! became ID"),
        ("{ id: ID! maybe", "{ id: String! maybe", "Query.id: ID! became String!"),
        ("a: Int, b: Int!", "b: Int!", "Query.find(a): removed"),
        ("a: Int, b: Int!", "a: String, b: Int!", "Query.find(a): Int became String"),
        ("a: Int, b: Int!", "a: Int!, b: Int!", "Query.find(a): Int became Int!"),
        ("c: Int! = 1)", "c: Int!)", "Query.find(c): became required"),
        ("c: Int! = 1)", "c: Int! = 1, d: Int!)", "Query.find(d): new and required"),
        ("A | B", "A", "Either, B: removed"),
        ("X Y", "X", "E, Y: removed"),
        ("a: Int, b: [Int]!", "b: [Int]!", "In(a): removed"),
        ("a: Int, b: [Int]!", "a: Int, b: [Int!]!", "In(b): [Int]! became [Int!]!"),
        ("c: Int! = 1 }", "c: Int! }", "In(c): became required"),
        ("c: Int! = 1 }", "c: Int! = 1, d: Int! }", "In(d): new and required"),
        ("scalar S", "scalar S scalar T type C implements Node { id: ID! }", ""),
        ("type A {", "type A implements Other {", ""),
        ("{ id: ID! maybe", "{ id: ID! more: Int! maybe", ""),
        ("maybe: [Int!]", "maybe: [Int!]!", ""),
        ("maybe: [Int!]", "maybe(x: Int, y: Int! = 1): [Int!]", ""),
        ("a: Int, b: Int!", "a: Int, b: Int", ""),
        ("A | B", "A | B | Query", ""),
        ("X Y", "X Y Z", ""),
        ("a: Int, b: [Int]!", "a: Int, b: [Int], d: Int, e: Int! = 1", ""),
    ] {
        assert_eq!(OLD.matches(old).count(), 1, "{old}");
        assert_eq!(graphql(OLD, &OLD.replace(old, new)).join("; "), found, "{old} -> {new}");
    }
}

#[test]
fn each_break_of_an_openapi_document_is_found_and_no_addition() {
    let old = json!({
        "paths": { "P": {
            "get": {
                "security": [{ "bearer": ["x:read"] }],
                "parameters": [
                    { "name": "a", "in": "query", "required": false, "schema": { "type": "integer", "maximum": 9 } },
                    { "name": "b", "in": "query", "required": true, "schema": { "type": "string" } },
                ],
                "responses": {
                    "200": { "content": { "json": { "schema": { "$ref": "#/components/schemas/Out" } } } },
                    "400": {},
                },
            },
            "post": {
                "requestBody": { "content": { "json": { "schema": { "$ref": "#/components/schemas/In" } } } },
                "responses": { "200": {} },
            },
        } },
        "components": { "schemas": {
            "E": { "type": "string", "enum": ["X", "Y"] },
            "In": {
                "type": "object", "required": ["need"],
                "properties": {
                    "need": { "type": "string", "pattern": "^x" },
                    "opt": { "type": ["string", "null"], "format": "date" },
                    "e": { "$ref": "#/components/schemas/E" },
                },
            },
            "Out": {
                "type": "object", "required": ["sure", "outs"],
                "properties": {
                    "sure": { "type": "string" },
                    "date": { "type": ["string", "null"], "format": "date" },
                    "e": { "oneOf": [{ "$ref": "#/components/schemas/E" }, { "type": "null" }] },
                    "outs": { "type": "array", "items": { "$ref": "#/components/schemas/Out" } },
                    "tags": { "type": "array", "items": { "type": "string" } },
                    "whole": { "allOf": [
                        { "$ref": "#/components/schemas/E" },
                        { "type": "object", "properties": { "once": { "type": "string" } } },
                    ] },
                    "form": { "oneOf": [
                        { "$ref": "#/components/schemas/E" }, { "$ref": "#/components/schemas/Out" }, { "type": "string" },
                    ] },
                },
            },
        } },
    });
    assert!(openapi(&old, &old).is_empty());
    let (get, post) = ("/paths/P/get", "/paths/P/post");
    let (input, out) = ("/components/schemas/In", "/components/schemas/Out");
    let e = "/components/schemas/E";
    let no = Value::Null;
    let optional = json!({ "name": "c", "in": "query", "schema": { "type": "string" } });
    let needed = json!({ "name": "c", "in": "query", "required": true, "schema": { "type": "string" } });
    let nullable_e = json!({ "oneOf": [{ "$ref": "#/components/schemas/E" }, { "type": "null" }] });
    for (place, at, new, found) in [
        ("", "/paths/P", no.clone(), "GET P: removed; POST P: removed"),
        (get, "", no.clone(), "GET P: removed"),
        (get, "/parameters/0", no.clone(), "GET P ?a: removed"),
        (get, "/parameters/0/required", json!(true), "GET P ?a: became required"),
        (get, "/parameters/0/schema/type", json!("string"), "GET P ?a: integer became string"),
        (get, "/parameters/0/schema/maximum", json!(8), "GET P ?a: other limits"),
        (get, "/parameters/0/schema/minimum", json!(1), "GET P ?a: other limits"),
        (get, "/parameters/1/schema/enum", json!(["X"]), "GET P ?b: not the listed values only"),
        (get, "/parameters/-", needed, "GET P ?c: became required"),
        (get, "/security/0/bearer/-", json!("x:write"), "GET P: needs x:write"),
        (get, "/responses/200", no.clone(), "GET P 200: removed"),
        (get, "/responses/200/content/json", no.clone(), "GET P 200 json: removed"),
        (post, "/requestBody/required", json!(true), "POST P: the body became required"),
        (post, "/requestBody/content/json", no.clone(), "POST P json: removed"),
        (e, "/enum/1", no.clone(), "E (answered), Y: removed; E (sent), Y: removed"),
        (e, "/enum", no.clone(), "E (answered): not the listed values only"),
        (input, "/properties/opt", no.clone(), "In (sent).opt: removed"),
        (input, "/properties/opt/type", json!("string"), "In (sent).opt: null or string (date) became string (date)"),
        (
            input,
            "/properties/opt/format",
            json!("time"),
            "In (sent).opt: null or string (date) became null or string (time)",
        ),
        (input, "/properties/need/pattern", json!("^y"), "In (sent).need: other limits"),
        (input, "/additionalProperties", json!(false), "In (sent): other limits"),
        (input, "/required/-", json!("opt"), "In (sent).opt: became required"),
        (out, "/properties/sure", no.clone(), "Out (answered).sure: removed"),
        (out, "/properties/sure/type", json!("integer"), "Out (answered).sure: string became integer"),
        (out, "/properties/sure/type", json!(["string", "null"]), "Out (answered).sure: string became null or string"),
        (out, "/properties/sure", json!({}), "Out (answered).sure: string became "),
        (
            out,
            "/properties/date/format",
            no.clone(),
            "Out (answered).date: null or string (date) became null or string",
        ),
        (out, "/properties/tags/items/type", json!("integer"), "Out (answered).tags[]: string became integer"),
        (out, "/required/0", no.clone(), "Out (answered).sure: no longer always there"),
        (out, "/properties/whole/allOf/0", no.clone(), "Out (answered).whole, \"#/components/schemas/E\": removed"),
        (out, "/properties/whole/allOf/1/properties/once", no.clone(), "Out (answered).whole.once: removed"),
        (out, "/properties/form/oneOf/1", no.clone(), "Out (answered).form, \"#/components/schemas/Out\": removed"),
        (out, "/properties/form/oneOf/-", json!({ "$ref": "#/components/schemas/In" }), ""),
        ("", "/paths/Q", json!({ "get": {} }), ""),
        (get, "/parameters/-", optional, ""),
        (get, "/parameters/0/schema/maximum", json!(10), ""),
        (get, "/parameters/1/required", json!(false), ""),
        (get, "/security/0/bearer/0", no.clone(), ""),
        (get, "/responses/400", no.clone(), ""),
        (get, "/responses/201", json!({}), ""),
        (e, "/enum/-", json!("Z"), ""),
        (input, "/properties/more", json!({ "type": "string" }), ""),
        (input, "/properties/e", nullable_e, ""),
        (input, "/properties/need/pattern", no.clone(), ""),
        (input, "/required/0", no.clone(), ""),
        (out, "/properties/more", json!({ "type": "string" }), ""),
        (out, "/properties/date/type", json!("string"), ""),
        (out, "/properties/e", json!({ "$ref": "#/components/schemas/E" }), ""),
        (out, "/required/-", json!("date"), ""),
    ] {
        let pointer = format!("{place}{at}");
        let mut changed = old.clone();
        let (parent, last) = pointer.rsplit_once('/').unwrap();
        match (changed.pointer_mut(parent).unwrap(), new.is_null()) {
            (Value::Object(parent), true) => drop(parent.remove(last).unwrap()),
            (Value::Object(parent), false) => drop(parent.insert(last.to_owned(), new)),
            (Value::Array(parent), true) => drop(parent.remove(last.parse().unwrap())),
            (Value::Array(parent), false) => parent.push(new),
            _ => unreachable!("{pointer}"),
        }
        assert_eq!(openapi(&old, &changed).join("; "), found, "{pointer}");
    }
}

#[test]
fn all_of_the_real_schemas_is_compared() {
    let sdl = contract::sdl();
    assert_eq!(graphql(&sdl, "scalar Nothing").len(), types(&sdl).len());
    let old: Value = serde_json::from_str(&contract::openapi()).unwrap();
    let operations: usize = members(&old["paths"]).map(|(_, item)| members(item).count()).sum();
    assert_eq!(openapi(&old, &json!({})).len(), operations);
    let mut new = old.clone();
    for (name, schema) in members(&old["components"]["schemas"]) {
        if members(&schema["properties"]).count() == 0 {
            continue;
        }
        new["components"]["schemas"][name]["properties"] = json!({});
        let breaks = openapi(&old, &new);
        for (property, _) in members(&schema["properties"]) {
            let found = |way| breaks.contains(&format!("{name} ({way}).{property}: removed"));
            assert!(found("sent") || found("answered"), "{name}.{property}");
        }
        new["components"]["schemas"][name] = schema.clone();
    }
}

#[test]
fn only_another_major_version_may_break() {
    for (was, is, may) in [
        ("1.0.0", "1.0.0", false),
        ("1.0.0", "1.1.0", false),
        ("1.9.0", "2.0.0", true),
        ("0.1.0", "0.1.1", false),
        ("0.1.0", "0.2.0", true),
        ("0.2.0", "1.0.0", true),
    ] {
        assert_eq!(may_break(was, is), may, "{was} -> {is}");
    }
}
