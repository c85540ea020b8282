//! From issues and their changelogs to figures: pure, without clock, files or failures.
//!
//! [`Items::read`] replays a query's issues as they stood at an [`AsOf`]; [`weekly_table`] counts
//! them per week, and every other figure follows from these two. A figure is a [`Measured`] value
//! that names its sample, window and rule, or says why it is not known; [`Items::keys`] names the
//! issues behind a number, [`data_notes`] what is doubtful, and [`CATALOG`] how each is calculated.

mod ageing;
mod amount;
mod arrivals;
mod behaviour_chart;
mod burn_up;
mod catalog;
mod cumulative_flow;
mod cycle_time;
mod cycle_time_scatter;
mod data_notes;
mod delivery;
mod explained;
mod former_type;
mod history;
mod item;
mod items;
mod littles_law;
mod measured;
mod membership;
mod memo;
mod note;
mod overdue;
mod process_behaviour;
mod reason;
mod replay;
mod rules;
mod scope;
mod selection;
mod service_level;
mod signal;
mod stage;
mod statement;
mod statistics;
mod status;
mod summary;
mod survival;
mod throughput;
mod time_in_stage;
mod type_distribution;
mod weekly;
mod weeks;
mod work_in_progress;
mod work_item_age;
mod workflow;
mod working_time;

pub use ageing::{
    Ageing, AgeingItem, AgeingStage, Pace, SERVICE_LEVEL_PERCENT, ZONE_ITEMS_MIN, Zones, ageing,
};
pub use amount::{Amount, Estimates, POINTS_MAX, Unit};
pub use arrivals::{Arrivals, ArrivalsWeek, arrivals};
pub use behaviour_chart::{BehaviourChart, BehaviourWeek, behaviour_chart};
pub use burn_up::{BurnupPoint, burnup};
pub use catalog::{CATALOG, Metric};
pub use cumulative_flow::{Band, BandsBy, CumulativeFlow, CumulativeWeek, cumulative_flow};
pub use cycle_time::{CycleTime, cycle_time};
pub use cycle_time_scatter::{
    CycleTimeBefore, CycleTimes, FinishedItem, MonthOfCycleTime, cycle_time_scatter,
};
pub use data_notes::{Doubts, bulk_closes, data_notes};
pub use delivery::{DeliveryItems, DeliveryWeek};
pub use former_type::with_former_types;
pub use history::{Histories, IssueHistory};
pub use item::{Dating, Finished, Item, Start, State, Undated};
pub use items::{Items, NotCounted};
pub use littles_law::{LittlesLaw, littles_law};
pub use measured::{Measured, Window};
pub use membership::{Belonging, GroupNow, MembershipOf, Memberships};
pub use note::{KEYS_MAX, Note, NoteCode, Share};
pub use overdue::{Overdue, overdue};
pub use process_behaviour::{Change, Limits, RUN, VALUES_MIN};
pub use reason::Reason;
pub use rules::Exclusion;
pub use scope::{Coverage, ScopeGrowth, Totals, coverage, scope_growth, totals};
pub use selection::Selection;
pub use service_level::{Expectation, ItemOdds, ServiceLevel, ServiceLevels, service_levels};
pub use signal::{Signal, SignalCode, Tone, sample_signals, signals};
pub use stage::{Stage, StageInterval, Stages};
pub use statement::SignalStatement;
pub use statistics::Statistics;
pub use status::{KnownStatus, LaneOrigin, Meaning, StatusUse, Statuses};
pub use summary::{Before, Summary, or_unknown, unknown_amounts};
pub use survival::{Stay, SurvivalCurve, stays};
pub use throughput::{Throughput, throughput};
pub use time_in_stage::{EfficiencyWeek, FlowEfficiency, StageTimes, TimeInStage, stage_times};
pub use type_distribution::{TypeDistribution, TypeShare, TypesWeek, type_distribution};
pub use weekly::{Flow, Origin, WeekRow, WeeklyTable, weekly_table};
pub use weeks::{AsOf, Span, as_label};
pub use work_in_progress::{WorkInProgress, WorkInProgressWeek, work_in_progress};
pub use work_item_age::{Age, known_ages, work_item_age};
pub use workflow::{ListsInForce, Rule, WorkType, Workflow};
pub use working_time::WorkingTime;
