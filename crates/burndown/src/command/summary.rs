//! `burndown summary`: how much there is, how fast it goes, and what is doubtful, in sentences.

use app::metrics::{Measured, Note, Summary, Unit};
use app::overview::Overview;
use words::format::{count, counted, decimal, percent};
use words::{Front, unknown};

use crate::arguments;
use crate::failure::Result;
use crate::figures::{amount, note_line};
use crate::run::Run;
use crate::table::{Side, Table};
use crate::{figure_ask, opening, selection};
use model::plain::one_line;

/// Prints the figures of a query.
pub fn run(run: &Run, options: &arguments::Summary) -> Result<()> {
    let ask = figure_ask::of(&options.figures);
    let app = opening::existing(run)?;
    let overview = app.overview(&selection::key(&app, &options.figures.of)?, &ask)?;
    figure_ask::warn_of_later_day(run, &ask, &overview.as_of);
    figure_ask::tell_age(run, &overview.trail);
    run.output.answer(&overview, |overview| text(run, overview))
}

fn text(run: &Run, overview: &Overview) -> String {
    let window = overview.window_weeks.map_or_else(
        || "all complete weeks".to_owned(),
        |weeks| format!("the last {}", counted(weeks as u64, "complete week", "complete weeks")),
    );
    let head = figure_ask::heading(run, &overview.trail, &overview.as_of);
    let mut text = format!("{head}, over {window}.\n");
    for sentence in sentences(overview) {
        text.push_str(&format!("{sentence}\n"));
    }
    if let Measured::Unavailable { reason, remedy } = &overview.weeks {
        return text + &unknown(reason, *remedy, Front::Terminal) + "\n" + &notes(overview);
    }
    let figures = figures(&overview.summary, overview.unit);
    text.push_str(&format!("\n{}", table(run, &figures)));
    for (is_known, head) in [(true, "How they were counted:"), (false, "Not known:")] {
        text.push_str(&rules(&figures, is_known, head));
    }
    text + &notes(overview)
}

fn notes(overview: &Overview) -> String {
    let line = |note: &Note| format!("- {}\n", note_line(note));
    match overview.notes.as_slice() {
        [] => String::new(),
        notes => "\nAbout the data:\n".to_owned() + &notes.iter().map(line).collect::<String>(),
    }
}

fn sentences(overview: &Overview) -> Vec<String> {
    let Summary { totals, throughput, cycle_time, work_item_age, .. } = &overview.summary;
    let fast = throughput.known().map(|_| words::how_fast(overview));
    [
        totals.known().map(|totals| words::how_much(totals, overview.unit).to_string()),
        fast,
        cycle_time.known().map(words::how_long),
        work_item_age.known().and_then(|ages| words::under_way(ages)),
    ]
    .into_iter()
    .flatten()
    .map(|sentence| one_line(&sentence))
    .collect()
}

fn days_of(days: u32) -> String {
    counted(u64::from(days), "day", "days")
}

/// A row of the table, or a figure that is not known.
struct Figure {
    title: &'static str,
    value: String,
    sample: String,
    /// How it was counted; why it is not known, where it is not.
    rule: String,
    is_known: bool,
}

fn figure<T>(
    title: &'static str,
    measured: &Measured<T>,
    [one, many]: [&str; 2],
    value: impl Fn(&T) -> String,
) -> Figure {
    match measured {
        Measured::Known { value: known, sample, rule, .. } => Figure {
            title,
            value: value(known),
            sample: counted(*sample, one, many),
            rule: rule.clone(),
            is_known: true,
        },
        Measured::Unavailable { reason, remedy } => Figure {
            title,
            value: String::new(),
            sample: String::new(),
            rule: unknown(reason, *remedy, Front::Terminal),
            is_known: false,
        },
    }
}

fn figures(summary: &Summary, unit: Unit) -> Vec<Figure> {
    const ISSUES: [&str; 2] = ["item", "items"];
    const WEEKS: [&str; 2] = ["week", "weeks"];
    let share = |share: Option<f64>| {
        share.map_or_else(|| crate::figures::UNKNOWN.to_owned(), |s| format!("{} %", percent(s)))
    };
    vec![
        figure("Scope", &summary.totals, ISSUES, |totals| amount(totals.scope, unit)),
        figure("Done", &summary.totals, ISSUES, |totals| amount(Some(totals.done), unit)),
        figure("Open", &summary.totals, ISSUES, |totals| amount(totals.open, unit)),
        figure("Cancelled", &summary.totals, ISSUES, |t| amount(t.cancelled, unit)),
        figure("Throughput, mean", &summary.throughput, WEEKS, |found| decimal(found.mean)),
        figure("Throughput, median", &summary.throughput, WEEKS, |found| decimal(found.median)),
        figure("Scope growth a week", &summary.scope_growth, WEEKS, |growth| match unit {
            Unit::Items => decimal(growth.items_per_week),
            Unit::Points | Unit::Hours => decimal(growth.points_per_week),
        }),
        figure("Cycle time, 50 %", &summary.cycle_time, ISSUES, |time| {
            days_of(time.p50_days.unsigned_abs())
        }),
        figure("Cycle time, 85 %", &summary.cycle_time, ISSUES, |time| {
            days_of(time.p85_days.unsigned_abs())
        }),
        figure("In progress", &summary.work_item_age, ISSUES, |ages| count(ages.len() as u64)),
        figure("Estimated, open", &summary.coverage, ISSUES, |found| share(found.open_share)),
        figure("Estimated, done", &summary.coverage, ISSUES, |found| share(found.done_share)),
    ]
}

fn table(run: &Run, figures: &[Figure]) -> String {
    let mut table =
        Table::new(&[("figure", Side::Left), ("value", Side::Right), ("sample", Side::Right)]);
    for figure in figures.iter().filter(|figure| figure.is_known) {
        let Figure { title, value, sample, .. } = figure;
        table.row([(*title).to_owned(), value.clone(), sample.clone()]);
    }
    table.into_text(run.output.width, &run.output.head)
}

/// Each rule once, below the figures that it is behind; for those not known, why.
fn rules(figures: &[Figure], is_known: bool, head: &str) -> String {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for figure in figures.iter().filter(|figure| figure.is_known == is_known) {
        match groups.iter_mut().find(|(rule, _)| *rule == figure.rule) {
            Some((_, titles)) => titles.push(figure.title),
            None => groups.push((&figure.rule, vec![figure.title])),
        }
    }
    if groups.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{head}\n");
    for (rule, titles) in groups {
        text.push_str(&format!("- {}\n  {}\n", titles.join("; "), one_line(rule)));
    }
    text
}
