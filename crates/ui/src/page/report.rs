//! What a report on a query is to hold, and the way to it as a file.

use app::query_report::{ReportAsk, SECTIONS};
use app::trail::Trail;
use maud::{Markup, html};

use crate::frame::Frame;
use crate::link;
use crate::shell::{self, Tab};

/// The page.
pub fn page(trail: &Trail, ask: &ReportAsk, frame: &Frame) -> String {
    shell::page(frame, "Report", Some(trail), Tab::Data, &body(trail, ask))
}

fn body(trail: &Trail, ask: &ReportAsk) -> Markup {
    let file = |ending: &str| link::json(&format!("{}/report.{ending}", link::of_query(trail)));
    html! {
        section.card aria-labelledby="report" {
            header { h1 #report { "Report" } p.soft { "one file to keep and to send around: pictures and tables, no script" } }
            form.report method="get" action=(file("html")) {
                @for (name, value) in ask.view.parameters() { input type="hidden" name=(name) value=(value); }
                fieldset {
                    legend { "What it holds" }
                    @for (word, section) in SECTIONS {
                        label { input type="checkbox" name="section" value=(word) checked[ask.has(*section)]; " " (title(word)) }
                    }
                }
                label { input type="checkbox" name="anonymise" value="true" checked[ask.is_anonymous]; " Replace names, keys and statuses" }
                p.act {
                    button type="submit" { "HTML" }
                    button type="submit" formaction=(file("md")) { "Markdown" }
                }
            }
        }
    }
}

fn title(word: &str) -> &'static str {
    match word {
        "headline" => "At a glance",
        "forecast" => "Forecast",
        "flow" => "Flow",
        "now" => "In progress",
        _ => "About the data",
    }
}
