//! How a workspace stands towards the old app, and what it keeps its data in.

use std::path::Path;

use store::Address;

use crate::PROFILES;

pub mod report;
mod watch;

pub(crate) use watch::Watch;

pub use migrate::{
    Error, Found, Job, OLD_DATABASE, Opened, Progress, Report, Result, Rollback, Stage, Standing,
    Totals, Verification,
};
pub use migrate::{
    Later, database_path, dry_run, last_report, later_work, look_into, migrate, other_servers,
    plan_rollback, rollback, rollback_telling, standing, verify,
};

/// What a workspace keeps its data in: its database, or the old app's files after a rollback.
pub fn address(workspace: &Path, standing: &Standing) -> Address {
    match standing {
        Standing::RolledBack => Address::Json(workspace.join(PROFILES)),
        _ => Address::Sqlite(database_path(workspace)),
    }
}
