//! How long a forecast takes: 20 000 futures of a team with five items a week and 400 to do.
//!
//! `cargo bench -p forecast`; the baseline draws the same weeks by plain resampling, without
//! weights, percentiles or a fan.
#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use forecast::{Assumptions, Backlog, Facts, Model, Question, backtest, forecast};
use forecast::{Step, Trials, Weights, Workload};
use forecast::{exact_how_many, exact_when, simulated_how_many, simulated_when};
use metrics::{Amount, Flow, Measured, Origin, WeekRow, WeeklyTable};
use model::{Date, Remedy, Week};
use rand_core::Rng;
use rand_pcg::Pcg32;

/// Mean 5.
const WEEKS: [u32; 12] = [5, 7, 3, 0, 6, 8, 4, 5, 9, 2, 6, 5];
const ITEMS: u32 = 400;
const TRIALS: u32 = 20_000;

fn plain_resampling(steps: &[Step]) -> u64 {
    let mut random = Pcg32::new(1, 1);
    let mut weeks = 0;
    for _ in 0..TRIALS {
        let mut left = i64::from(ITEMS);
        while left > 0 {
            let place = (u64::from(random.next_u32()) * steps.len() as u64) >> 32;
            left -= steps.get(place as usize).map_or(0, |step| i64::from(step.done));
            weeks += 1;
        }
    }
    weeks
}

fn table(weeks: usize) -> Measured<WeeklyTable> {
    let items = |count: u32| Amount { items: i64::from(count), ..Amount::default() };
    let row = |(number, done): (i32, &u32)| WeekRow {
        week: Week::from_number(number),
        monday: Week::from_number(number).monday().unwrap(),
        flow: Flow {
            created: items(done / 2),
            done: items(*done),
            cancelled: Some(items(0)),
            left: items(0),
        },
        open: None,
        is_partial: false,
    };
    let rows = (2_800..).zip(WEEKS.iter().cycle()).take(weeks).map(row).collect();
    let table =
        WeeklyTable { rows, undated: Flow::default(), origin: Origin::Issues, first_started: None };
    known(table)
}

fn known<T>(value: T) -> Measured<T> {
    Measured::Known { value, sample: 0, window: None, rule: String::new(), notes: Vec::new() }
}

fn engines(c: &mut Criterion) {
    let steps = WEEKS.map(|done| Step { done, arrived: 0, days: 5 });
    let workload = Workload { steps: &steps, remaining: ITEMS, days_max: 1_300 };
    let trials = Trials { count: TRIALS, seed: 1, weights: Weights::Drawn };
    c.bench_function("baseline_plain_resampling/400", |b| {
        b.iter(|| plain_resampling(black_box(&steps)));
    });
    c.bench_function("simulated_when/400", |b| {
        b.iter(|| simulated_when(black_box(&workload), &trials));
    });
    c.bench_function("simulated_how_many/60_days", |b| {
        b.iter(|| simulated_how_many(black_box(&steps), 60, &trials));
    });
    c.bench_function("exact_when/400", |b| b.iter(|| exact_when(black_box(&workload))));
    c.bench_function("exact_how_many/60_days", |b| {
        b.iter(|| exact_how_many(black_box(&steps), 60));
    });
}

fn answers(c: &mut Criterion) {
    let as_of = Date::constant(2025, 12, 1);
    let table = table(200);
    let open = known(Backlog { amount: f64::from(ITEMS), points_each: 0.0, extrapolated: 0.0 });
    let facts =
        Facts { as_of, table: &table, open: &open, where_idle: Remedy::WidenSample, overdue: None };
    let question = Question::default();
    let models = [("views", Model::Views), ("urn", Model::Bootstrap), ("exact", Model::Exact)];
    for (name, model) in models {
        let fixed = Assumptions { model, growth: forecast::Growth::Off, ..Assumptions::default() };
        let growing = Assumptions { model, ..Assumptions::default() };
        c.bench_function(&format!("forecast_{name}/400"), |b| {
            b.iter(|| forecast(black_box(&facts), &fixed, &question));
        });
        c.bench_function(&format!("forecast_{name}_growing/400"), |b| {
            b.iter(|| forecast(black_box(&facts), &growing, &question));
        });
    }
    c.bench_function("backtest/200_weeks", |b| {
        b.iter(|| backtest(black_box(&table), &Assumptions::default(), 0.0, 4));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = engines, answers
}
criterion_main!(benches);
