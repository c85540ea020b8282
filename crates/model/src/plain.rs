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
}
