//! Deleted and restored: nothing lost, nothing else touched, whatever goes wrong on the way.

use std::fs;
use std::path::Path;

use model::{QueryId, Token};

use super::*;
use crate::draft::{ProfileDraft, QueryDraft};
use crate::error::{Error, Kind};
use crate::profile::Extent;
use crate::sample::Sample;
use crate::transfer::{Content, ExportOptions};

mod crash;

const ALL: ExportOptions =
    ExportOptions { query: None, content: Content::Everything, is_gzip: false };

fn exported(app: &App, profile: &ProfileId) -> String {
    let mut file = Vec::new();
    app.export(profile, &ALL, &mut file).unwrap();
    String::from_utf8(file).unwrap()
}

fn profile_of(key: &QueryKey) -> Thing {
    Thing::Profile(key.profile.clone())
}

fn files(app: &App) -> Vec<String> {
    let folder = app.folder.as_ref().unwrap().join("trash");
    let entries = fs::read_dir(folder).map(|all| all.map(|it| it.unwrap().file_name()));
    entries.map_or(Vec::new(), |names| names.map(|it| it.into_string().unwrap()).collect())
}

/// An app over the old app's files, with a profile and a query.
fn old_files() -> (App, QueryKey, tempfile::TempDir) {
    let (app, folder) = Sample::empty_files();
    let draft = ProfileDraft { name: "P".into(), ..ProfileDraft::default() };
    let profile = app.create_profile(&draft).unwrap();
    let draft = QueryDraft { jql: "project = K".into(), ..QueryDraft::default() };
    let key = app.create_query(&profile, &draft).unwrap();
    (app, key, folder)
}

#[track_caller]
fn check_round_trip(app: &App, key: &QueryKey, thing: &Thing) {
    app.choose(&key.profile, Some(&key.query)).unwrap();
    let (before, workspace) = (exported(app, &key.profile), app.workspace().unwrap());
    let going = app.going(thing).unwrap().deleted;
    let entry = app.delete(thing).unwrap();
    assert_eq!(entry.deleted, going);
    assert_eq!(entry.until.to_string(), "2026-12-22T12:00:00Z");
    assert_eq!(app.trash().unwrap().entries, std::slice::from_ref(&entry));
    let there =
        app.workspace().unwrap().profiles.into_iter().find(|it| it.id == entry.deleted.profile.id);
    assert_eq!(there.map(|it| it.queries.len()), entry.deleted.query.as_ref().map(|_| 0));
    let restored = app.restore(&entry.id).unwrap();
    assert_eq!((&restored.profile, &restored.query), (&going.profile, &going.query));
    assert_eq!(restored.notes, Vec::<String>::new());
    assert_eq!(exported(app, &key.profile), before);
    let after = app.workspace().unwrap();
    assert_eq!((after.profiles.len(), after.totals), (workspace.profiles.len(), workspace.totals));
    assert_eq!(app.trash().unwrap(), Trash::default());
    assert_eq!(app.store.check_integrity().unwrap(), Vec::<String>::new());
}

#[test]
fn what_was_deleted_comes_back_as_it_was() {
    for sample in [Sample::issues, Sample::rows] {
        let Sample { app, key, .. } = &sample();
        check_round_trip(app, key, &profile_of(key));
        check_round_trip(app, key, &Thing::Query(key.clone()));
    }
    let (app, key, _folder) = old_files();
    check_round_trip(&app, &key, &profile_of(&key));
    check_round_trip(&app, &key, &Thing::Query(key.clone()));
}

#[test]
fn settings_that_an_export_leaves_out_come_back_too() {
    let Sample { app, key, .. } = &Sample::issues();
    let odd = r#"{"points_field":"cf","proxy":"Basic of sorts","password_hint":"none"}"#;
    let change = |tx: &mut dyn store::Writer| {
        let mut profile = tx.profile(&key.profile)?.unwrap();
        profile.settings.jira_config = model::Json::parse(odd).ok();
        tx.put_profile(&profile)
    };
    app.store.transact(change).unwrap();
    let before = app.store.read().unwrap().profile(&key.profile).unwrap();
    let entry = app.delete(&profile_of(key)).unwrap();
    app.restore(&entry.id).unwrap();
    assert_eq!(app.store.read().unwrap().profile(&key.profile).unwrap(), before);
}

#[test]
fn what_was_last_chosen_moves_on() {
    let Sample { app, key, .. } = &Sample::issues();
    let active = || app.workspace().unwrap().active;
    let of = |profile: Option<&ProfileId>, query: Option<&QueryId>| crate::active::Selection {
        profile: profile.map(ToString::to_string),
        query: query.map(ToString::to_string),
    };
    let other = app.duplicate_profile(&key.profile, "Other", Extent::Queries).unwrap();
    let copy = app.duplicate_query(key, "Copy", false).unwrap();
    app.choose(&key.profile, Some(&key.query)).unwrap();
    app.delete(&Thing::Query(key.clone())).unwrap();
    assert_eq!(active(), of(Some(&key.profile), Some(&copy.query)));
    app.delete(&profile_of(key)).unwrap();
    assert_eq!(active(), of(Some(&other), Some(&key.query)));
    let last = app.delete(&Thing::Profile(other.clone())).unwrap();
    assert_eq!(active(), of(None, None));
    assert_eq!(app.workspace().unwrap().profiles, []);
    app.restore(&last.id).unwrap();
    assert_eq!(active(), of(Some(&other), Some(&key.query)));
}

#[test]
fn a_taken_place_gives_a_number() {
    let Sample { app, key, .. } = &Sample::issues();
    let entry = app.delete(&Thing::Query(key.clone())).unwrap();
    let copy = fs::read(app.folder.as_ref().unwrap().join(format!("trash/{}.json.gz", entry.id)));
    app.restore(&entry.id).unwrap();
    let again = app.folder.as_ref().unwrap().join("trash/20261122-130000.json.gz");
    fs::write(again, copy.unwrap()).unwrap();
    let twin = app.restore("20261122-130000").unwrap();
    assert_eq!(twin.query.unwrap(), Named { id: "q-2".into(), name: "Q (2)".into() });
    assert_eq!(twin.notes.len(), 2, "{:?}", twin.notes);

    let entry = app.delete(&profile_of(key)).unwrap();
    let draft = ProfileDraft { name: "p".into(), ..ProfileDraft::default() };
    app.create_profile(&draft).unwrap();
    let restored = app.restore(&entry.id).unwrap();
    assert_eq!(restored.profile, Named { id: "p".into(), name: "P (2)".into() });
    assert_eq!(
        restored.notes,
        ["the name \"P\" is taken or cannot be one, so it is \"P (2)\" now"]
    );
}

#[test]
fn a_query_comes_back_only_into_its_profile() {
    let Sample { app, key, .. } = &Sample::issues();
    let query = app.delete(&Thing::Query(key.clone())).unwrap();
    let profile = app.delete(&profile_of(key)).unwrap();
    assert_ne!(query.id, profile.id, "both went in the same second");
    let error = app.restore(&query.id).unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict);
    assert!(error.to_string().contains("restore that first"), "{error}");
    assert_eq!(app.trash().unwrap().entries.len(), 2);
    app.restore(&profile.id).unwrap();
    app.restore(&query.id).unwrap();
    assert_eq!(app.query_setup(key).unwrap().draft.name, "Q");
}

#[test]
fn a_token_goes_and_is_said_to_be_gone() {
    let Sample { app, key, .. } = &Sample::issues();
    let profiles = app.folder.as_ref().unwrap().join("profiles");
    fs::create_dir(&profiles).unwrap();
    let open = || store::SecretFile::open(&profiles).unwrap();
    let other = ProfileId::new("other").unwrap();
    let set = |secrets: &mut store::SecretFile| {
        secrets.set(&key.profile, Token::new("canary-1").unwrap());
        secrets.set(&other, Token::new("canary-2").unwrap());
        true
    };
    store::SecretFile::change(&profiles, set).unwrap();
    let query = app.delete(&Thing::Query(key.clone())).unwrap();
    assert!(open().token(&key.profile).is_some() && !query.deleted.had_token);
    let entry = app.delete(&profile_of(key)).unwrap();
    assert!(open().token(&key.profile).is_none() && open().token(&other).is_some());
    let restored = app.restore(&entry.id).unwrap();
    assert_eq!(restored.notes, ["its Jira token was not kept, so enter it again"]);
}

/// Deletes while something happens at a step; expects that nothing was deleted.
#[track_caller]
fn check_refused(happens_at: &str, happens: impl Fn(&App), want: fn(&Error) -> bool) {
    let Sample { app, key, .. } = &Sample::issues();
    let before = exported(app, &key.profile);
    let step = &mut |step: &str| {
        if step == happens_at {
            happens(app);
        }
    };
    let error = app.delete_and(&profile_of(key), &mut |_| Ok(()), step).unwrap_err();
    assert!(want(&error), "{error}");
    assert_eq!(exported(app, &key.profile), before);
    assert_eq!(files(app), Vec::<String>::new());
}

/// Changes the file that is being written.
fn spoil(app: &App, change: impl Fn(&Path)) {
    let [name] = files(app).try_into().unwrap();
    change(&app.folder.as_ref().unwrap().join("trash").join(name));
}

#[test]
fn nothing_is_deleted_without_a_good_copy() {
    let is_bad = |error: &Error| matches!(error, Error::NotKept(_));
    let cut = |path: &Path| {
        let bytes = fs::read(path).unwrap();
        fs::write(path, bytes.get(..bytes.len() / 2).unwrap()).unwrap();
    };
    check_refused("written", |app| spoil(app, cut), is_bad);
    check_refused("written", |app| spoil(app, |path| fs::write(path, "").unwrap()), is_bad);
    let other = |path: &Path| {
        let Sample { app, key, .. } = &Sample::steady();
        let entry = app.delete(&profile_of(key)).unwrap();
        let from = app.folder.as_ref().unwrap().join(format!("trash/{}.json.gz", entry.id));
        fs::write(path, fs::read(from).unwrap()).unwrap();
    };
    check_refused("written", |app| spoil(app, other), is_bad);
}

#[test]
fn what_is_written_meanwhile_is_copied_too() {
    let Sample { app, key, .. } = &Sample::issues();
    let mut is_first = true;
    let step = &mut |step: &str| {
        if step == "proven" && std::mem::take(&mut is_first) {
            app.put_milestone(&key.profile, "Beta", "2027-01-01".parse().unwrap(), None).unwrap();
        }
    };
    let (entry, ()) = app.delete_and(&profile_of(key), &mut |_| Ok(()), step).unwrap();
    assert_eq!(app.trash().unwrap().entries.len(), 1);
    app.restore(&entry.id).unwrap();
    assert!(exported(app, &key.profile).contains("Beta"));
}

#[test]
fn a_trash_that_is_emptied_during_a_deletion_keeps_its_copy() {
    let Sample { app, key, .. } = &Sample::issues();
    let before = exported(app, &key.profile);
    for happens_at in ["begun", "pending", "removed"] {
        let step = &mut |step: &str| {
            if step == happens_at {
                // As another process would, in the middle of a transaction of this one.
                app.trash_folder().unwrap().empty().unwrap();
            }
        };
        let (entry, ()) = app.delete_and(&profile_of(key), &mut |_| Ok(()), step).unwrap();
        app.restore(&entry.id).unwrap();
        assert_eq!(exported(app, &key.profile), before, "{happens_at}");
    }
}

#[test]
fn what_is_restored_twice_is_there_once() {
    let Sample { app, key, .. } = &Sample::issues();
    let entry = app.delete(&profile_of(key)).unwrap();
    let file = app.folder.as_ref().unwrap().join(format!("trash/{}.json.gz", entry.id));
    let copy = fs::read(&file).unwrap();
    app.restore(&entry.id).unwrap();
    // Whoever looked before the file went, or a crash that left it.
    fs::write(&file, copy).unwrap();
    assert!(matches!(app.restore(&entry.id), Err(Error::NotInTrash(_))));
    assert_eq!(app.workspace().unwrap().profiles.len(), 1);
    assert!(!file.exists());
}

#[test]
fn one_wrong_clock_removes_nothing() {
    let Sample { app, key, .. } = &Sample::issues();
    let entry = app.delete(&Thing::Query(key.clone())).unwrap();
    let mut ahead = app.context.clone();
    ahead.clock = || "2027-06-01T00:00:00Z".parse().unwrap();
    let folder = app.folder.clone().unwrap();
    let (again, _) = Sample::again(&folder);
    let again = App { context: ahead, ..again };
    assert_eq!(again.trash().unwrap().entries, std::slice::from_ref(&entry), "looking");
    again.delete(&profile_of(key)).unwrap();
    assert_eq!(again.trash().unwrap().entries.len(), 2, "deleting");
    // A second event at that time, such as a choice or a sync, says that it is so late indeed.
    let draft = ProfileDraft { name: "N".into(), ..ProfileDraft::default() };
    let other = again.create_profile(&draft).unwrap();
    again.choose(&other, None).unwrap();
    assert_eq!(again.remove_old_trash().unwrap(), 1);
    assert_eq!(again.trash().unwrap().entries.len(), 1);
}

#[test]
fn a_trash_that_cannot_be_used_is_named() {
    for is_link in [false, true] {
        let Sample { app, key, .. } = &Sample::issues();
        let trash = app.folder.as_ref().unwrap().join("trash");
        if is_link && cfg!(unix) {
            #[cfg(unix)]
            std::os::unix::fs::symlink(std::env::temp_dir(), &trash).unwrap();
        } else {
            fs::write(&trash, "").unwrap();
        }
        let error = app.delete(&profile_of(key)).unwrap_err();
        assert!(error.to_string().contains("trash cannot be used"), "{error}");
        assert!(app.profile_setup(&key.profile).is_ok());
    }
}

#[test]
fn ids_lead_nowhere_else() {
    let Sample { app, .. } = &Sample::issues();
    for id in ["", "..", "../profiles", "20261122-120000/../x", "20261122-120000", "2026-1", "a"] {
        assert!(matches!(app.restore(id), Err(Error::NotInTrash(_))), "{id:?}");
    }
}

#[test]
fn what_is_too_old_goes_and_what_is_odd_stays() {
    let Sample { app, key, .. } = &Sample::issues();
    let entry = app.delete(&Thing::Query(key.clone())).unwrap();
    let trash = app.folder.as_ref().unwrap().join("trash");
    fs::write(trash.join("20200101-000000.json.gz"), "odd").unwrap();
    fs::write(trash.join("notes.txt"), "mine").unwrap();
    fs::write(trash.join(".partial-x"), "cut").unwrap();
    let folder = app.trash_folder().unwrap();
    assert_eq!(folder.remove_old(entry.until).unwrap(), 0);
    let listed = app.trash().unwrap();
    assert_eq!(
        (listed.entries.len(), listed.unreadable),
        (1, vec!["20200101-000000.json.gz".into()])
    );
    let later = "2099-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(folder.remove_old(later).unwrap(), 1);
    let mut left = files(app);
    left.sort();
    assert_eq!(left, ["20200101-000000.json.gz", "notes.txt"]);
    assert_eq!(app.empty_trash(&[]).unwrap().removed, 1);
    assert_eq!(files(app), ["notes.txt"]);
}

#[cfg(unix)]
#[test]
fn the_trash_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let Sample { app, key, .. } = &Sample::issues();
    let entry = app.delete(&profile_of(key)).unwrap();
    let trash = app.folder.as_ref().unwrap().join("trash");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let file = trash.join(format!("{}.json.gz", entry.id));
    assert_eq!((mode(&trash), mode(&file)), (0o700, 0o600));
}

#[test]
fn a_file_takes_the_place_of_a_profile() {
    let Sample { app, key, .. } = &Sample::issues();
    app.choose(&key.profile, None).unwrap();
    let file = exported(app, &key.profile);
    app.put_milestone(&key.profile, "Beta", "2027-01-01".parse().unwrap(), None).unwrap();
    let mut source = std::io::Cursor::new(&file);
    let preview = app.preview_import_instead(&mut source, None, &key.profile).unwrap();
    assert_eq!((preview.name.as_str(), preview.profile.as_str()), ("P", "p"));
    assert!(exported(app, &key.profile).contains("Beta"));
    let (entry, imported) = app.import_instead(&mut source, None, &key.profile).unwrap();
    assert_eq!(imported, preview);
    assert!(!exported(app, &key.profile).contains("Beta"));
    assert_eq!(app.workspace().unwrap().active.query.as_deref(), Some("q"));
    app.restore(&entry.id).unwrap();
    let twin = ProfileId::new("p-2").unwrap();
    assert!(exported(app, &twin).contains("Beta"));

    let mut damaged = std::io::Cursor::new("{}");
    assert!(app.import_instead(&mut damaged, None, &twin).is_err());
    assert!(exported(app, &twin).contains("Beta"));
    assert_eq!(files(app), Vec::<String>::new());
}

/// Nothing else counts the rows of the trash: in their place may stand a page of another table.
#[test]
fn a_row_of_the_trash_that_is_none_is_damage() {
    let Sample { app, .. } = &Sample::issues();
    assert_eq!(app.workspace().unwrap().trash, 0);
    let record = model::TrashRecord { id: "K-1".into(), note: "Bug".into(), size_bytes: 7 };
    app.store.transact(|writer| writer.put_trash(&record)).unwrap();
    let told = app.workspace().unwrap_err();
    assert!(matches!(told, Error::Store(store::Error::Corrupt { .. })), "{told}");
}
