//! `burndown sync`: fetches what changed in Jira.

use app::App;
use app::sync::SyncOptions;
use app::workspace::{ProfileEntry, QueryEntry, WorkspaceOverview};
use model::plain::one_line;
use model::{QueryKey, SyncRecord};
use serde::Serialize;

use crate::arguments;
use crate::failure::{Failure, Kind, Result};
use crate::progress::SyncBar;
use crate::run::Run;
use crate::{opening, selection};

/// A sync as it is told.
#[derive(Debug, Serialize)]
struct Told {
    profile: String,
    query: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sync: Option<SyncRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Syncs one query, or all whose data is due, one after the other. One that fails stops none of the
/// others.
pub fn run(run: &Run, options: &arguments::Sync) -> Result<()> {
    let app = opening::existing(run)?;
    let workspace = app.workspace()?;
    let chosen = chosen(&workspace, options)?;
    let how = SyncOptions {
        is_full: options.full,
        is_forced: !options.all || options.force,
        accepts_loss: options.accept_loss,
    };
    let mut told = Vec::new();
    for (profile, query) in chosen {
        told.push(sync(run, &app, profile, query, how)?);
    }
    if run.output.is_quiet() && !run.output.is_for_programs() {
        let failed = told.iter().filter(|told| told.error.is_some());
        failed.for_each(|told| run.output.warn(line(told).trim_end()));
    }
    run.output.answer(&told, |told| told.iter().map(line).collect())?;
    let failed = told.iter().filter(|told| told.error.is_some()).count();
    outcome(failed, told.len())
}

/// Whether all, some or none of several came through.
fn outcome(failed: usize, all: usize) -> Result<()> {
    const KEPT: &str = "what was stored is still in force";
    match failed {
        0 => Ok(()),
        1 if all == 1 => Err(Failure::new(format!("one query could not be synced; {KEPT}"))),
        _ if failed == all => {
            Err(Failure::new(format!("none of {all} queries could be synced; {KEPT}")))
        }
        _ => Err(Failure::of_kind(
            Kind::PartlyFailed,
            format!("{failed} of {all} queries could not be synced; {KEPT}"),
        )),
    }
}

fn chosen<'w>(
    workspace: &'w WorkspaceOverview,
    options: &arguments::Sync,
) -> Result<Vec<(&'w ProfileEntry, &'w QueryEntry)>> {
    let profile = options.profile.as_deref();
    if !options.all {
        let profile = selection::profile(workspace, profile)?;
        let query = options.query.as_ref().or(options.named_query.as_ref());
        return Ok(vec![(profile, selection::query(profile, query.map(String::as_str))?)]);
    }
    let profiles: Vec<&ProfileEntry> = match profile {
        Some(_) => vec![selection::profile(workspace, profile)?],
        None => workspace.profiles.iter().collect(),
    };
    let with_queries = |profile: &'w ProfileEntry| {
        // A profile without a Jira, e.g. one that was fed with a file, is none to sync.
        let is_connected = profile.server.is_some();
        profile.queries.iter().filter(move |_| is_connected).map(move |query| (profile, query))
    };
    Ok(profiles.into_iter().flat_map(with_queries).collect())
}

fn sync(
    run: &Run,
    app: &App,
    profile: &ProfileEntry,
    query: &QueryEntry,
    how: SyncOptions,
) -> Result<Told> {
    let key = QueryKey::parse(&profile.id, &query.id).map_err(app::Error::from)?;
    let bar = SyncBar::new(&run.output, &query.name);
    let done = app.sync_with_jira(&key, how, &bar);
    bar.clear();
    let (sync, error) = match done {
        Ok(record) => (Some(record), None),
        Err(error) => (None, Some(error.to_string())),
    };
    let (profile, id) = (profile.id.clone(), query.id.clone());
    Ok(Told { profile, query: id, name: query.name.clone(), sync, error })
}

fn line(told: &Told) -> String {
    let said = match (&told.sync, &told.error) {
        (Some(record), _) => {
            let mut said = record.message.clone();
            if !record.missing.is_empty() {
                let named = record.missing.iter().map(|issue| issue.key.as_str());
                said.push_str(&format!("; missing: {}", named.collect::<Vec<_>>().join(", ")));
            }
            said
        }
        (None, Some(error)) => error.clone(),
        (None, None) => String::new(),
    };
    let refused = told.sync.iter().flat_map(|record| &record.refused);
    let refused = refused.map(|said| format!("  not told by Jira: {}\n", one_line(said)));
    one_line(&format!("{}: {said}", told.name)) + "\n" + &refused.collect::<String>()
}
