//! From a place to an app over the data in it.

use app::migration::{self, Opened, Standing};
use app::{App, Context};
use words::Front;

use crate::failure::{Failure, Kind, Result};
use crate::run::Run;
use crate::server;

/// Version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// An app over data that is there. A question never makes a database and never migrates.
pub fn existing(run: &Run) -> Result<App> {
    if let Some(app) = on_server(run, false)? {
        return Ok(app);
    }
    warn_of_old_files(run, of_data(run, look_into(run)?)?)
}

/// The same for what is done after a command.
pub fn existing_quietly(run: &Run) -> Result<App> {
    of_data(run, look_into(run)?)
}

/// After a rollback the workspace is in the old app's own files: whoever changes it hears that.
fn warn_of_old_files(run: &Run, app: App) -> Result<App> {
    if run.changes_data
        && let Some(remark) = app.rollback_remark()
    {
        run.output.warn(&words::remark(&remark, Front::Terminal));
    }
    Ok(app)
}

/// What is in the folder of the run.
pub fn look_into(run: &Run) -> Result<Opened> {
    Ok(migration::look_into(&run.place.folder, &run.place.folder)?)
}

fn of_data(run: &Run, opened: Opened) -> Result<App> {
    let here = run.place.folder.display();
    let why = run.place.why();
    match &opened.standing {
        Standing::Fresh => Err(Failure::of_kind(
            Kind::NotFound,
            format!(
                "there is no data in {here} ({why}); name another folder with --workspace FOLDER, \
                 or begin here: `burndown` in the browser, `burndown connect ADDRESS --profile NAME` \
                 here"
            ),
        )),
        Standing::Legacy { .. } => Err(Failure::new(format!(
            "{here} holds files of the old app that are not migrated yet; `burndown migrate` does it"
        ))),
        Standing::OnlyOtherDatabase { database, hint } => {
            Err(only_other_database(run, database, hint))
        }
        Standing::Ready { .. }
        | Standing::FromElsewhere { .. }
        | Standing::LegacyChanged { .. }
        | Standing::RollbackBrokenOff
        | Standing::RolledBack => open(run, opened),
    }
}

/// The same, but a workspace without any data begins here.
pub fn begun(run: &Run) -> Result<App> {
    if let Some(app) = on_server(run, true)? {
        return Ok(app);
    }
    let opened = look_into(run)?;
    match &opened.standing {
        Standing::Fresh => open(run, opened),
        _ => warn_of_old_files(run, of_data(run, opened)?),
    }
}

/// An app over the workspace on a server, if one is named; made there if it may be.
pub fn on_server(run: &Run, makes: bool) -> Result<Option<App>> {
    let Some(server) = &run.server else { return Ok(None) };
    server::warn_of_modes(run);
    let shared_key = server::shared_key(&run.surroundings, &run.general)?;
    Ok(Some(App::on_server(server, &run.place.folder, makes, shared_key, context(run))?))
}

/// An app over what a workspace keeps its data in; made if it is not there.
pub fn open(run: &Run, opened: Opened) -> Result<App> {
    let app = App::open(opened, context(run))?;
    if app.is_read_only() {
        let here = run.place.folder.display();
        run.output.warn(&format!("nothing can be written in {here}: it is only read"));
    }
    Ok(app)
}

/// What an app is told; what depends on the workspace is filled in when it is opened.
pub fn context(run: &Run) -> Context {
    Context {
        version: VERSION.to_owned(),
        zone: run.surroundings.zone.clone(),
        clock: run.surroundings.clock,
        report: None,
        is_demo: false,
        access: run.surroundings.access.clone(),
    }
}

/// What is said where nothing but a database of the old app is.
pub fn only_other_database(run: &Run, database: &str, hint: &str) -> Failure {
    Failure::from(migration::Error::OnlyOtherDatabase {
        folder: run.place.folder.clone(),
        database: database.to_owned(),
        hint: hint.to_owned(),
    })
}

/// Names the files with secrets that other users of the machine can read.
pub fn warn_of_modes(run: &Run) {
    for file in app::place::open_to_others(&run.place.folder) {
        run.output.warn(&format!(
            "others than you can read {0}; `chmod 600 {0}` keeps them out",
            file.display()
        ));
    }
}
