//! How program and workspace are.

use crate::ask::{self, Ask};

/// Whether the database is to be checked through.
#[derive(Default)]
pub(crate) struct HealthAsk {
    pub check: bool,
}

impl Ask for HealthAsk {
    fn set(&mut self, name: &str, value: &str) -> app::Result<()> {
        if name != "check" {
            return Err(ask::only("check", name));
        }
        let remedy = "use true or false";
        self.check = value.parse().map_err(|_| app::Error::invalid("check", value, remedy))?;
        Ok(())
    }
}

/// Says that the server answers; touches no data.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}
