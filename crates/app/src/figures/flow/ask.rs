//! What is asked about flow, as URLs and commands write it.

use metrics::BandsBy;

use crate::error::Result;
use crate::figures::ask::OverviewAsk;
use crate::figures::week_range::WeekRange;
use crate::parameter::{Parsed, Words, read, word};

/// What the bands of the cumulative flow are.
pub const BANDS: &Words<BandsBy> = &[("status", BandsBy::Status), ("lane", BandsBy::Lane)];
/// What dots are coloured by.
pub const COLOURS: &Words<bool> = &[("type", true), ("none", false)];
/// The share of a service level expectation unless another is asked for, in percent.
pub const PERCENT_DEFAULT: u32 = 85;

/// Over which weeks, as of which day, and how the pictures are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowAsk {
    /// Window, unit and day.
    pub view: OverviewAsk,
    /// Whether dots are coloured by type.
    pub is_by_type: bool,
    /// What the bands of the cumulative flow are.
    pub bands: BandsBy,
    /// Bands that are not drawn, by the name of their first status or their lane.
    pub hidden: Vec<String>,
    /// The weeks that limits come from; `None` for the usual ones.
    pub baseline: Option<WeekRange>,
    /// The share of the service level expectation, in percent.
    pub percent: u32,
}

impl Default for FlowAsk {
    fn default() -> Self {
        FlowAsk {
            view: OverviewAsk::default(),
            is_by_type: false,
            bands: BandsBy::default(),
            hidden: Vec::new(),
            baseline: None,
            percent: PERCENT_DEFAULT,
        }
    }
}

impl FlowAsk {
    /// Takes one parameter as it stands in a URL. An empty value means that it is not given; an
    /// error names the parameter and what it may be.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        if value.trim().is_empty() {
            return Ok(());
        }
        match name {
            "color" => self.is_by_type = read("color", value, |value| word(COLOURS, value))?,
            "bands" => self.bands = read("bands", value, |value| word(BANDS, value))?,
            "hide" => self.hidden.push(value.to_owned()),
            "baseline" => self.baseline = Some(read("baseline", value, str::parse)?),
            "percent" => self.percent = read("percent", value, percent)?,
            "window" | "unit" | "as_of" => self.view.set(name, value)?,
            _ => {
                let remedy = "use window, unit, as_of, color, bands, hide, baseline or percent";
                return Err(crate::Error::unknown_parameter(name, remedy));
            }
        }
        Ok(())
    }

    /// What was asked as parameters of a URL; what is as usual is left out.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut found = self.view.parameters();
        let mut add = |name, value: Option<String>| found.extend(value.map(|value| (name, value)));
        add("color", self.is_by_type.then(|| "type".to_owned()));
        add("bands", (self.bands == BandsBy::Lane).then(|| "lane".to_owned()));
        add("baseline", self.baseline.map(|weeks| weeks.to_string()));
        add("percent", (self.percent != PERCENT_DEFAULT).then(|| self.percent.to_string()));
        self.hidden.iter().for_each(|name| add("hide", Some(name.clone())));
        found
    }
}

/// A share in percent that an expectation can be about.
pub fn percent(given: &str) -> Parsed<u32> {
    let percent = given.trim_end_matches('%').trim().parse().ok();
    percent
        .filter(|percent| (50..=99).contains(percent))
        .ok_or_else(|| "give percent from 50 to 99".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_come_back_as_written() {
        let mut ask = FlowAsk::default();
        assert_eq!(ask.parameters(), []);
        let given = [
            ("window", "26"),
            ("as_of", "2025-11-24"),
            ("color", "type"),
            ("bands", "lane"),
            ("baseline", "2025-W02..2025-W20"),
            ("percent", "70"),
            ("hide", "To Do"),
            ("hide", "done"),
        ];
        for (name, value) in given {
            ask.set(name, value).unwrap();
        }
        ask.set("unit", " ").unwrap();
        assert_eq!(ask.parameters(), given.map(|(name, value)| (name, value.to_owned())));
    }

    #[test]
    fn wrong_parameters_are_named() {
        for (name, value, part) in [
            ("color", "pink", "type or none"),
            ("bands", "stage", "status or lane"),
            ("baseline", "2025", "2025-W44"),
            ("percent", "100", "from 50 to 99"),
            ("window", "0", "from 1 to"),
            ("lanes", "1", "color, bands, hide"),
        ] {
            let error = FlowAsk::default().set(name, value).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
