//! Sentences about work under way: the service level, odds, how an age stands.

use metrics::{Expectation, ItemOdds, Measured, Pace, ServiceLevel};

use forecast::Odds;

use crate::format::count;
use crate::{Front, flow, unknown};

/// How many of what is under way are in no list of ages; `None` if none.
pub fn without_start(total: u64, with_start: u64) -> Option<String> {
    let without = total.checked_sub(with_start).filter(|without| *without > 0)?;
    Some(format!("The start of {} of them is not known", count(without)))
}

/// Within how many days started work is done, or why nothing tells.
pub fn service_level(level: &Measured<ServiceLevel>, front: Front) -> String {
    match level {
        Measured::Known { value, .. } => match value.expectation {
            Expectation::Reached { .. } => flow::expectation(value),
            Expectation::NotReached { .. } => flow::expectation(value) + &flow::of_finished(value),
        },
        Measured::Unavailable { reason, remedy } => {
            format!("How long work usually takes is not known. {}", unknown(reason, *remedy, front))
        }
    }
}

/// What those are older than that are counted as over.
pub fn older_than(level: &Measured<ServiceLevel>) -> &'static str {
    match level.known().map(|level| level.expectation) {
        Some(Expectation::NotReached { .. }) => "older than any finished",
        _ => "older than expected",
    }
}

/// How likely an item is done within the service level.
pub fn item_odds(odds: ItemOdds) -> String {
    match odds {
        ItemOdds::Within { chance } => Odds::of(chance).to_string(),
        ItemOdds::Over => "over".to_owned(),
        ItemOdds::OlderThanAnyFinished => "older than any finished".to_owned(),
        ItemOdds::Unknown => "–".to_owned(),
    }
}

/// How old an item is beside finished ones that left the same stage.
pub fn pace(pace: Pace) -> &'static str {
    match pace {
        Pace::Within50 => "as usual",
        Pace::Over50 => "older than half of the finished at this stage",
        Pace::Over70 => "older than 70\u{a0}% of the finished at this stage",
        Pace::Over85 => "older than 85\u{a0}% of the finished at this stage",
        Pace::Over95 => "older than 95\u{a0}% of the finished at this stage",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(expectation: Expectation) -> String {
        let of_finished_days = Some(268);
        let value = ServiceLevel {
            percent: 85,
            expectation,
            of_finished_days,
            delivered: 9,
            met: None,
            over: None,
        };
        let (rule, notes) = (String::new(), Vec::new());
        let level = Measured::Known { value, sample: 9, window: None, rule, notes };
        service_level(&level, Front::Page).replace('\u{a0}', " ")
    }

    #[test]
    fn a_level_that_is_not_reached_says_what_stays_open() {
        let want = "85 % is not reached: 30 % of what is started stays open longer than 337 days. Of \
                    the finished alone, 85 % took at most 268 days.";
        assert_eq!(said(Expectation::NotReached { open: 0.3, days: 337 }), want);
        let found = said(Expectation::Reached { days: 1 });
        assert_eq!(found, "85 % of what is started is done within 1 day.");
    }

    #[test]
    fn what_is_in_no_list_is_told() {
        assert_eq!(without_start(45, 45), None);
        let want = "The start of 419 of them is not known";
        assert_eq!(without_start(464, 45).as_deref(), Some(want));
    }
}
