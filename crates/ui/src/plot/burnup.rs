//! Scope and done at the end of each week.

use app::metrics::{BurnupPoint, Unit};
use chart::{Axis, ChartSpec, Position, Role, Series, Shape};
use model::Date;

use crate::view::noun;

/// The chart; the running week ends at `as_of`.
pub fn spec(points: &[BurnupPoint], unit: Unit, as_of: Date, lead: &str) -> ChartSpec {
    let series = |name: &str, role, shape, values: Vec<Option<f64>>| Series {
        name: name.to_owned(),
        role,
        shape,
        values,
    };
    let scope = points.iter().map(|point| Some(point.scope?.of(unit))).collect();
    let done = points.iter().map(|point| Some(point.done.of(unit))).collect();
    ChartSpec {
        lead: lead.to_owned(),
        unit: noun(unit, true).to_owned(),
        is_count: unit == Unit::Items,
        plot_height_px: 260,
        positions: points.iter().map(|point| Position::new(point.sunday.min(as_of))).collect(),
        series: vec![
            series("Done", Role::Work, Shape::Area, done),
            series("Scope", Role::Scope, Shape::Line, scope),
        ],
        ..ChartSpec::new("burn-up", "Burn-up", Axis::Days)
    }
}
