//! The answer in one sentence: when it is done and how sure that is; else how much is done and how
//! fast it goes.

use app::issues::Event;
use app::metrics::{Amount, Measured, Origin, ScopeGrowth, Throughput, Totals, Unit};
use app::moment::{Moment, MomentRule};
use app::overview::Overview;
use forecast::{Forecast, Sample};
use maud::{Markup, html};
use model::Timestamp;
use words::{Front, format, statement};

use crate::card::why::{WEEKS, why};
use crate::frame::Frame;
use crate::view::{View, noun};
use crate::{link, part};

/// Deadlines that the sentence names; the list has all.
const DEADLINES_SAID: usize = 2;

/// The sentence, and what it rests on.
pub fn card(answer: &Overview, view: &View<'_>, frame: &Frame) -> Markup {
    let totals = &answer.summary.totals;
    html! {
        section.answer {
            h1 { (sentence(answer, view)) }
            @match totals {
                Measured::Known { value, .. } if answer.forecast.when.known().is_some() => {
                    p { (how_much(value, view)) " " (how_fast(answer, view)) }
                }
                Measured::Known { .. } => (no_forecast(answer)),
                Measured::Unavailable { remedy, .. } => p { (words::remedy(*remedy, Front::Page)) },
            }
            div.how.basis {
                p {
                    (basis(answer.as_of, answer.fetched_at, view.origin, frame))
                    @if let Some(sample) = answer.forecast.sample.known() { " " (drawn_from(sample, &answer.forecast)) }
                }
                (why("forecast_when", &answer.forecast.when, WEEKS))
            }
        }
    }
}

/// When it is done, if that can be said; else how much is.
fn sentence(answer: &Overview, view: &View<'_>) -> Markup {
    let totals = &answer.summary.totals;
    match (&answer.forecast.when, totals) {
        (_, Measured::Unavailable { reason, .. }) => html! { mark { (words::reason(reason)) } },
        (Measured::Known { value, .. }, _) if value.remaining > 0.0 => html! {
            a href=(link::forecast(view.trail, &view.base())) { mark { (statement(&value.sentence)) } }
            @if value.headline_date().is_none() { (without_growth(&answer.forecast)) }
            (deadlines(&answer.forecast))
        },
        (_, Measured::Known { value, .. }) => {
            html! { (how_much(value, view)) " " (how_fast(answer, view)) }
        }
    }
}

/// The next deadlines with their odds, and how many more there are.
fn deadlines(forecast: &Forecast) -> Markup {
    let (coming, past): (Vec<_>, Vec<_>) =
        forecast.deadlines.iter().partition(|found| found.deadline.date > forecast.as_of);
    let said = coming.iter().chain(&past).take(DEADLINES_SAID);
    let more = forecast.deadlines.len().saturating_sub(DEADLINES_SAID) as u64;
    html! {
        @for odds in said.filter_map(|found| found.odds.known()) { " " (statement(&odds.sentence)) }
        @if more > 0 { " " (format::counted(more, "more milestone", "more milestones")) " below." }
    }
}

/// When it would be done if nothing more arrived.
pub fn without_growth(forecast: &Forecast) -> Markup {
    html! {
        @if let Some(alone) = forecast.without_growth.as_ref().and_then(Measured::known) {
            " Without new work: " (statement(&alone.sentence))
        }
    }
}

fn no_forecast(answer: &Overview) -> Markup {
    html! {
        @if let Measured::Unavailable { reason, remedy } = &answer.forecast.when {
            p { b { "No forecast. " } (words::reason(reason)) " " span.soft { (words::remedy(*remedy, Front::Page)) } }
        }
    }
}

fn drawn_from(sample: &Sample, forecast: &Forecast) -> String {
    let weeks = sample.used().count() as u64;
    let growth = forecast.growth.as_ref().map(|growth| format!(" {}", statement(&growth.sentence)));
    let weeks = format::counted(weeks, "complete week", "complete weeks");
    format!("Drawn from {weeks}.{}", growth.unwrap_or_default())
}

fn how_much(totals: &Totals, view: &View<'_>) -> Markup {
    let number = |amount: Amount, event| view.number(&view.text(amount), event, None);
    let unit = view.ask.unit;
    let done = totals.done;
    let (Some(scope), Some(open)) = (totals.scope, totals.open) else {
        return html! { mark { (view.counted(done)) " done." } " How much is open is not known." };
    };
    html! {
        @if scope.items == 0 {
            mark { "Nothing to do." }
            @if let Some(cancelled) = totals.cancelled.filter(|cancelled| cancelled.items > 0) {
                " " (number(cancelled, Event::Cancelled)) " cancelled."
            }

        } @else if open.items == 0 {
            mark { "All " (number(scope, Event::Scope)) " " (noun(unit, scope.of(unit) != 1.0)) " done." }
        } @else {
            mark { (number(done, Event::Done)) " of " (number(scope, Event::Scope)) " " (noun(unit, true)) " done" }
            ", " (number(open, Event::Open)) " open."
            @if unit == Unit::Points { (without_points(open)) }
        }
    }
}

/// Open items that points say nothing about.
fn without_points(open: Amount) -> Markup {
    let count = (open.items - open.estimated).unsigned_abs();
    html! {
        @if count > 0 { " " (format::counted(count, "open item has", "open items have")) " no points." }
    }
}

fn how_fast(answer: &Overview, view: &View<'_>) -> Markup {
    let summary = &answer.summary;
    match (&summary.throughput, &summary.scope_growth) {
        (Measured::Known { value, .. }, _) if value.total == 0.0 => {
            nothing_done(answer, value, view)
        }
        (Measured::Known { value, .. }, Measured::Known { value: growth, .. }) => {
            pace(value, growth, view)
        }
        (Measured::Unavailable { reason, .. }, _) | (_, Measured::Unavailable { reason, .. }) => {
            html! { (words::reason(reason)) }
        }
    }
}

fn pace(throughput: &Throughput, growth: &ScopeGrowth, view: &View<'_>) -> Markup {
    let net = match view.ask.unit {
        Unit::Items => growth.items_per_week,
        Unit::Points => growth.points_per_week,
    };
    html! {
        (weeks(throughput, view)) " finished " (format::decimal(throughput.mean)) " a week"
        @if format::decimal(net) == "0" { " and added nothing" }
        @else if net > 0.0 { " and added " (format::decimal(net)) }
        @else { " and took " (format::decimal(-net)) " out" }
        "."
    }
}

fn nothing_done(answer: &Overview, throughput: &Throughput, view: &View<'_>) -> Markup {
    html! {
        (weeks(throughput, view)) " finished nothing"
        @match answer.last_done {
            Some(week) => {
                "; the last " (noun(view.ask.unit, false)) " was done in " (week)
                @if let Some(monday) = week.monday() { " (week of " (format::day(monday)) ")" }
            }
            None => "; nothing was ever done",
        }
        "."
    }
}

fn weeks(throughput: &Throughput, view: &View<'_>) -> String {
    let count = format::count(throughput.weeks.len() as u64);
    match throughput.weeks.len() {
        1 => "The one complete week".to_owned(),
        _ if view.ask.window.weeks(view.usual).is_none() => format!("All {count} complete weeks"),
        _ => format!("The last {count} complete weeks"),
    }
}

/// Which day this is about, and what it was counted from.
pub fn basis(
    moment: Moment,
    fetched_at: Option<Timestamp>,
    origin: Option<Origin>,
    frame: &Frame,
) -> Markup {
    let Moment { date, rule, .. } = moment;
    html! {
        @match (rule, fetched_at) {
            (MomentRule::Asked, _) => { "As known at the end of " (format::day(date)) "." }
            (MomentRule::Fetched, Some(at)) => { "Data as of " (part::day_and_age(at, frame)) "." }
            (MomentRule::Newest, _) => { "Data up to " (format::day(date)) ", the newest date in it; when it was fetched is not known." }
            _ => { "As of " (format::day(date)) "." }
        }
        @if origin == Some(Origin::Statistics) {
            " Counted from weekly rows that the old app stored; there are no issues behind them."
        }
    }
}
