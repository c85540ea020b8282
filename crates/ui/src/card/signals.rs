//! What deserves a look: a sentence each, with its evidence.

use app::forecast::ForecastAsk;
use app::metrics::{Signal, SignalCode, Tone};
use app::trail::Trail;
use maud::{Markup, html};
use model::Week;
use words::Front;

use crate::{link, part};

/// Most that are shown.
const SHOWN: usize = 5;

/// The card; nothing where there is nothing to say.
pub fn card(signals: &[Signal], trail: &Trail) -> Markup {
    beside(signals, trail, &ForecastAsk::default())
}

/// The same beside a forecast that was asked for.
pub fn beside(signals: &[Signal], trail: &Trail, ask: &ForecastAsk) -> Markup {
    html! {
        @if !signals.is_empty() {
            section.card aria-labelledby="signals" {
                header { h2 #signals { "Signals" } p.act { a href={ (link::FIGURES) "#process_behaviour" } { "What is usual?" } } }
                ul.signals { @for signal in signals.iter().take(SHOWN) { (item(signal, trail, ask)) } }
            }
        }
    }
}

/// A link to the forecast that draws from no such week.
pub fn without(weeks: &[String], trail: &Trail, ask: &ForecastAsk) -> Markup {
    let mut other = ask.clone();
    let all = weeks.iter().filter_map(|week| Week::parse(week));
    let is_asked = all.map(|week| other.exclude(week)).all(|asked| asked.is_ok());
    html! {
        @if is_asked && !weeks.is_empty() {
            " " a href=(link::forecast(trail, &other)) { "Leave out " (weeks.join(", ")) }
        }
    }
}

fn item(signal: &Signal, trail: &Trail, ask: &ForecastAsk) -> Markup {
    let (class, word) = match signal.tone {
        Tone::Risk => ("risk", "Risk: "),
        Tone::Watch => ("watch", "Watch: "),
        Tone::Good => ("good", "Good: "),
    };
    html! {
        li.(class) {
            p { span.tone { (word) } b { (words::signal(&signal.sentence, Front::Page)) } }
            p.soft.fine {
                (words::signal(&signal.evidence, Front::Page))
                @for key in &signal.keys { " " (part::key(trail, key)) }
                (without(&signal.weeks, trail, ask))
                @if signal.code == SignalCode::Ageing { " " a href=(link::now_page(trail)) { "All that is under way" } }
            }
        }
    }
}
