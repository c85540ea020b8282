//! Keys and the mouse, as a reader would use them.

use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::page::Page;

/// Keys with a name: name, number on Windows, the text they type.
const KEYS: [(&str, u32, &str); 8] = [
    ("Tab", 9, ""),
    ("Enter", 13, "\r"),
    ("Escape", 27, ""),
    (" ", 32, " "),
    ("PageUp", 33, ""),
    ("PageDown", 34, ""),
    ("End", 35, ""),
    ("Home", 36, ""),
];

impl Page {
    /// Presses a key and lets it go: one of `Tab`, `Enter`, `Escape`, `Home`, `End`, `PageUp`, `PageDown`, or one character.
    pub fn press(&mut self, key: &str) -> Result<()> {
        self.press_times(key, 1)
    }

    /// Presses a key again and again.
    pub fn press_times(&mut self, key: &str, count: usize) -> Result<()> {
        let named = KEYS.iter().find(|(name, ..)| *name == key).copied();
        let (name, code, text) = match (named, key.chars().count()) {
            (Some(named), _) => named,
            (None, 1) => (key, 0, key),
            _ => return Err(Error::Key { key: key.to_owned() }),
        };
        let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        let down = json!({
            "type": kind, "key": name, "code": name, "windowsVirtualKeyCode": code, "text": text,
        });
        let up =
            json!({ "type": "keyUp", "key": name, "code": name, "windowsVirtualKeyCode": code });
        let strokes = [&down, &up].repeat(count);
        self.session.call_all("Input.dispatchKeyEvent", &strokes)
    }

    /// Types a text where the focus is.
    pub fn type_text(&mut self, text: &str) -> Result<()> {
        self.session.call("Input.insertText", json!({ "text": text })).map(drop)
    }

    /// Clicks into the middle of the first element that matches.
    pub fn click(&mut self, selector: &str) -> Result<()> {
        let middle = format!(
            "(() => {{ const it = document.querySelector({}); if (!it) return null;
               it.scrollIntoView({{ block: 'center', behavior: 'instant' }});
               const box = it.getBoundingClientRect();
               return [box.x + box.width / 2, box.y + box.height / 2]; }})()",
            json!(selector)
        );
        let Value::Array(middle) = self.eval(&middle)? else {
            return Err(Error::Missing { selector: selector.to_owned() });
        };
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({
                "type": kind, "x": middle.first(), "y": middle.last(), "button": "left", "clickCount": 1,
            });
            self.session.call("Input.dispatchMouseEvent", event)?;
        }
        Ok(())
    }
}
