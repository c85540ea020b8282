//! Taking in and forgetting the token of a profile.

use model::{ProfileId, connection};
use store::{SecretFile, StoredToken};

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
        let is_set = change.given().is_some();
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

    /// Stores a token that was given, for the server at `address` alone.
    pub(super) fn store_token(
        &self,
        id: &ProfileId,
        change: &TokenChange,
        address: &str,
    ) -> Result<()> {
        let Some((token, may_be_read)) = change.given() else { return Ok(()) };
        let folder = self.secret_folder().ok_or_else(nowhere)?;
        let set = |file: &mut SecretFile| {
            let (token, origin) = (token.clone(), connection::origin(address));
            file.set(id, StoredToken { token, origin, may_be_read });
            true
        };
        Ok(SecretFile::change(&folder, set)?)
    }
}

/// Refuses a token that others could read on its way, unless somebody allowed that.
pub(super) fn refuse_readable(change: &TokenChange, address: &str) -> Result<()> {
    let Some((_, false)) = change.given() else { return Ok(()) };
    if !connection::is_readable_by_others(address) {
        return Ok(());
    }
    let why = "the address begins with http, so whoever is on the way could read it; use https if \
               your Jira has it, else allow http";
    Err(faulty(TOKEN, Why::Token(why)))
}

fn nowhere() -> crate::Error {
    let why = "this workspace has no folder to keep it in; open it with --workspace FOLDER";
    faulty(TOKEN, Why::Token(why))
}
