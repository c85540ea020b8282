//! Copies of what was deleted, in pieces of bytes. A folder of the old app holds none.

use model::TrashRecord;

use crate::error::Result;

/// Reads copies of what was deleted.
pub trait ReadTrash {
    /// All of them, by id.
    fn trash(&self) -> Result<Vec<TrashRecord>>;

    /// The bytes of a copy, piece by piece; none where there is no such copy.
    fn each_trash_piece(&self, id: &str, visit: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()>;
}

/// Writes them. They are no records and carry no revision.
pub trait WriteTrash: ReadTrash {
    /// Begins a copy, in place of one with that id. `Invalid` if the id is empty.
    fn put_trash(&mut self, record: &TrashRecord) -> Result<()>;

    /// Adds the piece of that number, counted from 0, to a copy.
    fn put_trash_piece(&mut self, id: &str, number: u32, bytes: &[u8]) -> Result<()>;

    /// Removes a copy with its pieces.
    fn remove_trash(&mut self, id: &str) -> Result<bool>;
}

/// The rule of [`WriteTrash::put_trash`].
pub(crate) fn check(record: &TrashRecord) -> Result<()> {
    if record.id.is_empty() {
        return Err(crate::Error::invalid("trash.id", "it must not be empty"));
    }
    Ok(())
}
