//! What entered the scope, was started and left in each complete week.

use app::flow::{FlowAsk, QueryFlow};
use app::issues::Event;
use app::metrics::{ArrivalsWeek, Measured, Unit};
use chart::{Axis, ChartSpec, Position, Role, Series, Shape};
use model::Week;
use words::noun;

use super::{in_week, in_weeks};
use crate::plot::drawn::{Drawn, NoChart};

/// The chart of the page.
pub fn draw(answer: &QueryFlow, ask: &FlowAsk) -> Drawn {
    match &answer.figures.arrivals {
        Measured::Known { value, .. } => {
            let weeks: Vec<&ArrivalsWeek> =
                value.weeks.iter().filter(|week| !week.is_partial).collect();
            Ok(spec(&weeks, answer, ask))
        }
        Measured::Unavailable { reason, remedy } => Err(NoChart::of(reason, *remedy)),
    }
}

fn spec(weeks: &[&ArrivalsWeek], answer: &QueryFlow, ask: &FlowAsk) -> ChartSpec {
    let unit = answer.unit;
    let series = |name: &str, role, shape, value: &dyn Fn(&ArrivalsWeek) -> f64| Series {
        name: name.to_owned(),
        role,
        shape,
        values: weeks.iter().map(|week| Some(value(week))).collect(),
    };
    let arrived = series("Arrived", Role::Scope, Shape::Line, &|week| week.arrived.of(unit));
    let departed = series("Departed", Role::Done, Shape::Line, &|week| week.departed.of(unit));
    let started = series("Started", Role::Wait, Shape::Dashed, &|week| week.started as f64);
    let shown = [Event::Created, Event::Departed, Event::Started];
    let numbers: Vec<Week> = weeks.iter().map(|week| week.week).collect();
    let mut links = in_weeks(answer, ask, Event::Departed, &numbers);
    links.cells = shown.iter().map(|event| in_week(answer, ask, *event)).collect();
    let mut all = vec![arrived, departed];
    if unit == Unit::Items {
        all.push(started);
    }
    ChartSpec {
        unit: format!("{} per week", noun(unit, true)),
        is_count: unit == Unit::Items,
        plot_height_px: 180,
        positions: weeks.iter().map(|week| Position::new(week.monday)).collect(),
        series: all,
        links: Some(links),
        ..ChartSpec::new("arrivals", "Arrivals and departures", Axis::Weeks)
    }
}
