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
    let has = Columns { left: weeks.has_left(), cancelled: weeks.total.cancelled.is_some() };
    let table = html! {
        table.wide.weeks {
            caption.hidden { "Weeks, newest first" }
            thead {
                tr {
                    th scope="col" { "Week" }
                    @for head in ["Created", "Done"] { th.num scope="col" { (head) } }
                    @if has.cancelled { th.num scope="col" { "Cancelled" } }
                    @if has.left { th.num scope="col" { "Left" } }
                    th.num scope="col" { "Open at end" }
                }
            }
            tbody {
                @for row in weeks.rows.iter().rev().take(most) { (week(view, row, has)) }
                @if is_whole { @if let Some(before) = &weeks.before { (earlier(view, before, has)) } }
            }
            @if is_whole { tfoot { tr { th scope="row" { "In these weeks" } (cells(view, &weeks.total, None, has)) td {} } } }
        }
    };
    part::scrolling(labelled_by, &table)
}

/// Which columns there are beside the usual ones.
#[derive(Clone, Copy)]
struct Columns {
    left: bool,
    /// Whether it is known what was cancelled.
    cancelled: bool,
}

fn week(view: &View<'_>, row: &WeekRow, has: Columns) -> Markup {
    html! {
        tr {
            th scope="row" {
                (row.week) " " span.unit { (format::day(row.monday)) }
                @if row.is_partial { " " span.chip.quiet { "running" } }
            }
            (cells(view, &row.flow, Some(WeekRange::only(row.week)), has))
            (open(view, row.open, WeekRange::only(row.week)))
        }
    }
}

fn earlier(view: &View<'_>, before: &Before, has: Columns) -> Markup {
    html! {
        tr.before {
            th scope="row" { "Earlier " span.unit { (before.weeks.first) @if before.weeks.first != before.weeks.last { " to " (before.weeks.last) } } }
            (cells(view, &before.flow, Some(before.weeks), has))
            (open(view, before.open, before.weeks))
        }
    }
}

fn cells(view: &View<'_>, flow: &Flow, weeks: Option<WeekRange>, has: Columns) -> Markup {
    let cells = [(Some(flow.created), Event::Created), (Some(flow.done), Event::Done)]
        .into_iter()
        .chain(has.cancelled.then_some((flow.cancelled, Event::Cancelled)))
        .chain(has.left.then_some((Some(flow.left), Event::Left)));
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
