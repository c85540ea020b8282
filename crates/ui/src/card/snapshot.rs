//! Stored weekly metrics of a query as a table, newest week first.

use app::Measured;
use app::query::QueryOverview;
use app::snapshot::{SnapshotTable, SnapshotWeek};
use app::trail::Trail;
use maud::{Markup, html};
use words::format;

use crate::{link, part};

/// The card.
pub fn card(answer: &QueryOverview) -> Markup {
    html! {
        section.card aria-labelledby="weekly" {
            header {
                h2 #weekly { "Weekly metrics" }
                p.soft { "as syncs, and before them the old app, stored them" }
                @if let Some(table) = answer.snapshots.known().filter(|table| has_windows(table)) {
                    p.act { (windows(&answer.trail, answer.weeks, table)) }
                }
            }
            @match &answer.snapshots {
                Measured::Known(table) => {
                    (part::scrolling("weekly", &snapshot_table(table)))
                    p.soft.fine { "– means that the week has no value, or one that was calculated from nothing." }
                }
                Measured::Unavailable { reason, remedy } => (part::unknown(reason, *remedy)),
            }
        }
    }
}

const WINDOW_SHORTEST: usize = 12;

fn has_windows(table: &SnapshotTable) -> bool {
    table.has_earlier || table.weeks.len() > WINDOW_SHORTEST
}

/// Links to other lengths of the table, if there are more weeks than shown.
fn windows(trail: &Trail, weeks: usize, table: &SnapshotTable) -> Markup {
    const WINDOWS: [(usize, &str); 4] = [
        (WINDOW_SHORTEST, "12 weeks"),
        (26, "26 weeks"),
        (52, "52 weeks"),
        (app::figures::WEEKS_MAX, "all"),
    ];
    let is_offered = |length: usize| table.has_earlier || length < table.weeks.len();
    html! {
        @for (length, label) in WINDOWS {
            @if length == weeks { span aria-current="true" { (label) } " " }
            @else if is_offered(length) {
                a href={ (link::data_weeks(trail, length)) "#weekly" } { (label) } " "
            }
        }
    }
}

fn snapshot_table(table: &SnapshotTable) -> Markup {
    let places: Vec<usize> =
        (0..table.columns.len()).map(|column| decimal_places(table, column)).collect();
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
            tbody { @for week in &table.weeks { (week_row(week, &places)) } }
        }
    }
}

/// One decimal for all of a column if any of its values has one, so that digits line up.
fn decimal_places(table: &SnapshotTable, column: usize) -> usize {
    let mut values = table.weeks.iter().filter_map(|week| *week.values.get(column)?);
    usize::from(values.any(|value| value.fract() != 0.0))
}

fn week_row(week: &SnapshotWeek, places: &[usize]) -> Markup {
    html! {
        tr {
            th scope="row" { (week.week) @if let Some(monday) = week.monday { " " span.unit { (format::day(monday)) } } }
            @for (value, places) in week.values.iter().zip(places) {
                td.num { @match value { Some(value) => (format::fixed(*value, *places)), None => span.none { (part::NONE) } } }
            }
        }
    }
}
