//! What forecasts say.

use forecast::{ForecastStatement as Says, HORIZON_YEARS, HorizonAsked, Odds, Verdict};
use metrics::Unit;
use model::Date;

use crate::delivery::{delivery, open_items};
use crate::format::{amount_of, counted, day, decimal};
use crate::{nouns, reason};

/// A statement of a forecast, as one or more sentences.
pub fn statement(says: &Says) -> String {
    match says {
        Says::All { said } => said.iter().map(statement).collect::<Vec<_>>().join(" "),
        Says::IfItGrows { said } => {
            format!("If new work keeps coming as in the sample: {}", statement(said))
        }
        Says::HasPassed { said } => has_passed(said),
        Says::LikelyBy { percent, amount, unit, is_open, date, unfinished } => {
            likely_by((*percent, *amount, *unit), *is_open, *date, *unfinished)
        }
        Says::DoneBy { .. } => done_by(says),
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
        Says::DeliveryDone { .. } | Says::DeliveryOver { .. } => delivery(says),
        Says::NotInSight { unfinished } => format!(
            "not all done within {HORIZON_YEARS} years in {} of cases.",
            share_of_cases(*unfinished)
        ),
        Says::LikelyAmount { percent, amount, unit, date } => {
            let (more, date) = (more(*amount, *unit), day(*date));
            format!("{percent} % likely: at least {more} by {date}.")
        }
        Says::DeadlineOdds { .. }
        | Says::DeadlineMet { .. }
        | Says::DeadlineHeld { .. }
        | Says::DeadlineOverrun { .. }
        | Says::DeadlineMissed { .. } => deadline(says),
        Says::NewWork { arrived, done, .. } => new_work(*arrived, *done),
        Says::ScopeStays { is_asked: true } => "The scope is taken to stay as it is.".to_owned(),
        Says::ScopeStays { is_asked: false } => {
            "The scope hardly changed and is taken to stay as it is.".to_owned()
        }
        Says::OldAppDate { date, odds, growing } => {
            let (date, odds) = (day(*date), both(*odds, *growing));
            format!("The old app would have said {date}; it holds with {odds}.")
        }
        Says::PaceMoves { is_too_young: true, .. } => {
            "There are too few weeks to know how much the pace moves.".to_owned()
        }
        Says::PaceMoves { factor_a_quarter, .. } => match decimal(*factor_a_quarter) {
            none if none == "1" => "The pace moves no more than chance explains.".to_owned(),
            factor => format!("The pace moves by about × {factor} a quarter."),
        },
        Says::PastHeld { asked, percent, hits, forecasts, overlooked_percent } => {
            past_held(asked, *percent, (*hits, *forecasts), *overlooked_percent)
        }
        Says::CameTrue { hits, forecasts, expected, verdict } => {
            came_true(*hits, *forecasts, *expected, *verdict)
        }
    }
}

/// How a deadline stands; nothing of what is said of anything else.
fn deadline(says: &Says) -> String {
    match says {
        Says::DeadlineOdds { name, date, odds, growing } => {
            format!("{name} {}: {}.", day(*date), both(*odds, *growing))
        }
        Says::DeadlineMet { name, date } => {
            format!("{name} {}: met; what is left came or was opened again later.", day(*date))
        }
        Says::DeadlineHeld { name, date } => {
            format!("{name} {}: nothing is left to do.", day(*date))
        }
        Says::DeadlineOverrun { name, date, finished_on } => {
            format!(
                "{name} {}: missed, the last of it was done on {}.",
                day(*date),
                day(*finished_on)
            )
        }
        Says::DeadlineMissed { name, date, has_passed, left, unit } => {
            let (date, work) = (day(*date), work(*left, *unit));
            if *has_passed {
                format!("{name} {date} has passed with {work} left.")
            } else {
                format!("{name} {date}: no working day is left for {work}.")
            }
        }
        _ => String::new(),
    }
}

/// What was said of a day that lies in the past by now: never as a future.
fn has_passed(said: &Says) -> String {
    const PASSED: &str = "a day that has passed";
    match said {
        Says::LikelyAmount { percent, amount, unit, date } => {
            let (more, date) = (more(*amount, *unit), day(*date));
            format!("By {date} – {PASSED} – at least {more} were {percent} % likely.")
        }
        Says::LikelyBy { percent, amount, unit, is_open, date: Some(date), .. } => {
            let (what, date) = (how_much_more(*amount, *unit, *is_open), day(*date));
            format!("{what} were {percent} % likely by {date}, {PASSED}.")
        }
        Says::LikelyDone { percent, date, .. } => {
            format!("{percent} % likely done was {}, {PASSED}.", day(*date))
        }
        Says::DoneBy { percent, date: Some(date), grows, .. } => {
            let grows = growth_assumed(*grows);
            format!("{percent} % likely done was {}, {PASSED}, {grows}.", day(*date))
        }
        Says::DeliveryDone { percent, date: Some(date), left, grows, .. } => {
            let assumed = match grows {
                true => "if the scope went on as until then".to_owned(),
                false => format!("if nothing was added to the {}", open_items(*left)),
            };
            format!("{percent} % likely done was {}, {PASSED}, {assumed}.", day(*date))
        }
        Says::DeadlineOdds { name, date, odds, growing } => {
            format!("{name} {}, {PASSED}, stood at {}.", day(*date), both(*odds, *growing))
        }
        Says::OldAppDate { date, odds, growing } => {
            let (date, odds) = (day(*date), both(*odds, *growing));
            format!("The old app would have said {date}, {PASSED}; its odds were {odds}.")
        }
        said => statement(said),
    }
}

fn past_held(
    asked: &HorizonAsked,
    percent: u32,
    (hits, forecasts): (u64, u64),
    overlooked: Option<u32>,
) -> String {
    let what = horizon(asked);
    match overlooked {
        Some(overlooked) => format!(
            "{what}: your {percent} % held in {hits} of {forecasts} past forecasts: too few to tell {percent} % from {overlooked} %."
        ),
        None => format!("{what}: no past forecast can be judged."),
    }
}

fn horizon(asked: &HorizonAsked) -> String {
    match asked {
        HorizonAsked::Weeks { weeks } => {
            format!("Amounts in {}", counted(*weeks as u64, "week", "weeks"))
        }
        HorizonAsked::Amount { amount } => format!("The next {}", decimal(*amount)),
        HorizonAsked::Open => "As many as were open".to_owned(),
    }
}

fn likely_by(
    (percent, amount, unit): (u32, f64, Unit),
    is_open: bool,
    date: Option<Date>,
    unfinished: f64,
) -> String {
    let what = how_much_more(amount, unit, is_open);
    match date {
        Some(date) => format!("{what} by {} ({percent} %).", day(date)),
        None => format!(
            "{what} take more than {HORIZON_YEARS} years in {} of cases.",
            share_of_cases(unfinished)
        ),
    }
}

/// When work that has an end is done; what that takes for granted stands in the same sentence.
fn done_by(says: &Says) -> String {
    let Says::DoneBy { percent, amount, unit, grows, date, unfinished, today_by } = says else {
        return String::new();
    };
    let assumed = growth_assumed(*grows);
    let mut said = match date {
        Some(date) => format!("{percent} % likely done by {}, {assumed}", day(*date)),
        None => {
            let share = share_of_cases(*unfinished);
            format!("Not done within {HORIZON_YEARS} years in {share} of cases, {assumed}")
        }
    };
    if let Some(today_by) = today_by {
        let left = work(*amount, *unit);
        said += &format!("; the {left} of today by {} ({percent} %)", day(*today_by));
    }
    said + "."
}

fn growth_assumed(grows: bool) -> &'static str {
    if grows { "if the scope goes on as so far" } else { "if nothing is added" }
}

fn how_much_more(amount: f64, unit: Unit, is_open: bool) -> String {
    let more = more(amount, unit);
    if is_open { format!("{more} – as many as are open –") } else { more }
}

/// The odds of today's scope, and where it grows those with what comes: `48 %, growing 9 %`.
pub fn odds(odds: Odds, growing: Option<Odds>) -> String {
    match growing {
        Some(growing) => format!("{odds}, growing {growing}"),
        None => odds.to_string(),
    }
}

/// The odds of today's scope, and of one that grows.
fn both(odds: Odds, growing: Option<Odds>) -> String {
    match growing {
        Some(growing) if growing == odds => {
            format!("{odds}, whether or not the scope goes on as so far")
        }
        Some(growing) => format!("{odds}; {growing} if the scope goes on as so far"),
        None => odds.to_string(),
    }
}

fn new_work(arrived: f64, done: f64) -> String {
    let [comes, is_done] = [arrived, done].map(decimal);
    if comes == is_done {
        format!("New work comes as fast as it is done ({comes} a week).")
    } else if arrived > done {
        format!("New work comes faster ({comes} a week) than it is done ({is_done}).")
    } else if arrived >= 0.0 {
        format!("New work comes more slowly ({comes} a week) than it is done ({is_done}).")
    } else {
        let taken = decimal(-arrived);
        format!("More is taken out than comes in ({taken} a week), and {is_done} a week is done.")
    }
}

/// So much more.
pub(crate) fn more(amount: f64, unit: Unit) -> String {
    let [one, many] = nouns(unit).map(|noun| format!("more {noun}"));
    amount_of(amount, &one, &many)
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

/// So much of it.
pub(crate) fn work(amount: f64, unit: Unit) -> String {
    let [one, many] = nouns(unit);
    amount_of(amount, one, many)
}

/// The share of futures in which something bad comes. Bad news is rounded up.
pub fn share_of_cases(share: f64) -> String {
    match (share * 100.0 - 1e-7).ceil() {
        percent if percent >= 100.0 => "> 99 %".to_owned(),
        percent => format!("{percent} %"),
    }
}
