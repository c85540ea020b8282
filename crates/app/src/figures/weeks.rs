//! The weekly table of a query over a window, with what came before it as one line.

use std::sync::Arc;

use metrics::{
    Amount, Estimates, Flow, Measured, Origin, Span, Unit, WeekRow, WeeklyTable, weekly_table,
};
use model::QueryKey;
use serde::Serialize;

use crate::App;
use crate::csv;
use crate::error::Result;
use crate::figures::ask::OverviewAsk;
use crate::figures::moment::Moment;
use crate::figures::note::zone_notes;
use crate::figures::usual::Usual;
use crate::figures::week_range::WeekRange;
use crate::trail::Trail;

/// The weekly table of a query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Weeks {
    /// Which query, and its neighbours.
    pub trail: Trail,
    /// The moment it is about.
    pub as_of: Moment,
    /// How many complete weeks were asked for; `None` for all.
    pub window_weeks: Option<usize>,
    /// How the pages of the profile are unless asked otherwise.
    pub usual: Usual,
    /// What was asked to be counted; every row has items and points.
    pub unit: Unit,
    /// The weeks, or why there are none.
    pub table: Measured<WeeksTable>,
}

/// The weeks of a window, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeeksTable {
    /// What happened before the window; `None` if nothing did.
    pub before: Option<Before>,
    /// The complete weeks of the window, and the running one.
    pub rows: Vec<WeekRow>,
    /// Everything that the rows count.
    pub total: Flow,
    /// What lacks a date that it needs to be in a week, before the window or in it.
    pub undated: Flow,
    /// What it was counted from.
    pub origin: Origin,
}

/// All weeks before a window as one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Before {
    /// The weeks.
    pub weeks: WeekRange,
    /// What came in and went out in them.
    #[serde(flatten)]
    pub flow: Flow,
    /// What was open at their end; `None` of stored rows that do not say what they started from.
    pub open: Option<Amount>,
}

impl App {
    /// The weekly table of a query; an error if the query is not there.
    pub fn weeks(&self, key: &QueryKey, ask: &OverviewAsk) -> Result<Arc<Weeks>> {
        self.remember(&key.profile, (key, ask), || self.find_weeks(key, ask))
    }

    fn find_weeks(&self, key: &QueryKey, ask: &OverviewAsk) -> Result<Weeks> {
        let reader = self.store.read()?;
        let trail = self.trail(&*reader, key)?;
        let history = self.history(&*reader, key, ask.as_of)?;
        let mut table = weekly_table(&history.items(), history.statistics.as_ref());
        if let Measured::Known { notes, .. } = &mut table {
            notes.extend(zone_notes(&history));
        }
        Ok(Weeks {
            trail,
            as_of: history.moment,
            window_weeks: ask.window.weeks(history.usual),
            usual: history.usual,
            unit: history.usual.unit(ask.unit),
            table: in_window(&table, ask.span(history.usual)),
        })
    }
}

/// The rows of a window; sample and rule stay those of the whole table.
pub(crate) fn in_window(table: &Measured<WeeklyTable>, span: Span) -> Measured<WeeksTable> {
    match table {
        Measured::Known { value, sample, window, rule, notes } => Measured::Known {
            value: WeeksTable::cut(value, span),
            sample: *sample,
            window: *window,
            rule: rule.clone(),
            notes: notes.clone(),
        },
        Measured::Unavailable { reason, remedy } => Measured::unavailable(*reason, *remedy),
    }
}

impl WeeksTable {
    /// Whether anything left the query in the weeks or before them; few queries need a column for it.
    pub fn has_left(&self) -> bool {
        self.total.left.items > 0 || self.before.is_some_and(|before| before.flow.left.items > 0)
    }

    fn cut(table: &WeeklyTable, span: Span) -> WeeksTable {
        let shown = table.shown(span).len();
        let (before, rows) = table.rows.split_at(table.rows.len().saturating_sub(shown));
        WeeksTable {
            before: Before::of(before),
            rows: rows.to_vec(),
            total: total(rows),
            undated: table.undated,
            origin: table.origin,
        }
    }
}

impl Before {
    fn of(rows: &[WeekRow]) -> Option<Before> {
        let (first, last) = (rows.first()?, rows.last()?);
        let weeks = WeekRange { first: first.week, last: last.week };
        Some(Before { weeks, flow: total(rows), open: last.open })
    }
}

fn total(rows: &[WeekRow]) -> Flow {
    let mut total = Flow::default();
    rows.iter().for_each(|row| total.add(row.flow));
    total
}

impl Weeks {
    /// The weeks of the window as CSV with a header; nothing but the header if there are none.
    pub fn to_csv(&self) -> String {
        let rows = self.table.known().map(|table| table.rows.as_slice()).unwrap_or_default();
        // What stored rows count is all that is known of their weeks.
        let tells_left = self.table.known().is_some_and(|table| table.origin == Origin::Issues);
        let lines = rows.iter().map(|row| csv::line(&cells(row, tells_left)));
        csv::line(&header(self.usual.estimates)) + &lines.collect::<String>()
    }
}

/// The names of the columns; estimates are points or hours.
fn header(estimates: Estimates) -> Vec<String> {
    let unit = match estimates {
        Estimates::Points => "points",
        Estimates::Hours => "hours",
    };
    let counted = ["items", unit].into_iter().flat_map(|unit| {
        ["created", "done", "cancelled", "left", "open"].map(|what| format!("{what}_{unit}"))
    });
    ["week", "monday", "is_running"].map(str::to_owned).into_iter().chain(counted).collect()
}

fn cells(row: &WeekRow, tells_left: bool) -> Vec<String> {
    let Flow { created, done, cancelled, left } = row.flow;
    let amounts = [Some(created), Some(done), cancelled, tells_left.then_some(left), row.open];
    let number = |unit| {
        let text = move |amount: Amount| amount.of(unit).to_string();
        amounts.map(|amount| amount.map(text).unwrap_or_default())
    };
    let about = [row.week.to_string(), row.monday.to_string(), row.is_partial.to_string()];
    about.into_iter().chain([Unit::Items, Unit::Points].map(number).into_iter().flatten()).collect()
}

#[cfg(test)]
mod tests;
