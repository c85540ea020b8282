//! The data of one query: what it holds, how fresh and complete it is, and what is stored of its past.

use app::Measured;
use app::issues::IssuesAsk;
use app::overview::OverviewAsk;
use app::query::QueryOverview;
use app::statistics::StoredScope;
use app::survey::{Coverage, Span};
use app::tally::Share;
use maud::{Markup, html};
use words::{Front, format};

use crate::card::{notes, snapshot};
use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::{link, part};

/// The page.
pub fn page(answer: &QueryOverview, frame: &Frame) -> String {
    shell::page(frame, "Data", Some(&answer.trail), Tab::Data, &body(answer, frame))
}

fn body(answer: &QueryOverview, frame: &Frame) -> Markup {
    html! {
        (headline(answer, frame))
        (notes::card(&answer.notes, &answer.trail))
        @if answer.issues > 0 {
            div.cols {
                div.side { (statuses(answer)) @if matches!(answer.statistics, Measured::Known(_)) { (stored_statistics(answer)) } }
                div.side { (types(answer)) (facts(answer, frame)) }
            }
        } @else { (stored_statistics(answer)) }
        (snapshot::card(answer))
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
                @if let Some(totals) = answer.totals.known().filter(|_| answer.issues > 0) {
                    ", " (format::count(totals.done.items.unsigned_abs())) " done"
                    @if let Some(open) = totals.open { ", " (format::count(open.items.unsigned_abs())) " open" }
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
                    Measured::Unavailable { reason, .. } => { (words::reason(reason)) " " }
                }
                (format::counted(answer.changelogs, "changelog", "changelogs")) ". "
                @if answer.issues > 0 { a href=(all) { "All issues" } ", " a href=(link::report(&answer.trail, &OverviewAsk::default())) { "report" } }
            }
            @if let Some(description) = answer.description.as_deref().filter(|text| !text.is_empty()) {
                p.description { (description) }
            }
            @if !answer.jql.is_empty() { p { span.hidden { "JQL: " } code.jql { (answer.jql) } } }
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
            td.soft.category { (part::category(share.category.as_deref())) }
            (amount(share, answer.issues))
        }
    };
    html! {
        section.card aria-labelledby="statuses" {
            header { h2 #statuses { "By status" } }
            (shares("statuses", &[("Status", None), ("Category", Some("category"))], &answer.statuses, &row))
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
            (shares("types", &[("Type", None)], &answer.types, &row))
        }
    }
}

/// Counts with shares. `heads` are names and classes of the columns that `row` fills before the amount; the heading
/// `labelled_by` names the table.
fn shares(
    labelled_by: &str,
    heads: &[(&str, Option<&str>)],
    shares: &[Share],
    row: &dyn Fn(&Share) -> Markup,
) -> Markup {
    let table = html! {
        table.shares aria-labelledby=(labelled_by) {
            thead {
                tr {
                    @for (head, class) in heads { th scope="col" class=[class] { (head) } }
                    th.num scope="col" { "Issues" }
                    th.num scope="col" { "Share" }
                    td.barcell {}
                }
            }
            tbody { @for share in shares { tr { (row(share)) } } }
        }
    };
    part::scrolling(labelled_by, &table)
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
            header { h2 #facts { "Dates and estimates" } }
            dl.facts {
                dt { "Created" } dd { (span(&answer.created, frame)) }
                dt { "Updated" } dd { (span(&answer.updated, frame)) }
                dt { "Resolved" } dd { (span(&answer.resolved, frame)) }
                dt { (words::unit_title(answer.trail.estimates.unit())) } dd { (points(&answer.points, answer.issues)) }
                dt { "Last used" } dd { (part::day(answer.last_used, frame)) }
            }
        }
    }
}

fn span(span: &Span, frame: &Frame) -> Markup {
    html! {
        @if span.count == 0 { "not known for any issue" } @else {
            @let (first, last) = (span.first.map(|at| format::date(at, &frame.zone)), span.last.map(|at| format::date(at, &frame.zone)));
            (part::range(first, last))
            br; span.soft { (format::counted(span.count, "issue", "issues")) }
        }
    }
}

fn points(points: &Measured<Coverage>, issues: u64) -> Markup {
    let coverage = match points {
        Measured::Known(coverage) => coverage,
        Measured::Unavailable { reason, remedy } => {
            return html! { (words::reason(reason)) " " span.soft { (words::remedy(*remedy, Front::Page)) } };
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

fn stored_statistics(answer: &QueryOverview) -> Markup {
    html! {
        section.card aria-labelledby="statistics" {
            header { h2 #statistics { "Stored statistics" } p.soft { "no issues behind them" } }
            @match &answer.statistics {
                Measured::Unavailable { reason, remedy } => (part::unknown(reason, *remedy)),
                Measured::Known(statistics) => {
                    @let value = |value: Option<f64>| value.map_or(part::NONE.to_owned(), format::decimal);
                    dl.facts {
                        dt { "Rows" } dd {
                            (format::count(statistics.rows))
                            @if statistics.first.is_some() {
                                ", " (part::range(statistics.first.map(format::day), statistics.last.map(format::day)))
                            }
                        }
                        dt { "Completed" } dd { (value(statistics.completed_items)) " items, " (value(statistics.completed_points)) " points" }
                        dt { "Created" } dd { (value(statistics.created_items)) " items, " (value(statistics.created_points)) " points" }
                        @if statistics.scope != StoredScope::default() { dt { "Stored scope" } dd {
                            (value(statistics.scope.total_items)) " items, " (value(statistics.scope.total_points)) " points; remaining "
                            (value(statistics.scope.remaining_items)) " items, " (value(statistics.scope.remaining_points)) " points"
                        } }
                    }
                }
            }
        }
    }
}
