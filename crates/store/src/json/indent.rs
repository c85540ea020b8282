//! Documents as the old app lays them out, every token as it was.

use model::json::TREE_DEPTH_MAX;

/// Appends compact JSON with two spaces a level. Text below [`TREE_DEPTH_MAX`] levels stays
/// compact, so that the size of the result is bounded by that of the source.
pub(super) fn push_indented(compact: &str, level: usize, out: &mut String) {
    let deepest = level + TREE_DEPTH_MAX as usize;
    let (mut level, mut in_string, mut rest) = (level, false, compact);
    while let Some(at) = rest.find(['"', '\\', '{', '[', '}', ']', ',', ':']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let token = from.chars().next().unwrap_or_default();
        let length = if token == '\\' { escape_length(from) } else { 1 };
        let (text, after) = from.split_at(length);
        rest = after;
        match token {
            _ if in_string => {
                in_string = token != '"';
                out.push_str(text);
            }
            '{' | '[' if rest.starts_with(['}', ']']) => {
                let (closing, after) = rest.split_at(1);
                out.push_str(text);
                out.push_str(closing);
                rest = after;
            }
            '{' | '[' => {
                level += 1;
                out.push_str(text);
                start_line(level, deepest, out);
            }
            '}' | ']' => {
                // The closing bracket stands where its opening one does.
                if level <= deepest {
                    start_line(level.saturating_sub(1), deepest, out);
                }
                level = level.saturating_sub(1);
                out.push_str(text);
            }
            ',' => {
                out.push_str(text);
                start_line(level, deepest, out);
            }
            ':' => out.push_str(if level <= deepest { ": " } else { ":" }),
            _ => {
                in_string = token == '"';
                out.push_str(text);
            }
        }
    }
    out.push_str(rest);
}

/// A backslash with the character that it escapes.
fn escape_length(text: &str) -> usize {
    text.chars().take(2).map(char::len_utf8).sum()
}

fn start_line(level: usize, deepest: usize, out: &mut String) {
    if level <= deepest {
        out.push('\n');
        (0..level).for_each(|_| out.push_str("  "));
    }
}

#[cfg(test)]
mod tests {
    use model::{Document, Json, Tape};

    use super::*;

    #[track_caller]
    fn check(text: &str) {
        let document = Document::parse(text, &mut Tape::new()).unwrap();
        let mut indented = String::new();
        push_indented(document.as_str(), 0, &mut indented);
        assert_eq!(indented, Json::parse(text).unwrap().to_indented());
        assert_eq!(Document::parse(&indented, &mut Tape::new()).unwrap(), document);
    }

    #[test]
    fn layout_is_that_of_the_tree() {
        for text in [
            "1",
            "\"a{b\"",
            "[]",
            "{}",
            "[[],{},[1,{\"a\":[]}]]",
            r#"{"a":"\"x\\","b, c":[1,2],"d":{"e":null,"f":NaN}}"#,
            r#"["\\","\\\"",":"]"#,
        ] {
            check(text);
        }
    }

    #[test]
    fn deep_text_does_not_grow() {
        let text = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
        let mut out = String::new();
        push_indented(&text, 0, &mut out);
        assert!(out.len() < 200_000, "{}", out.len());
        assert_eq!(Document::parse(&out, &mut Tape::new()).unwrap().as_str(), text);
    }
}
