//! The weekly table of a query on a page of its own, with every week of the window.

use app::metrics::Measured;
use app::overview::OverviewAsk;
use app::weeks::Weeks;
use maud::{Markup, html};
use words::format;

use crate::card::why::{ITEMS, why};
use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::view::{self, View};
use crate::{card, link, part};
use words::noun;

/// The page for what was asked.
pub fn page(answer: &Weeks, ask: &OverviewAsk, frame: &Frame) -> String {
    let origin = answer.table.known().map(|table| table.origin);
    let view = View { trail: &answer.trail, ask, usual: answer.usual, origin };
    shell::page(frame, "Weeks", Some(&answer.trail), Tab::Weeks, &body(answer, &view))
}

fn body(answer: &Weeks, view: &View<'_>) -> Markup {
    let path = link::weeks(&answer.trail);
    let csv = link::figures(&link::json(&format!("{path}.csv")), view.ask);
    html! {
        div.at {
            p.name { (answer.trail.name()) }
            (view::controls(&path, view.ask, view.usual))
            (view::day_picker(&path, view.ask, &format::day(answer.as_of.date)))
        }
        @if let Measured::Known { notes, .. } = &answer.table { (card::zone::noted(notes, &answer.trail)) }
        section.card aria-labelledby="weekly" {
            header {
                h1 #weekly { "Week by week" }
                (why("weekly_table", &answer.table, ITEMS))
                p.soft { (noun(view.unit(), true)) }
                @if answer.table.known().is_some() { p.act { a href=(csv) download { "CSV" } } }
            }
            @match &answer.table {
                Measured::Known { value, .. } => (card::weeks::table(view, value, usize::MAX, "weekly")),
                Measured::Unavailable { reason, remedy } => (part::unknown(reason, *remedy)),
            }
        }
    }
}
