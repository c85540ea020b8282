//! A report on a query: what the pages say, to be kept and sent around.

use std::collections::HashSet;
use std::sync::Arc;

use forecast::WorkingCalendar;
use model::{ProfileId, QueryKey};
use serde::Serialize;

use crate::App;
use crate::delivery::ShortAnswer;
use crate::error::Result;
use crate::figures::flow::{FlowAsk, QueryFlow};
use crate::figures::forecast::{ForecastAsk, QueryForecast};
use crate::figures::overview::{Overview, OverviewAsk};
use crate::parameter::{FLAG, Parsed, Words, read, word};
use crate::trail::Trail;

mod anonymise;

/// A part of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportSection {
    /// How much there is, how fast it goes, and what deserves a look.
    Headline,
    /// What of it is to be done by itself, with the odds of its target.
    Deliveries,
    /// When it will be done.
    Forecast,
    /// How it flows.
    Flow,
    /// What is under way.
    Now,
    /// What is doubtful in the data.
    Notes,
}

/// The words for the parts of a report.
pub const SECTIONS: &Words<ReportSection> = &[
    ("headline", ReportSection::Headline),
    ("deliveries", ReportSection::Deliveries),
    ("forecast", ReportSection::Forecast),
    ("flow", ReportSection::Flow),
    ("now", ReportSection::Now),
    ("notes", ReportSection::Notes),
];

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportAsk {
    /// Window, unit and day.
    pub view: OverviewAsk,
    /// Its parts, in the order of [`SECTIONS`].
    pub sections: Vec<ReportSection>,
    /// Whether names, keys and statuses are replaced.
    pub is_anonymous: bool,
    /// Whether parts were chosen one by one.
    pub is_chosen: bool,
}

impl Default for ReportAsk {
    fn default() -> Self {
        let sections = SECTIONS.iter().map(|(_, section)| *section).collect();
        ReportAsk { view: OverviewAsk::default(), sections, is_anonymous: false, is_chosen: false }
    }
}

impl ReportAsk {
    /// Takes one parameter as it stands in a URL. An empty value means that it is not given; an
    /// error names the parameter and what it may be.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        if value.trim().is_empty() {
            return Ok(());
        }
        match name {
            "sections" => self.sections = read("sections", value, sections)?,
            // The first box that is ticked replaces the usual parts, the others add to it.
            "section" => {
                let part = read("section", value, |value| word(SECTIONS, value))?;
                if !std::mem::replace(&mut self.is_chosen, true) {
                    self.sections.clear();
                }
                self.sections.push(part);
            }
            "anonymise" => self.is_anonymous = read("anonymise", value, |v| word(FLAG, v))?,
            "window" | "unit" | "as_of" => self.view.set(name, value)?,
            _ => {
                let remedy = "use window, unit, as_of, sections, section or anonymise";
                return Err(crate::Error::unknown_parameter(name, remedy));
            }
        }
        Ok(())
    }

    /// Whether it has a part.
    pub fn has(&self, section: ReportSection) -> bool {
        self.sections.contains(&section)
    }
}

/// Parts by their words, separated by commas; they come in the usual order whatever is given.
pub fn sections(given: &str) -> Parsed<Vec<ReportSection>> {
    let asked: Vec<ReportSection> = given
        .split(',')
        .map(|part| word(SECTIONS, part.trim()))
        .collect::<Parsed<Vec<ReportSection>>>()?;
    let all = SECTIONS.iter().map(|(_, section)| *section);
    Ok(all.filter(|section| asked.contains(section)).collect())
}

/// A report on one query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QueryReport {
    /// How it is at a glance.
    pub overview: Overview,
    /// The running deliveries that lie in it.
    pub deliveries: Vec<ShortAnswer>,
    /// When it will be done.
    pub forecast: QueryForecast,
    /// How it flows.
    pub flow: QueryFlow,
    /// The days that are worked on.
    pub calendar: WorkingCalendar,
    /// Name of the zone that days are in.
    pub zone: String,
    /// Version of the program.
    pub version: String,
}

impl App {
    /// A report on a query; an error if it is not there. The same data makes the same report.
    pub fn query_report(&self, key: &QueryKey, ask: &ReportAsk) -> Result<QueryReport> {
        let overview = Arc::unwrap_or_clone(self.overview(key, &ask.view)?);
        let forecast = ForecastAsk { view: ask.view, ..ForecastAsk::default() };
        let flow = FlowAsk { view: ask.view, ..FlowAsk::default() };
        let reader = self.store.read()?;
        let history = self.history(&*reader, key, ask.view.as_of)?;
        let zone = overview.trail.zone.as_ref().unwrap_or(self.zone());
        let mut report = QueryReport {
            deliveries: match ask.has(ReportSection::Deliveries) {
                true => self.deliveries_of(&*reader, key, ask.view.as_of)?,
                false => Vec::new(),
            },
            forecast: Arc::unwrap_or_clone(self.forecast(key, &forecast)?),
            flow: Arc::unwrap_or_clone(self.flow(key, &flow)?),
            calendar: history.calendar.clone(),
            zone: zone.iana_name().unwrap_or("the zone of this machine").to_owned(),
            version: self.version().to_owned(),
            overview,
        };
        if ask.is_anonymous {
            report.anonymise();
        }
        Ok(report)
    }

    /// The way to the query that a report can be made of.
    pub fn report_page(&self, key: &QueryKey) -> Result<Trail> {
        let reader = self.store.read()?;
        self.trail(&*reader, key)
    }

    /// Reports on all queries of a profile that hold something, by name.
    pub fn profile_reports(
        &self,
        profile: &ProfileId,
        ask: &ReportAsk,
    ) -> Result<Vec<QueryReport>> {
        let reader = self.store.read()?;
        let mut queries = reader.queries(profile)?;
        drop(reader);
        queries
            .sort_by(|a, b| (&a.name, a.key.query.as_str()).cmp(&(&b.name, b.key.query.as_str())));
        let reports = queries.iter().map(|query| self.query_report(&query.key, ask));
        let mut reports = reports.collect::<Result<Vec<QueryReport>>>()?;
        // One that lies in several queries is told with the first of them.
        let mut told = HashSet::new();
        for report in &mut reports {
            report.deliveries.retain(|one| told.insert(one.head.id.clone()));
        }
        if ask.is_anonymous {
            for (place, report) in reports.iter_mut().enumerate() {
                report.number(place + 1);
            }
        }
        Ok(reports)
    }
}
