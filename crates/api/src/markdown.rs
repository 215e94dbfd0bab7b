//! Texts of people in a Markdown document of ours (CommonMark with tables): what they wrote is shown as they wrote it, and
//! cannot leave its place.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag};
use std::ops::Range;

/// A text within a line: a title in a heading, a cell of a table. Nothing in it is syntax.
pub fn inline(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut line = String::new();
    for c in words.join(" ").chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '!' | '$' => line.extend(['\\', c]),
            '<' => line.push_str("&lt;"),
            '>' => line.push_str("&gt;"),
            '&' => line.push_str("&amp;"),
            // A table's cells are told apart before anything else is read, in some readers before backslashes.
            '|' => line.push_str("&#124;"),
            c => line.push(c),
        }
    }
    // At its beginning, what would make a list or a line of it.
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - number.len();
    if line.starts_with(['-', '+', '=', ':']) || (digits > 0 && number.starts_with(['.', ')'])) {
        line.insert(digits, '\\');
    }
    line
}

/// A text of more than a line, as Markdown: quoted, so that what is left open in it ends with it; with its headings below all
/// of the document's own, and without HTML or anything that other texts could refer to. What is very long is cut.
pub fn quoted(text: &str) -> String {
    let cut = text.char_indices().nth(LONGEST).map(|(at, _)| &text[..at]);
    let line = |line: &str| if line.is_empty() { ">\n".to_owned() } else { format!("> {line}\n") };
    let mut quoted: String = tamed(cut.unwrap_or(text)).lines().map(line).collect();
    if cut.is_some() {
        quoted.push_str(">\n> …\n");
    }
    quoted
}

/// Characters of a text that is quoted, at most.
const LONGEST: usize = 20_000;

/// How often a text is looked at again after it was changed: what was HTML may hold a heading.
const LOOKS: usize = 8;

fn tamed(text: &str) -> String {
    let mut tamed = text.to_owned();
    for _ in 0..LOOKS {
        let edits = edits(&tamed);
        if edits.is_empty() {
            return tamed;
        }
        let (mut edited, mut from) = (String::with_capacity(tamed.len()), 0);
        for (range, instead) in edits {
            edited.push_str(tamed.get(from..range.start).unwrap_or_default());
            edited.push_str(instead);
            from = range.end.max(from);
        }
        edited.push_str(&tamed[from..]);
        tamed = edited;
    }
    text.lines().map(|line| inline(line) + "\n").collect()
}

/// What is to be written otherwise, by its place: HTML as text, and headings as the lowest.
fn edits(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES);
    // A definition of a link holds for the whole document, wherever it stands.
    let definitions = parser.reference_definitions().iter().map(|(_, one)| (one.span.start..one.span.start, "\\"));
    let mut edits: Vec<(Range<usize>, &'static str)> = definitions.collect();
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {
                let opens = text[range.clone()].match_indices('<');
                edits.extend(opens.map(|(at, _)| (range.start + at..range.start + at + 1, "&lt;")));
            }
            Event::Start(Tag::Heading { level, .. }) if level != HeadingLevel::H6 => {
                let heading = &text[range.clone()];
                let marks = heading.len() - heading.trim_start_matches('#').len();
                if marks > 0 {
                    edits.push((range.start..range.start + marks, "######"));
                } else if let Some(at) = heading.trim_end().rfind(['\n', ' ', '>']) {
                    // The line of marks below a text that makes a heading of it.
                    edits.push((range.start + at + 1..range.start + at + 1, "\\"));
                }
            }
            _ => {}
        }
    }
    edits.sort_by_key(|(range, _)| range.start);
    edits.dedup();
    edits
}

/// A table: its head, and rows of as many cells. Texts of people come in as [`inline`] gives them.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut line = String::from("|");
        for cell in cells {
            line.push_str(&format!(" {} |", if cell.is_empty() { "–" } else { cell }));
        }
        line.push('\n');
        line
    };
    let mut text = line(&mut head.iter().copied());
    text.push_str(&line(&mut head.iter().map(|_| "---")));
    for row in rows {
        text.push_str(&line(&mut row.iter().map(String::as_str)));
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(text: &str) -> Vec<Event<'_>> {
        Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).collect()
    }

    const HOSTILE: &[&str] = &[
        "a | b",
        "a \\| b",
        "# kop",
        "1. een",
        "- streep",
        "---",
        "<script>alert(1)</script>",
        "<!-- open",
        "`code",
        "```",
        "[a](javascript:x)",
        "![a](b)",
        "**vet**",
        "~~door~~",
        "a\n\n# b\n| c |",
        "&lt;b&gt;",
        "=1+1",
        "[a]: http://x",
        "kop #",
    ];

    #[test]
    fn a_title_stays_in_its_place_whatever_it_is() {
        for title in HOSTILE {
            let text = format!("## {}\n\n{}", inline(title), table(&["x", "y"], &[vec![inline(title), "na".into()]]));
            let count = |of: fn(&Event<'_>) -> bool| events(&text).iter().filter(|one| of(one)).count();
            assert_eq!(count(|one| matches!(one, Event::Start(Tag::Heading { .. }))), 1, "{text}");
            assert_eq!(count(|one| matches!(one, Event::Start(Tag::TableCell))), 4, "{text}");
            let other = |one: &Event<'_>| {
                matches!(
                    one,
                    Event::Html(_)
                        | Event::InlineHtml(_)
                        | Event::Code(_)
                        | Event::Start(
                            Tag::Link { .. }
                                | Tag::Image { .. }
                                | Tag::Strong
                                | Tag::Emphasis
                                | Tag::Strikethrough
                                | Tag::List(_)
                                | Tag::Item
                        )
                )
            };
            assert_eq!(count(other), 0, "{text}");
            let words: String = events(&text)
                .iter()
                .filter_map(|one| if let Event::Text(text) = one { Some(text.to_string()) } else { None })
                .collect();
            let as_written = title.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.starts_with(&as_written), "{words} is not {as_written}");
            // In a list, too, it is one item of text.
            let list = format!("- {}\n", inline(title));
            let items = events(&list).iter().filter(|one| matches!(one, Event::Start(Tag::Item))).count();
            assert_eq!(items, 1, "{list}");
        }
    }

    #[test]
    fn a_longer_text_ends_with_itself() {
        let more = [
            "Kop\n===",
            "Kop\n---",
            "> Kop\n> ---",
            "- Kop\n  ===",
            "~~~\n# geen kop\n",
            "    # code",
            "> a\nb",
            "- a\n  ```\n<script>x</script>",
            "``` a`b\n<b>\n# kop",
            "<div>\n# kop\n</div>",
            "<!--\n# kop\n<b>",
            "a <b>b</b>\r\n# kop\r\n",
        ];
        for text in HOSTILE.iter().copied().chain(more) {
            let document = format!("# Eigen\n\n{}\n## Volgende\n\neinde\n", quoted(text));
            let mut own = vec![];
            for event in events(&document) {
                match event {
                    Event::Start(Tag::Heading { level, .. }) if level != HeadingLevel::H6 => own.push(level as u8),
                    Event::Html(_) | Event::InlineHtml(_) => panic!("HTML in {document}"),
                    _ => {}
                }
            }
            assert_eq!(own, [1, 2], "{document}");
        }
        assert_eq!(quoted("# Een\n\n*tekst* <https://a.example>"), "> ###### Een\n>\n> *tekst* <https://a.example>\n");
        assert_eq!(quoted("```\n# <b>\n```\n## kop"), "> ```\n> # <b>\n> ```\n> ###### kop\n");
        assert_eq!(quoted("Kop\n---\nx"), "> Kop\n> \\---\n> x\n");
        // What one defines, no other's text leads to.
        let (one, other) = ("[1]: http://a.example\n\n> - [b]: http://b.example", "zie [1], [b] en <http://c.example>");
        let document = format!("{}\n{}", quoted(one), quoted(other));
        let links: Vec<_> =
            events(&document).into_iter().filter(|one| matches!(one, Event::Start(Tag::Link { .. }))).collect();
        assert_eq!(links.len(), 1, "{document}: {links:?}");
        // What is very long is cut, also in the middle of what is open.
        let long = quoted(&format!("```\n{}", "é<b>\n".repeat(LONGEST)));
        assert!(long.ends_with(">\n> …\n") && long.chars().count() < 2 * LONGEST);
    }
}
