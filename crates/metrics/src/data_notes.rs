//! All that is doubtful about the data of a query.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::{Date, Points, Remedy, Resolution, StatusCategory, Week};

use crate::amount::countable;
use crate::item::{Dating, Item, Start, State, Undated};
use crate::items::Items;
use crate::measured::Measured;
use crate::note::{Found, KEYS_MAX, Note, NoteCode, shares};
use crate::statistics::{Statistics, flow};
use crate::status::KnownStatus;
use crate::weekly::{Flow, Origin, WeeklyTable};
use model::settings::fold;
use model::settings::usual_names::{is_usually_delivered, is_usually_not_delivered};

/// What is known of a query beside its issues.
#[derive(Debug, Clone, Copy, Default)]
pub struct Doubts<'d> {
    /// What is missing of the cached issues, as a phrase; `None` if they are complete.
    pub partial_issues: Option<&'d str>,
    /// What is missing of the cached changelogs.
    pub partial_changelogs: Option<&'d str>,
    /// The stored statistics.
    pub statistics: Option<&'d Statistics>,
    /// Keys of issues that came into the query well after they were made.
    pub entered_later: Option<&'d BTreeSet<String>>,
}

/// Of ten counted items more than one has to have entered later for a note.
const ENTERED_LATER_OF: usize = 10;

/// The data notes of a query, those that change figures most first. `table` is that of `items`.
pub fn data_notes(
    items: &Items<'_>,
    table: &Measured<WeeklyTable>,
    doubts: &Doubts<'_>,
) -> Vec<Note> {
    let mut notes = partial_notes(doubts, items.refresh);
    notes.extend(lists_not_in_force(items));
    notes.extend(differing_categories(items));
    notes.extend(not_counted(items));
    notes.extend(Note::about(
        NoteCode::PartsCounted,
        Remedy::ChangeWhatCounts,
        items.counted_parts,
    ));
    notes.extend(left_query(items));
    notes.extend(doubts.entered_later.and_then(|keys| entered_later(items, keys)));
    notes.extend(item_notes(items));
    notes.extend(unmapped_statuses(items));
    notes.extend(unclear_delivery(items));
    notes.extend(bulk_closes(items));
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
const ITEM_NOTES: [(NoteCode, Option<Remedy>, Holds); 11] = [
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
    (NoteCode::ResolvedOpen, Some(Remedy::LookInJira), |item| item.is_resolved_open),
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

/// Statuses of counted issues, now or before, that nothing explains.
fn unmapped_statuses(items: &Items<'_>) -> Option<Note> {
    let counts = items.unexplained_statuses(items.counted.iter());
    let note =
        Note::about(NoteCode::StatusesUnmapped, Remedy::SayWhatStatusesMean, counts.len() as u64)?;
    let had = |item: &&Item<'_>| !items.unexplained_statuses([*item]).is_empty();
    let keys = items.counted.iter().filter(had).take(KEYS_MAX);
    let keys = keys.map(|item| item.facts.key.clone()).collect();
    Some(Note { shares: shares(counts), keys, ..note })
}

/// Lists of statuses of which no name occurs.
fn lists_not_in_force(items: &Items<'_>) -> Option<Note> {
    let (workflow, lists) = (items.workflow, items.statuses.lists_in_force());
    let unused = [
        ("end statuses", &workflow.end_statuses, lists.end),
        ("start statuses", &workflow.start_statuses, lists.start),
        ("WIP statuses", &workflow.wip_statuses, lists.wip),
        ("active statuses", &workflow.active_statuses, lists.active),
    ];
    let unused =
        unused.into_iter().filter(|(_, names, is_in_force)| !names.is_empty() && !is_in_force);
    let named: Vec<(String, u64)> =
        unused.map(|(list, names, _)| (format!("{list}: {names}"), 1)).collect();
    let note =
        Note::about(NoteCode::ListNotInForce, Remedy::SayWhatStatusesMean, named.len() as u64)?;
    Some(Note { shares: shares(named), ..note })
}

/// Names that stand for several categories: of statuses of different projects that are called the
/// same, and of one to which documents give different ones where the server's list gives none.
fn differing_categories(items: &Items<'_>) -> Option<Note> {
    let mut by_name: BTreeMap<String, (&str, BTreeSet<StatusCategory>)> = BTreeMap::new();
    for known in items.statuses.known().iter().filter(|known| known.occurs) {
        let name = known.names.first().copied().unwrap_or("?");
        let (_, categories) = by_name.entry(fold(name)).or_insert_with(|| (name, BTreeSet::new()));
        categories.extend(known.category.iter().chain(&known.differing));
    }
    let named: Vec<(String, u64)> = by_name
        .into_values()
        .filter(|(_, categories)| categories.len() > 1)
        .map(|(name, categories)| {
            let keys: Vec<&str> = categories.into_iter().map(StatusCategory::key).collect();
            (format!("{name}: {}", keys.join(", ")), 1)
        })
        .collect();
    let note =
        Note::about(NoteCode::CategoriesDiffer, Remedy::SayWhatStatusesMean, named.len() as u64)?;
    Some(Note { shares: shares(named), ..note })
}

/// From this share of the done on, a resolution or status that nobody knows deserves a question.
const UNCLEAR_SHARE_MIN: f64 = 0.05;

/// Resolutions and statuses that count as delivered, and are not known to mean it.
fn unclear_delivery(items: &Items<'_>) -> Option<Note> {
    let mut tally: HashMap<&str, u64> = HashMap::new();
    let mut done: Vec<BTreeSet<&str>> = Vec::new();
    for item in items.in_state(State::Done) {
        let resolution = match &item.facts.resolution {
            Resolution::Named(name) => Some(name.as_str()),
            _ => None,
        };
        let names: BTreeSet<&str> = [resolution, item.status].into_iter().flatten().collect();
        names.iter().for_each(|name| *tally.entry(name).or_default() += 1);
        done.push(names);
    }
    let is_chosen = |name: &str| {
        let names = &items.workflow.end_statuses;
        let known = items.statuses.known().iter().filter(|known| known.names.contains(&name));
        let is_in_lane =
            |known: &KnownStatus<'_>| items.workflow.lane_of(known.id, &known.names).is_some();
        names.contains(name)
            || items.workflow.delivered.contains(name)
            || known.into_iter().any(is_in_lane)
    };
    tally.retain(|name, count| {
        // What usually is not delivered and counts as done all the same, the profile says to be so.
        let is_usual = is_usually_delivered(name) || is_usually_not_delivered(name);
        let is_known = is_usual || is_chosen(name);
        !is_known && *count as f64 > UNCLEAR_SHARE_MIN * done.len() as f64
    });
    let is_unclear = |names: &&BTreeSet<&str>| names.iter().any(|name| tally.contains_key(name));
    let count = done.iter().filter(is_unclear).count() as u64;
    let note = Note::about(NoteCode::DeliveryUnclear, Remedy::SayWhatIsDelivered, count)?;
    Some(Note { shares: shares(tally.into_iter().map(|(name, n)| (name.to_owned(), n))), ..note })
}

/// So many issues done on one day are a clean-up rather than a day's work ...
const BULK_MIN: usize = 10;
/// ... if no more than this share of them was ever started.
const BULK_STARTED_SHARE_MAX: f64 = 0.5;

/// Days on which many issues were closed that nobody had worked on, with their weeks.
pub fn bulk_closes(items: &Items<'_>) -> Option<Note> {
    let mut days: BTreeMap<Date, (Vec<&str>, usize)> = BTreeMap::new();
    for item in items.in_state(State::Done) {
        let Some(finished) = item.finished.filter(|_| item.undated().is_none()) else { continue };
        let (keys, started) = days.entry(items.as_of.date_of(finished.at)).or_default();
        keys.push(&item.facts.key);
        *started += usize::from(!matches!(item.start, Start::Never | Start::PutBack));
    }
    days.retain(|_, (keys, started)| {
        keys.len() >= BULK_MIN && *started as f64 <= BULK_STARTED_SHARE_MAX * keys.len() as f64
    });
    let keys = days.values().flat_map(|(keys, _)| keys.iter().copied());
    let note = Note::about_keys(NoteCode::BulkClose, Remedy::ExcludeWeeks, keys)?;
    let named = days
        .iter()
        .map(|(day, (keys, _))| (format!("{day} ({})", Week::of(*day)), keys.len() as u64));
    let weeks: BTreeSet<Week> = days.keys().map(|day| Week::of(*day)).collect();
    let weeks = weeks.iter().map(Week::to_string).collect();
    Some(Note { shares: shares(named), weeks, ..note })
}

/// Issues that the query no longer finds, done ones and open ones.
fn left_query(items: &Items<'_>) -> Option<Note> {
    let left = || {
        items.counted.iter().filter(|item| item.facts.left.is_some_and(|at| items.as_of.knows(at)))
    };
    let note = Note::about_keys(
        NoteCode::LeftQuery,
        Remedy::Nothing,
        left().map(|item| item.facts.key.as_str()),
    )?;
    let days =
        left().filter_map(|item| item.facts.left).map(|at| items.as_of.date_of(at).to_string());
    let mut tally: HashMap<String, u64> = HashMap::new();
    days.for_each(|day| *tally.entry(day).or_default() += 1);
    Some(Note { shares: shares(tally), ..note })
}

/// Counted issues that were there before the query found them, if they are more than 10 %: the weeks
/// in which they were made were smaller when they were the present.
fn entered_later(items: &Items<'_>, keys: &BTreeSet<String>) -> Option<Note> {
    let counted = items.counted.iter().map(|item| item.facts.key.as_str());
    let entered: Vec<&str> = counted.filter(|key| keys.contains(*key)).collect();
    let is_much = entered.len() * ENTERED_LATER_OF > items.counted.len();
    Note::about_keys(NoteCode::EnteredLater, Remedy::Nothing, entered.into_iter())
        .filter(|_| is_much)
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
