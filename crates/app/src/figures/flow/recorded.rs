//! Weekly values of flow as they are stored with each sync, and where they come out otherwise today.

use std::collections::BTreeMap;

use metrics::{CycleTimes, Measured};
use model::{Json, Object, Snapshot, Week};
use serde::{Serialize, Serializer};

use super::FlowFigures;

/// A stored value is told beside that of today if it differs by more.
const TOLERANCE: f64 = 0.005;

/// A figure of a week that was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordedFigure {
    /// Items done.
    Done,
    /// Items created.
    Arrived,
    /// Items started.
    Started,
    /// Days that 85 % of what was done took at most.
    CycleTimeP85,
    /// Items under way on average.
    UnderWay,
    /// Flow efficiency, 0 to 1.
    Efficiency,
}

impl RecordedFigure {
    /// Type and member that it is stored under.
    fn stored_as(self) -> (&'static str, &'static str) {
        match self {
            Self::Done => (crate::figures::WEEKS, "completed"),
            Self::Arrived => (crate::figures::WEEKS, "created"),
            Self::Started => ("arrivals", "started"),
            Self::CycleTimeP85 => ("cycle_time", "p85_days"),
            Self::UnderWay => ("work_in_progress", "mean"),
            Self::Efficiency => ("efficiency", "share"),
        }
    }
}

/// What was stored of a week and comes out otherwise today.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordedThen {
    /// The week, as ISO label in JSON.
    #[serde(serialize_with = "as_label")]
    pub week: Week,
    /// What was stored.
    pub figure: RecordedFigure,
    /// Its value then.
    pub recorded: f64,
    /// Its value today; `None` if it is not known any more.
    pub today: Option<f64>,
}

fn as_label<S: Serializer>(week: &Week, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_str(week)
}

/// Today's values of complete weeks.
type Values = BTreeMap<(Week, RecordedFigure), f64>;

fn values(figures: &FlowFigures) -> Values {
    let mut values = Values::new();
    if let Some(times) = figures.cycle_time.known() {
        values.extend(
            p85_by_week(times)
                .into_iter()
                .map(|(week, (_, days))| ((week, RecordedFigure::CycleTimeP85), f64::from(days))),
        );
    }
    if let Some(arrivals) = figures.arrivals.known() {
        for week in arrivals.weeks.iter().filter(|week| !week.is_partial) {
            let arrived = week.arrived.items as f64;
            values.insert((week.week, RecordedFigure::Arrived), arrived);
            values.insert((week.week, RecordedFigure::Started), week.started as f64);
        }
    }
    if let Some(types) = figures.types.known() {
        for week in types.weeks.iter().filter(|week| !week.is_partial) {
            let done = week.counts.iter().sum::<u64>() as f64;
            values.insert((week.week, RecordedFigure::Done), done);
        }
    }
    if let Some(progress) = figures.work_in_progress.known() {
        for week in progress.weeks.iter().filter(|week| !week.is_partial) {
            values.insert((week.week, RecordedFigure::UnderWay), week.mean);
        }
    }
    if let Some(times) = figures.stage_times.known() {
        for week in &times.efficiency.weeks {
            values.insert((week.week, RecordedFigure::Efficiency), week.share);
        }
    }
    values
}

/// Of each week in which something was done: how many items, and the days of 85 % of them.
pub(super) fn p85_by_week(times: &CycleTimes) -> BTreeMap<Week, (u64, i32)> {
    let mut days: BTreeMap<Week, Vec<i32>> = BTreeMap::new();
    for item in &times.items {
        days.entry(Week::of(item.done)).or_default().push(item.days);
    }
    let p85 = |mut days: Vec<i32>| {
        days.sort_unstable();
        let rank = (days.len() * 85).div_ceil(100);
        let at = rank.checked_sub(1).and_then(|rank| days.get(rank)).copied();
        at.map(|at| (days.len() as u64, at))
    };
    days.into_iter().filter_map(|(week, days)| Some((week, p85(days)?))).collect()
}

/// Where stored values differ from those of today, the newest week first.
pub(super) fn differing(stored: &[Snapshot], figures: &FlowFigures) -> Vec<RecordedThen> {
    let today = values(figures);
    let mut found = Vec::new();
    for row in stored {
        for figure in [
            RecordedFigure::Done,
            RecordedFigure::Arrived,
            RecordedFigure::Started,
            RecordedFigure::CycleTimeP85,
            RecordedFigure::UnderWay,
            RecordedFigure::Efficiency,
        ] {
            let (metric, member) = figure.stored_as();
            if row.metric != metric {
                continue;
            }
            let Some(recorded) = row.metrics.get(member).and_then(Json::as_f64) else { continue };
            let today = today.get(&(row.week, figure)).copied();
            if today.is_none_or(|today| (today - recorded).abs() > TOLERANCE) {
                found.push(RecordedThen { week: row.week, figure, recorded, today });
            }
        }
    }
    found.sort_by(|a, b| b.week.cmp(&a.week).then(a.figure.cmp(&b.figure)));
    found
}

/// The values of complete weeks as they are stored, with the rule that they were counted by; the
/// bands of the cumulative flow are lanes. The types have other names than those of the old app,
/// whose values were counted in other ways.
pub(crate) fn weekly_rows(figures: &FlowFigures) -> Vec<Snapshot> {
    let mut rows = Vec::new();
    if let Measured::Known { value, rule, .. } = &figures.cycle_time {
        for (week, (items, days)) in p85_by_week(value) {
            let members = [("items", integer(items)), ("p85_days", Json::integer(days.into()))];
            rows.push(row(week, "cycle_time", members, rule));
        }
    }
    if let Measured::Known { value, rule, .. } = &figures.work_in_progress {
        for week in value.weeks.iter().filter(|week| !week.is_partial) {
            let members =
                [("mean", Json::float(rounded(week.mean))), ("at_end", integer(week.at_end))];
            rows.push(row(week.week, "work_in_progress", members, rule));
        }
    }
    if let Measured::Known { value, rule, .. } = &figures.arrivals {
        for week in value.weeks.iter().filter(|week| !week.is_partial) {
            rows.push(row(week.week, "arrivals", [("started", integer(week.started))], rule));
        }
    }
    if let Measured::Known { value, rule, .. } = &figures.stage_times {
        for week in &value.efficiency.weeks {
            let members =
                [("items", integer(week.items)), ("share", Json::float(rounded(week.share)))];
            rows.push(row(week.week, "efficiency", members, rule));
        }
    }
    if let Measured::Known { value, rule, .. } = &figures.cumulative_flow {
        let lane = |place: usize| {
            let lane = value.bands.get(place)?.lane;
            Some(lane.map_or("unexplained", model::Lane::key))
        };
        for week in value.weeks.iter().filter(|week| !week.is_partial) {
            let counts = week.counts.iter().enumerate();
            let members = counts.filter_map(|(at, count)| Some((lane(at)?, integer(*count))));
            rows.push(row(week.week, "cumulative_flow", members, rule));
        }
    }
    rows
}

fn row<'m>(
    week: Week,
    metric: &str,
    members: impl IntoIterator<Item = (&'m str, Json)>,
    rule: &str,
) -> Snapshot {
    let mut metrics = Object::new();
    for (name, value) in members {
        metrics.set(name, value);
    }
    metrics.set("rule", Json::text(rule));
    Snapshot { week, metric: metric.to_owned(), metrics: Json::Object(metrics), forecast: None }
}

fn integer(count: u64) -> Json {
    Json::integer(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Sums of many parts differ in their last digits, which is no news.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
