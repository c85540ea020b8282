//! Reaching the Jira of a profile: its stored connection, its token, and what the surroundings say.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use jira::Client;
use model::connection::{Auth, Connection};
use model::remote::Patience;
use model::{ProfileId, ProfileSettings, QueryKey, SyncRecord, Token};
use sync::{Conduct, SyncOptions};

use crate::App;
use crate::error::{Error, Result};
use crate::lookup;
use crate::profile::connect::Calm;

/// What the surroundings of the program say about reaching Jira. Holds a secret, so it prints stars.
#[derive(Clone, Default)]
pub struct Access {
    /// The token to use in place of stored ones.
    pub token: Option<Token>,
    /// A PEM file with certificates to trust.
    pub ca_bundle: Option<PathBuf>,
    /// Address of a proxy.
    pub proxy: Option<String>,
    /// Hosts that are asked without the proxy.
    pub no_proxy: Option<String>,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("token", &self.token).finish_non_exhaustive()
    }
}

impl App {
    /// Where the Jira of a profile is and who asks there. An error says what is missing.
    pub fn jira_site(&self, id: &ProfileId) -> Result<jira::Site> {
        let stored = lookup::profile(&*self.store.read()?, id)?.settings;
        let settings = ProfileSettings::read(&stored);
        let given = self.context.access.token.clone();
        let token = match given {
            Some(token) => Some(token),
            None => self.stored_token(id)?,
        };
        let connection = Connection::of(&settings.connection, token.is_some())?;
        if self.context.access.token.is_some() && connection.auth != Auth::None {
            self.refuse_several_servers(&connection)?;
        }
        site(connection, token)
    }

    /// The Jira of a profile, for a sync.
    pub fn remote(&self, id: &ProfileId, patience: Arc<dyn Patience>) -> Result<Client> {
        Ok(Client::connect(self.jira_site(id)?, &self.manner(), patience)?)
    }

    /// Syncs a query with the Jira of its profile; see [`App::sync`]. What is not due is not asked
    /// for unless that is forced.
    pub fn sync_with_jira(
        &self,
        key: &QueryKey,
        options: SyncOptions,
        conduct: &dyn Conduct,
    ) -> Result<SyncRecord> {
        let remote = self.remote(&key.profile, Arc::new(Calm));
        let remote = remote.inspect_err(|error| self.note_refused(key, error))?;
        self.sync(key, &remote, options, conduct)
    }

    /// How to behave towards a server.
    pub(crate) fn manner(&self) -> jira::Manner {
        let Access { ca_bundle, proxy, no_proxy, .. } = self.context.access.clone();
        let seed = self.now().as_nanosecond() as u64;
        jira::Manner { ca_bundle, proxy, no_proxy, seed, ..jira::Manner::default() }
    }

    /// A token that comes from outside belongs to one server; no other may learn it.
    fn refuse_several_servers(&self, connection: &Connection) -> Result<()> {
        let reader = self.store.read()?;
        for summary in reader.profiles()? {
            let Some(profile) = reader.profile(&summary.id)? else { continue };
            let settings = ProfileSettings::read(&profile.settings);
            let Ok(other) = Connection::of(&settings.connection, true) else { continue };
            let is_other =
                !model::connection::is_same_server(&connection.base_url, &other.base_url);
            if is_other && other.auth != Auth::None {
                return Err(Error::TokenForSeveralServers {
                    servers: [connection.base_url.clone(), other.base_url],
                });
            }
        }
        Ok(())
    }
}

/// The site of a connection. A login without a token is an error.
pub(crate) fn site(connection: Connection, token: Option<Token>) -> Result<jira::Site> {
    let login = match (connection.auth, token) {
        (Auth::None, _) => jira::Login::None,
        (Auth::Bearer, Some(token)) => jira::Login::Bearer(token),
        (Auth::Basic { email }, Some(token)) => jira::Login::Basic { email, token },
        (_, None) => return Err(Error::NoToken),
    };
    Ok(jira::Site { base_url: connection.base_url, login })
}
