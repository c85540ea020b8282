//! Options of `report`: a report on a query or on a whole profile, as a file.

use app::overview::Window;
use app::parameter;
use app::query_report::{ReportSection, sections};
use clap::Args;
use model::Date;

use app::parameter::Parsed;

/// Options of `report`.
#[derive(Debug, Args)]
pub struct Report {
    /// Id or name of the query [default: the active one; with --profile all of it]
    pub query: Option<String>,
    /// The same, as other commands name it
    #[arg(long = "query", value_name = "QUERY", conflicts_with = "query", hide = true)]
    pub named_query: Option<String>,
    /// Id or name of the profile [default: the active one]
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// File to write, ending in .html or .md; - writes HTML to the terminal
    #[arg(short, long, value_name = "FILE", value_parser = read_output)]
    pub output: ReportOutput,
    /// Write over a file that is there
    #[arg(long)]
    pub force: bool,
    /// Parts, separated by commas: headline, deliveries, forecast, flow, now, notes [default: all]
    #[arg(long, value_name = "PARTS", value_parser = sections)]
    pub sections: Option<Sections>,
    /// Replace names, keys and statuses, each by the same word everywhere
    #[arg(long, visible_alias = "anonymize")]
    pub anonymise: bool,
    /// Over how many complete weeks; or all [default: as the profile is set]
    #[arg(long, value_name = "N")]
    pub window: Option<Window>,
    /// Count story points instead of issues
    #[arg(long)]
    pub points: bool,
    /// Last day of what is known [default: when the data was fetched]
    #[arg(long, value_name = "DATE", value_parser = parameter::day)]
    pub as_of: Option<Date>,
}

/// Parts of a report; clap takes a plain list for repeated options.
type Sections = Vec<ReportSection>;

/// Where a report is written.
#[derive(Debug, Clone)]
pub struct ReportOutput {
    /// The file; `None` for the terminal.
    pub file: Option<String>,
    /// Whether it is Markdown rather than HTML.
    pub is_markdown: bool,
}

fn read_output(text: &str) -> Parsed<ReportOutput> {
    let ends_in = |ending: &str| text.to_ascii_lowercase().ends_with(ending);
    let is_markdown = ends_in(".md");
    match text {
        "-" => Ok(ReportOutput { file: None, is_markdown: false }),
        _ if is_markdown || ends_in(".html") || ends_in(".htm") => {
            Ok(ReportOutput { file: Some(text.to_owned()), is_markdown })
        }
        _ => Err("let it end in .html or .md".into()),
    }
}
