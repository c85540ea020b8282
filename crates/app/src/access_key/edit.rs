//! The keys of a workspace: listed, made, taken away.

use model::access_key::{AccessKey, Role};
use model::{Timestamp, Token, name};
use serde::Serialize;

use super::{own, secret};
use crate::App;
use crate::draft::{Field, checked_name};
use crate::error::{Error, Result};

/// What the workspace's own key is called.
pub const OWN_NAME: &str = "workspace";

/// A key in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyEntry {
    /// What it is called.
    pub name: String,
    /// What it allows.
    pub role: Role,
    /// When it was made; `None` for the workspace's own.
    pub made_at: Option<Timestamp>,
    /// The last day on which it was used.
    pub used_at: Option<Timestamp>,
    /// Whether it is the workspace's own.
    pub is_own: bool,
}

/// A key that was made just now, which is never shown again.
#[derive(Debug)]
pub struct NewKey {
    /// What it is called.
    pub name: String,
    /// What it allows.
    pub role: Role,
    /// The key.
    pub key: Token,
}

impl App {
    /// All keys, the workspace's own first.
    pub fn access_keys(&self) -> Result<Vec<KeyEntry>> {
        let own =
            self.folder.as_deref().map_or(Ok(None), |folder| own::read(&own::file_of(folder)))?;
        let own = own.map(|_| KeyEntry {
            name: OWN_NAME.to_owned(),
            role: Role::Edit,
            made_at: None,
            used_at: None,
            is_own: true,
        });
        let entry = |key: AccessKey| KeyEntry {
            name: key.name,
            role: key.role,
            made_at: Some(key.made_at),
            used_at: key.used_at,
            is_own: false,
        };
        Ok(own.into_iter().chain(self.stored_access_keys()?.into_iter().map(entry)).collect())
    }

    /// Makes a key. An error if the name cannot be one, or is that of another key (ignoring case).
    pub fn add_access_key(&self, typed: &str, role: Role) -> Result<NewKey> {
        let name = checked_name(typed)?;
        let taken = || Error::field(Field::Name, "a key of that name exists already");
        if name::fold(&name) == OWN_NAME {
            return Err(taken());
        }
        let key = secret::new_key()?;
        let id = secret::id_of(key.reveal()).unwrap_or_default();
        let stored = AccessKey {
            id: id.to_owned(),
            name: name.clone(),
            role,
            hash: secret::hash(key.reveal()),
            made_at: self.now(),
            used_at: None,
        };
        let mut writer = self.store.write()?;
        let known = writer.access_keys()?;
        if known.iter().any(|known| name::fold(&known.name) == name::fold(&name)) {
            return Err(taken());
        }
        if known.iter().any(|known| known.id == id) {
            // Written over, the other one would let nobody in any more.
            return Err(Error::NoRandomness);
        }
        writer.put_access_key(&stored)?;
        writer.commit()?;
        tracing::info!(key = name, role = role.as_str(), "an access key was made");
        Ok(NewKey { name, role, key })
    }

    /// Takes a key away, which ends its sessions. The workspace's own gets another in its place,
    /// which ends all sessions.
    pub fn remove_access_key(&self, typed: &str) -> Result<()> {
        let wanted = name::fold(typed);
        if let Some(folder) = self.folder.as_deref().filter(|_| wanted == OWN_NAME) {
            own::renew(&own::file_of(folder))?;
            tracing::info!(key = OWN_NAME, "the access key was renewed");
            return Ok(());
        }
        let mut writer = self.store.write()?;
        let keys = writer.access_keys()?;
        let Some(key) = keys.iter().find(|key| name::fold(&key.name) == wanted) else {
            return Err(Error::NoSuch("access key", typed.trim().to_owned()));
        };
        writer.remove_access_key(&key.id)?;
        writer.commit()?;
        tracing::info!(key = key.name, "an access key was removed");
        Ok(())
    }

    /// The keys that the store knows.
    pub(super) fn stored_access_keys(&self) -> Result<Vec<AccessKey>> {
        Ok(self.store.read()?.access_keys()?)
    }

    /// Notes that a key was used today; nothing if it is gone.
    pub(super) fn note_key_used(&self, id: &str) -> Result<()> {
        let mut writer = self.store.write()?;
        let Some(key) = writer.access_keys()?.into_iter().find(|key| key.id == id) else {
            return Ok(());
        };
        writer.put_access_key(&AccessKey { used_at: Some(self.now()), ..key })?;
        Ok(writer.commit()?)
    }
}
