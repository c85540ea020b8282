//! How every figure is calculated: the catalog as a page.

use app::metrics::{CATALOG, Metric};
use forecast::FORECAST_CATALOG;
use maud::{Markup, html};

use crate::frame::Frame;
use crate::shell::{self, Tab};

/// The page.
pub fn page(frame: &Frame) -> String {
    let body = html! {
        section.answer {
            h1 { mark { "Glossary: how every figure is calculated." } }
            p.how { "Each is computed in one place; page, command line and exports show the same value. The mark ? beside a number says what that number rests on." }
        }
        @for metric in CATALOG.iter().chain(FORECAST_CATALOG) { (definition(metric)) }
    };
    shell::page(frame, "Glossary", None, Tab::Figures, &body)
}

fn definition(metric: &Metric) -> Markup {
    html! {
        section.card id=(metric.id) aria-labelledby={ (metric.id) "-title" } {
            header { h2 id={ (metric.id) "-title" } { (metric.title) } p.soft { (metric.unit) } }
            p { b { (metric.why) } }
            p.description { (metric.how) }
        }
    }
}
