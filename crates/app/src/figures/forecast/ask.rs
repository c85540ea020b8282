//! What is asked about the future, as URLs and commands write it: every assumption has a parameter.

use std::collections::BTreeSet;
use std::time::Duration;

use forecast::{Assumptions, Growth, Model, Question};
use model::{Date, Week};

use super::scenario::{SCENARIOS_MAX, Scenario, read_name};
use crate::error::{Error, Result};
use crate::figures::QueryHistory;
use crate::figures::ask::{OverviewAsk, Window};
use crate::parameter::{
    FLAG, GROWTHS, MODELS, amount, change, day, percent, read, share, told_percent, week, word,
};

/// Most weeks that can be left out.
const LISTED_MAX: usize = 60;
/// Most days that can be asked for.
const DATES_MAX: usize = 6;
/// How many weeks ahead it is said how much is done.
const BY_WEEKS: [u32; 3] = [4, 8, 12];
const WEEK: Duration = Duration::from_secs(7 * 86_400);

/// What is asked about the future of a query. The default is the base forecast.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ForecastAsk {
    /// Window, unit and day.
    pub view: OverviewAsk,
    /// How the future is drawn.
    pub model: Model,
    /// Whether the scope grows.
    pub growth: Growth,
    /// The pace to be kept up, in percent of the sample's; `None` for all of it.
    pub focus_percent: Option<u32>,
    /// The new work that comes, in percent of what came in the sample; `None` for all of it.
    pub arrivals_percent: Option<u32>,
    /// No work before that day.
    pub start: Option<Date>,
    /// Work to be done instead of what is open.
    pub remaining: Option<f64>,
    /// Work to be added.
    pub added: f64,
    /// Weeks that are left out.
    pub excluded: BTreeSet<Week>,
    /// Days by which to say how much is done.
    pub by: Vec<Date>,
    /// Whether the old app's date is wanted.
    pub is_pert_wanted: bool,
    /// Which percentile the sentences name; `None` for the usual one.
    pub percent: Option<u32>,
    /// What these assumptions are called.
    pub name: Option<String>,
    /// Other assumptions to compare them with.
    pub beside: Vec<Scenario>,
}

impl ForecastAsk {
    /// Takes one parameter as it stands in a URL. An empty value means that it is not given; an
    /// error names the parameter and what it may be.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let value = value.trim();
        if value.is_empty() {
            return Ok(());
        }
        match name {
            "model" => self.model = read("model", value, |value| word(MODELS, value))?,
            "growth" => self.growth = read("growth", value, |value| word(GROWTHS, value))?,
            "focus" => self.focus(read("focus", value, percent)?),
            "arrivals" => self.arrivals(read("arrivals", value, share)?),
            "start" => self.start = Some(read("start", value, day)?),
            "items" => self.remaining = Some(read("items", value, amount)?),
            "add" => self.added = read("add", value, change)?,
            "exclude" => {
                for label in value.split(',').filter(|label| !label.trim().is_empty()) {
                    self.exclude(read("exclude", label, week)?)?;
                }
            }
            "by" => self.by(read("by", value, day)?)?,
            "percent" => self.told(read("percent", value, told_percent)?),
            "pert" => self.is_pert_wanted = read("pert", value, |value| word(FLAG, value))?,
            "name" => self.name = Some(read_name(value)?),
            "beside" => self.beside(Scenario::read(value)?)?,
            "window" | "unit" | "as_of" => self.view.set(name, value)?,
            _ => {
                let remedy = "use window, unit, as_of, model, growth, focus, arrivals, start, items, add, exclude, by, percent, pert, name or beside";
                return Err(Error::unknown_parameter(name, remedy));
            }
        }
        Ok(())
    }

    /// With so many percent of the sample's pace; 100 is what is usual.
    pub fn focus(&mut self, percent: u32) {
        self.focus_percent = Some(percent).filter(|percent| *percent != 100);
    }

    /// With so many percent of the new work that came; 100 is what is usual.
    pub fn arrivals(&mut self, percent: u32) {
        self.arrivals_percent = Some(percent).filter(|percent| *percent != 100);
    }

    /// With another percentile in the sentences than the usual one.
    pub fn told(&mut self, percent: u32) {
        self.percent = Some(percent);
    }

    /// Leaves out a week; an error if there are too many.
    pub fn exclude(&mut self, week: Week) -> Result<()> {
        self.excluded.insert(week);
        if self.excluded.len() <= LISTED_MAX {
            return Ok(());
        }
        let remedy = format!("leave out at most {LISTED_MAX} weeks");
        Err(Error::invalid("exclude", &week.to_string(), remedy))
    }

    /// Asks how much is done by a day; an error if there are too many.
    pub fn by(&mut self, day: Date) -> Result<()> {
        if self.by.contains(&day) {
            return Ok(());
        }
        if self.by.len() == DATES_MAX {
            let remedy = format!("ask for at most {DATES_MAX} days");
            return Err(Error::invalid("by", &day.to_string(), remedy));
        }
        self.by.push(day);
        Ok(())
    }

    /// Compares with a scenario, in place of one of its name; an error if there are too many.
    pub fn beside(&mut self, scenario: Scenario) -> Result<()> {
        if let Some(same) = self.beside.iter_mut().find(|other| other.name == scenario.name) {
            *same = scenario;
            return Ok(());
        }
        if self.beside.len() == SCENARIOS_MAX {
            let remedy = format!("compare with at most {SCENARIOS_MAX} scenarios");
            return Err(Error::invalid("beside", &scenario.to_text(), remedy));
        }
        self.beside.push(scenario);
        Ok(())
    }

    /// The usual assumptions, told for the same days and as sure.
    #[must_use]
    pub fn told_alike(&self) -> ForecastAsk {
        let ForecastAsk { view, by, percent, is_pert_wanted, .. } = self.clone();
        ForecastAsk { view, by, percent, is_pert_wanted, ..ForecastAsk::default() }
    }

    /// Whether anything but the base forecast is asked for.
    pub fn is_what_if(&self) -> bool {
        let base = ForecastAsk { view: self.view, by: self.by.clone(), ..ForecastAsk::default() };
        let (is_pert_wanted, percent, name, beside) = (false, None, None, Vec::new());
        ForecastAsk { is_pert_wanted, percent, name, beside, ..self.clone() } != base
    }

    /// So much work and no more, where an amount is given; else what is asked for.
    fn growth(&self) -> Growth {
        match (self.remaining, self.growth) {
            (Some(_), Growth::Auto) => Growth::Off,
            (_, growth) => growth,
        }
    }

    pub(crate) fn assumptions(&self, history: &QueryHistory) -> Assumptions {
        Assumptions {
            unit: history.usual.unit(self.view.unit),
            model: self.model,
            window_weeks: self.view.window.weeks(history.usual),
            is_window_asked: self.view.window != Window::OfProfile,
            excluded: self.excluded.clone(),
            growth: self.growth(),
            focus_percent: self.focus_percent.unwrap_or(100),
            arrivals_percent: self.arrivals_percent.unwrap_or(100),
            start: self.start,
            remaining: self.remaining,
            added: self.added,
            calendar: history.calendar.clone(),
            ..Assumptions::default()
        }
    }

    /// Without other dates, how much is done is said for 4, 8 and 12 weeks ahead.
    pub(crate) fn question(&self, history: &QueryHistory) -> Question {
        let ahead = |weeks: u32| history.moment.date.checked_add(WEEK * weeks).ok();
        let usual = BY_WEEKS.into_iter().filter_map(ahead).collect();
        Question {
            deadlines: history.milestones.clone(),
            by: if self.by.is_empty() { usual } else { self.by.clone() },
            pert_factor: self.is_pert_wanted.then_some(history.pert_factor),
            work: history.work.kind,
            percent: self.percent.unwrap_or(history.usual.percent),
        }
    }

    /// The parameters that stand in a URL; what is as usual is left out.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut found = self.view.parameters();
        let mut add = |name, value: Option<String>| found.extend(value.map(|value| (name, value)));
        let model = MODELS.iter().find(|(_, model)| *model == self.model);
        let model = model.filter(|(_, model)| *model != Model::default());
        add("model", model.map(|(name, _)| (*name).to_owned()));
        let growth = match self.growth {
            Growth::Auto => None,
            Growth::On => Some("on".to_owned()),
            Growth::Off => Some("off".to_owned()),
        };
        add("growth", growth);
        add("focus", self.focus_percent.map(|percent| percent.to_string()));
        add("arrivals", self.arrivals_percent.map(|percent| percent.to_string()));
        add("start", self.start.map(|day| day.to_string()));
        add("items", self.remaining.map(|amount| amount.to_string()));
        add("add", (self.added != 0.0).then(|| self.added.to_string()));
        let weeks: Vec<String> = self.excluded.iter().map(Week::to_string).collect();
        add("exclude", (!weeks.is_empty()).then(|| weeks.join(",")));
        for day in &self.by {
            add("by", Some(day.to_string()));
        }
        add("percent", self.percent.map(|percent| percent.to_string()));
        add("pert", self.is_pert_wanted.then(|| "true".to_owned()));
        add("name", self.name.clone());
        for scenario in &self.beside {
            add("beside", Some(scenario.to_text()));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_assumption_has_a_parameter_and_comes_back() {
        for (name, value) in [
            ("model", "exact"),
            ("growth", "on"),
            ("growth", "off"),
            ("focus", "80"),
            ("arrivals", "70"),
            ("start", "2026-01-05"),
            ("items", "50"),
            ("add", "-2.5"),
            ("exclude", "2025-W43,2025-W44"),
        ] {
            let mut ask = ForecastAsk::default();
            ask.set(name, value).unwrap();
            assert!(ask.is_what_if(), "{name}");
            assert_eq!(ask.parameters(), [(name, value.to_owned())]);
        }
        let mut ask = ForecastAsk::default();
        for (name, value) in [
            ("window", "26"),
            ("by", "2026-03-01"),
            ("by", "2026-04-01"),
            ("pert", "true"),
            ("percent", "95"),
            ("focus", "100"),
            ("exclude", " "),
        ] {
            ask.set(name, value).unwrap();
        }
        assert!(!ask.is_what_if());
        let names: Vec<&str> = ask.parameters().iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["window", "by", "by", "percent", "pert"]);
    }

    #[test]
    fn a_handful_of_days_can_be_asked_for() {
        let mut ask = ForecastAsk::default();
        for day in 1..=DATES_MAX {
            ask.set("by", &format!("2026-03-0{day}")).unwrap();
        }
        ask.set("by", "2026-03-01").unwrap();
        let error = ask.set("by", "2026-04-01").unwrap_err().to_string();
        assert!(error.contains("at most 6 days"), "{error}");
    }

    #[test]
    fn what_means_nothing_is_named() {
        for (name, value, message) in [
            ("model", "magic", "views or urn or exact"),
            ("growth", "maybe", "auto or on or off"),
            ("focus", "5", "10 to 300"),
            ("arrivals", "301", "0 to 300"),
            ("percent", "80", "50, 70, 85 or 95"),
            ("start", "soon", "2025-11-24"),
            ("items", "-1", "number"),
            ("items", "NaN", "number"),
            ("add", "inf", "number"),
            ("exclude", "2025-W99", "2025-W44"),
            ("by", "2026", "2025-11-24"),
            ("pert", "yes", "true or false"),
            ("window", "0", "1 to 1040"),
            ("colour", "red", "window, unit"),
        ] {
            let error = ForecastAsk::default().set(name, value).unwrap_err().to_string();
            assert!(error.contains(message), "{name}: {error}");
        }
    }
}
