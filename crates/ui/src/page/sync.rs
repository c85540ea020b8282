//! The sync of a query: how far it is, and what the last ones did.

use app::sync_state::SyncState;
use app::trail::Trail;
use maud::{Markup, html};
use model::{SyncOutcome, SyncRecord};
use words::format;

use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::{link, part};

/// The page.
pub fn page(answer: &SyncState, frame: &Frame) -> String {
    // Whoever reads that one runs has its bar, which tells the script when to look again: a job that
    // begins or ends is known to the answer only.
    let syncing = frame.syncing.clone().or_else(|| answer.running.clone());
    let frame = &Frame { syncing, ..frame.clone() };
    shell::page(frame, "Sync", Some(&answer.trail), Tab::Sync, &body(answer, frame))
}

fn body(answer: &SyncState, frame: &Frame) -> Markup {
    html! {
        (headline(answer, frame))
        (start(answer))
        @if let Some(last) = answer.syncs.first() { (missing(last, &answer.trail)) (refused(last)) }
        (ledger(answer, frame))
    }
}

fn headline(answer: &SyncState, frame: &Frame) -> Markup {
    let query = answer.query.as_ref();
    html! {
        section.answer data-first=[first(answer)] data-in-step[is_in_step(answer)] {
            h1 {
                @match (&answer.running, answer.syncs.first()) {
                    (Some(_), _) => { mark { "Syncing" } " with Jira now." }
                    (None, Some(last)) => (result(last)),
                    (None, None) => { "Not synced with Jira " mark { "yet" } "." }
                }
            }
            p.how {
                @match query.and_then(|query| query.fetched_at) {
                    Some(at) => { "Data as of " (part::day_and_age(at, frame)) }
                    None if answer.running.is_some() => "The first data is on its way",
                    None => "Nothing was fetched so far",
                }
                @if let Some(due) = answer.due_at {
                    @if due <= frame.as_of { ", due for a refetch" } @else { ", fresh until " (format::minute(due, &frame.zone)) }
                }
                "."
            }
            @if is_in_step(answer) { p { a href=(link::of_query(&answer.trail)) { "Look at the overview" } } }
            @if let Some(partial) = query.and_then(|query| query.partial.as_deref()) {
                p.strip { "Not complete: " (partial) }
            }
        }
    }
}

/// Where whoever waits for the first data wants to be, or waited until it came just now.
fn first(answer: &SyncState) -> Option<String> {
    let (last, before) = match &*answer.syncs {
        [last, before @ ..] if answer.running.is_none() => (has_data(last), before),
        all => (answer.running.is_some(), all),
    };
    let is_first = last && !before.iter().any(has_data);
    is_first.then(|| link::of_query(&answer.trail))
}

/// Whether the last sync left all there is to see.
fn is_in_step(answer: &SyncState) -> bool {
    answer.running.is_none() && answer.syncs.first().is_some_and(has_data)
}

fn has_data(sync: &SyncRecord) -> bool {
    matches!(sync.outcome, SyncOutcome::Done | SyncOutcome::Fresh | SyncOutcome::Partial)
}

/// How the last sync ended, as a sentence.
fn result(last: &SyncRecord) -> Markup {
    html! {
        @match last.outcome {
            SyncOutcome::Done | SyncOutcome::Fresh => { "In step with Jira: " mark { (format::counted(last.found, "issue", "issues")) } "." }
            SyncOutcome::Partial => { "In step with Jira " mark { "but for " (format::counted(last.missing_count, "issue", "issues")) } "." }
            SyncOutcome::Cancelled => { "The last sync was " mark { "cancelled" } "." }
            SyncOutcome::Failed => { "The last sync " mark { "failed" } "." }
        }
    }
}

fn start(answer: &SyncState) -> Markup {
    html! {
        section.card aria-labelledby="start" {
            header { h2 #start { "Sync" } }
            @if let Some(obstacle) = &answer.obstacle {
                p { (format::sentence(obstacle)) }
                p { a href=(link::settings(&answer.trail.profile.id)) { "Settings of the profile" } }
            } @else {
                p.soft { "Asks Jira what changed and fetches that. Until all of it is here, what is stored stays as it is." }
                form.fields method="post" action=(link::sync(&answer.trail)) {
                    label.check { input type="checkbox" name="full" value="true"; " fetch every issue anew" }
                    button.first type="submit" disabled[answer.running.is_some()] { "Sync now" }
                }
            }
        }
    }
}

/// What the last sync could not get.
fn missing(last: &SyncRecord, trail: &Trail) -> Markup {
    let more = last.missing_count.saturating_sub(last.missing.len() as u64);
    html! {
        @if !last.missing.is_empty() {
            section.card aria-labelledby="missing" {
                header { h2 #missing { "Missing" } p.soft { "the next sync asks for these again" } }
                dl.facts {
                    @for issue in &last.missing { dt { (issue.key) (part::in_jira(trail, &issue.key)) } dd { (format::sentence(&issue.why)) } }
                }
                @if more > 0 { p.soft.fine { "And " (format::count(more)) " more." } }
            }
        }
    }
}

/// What the server would not tell; nothing is missing for that.
fn refused(last: &SyncRecord) -> Markup {
    html! {
        @if !last.refused.is_empty() {
            section.card aria-labelledby="refused" {
                header { h2 #refused { "Not told by Jira" } p.soft { "the sync went on without it" } }
                ul { @for said in &last.refused { li { (format::sentence(said)) } } }
            }
        }
    }
}

fn ledger(answer: &SyncState, frame: &Frame) -> Markup {
    let table = html! {
        table.wide.ledger {
            thead {
                tr {
                    th scope="col" { "When" }
                    th scope="col" { "How it ended" }
                    @for head in ["Found", "New", "Changed", "Gone", "Fetched", "History entries", "Requests", "Received"] {
                        th.num scope="col" { (head) }
                    }
                    th.num scope="col" { "Took" }
                }
            }
            tbody { @for sync in &answer.syncs { (row(sync, frame)) } }
        }
    };
    html! {
        @if !answer.syncs.is_empty() {
            section.card aria-labelledby="ledger" {
                header { h2 #ledger { "The last syncs" } }
                (part::scrolling("ledger", &table))
            }
        }
    }
}

fn row(sync: &SyncRecord, frame: &Frame) -> Markup {
    let took_s = sync.ended_at.duration_since(sync.started_at).as_secs();
    let retries = if sync.retries > 0 {
        format!(" ({} again)", format::count(sync.retries))
    } else {
        String::new()
    };
    html! {
        tr {
            th scope="row" { time datetime=(sync.started_at) { (format::minute(sync.started_at, &frame.zone)) } }
            td { (format::sentence(&sync.message)) }
            @for number in [sync.found, sync.new, sync.changed, sync.gone, sync.received] { td.num { (format::count(number)) } }
            td.num {
                (format::count(sync.histories_stored))
                @if sync.histories_told > sync.histories_stored { " of " (format::count(sync.histories_told)) }
            }
            td.num { (format::count(sync.requests)) (retries) }
            td.num { (format::bytes(sync.bytes)) }
            td.num {
                @match took_s { ..1 => "< 1 s", 1..60 => { (took_s) " s" }, _ => (format::duration(took_s)) }
            }
        }
    }
}
