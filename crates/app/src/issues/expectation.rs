//! How likely an open item is done within the service level expectation of its query, given its age.

use metrics::{
    Expectation, ItemOdds, Measured, ServiceLevels, Span, cycle_time, known_ages, weekly_table,
};
use model::QueryKey;
use serde::Serialize;
use store::Reader;

use crate::App;
use crate::error::Result;

/// The share that the expectation is about, in percent.
const PERCENT: u32 = 85;

/// An item in progress beside the expectation of its query.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ItemExpectation {
    /// For how many days it has been in progress.
    pub age_days: u32,
    /// Which share of items is done within the days of the expectation.
    pub percent: u32,
    /// These days; `None` if too many items stay open.
    pub within_days: Option<u32>,
    /// How likely it is done within them.
    pub odds: ItemOdds,
}

impl App {
    /// `None` of an item that is not in progress, and where no expectation can be told.
    pub(crate) fn item_expectation(
        &self,
        reader: &dyn Reader,
        query: &QueryKey,
        key: &str,
    ) -> Result<Option<ItemExpectation>> {
        let history = self.history(reader, query, None)?;
        let items = history.items();
        let ages = known_ages(&items);
        let age = ages.known().and_then(|ages| ages.iter().find(|age| age.key == key));
        let Some(age_days) = age.and_then(|age| u32::try_from(age.days).ok()) else {
            return Ok(None);
        };
        let table = weekly_table(&items, history.statistics.as_ref());
        let span = Span::Last(history.usual.window_weeks);
        let Measured::Known { window: Some(window), .. } = cycle_time(&items, &table, span) else {
            return Ok(None);
        };
        let levels = ServiceLevels::read(&items, window);
        let within_days = match levels.of(PERCENT).expectation {
            Expectation::Reached { days } => Some(days),
            Expectation::NotReached { .. } => None,
        };
        let odds = levels.odds(age_days, PERCENT);
        Ok(Some(ItemExpectation { age_days, percent: PERCENT, within_days, odds }))
    }
}
