//! The token of a profile: kept in the secret file of the workspace, never given out.

use std::path::PathBuf;

use model::{ProfileId, Token};
use store::SecretFile;

use crate::error::Result;
use crate::{App, PROFILES};

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

    /// Where the secret file lies.
    pub(crate) fn secret_folder(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(PROFILES))
    }
}
