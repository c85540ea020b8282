//! `burndown trash`: what was deleted, and the way back.

use app::App;
use app::trash::{Deleted, Emptied, Restored, Thing, Trash, TrashEntry};
use model::plain::one_line;
use words::format::{counted, date};

use crate::arguments::{self, TrashAction};
use crate::confirm::confirm;
use crate::failure::{Failure, Result};
use crate::opening;
use crate::run::Run;
use crate::table::{Cell, Listing, Side, Table};

/// What is said of an empty trash.
const NOTHING: &str = "The trash is empty. What is deleted stays here 30 days.\n";

/// Lists, restores or empties.
pub fn run(run: &Run, options: &arguments::Trash) -> Result<()> {
    let app = match (opening::existing(run), &options.action) {
        (Ok(app), _) => app,
        // To make room on a full disk, no database has to be opened.
        (Err(error), TrashAction::Empty { yes: true, backups_too: false }) => {
            let removed = app::trash::empty_without_database(&run.place.folder)?;
            let is_there = app::migration::database_path(&run.place.folder).exists();
            let traces = is_there.then_some(error.message);
            return told(run, &Emptied { removed, traces, ..Emptied::default() });
        }
        (Err(error), _) => return Err(error),
    };
    match &options.action {
        TrashAction::List => run.output.list(&app.trash()?, |trash| listing(run, trash)),
        TrashAction::Restore { id } => run.output.answer(&app.restore(id)?, restored),
        TrashAction::Empty { yes, backups_too } => empty(run, &app, *yes, *backups_too),
    }
}

/// Says what would go, asks, and puts it into the trash.
pub(super) fn delete(run: &Run, app: &App, thing: &Thing, is_said: bool) -> Result<()> {
    announce(run, app, thing)?;
    confirm(is_said, "Delete it?")?;
    run.output.answer(&app.delete(thing)?, |entry| {
        let (noun, name) = (entry.deleted.noun(), entry.deleted.name());
        one_line(&format!("deleted the {noun} {name:?}; {}", way_back(run, entry))) + "\n"
    })?;
    app.tidy_up();
    Ok(())
}

/// Says what goes with a thing, and until when it can be undone.
pub(super) fn announce(run: &Run, app: &App, thing: &Thing) -> Result<()> {
    let going = app.going(thing)?;
    let Deleted { had_token, .. } = going.deleted;
    let (noun, name) = (going.deleted.noun(), going.deleted.name());
    run.output.say(&format!(
        "the {noun} {name:?} goes to the trash with {}; this can be undone until {}",
        amounts(&going.deleted),
        date(going.until, &run.surroundings.zone),
    ));
    if had_token {
        run.output.say("its Jira token is not kept: it has to be entered again after a restore");
    }
    Ok(())
}

/// How to undo a deletion.
pub(super) fn way_back(run: &Run, entry: &TrashEntry) -> String {
    let until = date(entry.until, &run.surroundings.zone);
    format!("`burndown trash restore {}` brings it back until {until}", entry.id)
}

fn amounts(deleted: &Deleted) -> String {
    let of_data = format!(
        "{} and {}",
        counted(deleted.issues, "issue", "issues"),
        counted(deleted.changelogs, "changelog", "changelogs")
    );
    match deleted.query {
        Some(_) => of_data,
        None => format!("{}, {of_data}", counted(deleted.queries, "query", "queries")),
    }
}

fn listing(run: &Run, trash: &Trash) -> Listing {
    let line = |name: &String| one_line(&format!("{name} cannot be read; it is left alone")) + "\n";
    Listing {
        after: trash.unreadable.iter().map(line).collect(),
        ..Listing::of(table(run, &trash.entries), NOTHING)
    }
}

fn table(run: &Run, entries: &[TrashEntry]) -> Table {
    let zone = &run.surroundings.zone;
    // Columns on the right are never cut, and an id is of no use without its end.
    let mut table = Table::new(&[
        ("id", Side::Right),
        ("what", Side::Left),
        ("name", Side::Left),
        ("of profile", Side::Left),
        ("issues", Side::Right),
        ("until", Side::Right),
    ]);
    for TrashEntry { id, deleted, until, .. } in entries {
        let of_profile = deleted.query.as_ref().map_or("", |_| &deleted.profile.name);
        table.row([
            id.as_str().into(),
            deleted.noun().into(),
            deleted.name().into(),
            of_profile.into(),
            words::format::count(deleted.issues).into(),
            Cell::with_data(date(*until, zone), until),
        ]);
    }
    table
}

fn restored(restored: &Restored) -> String {
    let profile = &restored.profile.name;
    let mut text = one_line(&match &restored.query {
        Some(query) => format!("restored the query {:?} of the profile {profile:?}", query.name),
        None => format!("restored the profile {profile:?}"),
    });
    text.push('\n');
    for note in &restored.notes {
        text.push_str(&format!("Note: {}.\n", one_line(note)));
    }
    text
}

fn empty(run: &Run, app: &App, is_said: bool, with_backups: bool) -> Result<()> {
    let trash = app.trash()?;
    let kept = app.kept_of(&trash)?;
    words::kept_elsewhere(&kept).iter().for_each(|said| run.output.say(said));
    let there = (trash.entries.len() + trash.unreadable.len()) as u64;
    let mut going = counted(there, "thing", "things");
    let backups = if with_backups { kept.backups.as_slice() } else { &[] };
    if !backups.is_empty() {
        going += &format!(" and {}", counted(backups.len() as u64, "backup", "backups"));
    } else if !is_said && !kept.backups.is_empty() {
        run.output.say("with --backups-too these backups go as well, after a new one was made");
    }
    confirm(is_said, &format!("Remove {going} for good? This cannot be undone."))?;
    told(run, &app.empty_trash(backups)?)
}

fn told(run: &Run, emptied: &Emptied) -> Result<()> {
    run.output.answer(emptied, |Emptied { removed, backups_removed, .. }| {
        let mut said = format!("removed {} for good\n", counted(*removed, "thing", "things"));
        if *backups_removed > 0 {
            let backups = counted(*backups_removed, "backup", "backups");
            said += &format!("removed {backups} that held it; the newest is of what is left\n");
        }
        said
    })?;
    match (&emptied.traces, &emptied.failure) {
        (None, None) => Ok(()),
        (Some(why), _) => Err(Failure::new(words::traces(why, &emptied.backups_left))),
        (None, Some(why)) => Err(Failure::new(format!(
            "the trash is empty, but these backups are still there: {}; {why}",
            emptied.backups_left.join(", ")
        ))),
    }
}
