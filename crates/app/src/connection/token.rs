//! The tokens that are kept, each for one server.

use std::path::Path;

use model::connection::{is_readable_by_others, is_same_server, origin};
use model::{ProfileId, Token};
use store::{Confirmed, SecretFile, StoredToken, Writer};

use crate::App;
use crate::error::{Error, Result};

impl App {
    /// Whether a token is stored for a profile, whatever server it is for. Of tokens that are sealed with
    /// another key than this node's it may be one: nobody is asked as a stranger then.
    pub(crate) fn has_token(&self, id: &ProfileId) -> Result<bool> {
        match self.secrets() {
            Err(Error::OtherSharedKey) => Ok(true),
            secrets => Ok(secrets?.is_some_and(|secrets| secrets.token(id).is_some())),
        }
    }

    /// Why no token can be read, if none can.
    pub fn token_trouble(&self) -> Option<String> {
        self.secrets().err().map(|error| error.to_string())
    }

    /// The token that is stored for a profile, if it may be sent to that server. What names no server
    /// yet belongs to this one from now on.
    pub(crate) fn token_for(&self, id: &ProfileId, address: &str) -> Result<Option<Token>> {
        let secrets = self.secrets()?;
        let Some(stored) = secrets.and_then(|secrets| secrets.stored(id).cloned()) else {
            return Ok(None);
        };
        match &stored.origin {
            Some(origin) if !is_same_server(origin, address) => {
                let (origin, address) = (origin.clone(), address.to_owned());
                return Err(Error::TokenOfAnotherServer { origin, address });
            }
            Some(_) => {}
            None => {
                let bound = StoredToken { origin: origin(address), ..stored.clone() };
                let bind = |file: &mut SecretFile| {
                    let is_same = file.stored(id) == Some(&stored);
                    is_same.then(|| file.set(id, bound)).is_some()
                };
                self.change_secrets(bind)?;
            }
        }
        if is_readable_by_others(address) && !stored.may_be_read {
            return Err(Error::ReadableToken { address: address.to_owned() });
        }
        Ok(Some(stored.token))
    }

    /// Forgets what is stored under the id of a profile that came from elsewhere.
    pub(crate) fn drop_token(&self, writer: &mut dyn Writer, id: &str) -> Result<()> {
        let Ok(id) = ProfileId::new(id) else { return Ok(()) };
        self.change_secrets_in(writer, |file| file.remove(&id)).map(drop)
    }

    /// What was said in this workspace about a server.
    pub(super) fn confirmation_of(&self, address: &str) -> Result<Option<Confirmed>> {
        let (Some(folder), Some(origin)) = (self.secret_folder(), origin(address)) else {
            return Ok(None);
        };
        let Some(place) = place_of(&folder) else { return Ok(None) };
        Ok(SecretFile::open(&folder)?.confirmed(&origin, &place).cloned())
    }

    /// Notes that whoever sits here named a server, so that a token from outside may go there.
    pub(crate) fn confirm_server(&self, address: &str, may_be_read: bool) -> Result<()> {
        let (Some(folder), Some(origin)) = (self.secret_folder(), origin(address)) else {
            return Ok(());
        };
        files::create_folder(&folder)?;
        let Some(place) = place_of(&folder) else { return Ok(()) };
        let confirmed = Confirmed { origin, place, may_be_read };
        Ok(SecretFile::change(&folder, |file| file.confirm(confirmed))?)
    }
}

/// Tells a folder from every other, also from a copy of it: an archive of somebody else, unpacked,
/// is another one.
fn place_of(folder: &Path) -> Option<String> {
    let path = folder.canonicalize().ok()?;
    Some(format!("{}{}", path.display(), number_of(&path)?))
}

#[cfg(unix)]
fn number_of(path: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    let found = path.metadata().ok()?;
    Some(format!("#{}:{}", found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn number_of(path: &Path) -> Option<String> {
    let created = path.metadata().ok()?.created().ok()?;
    let since = created.duration_since(std::time::SystemTime::UNIX_EPOCH).ok()?;
    Some(format!("#{}", since.as_nanos()))
}
