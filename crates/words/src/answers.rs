//! The answer about a query in a few words, for lists.

use app::answers::Likely;
use forecast::{DeadlineAnswer, ForecastStatement as Says};
use metrics::Measured;

use crate::forecast::{more, odds};
use crate::format::day;
use crate::reason;

/// What is likely: `at least 15 more items by 22 Feb 2026`.
pub fn likely(found: &Likely) -> String {
    let amount = more(found.amount, found.unit);
    match (&found.sentence, found.date) {
        (Says::NothingLeft, _) => "nothing is left to do".to_owned(),
        (Says::HasPassed { said }, Some(date)) if matches!(**said, Says::DoneBy { .. }) => {
            format!("done by {}, which has passed", day(date))
        }
        (Says::HasPassed { .. }, Some(date)) => {
            format!("at least {amount} by {}, which has passed", day(date))
        }
        (Says::DoneBy { .. }, Some(date)) => format!("done by {}", day(date)),
        (_, Some(date)) => format!("at least {amount} by {}", day(date)),
        (Says::DoneBy { today_by: Some(day_of_today), .. }, None) => {
            format!(
                "not in sight if the scope goes on as so far, what is open now by {}",
                day(*day_of_today)
            )
        }
        (_, None) => "not in sight".to_owned(),
    }
}

/// The same with how likely that is, where it is not certain.
pub fn likely_with_odds(found: &Likely) -> String {
    match (&found.sentence, found.date) {
        (Says::NothingLeft, _) | (_, None) => likely(found),
        _ => format!("{}, {} % likely", likely(found), found.percent),
    }
}

/// A target with its odds, for what is there now and with growth: `Beta 1 Feb 2026: 71 %, growing 40 %`.
pub fn target(found: &DeadlineAnswer) -> String {
    let (name, date) = (&found.deadline.name, day(found.deadline.date));
    match &found.odds {
        Measured::Known { value, .. } => {
            let odds = odds(value.odds, value.odds_growing);
            match value.sentence {
                Says::HasPassed { .. } => format!("{name} {date}, which has passed: {odds}"),
                _ => format!("{name} {date}: {odds}"),
            }
        }
        Measured::Unavailable { reason: why, .. } => format!("{name} {date}: {}", reason(why)),
    }
}
