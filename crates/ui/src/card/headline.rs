//! The answer in one sentence: when it is done and how sure that is; else how much is done and how
//! fast it goes.

use app::metrics::{Measured, Origin, Totals};
use app::moment::{Moment, MomentRule};
use app::overview::Overview;
use forecast::{Forecast, Sample, When};
use maud::{Markup, html};
use model::Timestamp;
use words::{Front, HowMuch, Word, format, statement};

use crate::card::why::{WEEKS, why};
use crate::frame::Frame;
use crate::view::View;
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
                    p { (how_much(value, view)) " " (words::how_fast(answer)) }
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
        (Measured::Known { value, .. }, _) if value.remaining > 0.0 => {
            let (soon, when) = soon_and_when(&answer.forecast, value);
            html! {
                a href=(link::forecast(view.trail, &view.base())) { mark { (soon) } } (when)
                (deadlines(&answer.forecast))
            }
        }
        (_, Measured::Known { value, .. }) => {
            html! { (how_much(value, view)) " " (words::how_fast(answer)) }
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

/// How much is done soon, then when as much as there is to do now.
pub fn soon_and_when(forecast: &Forecast, when: &When) -> (String, String) {
    let ahead = forecast.ahead.known().filter(|_| when.remaining > 0.0);
    match ahead {
        Some(ahead) => (statement(&ahead.sentence), format!(" {}", statement(&when.sentence))),
        None => (statement(&when.sentence), String::new()),
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
    let weeks = format::counted(weeks, "full week", "full weeks");
    format!("Based on the last {weeks}.{}", growth.unwrap_or_default())
}

fn how_much(totals: &Totals, view: &View<'_>) -> Markup {
    let HowMuch { answer, rest } = words::how_much(totals, view.ask.unit);
    html! {
        mark { @for word in &answer { (linked(word, view)) } }
        @for word in &rest { (linked(word, view)) }
    }
}

fn linked(word: &Word, view: &View<'_>) -> Markup {
    match word {
        Word::Text(text) => html! { (text) },
        Word::Number(text, event) => view.number(text, *event, None),
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
