//! The time that all who use a store go by.

use model::Timestamp;

use crate::error::Result;

/// Tells the time.
pub trait ReadClock {
    /// What time it is now: that of the server where several nodes share one, else that of this machine.
    fn now(&self) -> Result<Timestamp>;
}
