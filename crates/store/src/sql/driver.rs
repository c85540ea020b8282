//! What an SQL backend brings: statements with values in, rows of values out.

use std::borrow::Cow;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::ops::ControlFlow;
use std::time::Duration;

use model::Timestamp;

use crate::error::{Error, Result};

/// One connection with the transaction that is open on it; dropped, it rolls back what was not
/// committed.
pub(crate) trait Driver {
    /// Visits the rows of a statement until `visit` breaks off or fails.
    fn each(
        &self,
        sql: &str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()>;

    /// Runs a statement that gives no rows; says how many it changed.
    fn run(&self, sql: &str, values: &[Value<'_>]) -> Result<u64>;

    /// A faster way to insert many rows; `None` if there is none.
    fn bulk(&self) -> Option<&dyn Bulk> {
        None
    }

    /// The time that all who use the data go by.
    fn now(&self) -> Result<Timestamp> {
        Ok(Timestamp::now())
    }

    /// Makes the transaction durable and visible.
    fn commit(&self) -> Result<()>;

    /// Whether rows are counted and digested, and compared when they are read. A backend whose server
    /// answers for what it keeps does without.
    fn keeps_checks(&self) -> bool {
        false
    }

    /// Whether the rows of a table are found by each of its keys; an error names what is damaged. A
    /// backend whose server answers for that says nothing.
    fn check_table(&self, _table: &str) -> Result<()> {
        Ok(())
    }

    /// What errors call the place of the data.
    fn place(&self) -> &str;
}

/// A time of random length, at most so long: whoever waits for the same does not come back with all others.
pub(crate) fn up_to(longest: Duration) -> Duration {
    let random = RandomState::new().build_hasher().finish();
    longest.mul_f64((random % 1024) as f64 / 1024.0)
}

/// Inserts many rows at once.
pub(crate) trait Bulk {
    /// Inserts rows of the columns named, none of which is there yet.
    fn insert(&self, table: &str, columns: &str, rows: &[Vec<Value<'_>>]) -> Result<()>;
}

/// A value of a column or parameter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'v> {
    Null,
    Integer(i64),
    Real(f64),
    Text(Cow<'v, str>),
    Blob(Cow<'v, [u8]>),
}

impl Value<'_> {
    /// The same with a copy of what it borrows.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Integer(number) => Value::Integer(number),
            Value::Real(number) => Value::Real(number),
            Value::Text(text) => Value::Text(text.into_owned().into()),
            Value::Blob(bytes) => Value::Blob(bytes.into_owned().into()),
        }
    }
}

/// The columns of the row at hand, as a driver has them.
pub(crate) trait Source {
    /// The value of a column.
    fn value(&self, column: usize) -> Result<Value<'_>>;

    /// How many columns there are.
    fn columns(&self) -> usize;
}

/// A row to read.
pub(crate) struct Row<'r> {
    source: &'r dyn Source,
    place: &'r str,
}

impl<'r> Row<'r> {
    /// A row of the data at `place`.
    pub fn new(source: &'r dyn Source, place: &'r str) -> Row<'r> {
        Row { source, place }
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.source.columns()
    }

    /// The value of a column, whatever it is.
    pub fn value(&self, column: usize) -> Result<Value<'_>> {
        self.source.value(column)
    }

    /// The value of a column as the type that is wanted.
    pub fn get<T: FromValue>(&self, column: usize) -> Result<T> {
        let value = self.source.value(column)?;
        T::from_value(value).ok_or_else(|| self.of_another_type(column))
    }

    /// A text without a copy; `None` for NULL.
    pub fn text(&self, column: usize) -> Result<Option<Cow<'_, str>>> {
        match self.source.value(column)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            _ => Err(self.of_another_type(column)),
        }
    }

    /// Bytes without a copy.
    pub fn blob(&self, column: usize) -> Result<Cow<'_, [u8]>> {
        match self.source.value(column)? {
            Value::Blob(bytes) => Ok(bytes),
            _ => Err(self.of_another_type(column)),
        }
    }

    /// Damage found in a value of this row.
    pub fn damaged(&self, what: impl Into<String>) -> Error {
        Error::Corrupt { place: self.place.to_owned(), what: what.into() }
    }

    fn of_another_type(&self, column: usize) -> Error {
        self.damaged(format!("column {column} of a row holds another type"))
    }
}

/// A type that a column can have.
pub(crate) trait FromValue: Sized {
    /// `None` if the value is of another type or out of range.
    fn from_value(value: Value<'_>) -> Option<Self>;
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl FromValue for String {
    fn from_value(value: Value<'_>) -> Option<String> {
        if let Value::Text(text) = value { Some(text.into_owned()) } else { None }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value<'_>) -> Option<Vec<u8>> {
        if let Value::Blob(bytes) = value { Some(bytes.into_owned()) } else { None }
    }
}

impl FromValue for f64 {
    fn from_value(value: Value<'_>) -> Option<f64> {
        if let Value::Real(number) = value { Some(number) } else { None }
    }
}

macro_rules! integers {
    ($($integer:ty),*) => {$(
        impl FromValue for $integer {
            fn from_value(value: Value<'_>) -> Option<$integer> {
                if let Value::Integer(number) = value { number.try_into().ok() } else { None }
            }
        }
    )*};
}

integers!(i64, u64, i32, u8);

macro_rules! values {
    ($($from:ty => |$given:ident| $value:expr),* $(,)?) => {$(
        impl<'v> From<$from> for Value<'v> {
            fn from($given: $from) -> Value<'v> {
                $value
            }
        }
    )*};
}

values! {
    i64 => |number| Value::Integer(number),
    i32 => |number| Value::Integer(number.into()),
    u8 => |number| Value::Integer(number.into()),
    // Revisions, counts and ids, which began as signed numbers.
    u64 => |number| Value::Integer(number.cast_signed()),
    f64 => |number| Value::Real(number),
    &'v str => |text| Value::Text(text.into()),
    &'v String => |text| Value::Text(text.as_str().into()),
    String => |text| Value::Text(text.into()),
    &'v [u8] => |bytes| Value::Blob(bytes.into()),
    Vec<u8> => |bytes| Value::Blob(bytes.into()),
}

impl<'v, T: Into<Value<'v>>> From<Option<T>> for Value<'v> {
    fn from(given: Option<T>) -> Value<'v> {
        given.map_or(Value::Null, T::into)
    }
}

impl<'v> From<&'v Option<String>> for Value<'v> {
    fn from(given: &'v Option<String>) -> Value<'v> {
        given.as_ref().into()
    }
}

/// The parameters of a statement, in order.
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::sql::driver::Value::from($value)),*]
    };
}
pub(crate) use params;
