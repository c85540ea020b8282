//! How much there is: totals, growth of the scope, and how much of it has points.

use model::Remedy;
use serde::Serialize;

use crate::amount::Amount;
use crate::item::State;
use crate::items::Items;
use crate::measured::Measured;
use crate::reason::Reason;
use crate::weekly::{Flow, Origin, WeeklyTable, window_of};
use crate::weeks::Span;

/// How much there is at the moment, issues without dates included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Totals {
    /// Created and not cancelled; `None` of stored rows that do not say what they started from.
    pub scope: Option<Amount>,
    /// Done.
    pub done: Amount,
    /// Cancelled; `None` where of no issue it is known how it was resolved.
    pub cancelled: Option<Amount>,
    /// Left the query while it was open; no part of the scope.
    pub left: Amount,
    /// Open.
    pub open: Option<Amount>,
    /// What of all this is in no week.
    pub undated: Flow,
}

/// The totals of a table.
pub fn totals(table: &Measured<WeeklyTable>) -> Measured<Totals> {
    table.then(|table, rule| {
        let undated = table.undated;
        let mut total = table.total();
        let dated_open = match table.rows.last() {
            Some(last) => last.open,
            None => Some(Amount::default()),
        };
        let undated_open = match table.origin {
            Origin::Issues => undated.net(),
            // What is stored as remaining knows of these rows already.
            Origin::Statistics => Amount::default(),
        };
        let open = dated_open.map(|open| open + undated_open);
        total.add(undated);
        let scope = open.map(|open| open + total.done);
        Measured::Known {
            value: Totals {
                scope,
                done: total.done,
                cancelled: total.cancelled,
                left: total.left,
                open,
                undated,
            },
            sample: scope.unwrap_or(total.done).items.unsigned_abs(),
            window: None,
            rule: rule.to_owned(),
            notes: Vec::new(),
        }
    })
}

/// How the scope changed in complete weeks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ScopeGrowth {
    /// Created in these weeks.
    pub created: Amount,
    /// Cancelled in them.
    pub cancelled: Option<Amount>,
    /// Left the query in them.
    pub left: Amount,
    /// Created less cancelled and left.
    pub net: Amount,
    /// Items of `net` per week.
    pub items_per_week: f64,
    /// Points of `net` per week.
    pub points_per_week: f64,
}

/// The growth of the scope over the complete weeks of a span.
pub fn scope_growth(table: &Measured<WeeklyTable>, span: Span) -> Measured<ScopeGrowth> {
    table.then(|table, rule| {
        let rows = table.complete(span);
        if rows.is_empty() {
            return Measured::unavailable(Reason::NoCompleteWeek, Remedy::WaitForWeek);
        }
        let mut flow = Flow::default();
        rows.iter().for_each(|row| flow.add(row.flow));
        let net = flow.arrived();
        let weeks = rows.len() as f64;
        Measured::Known {
            value: ScopeGrowth {
                created: flow.created,
                cancelled: flow.cancelled,
                left: flow.left,
                net,
                items_per_week: net.items as f64 / weeks,
                points_per_week: net.points / weeks,
            },
            sample: rows.len() as u64,
            window: window_of(rows),
            rule: rule.to_owned(),
            notes: Vec::new(),
        }
    })
}

/// How many issues have points, by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Coverage {
    /// Of the open ones.
    pub open: Amount,
    /// Of those done.
    pub done: Amount,
    /// Which share of the open ones has points, 0 to 1; `None` if none is open.
    pub open_share: Option<f64>,
    /// Which share of those done has points.
    pub done_share: Option<f64>,
}

/// The points coverage at the moment.
pub fn coverage(items: &Items<'_>) -> Measured<Coverage> {
    let sum = |state| items.in_state(state).map(|item| item.amount()).sum::<Amount>();
    let (open, done) = (sum(State::Open), sum(State::Done));
    if let Some(none) = items.none_counted() {
        return none;
    }
    Measured::Known {
        value: Coverage { open, done, open_share: open.coverage(), done_share: done.coverage() },
        sample: (open + done).items.unsigned_abs(),
        window: None,
        rule: "points as the issues have them now".to_owned(),
        notes: Vec::new(),
    }
}
