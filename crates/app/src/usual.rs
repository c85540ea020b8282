//! How the pages of a profile are unless they are asked for otherwise.

use model::Settings;
use serde::Serialize;

use crate::figures::ask::WINDOW_WEEKS_DEFAULT;
use crate::settings::Setting;

/// What a profile says about its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Usual {
    /// Over how many complete weeks figures are.
    pub window_weeks: usize,
    /// Whether story points are offered beside items.
    pub offers_points: bool,
}

impl Usual {
    pub(crate) fn read(settings: &Settings) -> Usual {
        let in_force = |name: &str| {
            let setting = Setting::find(name)?;
            setting.in_force(settings).into_iter().next()
        };
        let window_weeks = in_force("window").and_then(|weeks| weeks.parse().ok());
        Usual {
            window_weeks: window_weeks.unwrap_or(WINDOW_WEEKS_DEFAULT),
            offers_points: in_force("points").as_deref() != Some("off"),
        }
    }
}
