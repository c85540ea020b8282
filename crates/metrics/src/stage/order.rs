//! The order of stages: that of the workflow, else how items usually went through them.

use model::Lane;

use super::{Stage, Stages};
use crate::status::Meaning;

impl<'h> Stages<'h> {
    /// The same with its stages in the order of the workflow: not started, under way, over; within
    /// these as the server tells, where it does; else what items mostly entered first comes first.
    pub(super) fn in_order(mut self) -> Stages<'h> {
        let ahead = self.comes_ahead_of();
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        let key = |stage: usize| {
            let found = self.all.get(stage);
            let place = found.and_then(|found| found.order).unwrap_or(u32::MAX);
            let phase = found.map_or(u8::MAX, |found| phase(found.meaning));
            (phase, place, std::cmp::Reverse(ahead.get(stage).copied().unwrap_or_default()), stage)
        };
        order.sort_by_key(|stage| key(*stage));
        let mut places = vec![0; order.len()];
        for (place, stage) in order.iter().enumerate() {
            if let Some(slot) = places.get_mut(*stage) {
                *slot = place;
            }
        }
        self.all = order
            .iter()
            .filter_map(|stage| self.all.get(*stage).copied())
            .collect::<Vec<Stage<'h>>>();
        for interval in &mut self.intervals {
            interval.stage = places.get(interval.stage).copied().unwrap_or(interval.stage);
        }
        self
    }

    /// Of each stage: how many others more items entered after it than before it, for the first
    /// time each (the number of pairs won, after Copeland).
    fn comes_ahead_of(&self) -> Vec<usize> {
        let stages = self.all.len();
        let mut balance = vec![0_i64; stages * stages];
        for place in 0..self.ends.len() {
            let mut entered: Vec<usize> = Vec::new();
            for interval in self.of(place) {
                if entered.contains(&interval.stage) {
                    continue;
                }
                for earlier in &entered {
                    if let Some(won) = balance.get_mut(earlier * stages + interval.stage) {
                        *won += 1;
                    }
                    if let Some(lost) = balance.get_mut(interval.stage * stages + earlier) {
                        *lost -= 1;
                    }
                }
                entered.push(interval.stage);
            }
        }
        let won = |row: &[i64]| row.iter().filter(|balance| **balance > 0).count();
        balance.chunks(stages.max(1)).map(won).collect()
    }
}

fn phase(meaning: Meaning) -> u8 {
    match meaning.lane {
        Some(Lane::NotStarted) => 0,
        Some(Lane::Waiting | Lane::Active) if !meaning.is_started => 1,
        Some(Lane::Waiting | Lane::Active) => 2,
        None => 3,
        Some(Lane::Done) => 4,
        Some(Lane::NotDelivered) => 5,
    }
}
