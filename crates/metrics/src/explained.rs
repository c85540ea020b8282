//! How much of a figure is known where items were in statuses that nothing explains.

use model::{Date, Remedy};

use crate::item::Item;
use crate::items::Items;
use crate::measured::Measured;
use crate::note::{Note, NoteCode, shares};
use crate::reason::Reason;
use crate::stage::{StageInterval, Stages};

/// A figure of less than this share of what it is about, and of what unexplained statuses hide, is
/// not told.
const MEASURABLE_SHARE_MIN: f64 = 0.6;

/// The items of a figure of which statuses that nothing explains leave it open.
pub(crate) struct Unexplained<'i> {
    items: Vec<&'i Item<'i>>,
    statuses: Vec<(String, u64)>,
    /// How many items the figure knows well enough.
    measured: usize,
    /// Of how many.
    of: usize,
}

impl<'i> Unexplained<'i> {
    pub fn of(
        items: &'i Items<'i>,
        unexplained: Vec<&'i Item<'i>>,
        measured: usize,
    ) -> Unexplained<'i> {
        let statuses = items.unexplained_statuses(unexplained.iter().copied());
        let of = measured + unexplained.len();
        Unexplained { items: unexplained, statuses, measured, of }
    }

    /// Of what was under way since a day, or may have been. What was seen under way for longer than
    /// it was out of sight is known well enough.
    pub fn since(items: &'i Items<'i>, stages: &Stages<'i>, since: Date) -> Unexplained<'i> {
        let since = crate::weeks::start_of(since, items.as_of.zone());
        let end = items.as_of.at();
        let seconds = |interval: &StageInterval| {
            let from = since.map_or(interval.from, |since| interval.from.max(since));
            let to = interval.to.unwrap_or(end);
            if from < to { to.duration_since(from).as_secs_f64() } else { 0.0 }
        };
        let (mut unexplained, mut measured, mut of) = (Vec::new(), 0, 0);
        for (item, intervals) in stages.with(items).filter(|(item, _)| item.undated().is_none()) {
            let sum = |is_it: &dyn Fn(usize) -> bool| -> f64 {
                intervals.iter().filter(|i| is_it(i.stage)).map(seconds).sum()
            };
            let hidden = sum(&|stage| stages.is_unexplained(stage));
            let seen = sum(&|stage| stages.meaning(stage).is_started);
            if hidden > 0.0 {
                unexplained.push(item);
            }
            of += usize::from(hidden + seen > 0.0);
            measured += usize::from(seen > 0.0 && seen >= hidden);
        }
        Unexplained { of, ..Unexplained::of(items, unexplained, measured) }
    }

    /// That the figure is not known, where too little of it is.
    pub fn unavailable<T>(&self) -> Option<Measured<T>> {
        let (measured, of) = (self.measured, self.of);
        let is_enough = measured as f64 >= MEASURABLE_SHARE_MIN * of as f64;
        (!is_enough).then(|| {
            let reason = Reason::StatusesUnexplained { measured: measured as u64, of: of as u64 };
            Measured::unavailable(reason, Remedy::SayWhatStatusesMean)
        })
    }

    pub fn note(&self) -> Option<Note> {
        let keys = self.items.iter().map(|item| item.facts.key.as_str());
        let note = Note::about_keys(NoteCode::StartUnexplained, Remedy::SayWhatStatusesMean, keys)?;
        Some(Note { shares: shares(self.statuses.iter().cloned()), ..note })
    }
}
