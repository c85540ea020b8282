//! One query: what it holds, how fresh and complete it is, and what is stored of its past.

use app::Measured;
use app::issues::IssuesAsk;
use app::note::Note;
use app::query::QueryOverview;
use app::snapshot::{SnapshotTable, SnapshotWeek};
use app::survey::{Coverage, Span};
use app::tally::Share;
use app::trail::Trail;
use maud::{Markup, html};

use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::{format, link, part};

/// The page.
pub fn page(answer: &QueryOverview, frame: &Frame) -> String {
    shell::page(frame, answer.trail.name(), Some(&answer.trail), Tab::Query, &body(answer, frame))
}

fn body(answer: &QueryOverview, frame: &Frame) -> Markup {
    html! {
        (headline(answer, frame))
        (notes(&answer.notes))
        @if answer.issues > 0 {
            div.cols {
                (statuses(answer))
                div.side { (types(answer)) (facts(answer, frame)) }
            }
        }
        (weekly(answer))
        (stored_statistics(answer))
        @if !answer.files.is_empty() {
            section.card aria-labelledby="files" {
                header { h2 #files { "Migration" } p.soft { "the files this query came from" } }
                (part::source_files(&answer.files, "files"))
            }
        }
    }
}

fn headline(answer: &QueryOverview, frame: &Frame) -> Markup {
    let all = link::issues(&answer.trail, &IssuesAsk::default());
    html! {
        section.answer {
            h1 {
                mark { (format::counted(answer.issues, "issue", "issues")) }
                @if answer.issues > 0 {
                    ", " (format::count(answer.categories.done)) " done"
                    @if answer.categories.indeterminate > 0 {
                        ", " (format::count(answer.categories.indeterminate)) " in progress"
                    }
                }
                "."
            }
            p.how {
                @match &answer.freshness {
                    Measured::Known(fresh) => {
                        "Data as of " (part::day_and_age(fresh.fetched_at, frame))
                        @if fresh.is_due { ", due for a refetch" }
                        ". "
                    }
                    Measured::Unavailable { reason, .. } => { (reason) " " }
                }
                (format::counted(answer.changelogs, "changelog", "changelogs")) ". "
                @if answer.issues > 0 { a href=(all) { "All issues" } }
            }
            @if let Some(description) = answer.description.as_deref().filter(|text| !text.is_empty()) {
                p.description { (description) }
            }
            @if !answer.jql.is_empty() { p { span.hidden { "JQL: " } code.jql { (answer.jql) } } }
        }
    }
}

fn notes(notes: &[Note]) -> Markup {
    html! {
        @if !notes.is_empty() {
            section.card aria-labelledby="notes" {
                header { h2 #notes { "About this data" } }
                ul.notes {
                    @for note in notes { li { b { (note.sentence) } " " span.soft { (note.remedy) } } }
                }
            }
        }
    }
}

fn statuses(answer: &QueryOverview) -> Markup {
    let row = |share: &Share| {
        let ask = IssuesAsk { status: share.name.clone(), ..IssuesAsk::default() };
        html! {
            th scope="row" {
                @if share.name.is_some() {
                    a href=(link::issues(&answer.trail, &ask)) {
                        (part::status(share.name.as_deref(), share.category.as_deref()))
                    }
                } @else { (part::status(None, None)) }
            }
            td.soft { (part::category(share.category.as_deref())) }
            (amount(share, answer.issues))
        }
    };
    html! {
        section.card aria-labelledby="statuses" {
            header { h2 #statuses { "By status" } }
            (shares("Issues by status", &["Status", "Category"], &answer.statuses, &row))
        }
    }
}

fn types(answer: &QueryOverview) -> Markup {
    let row = |share: &Share| {
        let ask = IssuesAsk { issue_type: share.name.clone(), ..IssuesAsk::default() };
        html! {
            th scope="row" {
                @match &share.name {
                    Some(name) => a href=(link::issues(&answer.trail, &ask)) { (name) },
                    None => "without a type",
                }
            }
            (amount(share, answer.issues))
        }
    };
    html! {
        section.card aria-labelledby="types" {
            header { h2 #types { "By type" } }
            (shares("Issues by type", &["Type"], &answer.types, &row))
        }
    }
}

fn shares(
    caption: &str,
    heads: &[&str],
    shares: &[Share],
    row: &dyn Fn(&Share) -> Markup,
) -> Markup {
    html! {
        table.shares {
            caption.hidden { (caption) }
            thead {
                tr {
                    @for head in heads { th scope="col" { (head) } }
                    th.num scope="col" { "Issues" }
                    th.num scope="col" { "Share" }
                    td.barcell {}
                }
            }
            tbody { @for share in shares { tr { (row(share)) } } }
        }
    }
}

fn amount(share: &Share, whole: u64) -> Markup {
    html! {
        td.num { (format::count(share.count)) }
        td.num.soft { (part::percent(share, whole)) }
        td.barcell { (part::bar(share.count, whole)) }
    }
}

fn facts(answer: &QueryOverview, frame: &Frame) -> Markup {
    html! {
        section.card aria-labelledby="facts" {
            header { h2 #facts { "Dates and points" } }
            dl.facts {
                dt { "Created" } dd { (span(&answer.created, frame)) }
                dt { "Updated" } dd { (span(&answer.updated, frame)) }
                dt { "Resolved" } dd { (span(&answer.resolved, frame)) }
                dt { "Points" } dd { (points(&answer.points, answer.issues)) }
                dt { "Last used" } dd { (part::day(answer.last_used, frame)) }
            }
        }
    }
}

fn span(span: &Span, frame: &Frame) -> Markup {
    html! {
        @if span.count == 0 { "not known for any issue" } @else {
            (part::day(span.first, frame)) " to " (part::day(span.last, frame))
            br; span.soft { (format::counted(span.count, "issue", "issues")) }
        }
    }
}

fn points(points: &Measured<Coverage>, issues: u64) -> Markup {
    let coverage = match points {
        Measured::Known(coverage) => coverage,
        Measured::Unavailable { reason, remedy } => {
            return html! { (reason) " " span.soft { (remedy) } };
        }
    };
    let without = [
        (coverage.empty, "empty"),
        (coverage.absent, "without the field"),
        (coverage.not_requested, "not asked for"),
        (coverage.unreadable, "not a number"),
    ];
    html! {
        @match coverage.sum {
            Some(sum) => { (format::decimal(sum)) " on " (format::count(coverage.known)) " of " (format::counted(issues, "issue", "issues")) }
            None => "on no issue",
        }
        @for (count, why) in without.into_iter().filter(|(count, _)| *count > 0) {
            br; span.soft { (format::count(count)) " " (why) }
        }
    }
}

fn weekly(answer: &QueryOverview) -> Markup {
    html! {
        section.card aria-labelledby="weekly" {
            header {
                h2 #weekly { "Weekly metrics" }
                p.soft { "as the old app calculated and stored them" }
                @if let Some(table) = answer.snapshots.known() { p.act { (windows(&answer.trail, answer.weeks, table)) } }
            }
            @match &answer.snapshots {
                Measured::Known(table) => {
                    (part::scrolling("weekly", &snapshot_table(table)))
                    p.soft.fine { "– means that the week has no value, or one that was calculated from nothing." }
                }
                Measured::Unavailable { reason, remedy } => (part::unavailable(reason, remedy)),
            }
        }
    }
}

/// Links to other lengths of the table, if there are more weeks than shown.
fn windows(trail: &Trail, weeks: usize, table: &SnapshotTable) -> Markup {
    const WINDOWS: [(usize, &str); 4] =
        [(12, "12 weeks"), (26, "26 weeks"), (52, "52 weeks"), (app::query::WEEKS_MAX, "all")];
    let is_offered = |length: usize| table.has_earlier || length < table.weeks.len();
    html! {
        @for (length, label) in WINDOWS {
            @if length == weeks { span aria-current="true" { (label) } " " }
            @else if is_offered(length) || length == app::query::WEEKS_DEFAULT && weeks > length {
                a href={ (link::query_weeks(trail, length)) "#weekly" } { (label) } " "
            }
        }
    }
}

fn snapshot_table(table: &SnapshotTable) -> Markup {
    html! {
        table.wide.weekly {
            caption.hidden { "Stored metrics, newest week first" }
            thead {
                tr {
                    th scope="col" { "Week" }
                    @for column in &table.columns {
                        th.num scope="col" { (column.label) @if !column.unit.is_empty() { br; span.unit { (column.unit) } } }
                    }
                }
            }
            tbody { @for week in &table.weeks { (week_row(week)) } }
        }
    }
}

fn week_row(week: &SnapshotWeek) -> Markup {
    html! {
        tr {
            th scope="row" { (week.week) @if let Some(monday) = week.monday { " " span.unit { (format::day(monday)) } } }
            @for value in &week.values {
                td.num { @match value { Some(value) => (format::decimal(*value)), None => span.none { (part::NONE) } } }
            }
        }
    }
}

fn stored_statistics(answer: &QueryOverview) -> Markup {
    html! {
        section.card aria-labelledby="statistics" {
            header { h2 #statistics { "Stored statistics" } p.soft { "rows of the old app" } }
            @match &answer.statistics {
                Measured::Unavailable { reason, remedy } => (part::unavailable(reason, remedy)),
                Measured::Known(statistics) => {
                    @let value = |value: Option<f64>| value.map_or(part::NONE.to_owned(), format::decimal);
                    dl.facts {
                        dt { "Rows" } dd {
                            (format::count(statistics.rows))
                            @if let (Some(first), Some(last)) = (statistics.first, statistics.last) {
                                ", " (format::day(first)) " to " (format::day(last))
                            }
                        }
                        dt { "Completed" } dd { (value(statistics.completed_items)) " items, " (value(statistics.completed_points)) " points" }
                        dt { "Created" } dd { (value(statistics.created_items)) " items, " (value(statistics.created_points)) " points" }
                        dt { "Stored scope" } dd {
                            (value(statistics.scope.total_items)) " items, " (value(statistics.scope.total_points)) " points; remaining "
                            (value(statistics.scope.remaining_items)) " items, " (value(statistics.scope.remaining_points)) " points"
                        }
                    }
                }
            }
        }
    }
}
