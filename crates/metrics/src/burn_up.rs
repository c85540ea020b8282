//! Burn-up: scope and done over time. Scope that arrived later is never drawn as always there.

use model::{Date, Remedy, Week};
use serde::Serialize;

use crate::amount::Amount;
use crate::measured::Measured;
use crate::reason::Reason;
use crate::weekly::WeeklyTable;
use crate::weeks::{as_label, sunday};

/// How things stood at the end of a week.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BurnupPoint {
    /// The week, as ISO label in JSON.
    #[serde(serialize_with = "as_label")]
    pub week: Week,
    /// Its Sunday.
    pub sunday: Date,
    /// All that was created and not cancelled by then; `None` where the table has no open work.
    pub scope: Option<Amount>,
    /// All that was done by then.
    pub done: Amount,
    /// Scope less done; equals what the weekly table has open.
    pub remaining: Option<Amount>,
    /// Whether the week is still running.
    pub is_partial: bool,
}

/// The burn-up of a table, one point a week. Issues without a date are in neither series.
pub fn burnup(table: &Measured<WeeklyTable>) -> Measured<Vec<BurnupPoint>> {
    table.then(|table, rule| {
        let points = points(table);
        let (Some(first), Some(last)) = (table.rows.first(), points.last()) else {
            return Measured::unavailable(Reason::NoDates, Remedy::SeeDataNotes);
        };
        let window = crate::Window { first: first.monday, last: last.sunday };
        Measured::Known {
            sample: points.len() as u64,
            window: Some(window),
            rule: rule.to_owned(),
            notes: Vec::new(),
            value: points,
        }
    })
}

fn points(table: &WeeklyTable) -> Vec<BurnupPoint> {
    let mut done = Amount::default();
    let point = |row: &crate::WeekRow| {
        done += row.flow.done;
        Some(BurnupPoint {
            week: row.week,
            sunday: sunday(row.week)?,
            scope: row.open.map(|open| open + done),
            done,
            remaining: row.open,
            is_partial: row.is_partial,
        })
    };
    table.rows.iter().filter_map(point).collect()
}
