//! From throughput to dates with honest odds: pure, without clock, files or failures, and the same
//! on every machine.
//!
//! [`forecast`] is the whole of it for one who has a query: a weekly table and the open work in
//! ([`Facts`]), what to take for granted ([`Assumptions`]), what to ask ([`Question`]), and a plain
//! [`Forecast`] out, each part of which says what it rests on or why it is not known. [`backtest`]
//! and [`score`] tell whether such answers come true, and [`FORECAST_CATALOG`] how each is
//! calculated.
//!
//! ```text
//! WeeklyTable ─ Sample ─┐
//! Backlog ──────────────┼─ Engine ─ Distribution ─ When, HowMany, odds, fan
//! WorkingCalendar ──────┘
//! ```
//!
//! Below lie two engines on whole numbers, for tests, benches and studies: the simulation
//! ([`simulated_when`], [`simulated_how_many`]) and the exact one ([`exact_when`],
//! [`exact_how_many`]). They answer a [`Workload`] with a [`Distribution`].

mod answer;
mod asked;
mod assumptions;
mod backlog;
mod backtest;
mod balance;
mod calendar;
mod catalog;
mod dated_chances;
mod deadline;
mod delivery;
mod distribution;
mod engine;
mod exact;
mod fan;
mod futures;
mod growth;
mod history;
mod hit_rate;
mod horizons;
mod how_many;
mod learned_step;
mod normal;
mod odds;
mod pace_model;
mod pace_split;
mod past_forecast;
mod pert;
mod prepared;
mod random;
mod record;
mod sample;
mod simulation;
mod source;
mod statement;
mod watch;
mod when;
mod workload;

pub use answer::{
    DeadlineAnswer, Facts, Forecast, HEADLINE_DEADLINES, HowManyAnswer, Pert, Question, forecast,
    forecast_when,
};
pub use assumptions::{Assumptions, Growth, Model};
pub use backlog::{Backlog, open_items, open_points};
pub use backtest::{Backtest, BacktestPercentile, BacktestWindow, backtest};
pub use balance::Balance;
pub use calendar::{HORIZON_YEARS, Horizon, WorkingCalendar};
pub use catalog::FORECAST_CATALOG;
pub use dated_chances::DatedChances;
pub use deadline::{Deadline, DeadlineOdds, Pace};
pub use delivery::{
    DELIVERY_TRIALS, DeliveryChances, DeliveryGrowth, DeliveryWork, PaceSplit, forecast_deliveries,
};
pub use distribution::Distribution;
pub use exact::{Chance, equal_chances, exact_how_many, exact_when, when_of_chances};
pub use fan::{FAN_WEEKS_MAX, FanLevel, FanPoint};
pub use growth::GrowthUsed;
pub use history::PaceUsed;
pub use hit_rate::{HitRate, JUDGED_MIN, Verdict};
pub use horizons::{HorizonAsked, HorizonHeld, SHOWN_AMOUNTS, SHOWN_WEEKS};
pub use how_many::{HowMany, HowManyPercentile};
pub use learned_step::{LearnedStep, Miss, PastMisses, PastWeek};
pub use odds::Odds;
pub use pace_model::{PaceModel, views};
pub use pace_split::{PastWork, likelier_split};
pub use pert::pert_days;
pub use random::InputHash;
pub use record::{
    ForecastRecord, Progress, RecordedPercentile, ScoredForecast, TrackRecord, daily_progress,
    score,
};
pub use sample::{Exclusion, Sample, SampleWeek, WEEKS_MIN, WEEKS_STRONG_MIN};
pub use simulation::{
    Trials, Weights, drawn_how_many, drawn_when, simulated_how_many, simulated_when,
};
pub use statement::ForecastStatement;
pub use when::{HEADLINE_PERCENT, PERCENTS, WeekShare, When, WhenPercentile};
pub use workload::{Step, Workload};
