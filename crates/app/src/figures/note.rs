//! All that is doubtful about a query in one list: what figures notice, and how its data was
//! fetched, stored and migrated.

use std::time::Duration;

use metrics::{Doubts, Items, Measured, Note, NoteCode, State, WeeklyTable};
use migrate::Fate;
use model::{Remedy, TimeZone, Timestamp};

use crate::figures::QueryHistory;
use crate::figures::moment::MomentRule;
use crate::figures::statistics::StatisticsSummary;
use crate::jql;
use crate::migration::report::SourceFile;

/// What figures notice about the data that they are counted from.
pub(crate) fn figure_notes(
    history: &QueryHistory,
    items: &Items<'_>,
    table: &Measured<WeeklyTable>,
) -> Vec<Note> {
    let doubts = Doubts {
        partial_issues: history.summary.partial.as_deref(),
        partial_changelogs: history.partial_changelogs.as_deref(),
        statistics: history.statistics.as_ref(),
        entered_later: Some(&history.entered_later),
    };
    metrics::data_notes(items, table, &doubts)
}

/// All notes, those of figures first.
pub(crate) fn data_notes(
    of_figures: Vec<Note>,
    history: &QueryHistory,
    items: &Items<'_>,
    files: &[SourceFile],
) -> Vec<Note> {
    let mut notes = of_figures;
    notes.extend(nothing_done(items));
    notes.extend(zone_notes(history));
    notes.extend(created_later(history, items));
    notes.extend(fetch_notes(history));
    notes.extend(stored_notes(history));
    notes.extend(migration_notes(files));
    notes
}

/// In which zone weeks begin, where that may not be the one that is meant.
pub(crate) fn zone_notes(history: &QueryHistory) -> impl Iterator<Item = Note> {
    let unknown = history.unknown_zone.as_deref();
    let unknown =
        unknown.map(|name| Note::about_all(NoteCode::UnknownZone, Remedy::ChooseZone, Some(name)));
    unknown.into_iter().chain(other_zone(history))
}

/// Zones are the same where their days began together throughout the last year, whatever they are called.
fn other_zone(history: &QueryHistory) -> Option<Note> {
    const MONTH: Duration = Duration::from_secs(30 * 86_400);
    let name = history.user_zone.as_deref()?;
    let other = TimeZone::get(name).ok()?;
    let moments = (0..=12).filter_map(|months| history.moment.at.checked_sub(MONTH * months).ok());
    let differs = |at: Timestamp| other.to_offset(at) != history.zone.to_offset(at);
    moments
        .into_iter()
        .any(differs)
        .then(|| Note::about_all(NoteCode::OtherZone, Remedy::TakeJiraZone, Some(name)))
}

/// A query whose JQL leaves out what is done shows no pace, however long its window is; one of which
/// nothing is done yet will.
fn nothing_done(items: &Items<'_>) -> Option<Note> {
    let is_known = items.can_tell_done();
    if items.counted.is_empty() || !is_known || items.in_state(State::Done).next().is_some() {
        return None;
    }
    let code = match items.where_idle {
        Remedy::WidenJql => NoteCode::JqlWithoutDone,
        _ => NoteCode::NothingDone,
    };
    Some(Note::about_all(code, items.where_idle, None))
}

/// Issues from after the fetch mean that its time is wrong, and they would be missed silently.
fn created_later(history: &QueryHistory, items: &Items<'_>) -> Option<Note> {
    let is_asked = history.moment.rule == MomentRule::Asked;
    let count = if is_asked { 0 } else { items.later };
    Note::about(NoteCode::CreatedLater, Remedy::CheckClock, count)
}

fn fetch_notes(history: &QueryHistory) -> Vec<Note> {
    let QueryHistory { summary, header, data, .. } = history;
    let mut notes = Vec::new();
    let mut add = |code, missing| notes.push(Note::about_all(code, history.refresh, missing));
    if history.issues.is_empty() && header.is_none() && summary.partial.is_none() {
        add(NoteCode::NeverFetched, None);
    }
    if jql::fetched_with_other(header.as_ref(), &summary.jql).is_some() {
        add(NoteCode::OtherJql, None);
    }
    if let Some(missing) = data.as_ref().and_then(|data| data.partial.as_deref()) {
        add(NoteCode::PartialStatistics, Some(missing));
    }
    notes
}

/// Rows without a day are told by figures themselves where rows are all there is.
fn stored_notes(history: &QueryHistory) -> impl Iterator<Item = Note> {
    let statistics = history.data.as_ref().and_then(StatisticsSummary::of);
    let (undated, repeated) =
        statistics.map_or((0, 0), |stored| (stored.undated, stored.repeated_days));
    let undated = if history.issues.is_empty() { 0 } else { undated };
    [
        (NoteCode::ChangelogsOrphaned, history.orphaned),
        (NoteCode::StatisticsUndated, undated),
        (NoteCode::RepeatedDays, repeated),
    ]
    .into_iter()
    .filter_map(|(code, count)| Note::about(code, Remedy::Nothing, count))
}

fn migration_notes(files: &[SourceFile]) -> impl Iterator<Item = Note> {
    let is_damaged = |file: &&SourceFile| matches!(file.fate, Fate::Partly | Fate::Quarantined);
    let damaged = files.iter().filter(is_damaged).count() as u64;
    let odd = files.iter().flat_map(|file| &file.findings).map(|finding| finding.count).sum();
    [(NoteCode::DamagedFiles, damaged), (NoteCode::MigrationFindings, odd)]
        .into_iter()
        .filter_map(|(code, count)| Note::about(code, Remedy::SeeSourceFiles, count))
}
