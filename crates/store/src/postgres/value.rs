//! Values of the driver's contract as PostgreSQL has them: whole numbers of eight bytes, texts, bytes.
//!
//! A text of PostgreSQL cannot hold the character 0, which texts from Jira and from files may. It is
//! written as two characters, the first of which Unicode keeps free; that first one is written as two
//! as well.

use std::borrow::Cow;
use std::error::Error as StdError;

use postgres::types::{FromSql, IsNull, Kind, ToSql, Type, private::BytesMut};

use crate::sql::Value;

type Failure = Box<dyn StdError + Sync + Send>;

const ESCAPE: char = '\u{10fffe}';
const ESCAPED_ZERO: &str = "\u{10fffe}0";
const ESCAPED_ESCAPE: &str = "\u{10fffe}1";

/// A text as PostgreSQL takes it.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', ESCAPE]) {
        return text.into();
    }
    text.replace(ESCAPE, ESCAPED_ESCAPE).replace('\0', ESCAPED_ZERO).into()
}

/// Undoes [`escape`].
fn unescape(text: &str) -> Cow<'_, str> {
    // The first byte of the escape is rare: most texts are done here.
    if memchr::memchr(0xf4, text.as_bytes()).is_none() || !text.contains(ESCAPE) {
        return text.into();
    }
    text.replace(ESCAPED_ZERO, "\0").replace(ESCAPED_ESCAPE, "\u{10fffe}").into()
}

/// The type that a parameter is sent as; of NULL the server finds it out.
pub(super) fn type_of(value: &Value<'_>) -> Type {
    match value {
        Value::Null => Type::new(String::new(), 0, Kind::Simple, String::new()),
        Value::Integer(_) => Type::INT8,
        Value::Real(_) => Type::FLOAT8,
        Value::Text(_) => Type::TEXT,
        Value::Blob(_) => Type::BYTEA,
    }
}

/// Gives the bytes of a value to `put`; `false` of NULL, which has none.
pub(super) fn write(value: &Value<'_>, put: &mut dyn FnMut(&[u8])) -> bool {
    match value {
        Value::Null => return false,
        Value::Integer(number) => put(&number.to_be_bytes()),
        Value::Real(number) => put(&number.to_be_bytes()),
        Value::Text(text) => put(escape(text).as_bytes()),
        Value::Blob(bytes) => put(bytes),
    }
    true
}

impl ToSql for Value<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        let is_null = !write(self, &mut |bytes| out.extend_from_slice(bytes));
        Ok(if is_null { IsNull::Yes } else { IsNull::No })
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        let sent = type_of(self);
        if *self != Value::Null && sent != *wanted && *wanted != Type::UNKNOWN {
            return Err(format!("a parameter is {sent} where {wanted} is wanted").into());
        }
        self.to_sql(wanted, out)
    }
}

impl<'v> FromSql<'v> for Value<'v> {
    fn from_sql(found: &Type, raw: &'v [u8]) -> Result<Value<'v>, Failure> {
        Ok(match *found {
            Type::INT8 => Value::Integer(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => Value::Integer(i32::from_be_bytes(raw.try_into()?).into()),
            Type::FLOAT8 => Value::Real(f64::from_be_bytes(raw.try_into()?)),
            Type::BOOL => Value::Integer(raw.first().copied().unwrap_or_default().into()),
            Type::BYTEA => Value::Blob(raw.into()),
            _ => Value::Text(unescape(str::from_utf8(raw)?)),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Value<'v>, Failure> {
        Ok(Value::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_round_trip() {
        for text in ["", "ü🚀", "a\0b", "\u{10fffe}", "\u{10fffe}0\0\u{10fffe}1", "\u{10ffff}"] {
            let escaped = escape(text);
            assert!(!escaped.contains('\0'));
            assert_eq!(unescape(&escaped), text);
        }
        assert_eq!(escape("plain"), "plain");
    }
}
