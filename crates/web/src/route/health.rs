//! How program and workspace are.

use app::health::Check;
use app::parameter::read;

use crate::ask::{self, Ask};
use crate::pool::Pool;

/// Whether the database is to be checked through.
#[derive(Default)]
pub(crate) struct HealthAsk {
    check: bool,
}

impl HealthAsk {
    pub fn check(&self) -> Check {
        if self.check { Check::Anew } else { Check::None }
    }
}

impl Ask for HealthAsk {
    fn set(&mut self, name: &str, value: &str) -> app::Result<()> {
        if name != "check" {
            return Err(ask::only("check", name));
        }
        let flag = |value: &str| value.parse().map_err(|_| "use true or false".into());
        self.check = read("check", value, flag)?;
        Ok(())
    }

    fn pool(&self) -> Pool {
        if self.check { Pool::Checks } else { Pool::Pages }
    }
}

/// Says that the server answers; touches no data.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}
