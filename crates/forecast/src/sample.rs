//! The weeks a forecast is drawn from, with those that were left out and why.

use metrics::{Amount, Measured, Note, NoteCode, Reason, Span, Unit, WeekRow, WeeklyTable, Window};
use model::{Date, Remedy, Week};
use serde::Serialize;

use crate::assumptions::Assumptions;

/// Fewer weeks, or fewer weeks in which something was done, say nothing about the next ones.
pub const WEEKS_MIN: usize = 3;
/// The weeks among which some must be busy: a team that stopped long ago is not forecast.
const BUSY_WITHIN: usize = 12;
/// With fewer weeks the answer is marked as weak.
pub const WEEKS_STRONG_MIN: usize = 6;

/// The history of a forecast, oldest week first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sample {
    /// What is counted.
    pub unit: Unit,
    /// Every complete week of the window. Those not excluded are all as likely to be drawn.
    pub weeks: Vec<SampleWeek>,
}

/// A week of history.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SampleWeek {
    /// The week, as ISO label in JSON.
    #[serde(serialize_with = "metrics::as_label")]
    pub week: Week,
    /// Its Monday.
    pub monday: Date,
    /// Done in it.
    pub done: f64,
    /// Created less cancelled in it.
    pub arrived: f64,
    /// How many of its days were worked on.
    pub working_days: u32,
    /// Why it is left out; `None` if it is in the sample.
    pub excluded: Option<Exclusion>,
}

impl SampleWeek {
    pub(crate) fn of(row: &WeekRow, assumptions: &Assumptions, points_each: f64) -> SampleWeek {
        let amount = |all| amount(all, assumptions.unit, points_each);
        let working_days = assumptions.calendar.days_in(row.week);
        let excluded = if assumptions.excluded.contains(&row.week) {
            Some(Exclusion::ByUser)
        } else {
            (working_days == 0).then_some(Exclusion::NoWorkingDay)
        };
        SampleWeek {
            week: row.week,
            monday: row.monday,
            done: amount(row.flow.done).max(0.0),
            arrived: amount(row.flow.arrived()),
            working_days,
            excluded,
        }
    }
}

/// In a unit; where only some issues have points, the others count with `points_each`.
pub(crate) fn amount(amount: Amount, unit: Unit, points_each: f64) -> f64 {
    match unit {
        Unit::Items => amount.items as f64,
        Unit::Points | Unit::Hours => {
            amount.points + (amount.items - amount.estimated) as f64 * points_each
        }
    }
}

/// Why a week is no part of the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exclusion {
    /// The user left it out.
    ByUser,
    /// It had no working day.
    NoWorkingDay,
}

impl Sample {
    /// The last complete weeks of a table, as the assumptions have it. Where only some of the done
    /// and created issues have points, the others count with `points_each`.
    pub fn read(table: &WeeklyTable, assumptions: &Assumptions, points_each: f64) -> Sample {
        let rows = table.complete(assumptions.window_weeks.map_or(Span::All, Span::Last));
        let week = |row: &WeekRow| SampleWeek::of(row, assumptions, points_each);
        Sample { unit: assumptions.unit, weeks: rows.iter().map(week).collect() }
    }

    /// Its last weeks, at most so many.
    pub fn last(&self, weeks: usize) -> Sample {
        let first = self.weeks.len().saturating_sub(weeks);
        Sample { unit: self.unit, weeks: self.weeks.get(first..).unwrap_or_default().to_vec() }
    }

    /// The weeks that are drawn.
    pub fn used(&self) -> impl Iterator<Item = &SampleWeek> {
        self.weeks.iter().filter(|week| week.excluded.is_none())
    }

    /// What was done in each of them.
    pub fn done(&self) -> Vec<f64> {
        self.used().map(|week| week.done).collect()
    }

    /// The days it covers, left-out weeks included.
    pub fn window(&self) -> Option<Window> {
        let (first, last) = (self.weeks.first()?, self.weeks.last()?);
        let sunday = Week::from_number(last.week.number() + 1).monday()?.yesterday().ok()?;
        Some(Window { first: first.monday, last: sunday })
    }

    /// Why nothing can be forecast from it; `None` if something can.
    pub(crate) fn refusal(&self, last_done: Option<Week>) -> Option<Reason> {
        let recent: Vec<&SampleWeek> = self.used().collect();
        let recent = recent.iter().rev().take(BUSY_WITHIN);
        let weeks = recent.len() as u64;
        let busy = recent.filter(|week| week.done > 0.0).count() as u64;
        let needed = WEEKS_MIN as u64;
        if weeks < needed {
            Some(Reason::ShortSample { weeks, needed, last_done })
        } else if busy == 0 {
            Some(Reason::IdleSample { weeks, last_done })
        } else {
            (busy < needed).then_some(Reason::FewBusyWeeks { busy, weeks, needed, last_done })
        }
    }

    /// The sample as a figure, or why nothing can be forecast from it.
    pub(crate) fn measured(
        self,
        table: &WeeklyTable,
        rule: &str,
        where_idle: Remedy,
        assumptions: &Assumptions,
    ) -> Measured<Sample> {
        let last_done = last_done(table);
        if let Some(reason) = self.refusal(last_done) {
            let remedy = match last_done {
                None => where_idle,
                // More weeks of longer ago change nothing about the last ones.
                Some(_) if self.used().count() >= BUSY_WITHIN => Remedy::WaitForWork,
                Some(_) => Remedy::WidenSample,
            };
            return Measured::unavailable(reason, remedy);
        }
        let used = self.used().count();
        Measured::Known {
            sample: used as u64,
            window: self.window(),
            rule: rule.to_owned(),
            notes: self.notes(used, assumptions),
            value: self,
        }
    }

    fn notes(&self, used: usize, assumptions: &Assumptions) -> Vec<Note> {
        let left_out = self.weeks.iter().filter(|week| week.excluded.is_some());
        let labels: Vec<String> = left_out.map(|week| week.week.to_string()).collect();
        let weak = (used < WEEKS_STRONG_MIN).then_some(used as u64);
        let weak =
            weak.and_then(|used| Note::about(NoteCode::WeakSample, Remedy::WaitForMoreWeeks, used));
        let keys = labels.iter().map(String::as_str);
        let left_out = Note::about_keys(NoteCode::WeeksExcluded, Remedy::TakeWeeksBack, keys);
        let is_here = |week: &&Week| self.weeks.iter().any(|own| own.week == **week);
        let elsewhere = assumptions.excluded.iter().filter(|week| !is_here(week));
        let elsewhere: Vec<String> = elsewhere.map(Week::to_string).collect();
        let keys = elsewhere.iter().map(String::as_str);
        let elsewhere = Note::about_keys(NoteCode::WeeksNotInSample, Remedy::TakeWeeksBack, keys);
        weak.into_iter().chain(left_out).chain(elsewhere).collect()
    }
}

/// The last complete week in which anything was done.
fn last_done(table: &WeeklyTable) -> Option<Week> {
    let rows = table.complete(Span::All);
    rows.iter().rev().find(|row| row.flow.done.items > 0).map(|row| row.week)
}
