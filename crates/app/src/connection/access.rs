//! Reaching the Jira of a profile: its stored connection, its token, and what the surroundings say.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jira::Client;
use model::connection::{Auth, Connection, is_readable_by_others, is_same_server};
use model::remote::{Cancelled, Patience};
use model::{ProfileId, ProfileSettings, Token};

use crate::App;
use crate::error::{Error, Result};
use crate::lookup;

/// What the surroundings of the program say about reaching Jira. Holds a secret, so it prints stars.
#[derive(Clone, Default)]
pub struct Access {
    /// The token to use in place of stored ones.
    pub token: Option<Token>,
    /// Address of the server that it is for.
    pub server: Option<String>,
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

/// Waits as long as it is told to: for work that nobody cancels.
pub(crate) struct Calm;

impl Patience for Calm {
    fn wait(&self, time: Duration) -> std::result::Result<(), Cancelled> {
        std::thread::sleep(time);
        Ok(())
    }

    fn check(&self) -> std::result::Result<(), Cancelled> {
        Ok(())
    }
}

impl App {
    /// Where the Jira of a profile is and who asks there. An error says what is missing.
    pub fn jira_site(&self, id: &ProfileId) -> Result<jira::Site> {
        let stored = lookup::profile(&*self.store.read()?, id)?.settings;
        let settings = ProfileSettings::read(&stored);
        let given = self.context.access.token.clone();
        let has_token = given.is_some() || self.has_token(id)?;
        let connection = Connection::of(&settings.connection, has_token)?;
        if connection.auth == Auth::None {
            return site(connection, None);
        }
        let token = match given {
            Some(token) => {
                self.refuse_several_servers(&connection)?;
                self.refuse_unconfirmed(&connection.base_url)?;
                Some(token)
            }
            None => self.token_for(id, &connection.base_url)?,
        };
        site(connection, token)
    }

    /// The Jira of a profile, for a sync.
    pub fn remote(&self, id: &ProfileId, patience: Arc<dyn Patience>) -> Result<Client> {
        Ok(Client::connect(self.jira_site(id)?, &self.client_options(), patience)?)
    }

    /// The Jira of a profile, for somebody who waits in front of a screen.
    pub(crate) fn client(&self, id: &ProfileId) -> Result<Client> {
        self.connected(self.jira_site(id)?)
    }

    /// A site, asked while somebody waits.
    pub(crate) fn connected(&self, site: jira::Site) -> Result<Client> {
        Ok(Client::connect(site, &self.hurried_options(), Arc::new(Calm))?)
    }

    /// Whether a Jira answers at an address. It is asked without a login and in a few seconds; one that
    /// refuses strangers is there all the same.
    pub(crate) fn is_there(&self, site: jira::Site) -> bool {
        let connect_timeout = Duration::from_secs(5);
        let options =
            jira::ClientOptions { tries_max: 1, connect_timeout, ..self.hurried_options() };
        match Client::connect(site, &options, Arc::new(Calm)) {
            Ok(_) => true,
            Err(error) => error.is_refusal(),
        }
    }

    fn hurried_options(&self) -> jira::ClientOptions {
        let (total_timeout, wait_max) = (Duration::from_secs(25), Duration::from_secs(5));
        jira::ClientOptions { tries_max: 2, total_timeout, wait_max, ..self.client_options() }
    }

    /// How to behave towards a server.
    pub(crate) fn client_options(&self) -> jira::ClientOptions {
        let Access { ca_bundle, proxy, no_proxy, .. } = self.context.access.clone();
        let seed = self.now().as_nanosecond() as u64;
        jira::ClientOptions { ca_bundle, proxy, no_proxy, seed, ..jira::ClientOptions::default() }
    }

    /// A token that comes from outside goes to a server that was named beside it or in this workspace
    /// by whoever sits here: a database may come from anybody.
    fn refuse_unconfirmed(&self, address: &str) -> Result<()> {
        let named = self.context.access.server.as_deref();
        let is_named = named.is_some_and(|named| is_same_server(named, address));
        let confirmed = self.confirmation_of(address)?;
        if !is_named && confirmed.is_none() {
            return Err(Error::UnconfirmedServer { address: address.to_owned() });
        }
        let may_be_read = confirmed.is_some_and(|confirmed| confirmed.may_be_read);
        if is_readable_by_others(address) && !may_be_read {
            return Err(Error::ReadableToken { address: address.to_owned() });
        }
        Ok(())
    }

    /// A token that comes from outside belongs to one server; no other may learn it.
    fn refuse_several_servers(&self, connection: &Connection) -> Result<()> {
        let reader = self.store.read()?;
        for summary in reader.profiles()? {
            let Some(profile) = reader.profile(&summary.id)? else { continue };
            let settings = ProfileSettings::read(&profile.settings);
            let Ok(other) = Connection::of(&settings.connection, true) else { continue };
            let is_other = !is_same_server(&connection.base_url, &other.base_url);
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
