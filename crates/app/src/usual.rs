//! How the pages of a profile are unless they are asked for otherwise.

use model::ProfileSettings;
use serde::Serialize;

/// What a profile says about its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Usual {
    /// Over how many complete weeks figures are.
    pub window_weeks: usize,
    /// Whether story points are offered beside items.
    pub offers_points: bool,
}

impl Usual {
    pub(crate) fn of(settings: &ProfileSettings) -> Usual {
        Usual { window_weeks: settings.window_weeks(), offers_points: settings.offers_points() }
    }
}
