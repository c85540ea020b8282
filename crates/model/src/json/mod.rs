//! JSON that keeps what it was given: exact numbers, lone surrogates, absent apart from null.
//!
//! `serde_json` is the right tool for our own documents; it refuses or rewrites several things
//! that stand in the old app's files (`NaN`, lone surrogates, integers beyond `i64`, deep nesting),
//! so everything read from a legacy folder goes through these types.

mod compare;
mod document;
pub mod scan;
mod tape;
mod write;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

pub use compare::{Difference, canonical_number, differences};
pub use document::Document;
pub use scan::SyntaxError;
pub use tape::{Kind, Oddities, Tape, Value};
pub use write::push_string;

/// Trees deeper than this keep the rest as text, so that no walk can exhaust the stack.
pub const TREE_DEPTH_MAX: u32 = 200;

/// An owned JSON value.
#[derive(Debug, Clone, Default)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it was written, `NaN` and the infinities included.
    Number(Box<str>),
    /// A string.
    Text(String),
    /// A string with a lone surrogate: the escaped text as it was written.
    Surrogate(Box<str>),
    /// An array.
    Array(Vec<Json>),
    /// An object.
    Object(Object),
    /// A subtree below [`TREE_DEPTH_MAX`], as compact text.
    Deep(Box<str>),
}

impl PartialEq for Json {
    /// Exact, but for where a deep subtree begins to be kept as text.
    fn eq(&self, other: &Json) -> bool {
        match (self, other) {
            (Json::Null, Json::Null) => true,
            (Json::Bool(a), Json::Bool(b)) => a == b,
            (Json::Number(a), Json::Number(b)) => a == b,
            (Json::Text(a), Json::Text(b)) => a == b,
            (Json::Surrogate(a), Json::Surrogate(b)) => a == b,
            (Json::Array(a), Json::Array(b)) => a == b,
            (Json::Object(a), Json::Object(b)) => a == b,
            (Json::Deep(_), _) | (_, Json::Deep(_)) => self.to_compact() == other.to_compact(),
            _ => false,
        }
    }
}

impl Eq for Json {}

/// Members of a JSON object in written order; names are unique.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Object(Vec<(String, Json)>);

impl Json {
    /// Parses text that holds one JSON value, leniently (see [`Tape`]).
    pub fn parse(text: &str) -> Result<Json, SyntaxError> {
        Ok(Json::from(Tape::new().parse(text)?))
    }

    /// A string value.
    pub fn text(text: impl Into<String>) -> Json {
        Json::Text(text.into())
    }

    /// An integer value.
    pub fn integer(number: i64) -> Json {
        Json::Number(number.to_string().into())
    }

    /// A number from a float; what is not finite has no JSON form and becomes null.
    pub fn float(number: f64) -> Json {
        serde_json::Number::from_f64(number)
            .map_or(Json::Null, |n| Json::Number(n.to_string().into()))
    }

    /// The object, if this is one.
    pub fn as_object(&self) -> Option<&Object> {
        if let Json::Object(object) = self { Some(object) } else { None }
    }

    /// The elements, if this is an array.
    pub fn as_array(&self) -> Option<&[Json]> {
        if let Json::Array(elements) = self { Some(elements) } else { None }
    }

    /// The text, if this is a string (lone surrogates as U+FFFD).
    pub fn as_text(&self) -> Option<std::borrow::Cow<'_, str>> {
        match self {
            Json::Text(text) => Some(text.as_str().into()),
            Json::Surrogate(raw) => Some(scan::unescape(raw).into()),
            _ => None,
        }
    }

    /// The nearest finite `f64` of a number.
    pub fn as_f64(&self) -> Option<f64> {
        let Json::Number(text) = self else { return None };
        text.parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// The truth value, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Json::Bool(truth) = self { Some(*truth) } else { None }
    }

    /// The member of that name, if this is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.as_object()?.get(name)
    }

    /// The compact text.
    pub fn to_compact(&self) -> String {
        let mut out = String::new();
        self.write_compact(&mut out);
        out
    }

    /// The text as the old app writes its files.
    pub fn to_indented(&self) -> String {
        let mut out = String::new();
        self.write_indented(0, &mut out);
        out
    }

    /// A word for the kind of this value, for messages.
    pub fn kind_name(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "a truth value",
            Json::Number(_) => "a number",
            Json::Text(_) | Json::Surrogate(_) => "text",
            Json::Array(_) => "a list",
            Json::Object(_) => "an object",
            Json::Deep(_) => "a deeply nested value",
        }
    }
}

impl From<&serde_json::Value> for Json {
    fn from(value: &serde_json::Value) -> Json {
        use serde_json::Value;
        match value {
            Value::Null => Json::Null,
            Value::Bool(truth) => Json::Bool(*truth),
            Value::Number(number) => Json::Number(number.to_string().into()),
            Value::String(text) => Json::text(text),
            Value::Array(elements) => Json::Array(elements.iter().map(Json::from).collect()),
            Value::Object(members) => Json::Object(
                members.iter().map(|(name, value)| (name.clone(), Json::from(value))).collect(),
            ),
        }
    }
}

impl From<Value<'_>> for Json {
    fn from(value: Value<'_>) -> Json {
        from_value(value, 0)
    }
}

fn from_value(value: Value<'_>, depth: u32) -> Json {
    match value.kind() {
        Kind::Null => Json::Null,
        Kind::True => Json::Bool(true),
        Kind::False => Json::Bool(false),
        Kind::Number | Kind::NonFinite => Json::Number(value.raw().into()),
        Kind::Plain => Json::Text(value.raw().to_owned()),
        Kind::Escaped => Json::Text(scan::unescape(value.raw())),
        Kind::Surrogate => Json::Surrogate(value.raw().into()),
        Kind::Array | Kind::Object if depth >= TREE_DEPTH_MAX => {
            let mut text = String::new();
            value.write_compact(&mut text);
            Json::Deep(text.into())
        }
        Kind::Array => Json::Array(value.elements().map(|v| from_value(v, depth + 1)).collect()),
        Kind::Object => {
            let member = |(name, value): (Value<'_>, Value<'_>)| {
                (name.as_text().unwrap_or_default().into_owned(), from_value(value, depth + 1))
            };
            Json::Object(value.members().map(member).collect())
        }
    }
}

impl Object {
    /// An object without members.
    pub fn new() -> Object {
        Object::default()
    }

    /// The member of that name.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// The member of that name, to be changed in place.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Json> {
        self.0.iter_mut().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// Sets a member, in its place if it is there, else at the end.
    pub fn set(&mut self, name: impl Into<String>, value: Json) {
        let name = name.into();
        match self.get_mut(&name) {
            Some(member) => *member = value,
            None => self.0.push((name, value)),
        }
    }

    /// Sets a member if there is a value for it.
    pub fn set_some(&mut self, name: &str, value: Option<Json>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        let place = self.0.iter().position(|(member, _)| member == name)?;
        Some(self.0.remove(place).1)
    }

    /// Members in written order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Members in written order, values to be changed in place.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Json)> {
        self.0.iter_mut().map(|(name, value)| (name.as_str(), value))
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, Json)> for Object {
    /// Names that only differ by lone surrogates may meet here; the last one wins.
    fn from_iter<I: IntoIterator<Item = (String, Json)>>(members: I) -> Object {
        let members: Vec<_> = members.into_iter().collect();
        let unique = members.len() < 2 || {
            let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
            names.sort_unstable();
            names.windows(2).all(|pair| pair.first() != pair.last())
        };
        if unique {
            return Object(members);
        }
        let mut places = HashMap::new();
        let mut object: Vec<(String, Json)> = Vec::with_capacity(members.len());
        for (name, value) in members {
            let place = *places.entry(name.clone()).or_insert(object.len());
            match object.get_mut(place) {
                Some((_, member)) => *member = value,
                None => object.push((name, value)),
            }
        }
        Object(object)
    }
}

impl IntoIterator for Object {
    type Item = (String, Json);
    type IntoIter = std::vec::IntoIter<(String, Json)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<Object> for Json {
    fn from(object: Object) -> Json {
        Json::Object(object)
    }
}

impl serde::Serialize for Json {
    /// Strict JSON: `NaN` and infinities become null, numbers the nearest `i64`, `u64` or `f64`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => serializer.serialize_unit(),
            Json::Bool(truth) => serializer.serialize_bool(*truth),
            Json::Number(text) => match (text.parse::<i64>(), text.parse::<u64>(), self.as_f64()) {
                (Ok(number), _, _) => serializer.serialize_i64(number),
                (_, Ok(number), _) => serializer.serialize_u64(number),
                (_, _, Some(number)) => serializer.serialize_f64(number),
                _ => serializer.serialize_unit(),
            },
            Json::Text(_) | Json::Surrogate(_) => {
                serializer.serialize_str(&self.as_text().unwrap_or_default())
            }
            Json::Array(elements) => serializer.collect_seq(elements),
            Json::Object(object) => serializer.collect_map(object.iter()),
            Json::Deep(text) => serializer.serialize_str(text),
        }
    }
}
