//! Writer turns: within this process writers queue here, so that SQLite's lock is only contended
//! by other processes; and a thread that writes already is told so instead of waiting for itself.

use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::error::Result;
use crate::sql::Writing;

/// Hands out the turn to write, one at a time.
#[derive(Debug, Default)]
pub(super) struct Turns {
    taken: Mutex<bool>,
    given_back: Condvar,
}

/// The turn to write; dropping it gives it back.
pub(super) struct Turn<'t> {
    turns: &'t Turns,
    _writing: Writing,
}

impl Turns {
    /// Takes the turn, waiting for others; `None` if they take longer than `wait_ms`.
    /// [`Error::Nested`] if this thread has a turn on this database.
    pub fn take(&self, database: &Path, wait_ms: u64) -> Result<Option<Turn<'_>>> {
        let writing = Writing::begin(&database.to_string_lossy())?;
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = Duration::from_millis(wait_ms);
        let (mut taken, _) = self
            .given_back
            .wait_timeout_while(taken, wait, |taken| *taken)
            .unwrap_or_else(PoisonError::into_inner);
        if *taken {
            return Ok(None);
        }
        *taken = true;
        Ok(Some(Turn { turns: self, _writing: writing }))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.turns.taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.turns.given_back.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn one_turn_at_a_time() {
        let turns = Turns::default();
        let (a, b) = (Path::new("a"), Path::new("b"));
        let turn = turns.take(a, 0).unwrap();
        assert!(turn.is_some());
        assert!(matches!(turns.take(a, 0), Err(Error::Nested)));
        assert!(Turns::default().take(b, 0).unwrap().is_some());
        std::thread::scope(|scope| {
            let other = scope.spawn(|| turns.take(a, 0).unwrap().is_none());
            assert!(other.join().unwrap());
        });
        drop(turn);
        assert!(turns.take(a, 0).unwrap().is_some());
    }
}
