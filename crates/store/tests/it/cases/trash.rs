//! What the contract says about copies of what was deleted.

use model::TrashRecord;
use store::{Error, Reader, Writer};

use crate::backends::Place;
use crate::sample::*;

fn record(id: &str, size_bytes: u64) -> TrashRecord {
    TrashRecord { id: id.to_owned(), note: format!(r#"{{"of":"{id} größe"}}"#), size_bytes }
}

fn put_copy(writer: &mut dyn Writer, id: &str, pieces: &[&[u8]]) -> store::Result<()> {
    writer.put_trash(&record(id, pieces.iter().map(|piece| piece.len() as u64).sum()))?;
    (0..).zip(pieces).try_for_each(|(number, piece)| writer.put_trash_piece(id, number, piece))
}

fn bytes(reader: &dyn Reader, id: &str) -> Vec<u8> {
    let mut found = Vec::new();
    let add = &mut |piece: &[u8]| {
        found.extend_from_slice(piece);
        Ok(())
    };
    reader.each_trash_piece(id, add).unwrap();
    found
}

fn copies_come_back(place: &Place) {
    let store = place.open();
    put(&*store, |writer| {
        put_copy(writer, "b", &[b"\0one", b"", b"two\xff"])?;
        put_copy(writer, "a", &[b"x"])
    });
    let reader = store.read().unwrap();
    assert_eq!(reader.trash().unwrap(), [record("a", 1), record("b", 8)]);
    assert_eq!(bytes(&*reader, "b"), b"\0onetwo\xff");
    assert_eq!(bytes(&*reader, "c"), b"");
}

fn a_copy_takes_the_place_of_one_of_its_id(place: &Place) {
    let store = place.open();
    put(&*store, |writer| put_copy(writer, "a", &[b"1", b"2", b"3"]));
    put(&*store, |writer| put_copy(writer, "a", &[b"4"]));
    let reader = store.read().unwrap();
    assert_eq!(
        (reader.trash().unwrap(), bytes(&*reader, "a")),
        (vec![record("a", 1)], b"4".to_vec())
    );
}

fn removal_takes_the_pieces(place: &Place) {
    let store = place.open();
    put(&*store, |writer| {
        put_copy(writer, "a", &[b"1", b"2"])?;
        assert!(writer.remove_trash("a")? && !writer.remove_trash("a")?);
        Ok(())
    });
    let reader = store.read().unwrap();
    assert_eq!((reader.trash().unwrap(), bytes(&*reader, "a")), (vec![], vec![]));
}

fn what_breaks_the_rules_is_refused(place: &Place) {
    let store = place.open();
    let unnamed = store.transact(|writer| writer.put_trash(&record("", 1)));
    assert!(matches!(unnamed, Err(Error::Invalid { field: "trash.id", .. })), "{unnamed:?}");
    assert!(store.transact(|writer| writer.put_trash_piece("none", 0, b"x")).is_err());
}

/// One of which a piece is gone is no copy of anything: it is left out and named, and nothing is proven by one
/// that is cut in the same way.
fn what_is_cut_is_not_copied(place: &Place) {
    let (store, other) = (place.open(), Place::named("sqlite").unwrap());
    let other = other.open();
    let put_cut = |writer: &mut dyn Writer| {
        writer.put_trash(&record("a", 3))?;
        writer.put_trash_piece("a", 0, b"x")
    };
    put(&*store, put_cut);
    put(&*store, |writer| put_copy(writer, "b", &[b"whole"]));
    let reader = store.read().unwrap();
    put(&*other, |writer| store::copy_rest(&*reader, writer));
    assert_eq!(other.read().unwrap().trash().unwrap(), [record("b", 5)]);
    put(&*other, put_cut);
    let compared = store::compare(&*reader, &*other.read().unwrap(), &|_| false).unwrap();
    assert_eq!((compared.different, compared.records), (0, 1));
    assert_eq!(compared.damaged, ["a (1 of its 3 bytes are there)"]);
}

/// The databases; files of the old app have no place for it.
mod database {
    use super::Place;

    fn check(case: fn(&Place)) {
        ["sqlite", "postgres"]
            .iter()
            .filter_map(|kind| Place::named(kind))
            .for_each(|at| case(&at));
    }

    #[test]
    fn copies_come_back() {
        check(super::copies_come_back);
    }

    #[test]
    fn a_copy_takes_the_place_of_one_of_its_id() {
        check(super::a_copy_takes_the_place_of_one_of_its_id);
    }

    #[test]
    fn removal_takes_the_pieces() {
        check(super::removal_takes_the_pieces);
    }

    #[test]
    fn what_is_cut_is_not_copied() {
        check(super::what_is_cut_is_not_copied);
    }

    #[test]
    fn what_breaks_the_rules_is_refused() {
        check(super::what_breaks_the_rules_is_refused);
    }
}

#[test]
fn files_of_the_old_app_hold_none() {
    let store = Place::json().open();
    assert_eq!(store.read().unwrap().trash().unwrap(), []);
    assert!(store.transact(|writer| put_copy(writer, "a", &[b"x"])).is_err());
}
