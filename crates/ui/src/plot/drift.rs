//! How the dates of a forecast moved: how far ahead they would have lain at the end of past weeks.

use app::forecast::DriftPoint;
use chart::{Axis, ChartSpec, Position, Role, Series, Shape};
use model::Date;

use super::delivery::weeks_to;

/// Weeks from each day to its dates; `None` where fewer than two days have one in sight.
pub fn draw(points: &[DriftPoint]) -> Option<ChartSpec> {
    let series = |name: &str, role, of: fn(&DriftPoint) -> Option<Date>| Series {
        name: name.to_owned(),
        role,
        shape: Shape::Line,
        values: points.iter().map(|point| weeks_to(point.date, of(point)?)).collect(),
    };
    let is_line = points.iter().filter(|point| point.half.is_some()).count() > 1;
    is_line.then(|| ChartSpec {
        unit: "weeks from that day to the date".to_owned(),
        is_count: false,
        plot_height_px: 150,
        positions: points.iter().map(|point| Position::new(point.date)).collect(),
        series: vec![
            series("85 %", Role::Work, |point| point.likely),
            series("50 %", Role::Muted, |point| point.half),
        ],
        ..ChartSpec::new("drift", "How our date moved", Axis::Days)
    })
}
