//! A figure together with what it rests on, or the reason why there is none.

use model::{Date, Remedy};
use serde::Serialize;

use crate::note::Note;
use crate::reason::Reason;

/// A value that says how it was measured, or why it could not be. Absence is never a number.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Measured<T> {
    /// It is known.
    Known {
        /// The figure.
        value: T,
        /// How many issues, weeks or rows it rests on; its [`crate::Metric`] says which.
        sample: u64,
        /// The days it covers; `None` if it is about one moment.
        window: Option<Window>,
        /// What counts as what in it, as a phrase.
        rule: String,
        /// What makes it doubtful.
        notes: Vec<Note>,
    },
    /// It is not known.
    Unavailable {
        /// Why.
        reason: Reason,
        /// What would change that.
        remedy: Remedy,
    },
}

/// A span of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Window {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl<T> Measured<T> {
    /// Not known, and why.
    pub fn unavailable(reason: Reason, remedy: Remedy) -> Measured<T> {
        Measured::Unavailable { reason, remedy }
    }

    /// What is known.
    pub fn known(&self) -> Option<&T> {
        if let Measured::Known { value, .. } = self { Some(value) } else { None }
    }

    /// What makes it doubtful; nothing where it is not known.
    pub fn notes(&self) -> &[Note] {
        if let Measured::Known { notes, .. } = self { notes } else { &[] }
    }

    /// The same figure in another form.
    #[must_use]
    pub fn map<U>(self, form: impl FnOnce(T) -> U) -> Measured<U> {
        match self {
            Measured::Known { value, sample, window, rule, notes } => {
                Measured::Known { value: form(value), sample, window, rule, notes }
            }
            Measured::Unavailable { reason, remedy } => Measured::unavailable(reason, remedy),
        }
    }

    /// A figure that follows from this one and its rule; not known where this one is not.
    pub fn then<U>(&self, next: impl FnOnce(&T, &str) -> Measured<U>) -> Measured<U> {
        match self {
            Measured::Known { value, rule, .. } => next(value, rule),
            Measured::Unavailable { reason, remedy } => Measured::unavailable(*reason, *remedy),
        }
    }
}
