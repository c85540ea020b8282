//! How a profile reaches its Jira: the address and the kind of authentication, never the token.

use std::net::Ipv4Addr;

use crate::json::Json;
use crate::settings::{Address, AuthKind, ConnectionSettings, Email};

/// Longest address in characters.
pub const ADDRESS_CHARACTERS_MAX: usize = 300;

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
    /// token if there is a token at all.
    pub fn auth_in_force(&self, has_token: bool) -> AuthKind {
        self.auth.unwrap_or(if has_token { AuthKind::Bearer } else { AuthKind::None })
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

/// An address that can be used, without blanks around it and slashes at its end. An error says
/// what is wrong and what to do, as a part of a sentence.
pub fn check_address(typed: &str) -> Result<String, &'static str> {
    let address = typed.trim().trim_end_matches('/');
    let Some(parts) = Parts::of(address) else {
        return Err("write the address of your Jira, such as https://jira.example.org");
    };
    if address.chars().count() > ADDRESS_CHARACTERS_MAX {
        return Err("it must not be longer than 300 characters");
    }
    if parts.authority.contains('@') {
        return Err("leave out user and password; the token has a field of its own");
    }
    if address.contains(['?', '#']) {
        return Err("leave out everything from ? or # on");
    }
    let is_odd =
        |c: char| c.is_control() || c.is_whitespace() || matches!(c, '\\' | '<' | '>' | '"');
    if address.chars().any(is_odd) || !parts.is_host_sound() {
        return Err("write the address of your Jira, such as https://jira.example.org");
    }
    let rest = address.split_once("://").map_or("", |(_, rest)| rest);
    Ok(format!("{}://{rest}", parts.scheme))
}

/// Whether what is sent there can be read on the way: `http` to another machine.
pub fn is_readable_by_others(address: &str) -> bool {
    let Some(parts) = Parts::of(address) else { return false };
    let host = parts.host();
    let is_loopback = |host: &str| host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback());
    let is_here = host == "localhost" || host == "[::1]" || is_loopback(host);
    parts.scheme == "http" && !is_here
}

/// Whether a token for `before` may be sent to `after`: the same host and port, and not readable
/// where it was not before.
pub fn is_same_server(before: &str, after: &str) -> bool {
    let (Some(before), Some(after)) = (Parts::of(before), Parts::of(after)) else { return false };
    let is_safer = before.scheme == after.scheme || after.scheme == "https";
    let is_same_port = before.port() == after.port()
        || (before.port() == Some("80") && after.port() == Some("443"));
    before.host() == after.host() && is_same_port && is_safer
}

struct Parts {
    scheme: &'static str,
    /// Host and port, in lower case.
    authority: String,
}

impl Parts {
    fn of(address: &str) -> Option<Parts> {
        let (scheme, rest) = address.trim().split_once("://")?;
        let scheme =
            ["https", "http"].into_iter().find(|known| scheme.eq_ignore_ascii_case(known))?;
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let authority = rest.get(..end)?.to_lowercase();
        (!authority.is_empty()).then_some(Parts { scheme, authority })
    }

    /// Without the port.
    fn host(&self) -> &str {
        match self.split() {
            Some((host, _)) => host.trim_end_matches('.'),
            None => self.authority.trim_end_matches('.'),
        }
    }

    fn port(&self) -> Option<&str> {
        let usual = if self.scheme == "https" { "443" } else { "80" };
        Some(self.split().map_or(usual, |(_, port)| port))
    }

    /// Host and port, if a port is named; the colons inside `[::1]` name none.
    fn split(&self) -> Option<(&str, &str)> {
        self.authority.rsplit_once(':').filter(|(_, port)| !port.contains(']'))
    }

    fn is_host_sound(&self) -> bool {
        let host = self.host();
        let bracketed = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let is_sound = match bracketed {
            Some(inner) => inner.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.')),
            None => host.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_')),
        };
        let port_is_sound = self.split().is_none_or(|(_, port)| port.parse::<u16>().is_ok());
        is_sound && port_is_sound && host.chars().any(char::is_alphanumeric)
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
