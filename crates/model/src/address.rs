//! Addresses of servers as people type them.

use std::net::Ipv4Addr;

/// Longest address in characters.
pub const ADDRESS_CHARACTERS_MAX: usize = 300;

/// An address that can be used, without blanks around it and slashes at its end; whoever names only
/// a host means `https`. An error says what is wrong and what to do, as a part of a sentence.
pub fn check_address(typed: &str) -> Result<String, &'static str> {
    let typed = typed.trim().trim_end_matches('/');
    let completed =
        if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let address = completed.as_str();
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

/// Scheme, host and port of an address: what a token belongs to.
pub fn origin(address: &str) -> Option<String> {
    let parts = Parts::of(address)?;
    Some(format!("{}://{}:{}", parts.scheme, parts.host(), parts.port()?))
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
