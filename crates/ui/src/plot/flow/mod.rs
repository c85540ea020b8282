//! The charts of the flow page, and where their places lead to.

use app::flow::{FlowAsk, QueryFlow};
use app::issues::{Event, IssuesAsk};
use chart::Links;
use model::Week;

use crate::link;

pub mod arrivals;
pub mod behaviour;
pub mod cumulative_flow;
pub mod cycle_time;
pub mod cycle_time_trend;
pub mod types;
pub mod work_in_progress;

/// Addresses of the issues behind weeks: what happened in them.
fn weekly(answer: &QueryFlow, ask: &FlowAsk, event: Event, weeks: &[Week]) -> Links {
    let parts = weeks.iter().map(Week::to_string).collect();
    Links { to: in_week(answer, ask, event), parts, cells: Vec::new() }
}

/// The address of what happened in a week that is still to be named.
fn in_week(answer: &QueryFlow, ask: &FlowAsk, event: Event) -> String {
    format!("{}&week={{}}", list(answer, ask, event))
}

/// The list of issues that something happened to, as of the day of the page.
fn list(answer: &QueryFlow, ask: &FlowAsk, event: Event) -> String {
    let as_of = ask.view.as_of;
    beside(answer, &IssuesAsk { event: Some(event), as_of, ..IssuesAsk::default() })
}

/// A list of issues as seen from the page, which stands beside it: a page has hundreds of these.
fn beside(answer: &QueryFlow, asked: &IssuesAsk) -> String {
    let whole = link::issues(&answer.trail, asked);
    let query = format!("{}/", link::of_query(&answer.trail));
    whole.strip_prefix(&query).map(str::to_owned).unwrap_or(whole)
}
