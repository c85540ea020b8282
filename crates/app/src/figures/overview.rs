//! One query at a glance: how much there is, how fast it goes, and what in the data is doubtful.

use std::sync::Arc;

use forecast::Forecast;
use metrics::{
    BurnupPoint, Measured, Note, Origin, Signal, Summary, Unit, WeekRow, WeeklyTable, burnup,
    signals, weekly_table,
};
use model::{QueryKey, Timestamp, Week};
use serde::{Serialize, Serializer};

use crate::App;
use crate::error::Result;
use crate::figures::forecast::{ForecastAsk, Outlook};
use crate::figures::moment::Moment;
use crate::figures::note::{data_notes, figure_notes};
use crate::figures::usual::Usual;
use crate::figures::weeks::{WeeksTable, in_window};
use crate::trail::Trail;
use crate::work::Work;

pub use crate::figures::ask::{OverviewAsk, Window};

/// The figures of a query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overview {
    /// Which query, and its neighbours.
    pub trail: Trail,
    /// The moment they are about.
    pub as_of: Moment,
    /// What the work of the query is, which decides what is said first.
    pub work: Work,
    /// When the issues were fetched.
    pub fetched_at: Option<Timestamp>,
    /// Over how many complete weeks; `None` for all.
    pub window_weeks: Option<usize>,
    /// How the pages of the profile are unless asked otherwise.
    pub usual: Usual,
    /// What throughput counts.
    pub unit: Unit,
    /// How many issues the query holds, counted or not.
    pub issues: u64,
    /// What the figures were counted from; `None` if there are none.
    pub origin: Option<Origin>,
    /// The figures.
    pub summary: Summary,
    /// The weeks of the window, and what came before.
    pub weeks: Measured<WeeksTable>,
    /// As many weeks before the window, oldest first: the context of charts, in no figure.
    pub earlier: Vec<WeekRow>,
    /// Scope and done at the end of each week from the earlier ones on.
    pub burnup: Measured<Vec<BurnupPoint>>,
    /// The last week in which something was done.
    #[serde(serialize_with = "label")]
    pub last_done: Option<Week>,
    /// When it will be done, under the usual assumptions.
    pub forecast: Forecast,
    /// What deserves a look, the gravest first.
    pub signals: Vec<Signal>,
    /// What is missing or odd in the data.
    pub notes: Vec<Note>,
}

impl App {
    /// The figures of a query; an error if the query is not there.
    pub fn overview(&self, key: &QueryKey, ask: &OverviewAsk) -> Result<Arc<Overview>> {
        self.remember(&key.profile, (key, ask), || self.find_overview(key, ask))
    }

    fn find_overview(&self, key: &QueryKey, ask: &OverviewAsk) -> Result<Overview> {
        let reader = self.store.read()?;
        let trail = self.trail(&*reader, key)?;
        let history = self.history(&*reader, key, ask.as_of)?;
        let usual = history.usual;
        let unit = usual.unit(ask.unit);
        let items = history.items();
        let table = weekly_table(&items, history.statistics.as_ref());
        let weeks = in_window(&table, ask.span(usual));
        let earlier = earlier(&table, &weeks);
        drop(reader);
        let base = ForecastAsk { view: *ask, ..ForecastAsk::default() };
        let outlook = Outlook::of(&history, &items, &table, unit);
        let question = history.question();
        let forecast = outlook.forecast(&outlook.assumptions(&base), &question);
        let summary = Summary::of(&items, &table, ask.span(usual), unit);
        let notes = figure_notes(&history, &items, &table);
        Ok(Overview {
            trail,
            as_of: history.moment,
            work: history.work,
            fetched_at: history.summary.fetched_at,
            window_weeks: ask.window.weeks(usual),
            usual,
            unit,
            issues: history.issues.len() as u64,
            origin: table.known().map(|table| table.origin),
            signals: signals(&table, &summary, &notes, ask.span(usual), unit),
            forecast,
            summary,
            burnup: since(
                earlier.first().map(|row| row.week).or(first_week(&weeks)),
                burnup(&table),
            ),
            last_done: table.known().and_then(|table| last_done(&table.rows)),
            earlier,
            weeks,
            notes: data_notes(notes, &history, &items, &self.source_files(key)),
        })
    }
}

fn first_week(weeks: &Measured<WeeksTable>) -> Option<Week> {
    Some(weeks.known()?.rows.first()?.week)
}

/// As many rows before the window as there are in it.
fn earlier(table: &Measured<WeeklyTable>, weeks: &Measured<WeeksTable>) -> Vec<WeekRow> {
    let (Some(table), Some(weeks)) = (table.known(), weeks.known()) else { return Vec::new() };
    let before = table.rows.len() - weeks.rows.len();
    let skipped = before.saturating_sub(weeks.rows.len());
    table.rows.get(skipped..before).unwrap_or_default().to_vec()
}

fn last_done(rows: &[WeekRow]) -> Option<Week> {
    Some(rows.iter().rev().find(|row| row.flow.done.items > 0)?.week)
}

fn label<S: Serializer>(
    week: &Option<Week>,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    week.map(|week| week.to_string()).serialize(serializer)
}

/// The series from a week on; it goes on from what it had reached by then.
fn since(
    first: Option<Week>,
    mut burnup: Measured<Vec<BurnupPoint>>,
) -> Measured<Vec<BurnupPoint>> {
    if let Measured::Known { value, .. } = &mut burnup {
        value.retain(|point| Some(point.week) >= first);
    }
    burnup
}

#[cfg(test)]
mod tests;
