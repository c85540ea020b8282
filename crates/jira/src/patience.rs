//! Waiting, which somebody may cut short.

use std::time::Duration;

use crate::error::Result;

/// Waits for a server that asked for it. Tests wait without any time passing.
pub trait Patience: Send + Sync {
    /// Waits that long. [`Error::Cancelled`](crate::Error::Cancelled) as soon as the user gives up.
    fn wait(&self, time: Duration) -> Result<()>;

    /// [`Error::Cancelled`](crate::Error::Cancelled) if the user gave up; asked before each request.
    fn check(&self) -> Result<()>;
}
