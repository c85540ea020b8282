//! Backtest and track record: whether past forecasts came true.

use forecast::{
    Assumptions, ForecastRecord, Model, Progress, Question, RecordedPercentile, Verdict, backtest,
    score,
};
use metrics::{Measured, Unit};
use rand_core::Rng;
use rand_pcg::Pcg32;

use crate::sketch::{ask, date, done};

/// Numbers from 0 to 12 that look random; the same on every run.
fn weeks(count: u64) -> Vec<i64> {
    let mut random = Pcg32::new(1, 1);
    (0..count).map(|_| i64::from(random.next_u32() % 13)).collect()
}

fn verdicts(weeks: &[i64], assumptions: &Assumptions) -> (usize, Vec<Verdict>) {
    let found = backtest(&done(weeks), assumptions, 0.0, 4);
    let found = found.known().unwrap();
    let verdicts = found.hit_rates.iter().map(|rate| rate.verdict).collect();
    (found.windows.len(), verdicts)
}

#[test]
fn a_backtest_judges_by_what_it_said() {
    for model in [Model::Bootstrap, Model::Exact] {
        let base = Assumptions { model, ..Assumptions::default() };
        assert_eq!(verdicts(&weeks(212), &base), (50, vec![Verdict::Holds; 4]));
        assert_eq!(verdicts(&weeks(88), &base), (19, vec![Verdict::TooFew; 4]));
        // A team that gets slower every quarter does less than its past promises.
        let slower: Vec<i64> = (0..212).map(|week| 1_000 - week / 12 * 50).collect();
        assert_eq!(verdicts(&slower, &base), (50, vec![Verdict::TooOptimistic; 4]));
    }
}

#[test]
fn a_backtest_knows_only_the_past() {
    let mut history = weeks(40);
    let before = backtest(&done(&history), &Assumptions::default(), 0.0, 4);
    let first = |found: &Measured<forecast::Backtest>| found.known().unwrap().windows[0].clone();
    assert_eq!(first(&before).first.to_string(), "2026-W14");
    // What comes after a window changes nothing about what was said of it, nor its outcome.
    history.iter_mut().skip(16).for_each(|done| *done = 100);
    let after = backtest(&done(&history), &Assumptions::default(), 0.0, 4);
    assert_eq!(first(&after), first(&before));
}

#[test]
fn a_sure_forecast_is_at_no_distance() {
    let found = backtest(&done(&[5; 40]), &Assumptions::default(), 0.0, 4);
    let found = found.known().unwrap();
    assert_eq!((found.crps, found.crps_of_mean, found.windows.len()), (0.0, 0.0, 7));
    assert!(found.windows.iter().all(|window| window.done == 20.0));
    // One who knows the spread is nearer than one who says the mean.
    let found = backtest(&done(&weeks(212)), &Assumptions::default(), 0.0, 4);
    let found = found.known().unwrap();
    assert!(found.crps < found.crps_of_mean, "{} {}", found.crps, found.crps_of_mean);
    let Measured::Unavailable { reason, .. } =
        backtest(&done(&[5; 15]), &Assumptions::default(), 0.0, 4)
    else {
        panic!()
    };
    assert_eq!(
        words::reason(&reason),
        "No past forecast can be made: that takes 16 complete weeks."
    );
}

#[test]
fn a_record_keeps_what_was_said() {
    let found =
        ask(&done(&[5; 12]), 12.0, "2026-03-29", &Assumptions::default(), &Question::default());
    let record = found.record().unwrap();
    assert_eq!((record.remaining, record.grows, record.unit), (12.0, false, Unit::Items));
    let dates: Vec<_> = record.percentiles.iter().map(|said| said.date.unwrap()).collect();
    assert_eq!(dates, [date("2026-04-14"); 4]);
    let text = serde_json::to_string(&record).unwrap();
    assert_eq!(serde_json::from_str::<ForecastRecord>(&text).unwrap(), record);
}

/// A forecast of 10 items with 85 % on that day.
fn record(made_on: &str, day: &str, grows: bool) -> ForecastRecord {
    let said = RecordedPercentile { percent: 85, date: Some(date(day)), share: Some(0.9) };
    ForecastRecord {
        made_on: date(made_on),
        input_hash: "0".to_owned(),
        model: Model::Bootstrap,
        unit: Unit::Items,
        remaining: 10.0,
        grows,
        percentiles: vec![said],
    }
}

/// 5 done and 3 arrived every Sunday of 2026 up to June.
fn progress() -> Vec<Progress> {
    let first = date("2026-01-04");
    let week = |n: i64| first.checked_add(std::time::Duration::from_hours(n as u64 * 168)).unwrap();
    (0..26).map(|n| Progress { date: week(n), done: 5.0, arrived: 3.0 }).collect()
}

#[track_caller]
fn check_score(record: ForecastRecord, as_of: &str, finished: Option<&str>, held: Option<bool>) {
    let found = score(&[record], &progress(), date(as_of));
    assert_eq!(found.forecasts[0].finished_on, finished.map(date));
    assert_eq!(found.forecasts[0].held, [held]);
}

#[test]
fn records_are_scored_when_due() {
    let (monday, sunday) = ("2026-01-05", Some("2026-01-18"));
    check_score(record(monday, "2026-01-18", false), "2026-02-01", sunday, Some(true));
    check_score(record(monday, "2026-01-17", false), "2026-02-01", sunday, Some(false));
    check_score(record(monday, "2026-02-02", false), "2026-02-01", sunday, None);
    check_score(record(monday, "2026-01-18", false), "2026-01-18", sunday, None);
    check_score(record(monday, "2026-01-12", false), "2026-01-14", None, Some(false));
    // 10 − 5 + 3 − 5 + 3 − 5 + 3 = 4: the fourth Sunday ends what grows.
    let grown = Some("2026-02-01");
    check_score(record(monday, "2026-02-01", true), "2026-03-01", grown, Some(true));
}

#[test]
fn overlapping_records_count_once() {
    let records = ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"].map(|made_on| {
        let due = if made_on < "2026-01-19" { "2026-01-19" } else { "2026-02-09" };
        record(made_on, due, false)
    });
    let found = score(&records, &progress(), date("2026-06-01"));
    let rate = found.hit_rates.iter().find(|rate| rate.percent == 85).unwrap();
    // The second one lies within the first, and the fourth within the third.
    assert_eq!((rate.forecasts, rate.hits, rate.expected), (2, 2, 1.8));
    assert_eq!(found.forecasts.len(), 4);
}
