//! How the pages of a profile are unless they are asked for otherwise.

use metrics::{Estimates, Unit};
use model::ProfileSettings;
use serde::Serialize;

/// What a profile says about its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Usual {
    /// Over how many complete weeks figures are.
    pub window_weeks: usize,
    /// The chance that sentences name. The forecast tells it in JSON.
    #[serde(skip)]
    pub percent: u32,
    /// Whether story points are offered beside items.
    pub offers_points: bool,
    /// What these are in: a field may hold times. The trail tells it in JSON.
    #[serde(skip)]
    pub estimates: Estimates,
}

impl Usual {
    pub(crate) fn of(settings: &ProfileSettings) -> Usual {
        Usual {
            window_weeks: settings.window_weeks(),
            percent: settings.percent(),
            offers_points: settings.offers_points(),
            estimates: Estimates::of(settings),
        }
    }

    /// What is counted where that unit is asked for.
    pub fn unit(&self, asked: Unit) -> Unit {
        if asked.is_estimated() { self.estimates.unit() } else { asked }
    }
}
