//! What was exported and imported is what it was; `store/tests/it/travel.rs` has the same for
//! random workspaces.

use model::{ProfileId, QueryId, Status, StatusCategory};
use store::Writer;
use transfer::{Content, ExportAsk, ImportAsk};

use crate::sample::{ASK, IMPORT, Place};

/// Every profile travels into an empty database and gives the same file there, byte for byte.
#[track_caller]
fn check(from: &Place) {
    let to = Place::empty();
    for id in from.profiles() {
        for is_gzip in [false, true] {
            let ask = ExportAsk { is_gzip, ..ASK };
            let (file, exported) = from.export(&id, &ask);
            let imported = to.import(&file, &IMPORT).unwrap();
            assert_eq!(imported.carried, exported.carried);
            assert_eq!((exported.left_out, imported.notes), (vec![], vec![]));
            let arrived = ProfileId::new(imported.profile).unwrap();
            assert_eq!(arrived, id);
            assert!(to.export(&arrived, &ask).0 == file, "{id} differs after its way");
            to.store.transact(|writer| writer.remove_profile(&id)).unwrap();
        }
    }
    assert_eq!(to.store.check_integrity().unwrap(), Vec::<String>::new());
}

#[test]
fn a_small_workspace_travels() {
    check(&Place::small());
}

/// What a sync alone can know: the server's statuses, and when issues left.
#[test]
fn statuses_and_what_left_travel() {
    let place = Place::small();
    let id = place.profiles().remove(0);
    let status = |id: &str, category| Status {
        id: id.to_owned(),
        name: format!("Status {id}"),
        untranslated_name: Some("Done".to_owned()),
        category,
        project: Some("KAFKA".to_owned()),
        order: Some(7),
        seen_last: Some(ASK.exported_at),
        is_gone: category.is_none(),
    };
    let statuses = [status("5", Some(StatusCategory::Done)), status("6", None)];
    let queries = place.store.read().unwrap().queries(&id).unwrap();
    let (first, marks) = (&queries[0].key, [("KAFKA-1002", ASK.exported_at)]);
    let mark = |writer: &mut dyn Writer| {
        writer.put_statuses(&id, &statuses)?;
        writer.mark_left(first, &marks)
    };
    place.store.transact(mark).unwrap();
    let whole = place.export(&id, &ASK).0;
    let text = String::from_utf8_lossy(&whole);
    assert!(text.contains(r#""key":"KAFKA-1002","left":"2026-05-28T20:26:40"#), "it is marked");
    check(&place);
    let one = ExportAsk { query: Some(&first.query), ..ASK };
    let to = Place::empty();
    let arrived = to.import(&place.export(&id, &one).0, &IMPORT).unwrap().profile;
    let arrived = ProfileId::new(arrived).unwrap();
    assert_eq!(to.store.read().unwrap().statuses(&arrived).unwrap(), statuses);
}

#[test]
fn odd_and_real_and_large_workspaces_travel() {
    for name in ["multi", "real", "large"] {
        if let Some(place) = Place::shared(name) {
            check(&place);
        }
    }
}

#[test]
fn ids_and_names_that_are_taken_get_a_number() {
    let place = Place::small();
    let id = place.profiles().remove(0);
    let (file, _) = place.export(&id, &ASK);
    let twin = place.import(&file, &IMPORT).unwrap();
    assert_eq!((twin.profile, twin.name.as_str()), (format!("{id}-2"), "Apache Kafka (2)"));
    assert_eq!(twin.notes.len(), 2);
    let named = ImportAsk { name: Some("Other"), ..IMPORT };
    let third = place.import(&file, &named).unwrap();
    assert_eq!((third.profile, third.name.as_str()), (format!("{id}-3"), "Other"));
    let refused = place.import(&file, &ImportAsk { name: Some(" "), ..IMPORT }).unwrap_err();
    assert_eq!(refused.to_string(), "the name of the profile: it must not be empty");
    assert_eq!(place.profiles().len(), 3);
}

#[test]
fn a_part_can_be_exported() {
    let place = Place::small();
    let id = place.profiles().remove(0);
    let only_settings = ExportAsk { content: Content::Settings, ..ASK };
    let (file, exported) = place.export(&id, &only_settings);
    let carried = exported.carried;
    assert_eq!(
        (carried.profiles, carried.queries, carried.issues, carried.snapshots),
        (1, 1, 0, 0)
    );
    let imported = Place::empty().import(&file, &IMPORT).unwrap();
    assert!(imported.lacks.iter().any(|lack| lack.contains("a sync fetches them")));

    let unknown = QueryId::new("nope").unwrap();
    let reader = place.store.read().unwrap();
    for (profile, query) in [("nope", None), (id.as_str(), Some(&unknown))] {
        let profile = ProfileId::new(profile).unwrap();
        let mut out = Vec::new();
        let ask = ExportAsk { query, ..ASK };
        let error = transfer::export_profile(&*reader, &profile, &ask, &mut out).unwrap_err();
        assert!(error.to_string().contains("there is no"), "{error}");
        assert_eq!(out, Vec::<u8>::new());
    }
}

#[test]
fn a_preview_leaves_nothing() {
    let place = Place::small();
    let (file, _) = place.export(&place.profiles().remove(0), &ASK);
    let empty = Place::json();
    let mut writer = empty.store.write().unwrap();
    let mut source = std::io::Cursor::new(&file);
    let preview = transfer::import(&mut source, &mut *writer, &IMPORT).unwrap();
    drop(writer);
    assert_eq!(empty.profiles(), []);
    assert_eq!(empty.import(&file, &IMPORT).unwrap(), preview);
}

/// Out as a folder of the old app, migrated from there, out as a file: the file is the same as
/// without the detour.
#[track_caller]
fn check_detour(place: &Place) {
    for id in place.profiles() {
        let folder = tempfile::tempdir().unwrap();
        // A migration may know a later moment from a registry than the text in the file says.
        place.store.transact(|writer| writer.touch_profile(&id, ASK.exported_at)).unwrap();
        let reader = place.store.read().unwrap();
        let exported =
            transfer::export_folder(&*reader, &id, None, Content::Everything, folder.path());
        let (file, direct) = place.export(&id, &ASK);
        assert_eq!(exported.unwrap(), direct);
        let back = Place::migrated_from(folder, "");
        let there = String::from_utf8(file).unwrap();
        let here = String::from_utf8(back.export(&id, &ASK).0).unwrap();
        let differs = there.lines().zip(here.lines()).find(|(there, here)| there != here);
        assert_eq!((differs, there.len()), (None, here.len()), "{id} differs after its way");
    }
}

#[test]
fn a_folder_of_the_old_app_says_the_same() {
    check_detour(&Place::small());
    for name in ["multi", "real"] {
        if let Some(place) = Place::shared(name) {
            check_detour(&place);
        }
    }
}
