//! Files that were uploaded and looked at, until somebody says what to do with them.

use std::collections::VecDeque;
use std::fs::File;
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::sync::{Mutex, PoisonError};

use tempfile::NamedTempFile;

/// How many wait at most; the oldest goes first.
const WAITING_MAX: usize = 4;

/// Uploads by a number that nobody can guess.
#[derive(Default)]
pub(crate) struct Uploads(Mutex<VecDeque<(String, NamedTempFile)>>);

impl Uploads {
    /// Keeps a file. Gives the number by which it is asked for.
    pub fn keep(&self, file: NamedTempFile) -> String {
        let number = format!("{:016x}", RandomState::new().hash_one(file.path()));
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push_back((number.clone(), file));
        if waiting.len() > WAITING_MAX {
            waiting.pop_front();
        }
        number
    }

    /// Opens a file; `None` if it is gone.
    pub fn open(&self, number: &str) -> Option<io::Result<File>> {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = waiting.iter().find(|(known, _)| known == number);
        found.map(|(_, file)| file.reopen())
    }

    /// Lets a file go.
    pub fn forget(&self, number: &str) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|(known, _)| known != number);
    }
}
