//! Page tokens: texts that mean something to the server only.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde_json::Value;

/// A token that holds a value.
pub(super) fn write(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

/// The value in a token; `None` if it is none of ours.
pub(super) fn read(token: &str) -> Option<Value> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(token).ok()?).ok()
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
