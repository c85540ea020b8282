//! Files that are damaged, hostile or something else: a clear error, and nothing is changed.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::sample::{ASK, IMPORT, Place};

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[track_caller]
fn check(file: &[u8], want: &str) {
    let place = Place::empty();
    let error = place.import(file, &IMPORT).unwrap_err().to_string();
    assert!(error.contains(want), "{error:?} does not say {want:?}");
    assert_eq!(place.profiles(), []);
    let revision = place.store.read().unwrap().revision().unwrap();
    assert_eq!(revision, Place::empty().store.read().unwrap().revision().unwrap());
}

fn small() -> String {
    let place = Place::small();
    String::from_utf8(place.export(&place.profiles().remove(0), &ASK).0).unwrap()
}

#[test]
fn a_cut_file_is_noticed_wherever_it_was_cut() {
    let file = small();
    let body = file.find("[\n").unwrap();
    for length in (body..file.trim_end().len()).step_by(file.len() / 12) {
        let length = file.floor_char_boundary(length);
        check(&file.as_bytes()[..length], "the file is damaged: it breaks at byte");
    }
    let packed = gzip(file.as_bytes());
    check(&packed[..packed.len() / 2], "the file is damaged");
    let mut spoilt = packed.clone();
    spoilt[packed.len() / 2] ^= 0x55;
    check(&spoilt, "the file is damaged");
}

/// A digit is another one wherever it stands in the records, in a file that nothing packed.
#[test]
fn a_changed_digit_is_noticed() {
    let file = small();
    let records = file.find("[\n").unwrap()..file.find("\n],\"counts\"").unwrap();
    let digits: Vec<usize> = records.filter(|at| file.as_bytes()[*at].is_ascii_digit()).collect();
    for at in digits.iter().step_by(digits.len() / 60) {
        let mut bytes = file.clone().into_bytes();
        bytes[*at] = b'0' + (bytes[*at] - b'0' + 1) % 10;
        let is_told = |notes: &[String]| notes.iter().any(|note| note.contains("it is damaged"));
        match Place::empty().import(&bytes, &IMPORT) {
            Ok(imported) => assert!(is_told(&imported.notes), "at byte {at}: {:?}", imported.notes),
            Err(error) => assert!(error.to_string().contains("damaged"), "at byte {at}: {error}"),
        }
    }
    assert_eq!(Place::empty().import(file.as_bytes(), &IMPORT).unwrap().notes, [""; 0]);
    let own = file.replacen("\"counts\"", "\"other\":1,\"counts\"", 1);
    Place::empty().import(own.as_bytes(), &IMPORT).unwrap();
    let older = file.split(",\"records_fnv1a\"").next().unwrap().to_owned() + "}";
    Place::empty().import(older.as_bytes(), &IMPORT).unwrap();
}

#[test]
fn changed_files_are_refused() {
    let file = small();
    for (from, to, want) in [
        ("\"version\":1", "\"version\":2", "has format version 2, this program knows up to 1"),
        ("\"version\":1", "\"version\":0", "its version is 0"),
        ("\"version\":1", "\"version\":\"x\"", "its version is no number"),
        ("\"version\":1,", "", "its version is no number"),
        ("\"issues\":60", "\"issues\":61", "the counts at its end"),
        (",\"counts\"", ",\"other\"", "the counts at its end"),
        ("{\"issue\":", "{\"thing\":", "a record is of no known kind"),
        ("{\"issue\":{\"key\":", "{\"issue\":{\"KEY\":", "lacks its key or its document"),
        ("{\"query\":{\"id\":\"", "{\"query\":{\"id\":\"../", "holds a path separator"),
        ("{\"profile\":{\"id\":\"", "{\"profile\":{\"id\":\"\\u0000", "holds a control character"),
        ("\"jql\":\"", "\"jql\":5,\"x\":\"", "query.jql is no text"),
        ("\"settings\":{", "\"settings\":[],\"x\":{", "profile.settings is no object"),
        ("\"week\":\"20", "\"week\":\"x20", "snapshot.week is no ISO week"),
        ("\"records\":[", "\"records\":[{\"query\":{}},", "a query stands before the profile"),
        (
            "\"records\":[",
            "\"records\":[{\"issue\":{\"key\":\"A\",\"document\":1}},",
            "a record stands before its query",
        ),
        (
            "\"records\":[",
            "\"records\":[{\"profile\":{\"id\":\"p\",\"name\":\"p\"}},",
            "more than one profile",
        ),
        (
            "\"records\":[",
            "\"records\":[{\"lenient\":\"{\\\"lenient\\\":\\\"\\\"}\"},",
            "lenient is no object",
        ),
        ("\"records\":[", "\"records\":[7,", "a record is no object with one member"),
    ] {
        let changed = file.replacen(from, to, 1);
        assert_ne!(changed, file, "{from} is not in the file");
        check(changed.as_bytes(), want);
    }
    check(format!("{file}{{}}").as_bytes(), "something stands after its end");
    let query = file.lines().find(|line| line.starts_with("{\"query\"")).unwrap();
    let twice = file.replacen(query, &format!("{query}\n{query}"), 1);
    check(twice.as_bytes(), "two queries have the id");
    let mut bytes = file.into_bytes();
    let at = bytes.windows(7).position(|part| part == b"\"name\":").unwrap() + 8;
    bytes[at] = 0xff;
    check(&bytes, "it is not UTF-8");
}

#[test]
fn deep_and_swollen_files_cannot_do_harm() {
    let deep = "[".repeat(2_000_000);
    let start = r#"{"format":"burndown-export","version":1,"records":["#;
    check(format!("{start}{deep}").as_bytes(), "the file is damaged");
    let closed = format!("{deep}{}", "]".repeat(2_000_000));
    check(format!("{start}{closed}]}}").as_bytes(), "a record is no object with one member");
    let bomb = gzip(&vec![b' '; 80 << 20]);
    assert!(bomb.len() < 400 << 10);
    check(&bomb, "it unpacks to more than 200 times its size");
}

#[test]
fn records_beyond_all_measure_are_refused() {
    let file = small();
    let key = "K".repeat(256);
    let record = format!(r#"{{"issue":{{"key":"{key}","document":{{}}}}}},"#);
    let query = file.lines().find(|line| line.starts_with("{\"query\"")).unwrap();
    let after = |more: &str| file.replacen(query, &format!("{query}\n{more}"), 1);
    check(after(&record).as_bytes(), "of an issue has 256 bytes");
    let long = format!(r#"{{"snapshot":{{"x":"{}"}}}},"#, "x".repeat(2 << 20));
    check(after(&long).as_bytes(), "more than 2 MiB");
    let longer =
        format!(r#"{{"issue":{{"key":"A-1","document":{{"x":"{}"}}}}}},"#, "x".repeat(17 << 20));
    check(after(&longer).as_bytes(), "a record of more than 8 MiB");
}

#[test]
fn other_files_are_no_exports() {
    for file in ["", "{}", "[]", "null", "hello", "\u{0}\u{0}", "<html>", "{\"format\":\"other\"}"]
    {
        check(file.as_bytes(), "no export that burndown knows");
    }
}
