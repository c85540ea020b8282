//! The figures of one view together: what a sentence about a query is made of.

use model::{Date, Remedy};
use serde::Serialize;

use crate::amount::Unit;
use crate::cycle_time::{CycleTime, cycle_time};
use crate::items::Items;
use crate::measured::Measured;
use crate::reason::Reason;
use crate::scope::{Coverage, ScopeGrowth, Totals, coverage, scope_growth, totals};
use crate::throughput::{Throughput, throughput};
use crate::weekly::{Origin, WeeklyTable};
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
}

impl Summary {
    /// The figures of `items` and their `table` over the complete weeks of a span.
    pub fn of(items: &Items<'_>, table: &Measured<WeeklyTable>, span: Span, unit: Unit) -> Summary {
        let unknown = items.lacks_points().filter(|_| unit.is_estimated());
        let of_issues = table.known().is_some_and(|table| table.origin == Origin::Issues);
        let unknown = unknown.filter(|_| of_issues);
        Summary {
            as_of: items.as_of.date(),
            totals: or_unknown(unknown, totals(table)),
            throughput: or_unknown(unknown, throughput(table, span, unit)),
            cycle_time: cycle_time(items, table, span),
            work_item_age: work_item_age(items),
            scope_growth: or_unknown(unknown, scope_growth(table, span)),
            coverage: coverage(items),
        }
    }
}

/// A figure in a unit of which nothing can be said is not known for that reason.
fn or_unknown<T>(unknown: Option<(Reason, Remedy)>, figure: Measured<T>) -> Measured<T> {
    unknown.map_or(figure, |(reason, remedy)| Measured::unavailable(reason, remedy))
}
