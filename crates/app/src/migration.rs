//! How a workspace stands towards the old app, and what it keeps its data in.

use std::path::Path;

use store::{Address, Store};

pub use migrate::{
    Error, Found, Job, Progress, Report, Result, Rollback, Stage, Standing, Totals, Verification,
};
pub use migrate::{
    database_path, dry_run, last_report, migrate, plan_rollback, rollback, standing, verify,
};

/// Folder of the old app's profiles in a workspace.
const PROFILES: &str = "profiles";

/// What a workspace keeps its data in: its database, or the old app's files after a rollback.
pub fn address(workspace: &Path, standing: &Standing) -> Address {
    match standing {
        Standing::RolledBack => Address::Json(workspace.join(PROFILES)),
        _ => Address::Sqlite(database_path(workspace)),
    }
}

/// Opens what the workspace keeps its data in. A database that is not there is made.
pub fn open(workspace: &Path, standing: &Standing) -> store::Result<Box<dyn Store>> {
    address(workspace, standing).open()
}
