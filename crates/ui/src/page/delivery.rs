//! The deliveries of a profile, and one of them: when it is done, how it stands, and what was said
//! about it before.

use app::delivery::{
    Deliveries, DeliveryAnswer, DeliveryAsk, DeliveryForecast, DeliveryOffers, OneDelivery,
};
use app::metrics::{Measured, MembershipOf};
use app::moment::MomentRule;
use maud::{Markup, html};
use model::{Date, DeliveryState};
use words::{format, statement};

use crate::frame::Frame;
use crate::plot::delivery as plot;
use crate::shell::{self, Tab};
use crate::{card, link, part};

/// Open items that the page shows; JSON has all of them.
const ROWS_MAX: usize = 200;

/// The list, with what could be a delivery.
pub fn list(answer: &(Deliveries, DeliveryOffers), ask: &DeliveryAsk, frame: &Frame) -> String {
    let (deliveries, offers) = answer;
    let trail = &deliveries.trail;
    let body = html! {
        section.answer { h1 { "Deliveries of " mark { (trail.profile.name) } }
            div.acts { a href=(link::new_delivery(&trail.profile.id, "")) { "Make one" } }
        }
        section.card aria-labelledby="deliveries" {
            header { h2 #deliveries { "In their order" } p.soft { "the first running ones are worked on first" } }
            @if deliveries.deliveries.is_empty() {
                div.empty { p { "There is no delivery yet." } p.soft { "A delivery is a version, an epic, a sprint or any other part of the work that is done some day." } }
            } @else {
                (part::scrolling("deliveries", &rows(deliveries, ask, frame)))
            }
        }
        @if !offers.offers.is_empty() { (offered(offers)) }
    };
    shell::page(frame, "Deliveries", Some(trail), Tab::Other, &body)
}

fn rows(found: &Deliveries, ask: &DeliveryAsk, frame: &Frame) -> Markup {
    html! {
        table.wide {
            caption.hidden { "Deliveries in their order" }
            thead { tr {
                th scope="col" { "Delivery" } th scope="col" { "State" } th.num scope="col" { "Done" }
                th.num scope="col" { "50 %" } th.num scope="col" { "85 %" }
                th.num scope="col" { "Target" } th.num scope="col" { "Odds" } th scope="col" { "Order" }
            } }
            tbody { @for answer in &found.deliveries { (row(answer, ask, frame)) } }
        }
    }
}

fn row(answer: &DeliveryAnswer, ask: &DeliveryAsk, frame: &Frame) -> Markup {
    let (head, today) = (&answer.head, today(answer, frame));
    let forecast = answer.forecast.known();
    let odds = forecast.and_then(|known| known.target.as_ref());
    html! {
        tr {
            th scope="row" {
                a href=(link::delivery(&head.profile, &head.id, ask)) { (head.name) }
                @if let Some(lacks) = words::delivery_lacks(&head.queries) { p.soft.fine { (lacks) } }
            }
            td { (head.delivery_state.as_str()) }
            td.num { @match &answer.standing {
                Measured::Known { value, .. } => { (format::count(value.done)) " of " (format::count(value.scope)) }
                Measured::Unavailable { .. } => span.soft { "not known" },
            } }
            @for percent in [50, 85] {
                td.num { @match forecast { Some(known) => (date_of(known, percent, today)), None => span.none { (part::NONE) } } }
            }
            td.num { @match head.target { Some(day) => (format::day(day)), None => span.none { (part::NONE) } } }
            td.num { @match odds { Some(target) => (words::odds(target.odds, target.growing)), None => span.none { (part::NONE) } } }
            td { (move_up(answer)) }
        }
    }
}

/// One place up in the order.
fn move_up(answer: &DeliveryAnswer) -> Markup {
    let head = &answer.head;
    let to = format!("{}/order", link::delivery(&head.profile, &head.id, &DeliveryAsk::default()));
    html! {
        @if head.place > 1 {
            form method="post" action=(to) {
                input type="hidden" name="place" value=(head.place - 1);
                button type="submit" aria-label={ "Move " (head.name) " up" } { "↑" }
            }
        }
    }
}

fn date_of(forecast: &DeliveryForecast, percent: u32, today: Option<Date>) -> Markup {
    html! { @if forecast.assumes.is_empty() { "done" } @else { (seen(forecast.date(percent), today)) } }
}

/// A day, and whether it is over although it was to come.
fn seen(date: Option<Date>, today: Option<Date>) -> String {
    date.map_or_else(|| "not in sight".to_owned(), |date| format::day_ahead(date, today))
}

/// The day it is; who looks back knows that what was to come then has passed.
fn today(answer: &DeliveryAnswer, frame: &Frame) -> Option<Date> {
    let is_asked = answer.as_of.is_some_and(|moment| moment.rule == MomentRule::Asked);
    (!is_asked).then(|| frame.zone.to_datetime(frame.as_of).date())
}

fn offered(found: &DeliveryOffers) -> Markup {
    let profile = &found.trail.profile.id;
    let table = html! {
        table.wide {
            caption.hidden { "Versions and epics with open items" }
            thead { tr { th scope="col" { "Version or epic" } th.num scope="col" { "Open" } th.num scope="col" { "Items" } th.num scope="col" { "Release" } th scope="col" { span.hidden { "Make it one" } } } }
            tbody { @for offer in &found.offers { tr {
                th scope="row" { (offer.name) @if let Some(title) = &offer.title { " " span.soft { (title) } } }
                td.num { (format::count(offer.open)) }
                td.num { (format::count(offer.scope)) }
                td.num { @match offer.day { Some(day) => (format::day(day)), None => span.none { (part::NONE) } } }
                td { a href=(link::new_delivery(profile, &offer.rule)) { "Make it a delivery" span.hidden { ": " (offer.name) } } }
            } } }
        }
    };
    html! {
        section.card aria-labelledby="offers" {
            header { h2 #offers { "Could be deliveries" } p.soft { "versions and epics with open items" } }
            (part::scrolling("offers", &table))
        }
    }
}

/// One delivery.
pub fn page(answer: &OneDelivery, ask: &DeliveryAsk, frame: &Frame) -> String {
    let head = &answer.answer.head;
    shell::page(frame, &head.name, Some(&answer.trail), Tab::Other, &body(answer, ask, frame))
}

fn body(page: &OneDelivery, ask: &DeliveryAsk, frame: &Frame) -> Markup {
    let answer = &page.answer;
    let head = &answer.head;
    let here = link::delivery(&head.profile, &head.id, &DeliveryAsk::default());
    html! {
        div.at {
            p.name { a href=(link::deliveries(&head.profile)) { "Deliveries" } }
            (day_picker(&here, answer, ask))
        }
        section.answer {
            h1 { @if let Some(since) = since(answer, frame) { (since) ": " } mark { (head.name) } ": " (sentence(answer)) }
            @if let Some(target) = answer.forecast.known().and_then(|known| known.target.as_ref()) { p.how { (statement(&target.sentence)) } }
            div.acts { a href=(link::setup_of(&here)) { "Change it" } (states(answer, &here)) }
        }
        (gone(answer))
        div.cols.halves {
            div.side { (standing(answer)) (assumed(answer)) }
            div.side { (dates(answer, today(answer, frame))) }
        }
        @for spec in [plot::burnup(answer), plot::over_time(answer)].into_iter().flatten() { (card::chart::plain(&spec)) }
        (past(answer))
        (items(page))
    }
}

/// A day to look back from, and what belongs to it then.
fn day_picker(path: &str, answer: &DeliveryAnswer, ask: &DeliveryAsk) -> Markup {
    let shown = answer.as_of.map(|moment| format::day(moment.date)).unwrap_or_default();
    html! {
        details.picker.day name="picker" {
            summary.pick { span { (shown) } }
            form method="get" action=(path) {
                label { "Look back from the end of" input type="date" name="as_of" value=[ask.as_of]; }
                label.check { input type="checkbox" name="membership" value="today" checked[ask.membership == MembershipOf::Today]; " with what belongs to it today" }
                button type="submit" { "Show" }
                @if ask.as_of.is_some() { a href=(path) { "Latest" } }
            }
        }
    }
}

fn sentence(answer: &DeliveryAnswer) -> String {
    match &answer.forecast {
        Measured::Known { value, .. } => statement(&value.sentence),
        Measured::Unavailable { reason, .. } => words::reason(reason),
    }
}

fn states(answer: &DeliveryAnswer, here: &str) -> Markup {
    html! {
        @for (word, state) in DeliveryState::WORDS {
            @if state != answer.head.delivery_state {
                form method="post" action={ (here) "/state" } {
                    input type="hidden" name="state" value=(word);
                    button type="submit" { "It is " (word) }
                }
            }
        }
    }
}

/// What nothing is known of any more.
fn gone(answer: &DeliveryAnswer) -> Markup {
    let gone: Vec<&str> = answer
        .head
        .queries
        .iter()
        .filter(|query| query.is_gone)
        .map(|query| &*query.name)
        .collect();
    html! { @if !gone.is_empty() { div.strip role="status" { p { "Without data from " (gone.join(", ")) ": not there any more." } } } }
}

fn standing(answer: &DeliveryAnswer) -> Markup {
    html! {
        section.card aria-labelledby="standing" {
            header { h2 #standing { "How it stands" } }
            @match &answer.standing {
                Measured::Known { value, .. } => {
                    p { (format::count(value.done)) " of " (format::counted(value.scope, "item", "items")) " done, " (format::count(value.remaining)) " open." }
                    (part::bar(value.done, value.scope))
                    @if let Some(undated) = undated(answer, value.done) {
                        p.soft { (format::count(undated)) " of those done in no chart: nothing says on which day." }
                    }
                    @if value.cancelled > 0 { p.soft { (format::count(value.cancelled)) " cancelled" } }
                }
                Measured::Unavailable { reason, remedy } => (part::unknown(reason, *remedy)),
            }
            dl.facts {
                dt { "Rule" } dd { code { (answer.head.rule) } }
                dt { "State" } dd { (answer.head.delivery_state.as_str()) ", number " (answer.head.place) }
                @for query in answer.head.queries.iter().filter(|query| !query.is_gone) {
                    dt { "Query" } dd { a href=(link::query(query.key.profile.as_str(), query.key.query.as_str())) { (query.name) } }
                }
            }
        }
    }
}

/// How many of those done are in no week, as nothing tells when; `None` if none.
fn undated(answer: &DeliveryAnswer, done: u64) -> Option<u64> {
    done.checked_sub(answer.weeks.last()?.done).filter(|undated| *undated > 0)
}

/// The first words about old data.
fn since(answer: &DeliveryAnswer, frame: &Frame) -> Option<String> {
    words::as_of(&answer.as_of?, answer.stale.as_ref(), frame.as_of)
}

fn assumed(answer: &DeliveryAnswer) -> Markup {
    let assumes = answer.forecast.known().map(|known| known.assumes.as_slice());
    html! {
        @if let Some(assumes) = assumes.filter(|assumes| !assumes.is_empty()) {
            section.card aria-labelledby="assumes" {
                header { h2 #assumes { "Taken for granted" } }
                p { (words::delivery_assumes(assumes)) }
                p.soft { "No model of the past sees a stop, a halving or a new team." }
            }
        }
    }
}

fn dates(answer: &DeliveryAnswer, today: Option<Date>) -> Markup {
    html! {
        section.card aria-labelledby="dates" {
            header { h2 #dates { "When" } }
            @match &answer.forecast {
                Measured::Known { value, .. } if !value.percentiles.is_empty() => (part::scrolling("dates", &html! {
                    table.wide {
                        caption.hidden { "Dates by chance" }
                        thead { tr { th scope="col" { "Likely" } th.num scope="col" { "Done by" } th.num scope="col" { "What is in it now" } } }
                        tbody { @for said in &value.percentiles { tr {
                            th scope="row" { (said.percent) " %" }
                            td.num { (seen(said.date, today)) }
                            td.num { (seen(said.alone, today)) }
                        } } }
                    }
                })),
                Measured::Known { value, .. } => p { (statement(&value.sentence)) },
                Measured::Unavailable { reason, remedy } => (part::unknown(reason, *remedy)),
            }
            @if let Some(score) = &answer.score { p { (words::delivery_score(score)) } }
        }
    }
}

/// What was said, or would have been.
fn past(answer: &DeliveryAnswer) -> Markup {
    let (said, soft) = match (answer.said.as_slice(), answer.over_time.as_slice()) {
        ([], []) => return html! {},
        ([], computed) => (computed, "what would have been said with what was known then"),
        (kept, _) => (kept, "what was said"),
    };
    html! {
        section.card aria-labelledby="said" {
            header { h2 #said { "How the date moved" } p.soft { (soft) } }
            (part::scrolling("said", &html! {
                table.wide {
                    caption.hidden { "Dates that were said, newest first" }
                    thead { tr { th scope="col" { "On" } th.num scope="col" { "Done" } th.num scope="col" { "50 %" } th.num scope="col" { "85 %" } th.num scope="col" { "Odds of the target" } } }
                    tbody { @for one in said.iter().rev() { tr {
                        th scope="row" { (format::day(one.date)) }
                        td.num { (format::count(one.done)) " of " (format::count(one.scope)) }
                        td.num { (seen(one.half, None)) }
                        td.num { (seen(one.likely, None)) }
                        td.num { @match one.odds_per_mille { Some(odds) => (forecast::Odds::of(f64::from(odds) / 1_000.0)), None => span.none { (part::NONE) } } }
                    } } }
                }
            }))
        }
    }
}

/// Its open items, which lead to their pages and to Jira.
fn items(page: &OneDelivery) -> Markup {
    let open = page.answer.keys.as_ref().map_or(&[][..], |keys| &keys.open_items);
    let shown = open.get(..ROWS_MAX).unwrap_or(open);
    let table = html! {
        table.wide.issues {
            caption.hidden { "Open items" }
            thead { tr { th scope="col" { "Key" } th scope="col" { "Summary" } th scope="col" { "Status" } } }
            tbody { @for item in shown { tr {
                th scope="row" { span.key {
                    a href=(link::issue_of(&link::query(item.query.profile.as_str(), item.query.query.as_str()), &item.key)) { (item.key) }
                    (part::out(&item.key, item.url.as_deref()))
                } }
                td.summary { (item.summary.as_deref().unwrap_or(part::NONE)) }
                td { (part::status(item.status.as_deref(), item.status_category.as_deref())) }
            } } }
        }
    };
    html! {
        @if !open.is_empty() {
            section.card aria-labelledby="open" {
                header { h2 #open { (format::counted(open.len() as u64, "open item", "open items")) } }
                (part::scrolling("open", &table))
                @if shown.len() < open.len() { p.soft { "The first " (shown.len()) " of " (format::count(open.len() as u64)) "." } }
            }
        }
    }
}
