//! `burndown backup` and `burndown restore`: copies of the workspace, and the way back.

use app::backup::{self, Entry, Job, Kind, Reason, Restored};
use app::place::absolute;
use model::plain::one_line;
use model::{RecordCounts, Timestamp};
use serde_json::json;
use words::format::{bytes, count, counted};

use crate::arguments::{self, BackupAction};
use crate::confirm::confirm;
use crate::failure::{Failure, Kind as FailureKind, Result};
use crate::opening::{self, VERSION};
use crate::run::Run;
use crate::table::{Cell, Listing, Side, Table};

/// Makes one, or does what was asked.
pub fn run(run: &Run, options: &arguments::Backup) -> Result<()> {
    match &options.action {
        None => {
            refuse_unfinished_copy(run)?;
            let to = options.to.as_ref().map(|to| absolute(&run.surroundings.current, to));
            let entry = backup::back_up(&job(run), Reason::Asked, to.as_deref())
                .map_err(app::Error::from)?;
            run.output.answer(&entry, |entry| {
                let (holds, path) =
                    (entry.counts.map(amounts).unwrap_or_default(), entry.path.display());
                one_line(&format!("made and verified a backup of {holds} in {path}")) + "\n"
            })
        }
        Some(BackupAction::List) => run.output.list(&listed(run)?, |entries| listing(run, entries)),
        Some(BackupAction::Verify { id }) => {
            let entry = chosen(run, id.as_deref())?;
            let counts = backup::verify(&entry).map_err(app::Error::from)?;
            run.output.answer(&json!({ "id": entry.id, "counts": counts }), |_| {
                one_line(&format!("{} is sound: {}", entry.id, amounts(counts))) + "\n"
            })
        }
        Some(BackupAction::Restore(options)) => restore(run, options),
    }
}

/// A backup of a part of a workspace would be taken for one of all of it.
fn refuse_unfinished_copy(run: &Run) -> Result<()> {
    match opening::existing(run) {
        Err(failure) if failure.kind == FailureKind::UnfinishedCopy => Err(failure),
        // Whatever else is the matter, what is there can be kept.
        _ => Ok(()),
    }
}

/// Says what would be replaced, asks, and restores.
pub fn restore(run: &Run, options: &arguments::Restore) -> Result<()> {
    let entry = chosen(run, options.id.as_deref())?;
    let counts = proven(run, &entry)?;
    let made = entry.made_at.map(|at| format!(" of {}", when(run, at))).unwrap_or_default();
    run.output.say(&format!("{}{made} holds {}", entry.id, amounts(counts)));
    if app::migration::database_path(&run.place.folder).exists() {
        run.output.say("the database that is there now is kept in the backups folder");
        confirm(options.yes, "Restore it?")?;
    }
    let restored = backup::restore(&job(run), &entry).map_err(app::Error::from)?;
    run.output.answer(&restored, outcome)
}

fn listed(run: &Run) -> Result<Vec<Entry>> {
    backup::check_backups(&run.place.folder).map_err(app::Error::from)?;
    Ok(backup::list(&run.place.folder))
}

/// What an entry holds. Of one that is damaged it is said which other one is not.
fn proven(run: &Run, entry: &Entry) -> Result<RecordCounts> {
    backup::verify(entry).map_err(|error| {
        let is_damaged = matches!(error, backup::Error::Damaged { .. });
        let failure = Failure::from(app::Error::from(error));
        let mut others = backup::list(&run.place.folder).into_iter();
        let is_other = |other: &Entry| {
            !other.may_be_of_other && other.id != entry.id && backup::verify(other).is_ok()
        };
        match others.find(|other| is_damaged && is_other(other)) {
            Some(sound) => Failure {
                message: format!(
                    "{}: `burndown restore {}` takes the newest that is sound",
                    failure.message, sound.id
                ),
                ..failure
            },
            None => failure,
        }
    })
}

/// The entry of that name, or the newest backup.
fn chosen(run: &Run, id: Option<&str>) -> Result<Entry> {
    let folder = &run.place.folder;
    if let Some(id) = id {
        let current = &run.surroundings.current;
        return Ok(backup::find(folder, id, current).map_err(app::Error::from)?);
    }
    let is_ours = |entry: &Entry| entry.kind == Kind::Backup && !entry.may_be_of_other;
    let newest = listed(run)?.into_iter().find(is_ours);
    newest.ok_or_else(|| {
        Failure::new(format!(
            "there is no backup in {}; `burndown backup list` shows what else can be restored",
            folder.display()
        ))
    })
}

pub(super) fn job(run: &Run) -> Job {
    Job {
        workspace: run.place.folder.clone(),
        now: run.surroundings.now(),
        program_version: VERSION.to_owned(),
    }
}

fn when(run: &Run, at: Timestamp) -> String {
    at.to_zoned(run.surroundings.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

fn amounts(counts: RecordCounts) -> String {
    format!(
        "{}, {}, {}, {}",
        counted(counts.profiles, "profile", "profiles"),
        counted(counts.queries, "query", "queries"),
        counted(counts.issues, "issue", "issues"),
        counted(counts.changelogs, "changelog", "changelogs"),
    )
}

fn outcome(restored: &Restored) -> String {
    let mut lines = vec![format!("restored {}: {}", restored.id, amounts(restored.counts))];
    if let Some(kept) = &restored.kept {
        lines.push(format!("the database that was there is kept in {}", kept.display()));
    }
    if !restored.without_token.is_empty() {
        let names = restored.without_token.join(", ");
        lines.push(format!("no token is stored for {names}; enter it before the next sync"));
    }
    lines.iter().map(|line| one_line(line) + "\n").collect()
}

fn listing(run: &Run, entries: &[Entry]) -> Listing {
    let mut table = Table::new(&[
        ("id", Side::Right),
        ("what", Side::Left),
        ("made", Side::Left),
        ("profiles", Side::Right),
        ("issues", Side::Right),
        ("size", Side::Right),
    ])
    .named(&["id", "what", "made_at", "profiles", "issues", "bytes"]);
    for entry in entries {
        let number =
            |of: fn(RecordCounts) -> u64| entry.counts.map_or_else(String::new, |it| count(of(it)));
        table.row([
            entry.id.as_str().into(),
            words::kind_of_copy(entry).into(),
            entry.made_at.map_or_else(|| "".into(), |at| Cell::with_data(when(run, at), at)),
            number(|counts| counts.profiles).into(),
            number(|counts| counts.issues).into(),
            Cell::with_data(bytes(entry.bytes), entry.bytes),
        ]);
    }
    Listing::of(table, "There is nothing to restore yet; `burndown backup` makes a backup.\n")
}
