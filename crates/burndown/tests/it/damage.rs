//! Databases that cannot be used: named, explained, and left as they are.

use std::fs;

use crate::program::run;
use crate::samples::Workspace;
use crate::serving::Server;

/// Changes the bytes of a good database, then expects every command to fail alike and to leave
/// all files as they are.
#[track_caller]
fn check(change: impl Fn(&mut Vec<u8>), parts: &[&str]) {
    let workspace = Workspace::migrated();
    let file = workspace.database();
    let mut bytes = fs::read(&file).unwrap();
    change(&mut bytes);
    fs::write(&file, bytes).unwrap();
    let before = workspace.files();
    for command in [&["profiles"][..], &["issues"], &["serve", "--port", "0"]] {
        let ended = run(&workspace.path, command);
        ended.failed(1, &[&["burndown.sqlite"], parts].concat());
        assert!(workspace.files() == before, "{command:?} changed a file");
    }
    let status = run(&workspace.path, &["status"]);
    assert_eq!(status.code, 1);
    assert!(status.out.contains("chosen because"), "{}", status.out);
}

#[test]
fn a_newer_database_is_refused() {
    // `user_version` in the header.
    let newer = |bytes: &mut Vec<u8>| bytes[60..64].copy_from_slice(&[0, 0, 1, 0]);
    check(newer, &["version 256", "newer burndown"]);
    // Nor is it damage that a repair would take back to what this version knows.
    let workspace = Workspace::migrated();
    let mut bytes = fs::read(workspace.database()).unwrap();
    newer(&mut bytes);
    fs::write(workspace.database(), &bytes).unwrap();
    for command in [&["doctor"][..], &["doctor", "--repair", "--yes"]] {
        run(&workspace.path, command).failed(1, &["newer burndown"]);
        assert!(fs::read(workspace.database()).unwrap() == bytes, "{command:?}");
    }
}

#[test]
fn a_database_of_another_program_is_refused() {
    // `application_id` in the header.
    check(
        |bytes| bytes[68..72].copy_from_slice(b"else"),
        &["not a burndown database", "--workspace"],
    );
    check(|bytes| *bytes = b"Dear diary, today".to_vec(), &["not a burndown database"]);
}

#[test]
fn a_damaged_database_is_refused() {
    let parts = ["damaged", "burndown restore", "doctor --repair"];
    check(|bytes| bytes[100..4096].fill(0xA5), &parts);
    // A later page of the list of tables: nothing at all can be read.
    check(
        |bytes| {
            let lists_tables = |page: &[u8]| page.windows(13).any(|it| it == b"CREATE TABLE ");
            let last = bytes.chunks(4096).rposition(lists_tables).unwrap();
            assert!(last > 0, "the list of tables has one page");
            bytes[last * 4096..][..4096].fill(0xA5);
        },
        &parts,
    );
}

/// Without the list of tables nothing can be read; a repair finds the tables all the same.
#[test]
fn a_database_without_its_list_of_tables_is_repaired() {
    let workspace = Workspace::migrated();
    let at = |arguments: &[&str]| run(&workspace.path, arguments);
    let shown = || [&["issues"][..], &["summary"], &["profiles"]].map(|what| at(what).answer());
    let before = shown();
    let mut bytes = fs::read(workspace.database()).unwrap();
    for (number, page) in bytes.chunks_mut(4096).enumerate() {
        let head = if number == 0 { 100 } else { 0 };
        if page.windows(13).any(|it| it == b"CREATE TABLE ") || number == 0 {
            page[head..].fill(0xA5);
        }
    }
    fs::write(workspace.database(), bytes).unwrap();
    at(&["summary"]).failed(1, &["damaged", "doctor --repair"]);
    at(&["doctor", "--repair", "--yes"]).answer();
    assert_eq!(shown(), before);
}

/// What a look found is told without another one; who asks for one gets it.
#[test]
fn a_look_is_made_when_it_is_asked_for() {
    let workspace = Workspace::migrated();
    let status = |arguments: &[&str]| run(&workspace.path, &[&["status"], arguments].concat());
    assert!(status(&[]).answer().contains("integrity"));
    assert!(!status(&[]).answer().contains("says the look"), "a question notes nothing");
    assert!(!status(&["--check"]).answer().contains("says the look"));
    assert!(status(&[]).answer().contains("ok, says the look at 20"));
    spoil_an_issue(&workspace);
    assert_eq!((status(&[]).code, status(&["--check"]).code), (0, 1));
    assert_eq!(status(&[]).code, 1, "damage that was found is looked at again");
    assert_eq!(run(&workspace.path, &["doctor"]).code, 1);
}

/// A bit of an issue that SQLite itself does not look at.
fn spoil_an_issue(workspace: &Workspace) {
    let file = workspace.database();
    let mut bytes = fs::read(&file).unwrap();
    let at = bytes.windows(7).rposition(|it| it == b"KAFKA-1").unwrap();
    bytes[at] ^= 1;
    fs::write(&file, bytes).unwrap();
}

/// What `doctor` calls damaged is copied under no name that says it is sound, and a copy that became so is
/// not what is taken.
#[test]
fn a_damaged_database_is_no_backup_and_a_damaged_backup_names_a_sound_one() {
    let workspace = Workspace::migrated();
    let at = |arguments: &[&str]| run(&workspace.path, arguments);
    let first = at(&["backup", "--json"]).json()["id"].as_str().unwrap().to_owned();
    let second = at(&["backup", "--json"]).json();
    let copy = std::path::Path::new(second["path"].as_str().unwrap()).join("burndown.sqlite");
    let mut bytes = fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&copy, bytes).unwrap();
    spoil_an_issue(&workspace);
    assert_eq!(at(&["doctor"]).code, 1);
    let before = workspace.files();
    at(&["backup"]).failed(1, &["is damaged", "burndown restore"]);
    let sound = format!("`burndown restore {first}`");
    at(&["restore", "--yes"]).failed(1, &["is damaged", "choose another one", &sound]);
    assert!(workspace.files() == before);
    at(&["restore", &first, "--yes"]).answer();
    assert!(at(&["doctor"]).answer().contains("all is well"));
}

/// Who only runs commands has a way back, too.
#[test]
fn commands_that_change_something_make_the_backup_of_the_day() {
    let workspace = Workspace::migrated();
    let at = |arguments: &[&str]| run(&workspace.path, arguments);
    let count = || at(&["backup", "list", "--json"]).json().as_array().unwrap().len();
    at(&["summary"]).answer();
    assert_eq!(count(), 0, "a question writes nothing");
    at(&["profile", "create", "A"]).answer();
    assert_eq!(count(), 1);
    at(&["profile", "create", "B"]).answer();
    assert_eq!(count(), 1, "one a day");
    let made = at(&["backup", "list", "--json"]).json()[0].clone();
    assert_eq!((&made["reason"], &made["counts"]["profiles"]), (&"daily".into(), &2.into()));
}

#[test]
fn damage_in_the_middle_is_told_on_the_page_before_anybody_meets_it() {
    let workspace = Workspace::migrated();
    let file = workspace.database();
    let mut bytes = fs::read(&file).unwrap();
    // In the data: the first page on which issues lie.
    let holds_issues = |page: &[u8]| page.windows(7).filter(|it| *it == b"KAFKA-1").count() > 3;
    let middle = bytes.chunks(4096).position(holds_issues).unwrap() * 4096;
    bytes[middle..middle + 4096].fill(0xA5);
    fs::write(&file, bytes).unwrap();
    let server = Server::start(&workspace, &["--port", "0"]);
    // The check runs while pages are answered already.
    let page =
        (0..10_000).map(|_| server.get("/profiles").1).find(|page| page.contains("is damaged"));
    let page = page.expect("the damage is never told");
    for part in ["Apache Kafka", "role=\"alert\"", "href=\"/backups\""] {
        assert!(page.contains(part), "{part:?} is not in: {page}");
    }
}

#[test]
fn damaged_old_files_are_carried_as_far_as_they_can_be_read() {
    let workspace = Workspace::corrupt("html-injection");
    run(&workspace.path, &["migrate"]).answer();
    run(&workspace.path, &["verify"]).answer();
    let workspace = Workspace::corrupt("deep-nesting");
    run(&workspace.path, &["migrate"]).answer();
    run(&workspace.path, &["verify"]).answer();
}

#[test]
fn a_database_that_lost_its_version_or_a_table_is_explained_without_sql() {
    // `user_version` in the header.
    check(|bytes| bytes[60..64].fill(0), &["damaged", "version", "burndown restore"]);
    let workspace = Workspace::migrated();
    let database = rusqlite::Connection::open(workspace.database()).unwrap();
    database.execute_batch("PRAGMA foreign_keys = OFF; DROP TABLE app_state").unwrap();
    drop(database);
    for command in [&["status"][..], &["profiles"], &["serve", "--port", "0"]] {
        let ended = run(&workspace.path, command);
        let said = ended.err.lines().last().unwrap_or_default();
        assert!(ended.code == 1 && said.contains("no such table: app_state"), "{said}");
        assert!(said.contains("burndown restore") && !said.contains("SELECT"), "{said}");
    }
}

/// Where no database is, nobody can say that it is well.
#[test]
fn doctor_says_of_what_is_not_migrated_that_it_is_not() {
    #[track_caller]
    fn check(workspace: &Workspace, state: &str, parts: &[&str]) {
        let told = run(&workspace.path, &["doctor", "--workspace", "."]).answer();
        for part in parts {
            assert!(told.contains(part), "{part:?} is not in: {told}");
        }
        for wrong in ["all is well", "0 records"] {
            assert!(!told.contains(wrong), "{wrong:?} is in: {told}");
        }
        let answer = run(&workspace.path, &["doctor", "--workspace", ".", "--json"]).json();
        assert_eq!(answer["state"], state);
        assert!(answer["no_data"].as_str().is_some_and(|said| said.contains(parts[0])), "{answer}");
    }
    /// What is advised does what is said of it.
    #[track_caller]
    fn follow(workspace: &Workspace, state: &str, part: &str, command: &[&str]) {
        check(workspace, state, &[part, &format!("`burndown {}`", command.join(" "))]);
        run(&workspace.path, command).answer();
        assert!(run(&workspace.path, &["doctor"]).answer().contains("all is well"));
    }
    follow(&Workspace::small(), "legacy", "nothing is migrated yet", &["migrate"]);
    check(&Workspace::empty(), "fresh", &["nothing is here yet", "`burndown serve`"]);
    let gone_back = Workspace::migrated();
    run(&gone_back.path, &["rollback", "--yes"]).answer();
    follow(&gone_back, "rolled_back", "since the rollback", &["migrate", "--again"]);
}
