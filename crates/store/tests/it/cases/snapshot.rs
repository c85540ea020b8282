//! What the contract says about snapshots.

use model::{Snapshot, Week};
use store::Error;

use crate::backends::{Place, on_every_backend};
use crate::sample::*;

on_every_backend!(
    the_newest_come_first,
    ranges_are_oldest_first,
    put_replaces_by_week_and_metric,
    values_and_forecasts_keep_odd_json,
    removal_counts,
    writes_need_their_query_and_a_metric,
);

const ROWS: [(&str, &str); 6] = [
    ("2025-W52", "flow_time"),
    ("2026-W01", "flow_time"),
    ("2026-W01", "dora_mttr"),
    ("2020-W53", "flow_time"),
    ("2026-W02", "Größe \"x\""),
    ("1969-W01", "flow_time"),
];

fn names(snapshots: &[Snapshot]) -> Vec<(String, &str)> {
    snapshots.iter().map(|row| (row.week.to_string(), row.metric.as_str())).collect()
}

#[track_caller]
fn check(snapshots: &[Snapshot], want: &[(&str, &str)]) {
    let want: Vec<_> = want.iter().map(|(week, metric)| ((*week).to_owned(), *metric)).collect();
    assert_eq!(names(snapshots), want);
}

fn the_newest_come_first(place: &Place) {
    let (store, key) = workspace(place);
    assert_eq!(store.read().unwrap().snapshots(&key, 9).unwrap(), []);
    put(&*store, |writer| {
        writer.put_snapshots(&key, &ROWS.map(|(week, metric)| snapshot(week, metric, "1")))
    });
    let newest_first = [
        ("2026-W02", "Größe \"x\""),
        ("2026-W01", "dora_mttr"),
        ("2026-W01", "flow_time"),
        ("2025-W52", "flow_time"),
        ("2020-W53", "flow_time"),
        ("1969-W01", "flow_time"),
    ];
    let reader = store.read().unwrap();
    for limit in [0, 1, 2, 5, 6, 100, usize::MAX] {
        let count = limit.min(newest_first.len());
        check(&reader.snapshots(&key, limit).unwrap(), &newest_first[..count]);
    }
}

fn ranges_are_oldest_first(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| {
        writer.put_snapshots(&key, &ROWS.map(|(week, metric)| snapshot(week, metric, "1")))
    });
    let reader = store.read().unwrap();
    let between = |from: Week, to: Week| reader.snapshots_between(&key, from..=to).unwrap();
    let turn = [("2025-W52", "flow_time"), ("2026-W01", "dora_mttr"), ("2026-W01", "flow_time")];
    check(&between(week("2025-W52"), week("2026-W01")), &turn);
    check(&between(week("2026-W01"), week("2025-W52")), &[]);
    check(&between(week("2021-W01"), week("2025-W51")), &[]);
    let all = between(Week::from_number(i32::MIN), Week::from_number(i32::MAX));
    assert_eq!(all.len(), ROWS.len());
}

fn put_replaces_by_week_and_metric(place: &Place) {
    let (store, key) = workspace(place);
    let forecast = Some(json(r#"{"forecast_value":3}"#));
    let first = Snapshot { forecast, ..snapshot("2025-W44", "flow_time", "1") };
    put(&*store, |writer| writer.put_snapshots(&key, std::slice::from_ref(&first)));
    assert_eq!(store.read().unwrap().snapshots(&key, 9).unwrap(), [first]);
    let twins = [snapshot("2025-W44", "flow_time", "2"), snapshot("2025-W44", "flow_time", "3")];
    put(&*store, |writer| writer.put_snapshots(&key, &twins));
    assert_eq!(store.read().unwrap().snapshots(&key, 9).unwrap(), twins[1..]);
}

fn values_and_forecasts_keep_odd_json(place: &Place) {
    let (store, key) = workspace(place);
    let odd: Vec<Snapshot> = ODD_JSON
        .into_iter()
        .enumerate()
        .flat_map(|(number, text)| {
            let row = |forecast: Option<&str>, metric: String| Snapshot {
                week: week("2025-W44"),
                metric,
                metrics: json(text),
                forecast: forecast.map(json),
            };
            [
                row(None, format!("{number:02} none")),
                row(Some("null"), format!("{number:02} null")),
                row(Some(text), format!("{number:02} odd")),
            ]
        })
        .collect();
    put(&*store, |writer| writer.put_snapshots(&key, &odd));
    let mut by_metric = odd;
    by_metric.sort_by(|a, b| a.metric.cmp(&b.metric));
    assert_eq!(place.open().read().unwrap().snapshots(&key, 999).unwrap(), by_metric);
}

fn removal_counts(place: &Place) {
    let (store, key) = workspace(place);
    put(&*store, |writer| {
        writer.put_snapshots(&key, &ROWS.map(|(week, metric)| snapshot(week, metric, "1")))
    });
    let remove = |from: &str, to: &str| {
        store.transact(|writer| writer.remove_snapshots(&key, week(from)..=week(to))).unwrap()
    };
    assert_eq!(remove("2025-W52", "2026-W01"), 3);
    assert_eq!(remove("2025-W52", "2026-W01"), 0);
    assert_eq!(store.read().unwrap().snapshots(&key, 9).unwrap().len(), 3);
}

fn writes_need_their_query_and_a_metric(place: &Place) {
    let (store, key_of_q) = workspace(place);
    for missing in [key("p", "none"), key("nobody", "q")] {
        let row = snapshot("2025-W44", "flow_time", "1");
        let refused = store.transact(|writer| writer.put_snapshots(&missing, &[row]));
        assert!(matches!(refused, Err(Error::QueryNotFound(key)) if key == missing));
    }
    let row = snapshot("2025-W44", "", "1");
    let refused = store.transact(|writer| writer.put_snapshots(&key_of_q, &[row]));
    assert!(matches!(refused, Err(Error::Invalid { .. })));
}
