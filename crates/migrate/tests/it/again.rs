//! Doing it twice, after changes, or where there is nothing.

use std::fs;
use std::time::{Duration, UNIX_EPOCH};

use migrate::{Error, Standing};

use super::workspace::{Workspace, only_query, silent};

#[test]
fn a_finished_migration_is_not_run_again() {
    let workspace = Workspace::small();
    assert!(
        matches!(standing(&workspace), Standing::Legacy { found } if found.profiles == 1 && found.queries == 1)
    );
    workspace.migrate();
    assert_eq!(standing(&workspace), Standing::Ready { migrated: true });
    let again = migrate::migrate(&workspace.job(), &silent).unwrap_err();
    assert!(matches!(again, Error::AlreadyMigrated(_)), "{again}");
}

/// Whoever tidies the old files away after a migration has all that there is.
#[test]
fn old_files_that_were_tidied_away_leave_nothing_to_do() {
    let workspace = Workspace::small();
    workspace.migrate();
    fs::remove_dir_all(workspace.path.join("profiles/p_a7b6725386c3")).unwrap();
    fs::remove_file(workspace.path.join("profiles/profiles.json")).unwrap();
    for name in ["app_settings.json", "jira_query_profiles.json", "task_progress.json"] {
        let _gone = fs::remove_file(workspace.path.join(name));
    }
    let again = migrate::migrate(&workspace.job(), &silent).unwrap_err();
    assert!(matches!(again, Error::AlreadyMigrated(_)), "{again}");
}

/// What would be done is what is done.
#[test]
fn a_dry_run_finds_nothing_where_there_is_nothing() {
    let workspace = Workspace::small();
    fs::remove_dir_all(&workspace.path).unwrap();
    fs::create_dir_all(workspace.path.join("profiles/burndown.db")).unwrap();
    for refused in [
        migrate::dry_run(&workspace.job(), &silent).unwrap_err(),
        migrate::migrate(&workspace.job(), &silent).unwrap_err(),
    ] {
        assert!(matches!(refused, Error::NothingToMigrate(_)), "{refused}");
    }
}

fn standing(workspace: &Workspace) -> Standing {
    migrate::standing(&workspace.path, &workspace.path).unwrap()
}

#[test]
fn changed_old_files_are_noticed_and_never_merged() {
    let workspace = Workspace::small();
    workspace.migrate();
    let file = workspace.path.join("profiles/p_a7b6725386c3/queries/q_25d5b4b45190/query.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("All issues", "Renamed there")).unwrap();
    let Standing::LegacyChanged { what } = standing(&workspace) else { panic!() };
    assert!(what.ends_with("query.json"), "{what}");
    let refused = migrate::migrate(&workspace.job(), &silent).unwrap_err();
    assert!(matches!(refused, Error::LegacyChanged(_)), "{refused}");
    assert_eq!(only_query(&*workspace.store().read().unwrap()).name, "All issues");
    let job = migrate::Job { again: true, ..workspace.job() };
    migrate::migrate(&job, &silent).unwrap();
    assert_eq!(only_query(&*workspace.store().read().unwrap()).name, "Renamed there");
    let kept = fs::read_dir(workspace.path.join("backups")).unwrap().flatten();
    let kept: Vec<_> = kept.map(|entry| entry.file_name().into_string().unwrap()).collect();
    assert_eq!(kept.iter().filter(|name| name.starts_with("migration-")).count(), 2, "{kept:?}");
    let replaced = kept.iter().find(|name| name.starts_with("replaced-")).unwrap();
    assert!(workspace.path.join("backups").join(replaced).join("burndown.sqlite").is_file());
    assert_eq!(standing(&workspace), Standing::Ready { migrated: true });
}

#[test]
fn files_touched_but_equal_or_tidied_away_are_no_change() {
    let workspace = Workspace::small();
    workspace.migrate();
    let file = workspace.path.join("profiles/profiles.json");
    fs::write(&file, fs::read(&file).unwrap()).unwrap();
    fs::remove_dir_all(workspace.path.join("profiles/p_a7b6725386c3")).unwrap();
    assert_eq!(standing(&workspace), Standing::Ready { migrated: true });
}

/// In a folder that was copied every file has another time: each is read once, not at every command.
#[test]
fn a_file_that_was_found_equal_is_read_again_only_with_another_time() {
    let workspace = Workspace::small();
    workspace.migrate();
    let path = workspace.path.join("profiles/p_a7b6725386c3/queries/q_25d5b4b45190/query.json");
    let at = |second: u64| UNIX_EPOCH + Duration::from_secs(1_800_000_000 + second);
    let touch = |second| fs::File::options().append(true).open(&path)?.set_modified(at(second));
    let is_ready = || standing(&workspace) == Standing::Ready { migrated: true };
    touch(0).unwrap();
    assert!(is_ready());
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("All issues", "All tissue")).unwrap();
    touch(0).unwrap();
    assert!(is_ready(), "it was read again");
    touch(1).unwrap();
    assert!(!is_ready());
    let job = migrate::Job { again: true, ..workspace.job() };
    migrate::migrate(&job, &silent).unwrap();
    assert!(is_ready(), "what was noted was compared with another backup");
}

#[test]
fn newer_tokens_are_kept() {
    let workspace = Workspace::small();
    workspace.migrate();
    let folder = workspace.path.join("profiles");
    let id = model::ProfileId::new("p_a7b6725386c3").unwrap();
    let set = |secrets: &mut store::SecretFile| {
        secrets.set(&id, model::Token::new("newer").unwrap());
        true
    };
    store::SecretFile::change(&folder, set).unwrap();
    migrate::migrate(&migrate::Job { again: true, ..workspace.job() }, &silent).unwrap();
    let secrets = store::SecretFile::open(&folder).unwrap();
    assert_eq!(secrets.token(&id).unwrap().reveal(), "newer");
}

#[test]
fn a_token_changed_in_the_old_app_is_taken_again() {
    let workspace = Workspace::small();
    workspace.migrate();
    let file = workspace.path.join("profiles/p_a7b6725386c3/profile.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("example-token", "rotated")).unwrap();
    let now = "2026-01-07T08:00:00Z".parse().unwrap();
    migrate::migrate(&migrate::Job { again: true, now, ..workspace.job() }, &silent).unwrap();
    let secrets = store::SecretFile::open(&workspace.path.join("profiles")).unwrap();
    let id = model::ProfileId::new("p_a7b6725386c3").unwrap();
    assert_eq!(secrets.token(&id).unwrap().reveal(), "rotated");
}

#[test]
fn nothing_to_migrate() {
    let workspace = Workspace::with(&[]);
    assert_eq!(standing(&workspace), Standing::Fresh);
    let refused = migrate::migrate(&workspace.job(), &silent).unwrap_err();
    assert!(matches!(refused, Error::NothingToMigrate(_)), "{refused}");
    assert_eq!(fs::read_dir(&workspace.path).unwrap().count(), 0);
}

#[test]
fn only_the_other_database() {
    let workspace = Workspace::with(&[("profiles/burndown.db", b"SQLite format 3\0".as_slice())]);
    let Standing::OnlyOtherDatabase { hint, .. } = standing(&workspace) else { panic!() };
    assert!(hint.contains("damaged beyond reading"), "{hint}");
    let refused = migrate::migrate(&workspace.job(), &silent).unwrap_err();
    assert!(matches!(refused, Error::OnlyOtherDatabase { .. }), "{refused}");
    assert!(!workspace.path.join("profiles/burndown.lock").exists());
}

#[test]
fn from_another_folder() {
    let old = Workspace::small();
    let before = old.legacy_files();
    let new = Workspace::with(&[]);
    let job = migrate::Job { source: old.path.clone(), ..new.job() };
    let report = migrate::migrate(&job, &silent).unwrap();
    assert_eq!(report.totals.issues, 60);
    assert_eq!(old.legacy_files(), before);
    assert!(!old.path.join("backups").exists() && !old.database().exists());
    assert_eq!(new.verify().unexplained_count, 0);
    let undone =
        migrate::rollback(&new.path, false, "2026-01-06T00:00:00Z".parse().unwrap()).unwrap();
    assert!(undone.restored.is_empty(), "{undone:?}");
    assert!(!new.database().exists());
}

#[test]
fn two_at_once_do_it_once() {
    let workspace = Workspace::small();
    let (first, second) = std::thread::scope(|scope| {
        let run = || migrate::migrate(&workspace.job(), &silent);
        let (first, second) = (scope.spawn(run), scope.spawn(run));
        (first.join().unwrap(), second.join().unwrap())
    });
    let results = [first, second];
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(results.iter().any(|result| matches!(result, Err(Error::AlreadyMigrated(_)))));
    assert_eq!(workspace.verify().unexplained_count, 0);
}

#[test]
fn the_first_and_the_newest_four_backups_are_kept() {
    let workspace = Workspace::small();
    workspace.migrate();
    for day in 6..=12 {
        let now = format!("2026-01-{day:02}T08:00:00Z").parse().unwrap();
        migrate::migrate(&migrate::Job { again: true, now, ..workspace.job() }, &silent).unwrap();
    }
    let kept = fs::read_dir(workspace.path.join("backups")).unwrap().flatten();
    let mut kept: Vec<_> = kept
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| name.starts_with("migration-"))
        .collect();
    kept.sort();
    assert_eq!(kept.len(), 5);
    assert_eq!(kept[..2], ["migration-20260105T080000Z", "migration-20260109T080000Z"]);
    assert_eq!(workspace.verify().unexplained_count, 0);
}
