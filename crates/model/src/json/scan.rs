//! Byte-level rules of JSON text, shared by the tape and by splitters of large files.

use super::tape::{Kind, Node};

/// Where and why text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} at byte {at}")]
pub struct SyntaxError {
    /// Byte offset in the parsed text.
    pub at: usize,
    /// What is wrong there.
    pub what: &'static str,
}

pub(super) struct StringScan {
    pub end: usize,
    pub escapes: bool,
    pub surrogates: bool,
    pub controls: bool,
}

/// Scans the string that opens at `start`.
pub(super) fn string(bytes: &[u8], start: usize) -> Result<StringScan, SyntaxError> {
    let mut scan =
        StringScan { end: start + 1, escapes: false, surrogates: false, controls: false };
    loop {
        let rest = bytes.get(scan.end..).unwrap_or_default();
        let Some(length) = memchr::memchr2(b'"', b'\\', rest) else {
            return Err(SyntaxError { at: bytes.len(), what: "the text ends in a string" });
        };
        let plain = rest.get(..length).unwrap_or_default();
        // Without a branch in it this loop is done many bytes at a time.
        scan.controls |= plain.iter().fold(false, |found, byte| found | (*byte < 0x20));
        scan.end += length;
        if rest.get(length) == Some(&b'"') {
            scan.end += 1;
            return Ok(scan);
        }
        scan.escapes = true;
        scan.end = escape(bytes, scan.end, &mut scan.surrogates)?;
    }
}

/// Steps over one escape; a pair of surrogates counts as one.
fn escape(bytes: &[u8], at: usize, surrogates: &mut bool) -> Result<usize, SyntaxError> {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => {
            let unit = unicode_unit(bytes, at)?;
            match unit {
                0xD800..=0xDBFF => match unicode_unit(bytes, at + 6) {
                    Ok(0xDC00..=0xDFFF) => Ok(at + 12),
                    _ => {
                        *surrogates = true;
                        Ok(at + 6)
                    }
                },
                0xDC00..=0xDFFF => {
                    *surrogates = true;
                    Ok(at + 6)
                }
                _ => Ok(at + 6),
            }
        }
        _ => Err(SyntaxError { at, what: "an unknown escape in a string" }),
    }
}

fn unicode_unit(bytes: &[u8], at: usize) -> Result<u32, SyntaxError> {
    let error = SyntaxError { at, what: "a broken \\u escape" };
    let digits = bytes.get(at..at + 6).and_then(|unit| unit.strip_prefix(b"\\u")).ok_or(error)?;
    digits.iter().try_fold(0, |unit, &digit| {
        char::from(digit).to_digit(16).map(|value| unit * 16 + value).ok_or(error)
    })
}

/// Decodes the inside of a scanned string; lone surrogates become U+FFFD.
pub(super) fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        text.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let bytes = rest.as_bytes();
        let (decoded, length) = match bytes.get(1) {
            Some(b'u') => unescape_unicode(bytes),
            Some(b'b') => ('\u{8}', 2),
            Some(b'f') => ('\u{c}', 2),
            Some(b'n') => ('\n', 2),
            Some(b'r') => ('\r', 2),
            Some(b't') => ('\t', 2),
            Some(&other) => (char::from(other), 2),
            None => ('\\', 1),
        };
        text.push(decoded);
        rest = rest.get(length..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

fn unescape_unicode(bytes: &[u8]) -> (char, usize) {
    let Ok(unit) = unicode_unit(bytes, 0) else { return (char::REPLACEMENT_CHARACTER, 2) };
    if (0xD800..=0xDBFF).contains(&unit)
        && let Ok(low @ 0xDC00..=0xDFFF) = unicode_unit(bytes, 6)
    {
        let code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12);
    }
    (char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER), 6)
}

/// End of the number that starts at `start`, if it follows the JSON grammar.
pub(super) fn number_end(bytes: &[u8], start: usize) -> Option<usize> {
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let mut at = start + usize::from(bytes.get(start) == Some(&b'-'));
    let whole = at;
    at = digits(at);
    let leading_zero = bytes.get(whole) == Some(&b'0') && at > whole + 1;
    if at == whole || leading_zero {
        return None;
    }
    if bytes.get(at) == Some(&b'.') {
        let fraction = at + 1;
        at = digits(fraction);
        if at == fraction {
            return None;
        }
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let signed = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        at = digits(signed);
        if at == signed {
            return None;
        }
    }
    Some(at)
}

/// Whether a number fits neither an `i64` nor an `f64`.
pub(super) fn is_wide_number(number: &[u8]) -> bool {
    let has_exponent = number.iter().any(|byte| matches!(byte, b'e' | b'E'));
    if number.len() <= 18 && !has_exponent {
        return false;
    }
    let text = std::str::from_utf8(number).unwrap_or_default();
    let is_integer = number.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-');
    if is_integer {
        return text.parse::<i64>().is_err();
    }
    text.parse::<f64>().map_or(true, f64::is_infinite)
}

/// End of the comment that starts at `start` (`//…` or `/*…*/`), if it is one.
pub fn comment_end(bytes: &[u8], start: usize) -> Option<usize> {
    match bytes.get(start + 1) {
        Some(b'/') => {
            let rest = bytes.get(start..)?;
            Some(rest.iter().position(|b| *b == b'\n').map_or(bytes.len(), |line| start + line))
        }
        Some(b'*') => {
            let inside = bytes.get(start + 2..)?;
            inside.windows(2).position(|pair| pair == b"*/").map(|at| start + 2 + at + 2)
        }
        _ => None,
    }
}

/// Name nodes of the object at `top` that a later member of the same name supersedes.
pub(super) fn repeated_names(nodes: &[Node], bytes: &[u8], top: u32, next: u32) -> Vec<u32> {
    let name = |index: u32| {
        let node = nodes.get(index as usize)?;
        Some((node.kind, bytes.get(node.start as usize..node.end as usize)?))
    };
    let mut names = Vec::new();
    let mut at = top + 1;
    while at < next {
        names.push(at);
        at = nodes.get(at as usize + 1).map_or(next, |value| value.next.max(at + 2));
    }
    let decoded = |index: u32| {
        let (kind, raw) = name(index).unwrap_or((Kind::Plain, &[]));
        match kind {
            Kind::Plain => std::borrow::Cow::Borrowed(raw),
            _ => unescape(std::str::from_utf8(raw).unwrap_or_default()).into_bytes().into(),
        }
    };
    if names.len() <= 12 {
        let mut repeated = Vec::new();
        let all_plain = names.iter().all(|i| name(*i).is_some_and(|n| n.0 == Kind::Plain));
        for (place, &index) in names.iter().enumerate() {
            let later = names.get(place + 1..).unwrap_or_default();
            let twin = if all_plain {
                later.iter().any(|other| name(*other) == name(index))
            } else {
                later.iter().any(|other| decoded(*other) == decoded(index))
            };
            if twin {
                repeated.push(index);
            }
        }
        return repeated;
    }
    let mut seen = std::collections::HashSet::with_capacity(names.len());
    let mut repeated: Vec<u32> =
        names.iter().rev().filter(|index| !seen.insert(decoded(**index))).copied().collect();
    repeated.reverse();
    repeated
}
