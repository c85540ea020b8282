//! How long 85 % of what was done took, month by month.

use app::flow::{FlowAsk, QueryFlow};
use app::metrics::{Measured, MonthOfCycleTime};
use chart::{Axis, ChartSpec, Position, Role, Series, Shape};

use crate::plot::drawn::{Drawn, NoChart};

/// The chart of the page.
pub fn draw(answer: &QueryFlow, _: &FlowAsk) -> Drawn {
    match &answer.figures.cycle_time {
        Measured::Known { value, .. } => {
            let spec = spec(&value.months);
            let is_line =
                spec.series.iter().flat_map(|series| &series.values).flatten().count() > 1;
            is_line.then_some(spec).ok_or_else(|| {
                let remedy = "Look at more weeks.";
                NoChart::new("A trend needs two months with at least five items each.", remedy)
            })
        }
        Measured::Unavailable { reason, remedy } => Err(NoChart::of(reason, *remedy)),
    }
}

fn spec(months: &[MonthOfCycleTime]) -> ChartSpec {
    let series = |name: &str, shape, values| Series {
        name: name.to_owned(),
        role: Role::Work,
        shape,
        values,
    };
    let days = months.iter().map(|month| month.p85_days.map(f64::from)).collect();
    let items = months.iter().map(|month| Some(month.items as f64)).collect();
    ChartSpec {
        unit: "calendar days".to_owned(),
        plot_height_px: 120,
        positions: months.iter().map(|month| Position::new(month.first)).collect(),
        series: vec![series("85 %", Shape::Line, days), series("Items", Shape::Told, items)],
        labels: months.iter().map(|m| m.first.strftime("%b %Y").to_string()).collect(),
        ..ChartSpec::new("cycle-time-trend", "Cycle time by month", Axis::Days)
    }
}
