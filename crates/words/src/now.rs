//! Sentences about work under way: the service level, odds, how an age stands.

use metrics::{Expectation, ItemOdds, Pace, ServiceLevel};

use forecast::Odds;

use crate::flow;

/// Within how many days started work is done.
pub fn service_level(level: &ServiceLevel) -> String {
    match level.expectation {
        Expectation::Reached { .. } => flow::expectation(level),
        Expectation::NotReached { .. } => flow::expectation(level) + &flow::of_finished(level),
    }
}

/// What those are older than that are counted as over.
pub fn older_than(level: Option<&ServiceLevel>) -> &'static str {
    match level.map(|level| level.expectation) {
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

    fn level(expectation: Expectation) -> ServiceLevel {
        let of_finished_days = Some(268);
        ServiceLevel {
            percent: 85,
            expectation,
            of_finished_days,
            delivered: 9,
            met: None,
            over: None,
        }
    }

    #[test]
    fn a_level_that_is_not_reached_says_what_stays_open() {
        let said = service_level(&level(Expectation::NotReached { open: 0.3, days: 337 }));
        let want = "85 % is not reached: 30 % of what is started stays open longer than 337 days. Of \
                    the finished alone, 85 % took at most 268 days.";
        assert_eq!(said.replace('\u{a0}', " "), want);
        let said = service_level(&level(Expectation::Reached { days: 1 }));
        assert_eq!(said.replace('\u{a0}', " "), "85 % of what is started is done within 1 day.");
    }
}
