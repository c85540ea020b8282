//! What is special to the JSON backend: a writer that is killed.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use store::Store;
use store::json::JsonStore;
use tempfile::TempDir;

use crate::sample::*;

/// Tells the child of [`killed_writers_lose_nothing_acknowledged`] where to write.
const FOLDER: &str = "STORE_TEST_JSON_FOLDER";

const KILLS: u64 = 12;

/// Writes until it is killed: the count and as many issues, acknowledged after each commit.
#[test]
fn child_that_writes() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let store = JsonStore::open(Path::new(&folder)).unwrap();
    let store: &dyn Store = &store;
    loop {
        let count = count(store) + 1;
        put(store, |writer| {
            writer.put_state("count", &count.to_string())?;
            writer.put_issues(&key("p", "q"), &[issue(&format!("A-{count}"))])?;
            // Another profile each time: folders come and go.
            let name = format!("p{}", count % 3);
            if !writer.remove_profile(&profile_id(&name))? {
                writer.put_profile(&profile(&name))?;
            }
            Ok(())
        });
        println!("wrote {count}");
    }
}

fn count(store: &dyn Store) -> u64 {
    store.read().unwrap().state("count").unwrap().unwrap().parse().unwrap()
}

#[test]
fn killed_writers_lose_nothing_acknowledged() {
    let folder = TempDir::new().unwrap();
    let store = JsonStore::open(folder.path()).unwrap();
    let store: &dyn Store = &store;
    put(store, |writer| {
        writer.put_profile(&profile("p"))?;
        writer.put_query(&query(&key("p", "q")))?;
        writer.put_state("count", "0")
    });
    for round in 0..KILLS {
        let acknowledged = write_and_kill(folder.path(), 1 + round % 5);
        let count = count(store);
        assert!(count >= acknowledged, "{count} of {acknowledged}");
        let reader = store.read().unwrap();
        assert_eq!(reader.issue_count(&key("p", "q")).unwrap(), count);
        assert_eq!(reader.issue(&key("p", "q"), &format!("A-{}", count + 1)).unwrap(), None);
        assert_eq!(store.check_integrity().unwrap(), [""; 0]);
    }
    assert!(count(store) >= KILLS);
}

/// Lets a child write until it has acknowledged some more, and kills it in whatever it is at then.
fn write_and_kill(folder: &Path, acknowledgements: u64) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["json::child_that_writes", "--exact", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let numbers = lines.filter_map(|line| line.split("wrote ").nth(1)?.parse::<u64>().ok());
    let last = numbers.take(acknowledgements as usize).last().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    last
}
