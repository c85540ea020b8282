//! The tables `trash` and `trash_pieces`.

use model::TrashRecord;

use super::driver::{Row, params};
use super::tx::SqlTx;
use crate::contract::trash::{self as rule, ReadTrash, WriteTrash};
use crate::error::Result;

columns! {
    table trash;
    key id;
    set note, size_bytes;
}

columns! {
    table trash_pieces;
    key copy, number;
    set bytes;
}

const LIST: &str = statement!(trash::SELECT, "ORDER BY id");
const PIECE: &str = "SELECT bytes FROM trash_pieces WHERE copy = ? AND number = ?";
const REMOVE: &str = "DELETE FROM trash WHERE id = ?";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[PIECE];

fn record(row: &Row<'_>) -> Result<TrashRecord> {
    Ok(TrashRecord {
        id: row.get(trash::id)?,
        note: row.get(trash::note)?,
        size_bytes: row.get(trash::size_bytes)?,
    })
}

impl ReadTrash for SqlTx<'_> {
    fn trash(&self) -> Result<Vec<TrashRecord>> {
        self.all(LIST, &[], record)
    }

    /// One statement a piece: a copy may be larger than what fits into memory well.
    fn each_trash_piece(&self, id: &str, visit: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        for number in 0_u32.. {
            let bytes =
                self.one(PIECE, params![id, i64::from(number)], |row| row.get::<Vec<u8>>(0))?;
            let Some(bytes) = bytes else { break };
            visit(&bytes)?;
        }
        Ok(())
    }
}

impl WriteTrash for SqlTx<'_> {
    fn put_trash(&mut self, record: &TrashRecord) -> Result<()> {
        rule::check(record)?;
        self.run(REMOVE, params![record.id.as_str()])?;
        let row = trash::Row {
            id: record.id.as_str().into(),
            note: record.note.as_str().into(),
            size_bytes: record.size_bytes.into(),
        };
        self.run(trash::UPSERT, &row.values())?;
        tracing::debug!(bytes = record.size_bytes, "put a copy into the trash");
        Ok(())
    }

    fn put_trash_piece(&mut self, id: &str, number: u32, bytes: &[u8]) -> Result<()> {
        let row = trash_pieces::Row {
            copy: id.into(),
            number: i64::from(number).into(),
            bytes: bytes.into(),
        };
        self.run(trash_pieces::UPSERT, &row.values()).map(drop)
    }

    fn remove_trash(&mut self, id: &str) -> Result<bool> {
        let removed = self.run(REMOVE, params![id])?;
        tracing::debug!(count = removed, "removed a copy from the trash");
        Ok(removed > 0)
    }
}
