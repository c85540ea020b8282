//! A commit, and its repair, cut off at every step.

use super::*;
use crate::contract::Writer;
use crate::json::publish;
use crate::json::tx::JsonTx;

fn prepare(folder: &Path) -> JsonStore {
    let store = JsonStore::open(folder).unwrap();
    let dynamic: &dyn Store = &store;
    dynamic
        .transact(|writer| {
            writer.put_profile(&profile("p", "Old"))?;
            writer.put_profile(&profile("gone", "Gone"))?;
            writer.put_query(&query(&key()))?;
            writer.put_issues(&key(), &[issue("OLD-1")])?;
            writer.put_state("active_profile_id", "gone")
        })
        .unwrap();
    store
}

fn change(writer: &mut dyn Writer) {
    writer.rename_profile(&key().profile, "New").unwrap();
    writer.remove_profile(&ProfileId::new("gone").unwrap()).unwrap();
    writer.put_profile(&profile("more", "More")).unwrap();
    let new = ["NEW-1", "NEW-2"].map(issue);
    writer.replace_issues(&key(), &CacheHeader::default(), &mut new.into_iter()).unwrap();
    writer.put_state("active_profile_id", "p").unwrap();
}

/// Commits the change until the step of that number; gives the names of the steps made.
fn commit_until(store: &JsonStore, last: usize) -> Vec<String> {
    let mut tx = JsonTx::for_writing(store).unwrap();
    change(&mut tx);
    let mut steps = Vec::new();
    let ended = tx.commit_with(&mut |step| {
        if steps.len() == last {
            return Err(Error::Aborted("crash".into()));
        }
        steps.push(step.to_owned());
        Ok(())
    });
    assert_eq!(ended.is_err(), steps.len() == last);
    steps
}

#[test]
fn every_step_leaves_old_or_new() {
    let whole = TempDir::new().unwrap();
    let store = prepare(whole.path());
    let old = seen_in(whole.path());
    let steps = commit_until(&store, usize::MAX);
    let new = seen_in(whole.path());
    assert_ne!(old, new);
    let published = steps.iter().position(|step| step == "the journal is written").unwrap();
    assert!(steps.len() > published + 6, "{steps:?}");
    for (last, step) in steps.iter().enumerate() {
        let folder = TempDir::new().unwrap();
        let store = prepare(folder.path());
        let before = store.read().unwrap();
        commit_until(&store, last);
        // A reader from before keeps its view of a half-made state.
        assert_eq!(read_everything(&*before), old, "{step}");
        drop(before);
        let want = if last <= published { &old } else { &new };
        assert_eq!(&seen_in(folder.path()), want, "{step}");
        let staged = std::fs::read_dir(folder.path().join(WORK_FOLDER).join("new")).unwrap();
        let journal = folder.path().join(WORK_FOLDER).join("journal.json");
        assert!(!journal.exists() && (last <= published || staged.count() == 0));
        // The same change can be made again.
        if last <= published {
            commit_until(&store, usize::MAX);
            assert_eq!(seen_in(folder.path()), new);
        }
    }
}

#[test]
fn a_repair_that_crashes_is_repaired() {
    for last in 0..12 {
        let folder = TempDir::new().unwrap();
        let store = prepare(folder.path());
        let old = seen_in(folder.path());
        commit_until(&store, 4);
        let mut steps = 0;
        let _ = publish::recover(folder.path(), &mut |_| {
            steps += 1;
            if steps > last { Err(Error::Aborted("crash".into())) } else { Ok(()) }
        });
        let new = seen_in(folder.path());
        assert_ne!(new, old);
        assert!(new.contains("NEW-2") && !new.contains("OLD-1"));
    }
}

#[test]
fn a_damaged_journal_is_named() {
    let folder = TempDir::new().unwrap();
    let store = prepare(folder.path());
    put(folder.path(), ".burndown-json/journal.json", "{");
    let refused = store.read().map(drop);
    assert!(matches!(refused, Err(Error::Corrupt { place, .. }) if place.contains("journal")));
}

#[test]
fn a_restored_folder_starts_again() {
    // The profiles came back from a backup, the work folder did not.
    let folder = TempDir::new().unwrap();
    let store = prepare(folder.path());
    put(folder.path(), ".burndown-json/old/2/gone/profile.json", "stale");
    commit_until(&store, usize::MAX);
    assert!(!folder.path().join("gone").exists());
}
