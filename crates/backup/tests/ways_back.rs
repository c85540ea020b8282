//! The ways back: a backup is what it says, a restore keeps what it replaces, and of a damaged
//! database everything comes back that can be read.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};

use backup::{Error, Finding, Job, Kind, Reason};
use model::{
    CacheHeader, Document, Issue, Object, Profile, ProfileId, Query, QueryKey, Settings, Tape,
};
use store::{Address, Store, Writer};

struct Workspace {
    folder: tempfile::TempDir,
}

const QUERIES: usize = 3;
const ISSUES: usize = 400;

impl Workspace {
    /// One with a profile, some queries and issues.
    fn new() -> Workspace {
        let workspace = Workspace { folder: tempfile::tempdir().unwrap() };
        drop(migrate::Hold::share_to_make(workspace.path()).unwrap());
        let store = Address::Sqlite(workspace.database()).open().unwrap();
        store
            .transact(|writer: &mut dyn Writer| {
                writer.put_profile(&Profile {
                    id: id("p"),
                    name: "P".to_owned(),
                    description: None,
                    created_at: None,
                    last_used: None,
                    settings: Settings::default(),
                })?;
                for number in 0..QUERIES {
                    let key = key(number);
                    writer.put_query(&Query {
                        key: key.clone(),
                        name: format!("Q {number}"),
                        jql: "project = A".to_owned(),
                        description: None,
                        created_at: None,
                        updated_at: None,
                        last_used: None,
                        extra: Object::new(),
                    })?;
                    let mut issues = (0..ISSUES).map(issue);
                    writer.replace_issues(&key, &CacheHeader::default(), &mut issues)?;
                }
                writer.put_state("mark", "first")
            })
            .unwrap();
        workspace
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn database(&self) -> PathBuf {
        migrate::database_path(self.path())
    }

    fn open(&self) -> Box<dyn Store> {
        Address::Sqlite(self.database()).open_existing().unwrap()
    }

    fn mark(&self, value: &str) {
        self.open().transact(|writer: &mut dyn Writer| writer.put_state("mark", value)).unwrap();
    }

    fn marked(&self) -> Option<String> {
        self.open().read().unwrap().state("mark").unwrap()
    }

    fn job(&self, now: &str) -> Job {
        let workspace = self.path().to_owned();
        Job { workspace, now: now.parse().unwrap(), program_version: "1.2.3".to_owned() }
    }

    /// Damages pages of the database, from the page `first` on.
    fn spoil(&self, pages: impl Iterator<Item = usize>) {
        store::fold_log(&self.database()).unwrap();
        let mut bytes = fs::read(self.database()).unwrap();
        for page in pages {
            let at = page * 4096;
            if at + 4096 <= bytes.len() {
                bytes[at..at + 4096].fill(0xA5);
            }
        }
        fs::write(self.database(), bytes).unwrap();
    }
}

fn id(text: &str) -> ProfileId {
    ProfileId::new(text).unwrap()
}

fn key(number: usize) -> QueryKey {
    QueryKey::parse("p", &format!("q{number}")).unwrap()
}

fn issue(number: usize) -> Issue {
    let text = format!(
        r#"{{"key":"A-{number}","fields":{{"summary":"{}","status":{{"name":"Done"}}}}}}"#,
        format!("{number} ").repeat(40)
    );
    let document = Document::parse(&text, &mut Tape::new()).unwrap();
    Issue { key: format!("A-{number}"), document }
}

const NOW: &str = "2026-01-05T08:00:00Z";

#[test]
fn a_backup_is_restored_and_what_it_replaces_is_kept() {
    let workspace = Workspace::new();
    fs::create_dir(workspace.path().join("trash")).unwrap();
    fs::write(workspace.path().join("trash/20260101-000000.json.gz"), "gone").unwrap();
    let made = backup::back_up(&workspace.job(NOW), Reason::Asked, None).unwrap();
    assert_eq!(made.counts.unwrap().issues, (QUERIES * ISSUES) as u64);
    assert_eq!(backup::verify(&made).unwrap(), made.counts.unwrap());
    assert_eq!(backup::list(workspace.path()), std::slice::from_ref(&made));
    workspace.mark("second");
    fs::remove_file(workspace.path().join("trash/20260101-000000.json.gz")).unwrap();
    let restored = backup::restore(&workspace.job(NOW), &made).unwrap();
    assert_eq!(workspace.marked().as_deref(), Some("first"));
    assert!(workspace.path().join("trash/20260101-000000.json.gz").is_file());
    let kept = backup::list(workspace.path());
    let kept = kept.iter().find(|entry| entry.kind == Kind::Replaced).unwrap();
    assert_eq!(restored.kept.as_ref(), Some(&kept.path));
    // And back again.
    backup::restore(&workspace.job(NOW), kept).unwrap();
    assert_eq!(workspace.marked().as_deref(), Some("second"));
}

/// What SQLite finds sound is not what was written if a byte of it is another one.
#[test]
fn a_backup_is_refused_whichever_of_its_files_was_changed() {
    let workspace = Workspace::new();
    fs::create_dir(workspace.path().join("trash")).unwrap();
    fs::write(workspace.path().join("trash/20260101-000000.json.gz"), "gone").unwrap();
    let made = backup::back_up(&workspace.job(NOW), Reason::Asked, None).unwrap();
    backup::verify(&made).unwrap();
    let kept = made.path.join("trash/20260101-000000.json.gz");
    fs::write(&kept, "gine").unwrap();
    assert!(matches!(backup::verify(&made), Err(Error::Damaged { .. })));
    fs::write(&kept, "gone").unwrap();
    backup::verify(&made).unwrap();
    // The version of SQLite that wrote last: no check of a database looks at it.
    let database = made.path.join("burndown.sqlite");
    let mut bytes = fs::read(&database).unwrap();
    bytes[96] ^= 1;
    fs::write(&database, bytes).unwrap();
    assert!(matches!(backup::verify(&made), Err(Error::Damaged { .. })));
}

/// A key that was taken away does not come back with a backup, and one that was made since stays.
#[test]
fn a_restore_keeps_todays_access_keys() {
    let workspace = Workspace::new();
    let key = |id: &str| model::AccessKey {
        id: id.to_owned(),
        name: id.to_owned(),
        role: model::access_key::Role::Edit,
        hash: "00ff".to_owned(),
        made_at: NOW.parse().unwrap(),
        used_at: None,
    };
    let write = |work: &dyn Fn(&mut dyn Writer) -> store::Result<()>| {
        workspace.open().transact(|writer: &mut dyn Writer| work(writer)).unwrap();
    };
    write(&|writer| writer.put_access_key(&key("stolen")));
    let made = backup::back_up(&workspace.job(NOW), Reason::Asked, None).unwrap();
    write(&|writer| writer.remove_access_key("stolen").map(drop));
    write(&|writer| writer.put_access_key(&key("new")));
    workspace.mark("second");
    backup::restore(&workspace.job(NOW), &made).unwrap();
    assert_eq!(workspace.marked().as_deref(), Some("first"));
    assert_eq!(workspace.open().read().unwrap().access_keys().unwrap(), [key("new")]);
    assert_eq!(workspace.open().check_integrity().unwrap(), [""; 0]);
}

#[test]
fn a_backup_is_made_beside_writers_and_holds_one_moment() {
    let workspace = Workspace::new();
    let store = workspace.open();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 0..60 {
                store
                    .transact(|writer: &mut dyn Writer| {
                        writer.put_state("a", &number.to_string())?;
                        writer.put_state("b", &number.to_string())
                    })
                    .unwrap();
            }
        });
        for _ in 0..4 {
            let to = workspace.path().join("elsewhere");
            let made = backup::back_up(&workspace.job(NOW), Reason::Asked, Some(&to)).unwrap();
            let copy = Address::Sqlite(made.database()).open_existing().unwrap();
            let reader = copy.read().unwrap();
            assert_eq!(reader.state("a").unwrap(), reader.state("b").unwrap());
        }
        writer.join().unwrap();
    });
}

#[test]
fn a_damaged_backup_is_refused_and_nothing_is_changed() {
    let workspace = Workspace::new();
    let made = backup::back_up(&workspace.job(NOW), Reason::Asked, None).unwrap();
    let mut bytes = fs::read(made.database()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(made.database(), bytes).unwrap();
    workspace.mark("second");
    for refused in
        [backup::verify(&made).map(drop), backup::restore(&workspace.job(NOW), &made).map(drop)]
    {
        assert!(matches!(refused, Err(Error::Damaged { .. })), "{refused:?}");
    }
    assert_eq!(workspace.marked().as_deref(), Some("second"));
}

#[test]
fn one_a_day_where_something_changed() {
    let workspace = Workspace::new();
    let revision = || workspace.open().read().unwrap().revision().unwrap();
    let due =
        |now: &str| backup::back_up_if_due(&workspace.job(now), revision()).unwrap().is_some();
    assert!(due("2026-01-05T08:00:00Z"), "the first");
    assert!(!due("2026-01-05T20:00:00Z"), "the same day");
    assert!(!due("2026-01-07T08:00:00Z"), "nothing changed");
    workspace.mark("second");
    assert!(due("2026-01-07T08:00:01Z"));
    workspace.mark("third");
    assert!(due("2025-06-01T08:00:00Z"), "one of the future keeps none away");
}

#[test]
fn only_our_own_are_listed_and_thinned() {
    let workspace = Workspace::new();
    let backups = workspace.path().join("backups");
    let theirs = ["migration-20240101_000000", "backup-of-mine", "backup-20200101T000000Z"];
    for name in theirs {
        fs::create_dir_all(backups.join(name)).unwrap();
        fs::write(backups.join(name).join("burndown.sqlite"), "theirs").unwrap();
    }
    for day in 1..=28 {
        let now = format!("2026-02-{day:02}T08:00:00Z");
        workspace.mark(&now);
        backup::back_up(&workspace.job(&now), Reason::Daily, None).unwrap();
    }
    let left = backup::list(workspace.path());
    assert!((14..=20).contains(&left.len()), "{}", left.len());
    assert!(left.last().unwrap().id.contains("20260201"), "the first stays");
    for name in theirs {
        assert!(backups.join(name).join("burndown.sqlite").is_file(), "{name}");
    }
}

/// A folder on another disk that two workspaces have for their backups, by links.
#[cfg(unix)]
#[test]
fn what_another_workspace_keeps_in_the_same_folder_is_not_ours() {
    let (one, other) = (Workspace::new(), Workspace::new());
    let shared = tempfile::tempdir().unwrap();
    for workspace in [&one, &other] {
        let link = workspace.path().join("backups");
        std::os::unix::fs::symlink(shared.path(), link).unwrap();
    }
    let day = |day: u32, hour: u32| format!("2026-03-{day:02}T{hour:02}:00:00Z");
    for number in 1..=25 {
        for hour in [8, 9] {
            let job = other.job(&day(number, hour));
            backup::back_up(&job, Reason::Daily, None).unwrap();
        }
    }
    let of_other = || {
        let entries = backup::list(one.path()).into_iter();
        entries.filter(|entry| entry.may_be_of_other).map(|entry| entry.id).collect::<Vec<_>>()
    };
    let before = of_other();
    assert!((14..50).contains(&before.len()), "its own are thinned: {}", before.len());
    // Nor does it stand for the backup of the day.
    assert!(backup::is_due(one.path(), day(25, 10).parse().unwrap()));
    for number in 1..=25 {
        backup::back_up(&one.job(&day(number, 7)), Reason::Daily, None).unwrap();
    }
    assert_eq!(of_other(), before);
    assert!(!backup::is_due(one.path(), day(25, 10).parse().unwrap()));
    let checked = backup::examine(&one.job(&day(25, 10))).unwrap();
    assert!(checked.backups.iter().all(|id| !before.contains(id)), "{:?}", checked.backups);
}

#[test]
fn a_copy_that_lost_a_row_is_no_backup() {
    let workspace = Workspace::new();
    let spoil = |done: &files::Done| {
        if done.act == files::Act::Flush && done.place.ends_with("burndown.sqlite") {
            let copy = Address::Sqlite(done.place.clone()).open_existing().unwrap();
            copy.transact(|writer: &mut dyn Writer| writer.remove_query(&key(0))).unwrap();
            drop(copy);
            store::fold_log(&done.place).unwrap();
        }
    };
    let made = files::watched(spoil, || backup::back_up(&workspace.job(NOW), Reason::Asked, None));
    assert!(made.is_err(), "{made:?}");
    assert_eq!(backup::list(workspace.path()), []);
}

/// How many issues are saved where a page in seven of the second half, in which the issues lie, is spoiled,
/// from so many pages behind its beginning on.
fn saved_of_spoiled(behind: usize) -> usize {
    let workspace = Workspace::new();
    let pages = fs::metadata(workspace.database()).unwrap().len() as usize / 4096;
    workspace.spoil((pages / 2 + behind..pages).step_by(7));
    let job = workspace.job(NOW);
    let found = backup::examine(&job).unwrap();
    assert!(found.findings.iter().any(Finding::is_damage), "{found:?}");
    let repaired = backup::repair(&job).unwrap();
    assert!(repaired.kept.unwrap().join("burndown.sqlite").is_file());
    let store = workspace.open();
    let reader = store.read().unwrap();
    assert_eq!(reader.profile(&id("p")).unwrap().unwrap().name, "P");
    assert_eq!(reader.queries(&id("p")).unwrap().len(), QUERIES);
    assert_eq!(reader.state("mark").unwrap().as_deref(), Some("first"));
    let mut issues = 0;
    for number in 0..QUERIES {
        reader
            .each_issue(&key(number), &mut |_| {
                issues += 1;
                Ok(())
            })
            .unwrap();
    }
    drop(reader);
    assert_eq!(store.check_integrity().unwrap(), [""; 0]);
    let again = backup::examine(&job).unwrap();
    assert!(!again.findings.iter().any(Finding::is_damage), "{again:?}");
    issues
}

#[test]
fn what_can_be_read_of_a_damaged_database_is_saved() {
    // A page that leads to others takes those with it; most lead nowhere.
    let mut saved = [0, 2, 4, 5].map(saved_of_spoiled);
    saved.sort_unstable();
    let all = QUERIES * ISSUES;
    assert!(saved[0] > all / 3 && saved[1] > all * 3 / 4, "{saved:?}");
}

#[cfg(unix)]
#[test]
fn leftovers_and_modes_are_set_right() {
    use std::os::unix::fs::PermissionsExt as _;
    let workspace = Workspace::new();
    let open = fs::Permissions::from_mode(0o644);
    fs::set_permissions(workspace.database(), open).unwrap();
    let left = workspace.path().join("profiles/.burndown-x1y2");
    fs::write(&left, "cut off").unwrap();
    let job = workspace.job(NOW);
    assert_eq!(backup::examine(&job).unwrap().findings.len(), 2);
    backup::repair(&job).unwrap();
    assert_eq!(backup::examine(&job).unwrap().findings, []);
    assert!(!left.exists());
}

#[test]
fn what_a_kill_left_without_its_final_name_is_listed_unless_it_is_in_force() {
    let workspace = Workspace::new();
    let backups = migrate::backups_folder(workspace.path());
    let kept = |name: &str| {
        let folder = backups.join(name);
        fs::create_dir_all(&folder).unwrap();
        folder.join("burndown.sqlite")
    };
    fs::copy(workspace.database(), kept("replaced-20260105T080000Z.partial")).unwrap();
    fs::hard_link(workspace.database(), kept("replaced-20260106T080000Z.partial")).unwrap();
    fs::copy(workspace.database(), kept("backup-20260107T080000Z.partial")).unwrap();
    let listed = backup::list(workspace.path());
    let [only] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!(
        (only.kind, only.id.as_str()),
        (Kind::Replaced, "replaced-20260105T080000Z.partial")
    );
    assert!(only.made_at.is_some());
}
