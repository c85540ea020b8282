//! JSON text out: compact, and indented as the old app writes it.

use super::tape::{Kind, Node};
use super::{Json, Object};

/// Writes the nodes `from..to` of a tape without white space.
pub(super) fn compact(nodes: &[Node], text: &str, from: u32, to: u32, out: &mut String) {
    // Open containers: index after their subtree, closing bracket, members left to name.
    let mut open: Vec<(u32, char)> = Vec::new();
    let mut at = from;
    let mut is_name = false;
    let mut needs_comma = false;
    loop {
        while let Some(&(end, bracket)) = open.last() {
            if at < end {
                break;
            }
            out.push(bracket);
            open.pop();
            needs_comma = true;
            is_name = open.last().is_some_and(|(_, bracket)| *bracket == '}');
        }
        if at >= to {
            return;
        }
        let Some(node) = nodes.get(at as usize) else { return };
        if is_name && node.superseded {
            at = nodes.get(at as usize + 1).map_or(to, |value| value.next);
            continue;
        }
        if needs_comma {
            out.push(',');
        }
        let raw = text.get(node.start as usize..node.end as usize).unwrap_or_default();
        at += 1;
        match node.kind {
            Kind::Array | Kind::Object => {
                let is_object = node.kind == Kind::Object;
                out.push(if is_object { '{' } else { '[' });
                open.push((node.next, if is_object { '}' } else { ']' }));
                needs_comma = false;
                is_name = is_object;
                continue;
            }
            Kind::Plain | Kind::Escaped | Kind::Surrogate => {
                out.push('"');
                push_raw_string(raw, out);
                out.push('"');
            }
            _ => out.push_str(raw),
        }
        let in_object = open.last().is_some_and(|(_, bracket)| *bracket == '}');
        if is_name {
            out.push(':');
            is_name = false;
            needs_comma = false;
        } else {
            is_name = in_object;
            needs_comma = true;
        }
    }
}

/// The inside of a string as it was written; raw control characters become escapes.
pub(super) fn push_raw_string(raw: &str, out: &mut String) {
    // Without a branch in it this loop is done many bytes at a time.
    if !raw.bytes().fold(false, |found, byte| found | (byte < 0x20)) {
        return out.push_str(raw);
    }
    for character in raw.chars() {
        push_character(character, out);
    }
}

fn push_character(character: char, out: &mut String) {
    use std::fmt::Write as _;
    if character < ' ' {
        // Writing into a String cannot fail.
        let _ = write!(out, "\\u{:04x}", u32::from(character));
    } else {
        out.push(character);
    }
}

/// A decoded text as a JSON string with quotes.
pub fn push_string(text: &str, out: &mut String) {
    out.push('"');
    // Without a branch in it this loop is done many bytes at a time.
    let is_escaped = |byte: u8| (byte < 0x20) | (byte == b'"') | (byte == b'\\');
    if !text.bytes().fold(false, |found, byte| found | is_escaped(byte)) {
        out.push_str(text);
        return out.push('"');
    }
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other => push_character(other, out),
        }
    }
    out.push('"');
}

impl Json {
    /// Appends the compact text of this value.
    pub fn write_compact(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(true) => out.push_str("true"),
            Json::Bool(false) => out.push_str("false"),
            Json::Number(text) | Json::Deep(text) => out.push_str(text),
            Json::Text(text) => push_string(text, out),
            Json::Surrogate(raw) => {
                out.push('"');
                push_raw_string(raw, out);
                out.push('"');
            }
            Json::Array(elements) => {
                out.push('[');
                for (place, element) in elements.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    element.write_compact(out);
                }
                out.push(']');
            }
            Json::Object(object) => write_object(object, out),
        }
    }

    /// Appends this value as the old app writes it: two spaces a level, no newline at the end.
    pub fn write_indented(&self, level: usize, out: &mut String) {
        match self {
            Json::Array(elements) if !elements.is_empty() => {
                out.push('[');
                for (place, element) in elements.iter().enumerate() {
                    start_line(place, level + 1, out);
                    element.write_indented(level + 1, out);
                }
                start_line(0, level, out);
                out.push(']');
            }
            Json::Object(object) if !object.is_empty() => {
                out.push('{');
                for (place, (name, value)) in object.iter().enumerate() {
                    start_line(place, level + 1, out);
                    push_string(name, out);
                    out.push_str(": ");
                    value.write_indented(level + 1, out);
                }
                start_line(0, level, out);
                out.push('}');
            }
            other => other.write_compact(out),
        }
    }
}

fn write_object(object: &Object, out: &mut String) {
    out.push('{');
    for (place, (name, value)) in object.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        push_string(name, out);
        out.push(':');
        value.write_compact(out);
    }
    out.push('}');
}

fn start_line(place: usize, level: usize, out: &mut String) {
    if place > 0 {
        out.push(',');
    }
    out.push('\n');
    for _ in 0..level {
        out.push_str("  ");
    }
}
