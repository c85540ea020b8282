//! The figures of one view together: what a sentence about a query is made of.

use model::{Date, Remedy};
use serde::Serialize;

use crate::amount::{Amount, Unit};
use crate::cycle_time::{CycleTime, cycle_time};
use crate::cycle_time_scatter::{ITEMS_MIN, cycle_time_before};
use crate::items::Items;
use crate::measured::Measured;
use crate::reason::Reason;
use crate::scope::{Coverage, ScopeGrowth, Totals, coverage, scope_growth, totals};
use crate::throughput::{Throughput, throughput};
use crate::weekly::{Origin, WeekRow, WeeklyTable};
use crate::weeks::Span;
use crate::work_item_age::{Age, work_item_age};

/// The figures of a view.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The day they are about.
    pub as_of: Date,
    /// How much there is.
    pub totals: Measured<Totals>,
    /// How fast it goes.
    pub throughput: Measured<Throughput>,
    /// How long one issue takes.
    pub cycle_time: Measured<CycleTime>,
    /// What is under way, and for how long.
    pub work_item_age: Measured<Vec<Age>>,
    /// How fast it grows.
    pub scope_growth: Measured<ScopeGrowth>,
    /// How many issues have points.
    pub coverage: Measured<Coverage>,
    /// What some of this was in as many complete weeks before; `None` where there are not so many since
    /// work began, or nothing of them is estimated.
    pub before: Option<Before>,
}

/// Figures of the weeks before those that are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Before {
    /// How many weeks these are.
    pub weeks: usize,
    /// What was done in a week on average, in the unit.
    pub throughput: f64,
    /// What came to the scope in a week, in the unit.
    pub scope_growth: f64,
    /// So many days 85 % of what was done took at most; `None` of fewer than
    /// five.
    pub cycle_time_p85_days: Option<i32>,
}

impl Before {
    fn of(items: &Items<'_>, table: &WeeklyTable, span: Span, unit: Unit) -> Option<Before> {
        let Span::Last(weeks) = span else { return None };
        let all = table.complete(Span::All);
        let end = all.len().checked_sub(weeks).filter(|_| weeks > 0)?;
        let first = end.checked_sub(weeks).filter(|first| *first >= table.begun())?;
        let rows = all.get(first..end)?;
        let mean = |of: fn(&WeekRow) -> Amount| {
            rows.iter().map(|row| of(row).of(unit)).sum::<f64>() / weeks as f64
        };
        let is_told =
            |row: &WeekRow| [row.flow.done, row.flow.created].iter().any(|a| a.estimated != 0);
        if unit.is_estimated() && !rows.iter().any(is_told) {
            return None;
        }
        let cycle_times =
            cycle_time_before(items, table, span).filter(|before| before.items >= ITEMS_MIN as u64);
        Some(Before {
            weeks,
            throughput: mean(|row| row.flow.done),
            scope_growth: mean(|row| row.flow.arrived()),
            cycle_time_p85_days: cycle_times.map(|before| before.p85_days),
        })
    }
}

impl Summary {
    /// The figures of `items` and their `table` over the complete weeks of a span.
    pub fn of(items: &Items<'_>, table: &Measured<WeeklyTable>, span: Span, unit: Unit) -> Summary {
        let unknown = unknown_amounts(items, table, unit);
        let throughput = or_unknown(unknown, throughput(table, span, unit));
        let is_known = throughput.known().is_some();
        let table_before = table.known().filter(|_| is_known);
        Summary {
            as_of: items.as_of.date(),
            totals: or_unknown(unknown, totals(table)),
            throughput,
            cycle_time: cycle_time(items, table, span),
            work_item_age: work_item_age(items),
            scope_growth: or_unknown(unknown, scope_growth(table, span)),
            coverage: coverage(items),
            before: table_before.and_then(|table| Before::of(items, table, span, unit)),
        }
    }
}

/// Why nothing can be said in a unit, where issues tell what is in the table; `None` where something can.
pub fn unknown_amounts(
    items: &Items<'_>,
    table: &Measured<WeeklyTable>,
    unit: Unit,
) -> Option<(Reason, Remedy)> {
    let of_issues = table.known().is_some_and(|table| table.origin == Origin::Issues);
    items.lacks_points().filter(|_| unit.is_estimated() && of_issues)
}

/// A figure in a unit of which nothing can be said is not known for that reason.
pub fn or_unknown<T>(unknown: Option<(Reason, Remedy)>, figure: Measured<T>) -> Measured<T> {
    unknown.map_or(figure, |(reason, remedy)| Measured::unavailable(reason, remedy))
}
