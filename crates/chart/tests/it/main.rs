//! Charts as text: pictures, tables and words of small specs.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail on the spot")]

mod edge;
mod palette;
mod picture;
mod words;

use chart::{Axis, ChartSpec, Date, Emphasis, Position, Role, Rule, RuleAt, Series, Shape};
use jiff::ToSpan;

/// The Monday of a week around the turn of a year.
fn monday(week: i64) -> Date {
    jiff::civil::date(2025, 11, 24).saturating_add(week.weeks())
}

fn positions(count: usize) -> Vec<Position> {
    (0..count as i64).map(monday).map(Position::new).collect()
}

fn series(name: &str, role: Role, shape: Shape, values: &[f64]) -> Series {
    let values = values.iter().copied().map(Some).collect();
    Series { name: name.to_owned(), role, shape, values }
}

/// Scope and done over eight weeks with a deadline.
fn burn_up() -> ChartSpec {
    let done = [0.0, 3.0, 7.0, 8.0, 8.0, 12.0, 17.0, 21.0];
    let scope = [20.0, 24.0, 24.0, 27.0, 31.0, 31.0, 30.0, 34.0];
    let deadline = RuleAt::Date(monday(9));
    ChartSpec {
        lead: "21 of 34 items are done.".to_owned(),
        unit: "items".to_owned(),
        positions: positions(8),
        series: vec![
            series("Done", Role::Done, Shape::Area, &done),
            series("Scope", Role::Scope, Shape::Line, &scope),
        ],
        rules: vec![Rule { at: deadline, label: "deadline".to_owned(), role: Role::Risk }],
        ..ChartSpec::new("burn-up", "Burn-up", Axis::Days)
    }
}

/// Six weeks: two as context, three sampled, one running.
fn throughput() -> ChartSpec {
    let mut positions = positions(6);
    positions[0].emphasis = Emphasis::Pale;
    positions[1].emphasis = Emphasis::Pale;
    positions[5].emphasis = Emphasis::Partial;
    let median = RuleAt::Value { value: 4.0, since: Some(monday(2)) };
    ChartSpec {
        unit: "items a week".to_owned(),
        plot_height_px: 120,
        positions,
        series: vec![series("Done", Role::Work, Shape::Bar, &[3.0, 4.0, 1.0, 0.0, 4.0, 5.0])],
        rules: vec![Rule { at: median, label: "Median".to_owned(), role: Role::Muted }],
        ..ChartSpec::new("throughput", "Throughput", Axis::Weeks)
    }
}
