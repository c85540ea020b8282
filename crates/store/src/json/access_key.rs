//! Access keys, in the ledger.

use model::AccessKey;

use super::tx::JsonTx;
use crate::contract::access_key::{self, ReadAccessKey, WriteAccessKey};
use crate::error::Result;

impl ReadAccessKey for JsonTx<'_> {
    fn access_keys(&self) -> Result<Vec<AccessKey>> {
        let files = self.files();
        let mut keys: Vec<AccessKey> = files.ledger.access_keys().values().cloned().collect();
        // They come in order of their id, which the sort keeps.
        keys.sort_by_key(|key| key.made_at);
        Ok(keys)
    }
}

impl WriteAccessKey for JsonTx<'_> {
    fn put_access_key(&mut self, key: &AccessKey) -> Result<()> {
        access_key::check(key)?;
        self.files_mut().ledger.put_access_key(key);
        tracing::debug!(count = 1, "an access key was put");
        Ok(())
    }

    fn remove_access_key(&mut self, id: &str) -> Result<bool> {
        let was_there = self.files_mut().ledger.remove_access_key(id);
        tracing::debug!(was_there, "an access key was removed");
        Ok(was_there)
    }
}
