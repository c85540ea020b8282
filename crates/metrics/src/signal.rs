//! What deserves a look: at most a handful of sentences, each with the evidence for it.

use serde::Serialize;

use crate::amount::Unit;
use crate::measured::Measured;
use crate::note::Note;
use crate::process_behaviour::{Change, Limits, RUN, VALUES_MIN};
use crate::summary::Summary;
use crate::weekly::{WeekRow, WeeklyTable};
use crate::weeks::Span;

/// Weeks that arrivals and departures are compared over.
const GROWTH_WEEKS: usize = 6;
/// In so many of them more has to arrive than be done.
const GROWTH_WEEKS_MIN: usize = 4;

/// One thing that deserves a look, or a good word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signal {
    /// What it is about.
    pub code: SignalCode,
    /// How it is meant.
    pub tone: Tone,
    /// What it says, as a sentence.
    pub sentence: String,
    /// What shows it.
    pub evidence: String,
    /// Keys of the issues that show it, the most telling first.
    pub keys: Vec<String>,
}

/// What a signal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignalCode {
    /// The work in progress.
    Ageing,
    /// What arrives against what gets done.
    ScopeGrowth,
    /// How fast work gets done.
    Throughput,
    /// The data itself.
    Data,
}

/// How a signal is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Something is at risk.
    Risk,
    /// Worth watching.
    Watch,
    /// As it should be.
    Good,
}

/// The signals of a view, the gravest first.
pub fn signals(
    table: &Measured<WeeklyTable>,
    summary: &Summary,
    notes: &[Note],
    unit: Unit,
) -> Vec<Signal> {
    let Some(weeks) = table.known() else { return Vec::new() };
    let all = weeks.complete(Span::All);
    let found = [ageing(summary), growth(all, unit), throughput(all, unit), data(notes)];
    let mut found: Vec<Signal> = found.into_iter().flatten().collect();
    found.sort_by_key(|signal| signal.tone);
    found
}

/// Work in progress that is older than 85 % of what was finished.
fn ageing(summary: &Summary) -> Option<Signal> {
    const KEYS: usize = 5;
    let (ages, time) = (summary.work_item_age.known()?, summary.cycle_time.known()?);
    let old: Vec<_> = ages.iter().filter(|age| age.days > time.p85_days).collect();
    let oldest = old.first()?;
    let (one, many) = ("item in progress is", "items in progress are");
    let sentence = format!(
        "{} {} older than 85 % of the finished ones.",
        old.len(),
        if old.len() == 1 { one } else { many }
    );
    let status = oldest.status.as_deref().map(|status| format!(" in {status}")).unwrap_or_default();
    let evidence = format!(
        "The oldest is {}: {} days, now{status}; 85 % took at most {}.",
        oldest.key, oldest.days, time.p85_days
    );
    let keys = old.iter().take(KEYS).map(|age| age.key.clone()).collect();
    Some(Signal { code: SignalCode::Ageing, tone: Tone::Risk, sentence, evidence, keys })
}

fn growth(weeks: &[WeekRow], unit: Unit) -> Option<Signal> {
    let weeks = weeks.get(weeks.len().checked_sub(GROWTH_WEEKS)?..)?;
    let net = |row: &WeekRow| row.flow.net().of(unit);
    let grew = weeks.iter().filter(|row| net(row) > 0.0).count();
    let total: f64 = weeks.iter().map(net).sum();
    let is_told = grew >= GROWTH_WEEKS_MIN && total > 0.0;
    is_told.then(|| Signal {
        code: SignalCode::ScopeGrowth,
        tone: Tone::Watch,
        sentence: "More arrives than gets done.".to_owned(),
        evidence: format!(
            "In {grew} of the last {GROWTH_WEEKS} weeks, {} more in all.",
            number(total)
        ),
        keys: Vec::new(),
    })
}

/// The limits come from the weeks before those that are judged by them.
fn throughput(weeks: &[WeekRow], unit: Unit) -> Option<Signal> {
    const BASELINE_WEEKS: usize = 26;
    let done: Vec<f64> = weeks.iter().map(|row| row.flow.done.of(unit)).collect();
    let done = done.get(done.len().saturating_sub(BASELINE_WEEKS + RUN)..)?;
    let baseline =
        done.get(..done.len().saturating_sub(RUN)).filter(|values| values.len() >= VALUES_MIN);
    let baseline = baseline.or_else(|| (done.len() >= VALUES_MIN).then_some(done))?;
    let limits = Limits::of(baseline)?;
    if baseline.iter().all(|value| *value == 0.0) {
        return None;
    }
    let newest = number(*done.last()?);
    let (least, most) = (number(limits.lower.ceil()), number(limits.upper.floor()));
    let usual = if least == most { least } else { format!("{least} to {most}") } + " a week";
    let (tone, sentence, evidence) = match limits.change(done) {
        Some(Change::Above) => (
            Tone::Good,
            "Last week finished unusually much.",
            format!("{newest}; usual are {usual}."),
        ),
        Some(Change::Below) => (
            Tone::Risk,
            "Last week finished unusually little.",
            format!("{newest}; usual are {usual}."),
        ),
        Some(Change::RunAbove) => (Tone::Good, "Throughput has risen.", run(&limits, "above")),
        Some(Change::RunBelow) => (Tone::Risk, "Throughput has fallen.", run(&limits, "below")),
        None => (
            Tone::Good,
            "Throughput is as usual.",
            format!("{newest} last week; usual are {usual}."),
        ),
    };
    Some(Signal {
        code: SignalCode::Throughput,
        tone,
        sentence: sentence.to_owned(),
        evidence,
        keys: Vec::new(),
    })
}

fn run(limits: &Limits, side: &str) -> String {
    format!("The last {RUN} weeks were all {side} the mean of {} before.", number(limits.mean))
}

/// The note that shakes figures most.
fn data(notes: &[Note]) -> Option<Signal> {
    let note = notes.iter().find(|note| note.code.is_weighty())?;
    Some(Signal {
        code: SignalCode::Data,
        tone: Tone::Watch,
        sentence: note.sentence.clone(),
        evidence: note.remedy.to_owned(),
        keys: note.keys.iter().take(3).cloned().collect(),
    })
}

/// At most one decimal.
fn number(value: f64) -> String {
    let tenths = (value * 10.0).round();
    if tenths % 10.0 == 0.0 {
        format!("{:.0}", tenths / 10.0)
    } else {
        format!("{:.1}", tenths / 10.0)
    }
}

#[cfg(test)]
mod tests;
