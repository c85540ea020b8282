//! Access keys, by the id that a key begins with.

use model::AccessKey;

use crate::error::Result;

/// Reads access keys.
pub trait ReadAccessKey {
    /// All of them, in the order in which they were made, then by id.
    fn access_keys(&self) -> Result<Vec<AccessKey>>;
}

/// Writes access keys. They are no records and carry no revision.
pub trait WriteAccessKey: ReadAccessKey {
    /// Inserts or replaces by id. `Invalid` if the id, the name or the hash is empty.
    fn put_access_key(&mut self, key: &AccessKey) -> Result<()>;

    /// Removes it.
    fn remove_access_key(&mut self, id: &str) -> Result<bool>;
}

/// The rule of [`WriteAccessKey::put_access_key`].
pub(crate) fn check(key: &AccessKey) -> Result<()> {
    let parts = [
        ("access_key.id", &key.id),
        ("access_key.name", &key.name),
        ("access_key.hash", &key.hash),
    ];
    match parts.into_iter().find(|(_, text)| text.is_empty()) {
        Some((name, _)) => Err(crate::Error::invalid(name, "it must not be empty")),
        None => Ok(()),
    }
}
