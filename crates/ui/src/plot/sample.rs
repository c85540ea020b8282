//! The weeks that a forecast draws from; those that were left out are pale.

use app::forecast::QueryForecast;
use app::issues::Event;
use app::metrics::{Measured, Origin, Unit};
use chart::{Axis, ChartSpec, Emphasis, Position, Role, Series, Shape};
use forecast::Sample;
use model::Week;

use crate::plot::drawn::{Drawn, NoChart};
use crate::plot::{beside, happened, weekly};
use words::noun;

/// The chart of the page.
pub fn draw(answer: &QueryForecast) -> Drawn {
    match &answer.asked().sample {
        Measured::Known { value, .. } => {
            let weeks: Vec<Week> = value.weeks.iter().map(|week| Week::of(week.monday)).collect();
            let done = happened(Event::Done, answer.as_of.asked());
            let links = (answer.origin == Some(Origin::Issues))
                .then(|| weekly(&beside(&answer.trail, &done), &weeks));
            Ok(ChartSpec { links, ..spec(value) })
        }
        Measured::Unavailable { reason, remedy } => Err(NoChart::of(reason, *remedy)),
    }
}

/// The chart: what was done, and what was added less what was cancelled, which may be less than nothing.
fn spec(sample: &Sample) -> ChartSpec {
    let unit = sample.unit;
    let weeks = &sample.weeks;
    let at = |week: &forecast::SampleWeek| Position {
        date: week.monday,
        emphasis: if week.excluded.is_some() { Emphasis::Pale } else { Emphasis::Full },
    };
    let series =
        |name: &str, role, shape, values| Series { name: name.to_owned(), role, shape, values };
    ChartSpec {
        unit: format!("{} per week", noun(unit, true)),
        is_count: unit == Unit::Items,
        plot_height_px: 130,
        positions: weeks.iter().map(at).collect(),
        series: vec![
            series(
                "Done",
                Role::Work,
                Shape::Bar,
                weeks.iter().map(|week| Some(week.done)).collect(),
            ),
            series(
                "Added, less cancelled",
                Role::Wait,
                Shape::Dot,
                weeks.iter().map(|week| Some(week.arrived)).collect(),
            ),
        ],
        pale_name: "left out".to_owned(),
        ..ChartSpec::new("sample", "The weeks it is based on", Axis::Weeks)
    }
}
