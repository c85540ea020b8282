//! `burndown chart`: a chart of the pages as a file.

use app::flow::FlowAsk;
use app::forecast::ForecastAsk;
use app::moment::Moment;
use serde::Serialize;
use ui::chart_file::{ChartFile, ChartFileAsk, NoFile};
use ui::plot::catalog::Source;

use super::forecast;
use crate::arguments;
use crate::failure::{Failure, Kind, Result};
use crate::run::Run;
use crate::{figure_ask, opening, output_file, selection};

/// What was written.
#[derive(Serialize)]
struct Written<'o> {
    file: &'o str,
    bytes: usize,
}

/// Writes a chart of a query.
pub fn run(run: &Run, options: &arguments::Chart) -> Result<()> {
    let ask = ask(options)?;
    let path = options.output.file.as_deref();
    if let Some(path) = path {
        output_file::refuse_if_there(path, options.force)?;
    }
    let (file, as_of) = draw(run, &ask, options)?;
    figure_ask::warn_of_later_day(run, &ask.shown.view, &as_of);
    let Some(path) = path else {
        return run.output.print(&String::from_utf8_lossy(&file.content));
    };
    output_file::write(path, &file.content, options.force)?;
    let written = Written { file: path, bytes: file.content.len() };
    run.output.answer(&written, |written| format!("wrote {}\n", written.file))
}

fn ask(options: &arguments::Chart) -> Result<ChartFileAsk> {
    let shown = forecast::ask(&options.shown)?;
    let flow = FlowAsk { view: shown.view, ..FlowAsk::default() };
    let mut ask = ChartFileAsk { shown, flow, ..ChartFileAsk::default() };
    ask.look.width_px = options.width.unwrap_or(ask.look.width_px);
    ask.look.theme = options.theme.unwrap_or(ask.look.theme);
    let chart = options.name;
    let usual = ForecastAsk { view: ask.shown.view, ..ForecastAsk::default() };
    if !matches!(chart.source, Source::Forecast(_)) && ask.shown != usual {
        return Err(Failure::usage(format!(
            "{} knows no assumptions; leave them out, or draw finish or sample",
            chart.name
        )));
    }
    Ok(ask)
}

fn draw(run: &Run, ask: &ChartFileAsk, options: &arguments::Chart) -> Result<(ChartFile, Moment)> {
    let form = options.output.form;
    let app = opening::existing(run)?;
    let key = selection::key(&app, &options.shown.figures.of)?;
    let (file, as_of) = match options.name.source {
        Source::Overview(draw) => {
            let answer = app.overview(&key, &ask.shown.view)?;
            (ask.file(form, draw(&answer), &answer.trail, answer.as_of.date), answer.as_of)
        }
        Source::Flow(draw) => {
            let answer = app.flow(&key, &ask.flow)?;
            let drawn = draw(&answer, &ask.flow);
            (ask.file(form, drawn, &answer.trail, answer.as_of.date), answer.as_of)
        }
        Source::Forecast(draw) => {
            let answer = app.forecast(&key, &ask.shown)?;
            (ask.file(form, draw(&answer), &answer.trail, answer.as_of.date), answer.as_of)
        }
    };
    let file = file.map_err(|none| match none {
        NoFile::NoChart(none) => Failure::of_kind(Kind::NotFound, none.to_string()),
        NoFile::Undrawn(error) => Failure::new(error.to_string()),
    })?;
    Ok((file, as_of))
}
