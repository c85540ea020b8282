//! The weeks of flow as comma-separated values: a line a week, a column a figure.

use model::Week;

use super::QueryFlow;
use super::recorded::p85_by_week;
use crate::csv;

const HEADER: [&str; 10] = [
    "week",
    "done",
    "finished_and_measured",
    "cycle_time_p85_days",
    "arrived_items",
    "started_items",
    "departed_items",
    "under_way_mean",
    "under_way_at_end",
    "flow_efficiency",
];

impl QueryFlow {
    /// The complete weeks of the window, and after the figures what was in each band at their ends.
    pub fn to_csv(&self) -> String {
        let figures = &self.figures;
        let flow = figures.cumulative_flow.known();
        let bands = flow.map(|flow| flow.bands.as_slice()).unwrap_or_default();
        let bands = bands.iter().map(|band| format!("in_{}", band.statuses.join(", ")));
        let header: Vec<String> = HEADER.map(str::to_owned).into_iter().chain(bands).collect();
        let weeks = figures.throughput.known().map(|chart| chart.weeks.as_slice());
        let weeks: Vec<(Week, f64)> = match weeks {
            Some(weeks) => weeks.iter().map(|week| (week.week, week.done)).collect(),
            None => Vec::new(),
        };
        let lines = weeks.iter().map(|(week, done)| csv::line(&self.cells(*week, *done)));
        csv::line(&header) + &lines.collect::<String>()
    }

    fn cells(&self, of: Week, done: f64) -> Vec<String> {
        let figures = &self.figures;
        let text = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let p85 = figures.cycle_time.known().and_then(|times| p85_by_week(times).remove(&of));
        let came = figures.arrivals.known();
        let came = came.and_then(|came| came.weeks.iter().find(|week| week.week == of));
        let progress = figures.work_in_progress.known();
        let progress = progress.and_then(|all| all.weeks.iter().find(|week| week.week == of));
        let efficiency = figures.stage_times.known().map(|times| &times.efficiency);
        let efficiency = efficiency.and_then(|all| all.weeks.iter().find(|week| week.week == of));
        let flow = figures.cumulative_flow.known();
        let counts = flow.and_then(|flow| flow.weeks.iter().find(|week| week.week == of));
        let mut cells = vec![
            of.to_string(),
            done.to_string(),
            text(p85.map(|(items, _)| items as f64)),
            text(p85.map(|(_, days)| f64::from(days))),
            text(came.map(|week| week.arrived.items as f64)),
            text(came.map(|week| week.started as f64)),
            text(came.map(|week| week.departed.items as f64)),
            text(progress.map(|week| week.mean)),
            text(progress.map(|week| week.at_end as f64)),
            text(efficiency.map(|week| week.share)),
        ];
        cells.extend(counts.iter().flat_map(|week| &week.counts).map(u64::to_string));
        cells
    }
}
