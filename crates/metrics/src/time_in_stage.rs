//! Time in stage and flow efficiency: where finished items spent their working days, and which part
//! of these somebody worked on them.

use model::{Date, Lane, Remedy, Week};
use serde::Serialize;

use crate::cycle_time::percentile;
use crate::item::State;
use crate::items::Items;
use crate::measured::{Measured, Window};
use crate::reason::Reason;
use crate::stage::{StageInterval, Stages};
use crate::weekly::{WeeklyTable, window_of};
use crate::weeks::{Span, as_label};
use crate::working_time::WorkingTime;

/// Which part of the time of finished items was work.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FlowEfficiency {
    /// Of all of them together, 0 to 1.
    pub share: f64,
    /// Working days that they were in active statuses.
    pub active_days: f64,
    /// Working days that they waited.
    pub waiting_days: f64,
    /// The same for what was finished in each complete week in which something was.
    pub weeks: Vec<EfficiencyWeek>,
}

/// What was finished in a week.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct EfficiencyWeek {
    /// The week, as ISO label in JSON.
    #[serde(serialize_with = "as_label")]
    pub week: Week,
    /// How many items with time in waiting or active statuses.
    pub items: u64,
    /// 0 to 1.
    pub share: f64,
}

/// How long finished items were in one status.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimeInStage {
    /// The status; empty if its name is not known.
    pub status: String,
    /// Its lane.
    pub lane: Option<Lane>,
    /// Whether work has begun in it.
    pub is_started: bool,
    /// How many of them were in it.
    pub items: u64,
    /// So many working days half of these were in it at most.
    pub median_days: f64,
    /// So many working days 85 % of these were in it at most.
    pub p85_days: f64,
    /// Working days of all of them together.
    pub total_days: f64,
    /// Which share that is of all waiting and active time, 0 to 1.
    pub share: f64,
}

/// Where finished items spent their time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageTimes {
    /// Waiting and active statuses, in the order of the workflow.
    pub stages: Vec<TimeInStage>,
    /// Which part of it was work.
    pub efficiency: FlowEfficiency,
}

/// Time in started waiting and active statuses of what was done in the complete weeks of a span, in
/// working days; `works` says which days are. Not known as long as no status is mapped as waiting.
pub fn stage_times(
    items: &Items<'_>,
    stages: &Stages<'_>,
    table: &Measured<WeeklyTable>,
    span: Span,
    works: &dyn Fn(Date) -> bool,
) -> Measured<StageTimes> {
    table.then(|table, _| {
        let Some(window) = window_of(table.complete(span)) else {
            return Measured::unavailable(Reason::NoCompleteWeek, Remedy::WaitForWeek);
        };
        if !is_split(items) {
            return Measured::unavailable(Reason::NoWaitingStatus, Remedy::SayWhereWorkWaits);
        }
        let spent = Spent::of(items, stages, window, works);
        let Some(value) = spent.times(stages) else {
            return Measured::unavailable(Reason::NoTimeInWork, Remedy::CheckStartedStatuses);
        };
        Measured::Known {
            value,
            sample: spent.items,
            window: Some(window),
            rule: "working days in waiting and active statuses".to_owned(),
            notes: Vec::new(),
        }
    })
}

/// Whether the profile tells waiting from active.
fn is_split(items: &Items<'_>) -> bool {
    let occurs = |lane: Lane, is_chosen: bool| {
        let mut known = items.statuses.known().iter().filter(|known| known.occurs);
        known.any(|known| {
            known.meaning.lane == Some(lane)
                && known.meaning.is_started
                && (!is_chosen || known.origin == crate::LaneOrigin::Chosen)
        })
    };
    occurs(Lane::Waiting, true) && occurs(Lane::Active, false)
}

/// What finished items spent, as it is added up.
struct Spent {
    items: u64,
    /// Of each stage: the days of each item that was in it.
    days: Vec<Vec<f64>>,
    /// By week of done: items, active days, waiting days.
    weeks: std::collections::BTreeMap<Week, (u64, f64, f64)>,
}

impl Spent {
    fn of(
        items: &Items<'_>,
        stages: &Stages<'_>,
        window: Window,
        works: &dyn Fn(Date) -> bool,
    ) -> Spent {
        let mut spent = Spent {
            items: 0,
            days: vec![Vec::new(); stages.all.len()],
            weeks: std::collections::BTreeMap::new(),
        };
        let moments = items.as_of.moments_of(window);
        let finished: Vec<(Week, &[StageInterval])> = stages
            .with(items)
            .filter(|(item, _)| item.state == State::Done && item.undated().is_none())
            .filter_map(|(item, intervals)| Some((item.finished?.at, intervals)))
            .filter(|(at, _)| moments.contains(at))
            .map(|(at, intervals)| (Week::of(items.as_of.date_of(at)), intervals))
            .collect();
        let first = finished.iter().filter_map(|(_, intervals)| intervals.first());
        let Some(first) = first.map(|interval| interval.from).min() else { return spent };
        let time = WorkingTime::new(items.as_of.date_of(first), &items.as_of, works);
        for (week, intervals) in finished {
            spent.add(week, intervals, stages, &time);
        }
        spent
    }

    fn add(
        &mut self,
        week: Week,
        intervals: &[StageInterval],
        stages: &Stages<'_>,
        time: &WorkingTime,
    ) {
        let mut of_item: Vec<(usize, f64)> = Vec::new();
        for interval in intervals.iter().filter(|i| stages.meaning(i.stage).is_started) {
            let Some(to) = interval.to else { continue };
            let days = time.days_between(interval.from, to);
            match of_item.iter_mut().find(|(stage, _)| *stage == interval.stage) {
                Some((_, sum)) => *sum += days,
                None => of_item.push((interval.stage, days)),
            }
        }
        if of_item.is_empty() {
            return;
        }
        self.items += 1;
        let sums = self.weeks.entry(week).or_default();
        sums.0 += 1;
        for (stage, days) in of_item {
            let sum = match stages.lane(stage) {
                Some(Lane::Active) => &mut sums.1,
                _ => &mut sums.2,
            };
            *sum += days;
            self.days.get_mut(stage).into_iter().for_each(|all| all.push(days));
        }
    }

    /// `None` if no working time was spent at all.
    fn times(&self, stages: &Stages<'_>) -> Option<StageTimes> {
        let sum = |of: fn(&(u64, f64, f64)) -> f64| self.weeks.values().map(of).sum::<f64>();
        let (active_days, waiting_days) = (sum(|week| week.1), sum(|week| week.2));
        let total = active_days + waiting_days;
        let week = |(week, (items, active, waiting)): (&Week, &(u64, f64, f64))| {
            let share = active / (active + waiting);
            let is_known = active + waiting > 0.0;
            is_known.then_some(EfficiencyWeek { week: *week, items: *items, share })
        };
        (total > 0.0).then(|| StageTimes {
            stages: self.stages(stages, total),
            efficiency: FlowEfficiency {
                share: active_days / total,
                active_days,
                waiting_days,
                weeks: self.weeks.iter().filter_map(week).collect(),
            },
        })
    }

    fn stages(&self, stages: &Stages<'_>, total: f64) -> Vec<TimeInStage> {
        let times = stages.all.iter().zip(&self.days).filter_map(|(stage, days)| {
            let mut sorted = days.clone();
            sorted.sort_by(f64::total_cmp);
            let total_days: f64 = sorted.iter().sum();
            Some(TimeInStage {
                status: stage.name.unwrap_or_default().to_owned(),
                lane: stage.meaning.lane,
                is_started: stage.meaning.is_started,
                items: sorted.len() as u64,
                median_days: percentile(&sorted, 50)?,
                p85_days: percentile(&sorted, 85)?,
                total_days,
                share: total_days / total,
            })
        });
        times.collect()
    }
}
