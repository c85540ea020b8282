//! The answer about each query or delivery, a line each.

use app::answers::{Answer, Answers, AnswersAsk, PAGE_ANSWERS, Subject};
use app::delivery::{DeliveryAsk, ShortAnswer};
use app::metrics::{Age, Measured};
use chart::Role;
use forecast::{DeadlineAnswer, ForecastStatement, HEADLINE_PERCENT, Odds};
use maud::{Markup, PreEscaped, html};
use words::format;

use crate::frame::Frame;
use crate::link;
use crate::part::{self, Pages};

/// The card with the list and the way to the rest of it.
pub fn card(found: &Answers, ask: &AnswersAsk, frame: &Frame) -> Markup {
    html! {
        @if found.matching > PAGE_ANSWERS as u64 || !ask.text.is_empty() { (search(ask)) }
        section.card aria-labelledby="answers" {
            header { h2 #answers { "What to expect" } p.soft { "most recently used first" } }
            @if found.answers.is_empty() { (nothing(found, ask)) }
            @else {
                (part::scrolling("answers", &table(found, frame)))
                @if found.pages > 1 { (part::pager(pages(found), &|page| link::answers(&AnswersAsk { page, ..ask.clone() }))) }
            }
        }
    }
}

/// The running deliveries, if there are any.
pub fn deliveries(found: &[ShortAnswer], frame: &Frame) -> Markup {
    let table = html! {
        table.wide.answers {
            caption.hidden { "The answer about each running delivery" }
            thead {
                tr {
                    th scope="col" { "Delivery" }
                    th scope="col" { "Answer" }
                    th scope="col" { "Target" }
                    th scope="col" { "Data as of" }
                }
            }
            tbody { @for answer in found { (delivery(answer, frame)) } }
        }
    };
    html! {
        @if !found.is_empty() {
            section.card aria-labelledby="running-deliveries" {
                header { h2 #running-deliveries { "Deliveries" } p.soft { "those that run" } }
                (part::scrolling("running-deliveries", &table))
            }
        }
    }
}

fn delivery(answer: &ShortAnswer, frame: &Frame) -> Markup {
    let page = link::delivery(&answer.head.profile, &answer.head.id, &DeliveryAsk::default());
    let since = answer.as_of.and_then(|at| words::as_of(&at, answer.stale.as_ref(), frame.as_of));
    html! {
        tr {
            th scope="row" {
                a href=(page) { (answer.head.name) } " " span.soft { (answer.profile_name) }
                @if let Some(lacks) = words::delivery_lacks(&answer.head.queries) { p.soft.fine { (lacks) } }
            }
            td { @if let Some(since) = since { (since) ": " } (words::statement(&answer.sentence)) }
            td data-head="Target:" {
                @match &answer.odds {
                    Some(found) => { span.when { (format::day(found.date)) } " " span.chip.(tone(found.odds)) { (words::odds(found.odds, found.growing)) } }
                    None => span.none { (part::NONE) },
                }
            }
            td data-head="Data:" { @match answer.fetched_at { Some(at) => (part::day_and_age(at, frame)), None => span.soft { "not known" } } }
        }
    }
}

fn pages(found: &Answers) -> Pages {
    Pages {
        page: found.page,
        count: found.pages,
        size: PAGE_ANSWERS,
        shown: found.answers.len(),
        matching: found.matching,
    }
}

fn search(ask: &AnswersAsk) -> Markup {
    html! {
        form.filter method="get" action=(link::WORKSPACE) role="search" {
            label {
                "Text in the name of a query or profile"
                input type="search" name="text" maxlength=(app::parameter::TEXT_CHARACTERS_MAX) value=(ask.text);
            }
            button type="submit" { "Search" }
            @if !ask.text.is_empty() { a href=(link::WORKSPACE) { "Show all" } }
        }
    }
}

fn nothing(found: &Answers, ask: &AnswersAsk) -> Markup {
    let last = AnswersAsk { page: found.pages, ..ask.clone() };
    html! {
        @if found.matching > 0 {
            (part::unavailable("This page is beyond the last one.", ""))
            p { a href=(link::answers(&last)) { "Go to page " (found.pages) } }
        } @else if ask.text.is_empty() {
            (part::unavailable("There is no query yet.", "Each profile makes its own."))
            p { a href=(link::PROFILES) { "Look at the profiles" } }
        } @else {
            (part::unavailable("No query matches.", "Search for another text, or show all."))
        }
    }
}

fn table(found: &Answers, frame: &Frame) -> Markup {
    let percent = shared_percent(found);
    html! {
        table.wide.answers {
            caption.hidden { "The answer about each query, most recently used first" }
            thead {
                tr {
                    th scope="col" { "Query" }
                    th scope="col" { "Done" }
                    th scope="col" { @if let Some(percent) = percent { (percent) " % likely" } @else { "Likely" } }
                    th scope="col" { "Target" }
                    th scope="col" { "Oldest in progress" }
                    th scope="col" { "Data as of" }
                }
            }
            tbody { @for answer in &found.answers { (row(answer, percent, frame)) } }
        }
    }
}

/// The chance that all answers name, if it is one.
fn shared_percent(found: &Answers) -> Option<u32> {
    let mut percents =
        found.answers.iter().filter_map(|answer| Some(answer.likely.known()?.percent));
    let first = percents.next().unwrap_or(HEADLINE_PERCENT);
    percents.all(|percent| percent == first).then_some(first)
}

fn row(answer: &Answer, shared_percent: Option<u32>, frame: &Frame) -> Markup {
    let said = if shared_percent.is_some() { words::likely } else { words::likely_with_odds };
    let Subject::Query { query } = &answer.subject;
    let page = link::query(&answer.profile.id, &query.id);
    html! {
        tr {
            th scope="row" {
                a href=(page) { (query.name) }
                span.of { "in " a href=(link::profile(&answer.profile.id)) { (answer.profile.name) } " · " a href={ (page) "/report" } aria-label={ "Report on " (query.name) } { "Report" } }
            }
            td.progress data-head="Done:" { (progress(answer)) }
            td {
                @match &answer.likely {
                    Measured::Known { value, .. } => a href={ (page) "/forecast" } { (said(value)) },
                    Measured::Unavailable { reason, .. } => span.soft { (words::reason(reason)) },
                }
            }
            td data-head="Target:" { @match &answer.target { Some(found) => (target(found)), None => span.none { (part::NONE) } } }
            td data-head="Oldest in progress:" { (oldest(&answer.oldest, &page)) }
            td data-head="Data:" { (data(answer, &page, frame)) }
        }
    }
}

/// How much is done of how much, and how the last weeks went.
fn progress(answer: &Answer) -> Markup {
    let totals = answer.totals.known();
    let known = totals.and_then(|totals| Some((totals.done.items, totals.scope?.items)));
    let weeks: Vec<Option<f64>> = answer.done_by_week.iter().copied().map(Some).collect();
    html! {
        @match known.filter(|(_, scope)| *scope > 0) {
            Some((done, scope)) => {
                (format::count(done.unsigned_abs())) " of " (format::count(scope.unsigned_abs()))
                (part::bar(done.unsigned_abs(), scope.unsigned_abs()))
            }
            None => span.none { (part::NONE) },
        }
        (PreEscaped(chart::sparkline(&weeks, Role::Work)))
    }
}

fn target(found: &DeadlineAnswer) -> Markup {
    html! {
        (found.deadline.name) " " span.when { (format::day(found.deadline.date)) } " "
        @if has_passed(found) { span.soft { "passed" } " " }
        @match &found.odds {
            Measured::Known { value, .. } => span.chip.(tone(value.odds)) { (words::odds(value.odds, value.odds_growing)) },
            Measured::Unavailable { .. } => span.chip.quiet { "not known" },
        }
    }
}

fn has_passed(found: &DeadlineAnswer) -> bool {
    let known = found.odds.known();
    known.is_some_and(|known| matches!(known.sentence, ForecastStatement::HasPassed { .. }))
}

fn tone(odds: Odds) -> &'static str {
    match odds {
        Odds::Certain | Odds::Above95 => "ok",
        Odds::Percent { percent } if u32::from(percent) >= HEADLINE_PERCENT => "ok",
        Odds::Percent { percent: 50.. } => "watch",
        Odds::Percent { .. } | Odds::Below1 | Odds::Missed => "risk",
    }
}

fn oldest(found: &Measured<Option<Age>>, query: &str) -> Markup {
    let days = |age: &Age| format::counted(u64::from(age.days.unsigned_abs()), "day", "days");
    html! {
        @match found {
            Measured::Known { value: Some(age), .. } => {
                a href=(link::issue_of(query, &age.key)) { (age.key) } ", " span.when { (days(age)) }
            }
            Measured::Known { value: None, .. } => span.soft { "nothing" },
            Measured::Unavailable { .. } => span.none { (part::NONE) },
        }
    }
}

fn data(answer: &Answer, query: &str, frame: &Frame) -> Markup {
    let failed = answer.stale.as_ref().is_some_and(|stale| stale.failed.is_some());
    let is_due = answer.stale.as_ref().is_some_and(|stale| stale.is_due);
    html! {
        @match answer.fetched_at {
            Some(at) => (part::day_and_age(at, frame)),
            None if words::last_known(answer.as_of.rule).is_some() => {
                (format::day(answer.as_of.date)) span.soft { ", " (words::last_known(answer.as_of.rule).unwrap_or_default()) }
            }
            None if is_due => span.soft { "not known" },
            None => span.soft { "never fetched" },
        }
        @if failed { " " a.chip.risk href={ (query) "/sync" } { "sync failed" } }
        @else if is_due { " " a.chip.watch href={ (query) "/sync" } { "sync is due" } }
    }
}
