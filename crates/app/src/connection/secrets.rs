//! Where the tokens of a workspace are kept: in a file beside its database, or sealed in the store that
//! several nodes share.

use std::path::PathBuf;

use store::{Reader, SecretFile, Writer};

use crate::error::Result;
use crate::shared_key::SharedKey;
use crate::{App, PROFILES};

/// State of a store: its tokens, sealed with a key that is not in it.
const SEALED: &str = "sealed_tokens";

impl App {
    /// The tokens; `None` where there is no place for any.
    pub(crate) fn secrets(&self) -> Result<Option<SecretFile>> {
        match (&self.shared_key, self.secret_folder()) {
            (Some(key), _) => Ok(Some(opened(key, &*self.store.read()?)?)),
            (None, Some(folder)) => Ok(Some(SecretFile::open(&folder)?)),
            (None, None) => Ok(None),
        }
    }

    /// Changes the tokens in one turn, if `change` says that there is anything to write. Says whether
    /// there is a place for any.
    pub(crate) fn change_secrets(
        &self,
        change: impl FnOnce(&mut SecretFile) -> bool,
    ) -> Result<bool> {
        let Some(key) = &self.shared_key else {
            let Some(folder) = self.secret_folder() else { return Ok(false) };
            SecretFile::change(&folder, change)?;
            return Ok(true);
        };
        self.store.transact(|writer| change_sealed(key, writer, change))?;
        Ok(true)
    }

    /// The same in the transaction of `writer`, where tokens are in the store.
    pub(crate) fn change_secrets_in(
        &self,
        writer: &mut dyn Writer,
        change: impl FnOnce(&mut SecretFile) -> bool,
    ) -> Result<bool> {
        let Some(key) = &self.shared_key else { return self.change_secrets(change) };
        change_sealed(key, writer, change)?;
        Ok(true)
    }

    /// Where the secret file lies.
    pub(crate) fn secret_folder(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(PROFILES))
    }
}

fn opened(key: &SharedKey, reader: &(impl Reader + ?Sized)) -> store::Result<SecretFile> {
    let place = PathBuf::from(SEALED);
    let Some(sealed) = reader.state(SEALED)? else { return SecretFile::parse(place, "{}") };
    let other = "the Jira tokens in the database were sealed with another key than the shared key of \
                 this node; give it the key that the other nodes have";
    let text = key.open(&sealed).ok_or_else(|| store::Error::Aborted(other.to_owned()))?;
    SecretFile::parse(place, &text)
}

fn change_sealed(
    key: &SharedKey,
    writer: &mut dyn Writer,
    change: impl FnOnce(&mut SecretFile) -> bool,
) -> store::Result<()> {
    let mut secrets = opened(key, &*writer)?;
    if !change(&mut secrets) {
        return Ok(());
    }
    let none = || store::Error::Aborted("this system gives no random numbers".to_owned());
    writer.put_state(SEALED, &key.seal(&secrets.to_text()).ok_or_else(none)?)
}
