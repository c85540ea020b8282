//! How a profile reaches its Jira: the address and the kind of authentication, never the token.

use crate::json::Json;
use crate::settings::{Address, AuthKind, ConnectionSettings, Email};

pub use crate::address::{
    ADDRESS_CHARACTERS_MAX, check_address, is_readable_by_others, is_same_server, origin,
};

/// Where a Jira is and how to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Its address, checked as [`check_address`] does it.
    pub base_url: String,
    /// The kind of authentication.
    pub auth: Auth,
}

/// A kind of authentication. The token itself is kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// A personal access token, as Server and Data Center have it.
    Bearer,
    /// An e-mail address and an API token, as Cloud has it.
    Basic {
        /// The address that the token belongs to.
        email: String,
    },
    /// Nothing: a public server.
    None,
}

/// What a connection lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// No usable address.
    #[error("the profile names no Jira server; set its address in the settings of the profile")]
    Address,
    /// No e-mail address beside an API token.
    #[error(
        "an API token needs the e-mail address it belongs to; set it in the settings of the profile"
    )]
    Email,
}

impl Auth {
    /// All kinds as they are stored, with what they are called.
    pub const ALL: [(&'static str, &'static str); 3] = [
        ("bearer", "Personal access token (Server, Data Center)"),
        ("basic", "E-mail and API token (Cloud)"),
        ("none", "None (public server)"),
    ];
}

impl ConnectionSettings {
    /// The kind of authentication in force. Old settings name none: then it is a personal access
    /// token, unless the old app was told that there is none. A token that did not come along with a
    /// copy must not turn into asking a server without a login, which shows less.
    pub fn auth_in_force(&self, has_token: bool) -> AuthKind {
        let is_public = self.is_without_token && !has_token;
        self.auth.unwrap_or(if is_public { AuthKind::None } else { AuthKind::Bearer })
    }

    /// The address as it stands; empty without one.
    pub fn address(&self) -> &str {
        self.server.as_ref().map_or("", Address::as_str)
    }
}

impl Connection {
    /// What settings make of it; an error says what is missing.
    pub fn of(settings: &ConnectionSettings, has_token: bool) -> Result<Connection, Lack> {
        let base_url = check_address(settings.address()).map_err(|_| Lack::Address)?;
        let auth = match settings.auth_in_force(has_token) {
            AuthKind::Basic => {
                let email = settings.email.as_ref().map(Email::to_string);
                Auth::Basic { email: email.ok_or(Lack::Email)? }
            }
            AuthKind::Bearer => Auth::Bearer,
            AuthKind::None => Auth::None,
        };
        Ok(Connection { base_url, auth })
    }
}

/// Whether a text is one of the words that [`Auth`] is stored as.
pub fn is_auth_word(value: &Json) -> bool {
    value
        .as_text()
        .is_some_and(|text| text.parse::<AuthKind>().is_ok_and(|kind| kind.as_str() == text))
}

#[cfg(test)]
mod tests;
