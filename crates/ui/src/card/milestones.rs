//! Deadlines with their odds.

use app::metrics::Measured;
use forecast::{DeadlineAnswer, DeadlineOdds, ForecastStatement, Odds, Pace};
use maud::{Markup, html};
use words::{format, statement};

/// The deadlines as a list; a sentence where there is none.
pub fn list(deadlines: &[DeadlineAnswer]) -> Markup {
    html! {
        @if deadlines.is_empty() {
            p.soft { "No deadline is set." }
        } @else {
            ul.milestones { @for answer in deadlines { (item(answer)) } }
        }
    }
}

fn item(answer: &DeadlineAnswer) -> Markup {
    let date = format::day(answer.deadline.date);
    html! {
        li {
            p { b { (answer.deadline.name) } " " span.soft { (date) } }
            @match &answer.odds {
                Measured::Known { value, .. } => { (odds(value)) }
                Measured::Unavailable { reason, .. } => p.soft.fine { (words::reason(reason)) },
            }
        }
    }
}

fn odds(found: &DeadlineOdds) -> Markup {
    let percent = match found.odds {
        Odds::Missed => 0.0,
        Odds::Below1 => 0.5,
        Odds::Percent { percent } => f64::from(percent),
        Odds::Above95 => 97.0,
        Odds::Certain => 100.0,
    };
    html! {
        p.odds {
            b { (found.odds) }
            svg.bar viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
                rect.track width="100" height="8" {}
                rect.fill width=(format!("{percent:.1}")) height="8" {}
            }
        }
        @let has_passed = matches!(found.sentence, ForecastStatement::HasPassed { .. });
        @if has_passed { p.soft.fine { (statement(&found.sentence)) } }
        @else {
            @if let Some(growing) = found.odds_growing { p.soft.fine { (growing) " if it grows as so far" } }
            @match &found.pace {
                Some(pace) => p.soft.fine { (needed(pace)) },
                None if found.odds_growing.is_none() => p.soft.fine { (statement(&found.sentence)) },
                None => {}
            }
        }
    }
}

fn needed(pace: &Pace) -> String {
    let [needed, typical, poor] = [pace.needed, pace.typical, pace.poor].map(format::decimal);
    format!("Needs {needed} a week. You do {typical} in a normal week, {poor} in a bad one.")
}
