//! How text becomes the terms that are looked up, and how a query becomes what is asked of them. It is done here, once
//! for both databases: stemming the same word by two programs, or by two releases of one, loses the hits.
//!
//! A term is a word as it is written, folded to lower case without accents, or a stem with a mark of its language before
//! it. Terms hold letters, digits and that mark only, so none of them means anything to a database.

use crate::{Code, Error, Result};
use rust_stemmers::{Algorithm, Stemmer};
use std::collections::BTreeSet;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// How many characters a query has at most.
pub const QUERY: usize = 400;
/// How many words a query has at most, those that are left out included.
pub const WORDS: usize = 12;
/// How many characters of a word count.
const LONGEST: usize = 64;
/// How many bytes of terms a text has at most; what is beyond is not found. A text of the greatest length stays below.
const TERMS: usize = 400_000;

/// Stands before a stem, with a letter for its language. No word has it.
const DUTCH: &str = "·n";
const ENGLISH: &str = "·e";

/// Words that say nothing of what a text is about, in both languages. They are found where nothing else is asked.
const LITTLE: &[&str] = &[
    "a", "aan", "als", "an", "and", "are", "as", "at", "be", "bij", "by", "dat", "de", "die", "dit", "door", "een",
    "en", "er", "for", "from", "het", "in", "is", "it", "met", "naar", "of", "om", "on", "ook", "op", "or", "over",
    "te", "that", "the", "this", "to", "tot", "uit", "van", "voor", "was", "with", "zijn",
];

/// In which language a text is, as far as it can be stemmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoken {
    Dutch,
    English,
    /// Of a text in another language, or in one that nobody named, both stems are kept.
    Unknown,
}

impl Spoken {
    /// By a language tag, such as `nl-BE`.
    pub fn of(tag: Option<&str>) -> Self {
        let first = tag.and_then(|tag| tag.split('-').next()).unwrap_or_default();
        match first {
            first if first.eq_ignore_ascii_case("nl") => Self::Dutch,
            first if first.eq_ignore_ascii_case("en") => Self::English,
            _ => Self::Unknown,
        }
    }
}

/// A word of a text, where it stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub start: usize,
    pub end: usize,
    /// As it is looked up.
    pub word: String,
}

/// A word as it is looked up: lower case, without accents, and no longer than counts.
fn folded(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let letters = word.nfkd().flat_map(char::to_lowercase).nfkd().filter(|c| c.is_alphanumeric());
    for letter in letters.take(LONGEST) {
        match letter {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            letter => out.push(letter),
        }
    }
    out
}

/// The words of a text: runs of letters and digits, in any script.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut all = vec![];
    let mut start = None;
    let ends = text.char_indices().chain([(text.len(), ' ')]);
    for (at, letter) in ends {
        let within = letter.is_alphanumeric() || (start.is_some() && is_combining_mark(letter));
        match (start, within) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let word = folded(&text[from..at]);
                if !word.is_empty() {
                    all.push(Token { start: from, end: at, word });
                }
                start = None;
            }
            _ => {}
        }
    }
    all
}

/// Words of which each hangs on the next by a hyphen, as the one word that they are: `werkplek-leren`.
pub fn compounds(text: &str, tokens: &[Token]) -> Vec<Token> {
    let hangs = |one: &Token, next: &Token| matches!(&text[one.end..next.start], "-" | "\u{2010}" | "\u{2011}");
    let mut all = vec![];
    let mut from = 0;
    for place in 0..tokens.len() {
        if tokens.get(place + 1).is_some_and(|next| hangs(&tokens[place], next)) {
            continue;
        }
        if place > from {
            let word: String = tokens[from..=place].iter().map(|token| token.word.as_str()).collect();
            let word = word.chars().take(LONGEST).collect();
            all.push(Token { start: tokens[from].start, end: tokens[place].end, word });
        }
        from = place + 1;
    }
    all
}

/// The stems of a word, as terms.
pub fn stems(word: &str, spoken: Spoken) -> Vec<String> {
    let dutch = || format!("{DUTCH}{}", undoubled(&Stemmer::create(Algorithm::Dutch).stem(word)));
    let english = || format!("{ENGLISH}{}", Stemmer::create(Algorithm::English).stem(word));
    match spoken {
        Spoken::Dutch => vec![dutch()],
        Spoken::English => vec![english()],
        Spoken::Unknown => vec![dutch(), english()],
    }
}

/// A Dutch plural doubles the last consonant of the word, and its stem keeps both: *les*, *lessen*.
fn undoubled(stem: &str) -> &str {
    match stem.as_bytes() {
        [.., before, last] if before == last && last.is_ascii_lowercase() && !b"aeiou".contains(last) => {
            &stem[..stem.len() - 1]
        }
        _ => stem,
    }
}

/// Takes the terms of a text into a set, as far as there is room.
pub fn take_terms(text: &str, spoken: Spoken, into: &mut BTreeSet<String>) {
    let tokens = tokens(text);
    let mut room = TERMS.saturating_sub(into.iter().map(String::len).sum());
    for token in tokens.iter().chain(&compounds(text, &tokens)) {
        if into.contains(&token.word) {
            continue;
        }
        for term in stems(&token.word, spoken).into_iter().chain([token.word.clone()]) {
            if term.len() > room {
                return;
            }
            room -= term.len();
            into.insert(term);
        }
    }
}

/// One word of a query. A text has it that has one of its terms, or a word that begins so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The stems.
    pub terms: Vec<String>,
    /// The word as it was written, where it may be the beginning of one: the last one, as long as nothing follows it.
    pub prefix: Option<String>,
}

impl Word {
    /// Whether a word of a text is this one.
    pub fn is(&self, word: &str, spoken: Spoken) -> bool {
        self.prefix.as_ref().is_some_and(|prefix| word.starts_with(prefix.as_str()))
            || stems(word, spoken).iter().any(|stem| self.terms.contains(stem))
    }
}

/// What a query asks for: each of its words. Nothing in it is syntax.
pub fn query(field: &'static str, text: &str) -> Result<Vec<Word>> {
    if text.chars().count() > QUERY {
        return Err(Error::invalid(Code::TooLong, field, QUERY.to_string()));
    }
    let tokens = tokens(text);
    if tokens.is_empty() {
        return Err(Error::invalid(Code::Required, field, "A word to look for."));
    }
    if tokens.len() > WORDS {
        return Err(Error::invalid(Code::TooMany, field, format!("{WORDS} words")));
    }
    let last = tokens.len() - 1;
    // One letter begins too many words.
    let begins = |place: usize| {
        let token = &tokens[place];
        place == last && token.end == text.len() && token.word.chars().count() > 1
    };
    let says = |token: &Token| token.word.chars().count() > 1 && !LITTLE.contains(&token.word.as_str());
    let mut words: Vec<Word> = vec![];
    for (place, token) in tokens.iter().enumerate() {
        let prefix = begins(place).then(|| token.word.clone());
        if prefix.is_none() && !says(token) && tokens.iter().any(says) {
            continue;
        }
        let word = Word { terms: stems(&token.word, Spoken::Unknown), prefix };
        // Written twice, it counts once; the one that may be a beginning is what is still being typed.
        if let Some(same) = words.iter_mut().find(|same| same.terms == word.terms) {
            same.prefix = same.prefix.take().or(word.prefix);
        } else {
            words.push(word);
        }
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Changing one of these, by another library or another release of it, means that what was written before is not found
    /// any more: raise `document::ANALYSIS` then, so that the index is made anew.
    #[test]
    fn each_word_has_the_stem_that_it_had() {
        for (word, dutch, english) in [
            ("leren", "ler", "leren"),
            ("leert", "leert", "leert"),
            ("les", "les", "les"),
            ("lessen", "les", "lessen"),
            ("werkplekken", "werkplek", "werkplekken"),
            ("werkplek", "werkplek", "werkplek"),
            ("begeleiders", "begeleider", "begeleid"),
            ("begeleiding", "begeleid", "begeleid"),
            ("gemeenschap", "gemeenschap", "gemeenschap"),
            ("gemeenschappen", "gemeenschap", "gemeenschappen"),
            ("skills", "skil", "skill"),
            ("ervaringen", "ervar", "ervaringen"),
            ("communities", "communities", "communiti"),
            ("learning", "learning", "learn"),
            ("practices", "practices", "practic"),
            ("running", "running", "run"),
        ] {
            let both = stems(word, Spoken::Unknown);
            assert_eq!(both, [format!("·n{dutch}"), format!("·e{english}")], "{word}");
        }
    }

    fn words(text: &str) -> Vec<String> {
        let tokens = tokens(text);
        tokens.iter().chain(&compounds(text, &tokens)).map(|token| token.word.clone()).collect()
    }

    #[test]
    fn words_are_runs_of_letters_and_digits_whatever_stands_between_them() {
        assert_eq!(words("Eén CAFÉ, cafe\u{301}; Straße 3.0!"), ["een", "cafe", "cafe", "strasse", "3", "0"]);
        assert_eq!(
            words("werkplek-leren en on-the-job"),
            ["werkplek", "leren", "en", "on", "the", "job", "werkplekleren", "onthejob"]
        );
        assert_eq!(words("ﬁnanciën Ⅳ ½ x² İ"), ["financien", "iv", "12", "x2", "i"]);
        assert_eq!(words("日本語 в Москве"), ["日本語", "в", "москве"]);
        assert_eq!(words("\u{301}a _b_ c'd -e- \u{0} \u{ffff}"), ["a", "b", "c", "d", "e"]);
        assert_eq!(words(&"x".repeat(1000))[0].len(), LONGEST);
    }

    #[test]
    fn terms_hold_nothing_that_a_database_would_read_as_more() {
        let mut terms = BTreeSet::new();
        take_terms("a:* & b | !c 'd' \"e\" %_\\ (f) <-> g NEAR h^2 ·n ʼ ⁿ·eX", Spoken::Unknown, &mut terms);
        for term in &terms {
            let word = term.strip_prefix("·n").or(term.strip_prefix("·e")).unwrap_or(term);
            assert!(word.chars().all(|c| c.is_alphanumeric() && !c.is_uppercase()), "{term}");
        }
        assert!(terms.contains("near") && terms.contains("h") && terms.contains("2"));
    }

    #[test]
    fn a_long_text_has_no_more_terms_than_there_is_room() {
        let text: String = (0..200_000 / 7).map(|n| format!("w{n:05} ")).collect();
        let mut terms = BTreeSet::new();
        take_terms("titel", Spoken::Dutch, &mut terms);
        take_terms(&text, Spoken::Unknown, &mut terms);
        assert!(terms.contains("titel") && terms.iter().map(String::len).sum::<usize>() <= TERMS);
    }

    fn asked(text: &str) -> Vec<(String, bool)> {
        let words = query("query", text).unwrap();
        words.into_iter().map(|word| (word.terms[0].clone(), word.prefix.is_some())).collect()
    }

    #[test]
    fn a_query_asks_for_each_of_its_words_and_the_last_may_be_a_beginning() {
        let is = |stem: &str, prefix| (format!("·n{stem}"), prefix);
        assert_eq!(asked("Leren op de werkplek"), [is("ler", false), is("werkplek", true)]);
        assert_eq!(asked("leren werkplek "), [is("ler", false), is("werkplek", false)]);
        assert_eq!(asked("leren de"), [is("ler", false), is("de", true)]);
        assert_eq!(asked("leren de "), [is("ler", false)]);
        assert_eq!(asked("de het "), [is("de", false), is("het", false)]);
        assert_eq!(asked("a"), [is("a", false)]);
        assert_eq!(asked("leren leren"), [is("ler", true)]);
        assert_eq!(asked("werkplek-leren"), [is("werkplek", false), is("ler", true)]);
    }

    #[test]
    fn what_cannot_be_looked_for_says_why() {
        let code = |text: &str| query("query", text).unwrap_err().problems()[0].code;
        for nothing in ["", " ", "\u{0}", "%%% ---", "\u{301}"] {
            assert_eq!(code(nothing), Code::Required, "{nothing:?}");
        }
        assert_eq!(code(&"a ".repeat(201)), Code::TooLong);
        assert_eq!(code(&"ab ".repeat(13)), Code::TooMany);
        assert!(query("query", &"ab ".repeat(12)).is_ok());
    }
}
