//! Parts of predicates that are rarely needed. PostgreSQL starts each sub-select of a statement before it knows whether it
//! will be needed, with the policies of every table in it, and a function only when it is called. So a predicate has marks
//! around such parts: SQLite reads the text as it stands, PostgreSQL calls a function that is made from it.

use std::collections::BTreeMap;

/// A mark: `«name|alias|part»`. None of these letters stands in SQL of ours.
const OPEN: char = '«';
const CLOSE: char = '»';
const BETWEEN: char = '|';

/// What PostgreSQL calls for a part.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name with the types of its arguments.
    pub signature: String,
    /// The part, over its arguments.
    pub body: String,
}

/// Marks a part of a predicate, which asks of one row, `alias`, and of the viewer.
pub fn rare(name: &str, alias: &str, part: &str) -> String {
    format!("{OPEN}{name}{BETWEEN}{alias}{BETWEEN}{part}{CLOSE}")
}

/// The text without its marks.
pub fn inline(text: &str) -> String {
    each(text, &mut |marked| inline(marked.part))
}

/// The text with a call for each part.
pub fn called(text: &str) -> String {
    each(text, &mut |marked| marked.compile().call)
}

/// The functions that these texts call, those first that others need.
pub fn functions(texts: impl Iterator<Item = String>) -> Vec<Function> {
    let mut all = vec![];
    for text in texts {
        collect(&text, &mut all);
    }
    all
}

fn collect(text: &str, all: &mut Vec<Function>) {
    each(text, &mut |marked| {
        collect(marked.part, all);
        let function = marked.compile().function;
        if !all.contains(&function) {
            all.push(function);
        }
        String::new()
    });
}

struct Marked<'t> {
    name: &'t str,
    alias: &'t str,
    part: &'t str,
}

struct Compiled {
    call: String,
    function: Function,
}

/// Writes the text anew, with something else for each outermost part.
fn each(text: &str, write: &mut impl FnMut(Marked<'_>) -> String) -> String {
    let (mut done, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, from)) = rest.split_once(OPEN) {
        done.push_str(before);
        let mut depth = 1;
        let end = from.char_indices().find(|(_, letter)| {
            depth += i32::from(*letter == OPEN) - i32::from(*letter == CLOSE);
            depth == 0
        });
        let (inside, after) = end.map_or((from, ""), |(end, close)| (&from[..end], &from[end + close.len_utf8()..]));
        let mut fields = inside.splitn(3, BETWEEN);
        let mut field = || fields.next().unwrap_or_default();
        let marked = Marked { name: field(), alias: field(), part: field() };
        done.push_str(&write(marked));
        rest = after;
    }
    done + rest
}

impl Marked<'_> {
    /// What is asked of the row comes first, by name, then the viewer's organisation and person, as far as they are asked for.
    fn compile(&self) -> Compiled {
        let part = called(self.part);
        let (mut body, columns) = (part.clone(), columns(&part, self.alias));
        let mut arguments = vec![];
        for (column, of) in &columns {
            let argument = format!("{}.{column}", self.alias);
            arguments.push((argument.clone(), *of));
            body = replaced(&body, &argument, &format!("${}", arguments.len()));
        }
        let mut name = self.name.to_owned();
        for (viewer, suffix) in [("{me}", ""), ("{person}", "_in_person")] {
            if body.contains(viewer) {
                arguments.push((viewer.to_owned(), "uuid"));
                body = body.replace(viewer, &format!("${}", arguments.len()));
                name.push_str(suffix);
            }
        }
        for from in [" FROM ", " JOIN "] {
            body = body.replace(from, &format!("{from}public."));
        }
        let types: Vec<_> = arguments.iter().map(|(_, of)| *of).collect();
        let given: Vec<_> = arguments.iter().map(|(argument, _)| argument.as_str()).collect();
        let call = format!("public.{name}({})", given.join(", "));
        Compiled { call, function: Function { signature: format!("{name}({})", types.join(", ")), body } }
    }
}

/// The columns of a row that a text names, with their types.
fn columns<'t>(text: &'t str, alias: &str) -> BTreeMap<&'t str, &'static str> {
    let row = format!("{alias}.");
    let starts = text.match_indices(&row).filter(|(at, _)| !text[..*at].ends_with(is_word));
    starts
        .map(|(at, _)| {
            let from = &text[at + row.len()..];
            let column = &from[..from.find(|letter| !is_word(letter)).unwrap_or(from.len())];
            let of = match column {
                "id" => "uuid",
                _ if column.ends_with("_id") => "uuid",
                _ if column.ends_with("_at") => "timestamp with time zone",
                _ => "text",
            };
            (column, of)
        })
        .collect()
}

/// Writes an argument for a column, which is no beginning of another.
fn replaced(text: &str, column: &str, argument: &str) -> String {
    let (mut done, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(column) {
        let after = &rest[at + column.len()..];
        let whole = !rest[..at].ends_with(is_word) && !after.starts_with(is_word);
        done.push_str(&rest[..at]);
        done.push_str(if whole { argument } else { column });
        rest = after;
    }
    done + rest
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_read_as_it_stands_or_called() {
        let inner = rare("evolva_inner", "x", "EXISTS (SELECT 1 FROM a WHERE a.id = x.a_id AND a.tenant_id = {me})");
        let part = format!(
            "EXISTS (SELECT 1 FROM x JOIN y ON y.id = x.id WHERE x.id = {{t}}.id AND y.at >= {{t}}.updated_at AND {inner} AND x.person_id = {{person}})"
        );
        let text = format!("({{t}}.id_2 = 1 OR {})", rare("evolva_outer", "{t}", &part)).replace("{t}", "vv");
        assert_eq!(
            inline(&text),
            "(vv.id_2 = 1 OR EXISTS (SELECT 1 FROM x JOIN y ON y.id = x.id WHERE x.id = vv.id AND y.at >= vv.updated_at \
             AND EXISTS (SELECT 1 FROM a WHERE a.id = x.a_id AND a.tenant_id = {me}) AND x.person_id = {person}))"
        );
        assert_eq!(
            called(&text),
            "(vv.id_2 = 1 OR public.evolva_outer_in_person(vv.id, vv.updated_at, {me}, {person}))"
        );
        let made = functions([text].into_iter());
        assert_eq!(
            made,
            [
                Function {
                    signature: "evolva_inner(uuid, uuid)".into(),
                    body: "EXISTS (SELECT 1 FROM public.a WHERE a.id = $1 AND a.tenant_id = $2)".into(),
                },
                Function {
                    signature: "evolva_outer_in_person(uuid, timestamp with time zone, uuid, uuid)".into(),
                    body: "EXISTS (SELECT 1 FROM public.x JOIN public.y ON y.id = x.id WHERE x.id = $1 AND y.at >= $2 \
                           AND public.evolva_inner(x.a_id, $3) AND x.person_id = $4)"
                        .into(),
                },
            ]
        );
    }

    #[test]
    fn a_name_is_one_function() {
        let all = crate::policy::helpers();
        let names: std::collections::BTreeSet<_> =
            all.iter().filter_map(|one| one.signature.split('(').next()).collect();
        assert_eq!(all.len(), names.len(), "{names:#?}");
        let made = crate::visible::functions();
        assert!(made.iter().all(|one| !one.body.contains(['{', OPEN, BETWEEN])), "{made:#?}");
    }
}
