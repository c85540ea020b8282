//! How fast the SQLite backend is on generated issues, beside the limits it was given.
//!
//! `cargo bench -p store`; the names end in the number of records, so that growth can be read off.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod generated;
#[path = "../tests/it/old_schema.rs"]
mod old_schema;

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use model::{CacheHeader, Changelog, Issue, ProfileId, Timestamp};
use store::{Address, Result, Store, Writer};
use tempfile::TempDir;

use generated::{changelogs, issues, key, key_of, put_queries, snapshots};

/// A database with that many issues and changelogs in the first of 100 queries.
struct Filled {
    _folder: TempDir,
    path: PathBuf,
}

impl Filled {
    fn new(count: usize) -> Filled {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("bench.sqlite");
        let store = Address::Sqlite(path.clone()).create().unwrap();
        fill(&*store, &issues(count), &changelogs(count));
        store.finish().unwrap();
        Filled { _folder: folder, path }
    }

    fn open(&self) -> Box<dyn Store> {
        Address::Sqlite(self.path.clone()).open().unwrap()
    }
}

fn transact<R>(store: &dyn Store, work: impl FnOnce(&mut dyn Writer) -> Result<R>) -> R {
    store.transact(work).unwrap()
}

fn fill(store: &dyn Store, issues: &[Issue], changelogs: &[Changelog]) {
    transact(store, |writer| {
        put_queries(writer, 100)?;
        writer.put_state("active_profile_id", "p")?;
        let header = CacheHeader::default();
        writer.replace_issues(&key(), &header, &mut issues.iter().cloned())?;
        writer.replace_changelogs(&key(), &header, &mut changelogs.iter().cloned())?;
        writer.put_snapshots(&key(), &snapshots())
    });
}

/// An empty database with its query, or one with issues, in a folder that goes with it.
fn fresh(fill: impl FnOnce(&dyn Store)) -> (Box<dyn Store>, TempDir) {
    let folder = TempDir::new().unwrap();
    let store = Address::Sqlite(folder.path().join("bench.sqlite")).open().unwrap();
    fill(&*store);
    (store, folder)
}

fn reads(c: &mut Criterion) {
    let filled = Filled::new(10_000);
    let store = filled.open();
    let profile = ProfileId::new("p").unwrap();
    c.bench_function("get profile (limit 50 us)", |b| {
        b.iter(|| store.read().unwrap().profile(&profile).unwrap());
    });
    c.bench_function("get state (limit 50 us)", |b| {
        b.iter(|| store.read().unwrap().state("active_profile_id").unwrap());
    });
    c.bench_function("list queries (limit 300 us) 100", |b| {
        b.iter(|| store.read().unwrap().queries(&profile).unwrap());
    });
    let keys: Vec<String> = (0..100).map(|number| key_of(number * 97)).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    c.bench_function("issues with documents (limit 1 ms) 100", |b| {
        b.iter(|| store.read().unwrap().issues(&key(), &keys).unwrap());
    });
    c.bench_function("snapshots (limit 1 ms) 100", |b| {
        b.iter(|| store.read().unwrap().snapshots(&key(), 100).unwrap());
    });
    c.bench_function("transitions 10000", |b| {
        b.iter(|| {
            store.read().unwrap().each_changelog_facts(&key(), &mut |_, t| visit(t)).unwrap()
        });
    });
    drop(store);
    c.bench_function("open (limit 20 ms) 10000", |b| b.iter(|| filled.open()));
}

fn visit<T>(value: T) -> Result<()> {
    black_box(value);
    Ok(())
}

fn facts(c: &mut Criterion) {
    for count in [1_000, 10_000, 100_000] {
        let filled = Filled::new(count);
        let store = filled.open();
        c.bench_function(&format!("facts (limit 10 ms for 10000) {count}"), |b| {
            b.iter(|| store.read().unwrap().each_issue_facts(&key(), &mut visit).unwrap());
        });
    }
}

fn writes(c: &mut Criterion) {
    for count in [1_000, 10_000] {
        let issues = issues(count);
        let put = |store: &dyn Store| transact(store, |writer| writer.put_issues(&key(), &issues));
        c.bench_function(&format!("put issues, durable (limit 30 ms for 1000) {count}"), |b| {
            let empty = || fresh(|store| transact(store, |writer| put_queries(writer, 1)));
            b.iter_batched_ref(empty, |(store, _)| put(&**store), BatchSize::PerIteration);
        });
        c.bench_function(&format!("put issues again, durable {count}"), |b| {
            let (store, _folder) = fresh(|store| transact(store, |writer| put_queries(writer, 1)));
            put(&*store);
            b.iter(|| put(&*store));
        });
        c.bench_function(
            &format!("baseline: the same texts as plain rows, durable {count}"),
            |b| {
                b.iter_batched_ref(
                    plain_table,
                    |(_, db)| put_plain(db, &issues),
                    BatchSize::PerIteration,
                );
            },
        );
    }
}

/// What the same bytes cost without this crate: one table, key and text.
fn plain_table() -> (TempDir, rusqlite::Connection) {
    let folder = TempDir::new().unwrap();
    let connection = rusqlite::Connection::open(folder.path().join("plain.sqlite")).unwrap();
    let schema = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        CREATE TABLE issues (key TEXT PRIMARY KEY, document TEXT)";
    connection.execute_batch(schema).unwrap();
    (folder, connection)
}

fn put_plain(connection: &mut rusqlite::Connection, issues: &[Issue]) {
    let transaction = connection.transaction().unwrap();
    let mut statement =
        transaction.prepare("INSERT INTO issues (key, document) VALUES (?1, ?2)").unwrap();
    for issue in issues {
        statement.execute((&issue.key, issue.document.as_str())).unwrap();
    }
    drop(statement);
    transaction.commit().unwrap();
}

fn bulk(c: &mut Criterion) {
    let (issues, changelogs) = (issues(10_000), changelogs(10_000));
    let build = |path: &Path| {
        let store = Address::Sqlite(path.to_owned()).create().unwrap();
        fill(&*store, &issues, &changelogs);
        store.finish().unwrap();
    };
    c.bench_function("build from nothing, issues and changelogs 10000", |b| {
        let folder = || TempDir::new().unwrap();
        let run = |folder: &mut TempDir| build(&folder.path().join("bench.sqlite"));
        b.iter_batched_ref(folder, run, BatchSize::PerIteration);
    });
    c.bench_function("remove profile (limit 100 ms) 10000", |b| {
        let filled = || fresh(|store| fill(store, &issues, &changelogs));
        let remove = |store: &dyn Store| {
            transact(store, |writer| writer.remove_profile(&ProfileId::new("p")?))
        };
        b.iter_batched_ref(filled, |(store, _)| remove(&**store), BatchSize::PerIteration);
    });
    c.bench_function("touch profile, durable", |b| {
        let (store, _folder) = fresh(|store| transact(store, |writer| put_queries(writer, 1)));
        let profile = ProfileId::new("p").unwrap();
        let at = Timestamp::UNIX_EPOCH;
        b.iter(|| transact(&*store, |writer| writer.touch_profile(&profile, at)));
    });
}

/// A workspace of schema 2, opened by this version: all steps, everything derived anew, and a verified
/// copy of what was there.
fn upgrade(c: &mut Criterion) {
    const OLD: &str = include_str!("../../../fixtures/schema/sqlite/v002.sql");
    let filled = Filled::new(10_000);
    let old = || {
        let folder = TempDir::new().unwrap();
        old_schema::make(&filled.path, &folder.path().join("bench.sqlite"), OLD);
        folder
    };
    c.bench_function("upgrade from schema 2, copy included (limit 3 s) 10000", |b| {
        let open = |folder: &mut TempDir| {
            drop(Address::Sqlite(folder.path().join("bench.sqlite")).open().unwrap());
        };
        b.iter_batched_ref(old, open, BatchSize::PerIteration);
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(std::time::Duration::from_millis(500))
        .measurement_time(std::time::Duration::from_secs(2));
    targets = reads, facts, writes, bulk, upgrade
}
criterion_main!(benches);
