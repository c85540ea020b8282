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
        self.keep_as(&number, thing);
        Ok(number)
    }

    /// Keeps a thing under the number that it had before.
    pub fn keep_as(&self, number: &str, thing: T) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push_back((number.to_owned(), thing));
        if waiting.len() > WAITING_MAX {
            waiting.pop_front();
        }
    }

    /// Takes a thing out, so that nobody else can; `None` if it is gone.
    pub fn take(&self, number: &str) -> Option<T> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = waiting.iter().position(|(known, _)| known == number)?;
        waiting.remove(place).map(|(_, thing)| thing)
    }

    /// Looks at a thing; `None` if it is gone.
    pub fn look<R>(&self, number: &str, look: impl FnOnce(&T) -> R) -> Option<R> {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = waiting.iter().find(|(known, _)| known == number);
        found.map(|(_, thing)| look(thing))
    }
}
