//! `burndown migrate`: the old app's files into a database.

use std::path::Path;

use app::migration::{self, Error, Found, Job, Report, Standing};
use app::place::real;
use serde_json::json;
use words::format::{bytes, counted};

use super::later;
use crate::arguments::Migrate;
use crate::failure::Result;
use crate::naming;
use crate::opening::{self, VERSION};
use crate::progress::with_bar;
use crate::run::Run;
use model::plain;

/// Migrates, or says what a migration would do.
pub fn run(run: &Run, options: &Migrate) -> Result<()> {
    let from = options.from.as_deref();
    let current = &run.surroundings.current;
    let source = from.map_or_else(|| run.place.folder.clone(), |from| real(current, from));
    if options.dry_run {
        let job = job(run, &source, options.again);
        let report =
            with_bar(run.output.shows_progress(), |listener| migration::dry_run(&job, listener))?;
        return run.output.answer(&report, |report| plain::lines(&report.to_text()));
    }
    if let Standing::Legacy { found } = migration::standing(&source, &run.place.folder)? {
        run.output.say(&found_line(&found));
    }
    if options.again {
        later::ask(run, options.yes)?;
    }
    match migrate(run, &source, options.again) {
        Ok(report) => {
            if options.again {
                later::tell_way_back(run);
            }
            let unplaced = unplaced(run)?;
            run.output.answer(&report, |report| summary(report) + &unplaced)
        }
        Err(done @ Error::AlreadyMigrated(_)) => {
            let answer = json!({ "state": "already_migrated", "message": done.to_string() });
            run.output.answer(&answer, |_| {
                format!("nothing to do: {}\n", plain::one_line(&done.to_string()))
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// Statuses of which neither the old app nor Jira says what they mean, a line for each profile.
fn unplaced(run: &Run) -> Result<String> {
    let found = opening::existing(run)?.unplaced_statuses()?;
    let line = |(profile, names): &(String, Vec<String>)| {
        let names = names.join(", ");
        let text = format!(
            "nothing says which lane these statuses of {profile} are in: {names}; \
             burndown settings lane STATUS LANE does"
        );
        plain::one_line(&text) + "\n"
    };
    Ok(found.iter().map(line).collect())
}

/// Migrates with a bar.
pub fn migrate(run: &Run, source: &Path, again: bool) -> migration::Result<Report> {
    let job = job(run, source, again);
    with_bar(run.output.shows_progress(), |listener| migration::migrate(&job, listener))
}

fn job(run: &Run, source: &Path, again: bool) -> Job {
    Job {
        source: source.to_owned(),
        workspace: run.place.folder.clone(),
        now: run.surroundings.now(),
        zone: run.surroundings.zone.clone(),
        program_version: VERSION.to_owned(),
        again,
    }
}

/// What stands there in the old format, in one line.
pub fn found_line(found: &Found) -> String {
    format!(
        "found {}, {}, {} in the old format: {}",
        counted(found.profiles, "profile", "profiles"),
        counted(found.queries, "query", "queries"),
        bytes(found.bytes),
        found.layout,
    )
}

/// What was done, in a few lines.
pub fn summary(report: &Report) -> String {
    let totals = &report.totals;
    let mut lines = vec![format!(
        "migrated {}, {}, {}, {}",
        counted(totals.profiles, "profile", "profiles"),
        counted(totals.queries, "query", "queries"),
        counted(totals.issues, "issue", "issues"),
        counted(totals.changelogs, "changelog", "changelogs"),
    )];
    if let Some(verification) = &report.verification {
        lines.push(format!(
            "compared {} with the old files, {} unexplained",
            counted(verification.compared, "record", "records"),
            counted(verification.unexplained_count, "difference", "differences"),
        ));
    }
    lines.push(format!("backup in {}", report.backup));
    let findings = report.finding_count();
    if findings > 0 {
        let things = counted(findings, "odd thing", "odd things");
        lines.push(format!("noticed {things}; {}/migration-report.txt names each", report.backup));
    }
    if report.was_written_later() {
        let line = "the old app wrote to its database after it was copied: close the old app, then \
                    `burndown migrate --again` takes that too";
        lines.push(line.to_owned());
    }
    if !report.token_files.is_empty() {
        let files = naming::files(&report.token_files);
        let hold = if report.token_files.len() == 1 { "holds" } else { "hold" };
        lines.push(format!(
            "{files} of the old app still {hold} a Jira token in clear text; {}/migration-report.txt \
             says what to do",
            report.backup
        ));
    }
    lines.iter().map(|line| plain::one_line(line) + "\n").collect()
}
