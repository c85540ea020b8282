//! "How is this calculated?": the definition of a figure and what this value of it rests on.

use app::metrics::{CATALOG, Measured, Metric, Note, Window};
use forecast::FORECAST_CATALOG;
use maud::{Markup, html};
use words::{Front, format};

use crate::link;

/// A sample of items.
pub const ITEMS: [&str; 2] = ["item", "items"];
/// A sample of weeks.
pub const WEEKS: [&str; 2] = ["week", "weeks"];

/// A button that opens the answer, and the answer. `id` names a figure of the catalog and is used once
/// on a page; `sample` is what the figure's sample is made of.
pub fn why<T>(id: &str, measured: &Measured<T>, sample: [&str; 2]) -> Markup {
    let mut all = CATALOG.iter().chain(FORECAST_CATALOG);
    let Some(metric) = all.find(|metric| metric.id == id) else { return html! {} };
    html! {
        button.why type="button" popovertarget={ "why-" (id) } aria-label={ "How is " (metric.title) " calculated?" } { "?" }
        div.why id={ "why-" (id) } popover role="dialog" aria-labelledby={ "why-" (id) "-title" } {
            h3 id={ "why-" (id) "-title" } { "How is " (metric.title) " calculated?" }
            p { (metric.how) }
            (this(measured, sample))
            p.acts {
                a href=(definition(metric)) { "All figures" }
                button type="button" popovertarget={ "why-" (id) } popovertargetaction="hide" { "Close" }
            }
        }
    }
}

fn definition(metric: &Metric) -> String {
    format!("{}#{}", link::FIGURES, metric.id)
}

fn this<T>(measured: &Measured<T>, [one, many]: [&str; 2]) -> Markup {
    match measured {
        Measured::Known { sample, window, rule, notes, .. } => html! {
            dl.facts {
                dt { "Counts as" } dd { (rule) }
                dt { "Sample" } dd {
                    (format::counted(*sample, one, many))
                    @if let Some(Window { first, last }) = window { ", " (format::day(*first)) " to " (format::day(*last)) }
                }
                @for note in notes { (remark(note)) }
            }
        },
        Measured::Unavailable { reason, remedy } => {
            html! { p { b { (words::reason(reason)) } " " (words::remedy(*remedy, Front::Page)) } }
        }
    }
}

fn remark(note: &Note) -> Markup {
    html! { dt { "But" } dd { (words::note(note)) " " span.soft { (words::remedy(note.remedy, Front::Page)) } } }
}
