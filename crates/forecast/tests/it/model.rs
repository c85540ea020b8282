//! The default model against its worked examples, and against what must hold for every sample.

use forecast::{
    InputHash, LearnedStep, PaceModel, PastMisses, PastWeek, Step, Trials, Weights, Workload,
    drawn_how_many, drawn_when, views,
};
use proptest::prelude::*;

use crate::engines::for_each;

const A: &[u32] = &[3, 0, 5, 2, 4, 6, 1, 3, 0, 7, 4, 2];
const B: &[u32] = &[
    5, 7, 4, 6, 8, 5, 6, 7, 9, 6, 5, 8, 7, 6, 4, 5, 7, 8, 6, 5, 3, 2, 4, 1, 3, 2, 2, 4, 3, 1, 2, 3,
    5, 6, 8, 9, 7, 10, 8, 9, 11, 8, 9, 7, 8, 6, 9, 7, 5, 6, 4, 3, 5, 4, 2, 3, 4, 2, 3, 1,
];
const D: &[u32] = &[3, 0, 5, 2, 4, 6, 1, 3, 0, 0, 0, 0];
const E: &[u32] = &[5; 60];

fn past(sample: &[u32]) -> Vec<PastWeek> {
    let week = |done: &u32| PastWeek { done: f64::from(*done), items: f64::from(*done) };
    sample.iter().map(week).collect()
}

fn learned(sample: &[u32]) -> LearnedStep {
    PastMisses::of(&past(sample)).learned(sample.len())
}

fn pace(sample: &[u32]) -> PaceModel {
    let done: Vec<f64> = sample.iter().map(|done| f64::from(*done)).collect();
    PaceModel::of(&done, learned(sample).step)
}

/// Weeks of five working days.
fn steps(sample: &[u32]) -> Vec<Step> {
    sample.iter().map(|done| Step { done: *done, arrived: 0, days: 5 }).collect()
}

#[track_caller]
fn near(found: f64, want: f64) {
    assert!((found - want).abs() < 5e-7, "{found}, want {want}");
}

#[track_caller]
fn check_learned(sample: &[u32], want: (&[usize], usize, Option<f64>, f64)) {
    let found = learned(sample);
    assert_eq!(pace(sample).views, want.0);
    assert_eq!(found.forecasts, want.1);
    assert_eq!(found.excess.is_some(), want.2.is_some());
    near(found.excess.unwrap_or_default(), want.2.unwrap_or_default());
    near(found.step, want.3);
}

#[test]
fn views_and_steps_are_those_of_the_worked_examples() {
    check_learned(A, (&[3, 6, 12], 0, None, 0.0));
    check_learned(B, (&[3, 6, 12, 24, 48], 37, Some(0.296_942), 0.200_063));
    check_learned(&B[..40], (&[3, 6, 12, 24, 40], 17, None, 0.0));
    check_learned(&B[..26], (&[3, 6, 12, 24], 3, None, 0.0));
    check_learned(D, (&[6, 6, 12], 0, None, 0.0));
    check_learned(E, (&[3, 6, 12, 24, 48], 37, Some(0.0), 0.0));
}

#[test]
fn past_forecasts_miss_what_the_worked_examples_say() {
    let misses = PastMisses::of(&past(B));
    for (weeks, missed, allowed) in [
        (12, 0.064_092, 0.010_428),
        (20, 0.344_824, 0.010_168),
        (30, 0.962_114, 0.116_158),
        (40, 0.000_620, 0.073_839),
    ] {
        let miss = misses.after(weeks).unwrap();
        near(miss.missed, missed);
        near(miss.allowed, allowed);
    }
    assert_eq!((misses.after(11), misses.after(49)), (None, None));
}

#[test]
fn views_are_as_long_as_the_history_lets_them() {
    let of = |weeks: usize| views(&vec![1.0; weeks]);
    assert_eq!(of(2), [2]);
    assert_eq!(of(3), [3]);
    assert_eq!((of(4), of(5)), (vec![3, 4], vec![3, 5]));
    assert_eq!((of(6), of(7)), (vec![3, 6], vec![3, 6]));
    assert_eq!((of(8), of(11)), (vec![3, 6, 8], vec![3, 6, 11]));
    assert_eq!((of(14), of(15)), (vec![3, 6, 12], vec![3, 6, 12, 15]));
    assert_eq!((of(47), of(200)), (vec![3, 6, 12, 24, 47], vec![3, 6, 12, 24, 48]));
    let empty = |weeks: usize| [vec![1.0; 20], vec![0.0; weeks]].concat();
    assert_eq!(views(&empty(3)), [6, 6, 12, 23]);
    assert_eq!(views(&empty(14)), [24, 24, 24, 24, 34]);
}

/// A percentile and the share that it really has, in percent.
type Said = (usize, f64);

/// One with the share of a worked example, or its neighbour where the share lies within a point of
/// the level that was asked for.
#[track_caller]
fn check_said(level: f64, found: usize, share: impl Fn(usize) -> f64, want: Said) {
    let (value, percent) = want;
    let is_near = |value: usize| (100.0 * share(value) - 100.0 * level).abs() <= 1.0;
    let is_same =
        found == value || (found.abs_diff(value) == 1 && (is_near(found) || is_near(value)));
    assert!(is_same, "{found}, want {value} at {level}");
    let share = 100.0 * share(value);
    assert!((share - percent).abs() <= 1.0, "{value}: {share} %, want {percent} %");
}

const LEVELS: [f64; 3] = [0.5, 0.85, 0.95];
const TRIALS: Trials = Trials { count: 20_000, seed: 7, weights: Weights::Drawn };

#[track_caller]
fn check_amounts(sample: &[u32], weeks: u32, want: [Said; 3]) {
    let found = drawn_how_many(&steps(sample), weeks * 5, &pace(sample), &TRIALS);
    for (level, want) in LEVELS.into_iter().zip(want) {
        check_said(level, found.largest_reached(level), |amount| found.at_least(amount), want);
    }
}

/// `None` stands for more than 60 weeks.
#[track_caller]
fn check_weeks(sample: &[u32], remaining: u32, want: [Option<Said>; 3]) {
    let workload = Workload { steps: &steps(sample), remaining, days_max: 300 };
    let days = drawn_when(&workload, &pace(sample), &TRIALS);
    let share = |week: usize| days.at_most(5 * week);
    for (level, want) in LEVELS.into_iter().zip(want) {
        match want {
            None => assert!(share(60) < level),
            Some(want) => {
                let found = days.smallest_within(level).unwrap().div_ceil(5);
                check_said(level, found, share, want);
            }
        }
    }
}

#[test]
fn percentiles_are_those_of_the_worked_examples() {
    let all = |said: [Said; 3]| said.map(Some);
    check_amounts(A, 4, [(13, 55.4), (8, 86.4), (5, 95.2)]);
    check_amounts(A, 12, [(40, 50.1), (26, 86.7), (19, 95.8)]);
    check_weeks(A, 20, all([(6, 51.8), (10, 89.7), (13, 96.4)]));
    check_weeks(A, 40, all([(12, 50.1), (18, 86.5), (23, 95.3)]));
    check_amounts(B, 4, [(14, 51.7), (7, 90.5), (5, 97.6)]);
    check_amounts(B, 12, [(43, 51.1), (22, 85.9), (15, 95.9)]);
    check_weeks(B, 20, all([(6, 55.1), (11, 86.5), (16, 95.1)]));
    check_weeks(B, 40, all([(11, 50.1), (23, 85.3), (41, 95.1)]));
    let f = &B[..40];
    check_amounts(f, 4, [(28, 50.2), (17, 87.9), (13, 96.2)]);
    check_amounts(f, 12, [(77, 50.7), (56, 86.4), (48, 95.2)]);
    check_weeks(f, 20, all([(3, 55.9), (5, 91.6), (6, 97.2)]));
    check_weeks(f, 40, all([(6, 51.1), (9, 88.9), (11, 97.5)]));
    let c = &B[..26];
    check_amounts(c, 4, [(12, 54.6), (8, 86.2), (6, 96.0)]);
    check_amounts(c, 12, [(37, 50.9), (24, 85.6), (19, 95.1)]);
    check_weeks(c, 20, all([(7, 56.8), (10, 85.7), (13, 95.8)]));
    check_weeks(c, 40, all([(13, 51.0), (20, 85.5), (25, 95.0)]));
    check_amounts(D, 4, [(3, 61.9), (0, 100.0), (0, 100.0)]);
    check_amounts(D, 12, [(10, 53.8), (3, 88.0), (1, 95.1)]);
    check_weeks(D, 20, [Some((22, 50.2)), None, None]);
    check_weeks(D, 40, [Some((44, 50.4)), None, None]);
    check_amounts(E, 4, [(20, 100.0); 3]);
    check_amounts(E, 12, [(60, 100.0); 3]);
    check_weeks(E, 20, all([(4, 100.0); 3]));
    check_weeks(E, 40, all([(8, 100.0); 3]));
}

/// Histories of weeks with one to six working days.
fn history() -> impl Strategy<Value = Vec<Step>> {
    let step = (0_u32..9, -2_i32..4, 1_u32..7);
    proptest::collection::vec(step, 3..60).prop_map(|steps| {
        steps.into_iter().map(|(done, arrived, days)| Step { done, arrived, days }).collect()
    })
}

fn moving(steps: &[Step], step: f64) -> PaceModel {
    let done: Vec<f64> = steps.iter().map(|step| f64::from(step.done)).collect();
    PaceModel::of(&done, step)
}

#[test]
fn done_in_time_and_enough_done_are_one_event() {
    let case = (history(), 1_u32..90, 1_u32..160, 0.0..0.3);
    for_each(60, &case, |(mut steps, remaining, days, step)| {
        steps.iter_mut().for_each(|step| step.arrived = 0);
        let pace = moving(&steps, step).with_focus(0.7);
        let trials = Trials { count: 500, seed: 5, weights: Weights::Drawn };
        let workload = Workload { steps: &steps, remaining, days_max: 2_000 };
        let in_time = drawn_when(&workload, &pace, &trials).at_most(days as usize);
        let enough = drawn_how_many(&steps, days, &pace, &trials).at_least(remaining as usize);
        assert!((in_time - enough).abs() < 1e-12, "{in_time} and {enough}");
    });
}

/// Giving up early is no answer of its own: with so many more days that nothing is given up, the
/// chances of the first days are the same.
#[test]
fn futures_that_are_given_up_would_not_have_finished() {
    for_each(60, &(history(), 1_u32..300, 0.0..0.3), |(steps, remaining, step)| {
        let pace = moving(&steps, if step < 0.1 { 0.0 } else { step });
        let trials = Trials { count: 300, seed: 3, weights: Weights::Drawn };
        let within =
            |days_max| drawn_when(&Workload { steps: &steps, remaining, days_max }, &pace, &trials);
        let (short, long) = (within(200), within(2_000));
        for day in 0..=200 {
            assert_eq!(short.at_most(day), long.at_most(day), "day {day}");
        }
    });
}

/// Halves on two threads, or one after the other on one.
#[test]
fn two_threads_count_what_one_does() {
    let workload = Workload { steps: &steps(B), remaining: 60, days_max: 1_300 };
    let of = |count, seed| drawn_when(&workload, &pace(B), &Trials { count, seed, ..TRIALS });
    // The first 3 999 trials run on one thread; of 4 000 half run on each of two.
    let (one, two) = (of(3_999, 1), of(4_000, 1));
    for day in 0..=1_300 {
        let difference = two.at_most(day) * 4_000.0 - one.at_most(day) * 3_999.0;
        let is_one_more = difference.abs() < 1e-6 || (difference - 1.0).abs() < 1e-6;
        assert!(is_one_more, "day {day}: {difference}");
    }
}

/// On every machine and in every build; two views of ours, that of a debug and of a release build,
/// agree with it.
#[test]
fn answers_are_the_same_to_the_digit() {
    let workload = Workload { steps: &steps(B), remaining: 100, days_max: 1_300 };
    let found = drawn_when(&workload, &pace(B), &TRIALS);
    let hash = (0..found.len()).fold(InputHash::new(), |hash, day| {
        hash.with((found.at_most(day) * 20_000.0).round() as u64)
    });
    assert_eq!(
        (found.smallest_within(0.85), hash.value()),
        (Some(374), 10_079_578_522_825_248_149)
    );
}
