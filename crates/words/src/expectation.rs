//! How likely an item in progress keeps the service level expectation.

use app::issues::expectation::ItemExpectation;
use forecast::Odds;
use metrics::ItemOdds;

use crate::format::counted;

/// The odds of an item; `None` where nothing can be told.
pub fn item_expectation(found: &ItemExpectation) -> Option<String> {
    let days = |days: u32| counted(u64::from(days), "day", "days");
    let (age, percent) = (days(found.age_days), found.percent);
    match (found.odds, found.within_days) {
        (ItemOdds::Within { chance }, Some(within)) => Some(format!(
            "In progress for {age}: {} likely done within {} of its start, as {percent} % of items are.",
            Odds::of(chance),
            days(within),
        )),
        (ItemOdds::Over, Some(within)) => Some(format!(
            "In progress for {age}: longer than the {} within which {percent} % of items are done.",
            days(within),
        )),
        (ItemOdds::OlderThanAnyFinished, _) => {
            Some(format!("In progress for {age}: longer than any item that was done."))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_told_beside_the_expectation() {
        let told = |odds, within_days| {
            item_expectation(&ItemExpectation { age_days: 12, percent: 85, within_days, odds })
        };
        let within = told(ItemOdds::Within { chance: 0.629 }, Some(23)).unwrap();
        assert_eq!(
            within,
            "In progress for 12 days: 62 % likely done within 23 days of its start, as 85 % of items are."
        );
        let over = told(ItemOdds::Over, Some(1)).unwrap();
        assert_eq!(
            over,
            "In progress for 12 days: longer than the 1 day within which 85 % of items are done."
        );
        assert!(told(ItemOdds::OlderThanAnyFinished, None).unwrap().contains("longer than any"));
        assert_eq!(told(ItemOdds::Unknown, None), None);
    }
}
