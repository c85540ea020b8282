//! What was done in each week, by type.

use app::flow::{FlowAsk, QueryFlow};
use app::issues::Event;
use app::metrics::{Measured, TypeDistribution, TypeShare};
use chart::{Axis, ChartSpec, Emphasis, Position, Role, Series, Shape};
use model::Week;

use super::in_weeks;
use crate::plot::drawn::{Drawn, NoChart};

/// The chart of the page.
pub fn draw(answer: &QueryFlow, ask: &FlowAsk) -> Drawn {
    match &answer.figures.types {
        Measured::Known { value, .. } if value.types.is_empty() => {
            Err(NoChart::new("Nothing was done in these weeks.", "Look at more weeks."))
        }
        Measured::Known { value, .. } => Ok(spec(value, answer, ask)),
        Measured::Unavailable { reason, remedy } => Err(NoChart::of(reason, *remedy)),
    }
}

/// What a type or kind of work is called.
pub fn name(share: &TypeShare) -> String {
    if let Some(kind) = share.work_type {
        return words::flow::work_type(kind).to_owned();
    }
    match share.names.as_slice() {
        [only] if only.is_empty() => "without a type".to_owned(),
        [only] => only.clone(),
        many => format!("{} other types", many.len()),
    }
}

fn spec(of: &TypeDistribution, answer: &QueryFlow, ask: &FlowAsk) -> ChartSpec {
    let series = |(place, share): (usize, &TypeShare)| Series {
        name: name(share),
        role: Role::Kind(place as u8),
        shape: Shape::Bar,
        values: of.weeks.iter().map(|week| week.counts.get(place).map(|n| *n as f64)).collect(),
    };
    let position = |week: &app::metrics::TypesWeek| Position {
        date: week.monday,
        emphasis: if week.is_partial { Emphasis::Partial } else { Emphasis::Full },
    };
    let numbers: Vec<Week> = of.weeks.iter().map(|week| week.week).collect();
    ChartSpec {
        unit: "items done per week".to_owned(),
        plot_height_px: 180,
        positions: of.weeks.iter().map(position).collect(),
        series: of.types.iter().enumerate().map(series).collect(),
        links: Some(in_weeks(answer, ask, Event::Done, &numbers)),
        ..ChartSpec::new("types", "Work by type", Axis::Weeks)
    }
}
