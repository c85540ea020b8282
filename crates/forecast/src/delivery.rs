//! When deliveries are done: the items that a team finishes go to what it works on, one by one.

use metrics::{Measured, Unit};

use crate::answer::{Facts, sample};
use crate::assumptions::Assumptions;
use crate::dated_chances::DatedChances;
use crate::distribution::Distribution;
use crate::engine::Engine;
use crate::futures::{Coming, Futures};
use crate::random::{Draws, InputHash};

/// How many futures are drawn; more change a date by a day at most.
pub const DELIVERY_TRIALS: u32 = 4_000;
/// Tells the random numbers of items from those of weeks.
const ITEMS: u64 = 0x6465_6c69_7665_7279;

/// How the items that a team finishes are split.
#[derive(Debug, Clone, PartialEq)]
pub enum PaceSplit {
    /// Each belongs to any delivery at all as often as in the past, and then to a random one of the
    /// first that are not done.
    Order {
        /// How many deliveries are worked on at once.
        at_once: usize,
        /// How many of them are none of those that are asked about, and stay.
        others: usize,
        /// Items done that belonged to any delivery.
        of_deliveries: u64,
        /// All items done.
        of_all: u64,
    },
    /// Each belongs to a delivery as often as in the past.
    Share {
        /// Items done of each delivery.
        of_each: Vec<u64>,
        /// All items done.
        of_all: u64,
    },
}

/// How a delivery grows.
#[derive(Debug, Clone, PartialEq)]
pub enum DeliveryGrowth {
    /// It does not.
    None,
    /// For as many weeks as its past is long: by as much as in one of these, and the less the longer
    /// ago that is. Then it is cut.
    Weekly {
        /// What was added in each of its past weeks, less what was taken out.
        weeks: Vec<f64>,
    },
    /// To so many times what it is now, as one of the team's finished deliveries did from the same
    /// point on.
    Shape {
        /// Items in it now.
        scope: f64,
        /// The factors.
        factors: Vec<f64>,
    },
}

/// A delivery to be done, in its place in the order.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryWork {
    /// Its open items.
    pub remaining: u64,
    /// Those that other deliveries have too, by a number that is the same in all of them.
    pub shared: Vec<u32>,
    /// How it grows.
    pub growth: DeliveryGrowth,
}

/// When a delivery is done.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryChances {
    /// If all deliveries grow as so far.
    pub growing: DatedChances,
    /// If none does.
    pub alone: DatedChances,
}

/// When each of these deliveries of one team is done, in the order of `works`; what is done already
/// is certain on the day of the data.
pub fn forecast_deliveries(
    facts: &Facts<'_>,
    assumptions: &Assumptions,
    split: &PaceSplit,
    works: &[DeliveryWork],
) -> Measured<Vec<DeliveryChances>> {
    let assumptions = Assumptions { unit: Unit::Items, ..assumptions.clone() };
    let (sample, learned) = sample(facts, &assumptions);
    let step = learned.map_or(0.0, |learned| learned.step);
    let engine = match Engine::new(&sample, step, &assumptions, facts.as_of) {
        Ok(engine) => engine,
        Err(missing) => return missing.as_measured(),
    };
    let trials = assumptions.trials.clamp(1, DELIVERY_TRIALS);
    let (futures, seed) = engine.futures(trials);
    let run = |grows: bool| {
        let mut run = Run::new(split, works, grows, engine.horizon.len());
        run.draw(futures.clone(), seed, trials);
        let dated = |counts: &Vec<u32>| match counts.first() {
            Some(all) if *all == trials => DatedChances::certain(facts.as_of),
            _ => DatedChances::of(&Distribution::of_counts(counts, trials), &engine.horizon),
        };
        run.counts.iter().map(dated).collect::<Vec<_>>()
    };
    let chances = run(true).into_iter().zip(run(false));
    let chances = chances.map(|(growing, alone)| DeliveryChances { growing, alone });
    engine.known(chances.collect())
}

/// The futures of some deliveries.
struct Run<'w> {
    split: &'w PaceSplit,
    works: &'w [DeliveryWork],
    grows: bool,
    days_max: u32,
    /// Of each delivery, in how many futures it is done on day 0, 1, ….
    counts: Vec<Vec<u32>>,
    states: Vec<Standing>,
    /// Of each delivery, its shared items that are open.
    shared: Vec<Vec<u32>>,
}

/// A delivery in one future.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    left: f64,
    is_done: bool,
}

impl<'w> Run<'w> {
    fn new(split: &'w PaceSplit, works: &'w [DeliveryWork], grows: bool, days_max: u32) -> Self {
        let counts = vec![vec![0; days_max as usize + 1]; works.len()];
        let states = vec![Standing::default(); works.len()];
        Run { split, works, grows, days_max, counts, states, shared: vec![Vec::new(); works.len()] }
    }

    fn draw(&mut self, mut futures: Futures, seed: u64, trials: u32) {
        let seed = InputHash::new().with(seed).with(ITEMS).value();
        for number in 0..trials {
            let mut draws = Draws::of_trial(seed, number);
            self.start(&mut draws);
            let Some(mut future) = futures.of_trial(number) else { continue };
            let mut urn = Urn::of(self.split);
            let (mut day, mut done, mut weeks) = (0, 0.0, 0_u32);
            while day < self.days_max
                && self.states.iter().any(|state| !state.is_done)
                && let Some(week) = future.next_week()
            {
                let items = whole(done + week.done) - whole(done);
                for item in 1..=items {
                    if let Some(place) = self.choose(&mut urn, &mut draws) {
                        self.finish_item(place, day + day_of(item, items, &week), &mut draws);
                    }
                }
                (day, done, weeks) = (day + week.days, done + week.done, weeks + 1);
                self.grow(weeks, &mut draws);
            }
        }
    }

    /// A future begins; a shape is one of a finished delivery in all of it.
    fn start(&mut self, draws: &mut Draws) {
        for place in 0..self.works.len() {
            let Some(work) = self.works.get(place) else { continue };
            let mut left = work.remaining as f64;
            if let (true, DeliveryGrowth::Shape { scope, factors }) = (self.grows, &work.growth) {
                let factor = factors.get(draws.below(factors.len())).copied().unwrap_or(1.0);
                left = (left + (scope * (factor - 1.0)).round()).max(0.0);
            }
            self.set(place, Standing { left, is_done: false });
            if let Some(shared) = self.shared.get_mut(place) {
                shared.clone_from(&work.shared);
            }
            if left < 0.5 {
                self.finish(place, 0);
            }
        }
    }

    fn set(&mut self, place: usize, standing: Standing) {
        if let Some(state) = self.states.get_mut(place) {
            *state = standing;
        }
    }

    fn finish(&mut self, place: usize, day: u32) {
        self.set(place, Standing { left: 0.0, is_done: true });
        let count = self.counts.get_mut(place).and_then(|counts| counts.get_mut(day as usize));
        if let Some(count) = count {
            *count += 1;
        }
    }

    /// An item of a delivery is finished: any of its own, or one that others have too.
    fn finish_item(&mut self, place: usize, day: u32, draws: &mut Draws) {
        // Shares are of what was done of each delivery: what two of them have is in both already.
        let shared = match self.split {
            PaceSplit::Order { .. } => self.shared.get(place).map_or(0, Vec::len),
            PaceSplit::Share { .. } => 0,
        };
        let left = self.states.get(place).map_or(0.0, |state| state.left.round()) as usize;
        if shared == 0 {
            return self.take_one(place, day);
        }
        let chosen = draws.below(left.max(shared));
        let Some(&item) = self.shared.get(place).and_then(|shared| shared.get(chosen)) else {
            return self.take_one(place, day);
        };
        for place in 0..self.shared.len() {
            let items = self.shared.get_mut(place);
            let found = items.and_then(|items| {
                let at = items.iter().position(|shared| *shared == item)?;
                Some(items.swap_remove(at))
            });
            if found.is_some() {
                self.take_one(place, day);
            }
        }
    }

    fn take_one(&mut self, place: usize, day: u32) {
        let Some(state) = self.states.get_mut(place).filter(|state| !state.is_done) else { return };
        state.left -= 1.0;
        if state.left < 0.5 {
            self.finish(place, day.min(self.days_max));
        }
    }

    /// What the next item that is finished belongs to.
    fn choose(&self, urn: &mut Urn, draws: &mut Draws) -> Option<usize> {
        let open = || self.states.iter().enumerate().filter(|(_, state)| !state.is_done);
        match self.split {
            PaceSplit::Order { at_once, others, .. } => {
                urn.draw(draws)?;
                let places = (open().count() + others).min((*at_once).max(1));
                open().nth(draws.below(places)).map(|(place, _)| place)
            }
            PaceSplit::Share { .. } => {
                let place = urn.draw(draws)?;
                self.states.get(place).filter(|state| !state.is_done).map(|_| place)
            }
        }
    }

    /// What comes in at the end of a week.
    fn grow(&mut self, weeks: u32, draws: &mut Draws) {
        if !self.grows {
            return;
        }
        for (state, work) in self.states.iter_mut().zip(self.works) {
            let DeliveryGrowth::Weekly { weeks: past } = &work.growth else { continue };
            if let Some(added) = past.get(draws.below(past.len()))
                && weeks as usize <= past.len()
                && !state.is_done
            {
                let age = past.len() as f64;
                state.left = (state.left + added * age / (age + f64::from(weeks))).max(0.5);
            }
        }
    }
}

/// What finished items belonged to: an urn from which each is drawn and put back with a copy, so
/// that every future has another view of how often each comes.
struct Urn {
    counts: Vec<u64>,
    total: u64,
}

impl Urn {
    /// Each kind once more than it was seen: what was never seen may come.
    fn of(split: &PaceSplit) -> Urn {
        let (of_each, of_all): (&[u64], u64) = match split {
            PaceSplit::Order { of_deliveries, of_all, .. } => {
                (std::slice::from_ref(of_deliveries), *of_all)
            }
            PaceSplit::Share { of_each, of_all } => (of_each, *of_all),
        };
        let others = of_all.saturating_sub(of_each.iter().sum());
        let mut counts: Vec<u64> = of_each.iter().map(|count| count + 1).collect();
        // Where all that was done belonged to deliveries, nothing says that anything else comes.
        counts.push(others);
        let total = counts.iter().sum();
        Urn { counts, total }
    }

    /// The place of what is drawn; `None` for what belongs to nothing.
    fn draw(&mut self, draws: &mut Draws) -> Option<usize> {
        let mut number = draws.below(usize::try_from(self.total).unwrap_or(usize::MAX)) as u64;
        let last = self.counts.len().saturating_sub(1);
        for (place, count) in self.counts.iter_mut().enumerate() {
            if number < *count {
                *count += 1;
                self.total += 1;
                return (place < last).then_some(place);
            }
            number -= *count;
        }
        None
    }
}

fn whole(done: f64) -> u32 {
    (done + 0.5) as u32
}

/// On which day of a week the item of that number is finished, spread evenly.
fn day_of(item: u32, items: u32, week: &Coming) -> u32 {
    (item * week.days).div_ceil(items.max(1)).clamp(1, week.days)
}
