//! `burndown flow`: how long items take, how many get done, where they are, what comes and goes.

use app::flow::{FlowAsk, QueryFlow};
use app::metrics::{CumulativeFlow, Measured, StageTimes, TypeDistribution};
use model::plain::one_line;
use words::{Front, format, unknown};

use crate::arguments;
use crate::failure::Result;
use crate::figures::note_line;
use crate::run::Run;
use crate::table::{Side, Table};
use crate::{figure_ask, opening, selection};

/// Prints the flow of a query.
pub fn run(run: &Run, options: &arguments::Flow) -> Result<()> {
    let ask = FlowAsk {
        view: figure_ask::of(&options.figures),
        bands: options.bands.unwrap_or_default(),
        baseline: options.baseline,
        percent: options.percent.unwrap_or(app::flow::ask::PERCENT_DEFAULT),
        ..FlowAsk::default()
    };
    let app = opening::existing(run)?;
    let flow = app.flow(&selection::key(&app, &options.figures.of)?, &ask)?;
    figure_ask::warn_of_later_day(run, &ask.view, &flow.as_of);
    figure_ask::tell_age(run, &flow.trail);
    if options.csv {
        return run.output.print(&flow.to_csv());
    }
    run.output.answer(&flow, |flow| text(run, flow))
}

fn text(run: &Run, flow: &QueryFlow) -> String {
    let window = flow.window_weeks.map_or_else(
        || "all complete weeks".to_owned(),
        |weeks| {
            let weeks = format::counted(weeks as u64, "complete week", "complete weeks");
            format!("the last {weeks}")
        },
    );
    let head = figure_ask::heading(run, &flow.trail, &flow.as_of);
    let head = format!("{head}: flow over {window}.\n");
    let sections = sections(run, flow).into_iter();
    head + &sections.map(|(title, text)| format!("\n{title}\n{text}\n")).collect::<String>()
}

fn sections(run: &Run, flow: &QueryFlow) -> Vec<(&'static str, String)> {
    let of = &flow.figures;
    let mut sections = vec![
        ("Cycle time", told(&of.cycle_time, words::flow::cycle_times)),
        ("Service level expectation", told(&of.service_level, words::flow::service_level)),
        ("Throughput", told(&of.throughput, words::flow::behaviour)),
        ("Cumulative flow", told(&of.cumulative_flow, |flow| bands(run, flow))),
        (
            "Arrivals and departures",
            told(&of.arrivals, |arrivals| words::flow::arrivals(arrivals, flow.unit)),
        ),
        ("Work in progress", told(&of.work_in_progress, words::flow::work_in_progress)),
        ("Flow efficiency and time in stage", told(&of.stage_times, |times| stages(run, times))),
        ("Work by type", told(&of.types, types)),
        ("Little's law", told(&of.littles_law, words::flow::littles_law)),
    ];
    if !flow.recorded_then.is_empty() {
        sections.push(("Recorded then", recorded(run, flow)));
    }
    sections
}

/// What is said of a figure, with its notes; why it is not known, where it is not.
fn told<T>(measured: &Measured<T>, say: impl Fn(&T) -> String) -> String {
    match measured {
        Measured::Known { value, notes, .. } => {
            let notes = notes.iter().map(|note| format!("\n- {}", note_line(note)));
            say(value) + &notes.collect::<String>()
        }
        Measured::Unavailable { reason, remedy } => unknown(reason, *remedy, Front::Terminal),
    }
}

fn bands(run: &Run, flow: &CumulativeFlow) -> String {
    let mut table = Table::new(&[
        ("stage", Side::Left),
        ("lane", Side::Left),
        ("before", Side::Right),
        ("now", Side::Right),
    ]);
    let count = |week: Option<&app::metrics::CumulativeWeek>, place: usize| {
        let count = week.and_then(|week| week.counts.get(place).copied());
        count.map_or_else(String::new, format::count)
    };
    for (place, band) in flow.bands.iter().enumerate().filter(|(place, _)| flow.is_used(*place)) {
        let (first, last) = (flow.weeks.first(), flow.weeks.last());
        table.row([
            one_line(&ui::plot::flow::cumulative_flow::name(band)),
            words::lane(band.lane, band.is_started).to_owned(),
            count(first, place),
            count(last, place),
        ]);
    }
    let table = table.into_text(run.output.width, &run.output.head);
    format!("{}\n{}", words::flow::cumulative(flow), table.trim_end())
}

fn stages(run: &Run, times: &StageTimes) -> String {
    let mut table = Table::new(&[
        ("stage", Side::Left),
        ("lane", Side::Left),
        ("items", Side::Right),
        ("median days", Side::Right),
        ("85 %", Side::Right),
        ("share", Side::Right),
    ]);
    for stage in &times.stages {
        table.row([
            one_line(&stage.status),
            words::lane(stage.lane, stage.is_started).to_owned(),
            format::count(stage.items),
            format::fixed(stage.median_days, 1),
            format::fixed(stage.p85_days, 1),
            format!("{} %", format::percent(stage.share)),
        ]);
    }
    let table = table.into_text(run.output.width, &run.output.head);
    format!("{}\n{}", words::flow::efficiency(&times.efficiency), table.trim_end())
}

fn types(of: &TypeDistribution) -> String {
    let name = ui::plot::flow::types::name;
    let types = of.types.iter().map(|share| format!("{} {}", one_line(&name(share)), share.items));
    match types.collect::<Vec<String>>() {
        none if none.is_empty() => "Nothing was done in these weeks.".to_owned(),
        types => format!("{}.", types.join(", ")),
    }
}

fn recorded(run: &Run, flow: &QueryFlow) -> String {
    let mut table = Table::new(&[
        ("week", Side::Left),
        ("figure", Side::Left),
        ("then", Side::Right),
        ("today", Side::Right),
    ]);
    for then in &flow.recorded_then {
        let value = |value| words::flow::recorded_value(then.figure, value);
        table.row([
            then.week.to_string(),
            words::flow::recorded_figure(then.figure).to_owned(),
            value(then.recorded),
            then.today.map_or_else(|| crate::figures::UNKNOWN.to_owned(), value),
        ]);
    }
    table.into_text(run.output.width, &run.output.head).trim_end().to_owned()
}
