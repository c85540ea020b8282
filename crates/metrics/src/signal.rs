//! What deserves a look: at most a handful of statements, each with the evidence for it.

use std::collections::BTreeSet;

use model::Week;
use serde::Serialize;

use crate::amount::Unit;
use crate::behaviour_chart::usual_baseline;
use crate::measured::Measured;
use crate::note::Note;
use crate::process_behaviour::{Change, Limits, RUN, VALUES_MIN};
use crate::statement::SignalStatement as Says;
use crate::summary::Summary;
use crate::weekly::{WeekRow, WeeklyTable};
use crate::weeks::Span;

/// Weeks that arrivals and departures are compared over.
const GROWTH_WEEKS: usize = 6;
/// In so many of them more has to arrive than be done.
const GROWTH_WEEKS_MIN: usize = 4;
/// For so many weeks nothing came or went before that is told.
const STANDSTILL_WEEKS_MIN: usize = 3;

/// One thing that deserves a look, or a good word.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Signal {
    /// What it is about.
    pub code: SignalCode,
    /// How it is meant.
    pub tone: Tone,
    /// What it says.
    pub sentence: Says,
    /// What shows it.
    pub evidence: Says,
    /// Keys of the issues that show it, the most telling first.
    pub keys: Vec<String>,
    /// Labels of the weeks of the sample that it is about: a forecast can leave them out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weeks: Vec<String>,
}

/// What a signal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignalCode {
    /// The work in progress.
    Ageing,
    /// What arrives against what gets done.
    ScopeGrowth,
    /// How fast work gets done.
    Throughput,
    /// Weeks that a forecast draws and that are unlike the others.
    UnusualWeeks,
    /// Weeks of it in which many items were closed that nobody had worked on.
    BulkClose,
    /// The data itself.
    Data,
}

/// How a signal is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Something is at risk.
    Risk,
    /// Worth watching.
    Watch,
    /// As it should be.
    Good,
}

/// The signals of a view, the gravest first.
pub fn signals(
    table: &Measured<WeeklyTable>,
    summary: &Summary,
    notes: &[Note],
    span: Span,
    unit: Unit,
) -> Vec<Signal> {
    let Some(weeks) = table.known() else { return Vec::new() };
    let all = weeks.complete(Span::All);
    let found = [
        ageing(summary),
        growth(all, unit),
        throughput(all, unit),
        unusual_weeks(all, span, unit, |_| true),
        data(notes),
    ];
    let mut found: Vec<Signal> = found.into_iter().flatten().collect();
    found.sort_by_key(|signal| signal.tone);
    found
}

/// What deserves a look about the weeks that a forecast draws from, those without `excluded`; `bulk` is
/// what [`bulk_closes`](crate::bulk_closes) says.
pub fn sample_signals(
    table: &Measured<WeeklyTable>,
    bulk: Option<Note>,
    (span, unit): (Span, Unit),
    excluded: &BTreeSet<Week>,
) -> Vec<Signal> {
    let Some(table) = table.known() else { return Vec::new() };
    let all = table.complete(Span::All);
    let sample: BTreeSet<String> =
        table.complete(span).iter().map(|row| row.week.to_string()).collect();
    let is_drawn = |week: &String| {
        sample.contains(week) && !excluded.iter().any(|left_out| left_out.to_string() == *week)
    };
    let bulk = bulk.and_then(|mut note| {
        note.weeks.retain(&is_drawn);
        (!note.weeks.is_empty()).then(|| bulk_close(note))
    });
    [unusual_weeks(all, span, unit, is_drawn), bulk].into_iter().flatten().collect()
}

fn bulk_close(note: Note) -> Signal {
    Signal {
        code: SignalCode::BulkClose,
        tone: Tone::Watch,
        evidence: Says::LeaveOut { weeks: note.weeks.clone() },
        keys: Vec::new(),
        weeks: note.weeks.clone(),
        sentence: Says::Note { note: Box::new(note) },
    }
}

/// Work in progress that is older than 85 % of what was finished.
fn ageing(summary: &Summary) -> Option<Signal> {
    const KEYS: usize = 5;
    let (ages, time) = (summary.work_item_age.known()?, summary.cycle_time.known()?);
    let old: Vec<_> = ages.iter().filter(|age| age.days > time.p85_days).collect();
    let oldest = old.first()?;
    let sentence = Says::OldWork { items: old.len() as u64 };
    let evidence = Says::OldestWork {
        key: oldest.key.clone(),
        days: oldest.days,
        status: oldest.status.clone(),
        p85_days: time.p85_days,
    };
    let keys = old.iter().take(KEYS).map(|age| age.key.clone()).collect();
    let weeks = Vec::new();
    Some(Signal { code: SignalCode::Ageing, tone: Tone::Risk, sentence, evidence, keys, weeks })
}

fn growth(weeks: &[WeekRow], unit: Unit) -> Option<Signal> {
    let weeks = weeks.get(weeks.len().checked_sub(GROWTH_WEEKS)?..)?;
    let net = |row: &WeekRow| row.flow.net().of(unit);
    let grew = weeks.iter().filter(|row| net(row) > 0.0).count();
    let total: f64 = weeks.iter().map(net).sum();
    let is_told = grew >= GROWTH_WEEKS_MIN && total > 0.0;
    is_told.then(|| Signal {
        code: SignalCode::ScopeGrowth,
        tone: Tone::Watch,
        sentence: Says::MoreArrives,
        evidence: Says::Growth { grown: grew as u64, weeks: GROWTH_WEEKS as u64, more: total },
        keys: Vec::new(),
        weeks: Vec::new(),
    })
}

/// The whole numbers that are usual; where none lies between the limits, the nearest around them.
fn usual_range(limits: &Limits) -> (f64, f64) {
    let (least, most) = (limits.lower.ceil(), limits.upper.floor());
    if least <= most { (least, most) } else { (limits.lower.floor(), limits.upper.ceil()) }
}

/// The limits that weeks are judged by: what is told to be usual is not unusual.
fn judging(limits: &Limits) -> Limits {
    let (least, most) = usual_range(limits);
    Limits { lower: limits.lower.min(least), upper: limits.upper.max(most), ..*limits }
}

/// Weeks of the sample that are beyond the usual, by the limits of the sample itself: a forecast that
/// draws them deserves a look. Where most are, the pace changed for good, and no week is an odd one.
fn unusual_weeks(
    weeks: &[WeekRow],
    span: Span,
    unit: Unit,
    is_told: impl Fn(&String) -> bool,
) -> Option<Signal> {
    let skipped = match span {
        Span::All => 0,
        Span::Last(count) => weeks.len().saturating_sub(count),
    };
    let sample = weeks.get(skipped..)?;
    let begun = sample.iter().position(|row| row.flow.done.of(unit) != 0.0)?;
    let sample = sample.get(begun..).filter(|sample| sample.len() >= VALUES_MIN)?;
    let done: Vec<f64> = sample.iter().map(|row| row.flow.done.of(unit)).collect();
    let limits = Limits::of(&done)?;
    let (least, most) = usual_range(&limits);
    let Limits { lower, upper, .. } = judging(&limits);
    let unusual = sample.iter().zip(done).filter(|(_, done)| !(lower..=upper).contains(done));
    let named: Vec<(String, f64)> =
        unusual.map(|(row, done)| (row.week.to_string(), done)).collect();
    if named.len() * 2 > sample.len() {
        return None;
    }
    let named: Vec<(String, f64)> = named.into_iter().filter(|(week, _)| is_told(week)).collect();
    let (week, most_done) = named.first().cloned()?;
    let weeks: Vec<String> = named.into_iter().map(|(week, _)| week).collect();
    Some(Signal {
        code: SignalCode::UnusualWeeks,
        tone: Tone::Watch,
        sentence: Says::UnusualWeeks { weeks: weeks.clone() },
        evidence: Says::UnusualWeek { week, done: most_done, least, most },
        keys: Vec::new(),
        weeks,
    })
}

/// The limits come from the weeks before those that are judged by them.
fn throughput(weeks: &[WeekRow], unit: Unit) -> Option<Signal> {
    let done = |rows: &[WeekRow]| rows.iter().map(|row| row.flow.done.of(unit)).collect();
    let begun = weeks.iter().position(|row| row.flow.done.of(unit) != 0.0)?;
    let all: Vec<f64> = done(weeks.get(begun..)?);
    let baseline: Vec<f64> = done(usual_baseline(weeks, unit));
    if baseline.len() < VALUES_MIN {
        return None;
    }
    let limits = Limits::of(&baseline)?;
    if baseline.iter().all(|value| *value == 0.0) {
        return None;
    }
    if let Some(still) = standstill(weeks) {
        return Some(still);
    }
    let (least, most) = usual_range(&limits);
    let last = Says::LastWeek { done: *all.last()?, least, most };
    let run = |is_above| Says::Run { weeks: RUN as u64, is_above, mean: limits.mean };
    let (tone, sentence, evidence) = match judging(&limits).change(&all) {
        Some(Change::Above) => (Tone::Good, Says::UnusuallyMuch, last),
        Some(Change::Below) => (Tone::Risk, Says::UnusuallyLittle, last),
        Some(Change::RunAbove) => (Tone::Good, Says::ThroughputRisen, run(true)),
        Some(Change::RunBelow) => (Tone::Risk, Says::ThroughputFallen, run(false)),
        // Where nothing at all would be as usual, that says nothing.
        None if least <= 0.0 => return None,
        None => (Tone::Good, Says::ThroughputAsUsual, last),
    };
    let (keys, weeks) = (Vec::new(), Vec::new());
    Some(Signal { code: SignalCode::Throughput, tone, sentence, evidence, keys, weeks })
}

/// Nothing came and nothing went for weeks: the work stands still, or the data is not all there.
fn standstill(weeks: &[WeekRow]) -> Option<Signal> {
    let moves = |row: &&WeekRow| row.flow.created.items + row.flow.done.items > 0;
    let weeks = weeks.iter().rev().take_while(|row| !moves(row)).count();
    (weeks >= STANDSTILL_WEEKS_MIN).then(|| Signal {
        code: SignalCode::Throughput,
        tone: Tone::Watch,
        sentence: Says::Standstill { weeks: weeks as u64 },
        evidence: Says::IsDataComplete,
        keys: Vec::new(),
        weeks: Vec::new(),
    })
}

/// The note that shakes figures most.
fn data(notes: &[Note]) -> Option<Signal> {
    let note = notes.iter().find(|note| note.code.is_weighty())?;
    Some(Signal {
        code: SignalCode::Data,
        tone: Tone::Watch,
        sentence: Says::Note { note: Box::new(note.clone()) },
        evidence: Says::Remedy { remedy: note.remedy },
        keys: note.keys.iter().take(3).cloned().collect(),
        weeks: Vec::new(),
    })
}

#[cfg(test)]
mod tests;
