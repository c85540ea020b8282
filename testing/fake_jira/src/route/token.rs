//! Page tokens: texts that mean something to the server only.

use serde_json::Value;

/// A token that holds a value.
pub(super) fn write(value: &Value) -> String {
    value.to_string().bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// The value in a token; `None` if it is none of ours.
pub(super) fn read(token: &str) -> Option<Value> {
    let digits: Option<Vec<u8>> = token
        .chars()
        .map(|it| it.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let digits = digits?;
    let bytes: Option<Vec<u8>> = digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        })
        .collect();
    serde_json::from_slice(&bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_written_is_read() {
        let value = serde_json::json!(["project = ü", [[7, false]]]);
        assert_eq!(read(&write(&value)), Some(value));
        for wrong in ["", "7", "zz", "7b"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
