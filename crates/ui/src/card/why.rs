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
    let (brief, rest) = after_sentences(metric.how, BRIEF_SENTENCES);
    html! {
        button.why type="button" popovertarget={ "why-" (id) } aria-label={ "How " (metric.title) " is calculated" } { "?" }
        div.why id={ "why-" (id) } popover role="dialog" aria-labelledby={ "why-" (id) "-title" } {
            h3 id={ "why-" (id) "-title" } { (metric.title) ": how this is calculated" }
            p { (brief) }
            @if !rest.is_empty() { details.more { summary { "More" } p { (rest) } } }
            (this(measured, sample))
            p.acts {
                a href=(definition(metric)) { "All figures" }
                button type="button" popovertarget={ "why-" (id) } popovertargetaction="hide" { "Close" }
            }
        }
    }
}

/// Sentences that everybody reads; what follows is for those who want to know more.
const BRIEF_SENTENCES: usize = 2;

/// A text cut behind so many sentences.
fn after_sentences(text: &str, count: usize) -> (&str, &str) {
    match text.match_indices(". ").nth(count.saturating_sub(1)) {
        Some((at, _)) => text.split_at_checked(at + 2).unwrap_or((text, "")),
        None => (text, ""),
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
