//! A chart in its card: picture, legend, and the same values as a table.

use app::trail::Trail;
use chart::{ChartSpec, LegendItem, Table};
use maud::{Markup, PreEscaped, html};

use crate::chart_file::Form;
use crate::{link, part};

/// Rows of the table twin; a page of its own has more.
const ROWS_MAX: usize = 53;

/// Where a chart is found again: every row of it, and itself as a file.
#[derive(Debug)]
pub struct Place<'p> {
    /// Which query.
    pub trail: &'p Trail,
    /// What the page was asked with.
    pub asked: Vec<(&'static str, String)>,
    /// The page with every row; empty where the table of the card has them all.
    pub all: String,
}

/// The card. `why` says how it is calculated.
pub fn card(spec: &ChartSpec, why: &Markup, place: &Place<'_>) -> Markup {
    card_with(spec, why, place, &html! {}, &html! {})
}

/// The card, with what is said above the picture and what can be chosen below it.
pub fn card_with(
    spec: &ChartSpec,
    why: &Markup,
    place: &Place<'_>,
    says: &Markup,
    below: &Markup,
) -> Markup {
    let heading = format!("{}-title", spec.id);
    html! {
        section.card.plot aria-labelledby=(heading) {
            header { h2 id=(heading) { (spec.title) } (why) }
            (says)
            div.chart-frame data-chart { (PreEscaped(spec.to_svg())) }
            (legend(&spec.legend()))
            div.below { (twin(&spec.to_table(), &heading, &place.all)) (files(spec, place)) }
            (below)
        }
    }
}

/// The card of a chart that is no file.
pub fn plain(spec: &ChartSpec) -> Markup {
    let heading = format!("{}-title", spec.id);
    plain_with(spec, "", &html! { div.below { (twin(&spec.to_table(), &heading, "")) } })
}

/// The same with a remark beside its title and something else below the picture.
pub fn plain_with(spec: &ChartSpec, remark: &str, below: &Markup) -> Markup {
    let heading = format!("{}-title", spec.id);
    html! {
        section.card.plot aria-labelledby=(heading) {
            header { h2 id=(heading) { (spec.title) } @if !remark.is_empty() { p.soft { (remark) } } }
            div.chart-frame data-chart { (PreEscaped(spec.to_svg())) }
            (legend(&spec.legend()))
            (below)
        }
    }
}

fn files(spec: &ChartSpec, place: &Place<'_>) -> Markup {
    html! {
        p.act.fine {
            @for form in Form::ALL {
                a href=(link::chart(place.trail, &spec.id, form.ending(), &place.asked)) download {
                    (form.ending().to_uppercase()) span.hidden { " of " (spec.title) }
                }
            }
        }
    }
}

fn legend(items: &[LegendItem]) -> Markup {
    html! {
        ul.chart-legend { @for item in items { li { (PreEscaped(&item.swatch)) (item.label) } } }
    }
}

/// The values as text, the newest first.
fn twin(table: &Table, heading: &str, all: &str) -> Markup {
    let rows = html! {
        table.wide.twin {
            caption.hidden { (table.caption) ", newest first" }
            thead { tr { @for (at, column) in table.columns.iter().enumerate() { th scope="col" class=[num(at)] { (column) } } } }
            tbody {
                @for (row, link) in table.rows.iter().zip(&table.links).rev().take(ROWS_MAX) {
                    tr { @for (at, cell) in row.iter().enumerate() {
                        @let cell = linked(cell, link.get(at).and_then(Option::as_deref));
                        @if at == 0 { th scope="row" { (cell) } } @else { td.num { (cell) } }
                    } }
                }
            }
        }
    };
    html! {
        details.twin {
            summary { "Table" }
            (part::scrolling(heading, &rows))
            @if table.rows.len() > ROWS_MAX { p.soft { "The newest " (ROWS_MAX) " of " (table.rows.len()) ". " @if !all.is_empty() { a href=(all) { "All weeks" } } } }
        }
    }
}

fn linked(cell: &str, to: Option<&str>) -> Markup {
    html! { @match to { Some(to) => a href=(to) { (cell) }, None => (cell) } }
}

fn num(at: usize) -> Option<&'static str> {
    (at > 0).then_some("num")
}
