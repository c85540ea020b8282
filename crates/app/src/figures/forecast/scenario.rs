//! Scenarios: what-ifs with names, beside each other and beside what is usual. The address holds them.

use serde::Serialize;

use super::ForecastAsk;
use super::brief::{DeadlineChance, DoneBy};
use crate::error::{Error, Result};
use crate::figures::ask::OverviewAsk;

/// Most scenarios beside the one that is asked for.
pub const SCENARIOS_MAX: usize = 3;
/// Longest name.
pub const SCENARIO_NAME_CHARACTERS_MAX: usize = 60;
/// What a scenario can change.
const CHANGES: [&str; 8] =
    ["model", "growth", "focus", "arrivals", "start", "items", "add", "exclude"];

/// Assumptions with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// What it is called.
    pub name: String,
    /// What it changes; the rest is as usual.
    pub ask: ForecastAsk,
}

/// Which of the scenarios it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ScenarioKind {
    /// What is usual.
    Usual,
    /// The what-if that is asked for.
    Asked,
    /// One that is kept beside it.
    Beside,
}

/// A scenario, and what comes of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScenarioAnswer {
    /// Which it is.
    pub kind: ScenarioKind,
    /// What it is called; empty where nobody named it.
    pub name: String,
    /// What it changes, as parameters of a forecast.
    pub changes: Vec<(&'static str, String)>,
    /// The days by which it is done.
    pub done_by: DoneBy,
    /// How likely each deadline holds.
    pub odds: Vec<DeadlineChance>,
}

impl Scenario {
    /// Reads a name and parameters of a forecast, such as `Two more;focus=120;add=5`.
    pub fn read(text: &str) -> Result<Scenario> {
        let wrong = || {
            let remedy = "write a name and what it changes, such as Two more;focus=120;add=5";
            Error::invalid("beside", text, remedy)
        };
        let mut parts = text.split(';').map(str::trim);
        let name = read_name(parts.next().unwrap_or_default())?;
        let mut ask = ForecastAsk::default();
        for part in parts {
            let (parameter, value) = part.split_once('=').ok_or_else(wrong)?;
            let parameter = CHANGES.iter().find(|known| **known == parameter.trim());
            ask.set(parameter.ok_or_else(wrong)?, value)?;
        }
        if name.is_empty() || !ask.is_what_if() { Err(wrong()) } else { Ok(Scenario { name, ask }) }
    }

    /// The assumptions that are asked for, under their name or the one given.
    pub fn of(ask: &ForecastAsk, unnamed: &str) -> Scenario {
        let name = ask.name.clone().unwrap_or_else(|| unnamed.to_owned());
        let ask = ForecastAsk {
            view: OverviewAsk::default(),
            by: Vec::new(),
            is_pert_wanted: false,
            percent: None,
            name: None,
            beside: Vec::new(),
            ..ask.clone()
        };
        Scenario { name, ask }
    }

    /// As [`Scenario::read`] reads it.
    pub fn to_text(&self) -> String {
        let changes = self.ask.parameters();
        let changes = changes.iter().map(|(name, value)| format!(";{name}={value}"));
        self.name.clone() + &changes.collect::<String>()
    }
}

/// A name as somebody typed it.
pub(super) fn read_name(text: &str) -> Result<String> {
    let name = text.trim();
    let is_plain = !name.contains(|c: char| c == ';' || c.is_control());
    if is_plain && name.chars().count() <= SCENARIO_NAME_CHARACTERS_MAX {
        return Ok(name.to_owned());
    }
    let remedy =
        format!("use at most {SCENARIO_NAME_CHARACTERS_MAX} characters without a semicolon");
    Err(Error::invalid("name", name, remedy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    #[test]
    fn a_scenario_is_a_name_and_what_it_changes() {
        let text = "Zwei mehr;focus=120;add=-5;exclude=2025-W43,2025-W44";
        let found = Scenario::read(text).unwrap();
        assert_eq!((found.name.as_str(), found.ask.focus_percent), ("Zwei mehr", Some(120)));
        assert_eq!(found.to_text(), text);
        let mut ask = ForecastAsk::default();
        for (name, value) in
            [("focus", "120"), ("window", "26"), ("by", "2026-03-01"), ("beside", text)]
        {
            ask.set(name, value).unwrap();
        }
        assert_eq!(Scenario::of(&ask, "A").to_text(), "A;focus=120");
        ask.set("name", " Two more ").unwrap();
        assert_eq!(Scenario::of(&ask, "A").to_text(), "Two more;focus=120");
    }

    #[test]
    fn what_means_nothing_is_refused() {
        for (text, message) in [
            ("", "write a name"),
            ("Two more", "what it changes"),
            ("A;focus", "what it changes"),
            ("A;window=12", "what it changes"),
            ("A;beside=B;focus=80", "what it changes"),
            (";focus=80", "write a name"),
            ("A;focus=5", "10 to 300"),
            ("A;focus=100", "what it changes"),
            ("a\u{7};focus=80", "semicolon"),
        ] {
            let error = Scenario::read(text).unwrap_err().to_string();
            assert!(error.contains(message), "{text}: {error}");
        }
        let mut ask = ForecastAsk::default();
        let put =
            |ask: &mut ForecastAsk, name: &str| ask.set("beside", &format!("{name};focus=80"));
        ["A", "B", "C"].into_iter().for_each(|name| put(&mut ask, name).unwrap());
        put(&mut ask, "A").unwrap();
        assert_eq!(ask.beside.len(), SCENARIOS_MAX);
        assert!(put(&mut ask, "D").unwrap_err().to_string().contains("at most 3"));
    }

    /// Each line is what a forecast of these assumptions alone says.
    #[test]
    fn scenarios_are_the_forecasts_that_they_name() {
        let sample = Sample::steady();
        let asked = |pairs: &[(&str, &str)]| {
            let mut ask = ForecastAsk::default();
            pairs.iter().for_each(|(name, value)| ask.set(name, value).unwrap());
            sample.app.forecast(&sample.key, &ask).unwrap()
        };
        assert_eq!(asked(&[]).scenarios, []);
        let all =
            asked(&[("add", "30"), ("beside", "Slow;focus=50"), ("beside", "Fast;focus=150")]);
        let found: Vec<(ScenarioKind, &str, DoneBy)> =
            all.scenarios.iter().map(|one| (one.kind, one.name.as_str(), one.done_by)).collect();
        let alone = |pairs: &[(&str, &str)]| asked(pairs).done_by;
        let want = [
            (ScenarioKind::Usual, "", alone(&[])),
            (ScenarioKind::Asked, "", alone(&[("add", "30")])),
            (ScenarioKind::Beside, "Slow", alone(&[("focus", "50")])),
            (ScenarioKind::Beside, "Fast", alone(&[("focus", "150")])),
        ];
        assert_eq!(found, want);
        assert!(found[2].2.p85 > found[3].2.p85, "{found:?}");
    }
}
