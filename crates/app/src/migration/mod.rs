//! How a workspace stands towards the old app, and what it keeps its data in.

use std::path::Path;

use store::Address;

use crate::PROFILES;

pub mod report;
mod watch;

pub(crate) use watch::Watch;

pub use migrate::{
    Error, Found, Job, Progress, Report, Result, Rollback, Stage, Standing, Totals, Verification,
};
pub use migrate::{
    database_path, dry_run, last_report, migrate, plan_rollback, rollback, standing, verify,
};

/// What a workspace keeps its data in: its database, or the old app's files after a rollback.
pub fn address(workspace: &Path, standing: &Standing) -> Address {
    match standing {
        Standing::RolledBack => Address::Json(workspace.join(PROFILES)),
        _ => Address::Sqlite(database_path(workspace)),
    }
}

/// What the owner of a workspace has to know about the old app's files, and what can be done;
/// `None` where nothing has to be.
pub fn remark(standing: &Standing) -> Option<String> {
    match standing {
        Standing::LegacyChanged { what } => Some(format!(
            "files of the old app changed after the migration ({what}) and were not merged; \
             `burndown migrate --again` builds the workspace anew from them and keeps the current \
             database aside"
        )),
        Standing::RolledBack => Some(
            "this is the old app's data after a rollback; `burndown migrate --again` migrates it \
             anew"
                .to_owned(),
        ),
        _ => None,
    }
}
