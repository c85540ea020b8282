//! The trash in the store: that of a server, which all its nodes share.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};

use model::{Timestamp, TrashRecord};
use store::{Compared, Reader, Store, Writer};

use super::{Deleted, Trash, TrashEntry};
use crate::App;
use crate::error::{Error, Result};

/// Bytes that are stored and read at a time.
const PIECE_BYTES: u64 = 1 << 20;

/// Puts a proven copy of what is deleted into the store, in the transaction that removes it there, and
/// reads it back.
pub(super) fn put(
    writer: &mut dyn Writer,
    copy: &mut File,
    deleted: &Deleted,
) -> Result<TrashEntry> {
    let taken: Vec<String> = writer.trash()?.into_iter().map(|record| record.id).collect();
    let id = super::ids(deleted.deleted_at).find(|id| !taken.contains(id));
    let id = id.ok_or(Error::WrittenMeanwhile)?;
    let note = serde_json::to_string(deleted).map_err(|error| not_kept(io::Error::other(error)))?;
    let size_bytes = copy.metadata().map_err(not_kept)?.len();
    let record = TrashRecord { id, note, size_bytes };
    writer.put_trash(&record)?;
    copy.rewind().map_err(not_kept)?;
    for number in 0_u32.. {
        let piece = next_piece(copy, PIECE_BYTES).map_err(not_kept)?;
        if piece.is_empty() {
            break;
        }
        writer.put_trash_piece(&record.id, number, &piece)?;
    }
    if !is_equal(&*writer, &record, copy)? {
        let what = "the database gives back other bytes than it was given".to_owned();
        return Err(Error::NotKept(::transfer::Error::Differs(what)));
    }
    entry(&record)
}

/// Whether the store holds exactly that copy.
fn is_equal(reader: &dyn Reader, record: &TrashRecord, copy: &mut File) -> Result<bool> {
    copy.rewind().map_err(not_kept)?;
    let (mut is_equal, mut bytes) = (true, 0);
    reader.each_trash_piece(&record.id, &mut |piece| {
        let size = piece.len() as u64;
        bytes += size;
        is_equal = is_equal && next_piece(copy, size).is_ok_and(|wanted| wanted == piece);
        Ok(())
    })?;
    Ok(is_equal && bytes == record.size_bytes && copy.metadata().map_err(not_kept)?.len() == bytes)
}

/// What a copy says of itself.
fn entry(record: &TrashRecord) -> Result<TrashEntry> {
    let deleted: Deleted = serde_json::from_str(&record.note)
        .map_err(|error| Error::Transfer(::transfer::Error::Damaged(error.to_string())))?;
    let until = deleted.until();
    Ok(TrashEntry { id: record.id.clone(), deleted, until, bytes: record.size_bytes })
}

/// Adds what the store holds to what was found in a folder.
pub(super) fn list(reader: &dyn Reader, trash: &mut Trash) -> Result<()> {
    for record in reader.trash()? {
        match entry(&record) {
            Ok(entry) => trash.entries.push(entry),
            Err(error) => {
                tracing::warn!(id = record.id, %error, "a copy in the trash cannot be read");
                trash.unreadable.push(record.id);
            }
        }
    }
    Ok(())
}

/// Takes a copy out of the store into a file, in the transaction that puts back what it is a copy of.
pub(super) fn take(writer: &mut dyn Writer, id: &str, file: &mut File) -> Result<TrashEntry> {
    let record = writer.trash()?.into_iter().find(|record| record.id == id);
    let record = record.ok_or_else(|| Error::NotInTrash(id.to_owned()))?;
    let mut written = Ok(());
    writer.each_trash_piece(id, &mut |piece| {
        if written.is_ok() {
            written = file.write_all(piece);
        }
        Ok(())
    })?;
    written.and_then(|()| file.rewind()).map_err(not_kept)?;
    writer.remove_trash(id)?;
    entry(&record)
}

/// Removes what was deleted too long ago.
pub(super) fn remove_old(store: &dyn Store, now: Timestamp) -> Result<u64> {
    let mut found = Trash::default();
    list(&*store.read()?, &mut found)?;
    let old: Vec<String> =
        found.entries.into_iter().filter(|entry| entry.until < now).map(|entry| entry.id).collect();
    remove(store, &old)
}

/// Removes everything.
pub(super) fn empty(store: &dyn Store) -> Result<u64> {
    let all: Vec<String> = store.read()?.trash()?.into_iter().map(|record| record.id).collect();
    remove(store, &all)
}

/// How many there are. Nothing else checks these rows, and in their place may stand a page of another table.
pub(super) fn count(store: &dyn Store) -> Result<u64> {
    let records = store.read()?.trash()?;
    if records.iter().any(|record| entry(record).is_err()) {
        let (place, what) = (store.address(), "a row of the trash cannot be read".to_owned());
        return Err(store::Error::Corrupt { place, what }.into());
    }
    Ok(records.len() as u64)
}

fn remove(store: &dyn Store, ids: &[String]) -> Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    let mut count = 0;
    store.transact(|writer| {
        for id in ids {
            count += u64::from(writer.remove_trash(id)?);
        }
        Ok(())
    })?;
    tracing::info!(count, "removed from the trash");
    Ok(count)
}

impl App {
    /// Puts what lies in the trash beside the database into the store that is copied to.
    pub(crate) fn copy_trash_folder(&self, store: &dyn Store) -> Result<()> {
        let Ok(folder) = self.trash_folder() else { return Ok(()) };
        for entry in folder.list()?.entries {
            let mut writer = store.write()?;
            put(&mut *writer, &mut folder.open(&entry.id)?, &entry.deleted)?;
            writer.commit()?;
        }
        Ok(())
    }

    /// Compares what lies there with what a copy holds.
    pub(crate) fn compare_trash_folder(
        &self,
        there: &dyn Reader,
        compared: &mut Compared,
    ) -> Result<()> {
        let Ok(folder) = self.trash_folder() else { return Ok(()) };
        let stored = there.trash()?;
        let Trash { entries, unreadable } = folder.list()?;
        compared.damaged.extend(unreadable);
        for entry in entries {
            let mut is_there = false;
            for record in stored.iter().filter(|record| record.size_bytes == entry.bytes) {
                is_there |= is_equal(there, record, &mut folder.open(&entry.id)?)?;
            }
            compared.check(&|| format!("{} in the trash", entry.id), is_there, true);
        }
        Ok(())
    }
}

fn next_piece(copy: &mut File, bytes: u64) -> io::Result<Vec<u8>> {
    let mut piece = Vec::new();
    copy.take(bytes).read_to_end(&mut piece)?;
    Ok(piece)
}

fn not_kept(error: io::Error) -> Error {
    Error::NotKept(error.into())
}
