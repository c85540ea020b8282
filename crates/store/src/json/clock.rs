//! The time of this machine.

use model::Timestamp;

use super::tx::JsonTx;
use crate::contract::ReadClock;
use crate::error::Result;

impl ReadClock for JsonTx<'_> {
    fn now(&self) -> Result<Timestamp> {
        Ok(Timestamp::now())
    }
}
