//! The overview of a query: the answer in a sentence, its evidence as charts, and what is doubtful.

use app::issues::Event;
use app::metrics::{Age, CycleTime, Measured, Unit};
use app::overview::{Overview, OverviewAsk};
use app::week_range::WeekRange;
use app::weeks::WeeksTable;
use maud::{Markup, html};

use crate::card::tile::{self, Tile};
use crate::card::why::why;
use crate::card::{self, headline, notes};
use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::view::{self, View, noun};
use crate::{format, link, part, plot};

/// Weeks of the table that the overview shows.
const WEEKS_SHOWN: usize = 27;

const ISSUES: [&str; 2] = ["issue", "issues"];
const WEEKS: [&str; 2] = ["week", "weeks"];

/// The page for what was asked.
pub fn page(answer: &Overview, ask: &OverviewAsk, frame: &Frame) -> String {
    let view = View { trail: &answer.trail, ask, origin: answer.origin };
    let body = html! {
        (top(answer, &view))
        (headline::card(answer, &view, frame))
        (evidence(answer, &view))
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
                (view::controls(&path, view.ask))
                (view::day_picker(&path, view.ask, &format::day(answer.as_of.date)))
            }
        }
    }
}

fn evidence(answer: &Overview, view: &View<'_>) -> Markup {
    let Some(weeks) = answer.weeks.known() else {
        return html! { section.card { p { "The data page says what this query holds." } p { a href=(link::data(&answer.trail)) { "Look at the data" } } } };
    };
    html! {
        (burnup(answer, view))
        (throughput(answer, weeks, view))
        (tile::row(&tiles(answer, weeks, view)))
    }
}

fn burnup(answer: &Overview, view: &View<'_>) -> Markup {
    let explained = why("burnup", &answer.burnup, WEEKS);
    match &answer.burnup {
        Measured::Known { value, .. } => {
            let spec = plot::burnup::spec(value, view.ask.unit, answer.as_of.date, "");
            html! {
                @if value.len() > 1 && !spec.is_empty() {
                    (card::chart::card(&spec, &explained, &all_weeks(view)))
                } @else {
                    section.card aria-labelledby="burn-up-title" {
                        header { h2 #burn-up-title { "Burn-up" } }
                        (part::unavailable("There is one week so far, and a line needs two.", "Come back next week."))
                    }
                }
            }
        }
        Measured::Unavailable { reason, remedy } => html! {
            section.card aria-labelledby="burn-up-title" {
                header { h2 #burn-up-title { "Burn-up" } (explained) }
                (part::unavailable(reason, remedy))
            }
        },
    }
}

fn throughput(answer: &Overview, weeks: &WeeksTable, view: &View<'_>) -> Markup {
    let measured = &answer.summary.throughput;
    let spec =
        plot::throughput::spec(&answer.earlier, &weeks.rows, measured.known(), view.ask.unit);
    html! {
        @if !spec.is_empty() { (card::chart::card(&spec, &html! {}, &all_weeks(view))) }
    }
}

fn all_weeks(view: &View<'_>) -> String {
    link::figures(&link::weeks(view.trail), &OverviewAsk { window_weeks: None, ..*view.ask })
}

/// The complete weeks of the window.
fn window(weeks: &WeeksTable) -> Option<WeekRange> {
    let complete = || weeks.rows.iter().filter(|row| !row.is_partial).map(|row| row.week);
    Some(WeekRange { first: complete().next()?, last: complete().next_back()? })
}

fn tiles<'t>(answer: &'t Overview, weeks: &WeeksTable, view: &View<'_>) -> Vec<Tile<'t>> {
    let summary = &answer.summary;
    let unit = view.ask.unit;
    let window = window(weeks);
    let number = |text: String, event, week| view.number(&text, event, week);
    vec![
        figure(
            "Throughput",
            noun(unit, true),
            why("throughput", &summary.throughput, WEEKS),
            &summary.throughput,
            |found| {
                let range = format!(
                    "median week; from {} to {}, mean {}",
                    format::decimal(found.least),
                    format::decimal(found.most),
                    format::decimal(found.mean)
                );
                (number(format::decimal(found.median), Event::Done, window), html! { (range) })
            },
        ),
        figure(
            "Scope growth",
            if unit == Unit::Items { "items a week" } else { "points a week" },
            why("scope_growth", &summary.scope_growth, WEEKS),
            &summary.scope_growth,
            |found| {
                let net =
                    if unit == Unit::Items { found.items_per_week } else { found.points_per_week };
                let sign = if net > 0.0 { "+" } else { "" };
                let about = html! {
                    (view.text(found.created)) " created"
                    @if found.cancelled.items > 0 { ", " (number(view.text(found.cancelled), Event::Cancelled, window)) " cancelled" }
                };
                (number(format!("{sign}{}", format::decimal(net)), Event::Created, window), about)
            },
        ),
        figure(
            "Cycle time, 85\u{a0}%",
            "days",
            why("cycle_time", &summary.cycle_time, ISSUES),
            &summary.cycle_time,
            |found| cycle_time(found, |text| number(text, Event::Done, window)),
        ),
        figure(
            "In progress",
            noun(Unit::Items, true),
            why("work_item_age", &summary.work_item_age, ISSUES),
            &summary.work_item_age,
            |found| {
                (
                    number(format::count(found.len() as u64), Event::Started, None),
                    oldest(found, view),
                )
            },
        ),
        figure(
            "Estimated",
            "% of open items",
            why("coverage", &summary.coverage, ISSUES),
            &summary.coverage,
            |found| {
                let share = found
                    .open_share
                    .map_or(part::NONE.to_owned(), |share| format::fixed(share * 100.0, 0));
                let open = format!(
                    "{} of {}",
                    found.open.estimated,
                    format::counted(
                        found.open.items.unsigned_abs(),
                        "item has points",
                        "items have points"
                    )
                );
                (number(share, Event::Open, None), html! { (open) })
            },
        ),
    ]
}

/// A tile of a figure, or of the reason why it is not known.
fn figure<'t, T>(
    title: &'t str,
    unit: &'t str,
    why: Markup,
    measured: &Measured<T>,
    show: impl FnOnce(&T) -> (Markup, Markup),
) -> Tile<'t> {
    let (value, about) = match measured {
        Measured::Known { value, .. } => {
            let (value, about) = show(value);
            (Some(value), about)
        }
        Measured::Unavailable { reason, .. } => (None, html! { (reason) }),
    };
    Tile { title, value, unit, about, why }
}

fn cycle_time(found: &CycleTime, number: impl FnOnce(String) -> Markup) -> (Markup, Markup) {
    let CycleTime { p50_days, p85_days, .. } = found;
    (number(p85_days.to_string()), html! { "at most; half took at most " (p50_days) })
}

fn oldest(ages: &[Age], view: &View<'_>) -> Markup {
    html! {
        @match ages.first() {
            Some(oldest) => {
                "oldest " a href=(link::issue(view.trail, &oldest.key)) { (oldest.key) } ", "
                (format::counted(u64::from(oldest.days.unsigned_abs()), "day", "days"))
            }
            None => "nothing is started and unfinished",
        }
    }
}

fn table(answer: &Overview, weeks: &WeeksTable, view: &View<'_>) -> Markup {
    let csv = link::json(&format!("{}.csv", link::weeks(view.trail)));
    html! {
        section.card aria-labelledby="weekly" {
            header {
                h2 #weekly { "Week by week" }
                (why("weekly_table", &answer.weeks, ISSUES))
                p.soft { (noun(view.ask.unit, true)) }
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
                (view.number(&format::counted(left_out.items.unsigned_abs(), "issue", "issues"), Event::Undated, None))
                " in no week, for want of a date."
            }
        }
    }
}
