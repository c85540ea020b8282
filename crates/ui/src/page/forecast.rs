//! The forecast of a query: when, how much by when, from which weeks, under which assumptions, and
//! whether such forecasts come true.

use app::forecast::{ForecastAsk, QueryForecast};
use app::metrics::Measured;
use app::moment::MomentRule;
use forecast::{Forecast, HowManyAnswer, When};
use maud::{Markup, html};
use model::Date;
use words::{Front, format, statement};

use crate::card::chart::Place;
use crate::card::why::{WEEKS, why};
use crate::card::{self, assumptions, headline, record};
use crate::frame::Frame;
use crate::shell::{self, Tab};
use crate::view;
use crate::{link, part, plot};

/// The page for what was asked.
pub fn page(answer: &QueryForecast, ask: &ForecastAsk, frame: &Frame) -> String {
    let body = html! {
        div.at {
            p.name { (answer.trail.name()) }
            (view::day_picker(&link::forecast_page(&answer.trail), &ask.view, &format::day(answer.as_of.date)))
        }
        (answer_in_words(answer, ask, frame))
        (card::scenarios::card(answer, ask))
        div.cols {
            @if answer.asked().sample.known().is_some() {
                div.side { (when(answer, ask, frame)) (how_many(answer, frame)) (sample(answer, ask)) (card::signals::beside(&answer.signals, &answer.trail, ask)) }
                div.side { (assumptions::card(answer, ask)) (milestones(answer)) }
            } @else {
                // The first sentence says why there is no forecast; what can be done stands beside it.
                div.side { (milestones(answer)) (record::track(&answer.track_record)) (record::backtest(&answer.backtest)) (card::signals::beside(&answer.signals, &answer.trail, ask)) }
                div.side { (assumptions::card(answer, ask)) }
            }
        }
        @if answer.asked().sample.known().is_some() {
            div.cols.halves {
                div.side { (record::drift(&answer.drift)) (record::track(&answer.track_record)) }
                (record::backtest(&answer.backtest))
            }
        }
    };
    shell::page(frame, "Forecast", Some(&answer.trail), Tab::Forecast, &body)
}

fn answer_in_words(answer: &QueryForecast, ask: &ForecastAsk, frame: &Frame) -> Markup {
    let asked = answer.asked();
    html! {
        section.answer {
            h1 {
                (headline::since(answer.as_of, &answer.trail, frame))
                mark { (headline::first(asked)) }
            }
            (headline::rest(asked))
            (percents(answer, ask))
            (card::work::ways(asked, &answer.trail, &ForecastAsk { view: ask.view, ..ForecastAsk::default() }))
            @if let (Some(what_if), Measured::Known { .. }) = (&answer.what_if, &asked.when) { p { (difference(&answer.base, what_if)) } }
            @if let Measured::Unavailable { reason, remedy } = &asked.when { p { (words::remedy(*remedy, Front::Page)) (headline::earlier_day(reason, &link::forecast_page(&answer.trail), &ask.view)) } }
            div.how.basis {
                p {
                    (headline::basis((answer.as_of, answer.fetched_at), &answer.trail, answer.origin, frame)) " "
                    @if let Some(first) = asked.starts_on { "The first working day that counts is " (format::day(first)) ". " }
                    @if let Some(pace) = &asked.pace { (statement(&pace.sentence)) " " }
                    @if let Some(growth) = asked.growth.as_ref().filter(|growth| !growth.is_on) { (statement(&growth.sentence)) }
                }
                @if asked.when.known().is_some() { (why("forecast_when", &asked.when, WEEKS)) }
            }
            @if asked.when.known().is_some() { (card::work::kind(&answer.trail, answer.work, "forecast")) }
        }
    }
}

/// The percentiles that the sentences can name, as links to the same page.
fn percents(answer: &QueryForecast, ask: &ForecastAsk) -> Markup {
    let chosen = answer.asked().percent;
    let to = |percent: u32| {
        let mut other = ask.clone();
        other.told(percent);
        link::forecast(&answer.trail, &other)
    };
    html! {
        @if answer.asked().when.known().is_some() {
            nav.view aria-label="How sure" {
                ul.choice aria-label="How sure" {
                    @for percent in forecast::PERCENTS {
                        li { a href=(to(percent)) data-swap aria-current=[(percent == chosen).then_some("true")] { (percent) "\u{202f}%" } }
                    }
                }
            }
        }
    }
}

/// What the assumptions change.
fn difference(base: &Forecast, what_if: &Forecast) -> Markup {
    let likely = |forecast: &Forecast| forecast.likely_date(forecast.when.known()?);
    let Some((before, after)) = likely(base).zip(likely(what_if)) else {
        return html! { "What if: other assumptions than usual." };
    };
    let days = (after - before).get_days();
    let count = format::counted(u64::from(days.unsigned_abs()), "day", "days");
    let usual = format!("than under the usual assumptions ({})", format::day(before));
    html! {
        @if days == 0 { "The same day as under the usual assumptions." }
        @else if days > 0 { (count) " later " (usual) "." }
        @else { (count) " earlier " (usual) "." }
    }
}

fn when(answer: &QueryForecast, ask: &ForecastAsk, frame: &Frame) -> Markup {
    let asked = answer.asked();
    let Measured::Known { value, .. } = answer.told(asked) else { return html! {} };
    let base = answer.what_if.as_ref().and_then(|_| answer.told(&answer.base).known());
    html! {
        @if let Ok(spec) = plot::finish::draw(answer) {
            (card::chart::card(&spec, &html! {}, &place(answer, ask, String::new())))
        }
        @if !value.percentiles.is_empty() {
            section.card aria-labelledby="when" {
                header { h2 #when { "Dates by chance" } }
                (part::scrolling("when", &dates(value, base, today(answer, frame))))
                @if value.unfinished > 0.0 {
                    p.soft.fine { "Not done within the five years that are looked at in " (words::share_of_cases(value.unfinished)) " of cases." }
                }
            }
        }
    }
}

/// The day it is, where what was to come may have passed; who looks back knows that.
fn today(answer: &QueryForecast, frame: &Frame) -> Option<Date> {
    let is_asked = answer.as_of.rule == MomentRule::Asked;
    (!is_asked).then(|| frame.zone.to_datetime(frame.as_of).date())
}

/// The percentiles; beside those of the base forecast where it is another one.
fn dates(when: &When, base: Option<&When>, today: Option<Date>) -> Markup {
    let date = |when: &When, percent| when.percentile(percent).and_then(|said| said.date);
    let ahead = |date| format::day_ahead(date, today);
    let text = |date: Option<Date>| date.map_or("not in sight".to_owned(), ahead);
    html! {
        table {
            caption.hidden { "Dates by chance" }
            thead { tr {
                th scope="col" { "Chance" } th scope="col" { "Done by" } th.num scope="col" { "Working days" }
                @if base.is_some() { th scope="col" { "Usual assumptions" } }
            } }
            tbody {
                @for said in &when.percentiles {
                    tr {
                        th scope="row" { (said.percent) "\u{a0}%" }
                        td { (text(said.date)) }
                        td.num { @match said.working_days { Some(days) => (format::count(u64::from(days))), None => (part::NONE) } }
                        @if let Some(base) = base { td.soft { (text(date(base, said.percent))) } }
                    }
                }
            }
        }
    }
}

fn how_many(answer: &QueryForecast, frame: &Frame) -> Markup {
    if answer.asked().sample.known().is_none() {
        return html! {};
    }
    let all = &answer.asked().how_many;
    html! {
        section.card aria-labelledby="how-many" {
            header {
                h2 #how-many { "How much is done by then" }
                @if let Some(first) = all.first() { (why("forecast_how_many", &first.amount, WEEKS)) }
                p.soft { "at least this many items" }
            }
            (part::scrolling("how-many", &amounts(all, today(answer, frame))))
        }
    }
}

fn amounts(all: &[HowManyAnswer], today: Option<Date>) -> Markup {
    html! {
        table {
            caption.hidden { "Amounts by date" }
            thead { tr {
                th scope="col" { "By" }
                @for percent in forecast::PERCENTS { th.num scope="col" { (percent) "\u{a0}%" } }
            } }
            tbody {
                @for found in all {
                    tr {
                        th scope="row" { (format::day_ahead(found.date, today)) }
                        @match &found.amount {
                            Measured::Known { value, .. } => {
                                @for said in &value.percentiles { td.num { (format::decimal(said.amount)) } }
                            }
                            Measured::Unavailable { reason, remedy } => {
                                td colspan=(forecast::PERCENTS.len()) { (words::reason(reason)) " " span.soft { (words::remedy(*remedy, Front::Page)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn sample(answer: &QueryForecast, ask: &ForecastAsk) -> Markup {
    let weeks = link::figures(&link::weeks(&answer.trail), &ask.view);
    let explained = why("forecast_sample", &answer.asked().sample, WEEKS);
    match plot::sample::draw(answer) {
        Ok(spec) => card::chart::card(&spec, &explained, &place(answer, ask, weeks)),
        Err(none) => html! {
            section.card aria-labelledby="sample-title" {
                header { h2 #sample-title { "The weeks it is based on" } }
                (part::unavailable(&none.reason, &none.remedy))
            }
        },
    }
}

fn place<'a>(answer: &'a QueryForecast, ask: &ForecastAsk, all: String) -> Place<'a> {
    Place { trail: &answer.trail, asked: ask.parameters(), all }
}

fn milestones(answer: &QueryForecast) -> Markup {
    let profile = link::profile(&answer.trail.profile.id);
    let back = link::forecast_page(&answer.trail);
    html! {
        section.card aria-labelledby="milestones" {
            header { h2 #milestones { "Milestones" } p.soft { "of the profile" } }
            (card::milestone::list(&answer.asked().deadlines))
            form.milestone method="post" action={ (profile) "/milestones" } {
                input type="hidden" name="back" value=(back);
                label { "Name" input name="name" maxlength="60" required value="Deadline"; }
                label { "Date" input type="date" name="date" required; }
                button type="submit" { "Set" }
            }
            @if !answer.asked().deadlines.is_empty() {
                form.milestone method="post" action={ (profile) "/milestones/remove" } {
                    input type="hidden" name="back" value=(back);
                    label { "Milestone" select name="name" {
                        @for found in &answer.asked().deadlines { option { (found.deadline.name) } }
                    } }
                    button type="submit" { "Remove" }
                }
            }
        }
    }
}
