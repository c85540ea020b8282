//! How long the weekly table of generated issues takes, next to only sorting the same events.
//!
//! `cargo bench -p metrics`; the names end in the number of issues, so that growth can be read off.
#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use metrics::{AsOf, Doubts, IssueHistory, Items, Span, Summary, Unit, Workflow};
use metrics::{data_notes, weekly_table};
use model::{IssueFacts, Json, Points, Remedy, Settings, TimeZone, Timestamp, Transition};

/// 2024-01-01, and two years of seconds.
const FIRST_SECOND: usize = 1_704_067_200;
const SECONDS: usize = 2 * 365 * 86_400;
const PATH: [&str; 6] = ["Open", "In Progress", "Review", "Resolved", "Reopened", "Closed"];

fn at(second: usize) -> Timestamp {
    Timestamp::from_second(second as i64).unwrap()
}

/// An issue with up to five status changes; the same for the same number.
fn history(number: usize) -> IssueHistory {
    // Steps of primes spread the values without a generator of random numbers.
    let created = FIRST_SECOND + number * 7_919_993 % SECONDS;
    let steps = if number.is_multiple_of(8) { 2 } else { 5 };
    let status = |step: usize| PATH.get(step).map(|name| Arc::from(*name));
    let transition = |step: usize| Transition {
        at: at(created + step * (50_000 + number * 104_729 % 900_000)),
        from: status(step - 1),
        to: status(step),
    };
    let facts = IssueFacts {
        key: format!("BENCH-{number}"),
        project: Some("BENCH".into()),
        issue_type: Some("Task".into()),
        status: status(steps),
        created: Some(at(created)),
        points: Points::Known((number % 16) as f64 / 2.0),
        ..IssueFacts::default()
    };
    IssueHistory { facts, transitions: Some((1..=steps).map(transition).collect()) }
}

fn workflow() -> Workflow {
    let lists = r#"{"flow_end_statuses":["Resolved","Closed"],"flow_start_statuses":["In Progress"],
        "wip_statuses":["In Progress","Review"],"development_projects":["BENCH"],"parent_issue_types":["Epic"]}"#;
    let group = Json::parse(lists).ok();
    let settings = Settings { project_classification: group, ..Settings::default() };
    Workflow::of(&model::ProfileSettings::read(&settings))
}

fn sort_events(histories: &[IssueHistory]) -> Vec<Timestamp> {
    let times = histories.iter().flat_map(|history| {
        let changes = history.transitions.iter().flatten().map(|transition| transition.at);
        changes.chain(history.facts.created)
    });
    let mut times: Vec<Timestamp> = times.collect();
    times.sort();
    times
}

fn weekly(c: &mut Criterion) {
    let workflow = workflow();
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let as_of = AsOf::moment(at(FIRST_SECOND + SECONDS), zone);
    for count in [1_000, 10_000, 100_000] {
        let histories: Vec<IssueHistory> = (0..count).map(history).collect();
        c.bench_function(&format!("baseline_sort_events/{count}"), |b| {
            b.iter(|| sort_events(black_box(&histories)));
        });
        c.bench_function(&format!("weekly_table/{count}"), |b| {
            b.iter(|| {
                weekly_table(
                    &Items::read(black_box(&histories), &workflow, &as_of, Remedy::SyncNow),
                    None,
                )
            });
        });
        let items = Items::read(&histories, &workflow, &as_of, Remedy::SyncNow);
        let table = weekly_table(&items, None);
        c.bench_function(&format!("summary/{count}"), |b| {
            b.iter(|| Summary::of(black_box(&items), &table, Span::Last(12), Unit::Items));
        });
        c.bench_function(&format!("data_notes/{count}"), |b| {
            b.iter(|| data_notes(black_box(&items), &table, &Doubts::default()));
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = weekly
}
criterion_main!(benches);
