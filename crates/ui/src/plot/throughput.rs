//! What was done in each week: the window in full colour, earlier weeks pale, the running one hatched.

use app::metrics::{Measured, Throughput, Unit, WeekRow};
use app::overview::Overview;
use chart::{Axis, ChartSpec, Emphasis, Position, Role, Rule, RuleAt, Series, Shape};

use crate::plot::done_in;
use crate::plot::drawn::{Drawn, NoChart};
use words::noun;

/// The chart of the overview.
pub fn draw(answer: &Overview) -> Drawn {
    match &answer.weeks {
        Measured::Known { value, .. } => {
            let sample = answer.summary.throughput.known();
            let spec = spec(&answer.earlier, &value.rows, sample, answer.unit);
            let links = done_in(answer, spec.positions.iter().map(|at| at.date));
            let spec = ChartSpec { links, ..spec };
            let is_zero =
                |series: &Series| series.values.iter().flatten().all(|value| *value == 0.0);
            if !spec.is_empty() && spec.series.iter().all(is_zero) {
                return Err(NoChart::new(
                    "Nothing was done in these weeks.",
                    "Look at more weeks.",
                ));
            }
            let is_empty = spec.is_empty();
            (!is_empty).then_some(spec).ok_or_else(|| {
                NoChart::new("There is no week to show yet.", "Come back next week.")
            })
        }
        Measured::Unavailable { reason, remedy } => Err(NoChart::of(reason, *remedy)),
    }
}

/// The chart of `rows` with `earlier` ones for context, and the median of the sample.
fn spec(
    earlier: &[WeekRow],
    rows: &[WeekRow],
    sample: Option<&Throughput>,
    unit: Unit,
) -> ChartSpec {
    let pale = earlier.iter().map(|row| (row, Emphasis::Pale));
    let full = rows
        .iter()
        .map(|row| (row, if row.is_partial { Emphasis::Partial } else { Emphasis::Full }));
    let shown: Vec<(&WeekRow, Emphasis)> = pale.chain(full).collect();
    let at =
        |(row, emphasis): &(&WeekRow, Emphasis)| Position { date: row.monday, emphasis: *emphasis };
    let since = rows.first().map(|row| row.monday).filter(|_| !earlier.is_empty());
    let median = sample.map(|sample| Rule {
        at: RuleAt::Value { value: sample.median, since },
        label: "median".to_owned(),
        role: Role::Muted,
    });
    ChartSpec {
        unit: format!("{} done per week", noun(unit, true)),
        is_count: unit == Unit::Items,
        plot_height_px: 150,
        positions: shown.iter().map(at).collect(),
        series: vec![Series {
            name: "Done".to_owned(),
            role: Role::Work,
            shape: Shape::Bar,
            values: shown.iter().map(|(row, _)| Some(row.flow.done.of(unit))).collect(),
        }],
        rules: median.into_iter().collect(),
        ..ChartSpec::new("throughput", "Throughput", Axis::Weeks)
    }
}
