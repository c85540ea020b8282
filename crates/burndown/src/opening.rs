//! From a place to an app over the data in it.

use app::migration::{self, Standing};
use app::{App, Context};

use crate::command::Run;
use crate::failure::{Failure, Kind, Result};

/// Version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// An app over data that is there. A question never makes a database and never migrates.
pub fn existing(run: &Run) -> Result<App> {
    let folder = &run.place.folder;
    let standing = migration::standing(folder, folder)?;
    let here = folder.display();
    let why = run.place.why();
    match &standing {
        Standing::Fresh => Err(Failure {
            kind: Kind::NotFound,
            message: format!(
                "there is no data in {here} ({why}); name another folder with --workspace FOLDER, \
                 or let `burndown serve` begin here"
            ),
        }),
        Standing::Legacy { .. } => Err(Failure::new(format!(
            "{here} holds files of the old app that are not migrated yet; `burndown migrate` does it"
        ))),
        Standing::OnlyOtherDatabase { database, hint } => {
            Err(only_other_database(run, database, hint))
        }
        Standing::Ready { .. } | Standing::LegacyChanged { .. } | Standing::RolledBack => {
            open(run, &standing)
        }
    }
}

/// An app over what a workspace of that standing keeps its data in; made if it is not there.
pub fn open(run: &Run, standing: &Standing) -> Result<App> {
    let folder = &run.place.folder;
    let store = migration::open(folder, standing).map_err(app::Error::from)?;
    let context = Context {
        version: VERSION.to_owned(),
        zone: run.surroundings.zone.clone(),
        clock: run.surroundings.clock,
        report: migration::last_report(folder)?,
        is_demo: app::demo::is_demo(&*store)?,
    };
    let app = App::new(store, context);
    // Files from before there were profiles cannot be read in place; an empty page would tell
    // their owner that they are lost.
    if *standing == Standing::RolledBack && app.workspace()?.profiles.is_empty() {
        return Err(Failure::new(format!(
            "{} was rolled back to files of the old app that can be shown only after a migration; \
             `burndown migrate --again` does it",
            folder.display()
        )));
    }
    Ok(app)
}

/// What is said where nothing but a database of the old app is.
pub fn only_other_database(run: &Run, database: &str, hint: &str) -> Failure {
    Failure::from(migration::Error::OnlyOtherDatabase {
        folder: run.place.folder.clone(),
        database: database.to_owned(),
        hint: hint.to_owned(),
    })
}
