//! Options of `chart`: the charts of the pages, and what the pages take.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use ui::chart_file::{Form, THEMES, Theme, width_px};
use ui::plot::catalog;

use super::{Forecast, word};
use app::parameter::Parsed;

/// Options of `chart`.
#[derive(Debug, Args)]
pub struct Chart {
    /// burn-up or throughput of the overview; finish or sample of the forecast; cycle-time,
    /// cycle-time-trend, behaviour, cumulative-flow, arrivals, work-in-progress or types of the flow
    #[arg(value_parser = chart(), hide_possible_values = true)]
    pub name: &'static catalog::Chart,
    /// File to write, ending in .svg or .png; - writes SVG to the terminal
    #[arg(short, long, value_name = "FILE", value_parser = read_output)]
    pub output: Output,
    /// Write over a file that is there
    #[arg(long)]
    pub force: bool,
    /// Width in pixels, 320 to 2000 [default: 1040]
    #[arg(long, value_name = "N", value_parser = width_px)]
    pub width: Option<u16>,
    /// Colours: light or dark [default: light]
    #[arg(long, value_name = "WORD", value_parser = word(THEMES), hide_possible_values = true)]
    pub theme: Option<Theme>,
    /// What it shows.
    #[command(flatten)]
    pub shown: Forecast,
}

/// Where a chart is written.
#[derive(Debug, Clone)]
pub struct Output {
    /// The file; `None` for the terminal.
    pub file: Option<String>,
    /// In which form.
    pub form: Form,
}

fn read_output(text: &str) -> Parsed<Output> {
    if text == "-" {
        return Ok(Output { file: None, form: Form::Svg });
    }
    let (_, form) = Form::of_file(text).ok_or("let it end in .svg or .png")?;
    Ok(Output { file: Some(text.to_owned()), form })
}

fn chart() -> impl TypedValueParser<Value = &'static catalog::Chart> {
    let names = PossibleValuesParser::new(catalog::CHARTS.each_ref().map(|chart| chart.name));
    names.try_map(|name| catalog::find(&name))
}
