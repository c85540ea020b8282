//! What it would take to keep up, each way alone.

use forecast::Balance;
use metrics::Unit;

use crate::forecast::work;
use crate::format::{counted, day, decimal};

/// A way to keep up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Way {
    /// Another pace.
    Pace {
        /// In percent of what it is.
        percent: u32,
    },
    /// Less new work.
    Arrivals {
        /// In percent of what comes.
        percent: u32,
    },
    /// Work that goes.
    Dropped {
        /// So much.
        amount: f64,
    },
}

/// What is to be kept up with: the beginning of the sentence.
pub fn balance_for(balance: &Balance) -> String {
    match &balance.target {
        Some(target) => {
            format!("To make {} {} on average:", target.name, day(target.date))
        }
        None => "To keep up on average:".to_owned(),
    }
}

/// The ways with what each takes: the rest of it.
pub fn balance_ways(balance: &Balance, unit: Unit) -> Vec<(Way, String)> {
    let pace = balance
        .focus_percent
        .map(|percent| (Way::Pace { percent }, format!("a pace of {percent} %")));
    let fits = balance.arrivals.zip(balance.arrivals_percent).map(|(fits, percent)| {
        (Way::Arrivals { percent }, format!("only {} new a week", decimal(fits)))
    });
    let within = match &balance.target {
        Some(_) => String::new(),
        None => format!(" in {}", counted(balance.weeks as u64, "week", "weeks")),
    };
    let dropped = balance
        .dropped
        .map(|amount| (Way::Dropped { amount }, format!("drop {}{within}", work(amount, unit))));
    pace.into_iter().chain(fits).chain(dropped).collect()
}

/// All of it as a sentence.
pub fn balance(balance: &Balance, unit: Unit) -> String {
    let ways: Vec<String> = balance_ways(balance, unit).into_iter().map(|(_, way)| way).collect();
    format!("{} {}.", balance_for(balance), ways.join(", or "))
}

#[cfg(test)]
mod tests {
    use forecast::Deadline;
    use model::Date;

    use super::*;

    #[test]
    fn ways_are_one_sentence() {
        let up = Balance {
            target: None,
            weeks: 12.0,
            focus_percent: Some(143),
            arrivals: Some(7.0),
            arrivals_percent: Some(70),
            dropped: Some(36.0),
        };
        assert_eq!(
            balance(&up, Unit::Items),
            "To keep up on average: a pace of 143 %, or only 7 new a week, or drop 36 items in 12 \
             weeks."
        );
        let target = Deadline { name: "Beta".to_owned(), date: Date::constant(2026, 3, 1) };
        let far = Balance { target: Some(target), focus_percent: None, arrivals: None, ..up };
        assert_eq!(
            balance(&far, Unit::Points),
            "To make Beta 1 Mar 2026 on average: drop 36 points."
        );
    }
}
