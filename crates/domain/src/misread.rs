//! What a parser says of a value that does not fit, as the remedy: the same words on every surface and in imports.

use crate::Code;

const DATE: &str = "a date such as 2026-09-01";
const TIME: &str = "a time with its offset, such as 2026-09-01T09:00:00Z";

/// What chrono says of a text that is no date or time. It does not say which of them was expected.
const NO_DATE: &[&str] = &[
    "input is out of range",
    "no possible date and time matching input",
    "input is not enough for unique date and time",
    "input contains invalid characters",
    "premature end of input",
    "trailing input",
];

/// The code and the detail for what serde says of the value at `path`; its own words where we have none.
pub fn misread(path: &str, said: &str) -> (Code, String) {
    // Where in the text it was, the field says better.
    let said = said.split(" at line ").next().unwrap_or_default();
    let invalid = |detail: &str| (Code::InvalidValue, detail.to_owned());
    if said.starts_with("expected an id ") {
        return (Code::InvalidId, said.to_owned());
    }
    if NO_DATE.contains(&said) {
        let field = path.rsplit(['.', '/']).next().unwrap_or_default();
        return invalid(if field.ends_with("At") { TIME } else { DATE });
    }
    if let Some((_, values)) = said.split_once("' is none of ") {
        return invalid(values);
    }
    if let Some((_, values)) = said.strip_prefix("unknown variant ").and_then(|rest| rest.split_once(", expected ")) {
        return invalid(&values.trim_start_matches("one of ").replace('`', "").replace(" or ", ", "));
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

    fn of<T: serde::de::DeserializeOwned>(path: &str, text: &str) -> (Code, String) {
        let said = serde_json::from_str::<T>(text).err().unwrap_or_else(|| panic!("{text} can be read"));
        misread(path, &said.to_string())
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
        assert!(values.starts_with("THEMES, PEOPLE, ") && !values.contains('`'), "{values}");
    }
}
