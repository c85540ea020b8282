//! How much: items, and the story points of those that have some.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use model::{Points, ProfileSettings};
use serde::{Deserialize, Serialize};

/// Larger numbers, either way, are taken for something else than story points and not counted.
pub const POINTS_MAX: f64 = 1e9;

/// What a view counts. Items are the default everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Issues.
    #[default]
    Items,
    /// Story points.
    Points,
    /// Hours, where the field of story points is one in which Jira keeps times. Scripts ask for points and
    /// are told of points; which of both these are, [`Estimates`] says.
    #[serde(rename = "points", skip_deserializing)]
    Hours,
}

/// What estimates are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Estimates {
    /// Story points.
    #[default]
    Points,
    /// Hours: Jira keeps times in seconds.
    Hours,
}

impl Estimates {
    /// What the fields of a profile hold. Fields of both kinds are refused where they are set.
    pub fn of(settings: &ProfileSettings) -> Estimates {
        let is_time = settings.connection.points_field.holds_times();
        if is_time { Estimates::Hours } else { Estimates::Points }
    }

    /// Whether they are story points.
    pub fn is_points(&self) -> bool {
        *self == Estimates::Points
    }

    /// The unit of what was estimated.
    pub fn unit(self) -> Unit {
        match self {
            Estimates::Points => Unit::Points,
            Estimates::Hours => Unit::Hours,
        }
    }
}

impl Unit {
    /// Whether it is one of estimates, so that it needs some.
    pub fn is_estimated(self) -> bool {
        self != Unit::Items
    }
}

/// A number of items with their points. Differences may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Amount {
    /// How many items.
    pub items: i64,
    /// The points of those that have some, exact to a thousandth.
    pub points: f64,
    /// How many of the items have points.
    pub estimated: i64,
}

impl Amount {
    /// One item.
    pub fn one(points: Option<f64>) -> Amount {
        Amount {
            items: 1,
            points: to_thousandths(points.unwrap_or_default()),
            estimated: i64::from(points.is_some()),
        }
    }

    /// The number in that unit.
    pub fn of(self, unit: Unit) -> f64 {
        match unit {
            Unit::Items => self.items as f64,
            Unit::Points | Unit::Hours => self.points,
        }
    }

    /// Which share of the items has points, 0 to 1; `None` of no items.
    pub fn coverage(self) -> Option<f64> {
        (self.items > 0).then(|| self.estimated as f64 / self.items as f64)
    }
}

/// The story points that can be counted.
pub(crate) fn countable(points: Points) -> Option<f64> {
    match points {
        Points::Known(value) if value.abs() <= POINTS_MAX => Some(value),
        _ => None,
    }
}

/// Sums of rounded numbers do not depend on their order, and what is taken away leaves nothing.
fn to_thousandths(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0 + 0.0
}

impl Add for Amount {
    type Output = Amount;

    fn add(self, other: Amount) -> Amount {
        Amount {
            items: self.items + other.items,
            points: to_thousandths(self.points + other.points),
            estimated: self.estimated + other.estimated,
        }
    }
}

impl Sub for Amount {
    type Output = Amount;

    fn sub(self, other: Amount) -> Amount {
        Amount {
            items: self.items - other.items,
            points: to_thousandths(self.points - other.points),
            estimated: self.estimated - other.estimated,
        }
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Amount) {
        *self = *self + other;
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(amounts: I) -> Amount {
        amounts.fold(Amount::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact() {
        let tenths: Amount = (0..10).map(|_| Amount::one(Some(0.1))).sum();
        assert_eq!((tenths.items, tenths.points, tenths.estimated), (10, 1.0, 10));
        let rest = (0..10).fold(tenths, |rest, _| rest - Amount::one(Some(0.1)));
        assert_eq!(rest, Amount::default());
        assert!(rest.points.is_sign_positive());
        let half = Amount::one(Some(0.5)) + Amount::one(None);
        assert_eq!((half.of(Unit::Items), half.of(Unit::Points)), (2.0, 0.5));
        assert_eq!((half.coverage(), Amount::default().coverage()), (Some(0.5), None));
    }

    #[test]
    fn absurd_points_are_none() {
        for (points, want) in [
            (Points::Known(0.0), Some(0.0)),
            (Points::Known(1e300), None),
            (Points::Known(f64::NAN), None),
            (Points::Empty, None),
        ] {
            assert_eq!(countable(points), want);
        }
    }
}
