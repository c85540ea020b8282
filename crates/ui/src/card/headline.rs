//! The answer in one sentence: when it is done and how sure that is; else how much is done and how
//! fast it goes.

use app::metrics::{Measured, Origin, Reason, Totals};
use app::moment::{Moment, MomentRule};
use app::overview::{Overview, OverviewAsk};
use app::trail::Trail;
use forecast::{Forecast, ForecastStatement, HEADLINE_DEADLINES, Sample};
use maud::{Markup, html};
use model::{Date, Timestamp, Week};
use words::{Front, HowMuch, Word, format, statement};

use crate::card::why::{WEEKS, why};
use crate::card::work;
use crate::frame::Frame;
use crate::view::View;
use crate::{link, part};

/// The sentence, and what it rests on.
pub fn card(answer: &Overview, view: &View<'_>, frame: &Frame) -> Markup {
    let totals = &answer.summary.totals;
    html! {
        section.answer {
            h1 { (since(answer.as_of, view.trail, frame)) (sentence(answer, view)) }
            (rest(&answer.forecast))
            (work::ways(&answer.forecast, view.trail, &view.base()))
            @match totals {
                Measured::Known { value, .. } if is_left(answer) => {
                    p { (how_much(value, view)) " " (words::how_fast(answer)) }
                }
                // The first sentence has said it.
                Measured::Known { .. } if answer.forecast.when.known().is_some() => {}
                Measured::Known { .. } => (no_forecast(answer, view)),
                Measured::Unavailable { remedy, .. } => p { (words::remedy(*remedy, Front::Page)) },
            }
            div.how.basis {
                p {
                    (basis((answer.as_of, answer.fetched_at), view.trail, view.origin, frame))
                    @if let Some(sample) = answer.forecast.sample.known() { " " (drawn_from(sample, &answer.forecast)) }
                }
                @if answer.forecast.when.known().is_some() { (why("forecast_when", &answer.forecast.when, WEEKS)) }
            }
        }
    }
}

/// Whether a day can be said, and something is left to do by it.
fn is_left(answer: &Overview) -> bool {
    answer.forecast.when.known().is_some_and(|when| when.remaining > 0.0)
}

/// When it is done, if that can be said; else how much is.
fn sentence(answer: &Overview, view: &View<'_>) -> Markup {
    match &answer.summary.totals {
        Measured::Unavailable { reason, .. } => html! { mark { (words::reason(reason)) } },
        Measured::Known { .. } if is_left(answer) => {
            html! { a href=(link::forecast(view.trail, &view.base())) { mark { (first(&answer.forecast)) } } }
        }
        Measured::Known { value, .. } => {
            html! { (how_much(value, view)) " " (words::how_fast(answer)) }
        }
    }
}

/// The first words where the data is old.
pub fn since(moment: Moment, trail: &Trail, frame: &Frame) -> Markup {
    let since = words::as_of(&moment, trail.stale.as_ref(), frame.as_of);
    html! { @if let Some(since) = since { (since) ": " } }
}

/// What the answer begins with. A number stays with its sign: large letters are broken often.
pub fn first(forecast: &Forecast) -> String {
    let said = match &forecast.headline {
        ForecastStatement::All { said } => said.first().map(statement).unwrap_or_default(),
        one => statement(one),
    };
    said.replace(" %", "\u{a0}%")
}

/// The other sentences of the answer.
pub fn rest(forecast: &Forecast) -> Markup {
    let said = match &forecast.headline {
        ForecastStatement::All { said } => said.get(1..).unwrap_or_default(),
        _ => &[],
    };
    let more = forecast.deadlines.len().saturating_sub(HEADLINE_DEADLINES) as u64;
    html! {
        @if !said.is_empty() {
            p.rest {
                @for (place, said) in said.iter().enumerate() { @if place > 0 { " " } (statement(said)) }
                @if more > 0 { " " (format::counted(more, "more milestone", "more milestones")) " below." }
            }
        }
    }
}

/// The day after the last week in which work was done, where the sample has none.
fn last_busy(reason: &Reason) -> Option<Date> {
    match reason {
        Reason::IdleSample { last_done, .. } => {
            last_done.and_then(|week| Week::from_number(week.number() + 1).monday())
        }
        _ => None,
    }
}

/// A link to the same page of the day on which work was done last, where none was since.
pub fn earlier_day(reason: &Reason, page: &str, ask: &OverviewAsk) -> Markup {
    html! {
        @if let Some(day) = last_busy(reason) {
            " " a href=(link::figures(page, &OverviewAsk { as_of: Some(day), ..*ask })) { "Show " (format::day(day)) }
        }
    }
}

fn no_forecast(answer: &Overview, view: &View<'_>) -> Markup {
    html! {
        @if let Measured::Unavailable { reason, remedy } = &answer.forecast.when {
            p {
                b { "No forecast. " } (words::reason(reason)) " " span.soft { (words::remedy(*remedy, Front::Page)) }
                (earlier_day(reason, &link::of_query(view.trail), view.ask))
            }
        }
    }
}

fn drawn_from(sample: &Sample, forecast: &Forecast) -> String {
    let weeks = sample.used().count() as u64;
    // Where the scope grows, the answer says so.
    let growth = forecast.growth.as_ref().filter(|growth| !growth.is_on);
    let growth = growth.map(|growth| format!(" {}", statement(&growth.sentence)));
    let weeks = format::counted(weeks, "full week", "full weeks");
    format!("Based on the last {weeks}.{}", growth.unwrap_or_default())
}

fn how_much(totals: &Totals, view: &View<'_>) -> Markup {
    let HowMuch { answer, rest } = words::how_much(totals, view.unit());
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
    (moment, fetched_at): (Moment, Option<Timestamp>),
    trail: &Trail,
    origin: Option<Origin>,
    frame: &Frame,
) -> Markup {
    let Moment { date, rule, .. } = moment;
    let is_said = words::as_of(&moment, trail.stale.as_ref(), frame.as_of).is_some();
    html! {
        @match (rule, fetched_at) {
            (MomentRule::Fetched, Some(_)) if is_said => {}
            (MomentRule::Asked, _) => { "As known at the end of " (format::day(date)) "." }
            (MomentRule::Fetched, Some(at)) => { "Data as of " (part::day_and_age(at, frame)) "." }
            _ => @match words::last_known(rule) {
                Some(what) => { "Data up to " (format::day(date)) ", " (what) " in it; when it was fetched is not known." }
                None => { "As of " (format::day(date)) "." }
            }
        }
        @if origin == Some(Origin::Statistics) {
            " Counted from weekly rows that the old app stored; there are no issues behind them."
        }
    }
}
