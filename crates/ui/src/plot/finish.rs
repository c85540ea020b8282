//! In which week the work is done, in percent of all futures.

use app::forecast::QueryForecast;
use app::metrics::Measured;
use chart::{Axis, ChartSpec, Position, Role, Rule, RuleAt, Series, Shape};
use forecast::{Deadline, When};
use words::statement;

use crate::plot::drawn::{Drawn, NoChart};

/// Futures that are left at the far end are not drawn.
const SHARE_DRAWN: f64 = 0.995;

/// The chart of the page; where every end is certain or none is in sight, the answer in words.
pub fn draw(answer: &QueryForecast) -> Drawn {
    let asked = answer.asked();
    match answer.told(asked) {
        Measured::Known { value, .. } => {
            let deadlines: Vec<_> =
                asked.deadlines.iter().map(|found| found.deadline.clone()).collect();
            let spec = spec(value, &deadlines);
            let is_empty = spec.is_empty();
            (!is_empty).then_some(spec).ok_or_else(|| NoChart::new(&statement(&value.sentence), ""))
        }
        Measured::Unavailable { reason, remedy } => Err(NoChart::of(reason, *remedy)),
    }
}

/// The chart, with the dates of the percentiles and the deadlines as rules.
fn spec(when: &When, deadlines: &[Deadline]) -> ChartSpec {
    let all: f64 = when.weeks.iter().map(|week| week.share).sum();
    let mut drawn = 0.0;
    let weeks = when.weeks.iter().take_while(|week| {
        let is_drawn = drawn < all * SHARE_DRAWN;
        drawn += week.share;
        is_drawn
    });
    let weeks: Vec<_> = weeks.collect();
    let (first, last) =
        (weeks.first().map(|week| week.monday), weeks.last().map(|week| week.monday));
    let rule = |date, label: String, role| Rule { at: RuleAt::Date(date), label, role };
    let said = when.percentiles.iter().filter(|said| [50, 85, 95].contains(&said.percent));
    let said =
        said.filter_map(|said| Some(rule(said.date?, format!("{} %", said.percent), Role::Muted)));
    let is_near = |found: &&Deadline| first <= Some(found.date) && Some(found.date) <= last;
    let deadlines = deadlines.iter().filter(is_near);
    let deadlines = deadlines.map(|found| rule(found.date, found.name.clone(), Role::Risk));
    ChartSpec {
        unit: "% chance that it ends in the week".to_owned(),
        is_count: false,
        plot_height_px: 140,
        positions: weeks.iter().map(|week| Position::new(week.monday)).collect(),
        series: vec![Series {
            name: "Done in this week".to_owned(),
            role: Role::Work,
            shape: Shape::Bar,
            values: weeks.iter().map(|week| Some((week.share * 1000.0).round() / 10.0)).collect(),
        }],
        rules: said.chain(deadlines).collect(),
        ..ChartSpec::new("finish", "When it is done", Axis::Weeks)
    }
}
