//! A delivery over time: its items week by week, and how far ahead the dates lay that were said.

use app::delivery::{DeliveryAnswer, DeliverySaid};
use app::metrics::DeliveryWeek;
use chart::{Axis, ChartSpec, Position, Role, Rule, RuleAt, Series, Shape};
use model::Date;

/// Scope and done at the end of each week; `None` of fewer than two weeks.
pub fn burnup(answer: &DeliveryAnswer) -> Option<ChartSpec> {
    let weeks = &answer.weeks;
    let as_of = answer.as_of?.date;
    let series = |name: &str, role, shape, of: fn(&DeliveryWeek) -> u64| Series {
        name: name.to_owned(),
        role,
        shape,
        values: weeks.iter().map(|week| Some(of(week) as f64)).collect(),
    };
    let target = answer.head.target.map(|day| Rule {
        at: RuleAt::Date(day),
        label: "target".to_owned(),
        role: Role::Risk,
    });
    let likely = answer.forecast.known().and_then(|known| known.date(85)).map(|day| Rule {
        at: RuleAt::Date(day),
        label: "85 %".to_owned(),
        role: Role::Work,
    });
    (weeks.len() > 1).then(|| ChartSpec {
        unit: "items".to_owned(),
        positions: weeks.iter().map(|week| Position::new(week.sunday.min(as_of))).collect(),
        series: vec![
            series("Done", Role::Work, Shape::Area, |week| week.done),
            series("Scope", Role::Scope, Shape::Line, |week| week.scope),
        ],
        rules: target.into_iter().chain(likely).collect(),
        ..ChartSpec::new("delivery-burn-up", "Its items", Axis::Days)
    })
}

/// Weeks from each day to the dates that were said on it, with the target as a line of its own: where
/// it is lower, the target is not kept. `None` of fewer than two days.
pub fn over_time(answer: &DeliveryAnswer) -> Option<ChartSpec> {
    let mut said: Vec<&DeliverySaid> = answer.over_time.iter().chain(&answer.said).collect();
    said.sort_by_key(|one| one.date);
    // What was really said counts before what would have been.
    said.dedup_by(|later, earlier| {
        let is_same = later.date == earlier.date;
        if is_same {
            *earlier = *later;
        }
        is_same
    });
    let series = |name: &str, role, shape, of: fn(&DeliverySaid) -> Option<Date>| Series {
        name: name.to_owned(),
        role,
        shape,
        values: said.iter().map(|one| weeks_to(one.date, of(one)?)).collect(),
    };
    (said.len() > 1).then(|| ChartSpec {
        unit: "weeks from that day on".to_owned(),
        is_count: false,
        positions: said.iter().map(|one| Position::new(one.date)).collect(),
        series: vec![
            series("85 %", Role::Work, Shape::Line, |one| one.likely),
            series("50 %", Role::Muted, Shape::Line, |one| one.half),
            series("Target", Role::Risk, Shape::Dashed, |one| one.target),
        ],
        ..ChartSpec::new("delivery-over-time", "What was said each week", Axis::Days)
    })
}

/// How far a date lies ahead of a day.
pub(super) fn weeks_to(from: Date, to: Date) -> Option<f64> {
    Some(f64::from(from.until(to).ok()?.get_days()) / 7.0)
}
