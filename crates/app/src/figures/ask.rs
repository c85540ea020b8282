//! What is asked about figures, as URLs and commands write it.

use std::str::FromStr;

use metrics::{Span, Unit};
use model::Date;

use crate::error::{Error, Result};
use crate::figures::WEEKS_MAX;
use crate::figures::usual::Usual;
use crate::parameter::{Expected, Parsed, UNITS, day, read, word};

/// Over which complete weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Window {
    /// Those that the profile is set to.
    #[default]
    OfProfile,
    /// The last so many, 1 to [`WEEKS_MAX`].
    Last(usize),
    /// All of them.
    All,
}

impl Window {
    /// The last so many complete weeks; `None` for all.
    pub fn weeks(self, usual: Usual) -> Option<usize> {
        match self {
            Window::OfProfile => Some(usual.window_weeks),
            Window::Last(weeks) => Some(weeks),
            Window::All => None,
        }
    }

    /// The window of so many weeks, or of all.
    pub fn of(weeks: Option<usize>, usual: Usual) -> Window {
        match weeks {
            Some(weeks) if weeks == usual.window_weeks => Window::OfProfile,
            Some(weeks) => Window::Last(weeks),
            None => Window::All,
        }
    }
}

/// Over which weeks, in which unit, as of which day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OverviewAsk {
    /// Over which weeks.
    pub window: Window,
    /// What throughput counts.
    pub unit: Unit,
    /// The day that figures are about; `None` for when the data was fetched.
    pub as_of: Option<Date>,
}

impl OverviewAsk {
    /// Takes one parameter as it stands in a URL. An empty value means that it is not given; an
    /// error names the parameter and what it may be.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        if value.trim().is_empty() {
            return Ok(());
        }
        match name {
            "window" => self.window = read("window", value, str::parse)?,
            "unit" => self.unit = read("unit", value, |value| word(UNITS, value))?,
            "as_of" => self.as_of = Some(read("as_of", value, day)?),
            _ => {
                let remedy = "use window, unit or as_of";
                return Err(Error::unknown_parameter(name, remedy));
            }
        }
        Ok(())
    }

    /// Window, unit and day as parameters of a URL; what is as usual is left out.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let window = match self.window {
            Window::OfProfile => None,
            Window::Last(weeks) => Some(weeks.to_string()),
            Window::All => Some("all".to_owned()),
        };
        [
            ("window", window),
            ("unit", (self.unit == Unit::Points).then(|| "points".to_owned())),
            ("as_of", self.as_of.map(|day| day.to_string())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    pub(crate) fn span(&self, usual: Usual) -> Span {
        self.window.weeks(usual).map_or(Span::All, Span::Last)
    }
}

impl FromStr for Window {
    type Err = Expected;

    fn from_str(given: &str) -> Parsed<Window> {
        if given == "all" {
            return Ok(Window::All);
        }
        let weeks = given.parse().ok().filter(|weeks| (1..=WEEKS_MAX).contains(weeks));
        let remedy = || format!("give a number of weeks from 1 to {WEEKS_MAX}, or all");
        weeks.map(Window::Last).ok_or_else(|| remedy().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_taken() {
        let mut ask = OverviewAsk::default();
        for (name, value) in
            [("window", "all"), ("unit", "points"), ("as_of", "2025-11-24"), ("unit", " ")]
        {
            ask.set(name, value).unwrap();
        }
        let as_of = Date::new(2025, 11, 24).ok();
        assert_eq!(ask, OverviewAsk { window: Window::All, unit: Unit::Points, as_of });
        let usual = Usual {
            window_weeks: 8,
            percent: 85,
            offers_points: true,
            estimates: metrics::Estimates::Points,
        };
        let spans = [ask, OverviewAsk::default()].map(|ask| ask.span(usual));
        assert_eq!(spans, [Span::All, Span::Last(8)]);
    }

    #[test]
    fn wrong_parameters_are_named() {
        for (name, value, message) in [
            ("window", "0", "from 1 to 1040, or all"),
            ("window", "1041", "window"),
            ("unit", "hours", "items or points"),
            ("as_of", "yesterday", "2025-11-24"),
            ("as_of", "2025-11-24T10:00", "2025-11-24"),
            ("as_of", "1969-12-31", "a day from 1970 to 2199"),
            ("as_of", "2200-01-01", "a day from 1970 to 2199"),
            ("weeks", "6", "window, unit or as_of"),
        ] {
            let error = OverviewAsk::default().set(name, value).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
