//! What is special to the JSON backend: many processes at once, and writers that are killed.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use store::{Address, Store};
use tempfile::TempDir;

use crate::sample::*;

/// Tells a child where to write.
const FOLDER: &str = "STORE_TEST_JSON_FOLDER";
/// Tells a child how often; without it, until it is killed.
const ROUNDS: &str = "STORE_TEST_JSON_ROUNDS";

const KILLS: usize = 12;

/// The part of the children: each transaction adds one to the count and an issue, and is
/// acknowledged after its commit.
#[test]
fn child_that_writes() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let rounds = std::env::var(ROUNDS).map_or(u64::MAX, |rounds| rounds.parse().unwrap());
    let store = open(Path::new(&folder));
    let store = &*store;
    for _ in 0..rounds {
        let count = put(store, |writer| {
            let count = writer.state("count")?.unwrap().parse::<u64>().unwrap() + 1;
            writer.put_state("count", &count.to_string())?;
            writer.put_issues(&key("p", "q"), &[issue(&format!("A-{count}"))])?;
            // Other profiles come and go.
            let name = format!("p{}", count % 3);
            if !writer.remove_profile(&profile_id(&name))? {
                writer.put_profile(&profile(&name))?;
            }
            Ok(count)
        });
        println!("wrote {count}");
    }
}

fn child(folder: &Path) -> Command {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["json::child_that_writes", "--exact", "--nocapture"]).env(FOLDER, folder);
    child.stdout(Stdio::piped());
    child
}

fn open(folder: &Path) -> Box<dyn Store> {
    Address::Json(folder.to_owned()).open().unwrap()
}

fn prepare(folder: &Path) -> Box<dyn Store> {
    let store = open(folder);
    put(&*store, |writer| {
        writer.put_profile(&profile("p"))?;
        writer.put_query(&query(&key("p", "q")))?;
        writer.put_state("count", "0")
    });
    store
}

/// The count in a view where it must be that of the issues.
#[track_caller]
fn checked_count(store: &dyn Store) -> u64 {
    let reader = store.read().unwrap();
    let count: u64 = reader.state("count").unwrap().unwrap().parse().unwrap();
    assert_eq!(reader.issue_count(&key("p", "q")).unwrap(), count);
    assert_eq!(reader.issue(&key("p", "q"), &format!("A-{}", count + 1)).unwrap(), None);
    count
}

#[test]
fn many_processes_write_at_once() {
    const CHILDREN: u64 = 3;
    const WRITES: u64 = 12;
    let folder = TempDir::new().unwrap();
    let store = prepare(folder.path());
    let start = || child(folder.path()).env(ROUNDS, WRITES.to_string()).spawn().unwrap();
    let mut children: Vec<Child> = (0..CHILDREN).map(|_| start()).collect();
    while children.iter_mut().any(|child| child.try_wait().unwrap().is_none()) {
        checked_count(&*store);
    }
    assert!(children.iter_mut().all(|child| child.wait().unwrap().success()));
    assert_eq!(checked_count(&*store), CHILDREN * WRITES);
}

#[test]
fn killed_writers_lose_nothing_acknowledged() {
    let folder = TempDir::new().unwrap();
    let store = prepare(folder.path());
    for acknowledgements in (1..=4).cycle().take(KILLS) {
        let acknowledged = write_and_kill(folder.path(), acknowledgements);
        let count = checked_count(&*store);
        assert!(count >= acknowledged, "{count} of {acknowledged}");
        assert_eq!(store.check_integrity().unwrap(), [""; 0]);
    }
    assert!(checked_count(&*store) >= KILLS as u64);
}

/// Lets a child write until it has acknowledged some more, and kills it in whatever it is at then.
fn write_and_kill(folder: &Path, acknowledgements: usize) -> u64 {
    let mut child = child(folder).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let numbers = lines.filter_map(|line| line.split("wrote ").nth(1)?.parse::<u64>().ok());
    let last = numbers.take(acknowledgements).last().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    last
}

/// What somebody put among the changelogs of the old app's file goes back there; what this program keeps of
/// them does not, as the old app takes each member for a changelog.
#[test]
fn members_that_are_no_changelogs_stay_in_their_file() {
    let folder = TempDir::new().unwrap();
    let store = prepare(folder.path());
    let mut extra = object(r#"{"note":"by hand","week":{"flow":{"days":9.7}}}"#);
    for own in model::header::own_member::ALL {
        extra.set(own, model::Json::text("A-1"));
    }
    let header = model::CacheHeader { extra, ..model::CacheHeader::default() };
    let entry = model::Changelog {
        key: "A-1".to_owned(),
        document: document(r#"{"changelog":{"histories":[]}}"#),
    };
    let kind = model::CacheKind::Changelogs;
    put(&*store, |writer| {
        writer.replace_changelogs(&key("p", "q"), &header, &mut std::iter::once(entry.clone()))
    });
    let file = folder.path().join("p/queries/q/jira_changelog_cache.json");
    let text = std::fs::read_to_string(file).unwrap();
    let own = model::header::own_member::ALL.map(|own| (own, false));
    for (part, is_there) in [("by hand", true), ("9.7", true)].into_iter().chain(own) {
        assert_eq!(text.contains(part), is_there, "{part}: {text}");
    }
    let again = open(folder.path());
    let reader = again.read().unwrap();
    assert_eq!(reader.header(&key("p", "q"), kind).unwrap(), Some(header));
    assert_eq!(reader.changelog_count(&key("p", "q")).unwrap(), 1);
    assert_eq!(reader.changelog(&key("p", "q"), "A-1").unwrap(), Some(entry));
}
