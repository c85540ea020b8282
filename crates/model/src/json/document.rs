//! A document as a server or a file gave it, kept token for token.

use super::{Json, SyntaxError, Tape, Value};

/// Compact JSON text whose tokens are exactly those of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document(Box<str>);

impl Document {
    /// Parses and compacts `text` with a tape that the caller reuses.
    pub fn parse(text: &str, tape: &mut Tape) -> Result<Document, SyntaxError> {
        Ok(Document::of(tape.parse(text)?))
    }

    /// The document of a parsed value.
    pub fn of(value: Value<'_>) -> Document {
        let mut compact = String::with_capacity(value.raw().len());
        value.write_compact(&mut compact);
        Document(compact.into())
    }

    /// Takes text that a store wrote from a document before.
    pub fn from_stored(text: String) -> Document {
        Document(text.into())
    }

    /// The compact text; strict JSON but for `NaN` and the infinities.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both documents mean the same.
    pub fn means_same(&self, other: &Document) -> bool {
        self.0 == other.0
            || matches!((Json::parse(&self.0), Json::parse(&other.0)), (Ok(a), Ok(b)) if a.means_same(&b))
    }

    /// The value as a tree.
    pub fn to_json(&self) -> Result<Json, SyntaxError> {
        Json::parse(&self.0)
    }
}

impl From<&Json> for Document {
    fn from(json: &Json) -> Document {
        Document(json.to_compact().into())
    }
}
