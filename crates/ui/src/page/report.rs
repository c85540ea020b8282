//! What a report on a query is to hold, and the way to it as a file.

use app::overview::Window;
use app::query_report::{ReportAsk, SECTIONS};
use app::trail::Trail;
use maud::{Markup, html};
use words::format;

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
        section.answer {
            h1 { "Report on " mark { (trail.name()) } "." }
            p.how { "One file to keep and to send around: pictures and tables, no script, nothing from elsewhere." }
        }
        section.card aria-labelledby="report" {
            header { h2 #report { "What it holds" } p.soft { (looked_at(ask)) } }
            form.fields method="get" action=(file("html")) {
                @for (name, value) in ask.view.parameters() { input type="hidden" name=(name) value=(value); }
                fieldset {
                    legend.hidden { "Parts" }
                    @for (word, section) in SECTIONS {
                        label.check { input type="checkbox" name="section" value=(word) checked[ask.has(*section)]; " " (title(word)) }
                    }
                }
                label.check { input type="checkbox" name="anonymise" value="true" checked[ask.is_anonymous]; " Replace names, keys, statuses and types" }
                p.acts {
                    button.first type="submit" { "Save as HTML" }
                    button type="submit" formaction=(file("md")) { "Save as Markdown" }
                }
            }
            p.soft.fine { "The same on the command line: " code { "burndown report -o report.html" } }
        }
    }
}

/// Window and day that it will be about.
fn looked_at(ask: &ReportAsk) -> String {
    let window = match ask.view.window {
        Window::All => "all complete weeks".to_owned(),
        Window::Last(weeks) => format::counted(weeks as u64, "complete week", "complete weeks"),
        Window::OfProfile => "the usual weeks".to_owned(),
    };
    match ask.view.as_of {
        Some(day) => format!("over {window}, as of {}", format::day(day)),
        None => format!("over {window}"),
    }
}

fn title(word: &str) -> &'static str {
    match word {
        "headline" => "At a glance",
        "deliveries" => "Deliveries",
        "forecast" => "Forecast",
        "flow" => "Flow",
        "now" => "In progress",
        _ => "About the data",
    }
}
