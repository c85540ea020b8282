//! Odds as they may be said: never more certain than a sample can make them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How likely something is. While work remains it is never said to be more than 95 % likely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Odds {
    /// It has not come about and cannot any more.
    Missed,
    /// Less than 1 %.
    Below1,
    /// From 1 to 95 %.
    Percent {
        /// Whole percent, rounded down.
        percent: u8,
    },
    /// More than 95 %.
    Above95,
    /// It has come about.
    Certain,
}

impl Odds {
    /// Of a chance between 0 and 1 of what is not decided yet.
    pub fn of(chance: f64) -> Odds {
        // A share of trials like 0.29 is a little less than 29 hundredths as a binary number.
        match (chance * 100.0 + 1e-7).floor() {
            percent if percent < 1.0 => Odds::Below1,
            percent if percent > 95.0 || chance > 0.95 + 1e-9 => Odds::Above95,
            percent => Odds::Percent { percent: percent as u8 },
        }
    }

    /// How likely it is at least, in whole percent.
    pub fn at_least_percent(self) -> u8 {
        match self {
            Odds::Missed | Odds::Below1 => 0,
            Odds::Percent { percent } => percent,
            Odds::Above95 => 95,
            Odds::Certain => 100,
        }
    }
}

impl fmt::Display for Odds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Odds::Missed => f.write_str("0 %"),
            Odds::Below1 => f.write_str("< 1 %"),
            Odds::Percent { percent } => write!(f, "{percent} %"),
            Odds::Above95 => f.write_str("> 95 %"),
            Odds::Certain => f.write_str("100 %"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_certain() {
        for (chance, want) in [
            (0.0, "< 1 %"),
            (0.009_99, "< 1 %"),
            (0.01, "1 %"),
            (0.29, "29 %"),
            (0.579_99, "57 %"),
            (0.95, "95 %"),
            (0.950_05, "> 95 %"),
            (1.0, "> 95 %"),
        ] {
            assert_eq!(Odds::of(chance).to_string(), want, "{chance}");
        }
    }
}
