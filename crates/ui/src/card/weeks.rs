//! The weekly table: what came in, what went out, what was open.

use app::issues::Event;
use app::metrics::{Flow, WeekRow};
use app::week_range::WeekRange;
use app::weeks::{Before, WeeksTable};
use maud::{Markup, html};
use words::format;

use crate::part;
use crate::view::View;

/// At most `most` weeks, newest first, and what came before them if all are shown; the heading
/// `labelled_by` names the table.
pub fn table(view: &View<'_>, weeks: &WeeksTable, most: usize, labelled_by: &str) -> Markup {
    let is_whole = weeks.rows.len() <= most;
    let table = html! {
        table.wide.weeks {
            caption.hidden { "Weeks, newest first" }
            thead {
                tr {
                    th scope="col" { "Week" }
                    @for head in ["Created", "Done", "Cancelled", "Open at end"] { th.num scope="col" { (head) } }
                }
            }
            tbody {
                @for row in weeks.rows.iter().rev().take(most) { (week(view, row)) }
                @if is_whole { @if let Some(before) = &weeks.before { (earlier(view, before)) } }
            }
            @if is_whole { tfoot { tr { th scope="row" { "In these weeks" } (cells(view, &weeks.total, None)) td {} } } }
        }
    };
    part::scrolling(labelled_by, &table)
}

fn week(view: &View<'_>, row: &WeekRow) -> Markup {
    html! {
        tr {
            th scope="row" {
                (row.week) " " span.unit { (format::day(row.monday)) }
                @if row.is_partial { " " span.chip.quiet { "running" } }
            }
            (cells(view, &row.flow, Some(WeekRange::only(row.week))))
            (open(view, row.open, WeekRange::only(row.week)))
        }
    }
}

fn earlier(view: &View<'_>, before: &Before) -> Markup {
    html! {
        tr.before {
            th scope="row" { "Earlier " span.unit { (before.weeks.first) @if before.weeks.first != before.weeks.last { " to " (before.weeks.last) } } }
            (cells(view, &before.flow, Some(before.weeks)))
            (open(view, before.open, before.weeks))
        }
    }
}

fn cells(view: &View<'_>, flow: &Flow, weeks: Option<WeekRange>) -> Markup {
    let cells = [
        (Some(flow.created), Event::Created),
        (Some(flow.done), Event::Done),
        (flow.cancelled, Event::Cancelled),
    ];
    html! {
        @for (amount, event) in cells {
            td.num {
                @match (amount, weeks) {
                    (Some(amount), Some(weeks)) => (view.amount(amount, event, weeks)),
                    (Some(amount), None) => (view.text(amount)),
                    (None, _) => span.none { (part::NONE) },
                }
            }
        }
    }
}

fn open(view: &View<'_>, open: Option<app::metrics::Amount>, week: WeekRange) -> Markup {
    html! {
        td.num {
            @match open { Some(open) => (view.amount(open, Event::Open, week)), None => span.none { (part::NONE) } }
        }
    }
}
