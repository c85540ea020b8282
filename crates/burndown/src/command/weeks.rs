//! `burndown weeks`: what was created and done in each week, and what was open after it.

use app::figures::WEEKS_MAX;
use app::metrics::{Amount, Flow, Measured, Unit};
use app::overview::Window;
use app::query::QueryAsk;
use app::weeks::{Weeks, WeeksTable};

use words::{Front, unknown};

use crate::arguments;
use crate::failure::Result;
use crate::figures::{UNKNOWN, amount, note_line};
use crate::run::Run;
use crate::table::{Listing, Side, Table};
use crate::{figure_ask, opening, selection};
use model::plain::one_line;

/// Prints the weekly table of a query.
pub fn run(run: &Run, options: &arguments::Weeks) -> Result<()> {
    if options.stored {
        return stored(run, options);
    }
    let ask = figure_ask::of(&options.figures);
    let app = opening::existing(run)?;
    let weeks = app.weeks(&selection::key(&app, &options.figures.of)?, &ask)?;
    figure_ask::warn_of_later_day(run, &ask, &weeks.as_of);
    figure_ask::tell_age(run, &weeks.trail);
    if !run.output.is_csv() {
        return run.output.answer(&weeks, |weeks| text(run, weeks));
    }
    if let Measured::Unavailable { reason, remedy } = &weeks.table {
        run.output.warn(&unknown(reason, *remedy, Front::Terminal));
    }
    run.output.print(&weeks.to_csv())
}

/// Prints what was stored of each week, as the page *Data* shows it.
fn stored(run: &Run, options: &arguments::Weeks) -> Result<()> {
    let weeks = match figure_ask::of(&options.figures).window {
        Window::OfProfile => QueryAsk::default().weeks,
        Window::Last(weeks) => weeks.min(WEEKS_MAX),
        Window::All => WEEKS_MAX,
    };
    let app = opening::existing(run)?;
    let query = app.query(&selection::key(&app, &options.figures.of)?, QueryAsk { weeks })?;
    if let app::Measured::Unavailable { reason, remedy } = &query.snapshots {
        run.output.warn(&unknown(reason, *remedy, Front::Terminal));
    }
    run.output.list(&query.snapshots, |found| {
        let mut table = Table::new(&[
            ("week", Side::Left),
            ("figure", Side::Left),
            ("value", Side::Right),
            ("unit", Side::Left),
        ]);
        for week in found.known().map(|table| &*table.weeks).unwrap_or_default() {
            let columns = found.known().map(|table| &*table.columns).unwrap_or_default();
            for (column, value) in columns.iter().zip(&week.values) {
                let value = value.map_or_else(|| UNKNOWN.to_owned(), words::format::decimal);
                table.row([week.week.clone(), column.label.clone(), value, column.unit.clone()]);
            }
        }
        Listing::of(table, "")
    })
}

fn text(run: &Run, weeks: &Weeks) -> String {
    let unit = words::noun(weeks.unit, true);
    let head = figure_ask::heading(run, &weeks.trail, &weeks.as_of);
    let head = format!("{head}, {unit} per week.\n");
    head + &match &weeks.table {
        Measured::Unavailable { reason, remedy } => {
            unknown(reason, *remedy, Front::Terminal) + "\n"
        }
        Measured::Known { value, rule, notes, .. } => {
            let notes = notes.iter().map(note_line);
            let lines: Vec<String> = notes.map(|line| format!("{line}\n")).collect();
            let rule = one_line(rule);
            format!("{}{rule}\n{}", table(run, value, weeks.unit), lines.concat())
        }
    }
}

fn table(run: &Run, weeks: &WeeksTable, unit: Unit) -> String {
    let has_left = weeks.has_left();
    let left: &[_] = if has_left { &[("left", Side::Right)] } else { &[] };
    let mut table = Table::new(
        &[
            &[
                ("week", Side::Left),
                ("from", Side::Left),
                ("created", Side::Right),
                ("done", Side::Right),
                ("cancelled", Side::Right),
            ],
            left,
            &[("open", Side::Right), ("", Side::Left)],
        ]
        .concat(),
    );
    let cells = |flow: &Flow, open: Option<Amount>| {
        let left = has_left.then_some(Some(flow.left));
        let found = [Some(flow.created), Some(flow.done), flow.cancelled];
        let found = found.into_iter().chain(left).chain([open]);
        found.map(|found| amount(found, unit)).collect::<Vec<_>>()
    };
    if let Some(before) = &weeks.before {
        let about = ["before".to_owned(), String::new()];
        table.row(about.into_iter().chain(cells(&before.flow, before.open)));
    }
    for row in &weeks.rows {
        let about = [row.week.to_string(), row.monday.to_string()];
        let running = if row.is_partial { "running" } else { "" };
        let cells = about.into_iter().chain(cells(&row.flow, row.open));
        table.row(cells.chain([running.to_owned()]));
    }
    table.into_text(run.output.width, &run.output.head)
}
