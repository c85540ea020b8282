//! Where the tokens of a workspace are kept: in a file beside its database, or sealed in the store that
//! several nodes share.

use std::path::PathBuf;

use store::{Reader, SecretFile, Writer};

use crate::error::{Error, Result};
use crate::shared_key::SharedKey;
use crate::{App, PROFILES};

/// State of a store: its tokens, sealed with a key that is not in it.
const SEALED: &str = "sealed_tokens";

impl App {
    /// The tokens; `None` where there is no place for any.
    pub(crate) fn secrets(&self) -> Result<Option<SecretFile>> {
        match (&self.shared_key, self.secret_folder()) {
            (Some(key), _) => {
                let opened = opened(key, &*self.store.read()?)?;
                opened.map(Some).ok_or(Error::OtherSharedKey)
            }
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

/// The tokens that a store holds; `None` if they are sealed with another key.
fn opened(key: &SharedKey, reader: &(impl Reader + ?Sized)) -> store::Result<Option<SecretFile>> {
    let text = match reader.state(SEALED)? {
        None => Some("{}".to_owned()),
        Some(sealed) => key.open(&sealed),
    };
    text.map(|text| SecretFile::parse(PathBuf::from(SEALED), &text)).transpose()
}

fn change_sealed(
    key: &SharedKey,
    writer: &mut dyn Writer,
    change: impl FnOnce(&mut SecretFile) -> bool,
) -> store::Result<()> {
    let other = || store::Error::Aborted(Error::OtherSharedKey.to_string());
    let mut secrets = opened(key, &*writer)?.ok_or_else(other)?;
    if !change(&mut secrets) {
        return Ok(());
    }
    let none = || store::Error::Aborted("this system gives no random numbers".to_owned());
    writer.put_state(SEALED, &key.seal(&secrets.to_text()).ok_or_else(none)?)
}
