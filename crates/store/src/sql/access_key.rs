//! The table `access_keys`.

use model::AccessKey;
use model::access_key::Role;

use super::driver::{Row, params};
use super::field::{time, time_text};
use super::tx::SqlTx;
use crate::contract::access_key::{self, ReadAccessKey, WriteAccessKey};
use crate::error::Result;

columns! {
    table access_keys;
    key id;
    set name, role, hash, made_at, used_at;
}

const LIST: &str = statement!(access_keys::SELECT, "ORDER BY made_at, id");
const REMOVE: &str = "DELETE FROM access_keys WHERE id = ?";

fn access_key(row: &Row<'_>) -> Result<AccessKey> {
    let broken = || row.damaged("access_keys: a row cannot be read");
    let role: String = row.get(access_keys::role)?;
    Ok(AccessKey {
        id: row.get(access_keys::id)?,
        name: row.get(access_keys::name)?,
        role: Role::parse(&role).ok_or_else(broken)?,
        hash: row.get(access_keys::hash)?,
        made_at: time(row, access_keys::made_at)?.ok_or_else(broken)?,
        used_at: time(row, access_keys::used_at)?,
    })
}

impl ReadAccessKey for SqlTx<'_> {
    fn access_keys(&self) -> Result<Vec<AccessKey>> {
        self.all(LIST, &[], access_key)
    }
}

impl WriteAccessKey for SqlTx<'_> {
    fn put_access_key(&mut self, key: &AccessKey) -> Result<()> {
        access_key::check(key)?;
        let row = access_keys::Row {
            id: key.id.as_str().into(),
            name: key.name.as_str().into(),
            role: key.role.as_str().into(),
            hash: key.hash.as_str().into(),
            made_at: time_text(Some(key.made_at)).into(),
            used_at: time_text(key.used_at).into(),
        };
        self.run(access_keys::UPSERT, &row.values())?;
        tracing::debug!(count = 1, "put access key");
        Ok(())
    }

    fn remove_access_key(&mut self, id: &str) -> Result<bool> {
        let removed = self.run(REMOVE, params![id])?;
        tracing::debug!(count = removed, "remove access key");
        Ok(removed > 0)
    }
}
