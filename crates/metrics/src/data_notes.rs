//! All that is doubtful about the data of a query.

use std::collections::{BTreeMap, HashMap};

use model::{Points, Remedy, Week};

use crate::amount::countable;
use crate::item::{Dating, Item, Undated};
use crate::items::Items;
use crate::measured::Measured;
use crate::memo::Memo;
use crate::note::{Found, KEYS_MAX, Note, NoteCode, shares};
use crate::statistics::{Statistics, flow};
use crate::weekly::{Flow, Origin, WeeklyTable};

/// What is known of a query beside its issues.
#[derive(Debug, Clone, Copy, Default)]
pub struct Doubts<'d> {
    /// What is missing of the cached issues, as a phrase; `None` if they are complete.
    pub partial_issues: Option<&'d str>,
    /// What is missing of the cached changelogs.
    pub partial_changelogs: Option<&'d str>,
    /// The stored statistics.
    pub statistics: Option<&'d Statistics>,
}

/// The data notes of a query, those that change figures most first. `table` is that of `items`.
pub fn data_notes(
    items: &Items<'_>,
    table: &Measured<WeeklyTable>,
    doubts: &Doubts<'_>,
) -> Vec<Note> {
    let mut notes = partial_notes(doubts, items.refresh);
    notes.extend(not_counted(items));
    notes.extend(item_notes(items));
    notes.extend(unmapped_statuses(items));
    match table {
        Measured::Known { value, notes: own, .. } if value.origin == Origin::Statistics => {
            notes.extend(own.iter().cloned());
        }
        Measured::Known { value, .. } => {
            notes.extend(doubts.statistics.and_then(|stored| differing_weeks(value, stored)));
        }
        Measured::Unavailable { .. } => {}
    }
    notes
}

fn partial_notes(doubts: &Doubts<'_>, refresh: Remedy) -> Vec<Note> {
    [
        (NoteCode::PartialIssues, doubts.partial_issues),
        (NoteCode::PartialChangelogs, doubts.partial_changelogs),
    ]
    .into_iter()
    .filter_map(|(code, missing)| Some(Note::about_all(code, refresh, Some(missing?))))
    .collect()
}

fn not_counted(items: &Items<'_>) -> Option<Note> {
    let mut tally: HashMap<String, u64> = HashMap::new();
    for not in &items.not_counted {
        *tally.entry(not.because.to_string()).or_default() += 1;
    }
    let keys = items.not_counted.iter().map(|not| not.facts.key.as_str());
    let note = Note::about_keys(NoteCode::NotCounted, Remedy::ChangeWhatCounts, keys)?;
    Some(Note { shares: shares(tally), ..note })
}

type Holds = fn(&Item<'_>) -> bool;

/// Which counted issues each note is about, and what can be done if it is not to bring the data up
/// to date.
const ITEM_NOTES: [(NoteCode, Option<Remedy>, Holds); 10] = [
    (NoteCode::NotCreated, Some(Remedy::LookInJira), |item| {
        item.undated() == Some(Undated::NotCreated)
    }),
    (NoteCode::DoneWithoutDate, Some(Remedy::LookInJira), |item| {
        item.undated() == Some(Undated::NotFinished)
    }),
    (NoteCode::DoneBeforeCreated, Some(Remedy::LookInJira), |item| {
        item.undated() == Some(Undated::FinishedBeforeCreated)
    }),
    (NoteCode::StatusMissing, None, |item| item.facts.status.is_none()),
    (NoteCode::ChangelogStale, None, |item| item.is_stale),
    (NoteCode::ChangelogMissing, None, |item| item.transitions.is_none()),
    (NoteCode::DatedByResolution, None, |item| {
        item.finished.is_some_and(|finished| finished.by == Dating::ResolutionDate)
    }),
    (NoteCode::ResolutionUnavailable, None, |item| !item.is_resolution_known),
    (NoteCode::PointsNotRequested, None, |item| item.facts.points == Points::NotRequested),
    (NoteCode::PointsUnreadable, Some(Remedy::CheckPointsField), |item| match item.facts.points {
        Points::Unreadable => true,
        points @ Points::Known(_) => countable(points).is_none(),
        _ => false,
    }),
];

fn item_notes(items: &Items<'_>) -> Vec<Note> {
    let mut tallies =
        ITEM_NOTES.map(|(code, remedy, holds)| (code, remedy, holds, Found::default()));
    for item in &items.counted {
        for (_, _, holds, found) in &mut tallies {
            if holds(item) {
                found.add(&item.facts.key);
            }
        }
    }
    let refresh = |code| match code {
        NoteCode::ResolutionUnavailable => items.refresh.beyond_old_app(),
        _ => items.refresh,
    };
    let notes = tallies.into_iter();
    notes
        .filter_map(|(code, remedy, _, found)| found.note(code, remedy.unwrap_or(refresh(code))))
        .collect()
}

/// Statuses of counted issues, now or before, that no list of the profile and no category explains.
fn unmapped_statuses(items: &Items<'_>) -> Option<Note> {
    // How many issues each such status has had, and the place of the last one, to count it once.
    let mut issues: HashMap<&str, (u64, usize)> = HashMap::new();
    let mut is_explained = Memo::default();
    for (place, item) in items.counted.iter().enumerate() {
        for status in statuses_of(item) {
            let explain = || items.statuses.is_explained(status, items.workflow);
            if is_explained.answer(status, explain) {
                continue;
            }
            let (count, last) = issues.entry(status).or_insert((0, usize::MAX));
            *count += u64::from(*last != place);
            *last = place;
        }
    }
    let note =
        Note::about(NoteCode::StatusesUnmapped, Remedy::SayWhatStatusesMean, issues.len() as u64)?;
    let had = |item: &&Item<'_>| statuses_of(item).any(|status| issues.contains_key(status));
    let keys = items.counted.iter().filter(had).take(KEYS_MAX);
    let keys = keys.map(|item| item.facts.key.clone()).collect();
    let counts = issues.iter().map(|(status, (count, _))| ((*status).to_owned(), *count));
    Some(Note { shares: shares(counts), keys, ..note })
}

/// All statuses that an issue is or was in; some more than once.
fn statuses_of<'h>(item: &Item<'h>) -> impl Iterator<Item = &'h str> {
    let mut was = None;
    let past = item.transitions.unwrap_or_default().iter().flat_map(move |transition| {
        let before = transition.from.as_deref().filter(|from| was != Some(*from));
        was = transition.to.as_deref();
        [before, was]
    });
    past.chain([item.facts.status.as_deref()]).flatten()
}

/// Complete weeks whose stored rows count other items than the issues. The old app knew no
/// cancelled ones: it counted them as completed.
fn differing_weeks(table: &WeeklyTable, statistics: &Statistics) -> Option<Note> {
    let complete = table.complete(crate::Span::All);
    let counted: HashMap<Week, &Flow> = complete.iter().map(|row| (row.week, &row.flow)).collect();
    let last = complete.last()?.week;
    let mut stored: BTreeMap<Week, Flow> = BTreeMap::new();
    for row in &statistics.rows {
        let is_whole = row.created_items.is_some() && row.completed_items.is_some();
        if let Some(week) = row.date.filter(|_| is_whole).map(Week::of) {
            stored.entry(week).or_default().add(flow(row));
        }
    }
    let finished = |flow: &Flow| flow.done.items + flow.cancelled.unwrap_or_default().items;
    let (mut weeks, mut created, mut done) = (Vec::new(), 0, 0);
    for (week, stored) in stored.into_iter().filter(|(week, _)| *week <= last) {
        let counted = counted.get(&week).copied().copied().unwrap_or_default();
        let is_created = stored.created.items != counted.created.items;
        let is_done = finished(&stored) != finished(&counted);
        created += u64::from(is_created);
        done += u64::from(is_done);
        if is_created || is_done {
            weeks.push(week.to_string());
        }
    }
    let weeks = weeks.iter().map(String::as_str);
    let note = Note::about_keys(NoteCode::StatisticsDiffer, Remedy::Nothing, weeks)?;
    let parts = [("created items".to_owned(), created), ("completed items".to_owned(), done)];
    Some(Note { shares: shares(parts.into_iter().filter(|(_, weeks)| *weeks > 0)), ..note })
}
