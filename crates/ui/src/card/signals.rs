//! What deserves a look: a sentence each, with its evidence.

use app::metrics::{Signal, SignalCode, Tone};
use app::trail::Trail;
use maud::{Markup, html};
use words::Front;

use crate::{link, part};

/// Most that are shown.
const SHOWN: usize = 5;

/// The card; nothing where there is nothing to say.
pub fn card(signals: &[Signal], trail: &Trail) -> Markup {
    html! {
        @if !signals.is_empty() {
            section.card aria-labelledby="signals" {
                header { h2 #signals { "Signals" } p.act { a href={ (link::FIGURES) "#process_behaviour" } { "What is usual?" } } }
                ul.signals { @for signal in signals.iter().take(SHOWN) { (item(signal, trail)) } }
            }
        }
    }
}

fn item(signal: &Signal, trail: &Trail) -> Markup {
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
                @if signal.code == SignalCode::Ageing { " " a href=(link::now_page(trail)) { "All that is under way" } }
            }
        }
    }
}
