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
    /// How many items the figure knows beside them.
    measured: usize,
}

impl<'i> Unexplained<'i> {
    pub fn of(
        items: &'i Items<'i>,
        unexplained: Vec<&'i Item<'i>>,
        measured: usize,
    ) -> Unexplained<'i> {
        let statuses = items.unexplained_statuses(unexplained.iter().copied());
        Unexplained { items: unexplained, statuses, measured }
    }

    /// Of what was under way since a day, or may have been.
    pub fn since(items: &'i Items<'i>, stages: &Stages<'i>, since: Date) -> Unexplained<'i> {
        let since = crate::weeks::start_of(since, items.as_of.zone());
        let is_seen = |interval: &StageInterval| {
            since.is_none_or(|since| interval.to.is_none_or(|to| to > since))
        };
        let (mut unexplained, mut measured) = (Vec::new(), 0);
        for (item, intervals) in stages.with(items).filter(|(item, _)| item.undated().is_none()) {
            let mut seen = intervals.iter().filter(|interval| is_seen(interval));
            if seen.clone().any(|interval| stages.is_unexplained(interval.stage)) {
                unexplained.push(item);
            } else if seen.any(|interval| stages.meaning(interval.stage).is_started) {
                measured += 1;
            }
        }
        Unexplained::of(items, unexplained, measured)
    }

    /// That the figure is not known, where too little of it is.
    pub fn unavailable<T>(&self) -> Option<Measured<T>> {
        let (measured, of) = (self.measured, self.measured + self.items.len());
        let is_enough =
            self.items.is_empty() || measured as f64 >= MEASURABLE_SHARE_MIN * of as f64;
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
