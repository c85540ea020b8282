//! The little that has to be understood of a JQL to walk over what it finds.

use crate::error::{Error, Result};

/// Everything `jql` finds that also meets `conditions`, in the order of keys.
///
/// The JQL's own order is taken off: a walk needs one that does not change while it goes on.
pub(crate) fn by_key(jql: &str, conditions: &[String]) -> Result<String> {
    let own = restriction(jql)?;
    let own = (!own.is_empty()).then(|| format!("({own})"));
    let all: Vec<&str> = own.iter().chain(conditions).map(String::as_str).collect();
    Ok(format!("{} ORDER BY key ASC", all.join(" AND ")).trim_start().to_owned())
}

/// A JQL without its `ORDER BY`.
pub(crate) fn restriction(jql: &str) -> Result<&str> {
    let wrong = |why: &str| Error::Jql { why: why.to_owned() };
    let (mut depth, mut order) = (0_u32, None);
    for word in (Words { jql, at: 0 }) {
        match word {
            Word::Unclosed => return Err(wrong("a quote is opened and not closed")),
            Word::Open => depth += 1,
            Word::Close => {
                depth = depth
                    .checked_sub(1)
                    .ok_or_else(|| wrong("a parenthesis is closed that was never opened"))?;
            }
            Word::Plain(start, "ORDER") if depth == 0 => order = order.or(Some(start)),
            Word::Plain(..) | Word::Quoted => {}
        }
    }
    if depth > 0 {
        return Err(wrong("a parenthesis is opened and not closed"));
    }
    Ok(jql.get(..order.unwrap_or(jql.len())).unwrap_or_default().trim())
}

/// A text as JQL takes it anywhere.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// `id in (…)`.
pub(crate) fn with_ids(ids: &[&str]) -> String {
    let is_number = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let one = |id: &&str| if is_number(id) { (*id).to_owned() } else { quoted(id) };
    format!("id in ({})", ids.iter().map(one).collect::<Vec<_>>().join(","))
}

enum Word {
    Open,
    Close,
    Quoted,
    /// A quote without its end.
    Unclosed,
    /// Where it begins and what it is: `ORDER` for the one word that matters, else nothing.
    Plain(usize, &'static str),
}

struct Words<'j> {
    jql: &'j str,
    at: usize,
}

impl Iterator for Words<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        let rest = self.jql.get(self.at..)?;
        let start = self.at + rest.len() - rest.trim_start().len();
        let rest = rest.trim_start();
        let first = rest.chars().next()?;
        let (length, word) = match first {
            '(' => (1, Word::Open),
            ')' => (1, Word::Close),
            '"' | '\'' => match quote_end(rest, first) {
                Some(end) => (end, Word::Quoted),
                None => (rest.len(), Word::Unclosed),
            },
            _ => {
                let ends = |c: char| c.is_whitespace() || "()\"'=!<>~,".contains(c);
                // At least one character is taken, so that the walk ends.
                let end = rest.find(ends).unwrap_or(rest.len()).max(first.len_utf8());
                let is_order = rest.get(..end).is_some_and(|w| w.eq_ignore_ascii_case("order"))
                    && begins_with_by(rest.get(end..).unwrap_or_default());
                (end, Word::Plain(start, if is_order { "ORDER" } else { "" }))
            }
        };
        self.at = start + length;
        Some(word)
    }
}

fn begins_with_by(rest: &str) -> bool {
    let mut words = rest.split_whitespace();
    rest.starts_with(char::is_whitespace)
        && words.next().is_some_and(|word| word.eq_ignore_ascii_case("by"))
}

/// Where the quote that `text` begins with ends, escapes passed over.
fn quote_end(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if character == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_taken_off_and_nothing_else() {
        for (jql, want) in [
            ("project = A", Ok("project = A")),
            ("project = A ORDER BY created", Ok("project = A")),
            ("project = A order\n by rank ASC, key DESC", Ok("project = A")),
            ("ORDER BY created", Ok("")),
            ("", Ok("")),
            (r#"text ~ "x ORDER BY y" ORDER BY z"#, Ok(r#"text ~ "x ORDER BY y""#)),
            (r#"text ~ "a\" ORDER BY" AND b = 1"#, Ok(r#"text ~ "a\" ORDER BY" AND b = 1"#)),
            (r"text ~ 'it\'s ORDER BY'", Ok(r"text ~ 'it\'s ORDER BY'")),
            ("reorder by = 1", Ok("reorder by = 1")),
            ("\"order\" = by", Ok("\"order\" = by")),
            ("order = 5", Ok("order = 5")),
            ("a = ü ORDER BY b", Ok("a = ü")),
            ("(a = 1) OR (b = 2)", Ok("(a = 1) OR (b = 2)")),
            ("(a = 1", Err("not closed")),
            ("a = 1) OR (b = 2", Err("never opened")),
            ("a = \"x", Err("quote")),
            ("a = \"x\\", Err("quote")),
        ] {
            match (restriction(jql), want) {
                (Ok(got), Ok(want)) => assert_eq!(got, want, "{jql}"),
                (Err(got), Err(want)) => assert!(got.to_string().contains(want), "{jql}: {got}"),
                (got, want) => panic!("{jql}: {got:?}, not {want:?}"),
            }
        }
    }

    #[test]
    fn conditions_are_joined_so_that_an_or_stays_inside() {
        let more = ["project = \"A\"".to_owned()];
        for (jql, conditions, want) in [
            (
                "a = 1 OR b = 2 ORDER BY c",
                &more[..],
                "(a = 1 OR b = 2) AND project = \"A\" ORDER BY key ASC",
            ),
            ("a = 1", &[], "(a = 1) ORDER BY key ASC"),
            ("ORDER BY x", &[], "ORDER BY key ASC"),
            ("", &more[..], "project = \"A\" ORDER BY key ASC"),
        ] {
            assert_eq!(by_key(jql, conditions).unwrap(), want);
        }
        assert_eq!(with_ids(&["10", "x\"y", "11"]), r#"id in (10,"x\"y",11)"#);
        assert_eq!(quoted(r#"a\"b"#), r#""a\\\"b""#);
    }
}
