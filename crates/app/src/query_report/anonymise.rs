//! A report without names: keys, queries, milestones, statuses and types are replaced, each by the
//! same word everywhere. Days and numbers stay.

use std::collections::HashMap;

use forecast::{Forecast, ForecastStatement};
use metrics::{Measured, Note, NoteCode, Share, SignalStatement};
use model::Date;

use super::QueryReport;

/// The words that names are replaced by, one for each name, numbered as they are met.
#[derive(Default)]
struct Words {
    known: HashMap<(&'static str, String), String>,
    counts: HashMap<&'static str, usize>,
}

impl Words {
    fn word(&mut self, kind: &'static str, name: &str) -> String {
        if name.is_empty() {
            return String::new();
        }
        if let Some(known) = self.known.get(&(kind, name.to_owned())) {
            return known.clone();
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        let word = if kind == "K" { format!("K-{count}") } else { format!("{kind} {count}") };
        self.known.insert((kind, name.to_owned()), word.clone());
        word
    }

    fn replace(&mut self, kind: &'static str, name: &mut String) {
        *name = self.word(kind, name);
    }

    fn replace_some(&mut self, kind: &'static str, name: &mut Option<String>) {
        *name = name.as_deref().map(|name| self.word(kind, name));
    }
}

impl QueryReport {
    /// Replaces all names. Issues are numbered as they are met: in the order of their keys a number
    /// would be that of the key.
    pub(super) fn anonymise(&mut self) {
        let mut words = Words::default();
        self.statuses(&mut words);
        self.forecasts(&mut words);
        self.deliveries(&mut words);
        self.signals(&mut words);
        self.notes(&mut words);
        self.rules();
        self.number(1);
    }

    /// Calls its query by a number.
    pub(super) fn number(&mut self, place: usize) {
        for trail in [&mut self.overview.trail, &mut self.forecast.trail, &mut self.flow.trail] {
            trail.profile.name = "Profile 1".to_owned();
            if let Some(query) = &mut trail.query {
                query.name = format!("Query {place}");
            }
            trail.profiles.clear();
            trail.queries.clear();
            trail.server = None;
            trail.stale = None;
        }
    }

    /// Statuses, types and keys of the figures.
    fn statuses(&mut self, words: &mut Words) {
        let figures = &mut self.flow.figures;
        if let Measured::Known { value, .. } = &mut figures.cumulative_flow {
            let bands = value.bands.iter_mut().flat_map(|band| &mut band.statuses);
            bands.for_each(|status| words.replace("Status", status));
        }
        if let Measured::Known { value, .. } = &mut figures.stage_times {
            value.stages.iter_mut().for_each(|stage| words.replace("Status", &mut stage.status));
        }
        if let Measured::Known { value, .. } = &mut figures.types {
            let types = value.types.iter_mut().flat_map(|share| &mut share.names);
            types.for_each(|name| words.replace("Type", name));
        }
        if let Measured::Known { value, .. } = &mut figures.cycle_time {
            for item in &mut value.items {
                words.replace("K", &mut item.key);
                words.replace_some("Type", &mut item.issue_type);
            }
        }
        if let Measured::Known { value, .. } = &mut self.overview.summary.work_item_age {
            for age in value {
                words.replace("K", &mut age.key);
                words.replace_some("Status", &mut age.status);
            }
        }
    }

    /// Names of deliveries and of what they are made of.
    fn deliveries(&mut self, words: &mut Words) {
        for answer in &mut self.deliveries {
            words.replace("Delivery", &mut answer.head.name);
            answer.head.rule.clear();
            answer.head.queries.clear();
            words.replace("Profile", &mut answer.profile_name);
            answer.stale = None;
        }
    }

    /// Names of milestones.
    fn forecasts(&mut self, words: &mut Words) {
        let what_if = self.forecast.what_if.iter_mut();
        for forecast in
            [&mut self.overview.forecast, &mut self.forecast.base].into_iter().chain(what_if)
        {
            milestones(forecast, words);
        }
    }

    fn signals(&mut self, words: &mut Words) {
        for signal in self.overview.signals.iter_mut().chain(&mut self.forecast.signals) {
            for says in [&mut signal.sentence, &mut signal.evidence] {
                match says {
                    SignalStatement::OldestWork { key, status, .. } => {
                        words.replace("K", key);
                        words.replace_some("Status", status);
                    }
                    SignalStatement::Note { note } => replace_in_note(note, words),
                    _ => {}
                }
            }
            signal.keys.iter_mut().for_each(|key| words.replace("K", key));
        }
    }

    fn notes(&mut self, words: &mut Words) {
        // A zone tells where somebody lives.
        self.overview.notes.retain(|note| note.code != NoteCode::OtherZone);
        self.overview.notes.iter_mut().for_each(|note| replace_in_note(note, words));
        let figures = &mut self.flow.figures;
        let of_figures = [
            notes_of(&mut figures.cycle_time),
            notes_of(&mut figures.cumulative_flow),
            notes_of(&mut figures.throughput),
        ];
        of_figures.into_iter().flatten().flatten().for_each(|note| replace_in_note(note, words));
    }

    /// Rules name the statuses that count as what; a report does not say them.
    fn rules(&mut self) {
        let figures = &mut self.flow.figures;
        for rule in [
            rule_of(&mut figures.cycle_time),
            rule_of(&mut figures.service_level),
            rule_of(&mut figures.throughput),
            rule_of(&mut figures.cumulative_flow),
            rule_of(&mut figures.arrivals),
            rule_of(&mut figures.work_in_progress),
            rule_of(&mut figures.stage_times),
            rule_of(&mut figures.types),
            rule_of(&mut figures.littles_law),
        ]
        .into_iter()
        .flatten()
        {
            rule.clear();
        }
    }
}

fn notes_of<T>(measured: &mut Measured<T>) -> Option<&mut Vec<Note>> {
    if let Measured::Known { notes, .. } = measured { Some(notes) } else { None }
}

fn rule_of<T>(measured: &mut Measured<T>) -> Option<&mut String> {
    if let Measured::Known { rule, .. } = measured { Some(rule) } else { None }
}

/// A note does not say whether it names things, or weeks and days, which stay.
fn replace_in_note(note: &mut Note, words: &mut Words) {
    let is_time = |name: &str| model::Week::parse(name).is_some() || name.parse::<Date>().is_ok();
    note.keys.iter_mut().filter(|key| !is_time(key)).for_each(|key| words.replace("K", key));
    let shares = note.shares.iter_mut().filter(|share: &&mut Share| !is_time(&share.name));
    shares.for_each(|share| words.replace("Name", &mut share.name));
    note.missing = note.missing.take().map(|_| "not said here".to_owned());
}

fn milestones(forecast: &mut Forecast, words: &mut Words) {
    for answer in &mut forecast.deadlines {
        words.replace("Milestone", &mut answer.deadline.name);
        if let Measured::Known { value, .. } = &mut answer.odds {
            named(&mut value.sentence, words);
        }
    }
    named(&mut forecast.headline, words);
}

/// Every statement is named, so that one with a name that comes later is thought of.
fn named(says: &mut ForecastStatement, words: &mut Words) {
    match says {
        ForecastStatement::All { said } => said.iter_mut().for_each(|says| named(says, words)),
        ForecastStatement::IfItGrows { said } | ForecastStatement::HasPassed { said } => {
            named(said, words);
        }
        ForecastStatement::DeadlineOdds { name, .. }
        | ForecastStatement::DeadlineMet { name, .. }
        | ForecastStatement::DeadlineHeld { name, .. }
        | ForecastStatement::DeadlineOverrun { name, .. }
        | ForecastStatement::DeadlineMissed { name, .. } => words.replace("Milestone", name),
        ForecastStatement::LikelyBy { .. }
        | ForecastStatement::DoneBy { .. }
        | ForecastStatement::Unknown { .. }
        | ForecastStatement::NothingLeft
        | ForecastStatement::LikelyDone { .. }
        | ForecastStatement::DeliveryDone { .. }
        | ForecastStatement::DeliveryOver { .. }
        | ForecastStatement::NotInSight { .. }
        | ForecastStatement::LikelyAmount { .. }
        | ForecastStatement::NewWork { .. }
        | ForecastStatement::ScopeStays { .. }
        | ForecastStatement::OldAppDate { .. }
        | ForecastStatement::PaceMoves { .. }
        | ForecastStatement::PastHeld { .. }
        | ForecastStatement::CameTrue { .. } => {}
    }
}
