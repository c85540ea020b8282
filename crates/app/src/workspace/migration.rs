//! How a workspace stands towards the old app, and what it keeps its data in.

use std::path::Path;

use migrate::Hold;
use store::Address;

use crate::{App, Context};

pub use migrate::{
    Error, Found, Job, Progress, Report, Result, Rollback, Stage, Standing, Totals, Verification,
};
pub use migrate::{
    Later, database_path, dry_run, last_report, later_work, migrate, plan_rollback, rollback,
    standing, verify,
};

/// Folder of the old app's profiles in a workspace.
pub(crate) const PROFILES: &str = "profiles";

/// What a workspace keeps its data in: its database, or the old app's files after a rollback.
pub fn address(workspace: &Path, standing: &Standing) -> Address {
    match standing {
        Standing::RolledBack => Address::Json(workspace.join(PROFILES)),
        _ => Address::Sqlite(database_path(workspace)),
    }
}

impl App {
    /// An app over what a workspace of that standing keeps its data in. A database that is not
    /// there is made. Report and demo of `context` are those of the workspace.
    pub fn open(folder: &Path, standing: &Standing, context: Context) -> crate::Result<App> {
        let (hold, store) = match standing {
            Standing::Fresh | Standing::Legacy { .. } => {
                (Hold::share_to_make(folder)?, address(folder, standing).open()?)
            }
            _ => (Hold::share(folder)?, address(folder, standing).open_existing()?),
        };
        let report = last_report(folder, &*store)?;
        let is_demo = demo::is_demo(&*store)?;
        let app = App::new(store, Context { report, is_demo, ..context }).in_folder(folder);
        let app = App { hold: Some(hold), ..app };
        // Files from before there were profiles cannot be read in place; an empty page would tell
        // their owner that they are lost. Where something is in the trash, it was read before.
        if *standing == Standing::RolledBack
            && app.trash_count() == 0
            && app.store.read()?.profiles()?.is_empty()
        {
            return Err(crate::Error::OnlyAfterMigration { folder: folder.to_owned() });
        }
        Ok(app)
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
