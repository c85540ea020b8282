//! The flow of a query: how long items take, how many get done, where they are, what comes and goes.

use std::sync::Arc;

use metrics::{
    Arrivals, BehaviourChart, CumulativeFlow, CycleTimes, Items, LittlesLaw, Measured, Origin,
    ServiceLevel, Span, StageTimes, Stages, TypeDistribution, Unit, WeeklyTable, WorkInProgress,
    arrivals, behaviour_chart, cumulative_flow, cycle_time_scatter, littles_law, or_unknown,
    service_levels, stage_times, type_distribution, unknown_amounts, weekly_table,
    work_in_progress,
};
use model::QueryKey;
use serde::Serialize;

use crate::App;
use crate::error::Result;
use crate::figures::QueryHistory;
use crate::figures::moment::Moment;
use crate::figures::usual::Usual;
use crate::figures::week_range::WeekRange;
use crate::trail::Trail;

pub mod ask;
mod csv;
mod recorded;

pub use ask::FlowAsk;
pub(crate) use recorded::weekly_rows;
pub use recorded::{RecordedFigure, RecordedThen};

/// The flow of a query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QueryFlow {
    /// Which query, and its neighbours.
    pub trail: Trail,
    /// The moment it is about.
    pub as_of: Moment,
    /// Over how many complete weeks; `None` for all.
    pub window_weeks: Option<usize>,
    /// How the pages of the profile are unless asked otherwise.
    pub usual: Usual,
    /// What throughput, arrivals and departures count.
    pub unit: Unit,
    /// What the figures were counted from; `None` if there are none.
    pub origin: Option<Origin>,
    /// The figures.
    #[serde(flatten)]
    pub figures: FlowFigures,
    /// What was stored of these weeks at their time and comes out otherwise today.
    pub recorded_then: Vec<RecordedThen>,
}

/// The figures of one window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FlowFigures {
    /// How long each item took.
    pub cycle_time: Measured<CycleTimes>,
    /// Within how many days which share of started work is done.
    pub service_level: Measured<ServiceLevel>,
    /// How much got done, with what is usual.
    pub throughput: Measured<BehaviourChart>,
    /// How many items were in each stage.
    pub cumulative_flow: Measured<CumulativeFlow>,
    /// What came and went.
    pub arrivals: Measured<Arrivals>,
    /// How much was under way.
    pub work_in_progress: Measured<WorkInProgress>,
    /// Where items spent their time, and which part of it was work.
    pub stage_times: Measured<StageTimes>,
    /// What kind of work got done.
    pub types: Measured<TypeDistribution>,
    /// Whether these agree with each other.
    pub littles_law: Measured<LittlesLaw>,
}

impl App {
    /// The flow of a query; an error if the query is not there.
    pub fn flow(&self, key: &QueryKey, ask: &FlowAsk) -> Result<Arc<QueryFlow>> {
        self.remember(&key.profile, (key, ask), || self.find_flow(key, ask))
    }

    fn find_flow(&self, key: &QueryKey, ask: &FlowAsk) -> Result<QueryFlow> {
        let reader = self.store.read()?;
        let trail = self.trail(&*reader, key)?;
        let history = self.history(&*reader, key, ask.view.as_of)?;
        let items = history.items();
        let table = weekly_table(&items, history.statistics.as_ref());
        let span = ask.view.span(history.usual);
        let figures = FlowFigures::of(&history, &items, &table, span, ask);
        let weeks = window(&table, span);
        let stored = weeks.map(|weeks| reader.snapshots_between(key, weeks.weeks())).transpose()?;
        let recorded_then = recorded::differing(&stored.unwrap_or_default(), &figures);
        Ok(QueryFlow {
            trail,
            as_of: history.moment,
            window_weeks: ask.view.window.weeks(history.usual),
            usual: history.usual,
            unit: history.usual.unit(ask.view.unit),
            origin: table.known().map(|table| table.origin),
            figures,
            recorded_then,
        })
    }
}

/// The complete weeks of a span.
pub(crate) fn window(table: &Measured<WeeklyTable>, span: Span) -> Option<WeekRange> {
    let rows = table.known()?.complete(span);
    Some(WeekRange { first: rows.first()?.week, last: rows.last()?.week })
}

impl FlowFigures {
    /// Of `items` and their `table`, which may be made of stored rows.
    pub(crate) fn of(
        history: &QueryHistory,
        items: &Items<'_>,
        table: &Measured<WeeklyTable>,
        span: Span,
        ask: &FlowAsk,
    ) -> FlowFigures {
        let stages = Stages::read(items);
        // Stored rows tell what got done, and nothing of where it was.
        let of_issues;
        let counted = match table.known().map(|table| table.origin) {
            Some(Origin::Statistics) => {
                of_issues = weekly_table(items, None);
                &of_issues
            }
            _ => table,
        };
        let works = |date| history.calendar.works_on(date);
        let cycle_time = cycle_time_scatter(items, counted, span);
        let arrivals = arrivals(items, counted, span);
        let work_in_progress = work_in_progress(items, &stages, counted, span);
        let baseline = ask.baseline.map(WeekRange::weeks);
        let unit = history.usual.unit(ask.view.unit);
        let unknown = unknown_amounts(items, table, unit);
        FlowFigures {
            service_level: service_levels(items, &cycle_time).map(|levels| levels.of(ask.percent)),
            throughput: or_unknown(unknown, behaviour_chart(table, span, unit, baseline)),
            cumulative_flow: cumulative_flow(items, &stages, counted, span, ask.bands),
            stage_times: stage_times(items, &stages, counted, span, &works),
            types: type_distribution(items, counted, span),
            littles_law: littles_law(&cycle_time, &arrivals, &work_in_progress),
            cycle_time,
            arrivals,
            work_in_progress,
        }
    }
}
