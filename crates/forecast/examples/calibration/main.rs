//! Do the odds hold? Forecasts of teams of which the truth is known, against what they then did.
//!
//! `cargo run -p forecast --example calibration -- real FOLDER` forecasts on past days of real
//! queries instead, from what was known then.
//!
//! `cargo run --release -p forecast --example calibration [runs a cell] [trials a forecast] [all]`
//! prints the table of `docs/forecasting.md`; with `all` it also forecasts from histories that the
//! program refuses.
#![allow(
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "its output is the point of it, and a table has the columns that it has"
)]

mod drifting;
mod process;
mod real;
mod score;

use std::ops::AddAssign;
use std::path::Path;

use drifting::{DRIFTS, Drift};
use forecast::{Distribution, Step, Trials, Weights, Workload, pert_days};
use forecast::{drawn_when, exact_when, simulated_when, when_of_chances};
use process::{Process, Random, processes};
use real::{Origin, RealQuery, Until};
use score::{Forecaster, PERCENTS, Score};

const HISTORIES: [usize; 3] = [8, 12, 26];
const BACKLOGS: [u32; 2] = [30, 120];
/// Five years.
const WEEKS_MAX: u32 = 260;
/// What the old app was set to when nobody changed it.
const PERT_FACTOR: usize = 6;

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    if let [command, folder, trials @ ..] = given.as_slice()
        && command == "real"
    {
        let trials = trials.first().and_then(|text| text.parse().ok()).unwrap_or(4_000);
        return real_queries(Path::new(folder), trials);
    }
    let mut arguments = std::env::args().skip(1).filter_map(|text| text.parse().ok());
    let runs: u32 = arguments.next().unwrap_or(2_000);
    let trials = arguments.next().unwrap_or(2_000);
    let is_guarded = !std::env::args().any(|text| text == "all");
    println!("{runs} runs a cell, {trials} trials a forecast\n");
    println!("| team | weeks | items | best possible | views | urn | exact | PERT | refused |");
    println!("|---|---|---|---|---|---|---|---|---|");
    for (number, process) in processes().iter().enumerate() {
        for weeks in HISTORIES {
            for items in BACKLOGS {
                let number = number as u64;
                let cell = Cell { process, number, weeks, items, trials, is_guarded };
                println!("{}", cell.row(runs));
            }
        }
    }
    println!("\n| team | weeks | items | views | urn |\n|---|---|---|---|---|");
    for (number, (drift, name)) in DRIFTS.into_iter().enumerate() {
        for weeks in [12, 26, 104] {
            for items in BACKLOGS {
                let cell = (100 + number as u64) * 10_000 + weeks as u64 * 100 + u64::from(items);
                let (views, urn) = drifting_cell(drift, (weeks, items), (cell, runs, trials));
                println!("| {name} | {weeks} | {items} | {views} | {urn} |");
            }
        }
    }
}

/// How many percent held with views, and with an urn of twelve weeks.
fn drifting_cell(
    drift: Drift,
    (weeks, items): (usize, u32),
    (cell, runs, trials): (u64, u32, u32),
) -> (String, String) {
    let (mut forecasts, mut views, mut urn) = (0, [0; 4], [0; 4]);
    for run in 0..runs {
        let mut random = Random::of_run(cell, u64::from(run));
        let (history, took) = drifting::run(drift, (weeks, items, WEEKS_MAX as usize), &mut random);
        if history.iter().rev().take(12).filter(|done| **done > 0).count() < 3 {
            continue;
        }
        forecasts += 1;
        let trials = Trials { count: trials, seed: u64::from(run), weights: Weights::Drawn };
        let steps: Vec<Step> = history.iter().map(|done| Step::day(*done)).collect();
        let holds = |chances: &Distribution| {
            PERCENTS.map(|percent| {
                let said = chances.smallest_within(f64::from(percent) / 100.0);
                u32::from(said.is_none_or(|week| took.is_some_and(|took| took <= week)))
            })
        };
        let workload = |steps| Workload { steps, remaining: items, days_max: WEEKS_MAX };
        let drawn = drawn_when(&workload(&steps), &score::moving(&history), &trials);
        add(&mut views, holds(&drawn));
        let window = &steps[steps.len() - 12..];
        add(&mut urn, holds(&simulated_when(&workload(window), &trials)));
    }
    let text = |held: [u32; 4]| {
        held.map(|held| format!("{:.1}", 100.0 * f64::from(held) / f64::from(forecasts.max(1))))
            .join(" ")
    };
    (text(views), text(urn))
}

/// Every model on every fourth Sunday of the real queries, pooled and one by one.
fn real_queries(folder: &Path, trials: u32) {
    let (queries, missing) = real::queries(folder);
    missing.iter().for_each(|why| println!("skipped: {why}"));
    println!(
        "In % of the forecasts whose outcome is known: 4, 8, 12 weeks · next 10, 20, 40 items"
    );
    println!(
        "· as many as are open; said is the mean chance of the amounts, which are whole items;"
    );
    println!("loss is the mean pinball loss in items.");
    for (until, name) in [
        (Until::NewestIssue, "As long as new issues came"),
        (Until::EndOfFile, "To the end of the files, where work is missing"),
    ] {
        println!("\n{name}\n\n| queries | model | % | said | held | loss 4 / 8 / 12 | n |");
        println!("|---|---|---|---|---|---|---|");
        real_table(&queries, until, trials);
    }
}

fn real_table(queries: &[RealQuery], until: Until, trials: u32) {
    let origins: Vec<(&RealQuery, Vec<Origin>)> =
        queries.iter().map(|query| (query, query.origins(until))).collect();
    let models = [Forecaster::Views, Forecaster::Urn, Forecaster::Plain];
    for (name, is_component) in [("whole", false), ("components", true)] {
        let chosen = || origins.iter().filter(|(query, _)| query.is_component == is_component);
        for model in models {
            let mut score = Score::default();
            for origin in chosen().flat_map(|(_, origins)| origins) {
                score.look(origin, model, trials);
            }
            (0..PERCENTS.len()).for_each(|place| print_score(name, model, place, &score));
        }
    }
    for (query, origins) in &origins {
        for model in models {
            let mut score = Score::default();
            origins.iter().for_each(|origin| score.look(origin, model, trials));
            print_score(&query.name, model, 2, &score);
        }
    }
}

fn print_score(name: &str, model: Forecaster, place: usize, score: &Score) {
    let held: Vec<String> =
        (0..score::QUESTIONS).map(|at| format!("{:.0}", score.percent(at, place))).collect();
    let said: Vec<String> = (0..3).map(|at| format!("{:.0}", score.said(at, place))).collect();
    let counts: Vec<String> = score.judged.iter().map(|judged| judged[place].to_string()).collect();
    let [four, eight, twelve] = [0, 1, 2].map(|horizon| score.loss(horizon));
    println!(
        "| {name} | {model:?} | {} | {} | {} | {four:.2} / {eight:.2} / {twelve:.2} | {} |",
        PERCENTS[place],
        said.join(" "),
        grouped(&held),
        grouped(&counts)
    );
}

fn grouped(texts: &[String]) -> String {
    format!("{} · {} · {}", texts[..3].join(" "), texts[3..6].join(" "), texts[6])
}

/// One kind of team with one length of history and one amount of work.
struct Cell<'p> {
    process: &'p Process,
    number: u64,
    weeks: usize,
    items: u32,
    trials: u32,
    /// Whether histories that are too thin are not forecast, as in the program.
    is_guarded: bool,
}

/// How many finishing times were within what was said.
#[derive(Default)]
struct Tally {
    forecasts: u32,
    refused: u32,
    views: [u32; 4],
    urn: [u32; 4],
    exact: [u32; 4],
    pert: u32,
}

impl Cell<'_> {
    fn row(&self, runs: u32) -> String {
        let mut tally = Tally::default();
        (0..runs).for_each(|run| self.run(run, &mut tally));
        let percent = |sum: f64, of: u32| 100.0 * sum / f64::from(of.max(1));
        let share = |count: u32| percent(f64::from(count), tally.forecasts);
        let text = |shares: [f64; 4]| shares.map(|share| format!("{share:.1}")).join(" ");
        let refused = percent(f64::from(tally.refused), runs);
        format!(
            "| {} | {} | {} | {} | {} | {} | {} | {:.1} | {refused:.1} |",
            self.process.name,
            self.weeks,
            self.items,
            text(self.best().map(|share| 100.0 * share)),
            text(tally.views.map(share)),
            text(tally.urn.map(share)),
            text(tally.exact.map(share)),
            share(tally.pert),
        )
    }

    /// What one who knows the process reaches: more than was asked for, as weeks are whole.
    fn best(&self) -> [f64; 4] {
        let truth = when_of_chances(&self.process.chances(), self.items, WEEKS_MAX);
        PERCENTS.map(|percent| {
            let week = truth.smallest_within(f64::from(percent) / 100.0);
            week.map_or(1.0, |week| truth.at_most(week))
        })
    }

    fn run(&self, run: u32, tally: &mut Tally) {
        let cell = self.number * 10_000 + self.weeks as u64 * 100 + u64::from(self.items);
        let mut random = Random::of_run(cell, u64::from(run));
        let history: Vec<Step> = (0..self.weeks).map(|_| self.process.week(&mut random)).collect();
        if history.iter().filter(|step| step.done > 0).count() < 3 {
            tally.refused += 1;
            if self.is_guarded {
                return;
            }
        }
        tally.forecasts += 1;
        let took = self.truth(&mut random);
        let workload = Workload { steps: &history, remaining: self.items, days_max: WEEKS_MAX };
        let trials = Trials { count: self.trials, seed: u64::from(run), weights: Weights::Drawn };
        let (urn, exact) = (simulated_when(&workload, &trials), exact_when(&workload));
        let done: Vec<u32> = history.iter().map(|step| step.done).collect();
        let views = drawn_when(&workload, &score::moving(&done), &trials);
        let holds = |said: Option<usize>| u32::from(said.is_none_or(|week| took <= week));
        let within = |chances: &Distribution| {
            PERCENTS.map(|percent| chances.smallest_within(f64::from(percent) / 100.0))
        };
        add(&mut tally.views, within(&views).map(holds));
        add(&mut tally.urn, within(&urn).map(holds));
        add(&mut tally.exact, within(&exact).map(holds));
        let weeks: Vec<f64> = history.iter().map(|step| f64::from(step.done)).collect();
        let pert = pert_days(&weeks, f64::from(self.items), PERT_FACTOR);
        tally.pert += holds(pert.map(|days| (days / 7.0).ceil() as usize));
    }

    /// After how many weeks the work was done.
    fn truth(&self, random: &mut Random) -> usize {
        let mut left = self.items;
        for week in 1..=WEEKS_MAX as usize {
            let step = self.process.week(random);
            if step.done >= left {
                return week;
            }
            left = (left - step.done).saturating_add_signed(step.arrived);
        }
        usize::MAX
    }
}

fn add<T: AddAssign>(sums: &mut [T; 4], more: [T; 4]) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}
