//! Throughput as a process behaviour chart: weeks, limits, and the weeks that are signals.

use app::flow::{FlowAsk, QueryFlow};
use app::issues::Event;
use app::metrics::{BehaviourChart, BehaviourWeek, Change, Measured, Unit};
use chart::{Axis, ChartSpec, Position, Role, Rule, RuleAt, Series, Shape};
use model::Week;
use words::noun;

use super::in_weeks;
use crate::plot::drawn::{Drawn, NoChart};

/// The chart of the page.
pub fn draw(answer: &QueryFlow, ask: &FlowAsk) -> Drawn {
    match &answer.figures.throughput {
        Measured::Known { value, .. } => Ok(spec(value, answer, ask)),
        Measured::Unavailable { reason, remedy } => Err(NoChart::of(reason, *remedy)),
    }
}

fn spec(behaviour: &BehaviourChart, answer: &QueryFlow, ask: &FlowAsk) -> ChartSpec {
    let weeks = &behaviour.weeks;
    let values = |holds: &dyn Fn(&BehaviourWeek) -> bool| -> Vec<Option<f64>> {
        weeks.iter().map(|week| holds(week).then_some(week.done)).collect()
    };
    let series =
        |name: &str, role, shape, values| Series { name: name.to_owned(), role, shape, values };
    let is_outside =
        |week: &BehaviourWeek| matches!(week.signal, Some(Change::Above | Change::Below));
    let is_run =
        |week: &BehaviourWeek| matches!(week.signal, Some(Change::RunAbove | Change::RunBelow));
    let limits = behaviour.limits;
    let rule = |label: &str, value, role| Rule {
        at: RuleAt::Value { value, since: None },
        label: label.to_owned(),
        role,
    };
    let lower = (limits.lower > 0.0).then(|| rule("lower limit", limits.lower, Role::Wait));
    let rules =
        [rule("mean", limits.mean, Role::Muted), rule("upper limit", limits.upper, Role::Wait)];
    let numbers: Vec<Week> = weeks.iter().map(|week| week.week).collect();
    let mut all = vec![series("Done", Role::Work, Shape::Line, values(&|_| true))];
    if weeks.iter().any(is_outside) {
        all.push(series("outside the limits", Role::Risk, Shape::Dot, values(&is_outside)));
    }
    if weeks.iter().any(is_run) {
        let name = "eighth on one side of the mean";
        all.push(series(name, Role::Scope, Shape::Dot, values(&is_run)));
    }
    ChartSpec {
        unit: format!("{} done per week", noun(behaviour.unit, true)),
        is_count: behaviour.unit == Unit::Items,
        plot_height_px: 180,
        positions: weeks.iter().map(|week| Position::new(week.monday)).collect(),
        series: all,
        rules: rules.into_iter().chain(lower).collect(),
        links: Some(in_weeks(answer, ask, Event::Done, &numbers)),
        ..ChartSpec::new("behaviour", "Throughput", Axis::Weeks)
    }
}
