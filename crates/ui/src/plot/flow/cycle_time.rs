//! The cycle time of each item by the day it was done, with percentiles and the expectation.

use std::collections::BTreeMap;

use app::flow::{FlowAsk, QueryFlow};
use app::issues::Event;
use app::metrics::{CycleTime, CycleTimes, Expectation, Measured};
use chart::{Axis, ChartSpec, Links, Position, Role, Rule, RuleAt, Series, Shape};
use model::Date;
use words::format;

use super::list;
use crate::plot::drawn::{Drawn, NoChart};

/// So many types have a colour of their own; the others share one.
const TYPES_MAX: usize = 5;

/// The chart of the page.
pub fn draw(answer: &QueryFlow, ask: &FlowAsk) -> Drawn {
    match &answer.figures.cycle_time {
        Measured::Known { value, .. } => Ok(spec(value, answer, ask)),
        Measured::Unavailable { reason, remedy } => Err(NoChart::of(reason, *remedy)),
    }
}

/// Items that were done on one day after the same number of days.
struct Dot {
    done: Date,
    days: i32,
    kind: usize,
    keys: Vec<String>,
}

fn spec(times: &CycleTimes, answer: &QueryFlow, ask: &FlowAsk) -> ChartSpec {
    let kinds = if ask.is_by_type { kinds(times) } else { vec!["Days".to_owned()] };
    let dots = dots(times, &kinds, ask.is_by_type);
    let series = |(place, name): (usize, &String)| Series {
        name: name.clone(),
        role: if ask.is_by_type { Role::Kind(place as u8) } else { Role::Work },
        shape: Shape::Dot,
        values: dots.iter().map(|dot| (dot.kind == place).then_some(f64::from(dot.days))).collect(),
    };
    ChartSpec {
        unit: "calendar days".to_owned(),
        plot_height_px: 260,
        positions: dots.iter().map(|dot| Position::new(dot.done)).collect(),
        series: kinds.iter().enumerate().map(series).collect(),
        rules: rules(times.percentiles, answer),
        labels: dots.iter().map(label).collect(),
        links: Some(Links {
            to: format!("{}&day={{}}", list(answer, ask, Event::Done)),
            parts: dots.iter().map(|dot| format!("{}&days={}", dot.done, dot.days)).collect(),
            cells: Vec::new(),
        }),
        ..ChartSpec::new("cycle-time", "Cycle time", Axis::Days)
    }
}

/// The types by how often they occur; the last one is all others.
fn kinds(times: &CycleTimes) -> Vec<String> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for item in &times.items {
        *counts.entry(item.issue_type.as_deref().unwrap_or("without a type")).or_default() += 1;
    }
    let mut kinds: Vec<(&str, u64)> = counts.into_iter().collect();
    kinds.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let mut names: Vec<String> = kinds.iter().map(|(name, _)| (*name).to_owned()).collect();
    if names.len() > TYPES_MAX + 1 {
        names.truncate(TYPES_MAX);
        names.push("other types".to_owned());
    }
    names
}

fn dots(times: &CycleTimes, kinds: &[String], is_by_type: bool) -> Vec<Dot> {
    let mut found: Vec<Dot> = Vec::new();
    for item in &times.items {
        let name = item.issue_type.as_deref().unwrap_or("without a type");
        let known = kinds.iter().position(|kind| kind == name);
        let kind = if is_by_type { known.unwrap_or(kinds.len().saturating_sub(1)) } else { 0 };
        let is_it = |dot: &&mut Dot| (dot.done, dot.days, dot.kind) == (item.done, item.days, kind);
        match found.iter_mut().rev().take_while(|dot| dot.done == item.done).find(is_it) {
            Some(dot) => dot.keys.push(item.key.clone()),
            None => found.push(Dot {
                done: item.done,
                days: item.days,
                kind,
                keys: vec![item.key.clone()],
            }),
        }
    }
    found
}

fn label(dot: &Dot) -> String {
    let day = format::day(dot.done);
    match dot.keys.as_slice() {
        [only] => format!("{only}, {day}"),
        many => format!("{} items, {day}", many.len()),
    }
}

/// How many dots stand for several items.
pub fn coincident(times: &CycleTimes) -> usize {
    dots(times, &["Days".to_owned()], false).iter().filter(|dot| dot.keys.len() > 1).count()
}

fn rules(of: CycleTime, answer: &QueryFlow) -> Vec<Rule> {
    let rule = |label: String, days: i32, role| Rule {
        at: RuleAt::Value { value: f64::from(days), since: None },
        label,
        role,
    };
    let expected = answer.figures.service_level.known().and_then(|level| match level.expectation {
        Expectation::Reached { days } => {
            let days = i32::try_from(days).ok()?;
            Some(rule(format!("{} % expected", level.percent), days, Role::Risk))
        }
        Expectation::NotReached { .. } => None,
    });
    [(50, of.p50_days), (85, of.p85_days), (95, of.p95_days)]
        .into_iter()
        .map(|(percent, days)| rule(format!("{percent} %"), days, Role::Muted))
        .chain(expected)
        .collect()
}
