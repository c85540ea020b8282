//! How many items were under way, week by week.

use app::flow::{FlowAsk, QueryFlow};
use app::issues::Event;
use app::metrics::{Measured, WorkInProgress, WorkInProgressWeek};
use chart::{Axis, ChartSpec, Position, Role, Rule, RuleAt, Series, Shape};
use model::Week;

use super::in_weeks;
use crate::plot::drawn::{Drawn, NoChart};

/// The chart of the page.
pub fn draw(answer: &QueryFlow, ask: &FlowAsk) -> Drawn {
    match &answer.figures.work_in_progress {
        Measured::Known { value, .. } => Ok(spec(value, answer, ask)),
        Measured::Unavailable { reason, remedy } => Err(NoChart::of(reason, *remedy)),
    }
}

fn spec(progress: &WorkInProgress, answer: &QueryFlow, ask: &FlowAsk) -> ChartSpec {
    let weeks: Vec<&WorkInProgressWeek> =
        progress.weeks.iter().filter(|week| !week.is_partial).collect();
    let series = |name: &str, shape, values| Series {
        name: name.to_owned(),
        role: Role::Work,
        shape,
        values,
    };
    let mean = weeks.iter().map(|week| Some(week.mean)).collect();
    let at_end = weeks.iter().map(|week| Some(week.at_end as f64)).collect();
    let numbers: Vec<Week> = weeks.iter().map(|week| week.week).collect();
    ChartSpec {
        unit: "items under way".to_owned(),
        plot_height_px: 150,
        positions: weeks.iter().map(|week| Position::new(week.monday)).collect(),
        series: vec![
            series("Under way", Shape::Line, mean),
            series("At its end", Shape::Told, at_end),
        ],
        rules: vec![Rule {
            at: RuleAt::Value { value: progress.mean, since: None },
            label: "average".to_owned(),
            role: Role::Muted,
        }],
        links: Some(in_weeks(answer, ask, Event::UnderWay, &numbers)),
        ..ChartSpec::new("work-in-progress", "Work in progress", Axis::Weeks)
    }
}
