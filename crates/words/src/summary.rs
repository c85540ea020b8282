//! How much there is and how fast it goes: one sentence and one figure for pages and commands.

use std::fmt;

use app::issues::Event;
use app::overview::Overview;
use metrics::{
    Age, Amount, CycleTime, Measured, Note, NoteCode, ScopeGrowth, Throughput, Totals, Unit,
};

use crate::format::{count, counted, day, decimal};
use crate::reason;

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Word {
    /// Plain text.
    Text(String),
    /// A number with what it counts, for who can lead to the issues behind it.
    Number(String, Event),
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Word::Text(text) | Word::Number(text, _)) = self;
        f.write_str(text)
    }
}

/// How much there is: the answer, and what is to be said beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct HowMuch {
    /// The answer.
    pub answer: Vec<Word>,
    /// The rest, beginning with a blank or comma.
    pub rest: Vec<Word>,
}

impl fmt::Display for HowMuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.answer.iter().chain(&self.rest).try_for_each(|word| word.fmt(f))
    }
}

/// How much there is and how much of it is done.
pub fn how_much(totals: &Totals, unit: Unit) -> HowMuch {
    let text = |text: &str| Word::Text(text.to_owned());
    let number = |amount: Amount, event| Word::Number(decimal(amount.of(unit)), event);
    let done = number(totals.done, Event::Done);
    let (Some(scope), Some(open)) = (totals.scope, totals.open) else {
        let noun = noun(unit, totals.done.of(unit) != 1.0);
        let answer = vec![done, Word::Text(format!(" {noun} done."))];
        return HowMuch { answer, rest: vec![text(" How much is open is not known.")] };
    };
    let counted_as = noun(unit, scope.of(unit) != 1.0);
    let all = number(scope, Event::Scope);
    let (answer, mut rest) = if scope.items == 0 {
        (vec![text("Nothing to do.")], Vec::new())
    } else if open.items == 0 {
        (vec![text("All "), all, Word::Text(format!(" {counted_as} done."))], Vec::new())
    } else {
        let answer = vec![done, text(" of "), all, Word::Text(format!(" {counted_as} done"))];
        (answer, vec![text(", "), number(open, Event::Open), text(" open.")])
    };
    if let Some(cancelled) = totals.cancelled.filter(|cancelled| cancelled.items > 0) {
        rest.extend([text(" "), number(cancelled, Event::Cancelled), text(" cancelled.")]);
    }
    let pointless = (open.items - open.estimated).unsigned_abs();
    if unit.is_estimated() && pointless > 0 {
        let items = counted(pointless, "open item has", "open items have");
        rest.push(Word::Text(format!(" {items} no {}.", noun(unit, true))));
    }
    HowMuch { answer, rest }
}

/// How fast it goes, by the mean of the complete weeks; why that is not known, where it is not.
pub fn how_fast(overview: &Overview) -> String {
    let summary = &overview.summary;
    match (&summary.throughput, &summary.scope_growth) {
        (Measured::Known { value, .. }, _) if value.total == 0.0 => nothing_done(overview, value),
        (Measured::Known { value, .. }, Measured::Known { value: growth, .. }) => {
            let weeks = weeks(overview, value);
            let (pace, growth) = (decimal(value.mean), grown(growth, overview.unit));
            format!("{weeks} finished {pace} a week on average and {growth}.")
        }
        (Measured::Unavailable { reason: why, .. }, _)
        | (_, Measured::Unavailable { reason: why, .. }) => reason(why),
    }
}

fn grown(growth: &ScopeGrowth, unit: Unit) -> String {
    let net = match unit {
        Unit::Items => growth.items_per_week,
        Unit::Points | Unit::Hours => growth.points_per_week,
    };
    match decimal(net.abs()).as_str() {
        "0" => "added nothing".to_owned(),
        amount if net > 0.0 => format!("added {amount}"),
        amount => format!("took {amount} out"),
    }
}

fn nothing_done(overview: &Overview, throughput: &Throughput) -> String {
    let weeks = weeks(overview, throughput);
    let Some(week) = overview.last_done else {
        return format!("{weeks} finished nothing; nothing was ever done.");
    };
    let noun = noun(overview.unit, false);
    let monday = week.monday().map(|monday| format!(" (week of {})", day(monday)));
    let monday = monday.unwrap_or_default();
    format!("{weeks} finished nothing; the last {noun} was done in {week}{monday}.")
}

fn weeks(overview: &Overview, throughput: &Throughput) -> String {
    let number = count(throughput.weeks.len() as u64);
    match throughput.weeks.len() {
        1 => "The one complete week".to_owned(),
        _ if overview.window_weeks.is_none() => format!("All {number} complete weeks"),
        _ => format!("The last {number} complete weeks"),
    }
}

/// How long one item takes.
pub fn how_long(time: &CycleTime) -> String {
    let CycleTime { p50_days, p85_days, .. } = time;
    format!("Half of what was done took {p50_days} days or less, 85 % took {p85_days} or less.")
}

/// What is in progress; `None` if nothing is.
pub fn under_way(ages: &[Age]) -> Option<String> {
    let oldest = ages.first()?;
    let days = counted(u64::from(oldest.days.unsigned_abs()), "day", "days");
    let items = counted(ages.len() as u64, "item is", "items are");
    Some(format!("{items} in progress, the oldest ({}) for {days}.", oldest.key))
}

/// How many more are in progress whose start is not known, by the notes of their ages; `None` if none.
pub fn without_start(notes: &[Note]) -> Option<String> {
    let is_about =
        |note: &&Note| matches!(note.code, NoteCode::StartUnknown | NoteCode::StartUnexplained);
    let more: u64 = notes.iter().filter(is_about).map(|note| note.count).sum();
    (more > 0).then(|| format!("{} more, whose start is not known", count(more)))
}

/// What is counted, one and several: `item` and `items`, `point` and `points`, `hour` and `hours`.
pub fn nouns(unit: Unit) -> [&'static str; 2] {
    match unit {
        Unit::Items => ["item", "items"],
        Unit::Points => ["point", "points"],
        Unit::Hours => ["hour", "hours"],
    }
}

/// What is counted, as a heading.
pub fn unit_title(unit: Unit) -> &'static str {
    match unit {
        Unit::Items => "Items",
        Unit::Points => "Points",
        Unit::Hours => "Hours",
    }
}

/// The one or the other.
pub fn noun(unit: Unit, is_many: bool) -> &'static str {
    let [one, many] = nouns(unit);
    if is_many { many } else { one }
}
