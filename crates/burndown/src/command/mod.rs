//! The commands, one file each.

mod answers;
mod backup;
mod chart;
mod choice;
mod completions;
mod connect;
mod copy;
mod delivery;
mod demo;
mod doctor;
mod export;
mod flow;
mod forecast;
mod import;
mod issues;
mod jql;
mod key;
mod later;
mod migrate;
mod milestone;
mod now;
mod open;
mod profile;
mod profiles;
mod queries;
mod query;
mod report;
mod rollback;
mod serve;
mod settings;
mod status;
mod summary;
mod sync;
mod trash;
mod verify;
mod weeks;

use app::ReadFrom;
use app::place::{self, Candidates, Place};

use crate::arguments::{Arguments, Command, General};
use crate::failure::{Failure, Result};
use crate::log;
use crate::opening;
use crate::output::Output;
use crate::reach;
use crate::run::Run;
use crate::server;
use crate::surroundings::Surroundings;

/// Runs the command that was asked for.
pub fn run(arguments: Arguments) -> Result<()> {
    let (general, command) = arguments.into_parts()?;
    if general.csv && !command.has_table() {
        return Err(Failure::usage(
            "--csv goes with one table: weeks, flow, now, issues, forecast, profiles, queries, \
             milestone, delivery list, settings list, trash list or backup list",
        ));
    }
    let mut surroundings = Surroundings::read()?;
    let output = Output::new(&general, surroundings.no_color, command.is_question());
    match &command {
        Command::Completions(options) => return completions::run(&output, options),
        Command::Man(options) => {
            return completions::write_manual(&output, &surroundings, options);
        }
        _ => {}
    }
    if let Some(reach) = command.reach() {
        surroundings.access = reach::access(&surroundings, reach)?;
    }
    let _log = log::start(&general, matches!(command, Command::Serve(_)))?;
    let server = match command.is_about_demo() {
        true => None,
        false => server::chosen(&surroundings, &general, &output)?,
    };
    let place = match &server {
        Some(server) => server::state(&surroundings, &general, server)?,
        None if command.is_about_demo() => demo_place(&general, &surroundings)?,
        None => choose_place(&general, &surroundings)?,
    };
    tracing::info!(folder = %place.folder.display(), why = place.why(), "workspace");
    let changes_data = command.changes_data();
    let run = Run { place, server, general, surroundings, changes_data, output };
    let from = if command.may_ask_replica() { ReadFrom::EqualReplica } else { ReadFrom::Primary };
    let done = refuse_on_server(&run, &command)
        .and_then(|()| app::read_from(from, || dispatch(&run, command)));
    if changes_data {
        back_up_changes(&run);
    }
    done.map_err(Failure::said)
}

/// Makes the backup of the day also where no server runs, whatever became of the command: of several syncs
/// some may have come through.
fn back_up_changes(run: &Run) {
    let is_due = || app::backup::is_due(&run.place.folder, run.surroundings.now());
    if run.server.is_none()
        && is_due()
        && let Ok(app) = opening::existing_quietly(run)
    {
        app.back_up_sound_data();
    }
}

/// What is done to the file of a database cannot be done to a server.
fn refuse_on_server(run: &Run, command: &Command) -> Result<()> {
    let Some(server) = &run.server else { return Ok(()) };
    let instead = match command {
        Command::Backup(_) => "`pg_dump` makes a backup of it",
        Command::Restore(_) => "`pg_restore` restores a dump of it",
        Command::Doctor(options) if options.repair => {
            "`pg_restore` goes back to a dump of it, and `burndown doctor` says whether it is whole"
        }
        Command::Migrate(_) | Command::Verify | Command::Rollback(_) => {
            "migrate in a folder, with --workspace, and bring the result here with `burndown copy`"
        }
        _ => return Ok(()),
    };
    Err(Failure::new(format!(
        "the data is in {server}, where this cannot be done; {instead}. `burndown copy --to FOLDER` \
         brings everything into a folder"
    )))
}

fn dispatch(run: &Run, command: Command) -> Result<()> {
    match command {
        Command::Serve(options) => serve::run(run, &options),
        Command::Open => open::run(run),
        Command::Key(options) => key::run(run, &options),
        Command::Migrate(options) => migrate::run(run, &options),
        Command::Verify => verify::run(run),
        Command::Rollback(options) => rollback::run(run, &options),
        Command::Answers(options) => answers::run(run, &options),
        Command::Status(options) => status::run(run, &options),
        Command::Profiles => profiles::run(run),
        Command::Queries(options) => queries::run(run, &options),
        Command::Use(options) => choice::run(run, &options),
        Command::Profile(options) => profile::run(run, &options),
        Command::Query(options) => query::run(run, &options),
        Command::Connect(options) => connect::run(run, &options),
        Command::Jql(options) => jql::run(run, &options),
        Command::Sync(options) => sync::run(run, &options),
        Command::Issues(options) => issues::run(run, &options),
        Command::Summary(options) => summary::run(run, &options),
        Command::Now(options) => now::run(run, &options),
        Command::Weeks(options) => weeks::run(run, &options),
        Command::Flow(options) => flow::run(run, &options),
        Command::Report(options) => report::run(run, &options),
        Command::Forecast(options) => forecast::run(run, &options),
        Command::Delivery(options) => delivery::run(run, &options),
        Command::Chart(options) => chart::run(run, &options),
        Command::Milestone(options) => milestone::run(run, &options),
        Command::Settings(options) => settings::run(run, &options),
        Command::Export(options) => export::run(run, &options),
        Command::Import(options) => import::run(run, &options),
        Command::Trash(options) => trash::run(run, &options),
        Command::Backup(options) => backup::run(run, &options),
        Command::Restore(options) => backup::restore(run, &options),
        Command::Copy(options) => copy::run(run, &options),
        Command::Doctor(options) => doctor::run(run, &options),
        Command::Demo(options) => demo::run(run, &options),
        // They need no workspace and ran before one was chosen.
        Command::Completions(_) | Command::Man(_) => Ok(()),
    }
}

fn choose_place(general: &General, surroundings: &Surroundings) -> Result<Place> {
    let place = place::resolve(Candidates {
        option: general.workspace.as_deref(),
        variable: surroundings.workspace_variable.as_deref(),
        current: &surroundings.current,
        platform: surroundings.platform_folder.as_deref(),
    });
    let place = place.ok_or_else(|| {
        Failure::new("this system names no folder for data; name one with --workspace FOLDER")
    })?;
    if let Some(meant) = place.workspace_around(&surroundings.current) {
        let meant = meant.display();
        return Err(Failure::usage(format!(
            "the profiles folder itself is no workspace, the folder around it is; go to {meant} or \
             use --workspace {meant}"
        )));
    }
    refuse_file(place)
}

/// The demo is never in a workspace of the user, so naming one is a misunderstanding.
fn demo_place(general: &General, surroundings: &Surroundings) -> Result<Place> {
    let Some(platform) = &surroundings.platform_folder else {
        return Err(Failure::new("this system names no folder for data, so there can be no demo"));
    };
    let place = Place::demo(platform);
    if general.store.is_some() {
        let why =
            "the demo has a folder of its own and is never put on a server; leave out --store";
        return Err(Failure::usage(why));
    }
    if general.workspace.is_some() {
        return Err(Failure::usage(format!(
            "the demo has a folder of its own ({}) and is never put into another workspace; leave \
             out --workspace",
            place.folder.display()
        )));
    }
    refuse_file(place)
}

fn refuse_file(place: Place) -> Result<Place> {
    if place.folder.is_file() {
        let folder = place.folder.display();
        return Err(Failure::new(format!(
            "{folder} is a file ({}); a workspace is a folder",
            place.why()
        )));
    }
    Ok(place)
}
