//! Where the words of a query stand in a text: fragments of it, as HTML that is safe to show.

use super::words::{Spoken, Token, Word, compounds, tokens};
use std::collections::HashMap;

/// How many characters a fragment has around what was found, and how many fragments a text has at most.
const AROUND: usize = 80;
const FRAGMENTS: usize = 3;
/// How many bytes of a text are looked through.
const LOOKED_THROUGH: usize = 20_000;

fn escaped(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
}

/// The places of a text that are what is asked for, in order, none within another.
fn found(text: &str, words: &[Word], spoken: Spoken) -> Vec<Token> {
    let mut known: HashMap<String, bool> = HashMap::new();
    let mut is =
        |word: &str| *known.entry(word.to_owned()).or_insert_with(|| words.iter().any(|asked| asked.is(word, spoken)));
    let tokens = tokens(text);
    let mut all = compounds(text, &tokens);
    all.extend(tokens);
    all.retain(|token| is(&token.word));
    // What is longer comes first where both begin at one place.
    all.sort_by_key(|token| (token.start, std::cmp::Reverse(token.end)));
    let mut end = 0;
    all.retain(|token| {
        let apart = token.start >= end;
        end = end.max(token.end);
        apart
    });
    all
}

/// The start of a fragment: some characters before a place, and not within a word.
fn before(text: &str, place: usize) -> usize {
    let from = text[..place].char_indices().rev().take(AROUND).last().map_or(place, |(at, _)| at);
    if from == 0 {
        return 0;
    }
    text[from..place].find(char::is_whitespace).map_or(from, |at| from + at)
}

fn after(text: &str, place: usize) -> usize {
    let until = text[place..].char_indices().nth(AROUND).map_or(text.len(), |(at, _)| place + at);
    if until == text.len() {
        return until;
    }
    text[place..until].rfind(char::is_whitespace).map_or(until, |at| place + at)
}

fn marked(text: &str, from: usize, until: usize, found: &[Token], out: &mut String) {
    let mut at = from;
    for token in found {
        escaped(&text[at..token.start], out);
        out.push_str("<mark>");
        escaped(&text[token.start..token.end], out);
        out.push_str("</mark>");
        at = token.end;
    }
    escaped(&text[at..until], out);
}

/// The whole of a short text, marked in the same way.
pub fn whole(text: &str, words: &[Word], spoken: Spoken) -> String {
    let mut out = String::new();
    marked(text, 0, text.len(), &found(text, words, spoken), &mut out);
    out
}

/// Fragments of a text with what is asked for in `<mark>`; everything else of it is text. None where nothing is found.
pub fn fragments(text: &str, words: &[Word], spoken: Spoken) -> Vec<String> {
    let mut end = text.len().min(LOOKED_THROUGH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let found = found(&text[..end], words, spoken);
    let mut all = vec![];
    let mut place = 0;
    while place < found.len() && all.len() < FRAGMENTS {
        let from = before(text, found[place].start);
        let mut until = after(text, found[place].end);
        let mut last = place;
        while last + 1 < found.len() && found[last + 1].end <= until {
            last += 1;
        }
        until = until.max(found[last].end);
        let mut out = String::from(if from > 0 { "…" } else { "" });
        marked(text, from, until, &found[place..=last], &mut out);
        if until < text.len() {
            out.push('…');
        }
        all.push(out.trim().to_owned());
        place = last + 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{super::words::query, *};

    fn of(text: &str, asked: &str) -> Vec<String> {
        fragments(text, &query("query", asked).unwrap(), Spoken::Unknown)
    }

    #[test]
    fn what_is_found_is_marked_and_nothing_of_the_text_is_html() {
        assert_eq!(of("Lessen & <b>leren</b>", "leert les"), ["<mark>Lessen</mark> &amp; &lt;b&gt;leren&lt;/b&gt;"]);
        assert_eq!(
            of("<mark>x</mark> \"lessen\"", "lessen"),
            ["&lt;mark&gt;x&lt;/mark&gt; &quot;<mark>lessen</mark>&quot;"]
        );
        assert_eq!(of("Het Café", "cafe"), ["Het <mark>Café</mark>"]);
        assert_eq!(of("werkplek-leren", "werkplekleren"), ["<mark>werkplek-leren</mark>"]);
        assert_eq!(of("werkplek-leren", "leren"), ["werkplek-<mark>leren</mark>"]);
        assert!(of("iets anders", "leren").is_empty());
        assert_eq!(
            whole("<iets> leren", &query("query", "leren").unwrap(), Spoken::Dutch),
            "&lt;iets&gt; <mark>leren</mark>"
        );
    }

    #[test]
    fn a_long_text_shows_some_of_what_is_around() {
        let text = format!("{} leren {} leren {}", "één woord ".repeat(40), "woord ".repeat(40), "x".repeat(300));
        let all = of(&text, "leren");
        assert_eq!(all.len(), 2);
        assert!(all.iter().all(|one| one.starts_with('…') && one.ends_with('…') && one.contains("<mark>leren</mark>")));
        assert!(all.iter().all(|one| one.chars().count() < 250), "{all:?}");
        assert_eq!(of(&"leren ".repeat(10_000), "leren").len(), FRAGMENTS);
    }
}
