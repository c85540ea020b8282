//! Figures as charts: one file per chart, each from values to a [`chart::ChartSpec`].

use app::issues::{Event, IssuesAsk};
use app::metrics::Origin;
use app::overview::Overview;
use app::trail::Trail;
use chart::Links;
use model::{Date, Week};

use crate::link;

pub mod burn_up;
pub mod catalog;
pub(crate) mod delivery;
mod drawn;
pub(crate) mod drift;
pub mod finish;
pub mod flow;
pub mod sample;
pub mod throughput;

/// Addresses of what happened in weeks; `list` is that of what happened at all.
fn weekly(list: &str, weeks: &[Week]) -> Links {
    let parts = weeks.iter().map(Week::to_string).collect();
    Links { to: format!("{list}&week={{}}"), parts, cells: Vec::new() }
}

/// What happened to issues as known on a day.
fn happened(event: Event, as_of: Option<Date>) -> IssuesAsk {
    IssuesAsk { event: Some(event), as_of, ..IssuesAsk::default() }
}

/// Addresses of what was done in the weeks of these days; none where only counts are stored.
fn done_in(answer: &Overview, days: impl Iterator<Item = Date>) -> Option<Links> {
    let weeks: Vec<Week> = days.map(Week::of).collect();
    let list = link::issues(&answer.trail, &happened(Event::Done, answer.as_of.asked()));
    (answer.origin == Some(Origin::Issues)).then(|| weekly(&list, &weeks))
}

/// A list of issues as seen from a page that stands beside it: a page has hundreds of these.
fn beside(trail: &Trail, asked: &IssuesAsk) -> String {
    let whole = link::issues(trail, asked);
    let query = format!("{}/", link::of_query(trail));
    whole.strip_prefix(&query).map(str::to_owned).unwrap_or(whole)
}
