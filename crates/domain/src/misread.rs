//! What a parser says of a value that does not fit, as the remedy: the same words on every surface and in imports, and all
//! that is wrong at once. The parser stops at the first fault, so something that fits is put in its place, and it goes on.

use crate::{Code, Problem, id};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use serde_path_to_error::Segment;

const DATE: &str = "a date such as 2026-09-01";
const TIME: &str = "a time with its offset, such as 2026-09-01T09:00:00Z";
/// The most faults that are told at once.
const MOST: usize = 20;
/// How often the parser is asked again: for each fault a few times, until what stands in its place fits.
const TRIES: usize = 4 * MOST;

/// What chrono says of a text that is no date or time. It does not say which of them was expected.
const NO_DATE: &[&str] = &[
    "input is out of range",
    "no possible date and time matching input",
    "input is not enough for unique date and time",
    "input contains invalid characters",
    "premature end of input",
    "trailing input",
];

/// Reads a value as what it is to be, or tells what is wrong with it.
pub fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Vec<Problem>> {
    let mut mended: Option<Value> = None;
    let mut problems: Vec<Problem> = vec![];
    // Where something was put that nobody said, and how often.
    let mut stand_ins: Vec<(Vec<String>, usize)> = vec![];
    for _ in 0..TRIES {
        let error = match serde_path_to_error::deserialize::<_, T>(mended.as_ref().unwrap_or(value)) {
            Ok(read) if problems.is_empty() => return Ok(read),
            Ok(_) => break,
            Err(error) => error,
        };
        let mut path = segments(error.path());
        let said = error.into_inner().to_string();
        let quoted = said.split('`').nth(1).filter(|_| said.contains(" field `")).map(str::to_owned);
        if let Some(field) = &quoted
            && path.last() != Some(field)
        {
            path.push(field.clone());
        }
        let tried = stand_ins.iter().position(|(known, _)| *known == path);
        if tried.is_none() {
            let name = path.join(".");
            let (code, detail) = match &quoted {
                Some(_) if said.starts_with("missing") => (Code::Required, String::new()),
                Some(_) => (Code::InvalidValue, "there is no such field".to_owned()),
                None => misread(&name, &said),
            };
            problems.push(Problem { code, field: path.iter().cloned().map(Into::into).collect(), detail });
            stand_ins.push((path.clone(), 0));
        }
        let tried = tried.unwrap_or(stand_ins.len() - 1);
        stand_ins[tried].1 += 1;
        let again = stand_ins[tried].1;
        let mended = mended.get_or_insert_with(|| value.clone());
        let unknown = quoted.is_some() && !said.starts_with("missing");
        let put = if unknown { remove(mended, &path) } else { put(mended, &path, fitting(&said, again)) };
        if put.is_none() || again > 4 || problems.len() >= MOST {
            break;
        }
    }
    Err(problems)
}

fn segments(path: &serde_path_to_error::Path) -> Vec<String> {
    let segment = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.clone()),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    path.iter().filter_map(segment).collect()
}

/// What is at a path, without its last part.
fn above<'v>(value: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, part| match value {
        Value::Object(fields) => fields.get_mut(part),
        Value::Array(all) => all.get_mut(part.parse::<usize>().ok()?),
        _ => None,
    })
}

fn remove(value: &mut Value, path: &[String]) -> Option<()> {
    let (last, parents) = path.split_last()?;
    above(value, parents)?.as_object_mut()?.remove(last).map(drop)
}

fn put(value: &mut Value, path: &[String], new: Option<Value>) -> Option<()> {
    let (last, parents) = path.split_last()?;
    match above(value, parents)? {
        Value::Object(fields) => fields.insert(last.clone(), new?),
        Value::Array(all) => Some(std::mem::replace(all.get_mut(last.parse::<usize>().ok()?)?, new?)),
        _ => return None,
    };
    Some(())
}

/// Something that is what the parser expected. `again`: how often it was asked for in this place.
fn fitting(said: &str, again: usize) -> Option<Value> {
    let (code, detail) = misread("", &said.replace("invalid type: null, ", "invalid type: (), "));
    if code == Code::InvalidId {
        let prefix = said.split(['\'', '_']).nth(1)?;
        return Some(json!(id::join(prefix, uuid::Uuid::nil())));
    }
    Some(match &*detail {
        // The parser does not say which of the two it wants.
        DATE | TIME if again.is_multiple_of(2) => json!("2000-01-01T00:00:00Z"),
        DATE | TIME => json!("2000-01-01"),
        "true or false" => json!(false),
        "a whole number" => json!(1),
        "a list" => json!([]),
        "an object" => json!({}),
        _ if said.contains("' is none of ") || said.starts_with("unknown variant ") => {
            json!(detail.trim_start_matches("one of ").split(", ").next().unwrap_or_default())
        }
        _ => json!("x"),
    })
}

/// The code and the detail for what serde says of the value at `path`; its own words where we have none.
fn misread(path: &str, said: &str) -> (Code, String) {
    let invalid = |detail: &str| (Code::InvalidValue, detail.to_owned());
    if said.starts_with("expected an id ") {
        return (Code::InvalidId, said.to_owned());
    }
    if NO_DATE.contains(&said) {
        let field = path.rsplit(['.', '/']).next().unwrap_or_default();
        return invalid(if field.ends_with("At") { TIME } else { DATE });
    }
    if let Some((_, values)) = said.split_once("' is none of ") {
        return invalid(&format!("one of {values}"));
    }
    if let Some((_, values)) = said.strip_prefix("unknown variant ").and_then(|rest| rest.split_once(", expected ")) {
        let values = values.trim_start_matches("one of ").replace('`', "").replace(" or ", ", ");
        return invalid(&format!("one of {values}"));
    }
    if said.starts_with("invalid type: null, ") {
        return (Code::Required, "not null".to_owned());
    }
    let expected = said.strip_prefix("invalid type: ").or_else(|| said.strip_prefix("invalid value: "));
    match expected.and_then(|rest| rest.rsplit_once(", expected ")).map(|(_, expected)| expected) {
        Some("a string" | "a borrowed string") => invalid("a string"),
        Some("a boolean") => invalid("true or false"),
        Some("i64" | "u64" | "i32" | "u32") => invalid("a whole number"),
        Some("a sequence") => invalid("a list"),
        Some("a formatted date string") => invalid(DATE),
        Some("an RFC 3339 formatted date and time string") => invalid(TIME),
        Some(of) if of == "a map" || of.starts_with("struct ") => invalid("an object"),
        _ => invalid(said),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Id, cop::Cop, import::ImportCollection};
    use chrono::{DateTime, NaiveDate, Utc};

    fn of<T: DeserializeOwned>(path: &str, text: &str) -> (Code, String) {
        let value: Value = serde_json::from_str(text).unwrap();
        let said = serde_json::from_value::<T>(value).err().unwrap_or_else(|| panic!("{text} can be read"));
        misread(path, &said.to_string())
    }

    #[derive(serde::Deserialize, Debug)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Row {
        title: String,
        starts_at: DateTime<Utc>,
        until: Option<DateTime<Utc>>,
        start_date: NaiveDate,
        capacity: Option<i64>,
        #[serde(default)]
        open: bool,
        collection: ImportCollection,
        cop_id: Id<Cop>,
        #[serde(default)]
        tags: Vec<String>,
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let good = json!({ "title": "Kring", "startsAt": "2026-01-01T10:00:00Z", "startDate": "2026-01-01",
            "collection": "THEMES", "copId": Id::<Cop>::default() });
        let row: Row = read(&good).unwrap();
        let (starts, rest) = (row.starts_at, (row.until, row.start_date, row.capacity, row.open, row.tags));
        assert_eq!((row.title.as_str(), row.collection), ("Kring", ImportCollection::Themes));
        assert_eq!((row.cop_id, starts.to_rfc3339()), (Id::default(), "2026-01-01T10:00:00+00:00".to_owned()));
        assert_eq!(rest, (None, NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(), None, false, vec![]));
        let bad = json!({ "startsAt": "2026-02-30T10:00:00Z", "until": "morgen", "startDate": 7, "capacity": "veel",
            "open": "ja", "collection": "KATTEN", "copId": "cop_x", "tags": ["een", 2, null], "kleur": "rood" });
        let told: Vec<_> = read::<Row>(&bad).unwrap_err();
        let mut told: Vec<_> = told.iter().map(|one| (one.field.join("/"), one.code, one.detail.as_str())).collect();
        told.sort();
        let values = ImportCollection::ALL.iter().map(|one| one.label()).collect::<Vec<_>>().join(", ");
        let expected: &[(&str, Code, &str)] = &[
            ("capacity", Code::InvalidValue, "a whole number"),
            ("collection", Code::InvalidValue, &format!("one of {values}")),
            ("copId", Code::InvalidId, "expected an id that starts with 'cop_' and has 26 base32 characters after it"),
            ("kleur", Code::InvalidValue, "there is no such field"),
            ("open", Code::InvalidValue, "true or false"),
            ("startDate", Code::InvalidValue, DATE),
            ("startsAt", Code::InvalidValue, TIME),
            ("tags/1", Code::InvalidValue, "a string"),
            ("tags/2", Code::Required, "not null"),
            ("title", Code::Required, ""),
            ("until", Code::InvalidValue, DATE),
        ];
        let told: Vec<_> = told.iter().map(|(field, code, detail)| (field.as_str(), *code, *detail)).collect();
        assert_eq!(told, expected);
        // What is no object at all is one fault, and many are not all told.
        assert_eq!(read::<Row>(&json!([])).unwrap_err()[0].field, Vec::<String>::new());
        let many: serde_json::Map<_, _> = (0..100).map(|nth| (format!("x{nth}"), json!(1))).collect();
        assert_eq!(read::<Row>(&many.into()).unwrap_err().len(), MOST);
    }

    #[test]
    fn a_parsers_words_become_the_remedy() {
        let invalid = |detail: &str| (Code::InvalidValue, detail.to_owned());
        for text in [r#""2026-02-30""#, r#""2026-13-01""#, r#""2026""#, r#""gisteren""#, r#""2026-01-01T00:00""#, "7"] {
            assert_eq!(of::<NaiveDate>("startDate", text), invalid(DATE), "{text}");
        }
        for text in [r#""2026-02-30T10:00:00Z""#, r#""2026-02-01""#, r#""2026-02-01T10:00:00""#, "true"] {
            assert_eq!(of::<DateTime<Utc>>("items.startsAt", text), invalid(TIME), "{text}");
        }
        assert_eq!(of::<String>("title", "7"), invalid("a string"));
        assert_eq!(of::<bool>("discoverable", r#""ja""#), invalid("true or false"));
        assert_eq!(of::<i64>("capacity", "1.5"), invalid("a whole number"));
        assert_eq!(of::<i64>("capacity", r#""1""#), invalid("a whole number"));
        assert_eq!(of::<Vec<String>>("tags", r#""een""#), invalid("a list"));
        assert_eq!(of::<std::collections::HashMap<String, i64>>("x", "1"), invalid("an object"));
        let (code, detail) = of::<Id<Cop>>("copId", r#""cop_x""#);
        assert_eq!(code, Code::InvalidId);
        assert!(detail.contains("'cop_'"), "{detail}");
        let (_, values) = of::<ImportCollection>("collection", r#""KATTEN""#);
        assert!(values.starts_with("one of THEMES, PEOPLE, ") && !values.contains('`'), "{values}");
    }
}
