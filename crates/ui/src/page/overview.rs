//! The overview of a query: the answer in a sentence, its evidence as charts, and what is doubtful.

use app::issues::Event;
use app::metrics::Measured;
use app::overview::{Overview, OverviewAsk, Window};
use app::weeks::WeeksTable;
use maud::{Markup, html};
use model::Remedy;
use words::format;

use crate::card::chart::Place;
use crate::card::why::{ITEMS, WEEKS, why};
use crate::card::{self, figures, headline, notes, signals, tile};
use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::view::{self, View};
use crate::{link, part, plot};
use words::noun;

/// Weeks of the table that the overview shows.
const WEEKS_SHOWN: usize = 27;

/// The page for what was asked.
pub fn page(answer: &Overview, ask: &OverviewAsk, frame: &Frame) -> String {
    let view = View { trail: &answer.trail, ask, usual: answer.usual, origin: answer.origin };
    let body = html! {
        (top(answer, &view))
        (headline::card(answer, &view, frame))
        (evidence(answer, &view))
        @if answer.forecast.when.known().is_some() { (card::work::kind(&answer.trail, answer.work, "")) }
        (notes::card(&answer.notes, &answer.trail))
        @if let Some(weeks) = answer.weeks.known() { (table(answer, weeks, &view)) }
    };
    shell::page(frame, answer.trail.name(), Some(&answer.trail), Tab::Overview, &body)
}

/// Name of the query, and what the page looks at.
fn top(answer: &Overview, view: &View<'_>) -> Markup {
    let path = link::of_query(&answer.trail);
    html! {
        div.at {
            p.name { (answer.trail.name()) }
            @if answer.weeks.known().is_some() {
                (view::controls(&path, view.ask, view.usual))
                (view::day_picker(&path, view.ask, &format::day(answer.as_of.date)))
                p.act { a href=(link::report(&answer.trail, view.ask)) { "Report" } }
            }
        }
    }
}

fn evidence(answer: &Overview, view: &View<'_>) -> Markup {
    let Some(weeks) = answer.weeks.known() else {
        return nothing_yet(answer);
    };
    html! {
        div.cols {
            div.side { (burnup(answer, view)) (throughput(answer, view)) }
            div.side {
                (milestones(answer, view))
                (signals::card(&answer.signals, &answer.trail))
                (tile::row(&figures::tiles(&answer.summary, weeks, view)))
            }
        }
    }
}

/// What helps where there are no weeks: a sync, else a look at what there is.
fn nothing_yet(answer: &Overview) -> Markup {
    let can_sync = matches!(answer.weeks, Measured::Unavailable { remedy: Remedy::SyncNow, .. });
    html! {
        section.card {
            @if can_sync {
                p { "Its issues and their history are fetched from Jira, which takes some seconds to some minutes." }
                form.acts method="post" action=(link::sync(&answer.trail)) {
                    button.first type="submit" { "Sync now" }
                    a href=(link::data(&answer.trail)) { "Look at the data" }
                }
            } @else {
                p { "The data page says what this query holds." }
                p { a href=(link::data(&answer.trail)) { "Look at the data" } }
            }
        }
    }
}

fn burnup(answer: &Overview, view: &View<'_>) -> Markup {
    let explained = why("burnup", &answer.burnup, WEEKS);
    match plot::burn_up::draw(answer) {
        Ok(spec) => card::chart::card(&spec, &explained, &place(view)),
        Err(none) => html! {
            section.card aria-labelledby="burn-up-title" {
                header { h2 #burn-up-title { "Burn-up" } (explained) }
                (part::unavailable(&none.reason, &none.remedy))
            }
        },
    }
}

fn milestones(answer: &Overview, view: &View<'_>) -> Markup {
    html! {
        section.card aria-labelledby="milestones" {
            header { h2 #milestones { "Milestones" } p.act { a href={ (link::forecast(view.trail, &view.base())) "#milestones" } { "Set" } } }
            (card::milestone::list(&answer.forecast.deadlines))
        }
    }
}

fn throughput(answer: &Overview, view: &View<'_>) -> Markup {
    match plot::throughput::draw(answer) {
        Ok(spec) => card::chart::card(&spec, &html! {}, &place(view)),
        Err(_) => html! {},
    }
}

fn place<'v>(view: &View<'v>) -> Place<'v> {
    Place { trail: view.trail, asked: view.ask.parameters(), all: all_weeks(view) }
}

fn all_weeks(view: &View<'_>) -> String {
    link::figures(&link::weeks(view.trail), &OverviewAsk { window: Window::All, ..*view.ask })
}

fn table(answer: &Overview, weeks: &WeeksTable, view: &View<'_>) -> Markup {
    let csv = link::json(&format!("{}.csv", link::weeks(view.trail)));
    html! {
        section.card aria-labelledby="weekly" {
            header {
                h2 #weekly { "Week by week" }
                (why("weekly_table", &answer.weeks, ITEMS))
                p.soft { (noun(view.unit(), true)) }
                p.act {
                    a href=(all_weeks(view)) { "All weeks" }
                    a href=(link::figures(&csv, view.ask)) download { "CSV" }
                }
            }
            (card::weeks::table(view, weeks, WEEKS_SHOWN, "weekly"))
            @if weeks.rows.len() > WEEKS_SHOWN {
                p.soft.fine { "The newest " (WEEKS_SHOWN) " of " (format::count(weeks.rows.len() as u64)) " weeks." }
            }
            (undated(weeks, view))
        }
    }
}

/// What the table leaves out.
fn undated(weeks: &WeeksTable, view: &View<'_>) -> Markup {
    let left_out = weeks.undated.created;
    html! {
        @if left_out.items > 0 {
            p.soft.fine {
                (view.number(&format::counted(left_out.items.unsigned_abs(), "item", "items"), Event::Undated, None))
                " in no week: a date is missing."
            }
        }
    }
}
