//! SQLite under load and under fire: several handles and threads on one file, and a process that
//! is killed while it writes.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use model::{Issue, QueryKey};
use store::{Address, Store};

use crate::sample;

/// Tells the child of the kill test which database to write to.
const DATABASE_VARIABLE: &str = "STORE_TEST_DATABASE";
const SEED_VARIABLE: &str = "STORE_TEST_SEED";

const KILLS: u64 = 100;
const WRITERS: u64 = 4;
const WRITES_EACH: u64 = 25;
const ISSUES_A_WRITE: u64 = 5;

fn open(path: &Path) -> Box<dyn Store> {
    Address::Sqlite(path.to_owned()).open().unwrap()
}

fn query() -> QueryKey {
    sample::key("p", "q")
}

fn put_query(store: &dyn Store) {
    sample::put(store, |writer| {
        writer.put_profile(&sample::profile("p"))?;
        writer.put_query(&sample::query(&query()))
    });
}

/// Issues that say in which write they came, all of one write or none may be seen.
fn batch(write: u64) -> Vec<Issue> {
    let issue = |place| sample::issue(&format!("W{write}-{place}"));
    (0..ISSUES_A_WRITE).map(issue).collect()
}

/// One write: its issues and, in the same transaction, its number.
fn write(store: &dyn Store, writer_name: &str, number: u64) {
    store
        .transact(|writer| {
            writer.put_issues(&query(), &batch(number))?;
            writer.put_state(writer_name, &number.to_string())
        })
        .unwrap();
}

#[track_caller]
fn check_whole(store: &dyn Store) {
    let reader = store.read().unwrap();
    let mut found = std::collections::BTreeMap::<String, u64>::new();
    reader
        .each_issue(&query(), &mut |issue| {
            let write = issue.key.split('-').next().unwrap_or_default().to_owned();
            *found.entry(write).or_default() += 1;
            Ok(())
        })
        .unwrap();
    assert!(found.values().all(|count| *count == ISSUES_A_WRITE), "{found:?}");
    let total: u64 = found.values().sum();
    assert_eq!(reader.issue_count(&query()).unwrap(), total);
}

#[test]
fn many_handles_and_threads_write_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    put_query(&*open(&path));
    std::thread::scope(|scope| {
        for name in 0..WRITERS {
            let path = &path;
            scope.spawn(move || {
                let store = open(path);
                for number in 0..WRITES_EACH {
                    write(&*store, &format!("writer-{name}"), name * WRITES_EACH + number);
                    check_whole(&*store);
                }
            });
        }
    });
    let store = open(&path);
    check_whole(&*store);
    let reader = store.read().unwrap();
    assert_eq!(reader.issue_count(&query()).unwrap(), WRITERS * WRITES_EACH * ISSUES_A_WRITE);
    assert_eq!(reader.revision().unwrap(), WRITERS * WRITES_EACH + 1);
    assert_eq!(store.check_integrity().unwrap(), Vec::<String>::new());
}

/// The child of the kill test; does nothing when run with the others.
#[test]
fn writing_child() {
    let Ok(path) = std::env::var(DATABASE_VARIABLE) else { return };
    let seed: u64 = std::env::var(SEED_VARIABLE).unwrap().parse().unwrap();
    let store = open(Path::new(&path));
    for number in seed * 1_000.. {
        write(&*store, "child", number);
        // On a line of its own: the harness does not end the line that names the test.
        println!("\nacknowledged {number}");
    }
}

/// Starts the child and kills it after `acknowledgements`; gives the last one that was read.
fn run_and_kill(path: &Path, seed: u64, acknowledgements: u64) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["sqlite::writing_child", "--exact", "--nocapture"])
        .env(DATABASE_VARIABLE, path)
        .env(SEED_VARIABLE, seed.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let number = |line: std::io::Result<String>| {
        line.unwrap().strip_prefix("acknowledged ").map(|number| number.parse().unwrap())
    };
    let mut acknowledged = lines.filter_map(number);
    let mut last = acknowledged.nth(acknowledgements as usize).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    // What it said before it died counts too.
    if let Some(later) = acknowledged.last() {
        last = later;
    }
    last
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    put_query(&*open(&path));
    for seed in 1..=KILLS {
        // Uneven, so that kills meet different moments of a write and of a checkpoint.
        let last = run_and_kill(&path, seed, seed * 7 % 13);
        let store = open(&path);
        let reader = store.read().unwrap();
        let written: u64 = reader.state("child").unwrap().unwrap().parse().unwrap();
        assert!(
            written == last || written == last + 1,
            "{last} was acknowledged, {written} is there"
        );
        for number in seed * 1_000..=last {
            for issue in batch(number) {
                assert_eq!(reader.issue(&query(), &issue.key).unwrap(), Some(issue));
            }
        }
        check_whole(&*store);
        assert_eq!(store.check_integrity().unwrap(), Vec::<String>::new());
    }
}

/// How long each side writes.
const MEASURED: std::time::Duration = std::time::Duration::from_secs(4);

/// Commits of four handles together in that time.
fn commits_together(path: &Path) -> u64 {
    let count = std::sync::atomic::AtomicU64::new(0);
    let begin = std::time::Instant::now();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let count = &count;
            scope.spawn(move || {
                let store = open(path);
                while begin.elapsed() < MEASURED {
                    let number = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    store
                        .transact(|tx| tx.put_state(&writer.to_string(), &number.to_string()))
                        .unwrap();
                }
            });
        }
    });
    count.into_inner()
}

/// Commits of one plain connection as durable.
fn plain_commits(path: &Path) -> u64 {
    let plain = rusqlite::Connection::open(path).unwrap();
    plain
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT)",
        )
        .unwrap();
    let (mut count, begin) = (0, std::time::Instant::now());
    while begin.elapsed() < MEASURED {
        count += 1;
        let sql = "INSERT INTO state VALUES (?, ?)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        plain
            .prepare_cached(sql)
            .unwrap()
            .execute([(count % 4).to_string(), count.to_string()])
            .unwrap();
    }
    count
}

#[test]
#[ignore = "measures; the figures of docs/reliability.md come from it"]
#[allow(clippy::print_stdout)]
fn writers_beside_a_plain_one() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, plain) = (folder.path().join("ours.sqlite"), folder.path().join("plain.sqlite"));
    put_query(&*open(&ours));
    for _ in 0..3 {
        let (together, alone) = (commits_together(&ours), plain_commits(&plain));
        println!(
            "{together} commits of {WRITERS} writers, {alone} of a plain one: {}%",
            together * 100 / alone
        );
    }
}
