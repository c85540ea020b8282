//! The issue list of a query: filter form, sortable table, pager.

use app::issues::{
    Behind, Event, IssueList, IssueRow, IssuesAsk, PAGE_SIZE_DEFAULT, PointsValue, SortField,
};
use app::tally::Share;
use maud::{Markup, html};
use words::format;

use crate::frame::Frame;
use crate::link;
use crate::part::{self, Pages};
use crate::shell::{self, Tab};

/// The page for what was asked.
pub fn page(answer: &IssueList, ask: &IssuesAsk, frame: &Frame) -> String {
    let title = format!("Issues of {}", answer.trail.name());
    shell::page(frame, &title, Some(&answer.trail), Tab::Issues, &body(answer, ask, frame))
}

fn body(answer: &IssueList, ask: &IssuesAsk, frame: &Frame) -> Markup {
    html! {
        section.answer {
            h1 {
                @if answer.matching == answer.total {
                    mark { (format::counted(answer.total, "issue", "issues")) } "."
                } @else {
                    mark { (format::count(answer.matching)) } " of " (format::counted(answer.total, "issue", "issues")) "."
                }
            }
        }
        @if let Some(behind) = &answer.behind { p.soft { (format::sentence(&about(behind))) } }
        (filter(answer, ask))
        section.card aria-labelledby="list" {
            h2.hidden #list { "Issues" }
            @if answer.issues.is_empty() { (nothing(answer, ask)) } @else {
                (part::scrolling("list", &table(answer, ask, frame)))
                (pager(answer, ask))
            }
        }
    }
}

/// What the number counts that the issues are behind of.
fn about(behind: &Behind) -> String {
    let what = match behind.event {
        Event::Created => "created",
        Event::Done => "done",
        Event::Cancelled => "cancelled",
        Event::Left => "no longer found by the query and open when it was last seen",
        Event::Open => "open",
        Event::Started if behind.weeks.is_some() => "started",
        Event::Started => "started and open",
        Event::UnderWay => "under way",
        Event::InStage => "in that stage",
        Event::Departed => "done, cancelled or no longer found",
        Event::Scope => "done or open",
        Event::Undated => "in no week, as a date is missing",
        Event::NotCounted => "not counted",
    };
    let when = match (behind.event, behind.weeks) {
        (_, None) => String::new(),
        (Event::Open | Event::UnderWay | Event::InStage, Some(weeks)) => {
            format!(" at the end of {}", weeks.last)
        }
        (_, Some(weeks)) if weeks.first == weeks.last => format!(" in {weeks}"),
        (_, Some(weeks)) => format!(" from {} to {}", weeks.first, weeks.last),
    };
    format!("{what}{when}, as known on {}", format::day(behind.as_of.date))
}

fn filter(answer: &IssueList, ask: &IssuesAsk) -> Markup {
    let IssuesAsk { sort, is_descending, size, .. } = *ask;
    let all = IssuesAsk { sort, is_descending, size, ..IssuesAsk::default() };
    let is_filtered = *ask != IssuesAsk { page: ask.page, ..all.clone() };
    html! {
        form.filter method="get" action={ (link::of_query(&answer.trail)) "/issues" } role="search" {
            label { "Text in key or summary" input #text type="search" name="text" maxlength="200" value=[ask.text.as_deref()]; }
            (select("Status", "status", &answer.statuses, ask.status.as_deref()))
            (select("Type", "type", &answer.types, ask.issue_type.as_deref()))
            @if (ask.sort, ask.is_descending) != (SortField::Key, false) {
                input type="hidden" name="sort" value=(ask.sort.as_str());
                input type="hidden" name="order" value=(link::order(ask.is_descending));
            }
            @for (name, value) in link::behind(ask) { input type="hidden" name=(name) value=(value); }
            @if ask.size != PAGE_SIZE_DEFAULT { input type="hidden" name="size" value=(ask.size); }
            button type="submit" { "Filter" }
            @if is_filtered { a href=(link::issues(&answer.trail, &all)) { "Show all" } }
        }
    }
}

fn select(label: &str, name: &str, shares: &[Share], chosen: Option<&str>) -> Markup {
    let is_listed =
        chosen.is_none_or(|chosen| shares.iter().any(|s| s.name.as_deref() == Some(chosen)));
    html! {
        label {
            (label)
            select name=(name) {
                option value="" { "any" }
                @if !is_listed { option value=[chosen] selected { (chosen.unwrap_or_default()) " (0)" } }
                @for share in shares {
                    @if let Some(name) = share.name.as_deref().filter(|name| !name.is_empty()) {
                        option value=(name) selected[chosen == Some(name)] { (name) " (" (format::count(share.count)) ")" }
                    }
                }
            }
        }
    }
}

fn nothing(answer: &IssueList, ask: &IssuesAsk) -> Markup {
    let last = IssuesAsk { page: answer.pages, ..ask.clone() };
    html! {
        @if answer.total == 0 {
            (part::unavailable("This query holds no issues.", "Its overview says why."))
        } @else if answer.matching == 0 {
            (part::unavailable("No issue matches.", "Change the filter, or show all."))
        } @else {
            (part::unavailable("This page is beyond the last one.", ""))
            p { a href=(link::issues(&answer.trail, &last)) { "Go to page " (answer.pages) } }
        }
    }
}

fn table(answer: &IssueList, ask: &IssuesAsk, frame: &Frame) -> Markup {
    let has_summary = answer.issues.iter().any(|issue| issue.summary.is_some());
    let has_age = answer.issues.iter().any(|issue| issue.age_days.is_some());
    let has_updated = answer.issues.iter().any(|issue| issue.updated.is_some());
    let head = |field, label: &str, class| sort_head(answer, ask, field, label, class);
    html! {
        table.wide.issues {
            caption.hidden { "Issues, sorted by " (answer.sort.as_str()) }
            thead {
                tr {
                    (head(SortField::Key, "Key", None))
                    @if has_summary { th scope="col" { "Summary" } }
                    (head(SortField::Type, "Type", None))
                    (head(SortField::Status, "Status", None))
                    @if has_age { (head(SortField::Age, "Age", Some("num"))) }
                    (head(SortField::Created, "Created", None))
                    @if has_updated { (head(SortField::Updated, "Updated", None)) }
                    (head(SortField::Resolved, "Resolved", None))
                    (head(SortField::Points, words::unit_title(answer.trail.estimates.unit()), Some("num")))
                }
            }
            tbody {
                @for issue in &answer.issues {
                    tr {
                        th scope="row" { (part::key(&answer.trail, &issue.key)) }
                        @if has_summary { td.summary { (issue.summary.as_deref().unwrap_or(part::NONE)) } }
                        (cells(issue, (has_age, has_updated), frame))
                    }
                }
            }
        }
    }
}

fn cells(issue: &IssueRow, (has_age, has_updated): (bool, bool), frame: &Frame) -> Markup {
    html! {
        td { (issue.issue_type.as_deref().unwrap_or(part::NONE)) }
        td { (part::status(issue.status.as_deref(), issue.status_category.as_deref())) }
        @if has_age { td.num { @match issue.age_days { Some(days) => { (days) " d" }, None => span.none { (part::NONE) } } } }
        td { (part::day(issue.created, frame)) }
        @if has_updated { td { (part::day(issue.updated, frame)) } }
        td { (part::day(issue.resolved, frame)) }
        td.num { (points(issue.points)) }
    }
}

/// Story points, or a dash that says why there are none.
pub(crate) fn points(points: PointsValue) -> Markup {
    let why = match points {
        PointsValue::Known(value) => return html! { (format::decimal(value)) },
        PointsValue::Empty => "the field is empty",
        PointsValue::Absent => "the issue has no such field",
        PointsValue::NotRequested => "the fetch did not ask for the field",
        PointsValue::Unreadable => "the field holds no number",
    };
    html! { span.none title=(why) { (part::NONE) } }
}

fn sort_head(
    answer: &IssueList,
    ask: &IssuesAsk,
    field: SortField,
    label: &str,
    class: Option<&str>,
) -> Markup {
    let is_sorted = answer.sort == field;
    let starts_descending = matches!(
        field,
        SortField::Created
            | SortField::Updated
            | SortField::Resolved
            | SortField::Points
            | SortField::Age
    );
    let is_descending = if is_sorted { !answer.is_descending } else { starts_descending };
    let to = IssuesAsk { sort: field, is_descending, page: 1, ..ask.clone() };
    let sorted = is_sorted.then_some(answer.is_descending);
    part::sort_head(label, class, sorted, &link::issues(&answer.trail, &to))
}

fn pager(answer: &IssueList, ask: &IssuesAsk) -> Markup {
    let pages = Pages {
        page: answer.page,
        count: answer.pages,
        size: answer.size,
        shown: answer.issues.len(),
        matching: answer.matching,
    };
    part::pager(pages, &|page| link::issues(&answer.trail, &IssuesAsk { page, ..ask.clone() }))
}
