//! A figure, or the reason why there is none.

use serde::Serialize;

/// What could be said, or why it could not. Absence is never a number.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Measured<T> {
    /// It is known.
    Known(T),
    /// It is not known.
    Unavailable {
        /// Why, as a sentence.
        reason: String,
        /// What would change that, as a sentence.
        remedy: String,
    },
}

impl<T> Measured<T> {
    /// Not known, and why.
    pub fn unavailable(reason: impl Into<String>, remedy: impl Into<String>) -> Measured<T> {
        Measured::Unavailable { reason: reason.into(), remedy: remedy.into() }
    }

    /// What is known.
    pub fn known(&self) -> Option<&T> {
        if let Measured::Known(value) = self { Some(value) } else { None }
    }
}
