//! Checks of what comes in: normalises text and collects every fault before it refuses.

use crate::{Code, Error, Problem};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use unicode_normalization::UnicodeNormalization;

/// Lengths in characters.
pub const TITLE: usize = 200;
pub const SUMMARY: usize = 2_000;
pub const BODY: usize = 200_000;
pub const REASON: usize = 2_000;
pub const EXTERNAL_ID: usize = 200;
pub const URL: usize = 2_000;
pub const FILE_NAME: usize = 200;

/// Collects the faults of one input.
#[derive(Debug, Default)]
pub struct Check {
    problems: Vec<Problem>,
}

impl Check {
    pub fn problem(&mut self, code: Code, field: &'static str, detail: impl Into<String>) {
        self.problems.push(Problem::new(code, field, detail));
    }

    pub fn that(&mut self, holds: bool, code: Code, field: &'static str, detail: &str) {
        if !holds {
            self.problem(code, field, detail);
        }
    }

    /// NFC, trimmed, no control characters but line breaks and tabs, at most `max` characters, not empty.
    pub fn text(&mut self, field: &'static str, text: &str, max: usize) -> String {
        let text = self.optional_text(field, Some(text), max);
        text.unwrap_or_else(|| {
            self.problem(Code::Required, field, "");
            String::new()
        })
    }

    /// The same; an empty text counts as none.
    pub fn optional_text(&mut self, field: &'static str, text: Option<&str>, max: usize) -> Option<String> {
        let text: String = text?.trim().nfc().collect();
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.problem(Code::InvalidValue, field, "control characters");
        }
        if text.chars().count() > max {
            self.problem(Code::TooLong, field, max.to_string());
        }
        (!text.is_empty()).then_some(text)
    }

    /// Lower-case letters, digits and single hyphens, 1 to 80 of them.
    pub fn slug(&mut self, field: &'static str, slug: &str) -> String {
        let fits = !slug.is_empty()
            && slug.len() <= 80
            && !slug.starts_with('-')
            && !slug.ends_with('-')
            && !slug.contains("--")
            && slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        self.that(fits, Code::InvalidValue, field, "1 to 80 lower-case letters, digits and single hyphens");
        slug.to_owned()
    }

    /// An absolute http or https address.
    pub fn url(&mut self, field: &'static str, url: Option<&str>) -> Option<String> {
        let url = self.optional_text(field, url, URL)?;
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
        self.that(
            !host.is_empty() && !url.contains(char::is_whitespace),
            Code::InvalidValue,
            field,
            "an http or https address",
        );
        Some(url)
    }

    /// One `@` with something on both sides; the mail itself is the only real test.
    pub fn email(&mut self, field: &'static str, email: Option<&str>) -> Option<String> {
        let email = self.optional_text(field, email, 254)?;
        let fits = email.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty() && !host.is_empty() && !host.contains('@') && !email.contains(char::is_whitespace)
        });
        self.that(fits, Code::InvalidValue, field, "an e-mail address");
        Some(email)
    }

    /// The name of a file, without a folder, and without signs that would show it as another.
    pub fn file_name(&mut self, field: &'static str, name: &str) -> String {
        let name = self.text(field, name, FILE_NAME);
        let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let plain = |c: char| !matches!(c, '/' | '\\' | '\n' | '\r' | '\t') && !turns(c);
        let fits = name.chars().all(plain) && name != "." && name != "..";
        self.that(fits, Code::InvalidValue, field, "a file name without a folder");
        name
    }

    /// A media type without parameters, in lower case.
    pub fn media_type(&mut self, field: &'static str, text: Option<&str>) -> Option<String> {
        let text = self.optional_text(field, text, 127)?.to_ascii_lowercase();
        let part = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
        };
        let fits = text.split_once('/').is_some_and(|(kind, sort)| part(kind) && part(sort));
        self.that(fits, Code::InvalidValue, field, "a media type such as application/pdf");
        Some(text)
    }

    /// A SHA-256 in hexadecimal, in lower case.
    pub fn sha256(&mut self, field: &'static str, text: Option<&str>) -> Option<String> {
        let text = self.optional_text(field, text, 64)?.to_ascii_lowercase();
        let fits = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        self.that(fits, Code::InvalidValue, field, "64 hexadecimal digits");
        Some(text)
    }

    /// A BCP 47 language tag, as far as its form goes.
    pub fn language(&mut self, field: &'static str, tag: Option<&str>) -> Option<String> {
        let tag = self.optional_text(field, tag, 35)?;
        let fits = tag.split('-').enumerate().all(|(place, part)| {
            let lengths = if place == 0 { 2..=3 } else { 1..=8 };
            lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        });
        self.that(fits, Code::InvalidValue, field, "a language tag such as nl or en-GB");
        Some(tag)
    }

    /// Tags are lower-case, without doubles, at most 50 of at most 80 characters.
    pub fn tags(&mut self, field: &'static str, tags: &[String]) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        if !self.at_most(field, tags.len(), 50) {
            return out;
        }
        for tag in tags {
            let tag = self.text(field, tag, 80).to_lowercase();
            if !tag.is_empty() && !out.contains(&tag) {
                out.push(tag);
            }
        }
        out
    }

    /// A list is measured before anything is done with it. Says whether it may be gone through.
    pub fn at_most(&mut self, field: &'static str, count: usize, most: usize) -> bool {
        if count > most {
            self.problem(Code::TooMany, field, most.to_string());
        }
        count <= most
    }

    /// A day of the years 1900 to 2199: what lies outside is a slip of the pen, and no database has to cope with it.
    pub fn date(&mut self, field: &'static str, date: Option<NaiveDate>) {
        let fits = date.is_none_or(|date| (1900..2200).contains(&date.year()));
        self.that(fits, Code::OutOfRange, field, "1900 to 2199");
    }

    pub fn at(&mut self, field: &'static str, at: Option<DateTime<Utc>>) {
        self.date(field, at.map(|at| at.date_naive()));
    }

    /// The owner's own key of a row.
    pub fn external_id(&mut self, id: Option<&str>) -> Option<String> {
        self.optional_text("externalId", id, EXTERNAL_ID)
    }

    /// Takes the faults of something that was looked up; what else went wrong ends it here.
    pub fn found<T>(&mut self, result: Result<T, Error>) -> Result<Option<T>, Error> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Error::Invalid(problems)) => {
                self.problems.extend(problems);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// What was found, where it is no fault of an input but stands in the way of a step.
    pub fn problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Refuses with everything that was found.
    pub fn done(self) -> Result<(), Error> {
        if self.problems.is_empty() { Ok(()) } else { Err(Error::Invalid(self.problems)) }
    }
}

/// A key as it is kept: two ways to write the same text are one key.
pub fn normal(text: &str) -> String {
    text.trim().nfc().collect()
}

/// Makes a slug from a title: what is not a letter or digit of ASCII becomes a hyphen, accents are dropped.
pub fn slug_from(title: &str) -> String {
    let mut slug = String::new();
    for c in title.nfd().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !('\u{300}'..='\u{36f}').contains(&c) && !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
        if slug.len() == 80 {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "untitled".to_owned() } else { slug.to_owned() }
}

/// A field of a change: left out, emptied, or set (JSON Merge Patch, RFC 7396).
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Patch<T> {
    #[default]
    Keep,
    Clear,
    Set(T),
}

impl<T> Patch<T> {
    /// What is to be written, if anything is: `Some(None)` empties the field.
    pub fn change(self) -> Option<Option<T>> {
        match self {
            Self::Keep => None,
            Self::Clear => Some(None),
            Self::Set(value) => Some(Some(value)),
        }
    }

    pub fn apply(self, field: &mut Option<T>) {
        if let Some(value) = self.change() {
            *field = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_normalised_and_every_fault_is_collected() {
        let mut check = Check::default();
        assert_eq!(check.text("title", "  Cafe\u{301} ", 10), "Café");
        check.text("summary", "   ", 10);
        check.text("body", "a\u{0}b", 10);
        check.url("sourceUrl", Some("javascript:alert(1)"));
        check.email("email", Some("nobody"));
        let Err(Error::Invalid(problems)) = check.done() else { panic!("four faults") };
        let fields: Vec<_> = problems.iter().map(|problem| problem.field[0].as_ref()).collect();
        assert_eq!(fields, ["summary", "body", "sourceUrl", "email"]);
    }

    #[test]
    fn slugs() {
        assert_eq!(slug_from("Verbindend leiderschap: één!"), "verbindend-leiderschap-een");
        assert_eq!(slug_from("日本"), "untitled");
        let mut check = Check::default();
        check.slug("slug", &slug_from("A/B Testing"));
        assert!(check.done().is_ok());
        for bad in ["", "-a", "a-", "a--b", "A", "a b", "é"] {
            let mut check = Check::default();
            check.slug("slug", bad);
            assert!(check.done().is_err(), "{bad}");
        }
    }
}
