//! Scope and done at the end of each week, and the futures that may follow.

use app::metrics::{BurnupPoint, Measured, Unit};
use app::overview::Overview;
use chart::{Axis, ChartSpec, Position, Role, Rule, RuleAt, Series, Shape};
use forecast::{Deadline, FanLevel, FanPoint, Forecast};
use model::{Date, Week};

use crate::plot::done_in;
use crate::plot::drawn::{Drawn, NoChart};
use words::noun;

/// Weeks of future that are drawn where the end is not in sight.
const WEEKS_WITHOUT_END: usize = 26;

/// More labels than these would stand in each other's way.
const DEADLINES_DRAWN: usize = 4;
/// Deadlines so many weeks behind the likely end are drawn.
const WEEKS_BEYOND: i32 = 8;

/// The chart of the overview.
pub fn draw(answer: &Overview) -> Drawn {
    match &answer.burnup {
        Measured::Known { value, .. } => {
            let spec = spec(value, answer.unit, answer.as_of.date, &answer.forecast);
            // What is to come leads nowhere.
            let past = spec.positions.iter().map(|at| at.date).take(value.len());
            let mut links = done_in(answer, past);
            if let Some(links) = &mut links {
                links.parts.resize(spec.positions.len(), String::new());
            }
            let spec = ChartSpec { links, ..spec };
            let is_line = value.len() > 1 && !spec.is_empty();
            is_line.then_some(spec).ok_or_else(|| {
                NoChart::new(
                    "There is one week so far, and a line needs two.",
                    "Come back next week.",
                )
            })
        }
        Measured::Unavailable { reason, remedy } => Err(NoChart::of(reason, *remedy)),
    }
}

/// The chart; the running week ends at `as_of`, where the futures of `forecast` begin.
fn spec(points: &[BurnupPoint], unit: Unit, as_of: Date, forecast: &Forecast) -> ChartSpec {
    let past = Past { points, unit };
    let fan = shown(forecast, as_of);
    let future = Future { past: &past, fan };
    let days = points.iter().map(|point| point.sunday.min(as_of));
    let mut series = Vec::new();
    if !fan.is_empty() {
        series.extend([
            future.band("likely range (90 %)", 95, 5),
            future.band("likely range (70 %)", 85, 15),
            future.dashed(
                "most likely done",
                Role::Work,
                &|at| level(&at.done, 50),
                past.done().next_back(),
            ),
            future.dashed(
                "most likely scope",
                Role::Scope,
                &|at| level(&at.scope, 50),
                past.scope().next_back().flatten(),
            ),
        ]);
    }
    series.push(future.solid("Done", Role::Work, Shape::Area, past.done().map(Some)));
    series.push(future.solid("Scope", Role::Scope, Shape::Line, past.scope()));
    ChartSpec {
        unit: noun(unit, true).to_owned(),
        is_count: unit == Unit::Items,
        plot_height_px: 260,
        positions: days.chain(fan.iter().map(|at| at.sunday)).map(Position::new).collect(),
        series,
        rules: rules(forecast, fan),
        ..ChartSpec::new("burn-up", "Burn-up", Axis::Days)
    }
}

/// The weeks to come that are drawn: until the work is as good as surely done.
fn shown(forecast: &Forecast, as_of: Date) -> &[FanPoint] {
    let all = forecast.fan.known().map(Vec::as_slice).unwrap_or_default();
    let first = all.iter().position(|at| at.sunday > as_of).unwrap_or(all.len());
    let all = all.get(first..).unwrap_or_default();
    let end = forecast.when.known().and_then(|when| when.percentiles.last()?.date);
    let weeks = match end {
        Some(end) => all.iter().take_while(|at| at.sunday < end).count() + 1,
        None => WEEKS_WITHOUT_END,
    };
    all.get(..weeks).unwrap_or(all)
}

/// The likely end and the deadlines that lie within what is drawn, or a little beyond.
fn rules(forecast: &Forecast, fan: &[FanPoint]) -> Vec<Rule> {
    let Some(last) = fan.last().map(|at| at.sunday) else { return Vec::new() };
    let rule = |date, label: String, role| Rule { at: RuleAt::Date(date), label, role };
    let likely = forecast.when.known().and_then(|when| forecast.likely_date(when));
    let likely = likely.map(|date| rule(date, format!("{} %", forecast.percent), Role::Work));
    let near = |date: Date| {
        date > forecast.as_of && Week::of(date).number() <= Week::of(last).number() + WEEKS_BEYOND
    };
    let deadlines = forecast.deadlines.iter().map(|answer| &answer.deadline);
    let deadlines = deadlines.filter(|deadline| near(deadline.date)).take(DEADLINES_DRAWN);
    let deadline = |found: &Deadline| rule(found.date, found.name.clone(), Role::Risk);
    likely.into_iter().chain(deadlines.map(deadline)).collect()
}

fn level(levels: &[FanLevel], percent: u32) -> Option<f64> {
    Some(levels.iter().find(|level| level.percent == percent)?.amount)
}

/// A value of one week to come, counted from now on.
type Level<'l> = &'l dyn Fn(&FanPoint) -> Option<f64>;

/// What was.
struct Past<'p> {
    points: &'p [BurnupPoint],
    unit: Unit,
}

impl Past<'_> {
    fn done(&self) -> impl DoubleEndedIterator<Item = f64> {
        self.points.iter().map(|point| point.done.of(self.unit))
    }

    fn scope(&self) -> impl DoubleEndedIterator<Item = Option<f64>> {
        self.points.iter().map(|point| Some(point.scope?.of(self.unit)))
    }
}

/// What may be, joined to the last point of what was.
struct Future<'f> {
    past: &'f Past<'f>,
    fan: &'f [FanPoint],
}

impl Future<'_> {
    fn solid(
        &self,
        name: &str,
        role: Role,
        shape: Shape,
        past: impl Iterator<Item = Option<f64>>,
    ) -> Series {
        let values = past.chain(self.fan.iter().map(|_| None)).collect();
        Series { name: name.to_owned(), role, shape, values }
    }

    /// Values of the future from the last one of the past on, on top of what is done already.
    fn values(&self, from: Option<f64>, of: Level<'_>) -> Vec<Option<f64>> {
        let before = self.past.points.len().saturating_sub(1);
        let nothing = std::iter::repeat_n(None, before);
        let done = self.past.done().next_back().unwrap_or_default();
        let later = self.fan.iter().map(|at| Some(done + of(at)?));
        nothing.chain([from]).chain(later).collect()
    }

    fn dashed(&self, name: &str, role: Role, of: Level<'_>, from: Option<f64>) -> Series {
        let values = self.values(from, of);
        Series { name: name.to_owned(), role, shape: Shape::Dashed, values }
    }

    fn band(&self, name: &str, least: u32, most: u32) -> Series {
        let done = self.past.done().next_back();
        let of = |percent| self.values(done, &|at| level(&at.done, percent));
        let shape = Shape::Band { lower: of(least) };
        Series { name: name.to_owned(), role: Role::Work, shape, values: of(most) }
    }
}
