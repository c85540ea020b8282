//! One issue: facts, time in each status, dated history, document.

use app::Measured;
use app::issue::{DatedChange, History, IssueDetail, TimeInStatus};
use maud::{Markup, html};
use words::format;

use super::issues::points;
use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::{link, part};

/// Longest document that the page spells out, in bytes; the JSON interface gives all of it.
pub const DOCUMENT_BYTES_MAX: usize = 64 * 1024;

/// The page.
pub fn page(answer: &IssueDetail, frame: &Frame) -> String {
    let body = body(answer, frame);
    shell::page(frame, &answer.facts.key, Some(&answer.trail), Tab::Issues, &body)
}

fn body(answer: &IssueDetail, frame: &Frame) -> Markup {
    let facts = &answer.facts;
    html! {
        section.answer {
            h1 { mark { (facts.key) } (part::in_jira(&answer.trail, &facts.key)) @if let Some(summary) = &facts.summary { " " (summary) } }
            p.how {
                (part::status(facts.status.as_deref(), facts.status_category.as_deref()))
                @if let Some(issue_type) = &facts.issue_type { " · " (issue_type) }
                @if let Some(at) = answer.fetched_at { " · as of " (part::day_and_age(at, frame)) }
            }
        }
        div.cols.even {
            (facts_card(answer, frame))
            (time_card(answer, frame))
        }
        (history_card(answer, frame))
        (document_card(answer))
    }
}

fn facts_card(answer: &IssueDetail, frame: &Frame) -> Markup {
    let facts = &answer.facts;
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| part::NONE.to_owned());
    html! {
        section.card aria-labelledby="facts" {
            header { h2 #facts { "Facts" } }
            dl.facts {
                dt { "Project" } dd { (text(&facts.project)) }
                dt { "Priority" } dd { (text(&facts.priority)) }
                dt { "Parent" } dd { @match &facts.parent { Some(parent) => { (parent) (part::in_jira(&answer.trail, parent)) }, None => (part::NONE) } }
                dt { (words::unit_title(answer.trail.estimates.unit())) } dd { (points(facts.points)) }
                dt { "Created" } dd { (part::day(facts.created, frame)) }
                dt { "Updated" } dd { (part::day(facts.updated, frame)) }
                dt { "Resolved" } dd { (part::day(facts.resolved, frame)) }
            }
        }
    }
}

fn time_card(answer: &IssueDetail, frame: &Frame) -> Markup {
    html! {
        section.card aria-labelledby="times" {
            header { h2 #times { "Time in status" } }
            @if let Some(said) = answer.expectation.as_ref().and_then(words::item_expectation) { p { (said) } }
            @match &answer.history {
                Measured::Unavailable { reason, remedy } => (part::unknown(reason, *remedy)),
                Measured::Known(history) => {
                    @if history.ends_in_current_status == Some(false) {
                        p.strip { "The changelog does not end in the current status: it is older than the issue." }
                    }
                    @if history.statuses.is_empty() {
                        (part::unavailable(
                            "The issue is done, but no change of its status is known.",
                            "How long it was in each status cannot be told.",
                        ))
                    } @else { (part::scrolling("times", &times(history, frame))) }
                }
            }
        }
    }
}

fn times(history: &History, frame: &Frame) -> Markup {
    let whole = history.statuses.iter().filter_map(|status| status.seconds).sum::<i64>();
    html! {
        table.shares {
            caption.hidden { "Time in each status, in the order of the first visit" }
            thead {
                tr {
                    th scope="col" { "Status" } th.num scope="col" { "Time" } th.num scope="col" { "Visits" }
                    th scope="col" { "Last entered" } td.barcell {}
                }
            }
            tbody { @for status in &history.statuses { (time_row(status, whole, frame)) } }
        }
    }
}

fn time_row(status: &TimeInStatus, whole_seconds: i64, frame: &Frame) -> Markup {
    html! {
        tr {
            th scope="row" {
                (status.status.as_deref().unwrap_or("not named"))
                @if status.is_current { " " span.chip { "now" } }
            }
            td.num { @match status.seconds { Some(seconds) => (format::duration(seconds)), None => span.none { (part::NONE) } } }
            td.num { (status.visits) }
            td { (part::day(status.entered_at, frame)) }
            td.barcell { (part::bar(status.seconds.unwrap_or(0).unsigned_abs(), whole_seconds.unsigned_abs())) }
        }
    }
}

fn history_card(answer: &IssueDetail, frame: &Frame) -> Markup {
    html! {
        section.card aria-labelledby="history" {
            header { h2 #history { "History" } @if answer.history.known().is_some() { p.soft { "oldest first" } } }
            @match &answer.history {
                Measured::Unavailable { reason, remedy } => (part::unknown(reason, *remedy)),
                Measured::Known(history) if history.changes.is_empty() => {
                    (part::unavailable("The changelog that was fetched holds no change.",
                        "Either nothing ever changed, or whoever fetched it did not get these changes."))
                }
                Measured::Known(history) => {
                    (part::scrolling("history", &changes(&history.changes, frame)))
                    @if history.change_count > history.changes.len() as u64 {
                        p.soft { "The first " (history.changes.len()) " of " (format::count(history.change_count)) " changes." }
                    }
                }
            }
        }
    }
}

fn changes(changes: &[DatedChange], frame: &Frame) -> Markup {
    html! {
        table.wide {
            caption.hidden { "Changes, oldest first" }
            thead { tr { th scope="col" { "When" } th scope="col" { "Field" } th scope="col" { "From" } th scope="col" { "To" } } }
            tbody {
                @for change in changes {
                    tr {
                        th scope="row" {
                            @match change.at {
                                Some(at) => time datetime=(at) { (format::minute(at, &frame.zone)) },
                                None => "no readable time",
                            }
                        }
                        td { (change.field) }
                        td { (change.from.as_deref().unwrap_or(part::NONE)) }
                        td { (change.to.as_deref().unwrap_or(part::NONE)) }
                    }
                }
            }
        }
    }
}

fn document_card(answer: &IssueDetail) -> Markup {
    let text = answer.document.to_indented();
    let shown = text.get(..text.floor_char_boundary(DOCUMENT_BYTES_MAX)).unwrap_or_default();
    html! {
        section.card aria-labelledby="document" {
            header { h2 #document { "Document" }
                p.soft { "as Jira sent it, " (format::bytes(text.len() as u64)) }
                p.act { a href=(link::json(&link::issue(&answer.trail, &answer.facts.key))) { "JSON" } }
            }
            details.more {
                summary { "Show it" }
                pre.document tabindex="0" role="group" aria-labelledby="document" { code { (shown) } }
            }
            @if shown.len() < text.len() {
                p.soft { "Only the first " (format::bytes(shown.len() as u64)) " are shown; the JSON interface gives all of it." }
            }
        }
    }
}
