//! The list of tables, without which SQLite reads nothing, spoiled in every way: that is told as damage, and
//! every row is saved all the same.

use std::path::Path;

use store::{Address, Error};

use crate::checks::{compared, good, read_all, rows};

const PAGE_BYTES: usize = 4096;
/// Where the list begins on the first page.
const FIRST: usize = 100;

/// Where pages of the list stand, the first one aside.
fn later_pages(good: &[u8]) -> Vec<usize> {
    let lists = |page: &[u8]| page.windows(13).any(|it| it == b"CREATE TABLE ");
    let pages = good.chunks(PAGE_BYTES).enumerate().skip(1);
    pages.filter(|(_, page)| lists(page)).map(|(number, _)| number * PAGE_BYTES).collect()
}

/// Databases as a compaction and as a new one leave them: their tables begin at different places.
fn databases() -> [Vec<u8>; 2] {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("x.sqlite"), folder.path().join("saved.sqlite"));
    let compact = good();
    std::fs::write(&from, &compact).unwrap();
    store::salvage(&from, &to).unwrap();
    [compact, std::fs::read(to).unwrap()]
}

#[track_caller]
fn check(good: &[u8], what: &str, spoil: impl Fn(&mut Vec<u8>)) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mut bytes = good.to_vec();
    spoil(&mut bytes);
    std::fs::write(at("good.sqlite"), good).unwrap();
    std::fs::write(at("x.sqlite"), &bytes).unwrap();
    let opened = Address::Sqlite(at("x.sqlite")).open_existing();
    match opened.and_then(|store| read_all(&*store).and_then(|()| store.look_for_damage())) {
        Ok(()) | Err(Error::Corrupt { .. } | Error::Foreign { .. } | Error::TooNew { .. }) => {}
        Err(other) => panic!("{what}: {other:?}"),
    }
    let told = store::salvage(&at("x.sqlite"), &at("saved.sqlite"));
    let told = told.unwrap_or_else(|error| panic!("{what}: {error}"));
    check_saved(good, what, &at("good.sqlite"), &at("saved.sqlite"));
    assert!(told.iter().all(|of| of.lost == 0), "{what}: {told:?}");
    let store = Address::Sqlite(at("saved.sqlite")).open_existing().unwrap();
    read_all(&*store).unwrap();
    assert_eq!(store.check_integrity().unwrap(), [""; 0], "{what}");
    drop(store);
    let names = std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name());
    let left: Vec<_> = names.filter(|name| name.to_string_lossy().contains("saved.")).collect();
    assert_eq!(left.len(), 1, "{what}: {left:?}");
}

#[track_caller]
fn check_saved(good: &[u8], what: &str, before: &Path, saved: &Path) {
    let mut tables: Vec<String> = compared(good).into_iter().map(|(table, ..)| table).collect();
    tables.dedup();
    tables.retain(|table| table != "workspace" && !table.starts_with("changelog"));
    tables.extend(["access_keys".to_owned(), "dictionaries".to_owned()]);
    for table in tables {
        assert_eq!(rows(saved, &table), rows(before, &table), "{what}: {table}");
    }
}

#[test]
fn pages_of_the_list_are_noise() {
    for good in databases() {
        let pages = later_pages(&good);
        assert!(pages.len() > 1, "the list has one page");
        check(&good, "the first page", |bytes| bytes[FIRST..PAGE_BYTES].fill(0xA5));
        check(&good, "the head", |bytes| bytes[18..FIRST].fill(0xA5));
        for page in &pages {
            check(&good, &format!("{page}"), |bytes| bytes[*page..page + PAGE_BYTES].fill(0xA5));
        }
        check(&good, "all", |bytes| {
            bytes[FIRST..PAGE_BYTES].fill(0);
            pages.iter().for_each(|page| bytes[*page..page + PAGE_BYTES].fill(0));
        });
    }
}

/// Here and there a byte: of what says where rows stand, of where a table begins, of the text that makes it.
#[test]
fn bytes_of_the_list_are_others() {
    const STEP: usize = 1361;
    for good in databases() {
        let pages = later_pages(&good).into_iter().flat_map(|page| page..page + PAGE_BYTES);
        let heads = later_pages(&good).into_iter().flat_map(|page| (page..page + 12).step_by(5));
        let all = (FIRST..PAGE_BYTES).chain(pages).step_by(STEP);
        for at in all.chain((FIRST..FIRST + 24).step_by(3)).chain(heads) {
            check(&good, &format!("byte {at}"), |bytes| bytes[at] ^= 0x55);
        }
    }
}
