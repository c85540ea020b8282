//! What is said about deliveries.

use app::delivery::{DeliveryAssumes, DeliveryScore, OfQuery};
use forecast::{ForecastStatement as Says, HORIZON_YEARS};
use model::Date;
use model::delivery::DeliverySplit;

use crate::forecast::share_of_cases;
use crate::format::{counted, day, decimal};

/// When a delivery is done, as a sentence; nothing of what is said of anything else.
pub(crate) fn delivery(says: &Says) -> String {
    match says {
        Says::DeliveryDone { percent, date, alone, left, grows, unfinished } => {
            delivery_done(*percent, (*date, *alone), &open_items(*left), *grows, *unfinished)
        }
        Says::DeliveryOver { items } => {
            format!("All done: {}.", counted(*items, "item", "items"))
        }
        _ => String::new(),
    }
}

/// How many items of it are open.
pub(crate) fn open_items(left: u64) -> String {
    counted(left, "item that is open", "items that are open")
}

fn delivery_done(
    percent: u32,
    (date, alone): (Option<Date>, Option<Date>),
    left: &str,
    grows: bool,
    unfinished: f64,
) -> String {
    let by = |date: Option<Date>| match date {
        Some(date) => format!("by {}", day(date)),
        None => format!("not within {HORIZON_YEARS} years"),
    };
    let said = match date {
        Some(date) => format!("{percent} % likely done by {}", day(date)),
        None => {
            let odds = share_of_cases(unfinished);
            format!("Not done within {HORIZON_YEARS} years in {odds} of cases")
        }
    };
    if grows {
        format!("{said}, if the scope goes on as so far; the {left} now {}.", by(alone))
    } else {
        format!("{said}, if nothing is added to the {left}.")
    }
}

/// How what was said about a delivery came true, as a sentence.
pub fn delivery_score(score: &DeliveryScore) -> String {
    let finished = day(score.finished_on);
    if score.said == 0 {
        return format!("Its last item was done on {finished}; nothing was said before.");
    }
    let said = counted(score.said, "date", "dates");
    let first = match score.first_missed_by_days {
        Some(late) if late > 0 => {
            let late = counted(late.unsigned_abs().into(), "day", "days");
            format!("; the first was too early by {late}")
        }
        _ => String::new(),
    };
    let held = score.held;
    format!(
        "Its last item was done on {finished}: by {held} of {said} that were said with 85 %{first}."
    )
}

/// What comes in less what is taken out, so many items a week.
fn grows_as_itself(per_week: f64) -> String {
    let amount = decimal(per_week.abs());
    if amount == decimal(0.0) {
        return "What is added to it and what is taken out cancel out, and are taken to go on so."
            .to_owned();
    }
    let moves = if per_week > 0.0 { "grows" } else { "shrinks" };
    format!("It {moves} as it did so far, by {amount} a week now, and less as time goes on.")
}

/// The queries of a delivery that are gone: `without data from X`.
pub fn delivery_lacks(queries: &[OfQuery]) -> Option<String> {
    let gone = queries.iter().filter(|query| query.is_gone).map(|query| query.name.as_str());
    let gone: Vec<&str> = gone.collect();
    (!gone.is_empty()).then(|| format!("without data from {}", gone.join(", ")))
}

/// What the forecast of a delivery takes for granted, as sentences.
pub fn delivery_assumes(assumes: &[DeliveryAssumes]) -> String {
    match assumes {
        [one] => of_team(one),
        several => {
            let mut text = counted(several.len() as u64, "team works", "teams work");
            text.push_str(" on it; it is done when all of them are.");
            for one in several {
                text.push_str(&format!(" {}: {}", one.team, of_team(one)));
            }
            text
        }
    }
}

fn of_team(assumes: &DeliveryAssumes) -> String {
    let share = assumes.share_percent;
    let mut text = match (assumes.split, assumes.at_once) {
        (DeliverySplit::Order, at_once) => {
            let first = match at_once.unwrap_or(1) {
                0 | 1 => "the first that is running".to_owned(),
                several => format!("one of the first {several} that are running"),
            };
            format!(
                "In order: {share} % of what the team finishes is for deliveries, each item for {first}."
            )
        }
        (DeliverySplit::Share, _) => {
            let why = if assumes.is_by_past {
                ", which tells better than order where the team's items of the last 12 weeks went"
            } else {
                ""
            };
            format!(
                "By share{why}: {share} % of what the team finished lately was of this delivery."
            )
        }
    };
    text.push(' ');
    match (assumes.growth_per_week, assumes.growth_factor) {
        (Some(per_week), _) => text.push_str(&grows_as_itself(per_week)),
        (_, Some(factor)) => text.push_str(&format!(
            "From here on it grows as the last {} finished ones did, half of them to × {} or more.",
            assumes.finished,
            decimal(factor)
        )),
        (None, None) => text.push_str("It does not grow."),
    }
    text
}
