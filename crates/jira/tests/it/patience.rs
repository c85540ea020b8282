//! Patience that no time passes for.

use std::sync::Mutex;
use std::time::Duration;

use model::remote::{Cancelled, Patience};

/// Remembers how long it was to wait; gives up after a number of waits or checks.
#[derive(Debug)]
pub struct Noted {
    pub waits: Mutex<Vec<Duration>>,
    checks_left: Mutex<usize>,
}

impl Default for Noted {
    fn default() -> Self {
        Self::giving_up_after(usize::MAX)
    }
}

impl Noted {
    pub fn giving_up_after(checks: usize) -> Self {
        Self { waits: Mutex::default(), checks_left: Mutex::new(checks) }
    }

    pub fn seconds(&self) -> Vec<u64> {
        self.waits.lock().unwrap().iter().map(Duration::as_secs).collect()
    }
}

impl Patience for Noted {
    fn wait(&self, time: Duration) -> Result<(), Cancelled> {
        self.waits.lock().unwrap().push(time);
        self.check()
    }

    fn check(&self) -> Result<(), Cancelled> {
        let mut left = self.checks_left.lock().unwrap();
        *left = left.checked_sub(1).ok_or(Cancelled)?;
        Ok(())
    }
}
