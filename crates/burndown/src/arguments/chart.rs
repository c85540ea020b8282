//! Options of `chart`: the charts of the pages, and what the pages take.

use clap::Args;

use super::Forecast;

/// Options of `chart`.
#[derive(Debug, Args)]
pub struct Chart {
    /// burn-up or throughput of the overview; finish or sample of the forecast
    pub name: String,
    /// File to write, ending in .svg or .png; - writes SVG to the terminal
    #[arg(short, long, value_name = "FILE")]
    pub output: String,
    /// Write over a file that is there
    #[arg(long)]
    pub force: bool,
    /// Width in pixels, 320 to 2000 [default: 1040]
    #[arg(long, value_name = "N")]
    pub width: Option<String>,
    /// Colours: light or dark [default: light]
    #[arg(long, value_name = "WORD")]
    pub theme: Option<String>,
    /// What it shows.
    #[command(flatten)]
    pub shown: Forecast,
}
