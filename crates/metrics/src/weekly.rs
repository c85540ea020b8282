//! The weekly table: what was created, done and cancelled in each week, and what was open after it.

use model::{Date, Remedy, Timestamp, Week};
use serde::Serialize;

use crate::amount::Amount;
use crate::item::{Item, Start, State};
use crate::items::Items;
use crate::measured::{Measured, Window};
use crate::note::{Note, NoteCode};
use crate::reason::Reason;
use crate::statistics::{Statistics, flow};
use crate::weeks::{AsOf, Span, WeekAxis, as_label, sunday};

/// What came in and went out.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Flow {
    /// Created.
    pub created: Amount,
    /// Done and delivered.
    pub done: Amount,
    /// Cancelled; `None` where of no issue it is known how it was resolved.
    pub cancelled: Option<Amount>,
    /// No longer found by the query, and open when it was last seen.
    pub left: Amount,
}

/// One week.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WeekRow {
    /// The week, as ISO label in JSON.
    #[serde(serialize_with = "as_label")]
    pub week: Week,
    /// Its Monday.
    pub monday: Date,
    /// What came in and went out.
    #[serde(flatten)]
    pub flow: Flow,
    /// What was open at its end; `None` of stored rows that do not say what they started from.
    pub open: Option<Amount>,
    /// Whether the week is still running, so that its counts are no sample.
    pub is_partial: bool,
}

/// What a table was counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Issues and their changelogs.
    Issues,
    /// Rows that the old app stored.
    Statistics,
}

/// The weeks from the first event to the moment, without gaps, oldest first.
///
/// `open(w) = open(w−1) + created(w) − done(w) − cancelled(w) − left(w)` for every row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeeklyTable {
    /// The weeks.
    pub rows: Vec<WeekRow>,
    /// What lacks a date that it needs to be in a week. Outside of the rows.
    pub undated: Flow,
    /// What it was counted from.
    pub origin: Origin,
    /// The first week in which work on any of it started, as far as is known.
    #[serde(skip)]
    pub first_started: Option<Week>,
}

impl Flow {
    /// By how much it changes the scope; what is not known to be cancelled is not taken away.
    pub fn arrived(&self) -> Amount {
        self.created - self.cancelled.unwrap_or_default() - self.left
    }

    /// By how much it changes what is open.
    pub fn net(&self) -> Amount {
        self.arrived() - self.done
    }

    /// Adds what another flow counts.
    pub fn add(&mut self, other: Flow) {
        self.created += other.created;
        self.done += other.done;
        self.left += other.left;
        self.cancel(other.cancelled);
    }

    fn cancel(&mut self, amount: Option<Amount>) {
        if let Some(amount) = amount {
            *self.cancelled.get_or_insert_default() += amount;
        }
    }

    fn finish(&mut self, state: State, amount: Amount) {
        match state {
            State::Open => {}
            State::Done => self.done += amount,
            State::Cancelled => self.cancel(Some(amount)),
            State::Left => self.left += amount,
        }
    }
}

impl WeeklyTable {
    /// The complete weeks of a span, oldest first.
    pub fn complete(&self, span: Span) -> &[WeekRow] {
        let rows = match self.rows.split_last() {
            Some((last, rows)) if last.is_partial => rows,
            _ => &self.rows,
        };
        let skipped = match span {
            Span::All => 0,
            Span::Last(weeks) => rows.len().saturating_sub(weeks),
        };
        rows.get(skipped..).unwrap_or_default()
    }

    /// The complete weeks of a span, and the running one.
    pub fn shown(&self, span: Span) -> &[WeekRow] {
        let running = usize::from(self.rows.last().is_some_and(|row| row.is_partial));
        let shown = self.complete(span).len() + running;
        self.rows.get(self.rows.len() - shown..).unwrap_or_default()
    }

    /// The place of the first week in which anything was started or done: the weeks before it, in which
    /// a request may have waited for a team to exist, say nothing about its pace. The first of all where
    /// nothing was.
    pub fn begun(&self) -> usize {
        let is_at_work = |row: &WeekRow| {
            self.first_started.is_some_and(|week| week <= row.week) || row.flow.done.items != 0
        };
        self.rows.iter().position(is_at_work).unwrap_or_default()
    }

    /// Everything that the rows count.
    pub fn total(&self) -> Flow {
        let mut total = Flow::default();
        self.rows.iter().for_each(|row| total.add(row.flow));
        total
    }
}

/// The weekly table of the issues; of the stored statistics, if the query has no issue at all.
pub fn weekly_table(items: &Items<'_>, statistics: Option<&Statistics>) -> Measured<WeeklyTable> {
    let as_of = &items.as_of;
    let stored = statistics.filter(|statistics| !statistics.rows.is_empty());
    match stored {
        Some(stored) if items.is_empty() => of_statistics(stored, as_of, items.refresh),
        _ => unmeasurable(items).unwrap_or_else(|| of_issues(items)),
    }
}

fn unmeasurable(items: &Items<'_>) -> Option<Measured<WeeklyTable>> {
    if let Some(none) = items.none_counted() {
        return Some(none);
    }
    if !items.tell_status_or_resolution() {
        return Some(Measured::unavailable(Reason::NoStatuses, items.refresh));
    }
    (!items.can_tell_done())
        .then_some(Measured::unavailable(Reason::DoneIsUndefined, Remedy::SayWhatStatusesMean))
}

fn of_issues(items: &Items<'_>) -> Measured<WeeklyTable> {
    let is_dated = |item: &&Item<'_>| item.undated().is_none();
    let first = items.counted.iter().filter(is_dated).filter_map(|item| item.created).min();
    let first = first.map(|at| Week::of(items.as_of.date_of(at)));
    let mut sheet = Sheet::new(first, &items.as_of);
    for item in &items.counted {
        sheet.count(item);
    }
    let notes = [
        (NoteCode::NotCreated, crate::Undated::NotCreated),
        (NoteCode::DoneWithoutDate, crate::Undated::NotFinished),
        (NoteCode::DoneBeforeCreated, crate::Undated::FinishedBeforeCreated),
    ];
    let keys = |why| {
        let without = items.counted.iter().filter(move |item| item.undated() == Some(why));
        without.map(|item| item.facts.key.as_str())
    };
    let started = items.counted.iter().filter(is_dated).filter_map(|item| match item.start {
        Start::At(at) => Some(at),
        _ => None,
    });
    let first_started = started.min().map(|at| Week::of(items.as_of.date_of(at)));
    let window = sheet.window(&items.as_of);
    let table = sheet.telling_cancelled(tells_cancelled(items)).table(
        Some(Amount::default()),
        Origin::Issues,
        &items.as_of,
    );
    Measured::Known {
        sample: items.counted.len() as u64,
        window,
        rule: format!("done: {}", items.done_rule()),
        notes: notes
            .into_iter()
            .filter_map(|(code, why)| Note::about_keys(code, Remedy::LookInJira, keys(why)))
            .collect(),
        value: WeeklyTable { first_started, ..table },
    }
}

/// Whether it is known of any issue, or of none that is done, how it was resolved.
fn tells_cancelled(items: &Items<'_>) -> bool {
    let is_over = |item: &&Item<'_>| matches!(item.state, State::Done | State::Cancelled);
    let mut done = items.counted.iter().filter(is_over).peekable();
    done.peek().is_none() || done.any(|item| item.is_resolution_known)
}

fn of_statistics(statistics: &Statistics, as_of: &AsOf, refresh: Remedy) -> Measured<WeeklyTable> {
    let dated = || statistics.rows.iter().filter_map(|row| Some((row.date?, flow(row))));
    let known = || dated().filter(|(date, _)| *date <= as_of.date());
    // No week before 1970 is believable, and one mistyped year would make an endless table.
    let first = known().map(|(date, _)| Week::of(date)).filter(|week| week.number() >= 0).min();
    let mut sheet = Sheet::new(first, as_of);
    for (date, flow) in known() {
        sheet.add(sheet.axis.place_of(Week::of(date)), flow);
    }
    let mut undated = 0;
    for row in statistics.rows.iter().filter(|row| row.date.is_none()) {
        sheet.add(None, flow(row));
        undated += 1;
    }
    let all_net: Amount = dated().map(|(_, flow)| flow.net()).sum();
    let before = statistics.remaining.map(|remaining| remaining - all_net);
    let mut notes: Vec<Note> = [
        Note::about(NoteCode::StatisticsOnly, refresh, statistics.rows.len() as u64),
        Note::about(NoteCode::StatisticsUndated, Remedy::Nothing, undated),
    ]
    .into_iter()
    .flatten()
    .collect();
    let window = sheet.window(as_of);
    let mut value = sheet.table(before, Origin::Statistics, as_of);
    let below = value.rows.iter().filter(|row| row.open.is_some_and(|open| open.items < 0)).count();
    if below > 0 {
        value.rows.iter_mut().for_each(|row| row.open = None);
        notes.extend(Note::about(
            NoteCode::StatisticsContradict,
            Remedy::CheckStoredRows,
            below as u64,
        ));
    }
    Measured::Known {
        value,
        sample: statistics.rows.len() as u64,
        window,
        rule: "stored counts".to_owned(),
        notes,
    }
}

/// A table while it is being counted.
struct Sheet {
    axis: WeekAxis,
    flows: Vec<Flow>,
    undated: Flow,
}

impl Sheet {
    fn new(first: Option<Week>, as_of: &AsOf) -> Sheet {
        // Without a first week there are no weeks: those after the moment's own are none.
        let first = first.unwrap_or(Week::from_number(as_of.week().number().saturating_add(1)));
        let axis = as_of.axis_from(first);
        Sheet { flows: vec![Flow::default(); axis.len()], axis, undated: Flow::default() }
    }

    fn at(&mut self, place: Option<usize>) -> &mut Flow {
        place.and_then(|place| self.flows.get_mut(place)).unwrap_or(&mut self.undated)
    }

    fn add(&mut self, place: Option<usize>, flow: Flow) {
        self.at(place).add(flow);
    }

    fn count(&mut self, item: &Item<'_>) {
        let amount = item.amount();
        let is_dated = item.undated().is_none();
        let place = |axis: &WeekAxis, at: Option<Timestamp>| {
            at.filter(|_| is_dated).and_then(|at| axis.place(at))
        };
        let created = place(&self.axis, item.created);
        let finished = place(&self.axis, item.finished.map(|finished| finished.at));
        self.at(created).created += amount;
        self.at(finished).finish(item.state, amount);
    }

    /// The same with a number of cancelled ones in every week, or in none.
    fn telling_cancelled(mut self, is_known: bool) -> Sheet {
        for flow in self.flows.iter_mut().chain([&mut self.undated]) {
            flow.cancelled = is_known.then(|| flow.cancelled.unwrap_or_default());
        }
        self
    }

    fn window(&self, as_of: &AsOf) -> Option<Window> {
        let first = self.axis.weeks().next()?.monday()?;
        Some(Window { first, last: as_of.date() })
    }

    /// The rows, from what was open before the first one.
    fn table(self, before: Option<Amount>, origin: Origin, as_of: &AsOf) -> WeeklyTable {
        let mut open = before;
        let row = |(week, flow): (Week, &Flow)| {
            open = open.map(|open| open + flow.net());
            let is_partial = !as_of.is_complete(week);
            Some(WeekRow { week, monday: week.monday()?, flow: *flow, open, is_partial })
        };
        let rows = self.axis.weeks().zip(&self.flows).filter_map(row).collect();
        WeeklyTable { rows, undated: self.undated, origin, first_started: None }
    }
}

/// The days of some rows.
pub(crate) fn window_of(rows: &[WeekRow]) -> Option<Window> {
    Some(Window { first: rows.first()?.monday, last: sunday(rows.last()?.week)? })
}
