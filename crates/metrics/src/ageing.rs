//! Ageing of work in progress by stage: how old each item is, beside how old finished ones were when
//! they left that stage (the zones of past pace).
//!
//! Vacanti, *Actionable Agile Metrics for Predictability* (2015), chapter on the aging work in progress
//! chart. An age is in calendar days, both ends included.

use std::collections::HashMap;

use model::{Date, Lane, Timestamp};
use serde::Serialize;

use crate::cycle_time::cycle_time;
use crate::item::{Item, Start, State};
use crate::items::Items;
use crate::measured::{Measured, Window};
use crate::service_level::{ItemOdds, ServiceLevel, ServiceLevels, service_levels};
use crate::stage::{StageInterval, Stages};
use crate::weekly::WeeklyTable;
use crate::weeks::Span;
use crate::work_item_age::{Age, known_ages};

/// Zones of fewer items than this say nothing.
pub const ZONE_ITEMS_MIN: usize = 5;

/// The share of started work that the service level is about, in percent.
pub const SERVICE_LEVEL_PERCENT: u32 = 85;

/// What is under way, by stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ageing {
    /// The stages in which work is under way, or was in what was delivered, in the order of the workflow.
    pub stages: Vec<AgeingStage>,
    /// What is under way and known since when, oldest first.
    pub items: Vec<AgeingItem>,
    /// How many items are under way, known since when or not.
    pub under_way: usize,
    /// How many delivered items the zones rest on.
    pub delivered: usize,
    /// Within how many days started work is done; not known where the cycle time is not.
    pub service_level: Measured<ServiceLevel>,
}

/// A stage with the pace of the past.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgeingStage {
    /// Its name; `None` if nothing tells.
    pub name: Option<String>,
    /// What it means.
    pub lane: Option<Lane>,
    /// The ages at which delivered items left it; `None` of fewer than [`ZONE_ITEMS_MIN`].
    pub zones: Option<Zones>,
    /// How many items are in it.
    pub items: usize,
}

/// Ages in days at leaving a stage or passing it by: so many percent were at most that old. Never
/// less than in a stage before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Zones {
    pub p50: u32,
    pub p70: u32,
    pub p85: u32,
    pub p95: u32,
}

/// An item under way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgeingItem {
    /// Its key.
    pub key: String,
    /// Its stage: the place in [`Ageing::stages`]; `None` if nothing tells.
    pub stage: Option<usize>,
    /// Name of its status.
    pub status: Option<String>,
    /// The day it was started.
    pub started: Date,
    /// Calendar days since.
    pub age_days: u32,
    /// The day it came into its status; `None` if nothing tells.
    pub in_status_since: Option<Date>,
    /// Calendar days since.
    pub in_status_days: Option<u32>,
    /// How it stands in the zones of its stage; `None` where there are none.
    pub pace: Option<Pace>,
    /// How likely it is done within the service level.
    pub odds: ItemOdds,
}

/// Older than which share of the finished was at leaving the same stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// Not older than half of them.
    Within50,
    /// Older than half of them.
    Over50,
    /// Older than 70 %.
    Over70,
    /// Older than 85 %.
    Over85,
    /// Older than 95 %.
    Over95,
}

impl Zones {
    /// Nearest rank; `ages` are sorted. `None` of too few.
    fn of(ages: &[u32]) -> Option<Zones> {
        let rank = |percent: usize| {
            let rank = (ages.len() * percent).div_ceil(100);
            rank.checked_sub(1).and_then(|rank| ages.get(rank)).copied()
        };
        let is_enough = ages.len() >= ZONE_ITEMS_MIN;
        let (p50, p70, p85, p95) = (rank(50)?, rank(70)?, rank(85)?, rank(95)?);
        is_enough.then_some(Zones { p50, p70, p85, p95 })
    }

    /// Not less than those of the stage before.
    fn at_least(self, before: Zones) -> Zones {
        Zones {
            p50: self.p50.max(before.p50),
            p70: self.p70.max(before.p70),
            p85: self.p85.max(before.p85),
            p95: self.p95.max(before.p95),
        }
    }

    fn pace(self, age_days: u32) -> Pace {
        match age_days {
            days if days > self.p95 => Pace::Over95,
            days if days > self.p85 => Pace::Over85,
            days if days > self.p70 => Pace::Over70,
            days if days > self.p50 => Pace::Over50,
            _ => Pace::Within50,
        }
    }
}

/// What is under way, beside what was delivered in the complete weeks of a span. What is known of
/// ages, and what is not, is as of [`known_ages`]; what is known of the past, as of [`cycle_time`].
pub fn ageing(items: &Items<'_>, table: &Measured<WeeklyTable>, span: Span) -> Measured<Ageing> {
    let (ages, sample, rule, notes) = match known_ages(items) {
        Measured::Known { value, sample, rule, notes, .. } => (value, sample, rule, notes),
        Measured::Unavailable { reason, remedy } => return Measured::unavailable(reason, remedy),
    };
    let levels = service_levels(items, &cycle_time(items, table, span));
    let past = match &levels {
        Measured::Known { window, .. } => *window,
        Measured::Unavailable { .. } => None,
    };
    let stages = Stages::read(items);
    let path = Path::of(&stages);
    let left = past.map(|past| path.left_within(items, &stages, past)).unwrap_or_default();
    let places = path.current(items, &stages);
    let mut value = Ageing {
        stages: path.with_zones(&stages, &left),
        items: Vec::with_capacity(ages.len()),
        under_way: items.counted.iter().filter(|item| item.is_under_way).count(),
        delivered: left.len(),
        service_level: levels.clone().map(|levels| levels.of(SERVICE_LEVEL_PERCENT)),
    };
    for age in ages {
        let place = places.get(age.key.as_str()).copied();
        let item = aged(age, place, levels.known(), &value.stages, items);
        if let Some(stage) = item.stage.and_then(|stage| value.stages.get_mut(stage)) {
            stage.items += 1;
        }
        value.items.push(item);
    }
    value.leave_out_unused(&left);
    Measured::Known { value, sample, window: past, rule, notes }
}

impl Ageing {
    /// Stages without work, now and in what was delivered, are history.
    fn leave_out_unused(&mut self, left: &[Leaving]) {
        let is_used = |place: usize, stage: &AgeingStage| {
            stage.items > 0 || left.iter().any(|of| of.visited.get(place) == Some(&true))
        };
        let mut kept = Vec::with_capacity(self.stages.len());
        let mut places = Vec::with_capacity(self.stages.len());
        for (place, stage) in self.stages.drain(..).enumerate() {
            let is_used = is_used(place, &stage);
            places.push(is_used.then_some(kept.len()));
            kept.extend(is_used.then_some(stage));
        }
        self.stages = kept;
        for item in &mut self.items {
            item.stage = item.stage.and_then(|stage| places.get(stage).copied().flatten());
        }
    }
}

/// An item with its age, its stage and how it stands.
fn aged(
    age: Age,
    place: Option<(Option<usize>, Timestamp)>,
    levels: Option<&ServiceLevels>,
    stages: &[AgeingStage],
    items: &Items<'_>,
) -> AgeingItem {
    let age_days = u32::try_from(age.days).unwrap_or_default();
    let stage = place.and_then(|(stage, _)| stage);
    let since = place.map(|(_, since)| items.as_of.date_of(since));
    let zones = stage.and_then(|stage| stages.get(stage)).and_then(|stage| stage.zones);
    AgeingItem {
        key: age.key,
        stage,
        status: age.status,
        started: age.started,
        age_days,
        in_status_since: since,
        in_status_days: since.and_then(|since| days_between(since, items.as_of.date())),
        pace: zones.map(|zones| zones.pace(age_days)),
        odds: levels
            .map_or(ItemOdds::Unknown, |levels| levels.odds(age_days, SERVICE_LEVEL_PERCENT)),
    }
}

/// The started stages in the order of the workflow: each a place in [`Stages::all`].
struct Path(Vec<usize>);

/// How a delivered item went through the started stages.
struct Leaving {
    /// Its age when it left each of them for the last time, or passed it by.
    ages: Vec<u32>,
    /// Whether it was in it.
    visited: Vec<bool>,
}

impl Path {
    fn of(stages: &Stages<'_>) -> Path {
        let is_started = |stage: &usize| stages.meaning(*stage).is_started;
        Path((0..stages.all.len()).filter(is_started).collect())
    }

    /// The stage that each item under way is in, and since when.
    fn current<'i>(
        &self,
        items: &'i Items<'i>,
        stages: &'i Stages<'i>,
    ) -> HashMap<&'i str, (Option<usize>, Timestamp)> {
        let under_way = stages.with(items).filter(|(item, _)| item.is_under_way);
        let place = |(item, own): (&'i Item<'i>, &'i [StageInterval])| {
            let last = own.last().filter(|last| last.to.is_none())?;
            let stage = self.0.iter().position(|stage| *stage == last.stage);
            Some((item.facts.key.as_str(), (stage, last.from)))
        };
        under_way.filter_map(place).collect()
    }

    /// Of each item that was delivered in the window and has a recorded start.
    fn left_within(&self, items: &Items<'_>, stages: &Stages<'_>, window: Window) -> Vec<Leaving> {
        let moments = items.as_of.moments_of(window);
        let delivered = stages.with(items).filter(|(item, _)| {
            let finished = item.finished.filter(|_| item.undated().is_none());
            item.state == State::Done && finished.is_some_and(|done| moments.contains(&done.at))
        });
        delivered.filter_map(|(item, own)| self.leaving(items, item, own)).collect()
    }

    fn leaving(
        &self,
        items: &Items<'_>,
        item: &Item<'_>,
        own: &[StageInterval],
    ) -> Option<Leaving> {
        let Start::At(started) = item.start else { return None };
        let finished = item.finished?.at;
        let first = items.as_of.date_of(started);
        let age = |at: Timestamp| days_between(first, items.as_of.date_of(at.min(finished)));
        age(finished)?;
        let since: Vec<&StageInterval> = own.iter().filter(|stay| stay.from >= started).collect();
        let mut leaving = Leaving { ages: Vec::new(), visited: Vec::new() };
        // When it last left any of the stages so far: that is when it passed by what it was not in.
        let mut passed = None;
        for stage in &self.0 {
            let stays = since.iter().filter(|stay| stay.stage == *stage);
            let left = stays.map(|stay| stay.to.unwrap_or(finished)).max();
            passed = passed.max(left);
            leaving.ages.push(left.or(passed).and_then(age).unwrap_or(1));
            leaving.visited.push(left.is_some());
        }
        Some(leaving)
    }

    fn with_zones(&self, stages: &Stages<'_>, left: &[Leaving]) -> Vec<AgeingStage> {
        let mut before: Option<Zones> = None;
        let mut of = |(place, stage): (usize, &usize)| {
            let ages = left.iter().filter_map(|of| of.ages.get(place).copied());
            let mut ages: Vec<u32> = ages.collect();
            ages.sort_unstable();
            let zones = Zones::of(&ages).map(|zones| match before {
                Some(before) => zones.at_least(before),
                None => zones,
            });
            before = zones.or(before);
            let found = stages.all.get(*stage);
            AgeingStage {
                name: found.and_then(|found| found.name).map(str::to_owned),
                lane: found.and_then(|found| found.meaning.lane),
                zones,
                items: 0,
            }
        };
        self.0.iter().enumerate().map(&mut of).collect()
    }
}

/// Calendar days, both ends included; `None` if the second comes first.
fn days_between(first: Date, last: Date) -> Option<u32> {
    u32::try_from((last - first).get_days() + 1).ok().filter(|days| *days > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_items_say_nothing() {
        assert_eq!(Zones::of(&[1, 2, 3, 4]), None);
        let found = Zones::of(&[1, 2, 3, 4, 50]).unwrap();
        assert_eq!(found, Zones { p50: 3, p70: 4, p85: 50, p95: 50 });
    }

    #[test]
    fn a_zone_begins_above_its_share() {
        let zones = Zones { p50: 3, p70: 5, p85: 8, p95: 13 };
        let paces = [1, 3, 4, 5, 6, 8, 9, 13, 14].map(|days| zones.pace(days));
        use Pace::{Over50, Over70, Over85, Over95, Within50};
        let want = [Within50, Within50, Over50, Over50, Over70, Over70, Over85, Over85, Over95];
        assert_eq!(paces, want);
    }
}
