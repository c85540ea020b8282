//! Text of others made safe for a terminal or a text file: no escape sequence, line break or turned
//! direction of a title or file name ever gets through.

/// One line: line breaks and tabs become spaces, other control characters are spelled out.
pub fn one_line(text: &str) -> String {
    spell_out(text, |character| matches!(character, '\n' | '\r' | '\t').then_some(' '))
}

/// The same with its line breaks.
pub fn lines(text: &str) -> String {
    spell_out(text, |character| match character {
        '\n' => Some('\n'),
        '\t' => Some(' '),
        _ => None,
    })
}

/// JSON in which no control character and no mark of direction stands as it is: as escapes they mean
/// the same to whoever reads it as JSON, and do nothing to whoever looks at it.
pub fn json(text: String) -> String {
    if !text.contains(is_odd) {
        return text;
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match is_odd(character) {
            true => safe.push_str(&format!("\\u{:04x}", u32::from(character))),
            false => safe.push(character),
        }
    }
    safe
}

/// HTML with its texts spelled out in the same way as by [`lines`], those in attributes that people read or hear
/// among them. What stands in other attributes and in the fields of forms is sent back: there a mark of
/// direction becomes a reference, which means the same, and control characters go.
pub fn html(text: String) -> String {
    if !text.contains(is_odd) {
        return text;
    }
    let mut safe = String::with_capacity(text.len() + 16);
    let mut is_in_field = false;
    for part in text.split_inclusive('>') {
        let (shown, tag) = part.split_at(part.find('<').unwrap_or(part.len()));
        let shown = spell_out(shown, |character| {
            let is_space = matches!(character, '\n' | '\r' | '\t');
            (is_space || (is_in_field && is_direction(character))).then_some(character)
        });
        push_sent(&mut safe, &shown);
        push_tag(&mut safe, tag);
        is_in_field = tag.starts_with("<textarea");
    }
    safe
}

/// Attributes that are read or heard; so are those whose names begin with `aria-`.
const SHOWN_ATTRIBUTES: [&str; 4] = ["title", "alt", "label", "placeholder"];

/// Adds a tag, whose attributes stand in quotes.
fn push_tag(safe: &mut String, tag: &str) {
    let mut is_shown = false;
    for (place, part) in tag.split('"').enumerate() {
        if place > 0 {
            safe.push('"');
        }
        if place % 2 == 1 && is_shown {
            safe.push_str(&lines(part));
            continue;
        }
        push_sent(safe, part);
        let name = part.trim_end_matches('=').rsplit(' ').next().unwrap_or_default();
        is_shown = name.starts_with("aria-") || SHOWN_ATTRIBUTES.contains(&name);
    }
}

/// Adds what is sent back.
fn push_sent(safe: &mut String, text: &str) {
    for character in text.chars() {
        match is_odd(character) {
            true if is_direction(character) => {
                safe.push_str(&format!("&#x{:x};", u32::from(character)));
            }
            true => {}
            false => safe.push(character),
        }
    }
}

/// A character that is not seen, or changes how others are seen.
fn is_odd(character: char) -> bool {
    let is_space = matches!(character, '\n' | '\r' | '\t');
    (character.is_control() && !is_space) || is_direction(character)
}

fn spell_out(text: &str, replaced: impl Fn(char) -> Option<char>) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if let Some(other) = replaced(character) {
            safe.push(other);
        } else if character.is_control() || is_direction(character) {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
        }
    }
    safe
}

/// Marks that turn the direction of the text after them around.
pub fn is_direction(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_are_spelled_out() {
        assert_eq!(one_line("\u{1b}[2J a\nb\u{7}\u{9b}"), "\\u{1b}[2J a b\\u{7}\\u{9b}");
        assert_eq!(one_line("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(one_line("Zürich 项目 🚀"), "Zürich 项目 🚀");
        assert_eq!(lines("a\n\tb\r"), "a\n b\\u{d}");
    }

    #[test]
    fn json_means_the_same() {
        let odd = "{\"a\":\"x\u{202e}y\u{9b}\"}\n".to_owned();
        assert_eq!(json(odd), "{\"a\":\"x\\u202ey\\u009b\"}\n");
        assert_eq!(json("{\"ü\": \"项目\"}".to_owned()), "{\"ü\": \"项目\"}");
    }

    #[test]
    fn html_shows_no_text_that_is_not_seen() {
        for (page, want) in [
            ("<p>a\u{202e}b\0</p>\n", "<p>a\\u{202e}b\\u{0}</p>\n"),
            ("<input value=\"a\u{200f}\u{1b}\">\u{7}", "<input value=\"a&#x200f;\">\\u{7}"),
            (
                "<a aria-label=\"a\u{202e}b\u{1b}\" href=\"?x=\u{202e}\" title=\"\u{2066}\">",
                "<a aria-label=\"a\\u{202e}b\\u{1b}\" href=\"?x=&#x202e;\" title=\"\\u{2066}\">",
            ),
            (
                "<textarea rows=\"2\">a\u{202e}\0</textarea>\u{202e}",
                "<textarea rows=\"2\">a&#x202e;\\u{0}</textarea>\\u{202e}",
            ),
            ("<p>plain 项目\t</p>", "<p>plain 项目\t</p>"),
        ] {
            assert_eq!(html(page.to_owned()), want);
        }
    }
}
