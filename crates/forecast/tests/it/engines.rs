//! The two engines against each other and against what must hold for every sample.

use forecast::{
    Step, Trials, Weights, Workload, exact_how_many, exact_when, simulated_how_many, simulated_when,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The same cases on every run.
pub fn for_each<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, random);
    runner
        .run(strategy, |value| {
            test(value);
            Ok(())
        })
        .unwrap();
}

/// Weeks of one to six working days.
fn sample(arrived: std::ops::Range<i32>) -> impl Strategy<Value = Vec<Step>> {
    let step = (0_u32..9, arrived, 1_u32..7).prop_map(|(done, arrived, days)| Step {
        done,
        arrived,
        days,
    });
    proptest::collection::vec(step, 1..14)
}

fn trials(weights: Weights, seed: u64) -> Trials {
    Trials { count: 20_000, seed, weights }
}

#[test]
fn done_in_time_is_enough_done() {
    for_each(300, &(sample(0..1), 1_u32..60, 1_u32..90), |(steps, remaining, days)| {
        let when = exact_when(&Workload { steps: &steps, remaining, days_max: 2_000 });
        let how_many = exact_how_many(&steps, days);
        let (in_time, enough) =
            (when.at_most(days as usize), how_many.at_least(remaining as usize));
        assert!((in_time - enough).abs() < 1e-9, "{in_time} and {enough}");
    });
    for_each(20, &(sample(0..1), 1_u32..60, 1_u32..90), |(steps, remaining, days)| {
        let trials = Trials { count: 500, seed: 5, weights: Weights::Drawn };
        let workload = Workload { steps: &steps, remaining, days_max: 2_000 };
        let in_time = simulated_when(&workload, &trials).at_most(days as usize);
        let enough = simulated_how_many(&steps, days, &trials).at_least(remaining as usize);
        // The same futures answer both questions.
        assert!((in_time - enough).abs() < 1e-12, "{in_time} and {enough}");
    });
}

/// The largest distance between the true distribution and that of 20 000 draws exceeds 0.0138 once
/// in a thousand samples (Kolmogorov; less often on whole numbers).
const DISTANCE_MAX: f64 = 0.0138;

#[test]
fn equal_weights_agree_with_the_exact_engine() {
    for_each(40, &(sample(-2..4), 1_u32..80, any::<u64>()), |(steps, remaining, seed)| {
        let trials = trials(Weights::Equal, seed);
        let workload = Workload { steps: &steps, remaining, days_max: 400 };
        let (drawn, exact) = (simulated_when(&workload, &trials), exact_when(&workload));
        for day in 0..=400 {
            let distance = (drawn.at_most(day) - exact.at_most(day)).abs();
            assert!(distance < DISTANCE_MAX, "day {day}: {distance}");
        }
        let (drawn, exact) = (simulated_how_many(&steps, 50, &trials), exact_how_many(&steps, 50));
        for amount in 0..exact.len() {
            let distance = (drawn.at_most(amount) - exact.at_most(amount)).abs();
            assert!(distance < DISTANCE_MAX, "amount {amount}: {distance}");
        }
    });
}

/// What follows from chances that are uniform on all that add up to 1.
#[test]
fn drawn_weights_are_a_dirichlet_distribution() {
    let steps = [Step::day(0), Step::day(1)];
    // A chance uniform between 0 and 1 makes every number of ones out of 9 equally likely.
    let found = simulated_how_many(&steps, 9, &trials(Weights::Drawn, 11));
    for ones in 0..=9 {
        let distance = (found.at_most(ones) - (ones as f64 + 1.0) / 10.0).abs();
        assert!(distance < DISTANCE_MAX, "{ones}: {distance}");
    }
    // The mean of a squared chance of three is 2 ÷ (3 · 4), so the same week twice has chance ½.
    let steps = [1, 10, 100].map(Step::day);
    let found = simulated_how_many(&steps, 2, &trials(Weights::Drawn, 12));
    let twice: f64 = [2, 20, 200].map(|sum| found.exactly(sum)).iter().sum();
    assert!((twice - 0.5).abs() < DISTANCE_MAX, "{twice}");
}

#[test]
fn equal_weeks_leave_no_doubt() {
    let steps = vec![Step::day(1); 8];
    for weights in [Weights::Drawn, Weights::Equal] {
        let workload = Workload { steps: &steps, remaining: 20, days_max: 100 };
        for when in [simulated_when(&workload, &trials(weights, 1)), exact_when(&workload)] {
            assert_eq!([0.01, 0.5, 0.95].map(|p| when.smallest_within(p)), [Some(20); 3]);
        }
        let drawn = simulated_how_many(&steps, 7, &trials(weights, 1));
        for how_many in [drawn, exact_how_many(&steps, 7)] {
            assert_eq!([0.01, 0.5, 0.95].map(|p| how_many.largest_reached(p)), [7; 3]);
        }
    }
}

#[test]
fn nothing_done_never_ends() {
    let steps = vec![Step::day(0); 8];
    let workload = Workload { steps: &steps, remaining: 1, days_max: 300 };
    for when in [simulated_when(&workload, &trials(Weights::Drawn, 1)), exact_when(&workload)] {
        assert_eq!((when.smallest_within(0.01), when.beyond()), (None, 1.0));
    }
    let drawn = simulated_how_many(&steps, 7, &trials(Weights::Drawn, 1));
    for how_many in [drawn, exact_how_many(&steps, 7)] {
        assert_eq!(how_many.largest_reached(0.5), 0);
    }
    let nothing = Workload { steps: &steps, remaining: 0, days_max: 300 };
    assert_eq!(exact_when(&nothing).smallest_within(0.95), Some(0));
    let timeless = [Step { done: 0, arrived: 0, days: 0 }];
    assert_eq!(exact_when(&Workload { steps: &timeless, ..workload }).beyond(), 1.0);
    assert_eq!(exact_how_many(&timeless, 7).largest_reached(0.5), 0);
    let empty = Workload { steps: &[], remaining: 3, days_max: 300 };
    assert_eq!(exact_when(&empty).beyond(), 1.0);
    assert_eq!(simulated_when(&empty, &trials(Weights::Drawn, 1)).beyond(), 1.0);
}

/// A week of 5 days with 3 done: the items are done on its days 2, 4 and 5.
#[test]
fn a_weeks_work_is_spread_over_its_days() {
    let steps = [Step { done: 3, arrived: 0, days: 5 }];
    let day = |remaining| {
        exact_when(&Workload { steps: &steps, remaining, days_max: 100 }).smallest_within(1.0)
    };
    assert_eq!([1, 2, 3, 4, 6].map(day), [2, 4, 5, 7, 10].map(Some));
    let done = |days| exact_how_many(&steps, days).largest_reached(1.0);
    assert_eq!([0, 1, 2, 3, 4, 5, 7].map(done), [0, 0, 1, 1, 2, 3, 4]);
}
