//! The exact engine against published figures of the plain resampling model.

use forecast::{Chance, Distribution, Step, Workload, exact_how_many, exact_when, when_of_chances};

const A0: [u32; 31] =
    [2, 0, 0, 5, 1, 3, 2, 4, 0, 0, 1, 1, 2, 4, 0, 0, 0, 1, 0, 1, 2, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0];
const A1: [u32; 30] =
    [2, 2, 5, 1, 0, 1, 4, 0, 2, 2, 0, 1, 5, 2, 1, 4, 0, 1, 0, 0, 2, 3, 1, 0, 1, 0, 1, 1, 2, 0];
const A2: [u32; 30] =
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0];
const WEEKLY: [u32; 17] = [1, 5, 11, 7, 7, 16, 9, 11, 10, 6, 7, 12, 6, 8, 8, 8, 9];
const PERCENTS: [f64; 4] = [0.5, 0.7, 0.85, 0.95];

fn steps(sample: &[u32]) -> Vec<Step> {
    sample.iter().map(|done| Step::day(*done)).collect()
}

fn when(sample: &[u32], remaining: u32) -> Distribution {
    exact_when(&Workload { steps: &steps(sample), remaining, days_max: 2_000 })
}

/// `shares` may be fewer than the values; they are rounded to their digits.
#[track_caller]
fn check(
    values: [usize; 4],
    want: [usize; 4],
    share: impl Fn(usize) -> f64,
    shares: &[f64],
    digits: f64,
) {
    assert_eq!(values, want);
    for (value, want) in values.into_iter().zip(shares) {
        let got = share(value);
        assert!((got - want).abs() <= 0.5 * digits + 1e-9, "{value}: {got}, want {want}");
    }
}

#[track_caller]
fn check_how_many(sample: &[u32], days: u32, want: [usize; 4], shares: &[f64], digits: f64) {
    let found = exact_how_many(&steps(sample), days);
    let values = PERCENTS.map(|chance| found.largest_reached(chance));
    check(values, want, |value| found.at_least(value), shares, digits);
}

#[track_caller]
fn check_when(sample: &[u32], remaining: u32, want: [usize; 4], shares: &[f64], digits: f64) {
    let found = when(sample, remaining);
    let values = PERCENTS.map(|chance| found.smallest_within(chance).unwrap());
    check(values, want, |value| found.at_most(value), shares, digits);
}

#[track_caller]
fn check_masses(found: &Distribution, first: usize, want: &[f64], digits: f64) {
    for (value, want) in (first..).zip(want) {
        let got = found.exactly(value);
        assert!((got - want).abs() <= 0.5 * digits + 1e-9, "{value}: {got}, want {want}");
    }
}

#[test]
fn how_many_in_so_many_days() {
    check_how_many(&A0, 10, [10, 8, 6, 4], &[0.5456, 0.7235, 0.8684, 0.9575], 1e-4);
    check_how_many(&A0, 30, [31, 27, 23, 19], &[0.5082, 0.7127, 0.8710, 0.9589], 1e-4);
    check_how_many(&A1, 15, [22, 19, 16, 13], &[0.5169, 0.7217, 0.8787, 0.9638], 1e-4);
    check_how_many(&A2, 15, [4, 1, 0, 0], &[0.6453, 0.7941], 1e-4);
    let masses = [0.2059, 0.1144, 0.0297, 0.0048, 0.2293, 0.1187, 0.0286, 0.0042, 0.1191];
    check_masses(&exact_how_many(&steps(&A2), 15), 0, &masses, 1e-4);
}

#[test]
fn when_so_many_are_done() {
    check_when(&A0, 28, [27, 31, 35, 41], &[0.5032, 0.7109, 0.8556, 0.9604], 1e-4);
    check_when(&A0, 35, [34, 38, 43, 49], &[0.5141, 0.7012, 0.8642, 0.9584], 1e-4);
    check_when(&A2, 25, [84, 101, 120, 145], &[0.5089, 0.7039, 0.8528, 0.9507], 1e-4);
    assert!((when(&A0, 28).at_most(30) - 0.664_05).abs() < 1e-5);
}

#[test]
fn weeks() {
    check_how_many(&WEEKLY, 4, [33, 30, 27, 23], &[], 1.0);
    check_how_many(&WEEKLY, 6, [50, 46, 42, 37], &[], 1.0);
    check_how_many(&WEEKLY, 12, [99, 94, 88, 82], &[], 1.0);
    check_when(&WEEKLY, 50, [6, 7, 8, 8], &[], 1.0);
    check_when(&WEEKLY, 100, [13, 13, 14, 15], &[], 1.0);
}

#[test]
fn coins() {
    let shares = [0.623_047, 0.828_125, 0.945_313, 0.989_258];
    check_how_many(&[0, 1], 10, [5, 4, 3, 2], &shares, 1e-6);
    check_when(&[0, 1], 5, [9, 11, 13, 16], &[0.5, 0.725_586, 0.866_577, 0.961_594], 1e-6);
}

#[test]
fn four_faces() {
    let found = exact_how_many(&steps(&[0, 0, 1, 3]), 5);
    let counts = [32, 80, 80, 120, 170, 121, 120, 125, 60, 50, 40, 10, 10, 5, 0, 1].map(f64::from);
    check_masses(&found, 0, &counts.map(|count| count / 1024.0), 1e-12);
    let found = when(&[0, 0, 1, 3], 4);
    let want = [0.0, 0.1875, 0.390_625, 0.5625, 0.695_312_5, 0.792_968_75, 0.862_304_687_5];
    for (day, want) in (1..).zip(want.into_iter().chain([0.910_156_25])) {
        assert!((found.at_most(day) - want).abs() < 1e-10, "day {day}");
    }
}

/// Done 0, 1 or 2, each as likely; one arrives with chance ¼, but none once the work is done.
#[test]
fn net_flow() {
    let flows = (0..3).flat_map(|done| [(done, 0, 0.25), (done, 1, 1.0 / 12.0)]);
    let chances: Vec<Chance> = flows
        .map(|(done, arrived, share)| Chance { step: Step { done, arrived, days: 1 }, share })
        .collect();
    let found = when_of_chances(&chances, 6, 2_000);
    let want = [0.020_833, 0.107_639, 0.239_889, 0.385_178, 0.521_109, 0.637_062];
    for (day, want) in (3..).zip(want) {
        assert!((found.at_most(day) - want).abs() < 1e-6, "day {day}: {}", found.at_most(day));
    }
    let days = [0.5, 0.7, 0.85, 0.95].map(|chance| found.smallest_within(chance).unwrap());
    assert_eq!(days, [7, 9, 11, 15]);
}
