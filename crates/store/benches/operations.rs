//! What every operation of the contract takes in both embedded backends, as one table.
//!
//! `cargo bench -p store --bench operations -- 100 1000 10000`; the numbers are those of issues, each with
//! its changelog. Writing is durable; the least of several runs counts.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]

mod generated;

use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use model::access_key::Role;
use model::delivery::Rule;
use model::{
    AccessKey, CacheHeader, CacheKind, Changelog, Delivery, DeliveryKey, DeliveryState, Issue,
    Json, Object, ProfileId, ProjectData, Status, SyncRecord, TaskProgress, TaskStatus, Timestamp,
    Week,
};
use store::{Address, Reader, Record, Result, Store, Writer};
use tempfile::TempDir;

use generated::{changelogs, issues, key, key_of, put_queries, snapshots};

const SIZES: [usize; 3] = [100, 1_000, 10_000];
/// How many issues are asked for or written at once.
const SOME: usize = 100;
/// An operation is done until this is over, what prepares it included, at least once and at most so often.
const BUDGET: Duration = Duration::from_millis(500);
const RUNS_MAX: usize = 30;

type Reading = fn(&dyn Reader, &Data) -> Result<()>;
type Writing = fn(&mut dyn Writer, &Data) -> Result<()>;
type Keeping = fn(&dyn Store) -> Result<()>;

/// What operations are asked about.
struct Data {
    profile: ProfileId,
    delivery: Delivery,
    issues: Vec<Issue>,
    changelogs: Vec<Changelog>,
    keys: Vec<String>,
    access_key: AccessKey,
    statuses: Vec<Status>,
    task: TaskProgress,
    header: CacheHeader,
}

impl Data {
    fn new(count: usize) -> Data {
        let made_at = Timestamp::UNIX_EPOCH;
        Data {
            profile: ProfileId::new("p").unwrap(),
            delivery: Delivery {
                key: DeliveryKey::parse("p", "d").unwrap(),
                name: "Release".to_owned(),
                rule: Rule::All,
                target: None,
                place: 0,
                state: DeliveryState::Running,
                split: None,
                queries: Vec::new(),
                created_at: made_at,
                record: Vec::new(),
                extra: Object::new(),
            },
            issues: issues(count),
            changelogs: changelogs(count),
            keys: (0..SOME.min(count)).map(key_of).collect(),
            access_key: AccessKey {
                id: "a1".to_owned(),
                name: "one".to_owned(),
                role: Role::View,
                hash: "00ff".to_owned(),
                made_at,
                used_at: None,
            },
            statuses: vec![Status {
                id: "1".to_owned(),
                name: "Open".to_owned(),
                untranslated_name: None,
                category: None,
                project: None,
                order: None,
                seen_last: None,
                is_gone: false,
            }],
            task: TaskProgress {
                id: "t".to_owned(),
                status: TaskStatus::Running,
                percent: 40,
                message: "Fetching issues".to_owned(),
                started_at: made_at,
                updated_at: made_at,
            },
            header: CacheHeader::default(),
        }
    }

    fn some(&self) -> Vec<&str> {
        self.keys.iter().map(String::as_str).collect()
    }

    fn some_issues(&self) -> &[Issue] {
        &self.issues[..self.keys.len()]
    }

    fn some_changelogs(&self) -> &[Changelog] {
        &self.changelogs[..self.keys.len()]
    }
}

/// Reads what an operation gives.
macro_rules! read {
    ($($name:ident($($argument:expr),*) with $data:ident;)*) => {
        [$((stringify!($name), (|reader: &dyn Reader, $data: &Data| {
            let _ = $data;
            std::hint::black_box(reader.$name($($argument),*)?);
            Ok(())
        }) as Reading)),*]
    };
}

/// Does an operation in a transaction of its own.
macro_rules! write {
    ($($name:ident($($argument:expr),*) with $data:ident;)*) => {
        [$((stringify!($name), (|writer: &mut dyn Writer, $data: &Data| {
            let _ = $data;
            std::hint::black_box(writer.$name($($argument),*)?);
            Ok(())
        }) as Writing)),*]
    };
}

/// Looks after the store.
macro_rules! keep {
    ($($name:ident($($argument:expr),*);)*) => {
        [$((stringify!($name), (|store: &dyn Store| {
            std::hint::black_box(store.$name($($argument),*)?);
            Ok(())
        }) as Keeping)),*]
    };
}

/// The weeks of all snapshots.
fn weeks() -> RangeInclusive<Week> {
    Week::from_number(2900)..=Week::from_number(2960)
}

fn reads() -> Vec<(&'static str, Reading)> {
    read! {
        access_keys() with _data;
        now() with _data;
        profile(&data.profile) with data;
        profiles() with _data;
        query(&key()) with _data;
        queries(&data.profile) with data;
        delivery(&data.delivery.key) with data;
        deliveries(&data.profile) with data;
        header(&key(), CacheKind::Issues) with _data;
        issue(&key(), &data.keys[0]) with data;
        issues(&key(), &data.some()) with data;
        issue_count(&key()) with _data;
        each_issue(&key(), &mut |_| Ok(())) with _data;
        each_issue_facts(&key(), &mut |_| Ok(())) with _data;
        changelog(&key(), &data.keys[0]) with data;
        changelog_count(&key()) with _data;
        each_changelog(&key(), &mut |_| Ok(())) with _data;
        each_changelog_facts(&key(), &mut |_, _| Ok(())) with _data;
        each_membership(&key(), &mut |_, _| Ok(())) with _data;
        each_membership_change(&key(), &mut |_, _| Ok(())) with _data;
        project_data(&key()) with _data;
        snapshots(&key(), SOME) with _data;
        snapshots_between(&key(), weeks()) with _data;
        state("active_profile_id") with _data;
        states() with _data;
        statuses(&data.profile) with data;
        syncs(&key(), SOME) with _data;
        task("t") with _data;
        tasks() with _data;
        revision() with _data;
        revision_of(Record::Query(&key())) with _data;
    }
    .to_vec()
}

/// What is removed is there before: a removal stands behind what puts it.
fn writes() -> Vec<(&'static str, Writing)> {
    write! {
        put_access_key(&data.access_key) with data;
        remove_access_key("a1") with _data;
        touch_profile(&data.profile, Timestamp::UNIX_EPOCH) with data;
        rename_profile(&data.profile, "p") with data;
        touch_query(&key(), Timestamp::UNIX_EPOCH) with _data;
        put_delivery(&data.delivery) with data;
        remove_delivery(&data.delivery.key) with data;
        put_header(&key(), CacheKind::Issues, &data.header) with data;
        mark_left(&key(), &[(data.keys[0].as_str(), Timestamp::UNIX_EPOCH)]) with data;
        put_project_data(&key(), &ProjectData::default()) with _data;
        remove_project_data(&key()) with _data;
        put_snapshots(&key(), &snapshots()) with _data;
        remove_snapshots(&key(), weeks()) with _data;
        put_state("greeting", "hello") with _data;
        remove_state("greeting") with _data;
        put_statuses(&data.profile, &data.statuses) with data;
        add_sync(&key(), &SyncRecord::default()) with _data;
        put_task(&data.task) with data;
        remove_task("t") with _data;
        put_issues(&key(), data.some_issues()) with data;
        remove_issues_of(&key(), &data.some()) with data;
        put_changelogs(&key(), data.some_changelogs()) with data;
        remove_changelogs_of(&key(), &data.some()) with data;
        replace_issues(&key(), &data.header, &mut data.issues.iter().cloned()) with data;
        replace_changelogs(&key(), &data.header, &mut data.changelogs.iter().cloned()) with data;
        remove_issues(&key()) with _data;
        remove_changelogs(&key()) with _data;
        remove_query(&key()) with _data;
        remove_profile(&data.profile) with data;
    }
    .to_vec()
}

fn keeping() -> Vec<(&'static str, Keeping)> {
    keep! {
        schema_version();
        size_bytes();
        check_place();
        look_for_damage();
        check_integrity();
        cleanup(Timestamp::UNIX_EPOCH);
        compact_if_loose();
        compact();
    }
    .to_vec()
}

/// The least time of several runs, each after what prepares it; `None` if this backend does not do it.
fn least(mut prepare: impl FnMut(), mut run: impl FnMut() -> Result<()>) -> Option<Duration> {
    let (mut best, first) = (Duration::MAX, Instant::now());
    for _ in 0..RUNS_MAX {
        prepare();
        let begun = Instant::now();
        run().ok()?;
        best = best.min(begun.elapsed());
        if first.elapsed() > BUDGET {
            break;
        }
    }
    Some(best)
}

fn fill(store: &dyn Store, data: &Data) {
    let put = |writer: &mut dyn Writer| {
        put_queries(writer, 1)?;
        writer.put_state("active_profile_id", "p")?;
        writer.replace_issues(&key(), &data.header, &mut data.issues.iter().cloned())?;
        writer.replace_changelogs(&key(), &data.header, &mut data.changelogs.iter().cloned())?;
        writer.put_snapshots(&key(), &snapshots())?;
        writer.put_project_data(
            &key(),
            &ProjectData {
                statistics: Some(
                    Json::parse(r#"[{"date":"2025-06-02","completed_items":3}]"#).unwrap(),
                ),
                ..ProjectData::default()
            },
        )
    };
    store.transact(put).unwrap();
    // Not all that one backend holds has a place in the other.
    let _ = store.transact(|writer| writer.put_delivery(&data.delivery));
    let _ = store.transact(|writer| writer.put_access_key(&data.access_key));
    let _ = store.transact(|writer| writer.put_task(&data.task));
}

/// All operations of a backend in their order, with their times.
fn measure(address: &Address, data: &Data) -> Vec<(&'static str, Option<Duration>)> {
    let store = address.open().unwrap();
    let store = &*store;
    fill(store, data);
    let reading = |run: Reading| least(|| (), || run(&*store.read()?, data));
    let mut found: Vec<_> = reads().into_iter().map(|(name, run)| (name, reading(run))).collect();
    found.extend(keeping().into_iter().map(|(name, run)| (name, least(|| (), || run(store)))));
    for (name, run) in writes() {
        let prepare = || {
            if name.starts_with("remove_") {
                fill(store, data);
            }
        };
        found.push((name, least(prepare, || store.transact(|writer| run(writer, data)))));
    }
    found
}

fn main() {
    let asked = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let asked: Vec<usize> = asked.collect();
    for count in if asked.is_empty() { SIZES.to_vec() } else { asked } {
        let folder = TempDir::new().unwrap();
        let data = Data::new(count);
        let sqlite = measure(&Address::Sqlite(folder.path().join("bench.sqlite")), &data);
        let json = measure(&Address::Json(folder.path().join("profiles")), &data);
        println!(
            "\n{count} issues\n\n| operation | SQLite | JSON | JSON ÷ SQLite |\n|---|---|---|---|"
        );
        for ((name, sqlite), (_, json)) in sqlite.into_iter().zip(json) {
            let told = |time: Option<Duration>| {
                time.map_or("–".to_owned(), |time| format!("{:.1} µs", time.as_secs_f64() * 1e6))
            };
            let ratio =
                sqlite.zip(json).map(|(sqlite, json)| json.as_secs_f64() / sqlite.as_secs_f64());
            let ratio = ratio.map_or("–".to_owned(), |ratio| format!("{ratio:.1}"));
            println!("| `{name}` | {} | {} | {ratio} |", told(sqlite), told(json));
        }
    }
}
