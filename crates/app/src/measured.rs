//! A figure, or the reason why there is none.

use metrics::Reason;
use model::Remedy;
use serde::Serialize;

/// What could be said, or why it could not. Absence is never a number.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Measured<T> {
    /// It is known.
    Known(T),
    /// It is not known.
    Unavailable {
        /// Why.
        reason: Reason,
        /// What would change that.
        remedy: Remedy,
    },
}

impl<T> Measured<T> {
    /// Not known, and why.
    pub fn unavailable(reason: Reason, remedy: Remedy) -> Measured<T> {
        Measured::Unavailable { reason, remedy }
    }

    /// What is known.
    pub fn known(&self) -> Option<&T> {
        if let Measured::Known(value) = self { Some(value) } else { None }
    }
}
