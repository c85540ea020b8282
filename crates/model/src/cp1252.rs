//! The Windows Latin code page: bytes that were never UTF-8, and UTF-8 that was once read as it.

/// Characters of the bytes 80..9F; `None` where the code page has none.
const HIGH: [Option<char>; 32] = [
    Some('€'),
    None,
    Some('‚'),
    Some('ƒ'),
    Some('„'),
    Some('…'),
    Some('†'),
    Some('‡'),
    Some('ˆ'),
    Some('‰'),
    Some('Š'),
    Some('‹'),
    Some('Œ'),
    None,
    Some('Ž'),
    None,
    None,
    Some('‘'),
    Some('’'),
    Some('“'),
    Some('”'),
    Some('•'),
    Some('–'),
    Some('—'),
    Some('˜'),
    Some('™'),
    Some('š'),
    Some('›'),
    Some('œ'),
    None,
    Some('ž'),
    Some('Ÿ'),
];

/// Decodes bytes; the five undefined ones become the control characters of their number.
pub fn decode(bytes: &[u8]) -> String {
    // Room at once: a long text that has to be moved is there twice meanwhile.
    let length = bytes.iter().map(|&byte| character(byte).len_utf8()).sum();
    let mut text = String::with_capacity(length);
    text.extend(bytes.iter().map(|&byte| character(byte)));
    text
}

fn character(byte: u8) -> char {
    let high = byte.checked_sub(0x80).and_then(|place| HIGH.get(usize::from(place)));
    high.copied().flatten().unwrap_or(char::from(byte))
}

fn encode(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|wanted| match u8::try_from(u32::from(wanted)) {
            Ok(byte) if character(byte) == wanted => Some(byte),
            _ => (0x80..=0x9F_u8).find(|byte| character(*byte) == wanted),
        })
        .collect()
}

/// Undoes one reading of UTF-8 text as cp1252 (`ZÃ¼rich` → `Zürich`); `None` if it was not one.
pub fn unmangle(text: &str) -> Option<String> {
    let repaired = String::from_utf8(encode(text)?).ok()?;
    (repaired != text).then_some(repaired)
}

/// Whether `text` is `original` after one or more readings of UTF-8 as cp1252.
pub fn is_mangled_form_of(text: &str, original: &str) -> bool {
    let mut current = text.to_owned();
    // Twice has been seen; each round shortens the text.
    for _ in 0..4 {
        match unmangle(&current) {
            Some(repaired) if repaired == original => return true,
            Some(repaired) => current = repaired,
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mangled_names_are_recognised() {
        assert_eq!(unmangle("ZÃ¼rich â€“ GrÃ¶ÃŸe").as_deref(), Some("Zürich – Größe"));
        assert!(is_mangled_form_of("PrÃƒÂ¼fprofil", "Prüfprofil"));
        assert!(!is_mangled_form_of("Zürich", "Zürich"));
        assert_eq!(unmangle("Zürich"), None);
        assert_eq!(unmangle("plain"), None);
        assert_eq!(unmangle("项目"), None);
        assert_eq!(decode(b"Gr\xf6\xdfe \x80 \x81"), "Größe € \u{81}");
    }
}
