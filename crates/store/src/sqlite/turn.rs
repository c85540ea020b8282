//! Writer turns: within this process writers queue here, so that SQLite's lock is only contended
//! by other processes; and a thread that writes already is told so instead of waiting for itself.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::error::{Error, Result};

thread_local! {
    /// Databases that this thread is writing to.
    static WRITING: RefCell<Vec<PathBuf>> = const { RefCell::new(Vec::new()) };
}

/// Hands out the turn to write, one at a time.
#[derive(Debug, Default)]
pub(super) struct Turns {
    taken: Mutex<bool>,
    given_back: Condvar,
}

/// The turn to write; dropping it gives it back.
pub(super) struct Turn<'t> {
    turns: &'t Turns,
    database: PathBuf,
}

impl Turns {
    /// Takes the turn, waiting for others; `None` if they take longer than `wait_ms`.
    /// [`Error::Nested`] if this thread has a turn on this database.
    pub fn take(&self, database: &Path, wait_ms: u64) -> Result<Option<Turn<'_>>> {
        if WRITING.with_borrow(|writing| writing.iter().any(|known| known == database)) {
            return Err(Error::Nested);
        }
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
        WRITING.with_borrow_mut(|writing| writing.push(database.to_owned()));
        Ok(Some(Turn { turns: self, database: database.to_owned() }))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        WRITING.with_borrow_mut(|writing| writing.retain(|known| *known != self.database));
        *self.turns.taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.turns.given_back.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
