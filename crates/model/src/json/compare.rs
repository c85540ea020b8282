//! When two JSON texts mean the same: member order and white space do not count, numbers compare
//! by their decimal value, everything else exactly.

use std::collections::HashMap;

use super::{Json, Object};

/// One place where two values differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Dotted path from the root, e.g. `forecast_settings.deadline` or `queries[2]`.
    pub path: String,
    /// The kind of value on the left, `None` if there is none.
    pub left: Option<Json>,
    /// The kind of value on the right, `None` if there is none.
    pub right: Option<Json>,
}

/// All places where `left` and `right` differ, in the order of `left`.
pub fn differences(left: &Json, right: &Json) -> Vec<Difference> {
    let mut found = Vec::new();
    collect(left, right, &mut String::new(), &mut found);
    found
}

fn collect(left: &Json, right: &Json, path: &mut String, found: &mut Vec<Difference>) {
    match (left, right) {
        (Json::Object(a), Json::Object(b)) => collect_members(a, b, path, found),
        (Json::Array(a), Json::Array(b)) => {
            for place in 0..a.len().max(b.len()) {
                let length = path.len();
                path.push_str(&format!("[{place}]"));
                collect_pair(a.get(place), b.get(place), path, found);
                path.truncate(length);
            }
        }
        (a, b) if same_scalar(a, b) => {}
        (a, b) => found.push(Difference {
            path: path.clone(),
            left: Some(a.clone()),
            right: Some(b.clone()),
        }),
    }
}

fn collect_members(a: &Object, b: &Object, path: &mut String, found: &mut Vec<Difference>) {
    // Looked up one by one, many members would take for ever.
    let (left, right): (HashMap<_, _>, HashMap<_, _>) = (a.iter().collect(), b.iter().collect());
    let only_right = b.iter().filter(|(name, _)| !left.contains_key(name));
    let names = a.iter().map(|(name, _)| name).chain(only_right.map(|(name, _)| name));
    for name in names {
        let length = path.len();
        if !path.is_empty() {
            path.push('.');
        }
        // A member without a name still has a place.
        path.push_str(if name.is_empty() { "\"\"" } else { name });
        collect_pair(left.get(name).copied(), right.get(name).copied(), path, found);
        path.truncate(length);
    }
}

fn collect_pair(
    left: Option<&Json>,
    right: Option<&Json>,
    path: &mut String,
    found: &mut Vec<Difference>,
) {
    match (left, right) {
        (Some(a), Some(b)) => collect(a, b, path, found),
        (a, b) => {
            found.push(Difference { path: path.clone(), left: a.cloned(), right: b.cloned() })
        }
    }
}

fn same_scalar(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a == b || canonical_number(a) == canonical_number(b),
        // How much of a tree is kept as text depends on where in a file it stands.
        (Json::Deep(text), other) | (other, Json::Deep(text)) => **text == *other.to_compact(),
        (a, b) => a == b,
    }
}

/// A decimal number as sign, significant digits and power of ten, so that `1`, `1.0` and `10e-1`
/// are equal and nothing is rounded. Text that is no number (`NaN`) stands for itself.
pub fn canonical_number(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_number = mantissa.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let Ok(exponent) = exponent.trim_start_matches('+').parse::<i64>() else {
        return text.to_owned();
    };
    if !is_number {
        return text.to_owned();
    }
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return "0".to_owned();
    }
    let trailing_zeros = digits.len() - digits.trim_end_matches('0').len();
    let power = exponent - fraction.len() as i64 + trailing_zeros as i64;
    format!("{sign}{significant}e{power}")
}

impl Json {
    /// Whether both mean the same (see the module).
    pub fn means_same(&self, other: &Json) -> bool {
        match (self, other) {
            (Json::Array(a), Json::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.means_same(b))
            }
            (Json::Object(a), Json::Object(b)) => {
                a.len() == b.len()
                    && a.iter().all(|(name, value)| {
                        b.get(name).is_some_and(|other| value.means_same(other))
                    })
            }
            (a, b) => same_scalar(a, b),
        }
    }
}
