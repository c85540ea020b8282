//! What waits for the next request of a browser: uploads until somebody says what to do with them,
//! what a Jira answered until the page shows it.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::failure::Failure;

/// How many wait at most; the oldest goes first.
const WAITING_MAX: usize = 4;

/// Things by a number that nobody can guess.
pub(crate) struct Waiting<T>(Mutex<VecDeque<(String, T)>>);

impl<T> Default for Waiting<T> {
    fn default() -> Self {
        Waiting(Mutex::default())
    }
}

impl<T> Waiting<T> {
    /// Keeps a thing. Gives the number by which it is asked for.
    pub fn keep(&self, thing: T) -> Result<String, Failure> {
        let number = app::access_key::random_number()?;
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push_back((number.clone(), thing));
        if waiting.len() > WAITING_MAX {
            waiting.pop_front();
        }
        Ok(number)
    }

    /// Looks at a thing; `None` if it is gone.
    pub fn look<R>(&self, number: &str, look: impl FnOnce(&T) -> R) -> Option<R> {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = waiting.iter().find(|(known, _)| known == number);
        found.map(|(_, thing)| look(thing))
    }

    /// Lets a thing go.
    pub fn forget(&self, number: &str) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|(known, _)| known != number);
    }
}
