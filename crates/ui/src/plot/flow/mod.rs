//! The charts of the flow page, and where their places lead to.

use app::flow::{FlowAsk, QueryFlow};
use app::issues::Event;
use chart::Links;
use model::Week;

use crate::plot::{beside, happened, weekly};

pub mod arrivals;
pub mod behaviour;
pub mod cumulative_flow;
pub mod cycle_time;
pub mod cycle_time_trend;
pub mod types;
pub mod work_in_progress;

/// Addresses of the issues behind weeks of the page: what happened in them.
fn in_weeks(answer: &QueryFlow, ask: &FlowAsk, event: Event, weeks: &[Week]) -> Links {
    weekly(&list(answer, ask, event), weeks)
}

/// The address of what happened in a week that is still to be named.
fn in_week(answer: &QueryFlow, ask: &FlowAsk, event: Event) -> String {
    format!("{}&week={{}}", list(answer, ask, event))
}

/// The list of issues that something happened to, as of the day of the page.
fn list(answer: &QueryFlow, ask: &FlowAsk, event: Event) -> String {
    beside(&answer.trail, &happened(event, ask.view.as_of))
}
