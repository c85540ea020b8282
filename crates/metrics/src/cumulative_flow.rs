//! Cumulative flow: how many items were in each stage at the end of each week.

use model::{Date, Lane, Remedy, Week};
use serde::Serialize;

use crate::explained::Unexplained;
use crate::items::Items;
use crate::measured::Measured;
use crate::reason::Reason;
use crate::stage::{Stage, StageInterval, Stages};
use crate::weekly::{WeeklyTable, window_of};
use crate::weeks::{Span, WeekAxis, as_label, sunday};

/// A status with less than this share of all waiting and active time is joined with others.
const SHARE_MIN: f64 = 0.02;

/// What the bands of a cumulative flow are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BandsBy {
    /// A band for each status.
    #[default]
    Status,
    /// A band for each lane.
    Lane,
}

/// How many items were in each stage, week after week.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CumulativeFlow {
    /// In the order of the workflow: not started, under way, done.
    pub bands: Vec<Band>,
    /// The week before the window, its complete weeks, and the running one.
    pub weeks: Vec<CumulativeWeek>,
    /// How many items were done within the window and left again.
    pub reopened: u64,
}

impl CumulativeFlow {
    /// Whether anything was in a band at the end of any of the weeks.
    pub fn is_used(&self, place: usize) -> bool {
        self.weeks.iter().any(|week| week.counts.get(place).is_some_and(|count| *count > 0))
    }
}

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Band {
    /// Its lane; `None` of statuses that nothing explains.
    pub lane: Option<Lane>,
    /// Whether work has begun in all of them.
    pub is_started: bool,
    /// The statuses in it; one whose name is not known is an empty text.
    pub statuses: Vec<String>,
    /// Whether these are statuses that few items are in for long, or all of a lane.
    pub is_joined: bool,
}

/// The end of a week.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CumulativeWeek {
    /// The week, as ISO label in JSON.
    #[serde(serialize_with = "as_label")]
    pub week: Week,
    /// Its Sunday; the day of the figures in the running week.
    pub date: Date,
    /// How many items were in each band at its end.
    pub counts: Vec<u64>,
    /// How many were under way.
    pub under_way: u64,
    /// About how long what was done last had been under way: so many days ago, as many items had
    /// been started as are done now. `None` where that lies before the first week.
    pub lead_time_days: Option<f64>,
    /// Whether the week is still running.
    pub is_partial: bool,
}

/// The cumulative flow over the complete weeks of a span, and the running one. What is not
/// delivered leaves at its date; what lacks a date is in no band.
pub fn cumulative_flow(
    items: &Items<'_>,
    stages: &Stages<'_>,
    table: &Measured<WeeklyTable>,
    span: Span,
    by: BandsBy,
) -> Measured<CumulativeFlow> {
    let Measured::Known { value: weeks, sample, rule, notes, .. } = table else {
        return table.then(|_, _| Measured::unavailable(Reason::NoDates, Remedy::SeeDataNotes));
    };
    let complete = weeks.complete(span);
    let (Some(first), Some(window)) = (weeks.rows.first(), window_of(complete)) else {
        return Measured::unavailable(Reason::NoCompleteWeek, Remedy::WaitForWeek);
    };
    let unexplained = Unexplained::since(items, stages, window.first);
    if let Some(unavailable) = unexplained.unavailable() {
        return unavailable;
    }
    let axis = items.as_of.axis_from(first.week);
    let bands = Bands::of(items, stages, window.first, by);
    let shown = complete.len() + usize::from(weeks.rows.last().is_some_and(|row| row.is_partial));
    let skipped = weeks.rows.len().saturating_sub(shown);
    let counted = Counted::of(items, stages, &bands, &axis);
    let all = counted.weeks(&bands, items, &axis);
    let from = skipped.saturating_sub(1);
    Measured::Known {
        value: CumulativeFlow {
            weeks: all.into_iter().skip(from).collect(),
            bands: bands.bands,
            reopened: reopened(items, stages, window.first),
        },
        sample: *sample,
        window: Some(window),
        rule: rule.clone(),
        notes: notes.iter().cloned().chain(unexplained.note()).collect(),
    }
}

/// Which band each stage belongs to.
struct Bands {
    bands: Vec<Band>,
    of_stage: Vec<Option<usize>>,
}

impl Bands {
    fn of(items: &Items<'_>, stages: &Stages<'_>, since: Date, by: BandsBy) -> Bands {
        let small = small(items, stages, since);
        let mut found = Bands { bands: Vec::new(), of_stage: Vec::new() };
        for (place, stage) in stages.all.iter().enumerate() {
            let is_joined = by == BandsBy::Lane || small.get(place).copied().unwrap_or_default();
            found.add(stage, is_joined);
        }
        found.single_ones_stand_alone();
        found
    }

    fn add(&mut self, stage: &Stage<'_>, is_joined: bool) {
        let lane = stage.meaning.lane;
        if lane == Some(Lane::NotDelivered) {
            self.of_stage.push(None);
            return;
        }
        let name = stage.name.unwrap_or_default().to_owned();
        let is_started = stage.meaning.is_started;
        let is_like = |band: &Band| band.lane == lane && band.is_joined && is_joined;
        let place = self.bands.iter().position(is_like).unwrap_or(self.bands.len());
        match self.bands.get_mut(place) {
            Some(band) => {
                band.is_started &= is_started;
                band.statuses.push(name);
            }
            None => {
                self.bands.push(Band { lane, is_started, statuses: vec![name], is_joined });
            }
        }
        self.of_stage.push(Some(place));
    }

    fn single_ones_stand_alone(&mut self) {
        for band in &mut self.bands {
            band.is_joined &= band.statuses.len() > 1;
        }
    }
}

/// Which stages hold less than their share of the waiting and active time since a day.
fn small(items: &Items<'_>, stages: &Stages<'_>, since: Date) -> Vec<bool> {
    let since = crate::weeks::start_of(since, items.as_of.zone());
    let end = items.as_of.at();
    let mut seconds = vec![0.0; stages.all.len()];
    for (_, intervals) in stages.with(items) {
        for interval in intervals.iter().filter(|i| stages.meaning(i.stage).is_started) {
            let from = since.map_or(interval.from, |since| interval.from.max(since));
            let to = interval.to.unwrap_or(end);
            if let (Some(sum), true) = (seconds.get_mut(interval.stage), from < to) {
                *sum += to.duration_since(from).as_secs_f64();
            }
        }
    }
    let least = seconds.iter().sum::<f64>() * SHARE_MIN;
    let is_small =
        |(stage, seconds): (usize, &f64)| stages.meaning(stage).is_started && *seconds < least;
    seconds.iter().enumerate().map(is_small).collect()
}

/// Counts at the end of each week of an axis.
struct Counted {
    bands: Vec<Vec<i64>>,
    started: Vec<i64>,
    done: Vec<i64>,
}

impl Counted {
    fn of(items: &Items<'_>, stages: &Stages<'_>, bands: &Bands, axis: &WeekAxis) -> Counted {
        let none = || vec![0; axis.len()];
        let mut counted = Counted {
            bands: bands.bands.iter().map(|_| none()).collect(),
            started: none(),
            done: none(),
        };
        for (item, intervals) in stages.with(items) {
            if item.undated().is_some() {
                continue;
            }
            for interval in intervals {
                let band = bands.of_stage.get(interval.stage).copied().flatten();
                let Some(counts) = band.and_then(|band| counted.bands.get_mut(band)) else {
                    continue;
                };
                add(counts, interval, axis);
                let meaning = stages.meaning(interval.stage);
                if meaning.is_over() {
                    add(&mut counted.done, interval, axis);
                } else if meaning.is_started {
                    add(&mut counted.started, interval, axis);
                }
            }
        }
        let sums = counted.bands.iter_mut().chain([&mut counted.started, &mut counted.done]);
        sums.for_each(|counts| accumulate(counts));
        counted
    }

    fn weeks(&self, bands: &Bands, items: &Items<'_>, axis: &WeekAxis) -> Vec<CumulativeWeek> {
        let at = |counts: &[i64], place: usize| {
            counts.get(place).and_then(|count| u64::try_from(*count).ok()).unwrap_or_default()
        };
        let begun: Vec<i64> =
            self.started.iter().zip(&self.done).map(|(started, done)| started + done).collect();
        let week = |(place, week): (usize, Week)| {
            Some(CumulativeWeek {
                week,
                date: sunday(week)?.min(items.as_of.date()),
                counts: (0..bands.bands.len())
                    .map(|band| self.bands.get(band).map_or(0, |counts| at(counts, place)))
                    .collect(),
                under_way: at(&self.started, place),
                lead_time_days: lead_time_days(&begun, &self.done, place),
                is_partial: !items.as_of.is_complete(week),
            })
        };
        axis.weeks().enumerate().filter_map(week).collect()
    }
}

/// Adds one at the ends of the weeks that an interval spans, as differences.
fn add(counts: &mut [i64], interval: &StageInterval, axis: &WeekAxis) {
    let first = axis.place(interval.from).unwrap_or_default();
    if let Some(count) = counts.get_mut(first) {
        *count += 1;
    }
    let left = interval.to.map(|to| axis.place(to).unwrap_or_default());
    if let Some(count) = left.and_then(|left| counts.get_mut(left.max(first))) {
        *count -= 1;
    }
}

fn accumulate(differences: &mut [i64]) {
    let mut sum = 0;
    for difference in differences {
        sum += *difference;
        *difference = sum;
    }
}

/// How long ago as many items had been begun as are done at the end of a week: the horizontal
/// distance between the two lines, straight between the ends of weeks. None as long as nothing is done.
fn lead_time_days(begun: &[i64], done: &[i64], place: usize) -> Option<f64> {
    let done = *done.get(place).filter(|done| **done > 0)?;
    let at = begun.get(..=place)?.iter().rposition(|begun| *begun <= done)?;
    let (from, to) = (*begun.get(at)?, begun.get(at + 1).copied().unwrap_or(done));
    let part = if to > from { (done - from) as f64 / (to - from) as f64 } else { 0.0 };
    Some(((place - at) as f64 - part).max(0.0) * 7.0)
}

/// How many items were done since a day and left that again.
fn reopened(items: &Items<'_>, stages: &Stages<'_>, since: Date) -> u64 {
    let since = crate::weeks::start_of(since, items.as_of.zone());
    let is_reopened = |intervals: &[StageInterval]| {
        intervals.windows(2).any(|pair| {
            let [before, after] = pair else { return false };
            let (before_over, after_over) =
                (stages.meaning(before.stage).is_over(), stages.meaning(after.stage).is_over());
            before_over && !after_over && since.is_none_or(|since| after.from >= since)
        })
    };
    stages.with(items).filter(|(_, intervals)| is_reopened(intervals)).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(begun: &[i64], done: &[i64], want: &[Option<f64>]) {
        let found: Vec<_> = (0..done.len()).map(|at| lead_time_days(begun, done, at)).collect();
        assert_eq!(found, want);
    }

    #[test]
    fn the_lead_time_is_the_distance_between_the_lines() {
        // Two begun a week, done two weeks later.
        check(&[2, 4, 6, 8], &[0, 0, 2, 4], &[None, None, Some(14.0), Some(14.0)]);
        // Between the ends of weeks.
        check(&[0, 4, 8], &[0, 1, 2], &[None, Some(5.25), Some(10.5)]);
        // Everything that was begun is done.
        check(&[3, 5], &[3, 5], &[Some(0.0), Some(0.0)]);
    }
}
