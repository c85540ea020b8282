//! Teams whose pace moves, of which the truth is known: what no model of a fixed pace can see.

use super::process::{Process, Random, over_dispersed};

/// A week of a year that is half of a dip.
const DIP_WEEKS: usize = 3;
/// By how much a walking level moves from week to week: × 1.8 a quarter.
const WALK: f64 = 0.163;
/// Within so many weeks a pace halves or doubles, or a bulk is closed.
const WITHIN: usize = 20;
const BULK: u32 = 40;

/// How a pace moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drift {
    /// Up or down by the same factor each week.
    Walks,
    /// To half in an unknown week to come.
    Halves,
    /// To the double in an unknown week to come.
    Doubles,
    /// Three empty weeks a year.
    Dips,
    /// Forty items more in one of twenty weeks.
    Bulk,
}

/// All, with what they are called in the table.
pub const DRIFTS: [(Drift, &str); 5] = [
    (Drift::Walks, "level walks, × 1.8 a quarter"),
    (Drift::Halves, "halves within 20 weeks"),
    (Drift::Doubles, "doubles within 20 weeks"),
    (Drift::Dips, "dip of 3 weeks a year"),
    (Drift::Bulk, "bulk of 40 in one of 20 weeks"),
];

/// What a team of mean 6 does in `known` weeks, and in those that come until `items` are done: the
/// history and how many weeks it took. `None` if it takes longer than `weeks_max`.
pub fn run(
    drift: Drift,
    (known, items, weeks_max): (usize, u32, usize),
    random: &mut Random,
) -> (Vec<u32>, Option<usize>) {
    let process: Process = over_dispersed();
    let place = |random: &mut Random, among: usize| (random.share() * among as f64) as usize;
    let (turn, holiday, bulk) = (place(random, WITHIN), place(random, 52), place(random, WITHIN));
    let mut level: f64 = 1.0;
    let (mut history, mut left) = (Vec::new(), items);
    for week in 0..known + weeks_max {
        if drift == Drift::Walks {
            level *= if random.share() < 0.5 { WALK.exp() } else { (-WALK).exp() };
        }
        let is_turned = week >= known + turn;
        let factor = match drift {
            Drift::Walks => level,
            Drift::Halves if is_turned => 0.5,
            Drift::Doubles if is_turned => 2.0,
            Drift::Dips if (week + holiday) % 52 < DIP_WEEKS => 0.0,
            _ => 1.0,
        };
        let drawn = f64::from(process.week(random).done) * factor;
        // A fraction is an item with that chance.
        let mut done = (drawn + random.share()).floor() as u32;
        if drift == Drift::Bulk && week % WITHIN == bulk {
            done += BULK;
        }
        if week < known {
            history.push(done);
        } else if done >= left {
            return (history, Some(week + 1 - known));
        } else {
            left -= done;
        }
    }
    (history, None)
}
