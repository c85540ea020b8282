//! `burndown status`: where the data is, why there, and how it is.

use app::health::{Check, Health};
use app::migration::Standing;
use app::stale::FailedQuery;
use app::workspace::WorkspaceOverview;
use serde::Serialize;
use words::Front;
use words::format::{self, counted};

use super::migrate::found_line;
use crate::arguments;
use crate::failure::{Failure, Kind, Result};
use crate::figures::{UNKNOWN, or_unknown};
use crate::opening;
use crate::run::Run;
use crate::table::pairs;

/// How a workspace is.
#[derive(Debug, Serialize)]
struct Status {
    folder: String,
    rule: app::place::Rule,
    why: &'static str,
    state: &'static str,
    advice: String,
    health: Option<Health>,
    workspace: Option<WorkspaceOverview>,
    /// Queries whose last sync failed.
    failed_syncs: Vec<FailedQuery>,
}

/// Tells how the workspace is; where it cannot be opened, tells where it is and then why not.
pub fn run(run: &Run, options: &arguments::Status) -> Result<()> {
    let check = if options.check { Check::Noted } else { Check::Last };
    let folder = &run.place.folder;
    let mut status = Status {
        folder: folder.display().to_string(),
        rule: run.place.rule,
        why: run.place.why(),
        state: "unusable",
        advice: String::new(),
        health: None,
        workspace: None,
        failed_syncs: Vec::new(),
    };
    let looked = look_into(run, check, &mut status);
    if looked.as_ref().is_err_and(|failure| failure.kind == Kind::UnfinishedCopy) {
        status.state = "unfinished_copy";
    }
    run.output.answer(&status, |status| text(run, status))?;
    opening::warn_of_modes(run);
    looked?;
    let findings = status.health.and_then(|health| health.integrity).unwrap_or_default();
    match findings.len() as u64 {
        0 => Ok(()),
        count => {
            let restore = match run.server {
                Some(_) => "`pg_restore` goes back to a dump of it",
                None => "`burndown backup list` shows what can be restored",
            };
            let findings = counted(count, "finding", "findings");
            Err(Failure::new(format!(
                "the database is damaged ({findings}); `burndown doctor` says more, {restore}"
            )))
        }
    }
}

fn look_into(run: &Run, check: Check, status: &mut Status) -> Result<()> {
    if let Some(app) = opening::on_server(run, false)? {
        status.state = "ready";
        status.health = Some(app.health(check)?);
        status.workspace = Some(app.workspace()?);
        status.failed_syncs = app.failed_syncs()?;
        return Ok(());
    }
    let opened = opening::look_into(run)?;
    let standing = opened.standing.clone();
    status.state = state(&standing);
    status.advice = advice(&standing);
    if holds_data(&standing) {
        let app = opening::open(run, opened)?;
        status.health = Some(app.health(check)?);
        status.workspace = Some(app.workspace()?);
        status.failed_syncs = app.failed_syncs()?;
        let remark = app.remark(&standing)?;
        status.advice =
            remark.map(|said| words::remark(&said, Front::Terminal)).unwrap_or_default();
    }
    Ok(())
}

fn holds_data(standing: &Standing) -> bool {
    use Standing::{FromElsewhere, LegacyChanged, Ready, RollbackBrokenOff, RolledBack};
    matches!(
        standing,
        Ready { .. } | FromElsewhere { .. } | LegacyChanged { .. } | RollbackBrokenOff | RolledBack
    )
}

pub(super) fn state(standing: &Standing) -> &'static str {
    match standing {
        Standing::Fresh => "fresh",
        Standing::Legacy { .. } => "legacy",
        Standing::Ready { .. } | Standing::FromElsewhere { .. } => "ready",
        Standing::LegacyChanged { .. } => "legacy_changed",
        Standing::RollbackBrokenOff => "rollback_broken_off",
        Standing::RolledBack => "rolled_back",
        Standing::OnlyOtherDatabase { .. } => "other_database",
    }
}

/// What the state means and what can be done about it where no data can be asked yet.
pub(super) fn advice(standing: &Standing) -> String {
    match standing {
        Standing::Fresh => "nothing is here yet; `burndown serve` begins a workspace".to_owned(),
        Standing::Legacy { found } => {
            format!(
                "{}; `burndown migrate` or `burndown serve` moves it into a database",
                found_line(found)
            )
        }
        Standing::Ready { .. }
        | Standing::FromElsewhere { .. }
        | Standing::LegacyChanged { .. }
        | Standing::RollbackBrokenOff
        | Standing::RolledBack => String::new(),
        Standing::OnlyOtherDatabase { database, hint } => {
            format!("only {database} is here, from which nothing can be taken: {hint}")
        }
    }
}

fn text(run: &Run, status: &Status) -> String {
    let mut lines = vec![
        ("folder", status.folder.clone()),
        ("chosen because", status.why.to_owned()),
        ("state", status.state.replace('_', " ")),
    ];
    if !status.advice.is_empty() {
        lines.push(("what to do", status.advice.clone()));
    }
    if let Some(health) = &status.health {
        health_lines(health, &mut lines);
    }
    if let Some(workspace) = &status.workspace {
        workspace_lines(workspace, &mut lines);
    }
    for FailedQuery { query, failed, .. } in &status.failed_syncs {
        let ago = format::age(failed.at, run.surroundings.now());
        lines.push(("failed sync", format!("{query}, {ago}: {}", failed.message)));
    }
    pairs(&lines, &run.output.head)
}

fn health_lines(health: &Health, lines: &mut Vec<(&str, String)>) {
    let totals = &health.totals;
    lines.push(match health.address.split_once(':') {
        Some(("json", folder)) => ("old files", folder.to_owned()),
        Some(("sqlite", file)) => ("database", file.to_owned()),
        _ => ("database", health.address.clone()),
    });
    lines.push(("size", words::room(health.size_bytes, health.room.as_ref())));
    lines.push(("format version", health.schema_version.to_string()));
    lines.push((
        "holds",
        format!(
            "{}, {}, {}, {}",
            counted(totals.profiles, "profile", "profiles"),
            counted(totals.queries, "query", "queries"),
            counted(totals.issues, "issue", "issues"),
            counted(totals.changelogs, "changelog", "changelogs"),
        ),
    ));
    match health.integrity.as_deref() {
        Some([]) => {
            let last = health.checked_at.map(|at| format!(", says the look at {at}"));
            lines.push(("integrity", format!("ok{}", last.unwrap_or_default())));
        }
        Some(findings) => {
            lines.extend(findings.iter().map(|finding| ("integrity", finding.clone())))
        }
        None => lines.push((
            "integrity",
            "no look of the last day is known; `burndown status --check` looks".to_owned(),
        )),
    }
}

fn workspace_lines(workspace: &WorkspaceOverview, lines: &mut Vec<(&str, String)>) {
    let active = &workspace.active;
    let profile = workspace.profiles.iter().find(|p| Some(&p.id) == active.profile.as_ref());
    let query = profile.and_then(|profile| profile.queries.iter().find(|query| query.is_active));
    lines.push((
        "active profile",
        profile.map_or(UNKNOWN.to_owned(), |p| format!("{} ({})", p.name, p.id)),
    ));
    lines.push((
        "active query",
        query.map_or(UNKNOWN.to_owned(), |q| format!("{} ({})", q.name, q.id)),
    ));
    if let Some(migration) = &workspace.migration {
        lines.push(("migrated at", or_unknown(migration.completed_at.as_ref())));
        lines.push(("backup", or_unknown(migration.backup.as_ref())));
    }
}
