//! Taking in and forgetting the token of a profile.

use model::ProfileId;
use store::SecretFile;

use super::Why;
use super::edit::{TOKEN, TokenChange, faulty};
use crate::App;
use crate::error::Result;

impl App {
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
        let is_set = matches!(change, TokenChange::Set(_));
        let folder = match self.secret_folder() {
            Some(folder) => folder,
            None if is_set => return Err(nowhere()),
            None => return Ok(()),
        };
        let is_forgotten = *change == TokenChange::Forget || is_elsewhere;
        // Written also where nothing changed: whether a token can be stored is found out early.
        SecretFile::change(&folder, |file| (is_forgotten && file.remove(id)) || is_set)?;
        Ok(())
    }

    /// Stores a token that was given.
    pub(super) fn store_token(&self, id: &ProfileId, change: &TokenChange) -> Result<()> {
        let TokenChange::Set(token) = change else { return Ok(()) };
        let folder = self.secret_folder().ok_or_else(nowhere)?;
        let set = |file: &mut SecretFile| {
            file.set(id, token.clone());
            true
        };
        Ok(SecretFile::change(&folder, set)?)
    }
}

fn nowhere() -> crate::Error {
    let why = "this workspace has no folder to keep it in; open it with --workspace FOLDER";
    faulty(TOKEN, Why::Token(why))
}
