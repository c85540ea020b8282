//! The token of a profile: kept in the secret file of the workspace, taken in and never given out.

use std::path::PathBuf;

use model::{ProfileId, Token};
use store::SecretFile;

use super::Why;
use super::edit::{TOKEN, TokenChange, faulty};
use crate::App;
use crate::error::Result;
use crate::workspace::migration::PROFILES;

impl App {
    /// Whether a token is stored for a profile.
    pub(crate) fn has_token(&self, id: &ProfileId) -> Result<bool> {
        let Some(folder) = self.secret_folder() else { return Ok(false) };
        Ok(SecretFile::open(&folder)?.token(id).is_some())
    }

    /// The token that is stored for a profile.
    pub(crate) fn stored_token(&self, id: &ProfileId) -> Result<Option<Token>> {
        let Some(folder) = self.secret_folder() else { return Ok(None) };
        Ok(SecretFile::open(&folder)?.token(id).cloned())
    }

    /// Forgets the token if it must not outlast what follows, and finds out early whether another
    /// one can be stored.
    pub(super) fn prepare_token(
        &self,
        id: &ProfileId,
        change: &TokenChange,
        is_elsewhere: bool,
    ) -> Result<()> {
        if *change == TokenChange::Keep && !is_elsewhere {
            return Ok(());
        }
        let mut secrets = match self.secret_folder() {
            Some(folder) => SecretFile::open(&folder)?,
            None if matches!(change, TokenChange::Set(_)) => return Err(nowhere()),
            None => return Ok(()),
        };
        let is_forgotten = *change == TokenChange::Forget || is_elsewhere;
        let was_there = is_forgotten && secrets.remove(id);
        if was_there || matches!(change, TokenChange::Set(_)) {
            secrets.save()?;
        }
        Ok(())
    }

    /// Stores a token that was given.
    pub(super) fn store_token(&self, id: &ProfileId, change: &TokenChange) -> Result<()> {
        let TokenChange::Set(token) = change else { return Ok(()) };
        let folder = self.secret_folder().ok_or_else(nowhere)?;
        // Nobody else writes the file while the transaction is open; nothing else is in it.
        let _turn = self.store.write()?;
        let mut secrets = SecretFile::open(&folder)?;
        secrets.set(id, token.clone());
        Ok(secrets.save()?)
    }

    fn secret_folder(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(PROFILES))
    }
}

fn nowhere() -> crate::Error {
    let why = "this workspace has no folder to keep it in; open it with --workspace FOLDER";
    faulty(TOKEN, Why::Token(why))
}
