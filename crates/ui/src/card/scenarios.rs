//! What-ifs beside each other: when each is done, and what becomes of the deadlines.

use app::forecast::{
    ForecastAsk, QueryForecast, SCENARIOS_MAX, Scenario, ScenarioAnswer, ScenarioKind,
};
use maud::{Markup, html};
use model::Date;
use words::{format, scenario};

use crate::{link, part};

/// Deadlines that have a column.
const DEADLINES_SHOWN: usize = 2;
/// What unnamed scenarios are called when they are kept.
const NAMES: [&str; SCENARIOS_MAX] = ["A", "B", "C"];

/// The table; nothing where nothing but the usual is asked for.
pub fn card(answer: &QueryForecast, ask: &ForecastAsk) -> Markup {
    let Some(usual) = answer.scenarios.first() else { return html! {} };
    let deadlines = usual.odds.get(..DEADLINES_SHOWN).unwrap_or(&usual.odds);
    let table = html! {
        table aria-labelledby="scenarios" {
            thead { tr {
                th scope="col" { "Scenario" } th scope="col" { "50 % by" } th scope="col" { "85 % by" }
                @for deadline in deadlines { th scope="col" { (deadline.name) " " span.when { (format::day(deadline.date)) } } }
                th scope="col" { span.hidden { "Change" } }
            } }
            tbody { @for found in &answer.scenarios { (row(found, answer, ask, deadlines.len())) } }
        }
    };
    html! {
        section.card aria-labelledby="scenarios" {
            header {
                h2 #scenarios { "Scenarios" }
                p.soft { "the address holds them" }
            }
            (part::scrolling("scenarios", &table))
        }
    }
}

fn row(found: &ScenarioAnswer, answer: &QueryForecast, ask: &ForecastAsk, odds: usize) -> Markup {
    let date = |date: Option<Date>| date.map_or("not in sight".to_owned(), format::day);
    let name = match (found.kind, found.name.as_str()) {
        (ScenarioKind::Usual, _) => "As usual",
        (ScenarioKind::Asked, "") => "This what-if",
        (_, name) => name,
    };
    html! {
        tr {
            th scope="row" { (name) " " span.soft { (scenario::changes(&found.changes)) } }
            td { (date(found.done_by.p50)) }
            td { (date(found.done_by.p85)) }
            @for chance in found.odds.iter().take(odds) { td {
                @match chance.odds { Some(odds) => { (odds) }, None => span.none { (part::NONE) } }
            } }
            td { (acts(found, name, answer, ask)) }
        }
    }
}

/// What can be done about a scenario, as links to the same page.
fn acts(found: &ScenarioAnswer, name: &str, answer: &QueryForecast, ask: &ForecastAsk) -> Markup {
    let to = |ask: &ForecastAsk| link::forecast(&answer.trail, ask);
    let usual = ForecastAsk { beside: ask.beside.clone(), ..ask.told_alike() };
    html! {
        @match found.kind {
            ScenarioKind::Usual => { @if answer.what_if.is_some() { a href=(to(&usual)) data-swap { "Only this" } } }
            ScenarioKind::Asked => { @if let Some(kept) = kept(ask, &usual) { a href=(to(&kept)) data-swap { "Keep and try another" } } }
            ScenarioKind::Beside => {
                @let others: Vec<Scenario> = ask.beside.iter().filter(|other| other.name != found.name).cloned().collect();
                a href=(to(&ForecastAsk { beside: others, ..ask.clone() })) data-swap aria-label={ "Remove " (name) } { "Remove" }
            }
        }
    }
}

/// The usual assumptions with what is asked for beside them; `None` where there is no room, or a scenario
/// of that name.
fn kept(ask: &ForecastAsk, usual: &ForecastAsk) -> Option<ForecastAsk> {
    let is_free = |name: &str| ask.beside.iter().all(|other| other.name != name);
    let scenario = match &ask.name {
        Some(name) => Scenario::of(ask, name),
        None => Scenario::of(ask, NAMES.into_iter().find(|name| is_free(name))?),
    };
    let mut kept = usual.clone();
    is_free(&scenario.name).then(|| kept.beside(scenario).ok()).flatten().map(|()| kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is kept beside the usual assumptions, by name; `None` where it cannot be.
    #[track_caller]
    fn check(name: Option<&str>, beside: &[&str], want: Option<&[&str]>) {
        let mut ask = ForecastAsk { name: name.map(str::to_owned), ..ForecastAsk::default() };
        ask.set("focus", "80").unwrap();
        beside.iter().for_each(|text| ask.set("beside", text).unwrap());
        let usual = ForecastAsk { beside: ask.beside.clone(), ..ForecastAsk::default() };
        let kept = kept(&ask, &usual);
        let names =
            kept.map(|kept| kept.beside.into_iter().map(|one| one.name).collect::<Vec<_>>());
        let want = want.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(names, want, "{name:?} {beside:?}");
    }

    #[test]
    fn no_scenario_is_lost_to_another() {
        check(None, &[], Some(&["A"]));
        check(None, &["A;add=1"], Some(&["A", "B"]));
        check(Some("More"), &["A;add=1"], Some(&["A", "More"]));
        check(Some("A"), &["A;add=1"], None);
        check(None, &["A;add=1", "B;add=2", "C;add=3"], None);
        check(Some("More"), &["A;add=1", "B;add=2", "C;add=3"], None);
    }
}
