//! What forecasts say.

use forecast::{ForecastStatement as Says, HORIZON_YEARS, Odds, Verdict};
use metrics::Unit;

use crate::format::{amount_of, day, decimal};
use crate::reason;

/// A statement of a forecast, as one or more sentences.
pub fn statement(says: &Says) -> String {
    match says {
        Says::All { said } => said.iter().map(statement).collect::<Vec<_>>().join(" "),
        Says::WithoutNewWork { said } => format!("Without new work: {}", statement(said)),
        Says::Unknown { reason: why } => reason(why),
        Says::NothingLeft => "Nothing is left to do.".to_owned(),
        Says::LikelyDone { percent, date, unfinished } => {
            let date = day(*date);
            if *unfinished < 0.01 {
                return format!("{percent} % likely done by {date}.");
            }
            let odds = share_of_cases(*unfinished);
            format!(
                "{percent} % likely done by {date}; not within {HORIZON_YEARS} years in {odds} of cases."
            )
        }
        Says::NotInSight { unfinished } => format!(
            "At this rate the work does not finish within {HORIZON_YEARS} years in {} of cases.",
            share_of_cases(*unfinished)
        ),
        Says::LikelyAmount { percent, amount, unit, date } => {
            let (work, date) = (work(*amount, *unit), day(*date));
            format!("{percent} % likely at least {work} done by {date}.")
        }
        Says::DeadlineOdds { name, date, odds } => format!("{name} {}: {odds}.", day(*date)),
        Says::DeadlineHeld { name, date } => {
            format!("{name} {}: nothing is left to do.", day(*date))
        }
        Says::DeadlineMissed { name, date, has_passed, left, unit } => {
            let (date, work) = (day(*date), work(*left, *unit));
            if *has_passed {
                format!("{name} {date} has passed with {work} left.")
            } else {
                format!("{name} {date}: no working day is left for {work}.")
            }
        }
        Says::ScopeChanges { per_week, unit } => {
            let change = if *per_week < 0.0 { "shrinks" } else { "grows" };
            let pace = work(per_week.abs(), *unit);
            format!("The scope {change} by {pace} a week, as in the sample.")
        }
        Says::ScopeStays { is_asked: true } => "The scope is taken to stay as it is.".to_owned(),
        Says::ScopeStays { is_asked: false } => {
            "The scope hardly changed and is taken to stay as it is.".to_owned()
        }
        Says::OldAppDate { date, odds } => old_app_date(&day(*date), *odds),
        Says::CameTrue { hits, forecasts, expected, verdict } => {
            came_true(*hits, *forecasts, *expected, *verdict)
        }
    }
}

fn old_app_date(date: &str, odds: Odds) -> String {
    format!("The old app would have said {date}; it holds with {odds}.")
}

fn came_true(hits: u64, forecasts: u64, expected: f64, verdict: Verdict) -> String {
    let verdict = match verdict {
        Verdict::TooFew if forecasts == 0 => return "No forecast has come due yet.".to_owned(),
        Verdict::TooFew => "too few to judge",
        Verdict::Holds => "the odds hold",
        Verdict::TooOptimistic => "the forecasts were too optimistic",
        Verdict::TooCautious => "the forecasts were too cautious",
    };
    let was = if expected == 1.0 { "was" } else { "were" };
    let expected = decimal(expected);
    format!("{hits} of {forecasts} came true where {expected} {was} to be expected: {verdict}.")
}

fn work(amount: f64, unit: Unit) -> String {
    match unit {
        Unit::Items => amount_of(amount, "item", "items"),
        Unit::Points => amount_of(amount, "point", "points"),
    }
}

/// Bad news is rounded up.
fn share_of_cases(share: f64) -> String {
    match (share * 100.0 - 1e-7).ceil() {
        percent if percent >= 100.0 => "> 99 %".to_owned(),
        percent => format!("{percent} %"),
    }
}
