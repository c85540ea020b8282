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
        @for line in details(found) { p.soft.fine { (line) } }
    }
}

/// What is said beside the odds: how they change if the work grows, and the pace that they take.
pub fn details(found: &DeadlineOdds) -> Vec<String> {
    match &found.sentence {
        ForecastStatement::DeadlineMet { .. } => {
            return vec!["Met; what is left came or was opened again later.".to_owned()];
        }
        ForecastStatement::DeadlineHeld { .. } => return vec!["Nothing is left to do.".to_owned()],
        ForecastStatement::DeadlineOverrun { finished_on, .. } => {
            return vec![format!("The last of it was done on {}.", format::day(*finished_on))];
        }
        _ => {}
    }
    let has_passed = matches!(found.sentence, ForecastStatement::HasPassed { .. });
    let passed = has_passed.then(|| "That day has passed.".to_owned());
    let growing = found.odds_growing.map(|odds| format!("{odds} if the scope goes on as so far"));
    // What it takes to make a day that has passed is of no use.
    let pace = found.pace.as_ref().filter(|_| !has_passed).map(needed);
    let mut said: Vec<String> = passed.into_iter().chain(growing).chain(pace).collect();
    if said.is_empty() {
        said.push(statement(&found.sentence));
    }
    said
}

fn needed(pace: &Pace) -> String {
    let [needed, typical, poor] = [pace.needed, pace.typical, pace.poor].map(format::decimal);
    format!("Needs {needed} a week. You do {typical} in a normal week, {poor} in a bad one.")
}
