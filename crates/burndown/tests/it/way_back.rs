//! Migrating, verifying, going back and again, as a user does it.

use crate::program::run;
use crate::requirement;
use crate::samples::Workspace;

#[test]
fn a_dry_run_writes_nothing() {
    let workspace = Workspace::small();
    let before = workspace.files();
    let report = run(&workspace.path, &["migrate", "--dry-run", "--json"]).json();
    assert_eq!((&report["dry_run"], &report["totals"]["issues"]), (&true.into(), &60.into()));
    assert!(workspace.files() == before);
    run(&workspace.path, &["profiles"]).failed(1, &["not migrated yet", "burndown migrate"]);
    let done = run(&workspace.path, &["migrate", "--json"]).json();
    assert_eq!(report["totals"], done["totals"]);
}

#[test]
fn there_and_back_again() {
    let workspace = Workspace::small();
    let at = |arguments: &[&str]| run(&workspace.path, arguments);
    let before = workspace.files();
    let state = || at(&["status", "--json"]).json()["state"].as_str().unwrap().to_owned();

    assert_eq!(state(), "legacy");
    assert!(at(&["migrate"]).answer().contains("60 issues"));
    let untouched = before.iter().all(|(name, bytes)| workspace.files().get(name) == Some(bytes));
    assert!(untouched, "a file of the old app changed");
    assert!(at(&["migrate"]).answer().contains("nothing to do"));
    assert_eq!(at(&["migrate", "--json"]).json()["state"], "already_migrated");
    assert!(at(&["verify"]).answer().contains("0 unexplained"));
    assert_eq!(state(), "ready");

    let migrated = workspace.files();
    at(&["rollback", "--dry-run"]).answer();
    assert!(workspace.files() == migrated, "a dry run changed a file");
    at(&["rollback"]).answer();
    assert!(!workspace.database().exists());
    let untouched = before.iter().all(|(name, bytes)| workspace.files().get(name) == Some(bytes));
    assert!(untouched, "a file of the old app is not as it was");
    assert_eq!(state(), "rolled_back");
    at(&["migrate"]).failed(1, &["rolled back", "--again"]);

    at(&["migrate", "--again"]).answer();
    assert_eq!(state(), "ready");
    assert!(at(&["verify"]).answer().contains("0 unexplained"));
}

/// Nouns that the old app does not know, each alone.
#[test]
fn what_the_old_files_never_had_is_named_before_it_is_put_aside() {
    for (made, named) in [
        (
            &["delivery", "add", "all", "--name", "Everything"][..],
            "these deliveries: Apache Kafka / Everything",
        ),
        (&["key", "add", "Ada"], "these access keys: Ada"),
    ] {
        let workspace = Workspace::migrated();
        let at = |arguments: &[&str]| run(&workspace.path, arguments);
        at(made).answer();
        for replaced in [&["migrate", "--again"][..], &["rollback"]] {
            let refused = at(replaced);
            assert_eq!(refused.code, 2, "{}", refused.err);
            assert!(refused.err.contains(named), "{named:?} is not in: {}", refused.err);
        }
        let planned = at(&["rollback", "--dry-run"]);
        assert!(planned.err.contains(named), "{named:?} is not in: {}", planned.err);
    }
}

#[test]
fn later_work_goes_back_with_it_if_asked_for() {
    let workspace = Workspace::migrated();
    let at = |arguments: &[&str]| run(&workspace.path, arguments);
    at(&["query", "edit", "All issues", "--name", "Renamed here"]).answer();
    let before = workspace.files();
    let plan = at(&["rollback", "--with-changes", "--dry-run"]).answer();
    let query =
        before.keys().find(|name| name.starts_with("profiles") && name.ends_with("query.json"));
    let query = query.unwrap();
    for part in [query, "writes 1 file", "puts aside 1 file", "burndown-secrets.json stays"] {
        assert!(plan.contains(part), "{part:?} is not in: {plan}");
    }
    assert!(workspace.files() == before, "a dry run changed a file");

    let done = at(&["rollback", "--with-changes"]);
    assert!(done.err.contains(query.as_str()), "{}", done.err);
    assert!(done.answer().contains("1 file was written"));
    let after = workspace.files();
    let old = |name: &str| !name.contains("burndown") && !name.starts_with("backups/");
    for (name, bytes) in before.iter().filter(|(name, _)| old(name)) {
        assert_eq!(after.get(name) == Some(bytes), name != query, "{name}");
    }
    let text = String::from_utf8_lossy(&after[query]);
    assert!(text.contains("Renamed here"), "{text}");
    let aside = after.iter().find(|(name, _)| name.contains("/legacy/") && name.ends_with(query));
    assert_eq!(aside.map(|(_, bytes)| bytes), before.get(query));
    assert!(after.keys().all(|name| !name.contains("/.burndown-")), "something temporary is left");
}

#[test]
fn files_from_before_profiles_are_not_shown_as_nothing() {
    let Some(archive) = requirement::large_sample("flat-2025-11") else { return };
    let workspace = Workspace::unpacked(&archive, "flat-2025-11");
    let at = |arguments: &[&str]| run(&workspace.path, arguments);
    assert!(at(&["migrate"]).answer().contains("120 issues"));
    at(&["rollback"]).answer();
    for command in [&["serve", "--port", "0"][..], &["profiles"]] {
        at(command).failed(1, &["rolled back", "migrate --again"]);
    }
    at(&["migrate", "--again"]).answer();
    assert_eq!(at(&["profiles", "--json"]).json()[0]["issues"], 120);
}

#[test]
fn old_files_may_lie_elsewhere() {
    let old = Workspace::small();
    let before = old.files();
    let new = Workspace::empty();
    let from = old.path.display().to_string();
    run(&new.path, &["migrate", "--from", &from, "--workspace", "."]).answer();
    assert!(old.files() == before);
    let profiles = run(&new.path, &["profiles", "--json"]).json();
    assert_eq!(profiles[0]["name"], "Apache Kafka");
}

#[test]
fn old_files_of_another_folder_are_not_changes_of_the_first() {
    let (first, second) = (Workspace::small(), Workspace::corrupt("html-injection"));
    let new = Workspace::empty();
    let from = |old: &Workspace, more: &[&str]| {
        let folder = old.path.display().to_string();
        run(&new.path, &[&["migrate", "--workspace", ".", "--from", &folder], more].concat())
    };
    from(&first, &[]).answer();
    assert!(from(&first, &[]).answer().contains("nothing to do"));
    let (a, b) = (first.path.display().to_string(), second.path.display().to_string());
    from(&second, &[]).failed(1, &["was migrated from", &a, "not from", &b, "--again"]);
    from(&second, &["--again"]).answer();
    run(&new.path, &["verify"]).answer();
    let gone = ["migrate", "--from", "nowhere", "--workspace", "."];
    run(&new.path, &gone).failed(1, &["nowhere", "does not exist"]);
    run(&new.path, &[&gone[..], &["--dry-run"]].concat()).failed(1, &["does not exist"]);
}

#[test]
fn old_files_that_changed_later_are_reported_and_not_merged() {
    let workspace = Workspace::migrated();
    let file = workspace.path.join("profiles/profiles.json");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("Public Kafka tracker", "Another description")).unwrap();
    let status = run(&workspace.path, &["status", "--json"]).json();
    assert_eq!(status["state"], "legacy_changed", "{status}");
    run(&workspace.path, &["migrate"]).failed(1, &["changed after the migration", "--again"]);
    let profiles = run(&workspace.path, &["profiles", "--json"]).json();
    assert_eq!(profiles[0]["description"], "Public Kafka tracker");
}

#[test]
fn the_old_apps_own_database_alone_is_nothing_to_migrate() {
    let workspace = Workspace::empty();
    std::fs::create_dir(workspace.path.join("profiles")).unwrap();
    std::fs::write(workspace.path.join("profiles/burndown.db"), b"SQLite format 3\0").unwrap();
    let before = workspace.files();
    for command in [&["migrate"][..], &["serve", "--port", "0"]] {
        let ended = run(&workspace.path, &[command, &["--workspace", "."]].concat());
        ended.failed(3, &["burndown.db", "damaged beyond reading"]);
        assert!(workspace.files() == before);
    }
    run(&workspace.path.join("profiles"), &["migrate"]).failed(3, &["nothing of the old app"]);
}

/// After a rollback the data is in the old app's own files: who changes them hears that, who asks does not.
#[test]
fn changes_after_a_rollback_say_whose_files_they_go_into() {
    let workspace = Workspace::migrated();
    let at = |arguments: &[&str]| run(&workspace.path, arguments);
    let says = |arguments: &[&str]| {
        let ended = at(arguments);
        assert_eq!(ended.code, 0, "{}", ended.err);
        ended.err.contains("the old app's own files")
    };
    assert!(!says(&["profile", "create", "A"]));
    at(&["rollback", "--yes"]).answer();
    for change in [
        &["profile", "create", "B"][..],
        &["settings", "set", "window", "8"],
        &["query", "edit", "All issues", "--name", "Other"],
    ] {
        assert!(says(change), "{change:?}");
    }
    for question in [&["summary"][..], &["profiles"], &["settings"], &["export", "-"]] {
        assert!(!says(question), "{question:?}");
    }
}
