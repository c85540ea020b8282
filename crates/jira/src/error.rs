//! What can go wrong with a server, each with what to do about it.

use model::remote::{self, Cancelled};

use crate::refusal::GATEWAY;

/// A failed call.
pub type Result<T> = std::result::Result<T, Error>;

/// Why Jira could not be asked, in words for the person who has to mend it. No case holds a token;
/// texts of the server are one line, cut short, without control characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The user gave up.
    #[error("{}", Cancelled)]
    Cancelled,
    /// The address is none.
    #[error(
        "{address} is not the address of a Jira: {why}; it looks like https://jira.example.com, without what follows the host in the browser"
    )]
    Address {
        /// What was given.
        address: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Nobody answers at that address.
    #[error("{host} cannot be reached: {why}; check the address and the network")]
    Unreachable {
        /// The host and port.
        host: String,
        /// What the system says.
        why: String,
    },
    /// The name of the host is unknown.
    #[error(
        "the host {host} was not found; check the spelling of the address, and the VPN if Jira is only reachable through one"
    )]
    NoSuchHost {
        /// The name.
        host: String,
    },
    /// The server does not speak https.
    #[error(
        "{host} answers, but not by https; if this Jira has http only, write http:// before the address"
    )]
    NotSecure {
        /// The host.
        host: String,
    },
    /// No secure connection could be made.
    #[error(
        "no secure connection to {host}: {why}; if your company signs its own certificates, name the file with them (--ca-bundle)"
    )]
    Tls {
        /// The host.
        host: String,
        /// What is wrong with the certificate or the connection.
        why: String,
    },
    /// The file with certificates cannot be used.
    #[error("the certificates in {path} cannot be used: {why}; it has to be a PEM file")]
    Certificates {
        /// The file.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// The proxy does not let us through.
    #[error(
        "the proxy does not lead to {host}: {why}; check the proxy settings (HTTPS_PROXY, NO_PROXY)"
    )]
    Proxy {
        /// The host behind the proxy.
        host: String,
        /// What went wrong.
        why: String,
    },
    /// It took too long.
    #[error(
        "{host} took too long to answer ({doing}); try again later, or ask for less with a narrower JQL"
    )]
    Timeout {
        /// The host.
        host: String,
        /// What was waited for.
        doing: &'static str,
    },
    /// Something else than Jira answers there.
    #[error(
        "{address} answers, but not as a Jira does ({found}); check the address, and whether Jira lives in a folder such as /jira"
    )]
    NotJira {
        /// The address asked.
        address: String,
        /// What came instead.
        found: String,
    },
    /// The server sends us somewhere else.
    #[error(
        "{host} sends on to {to}, where the login is not taken along; if Jira has moved, give its new address"
    )]
    Redirected {
        /// The host asked.
        host: String,
        /// Where it points.
        to: String,
    },
    /// The login was not accepted.
    #[error("{host} does not accept the login{}: {remedy}", in_brackets(said))]
    Login {
        /// The host.
        host: String,
        /// What the server says; empty if it says nothing.
        said: String,
        /// What to do, which depends on the kind of login and of server.
        remedy: &'static str,
    },
    /// The token is good, but not for this.
    #[error(
        "{host} does not let this API token ask {path} ({said}): a scope is missing. Make a token with the \
         scopes {}",
        scopes(needed)
    )]
    Scope {
        /// The host.
        host: String,
        /// The path asked, without its parameters.
        path: String,
        /// What the server says.
        said: String,
        /// The scope that is likely missing.
        needed: &'static str,
    },
    /// A token with scopes was sent to the site itself.
    #[error(
        "{host} does not accept the login{}: e-mail or API token are wrong, or the token has expired (make a new \
         one at https://id.atlassian.com under Security), or it is one with scopes, which works at \
         {gateway} only: give that address in place of this one",
        in_brackets(said)
    )]
    ScopedToken {
        /// The host.
        host: String,
        /// What the server says; empty if it says nothing.
        said: String,
        /// Where such tokens work.
        gateway: String,
    },
    /// Too many failed logins.
    #[error(
        "{host} wants a CAPTCHA after too many failed logins; log in once in the browser, then try again"
    )]
    Captcha {
        /// The host.
        host: String,
    },
    /// The user may not see that.
    #[error(
        "{host} does not allow this ({why}); ask a Jira administrator for the permission to browse it"
    )]
    Forbidden {
        /// The host.
        host: String,
        /// What Jira says.
        why: String,
    },
    /// Nothing is there.
    #[error(
        "{host} knows nothing under {path} ({why}); it may be gone, hidden from this login, or missing in this kind of Jira"
    )]
    NotFound {
        /// The host.
        host: String,
        /// The path asked, without its parameters.
        path: String,
        /// What Jira says.
        why: String,
    },
    /// The interface was taken away.
    #[error(
        "{host} no longer offers {path} ({why}); a newer burndown may know what took its place"
    )]
    Removed {
        /// The host.
        host: String,
        /// The path asked, without its parameters.
        path: String,
        /// What Jira says.
        why: String,
    },
    /// The JQL is wrong.
    #[error("Jira does not understand the JQL: {}; correct it and try again", why.trim_end_matches('.'))]
    Jql {
        /// Jira's own words, with the position where it tells one.
        why: String,
    },
    /// The JQL would find everything there is.
    #[error(
        "Jira Cloud refuses a JQL that finds everything; name a project or another restriction, such as project = ABC"
    )]
    Unbounded,
    /// Asked too much for too long.
    #[error("{host} asks to slow down, still after {tries} tries; try again in some minutes")]
    TooManyRequests {
        /// The host.
        host: String,
        /// How often it was asked.
        tries: u32,
    },
    /// The server has a trouble of its own.
    #[error(
        "{host} has a problem of its own (HTTP {status}: {why}), still after {tries} tries; try again later"
    )]
    Server {
        /// The host.
        host: String,
        /// The HTTP status.
        status: u16,
        /// What it says.
        why: String,
        /// How often it was asked.
        tries: u32,
    },
    /// The answer cannot be read.
    #[error(
        "the answer of {host} to {path} is damaged ({why}), still after {tries} tries; try again, or look at proxies in between"
    )]
    Damaged {
        /// The host.
        host: String,
        /// The path asked, without its parameters.
        path: String,
        /// What is wrong with it.
        why: String,
        /// How often it was asked.
        tries: u32,
    },
    /// The answer is larger than we take.
    #[error(
        "an answer of {host} is larger than {megabytes} MB and was not read; ask for less with a narrower JQL"
    )]
    TooLarge {
        /// The host.
        host: String,
        /// The limit.
        megabytes: u64,
    },
    /// Any other refusal.
    #[error("{host} refuses the request (HTTP {status}: {why}); check the settings of the query")]
    Refused {
        /// The host.
        host: String,
        /// The HTTP status.
        status: u16,
        /// What it says.
        why: String,
    },
    /// The server does not hand over results beyond a number of them.
    #[error(
        "{host} hands over only a part of the results of this JQL; split it into several queries"
    )]
    Window {
        /// The host.
        host: String,
    },
    /// The list of issues kept moving.
    #[error(
        "the issues changed under the walk {times} times, so it is not known which there are; try again at a calmer time"
    )]
    Restless {
        /// How often the walk began.
        times: u32,
    },
}

impl Error {
    /// Whether a Jira, or what stands before it, answered and refused.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Login { .. }
                | Self::Scope { .. }
                | Self::ScopedToken { .. }
                | Self::Captcha { .. }
                | Self::Forbidden { .. }
        )
    }

    /// Whether one list or call is not to be had, while others may be.
    pub fn is_of_one_call(&self) -> bool {
        let is_broken =
            matches!(self, Self::Server { .. } | Self::Damaged { .. } | Self::TooLarge { .. });
        self.is_lasting() || is_broken
    }

    /// The same where it is refused for good: to ask another time would not help.
    pub(crate) fn is_lasting(&self) -> bool {
        let is_missing = matches!(self, Self::NotFound { .. } | Self::Removed { .. });
        let is_refused = matches!(
            self,
            Self::Login { .. } | Self::Scope { .. } | Self::Forbidden { .. } | Self::Refused { .. }
        );
        is_missing || is_refused
    }

    /// Whether the way of asking is refused rather than what is asked.
    pub(crate) fn is_about_method(&self) -> bool {
        match self {
            Self::Forbidden { why, .. } => why == GATEWAY,
            Self::Refused { status, .. } => matches!(status, 405 | 501),
            _ => false,
        }
    }

    /// The same, said after that many tries.
    pub(crate) fn after(mut self, count: u32) -> Self {
        match &mut self {
            Error::TooManyRequests { tries, .. }
            | Error::Server { tries, .. }
            | Error::Damaged { tries, .. } => *tries = count,
            _ => {}
        }
        self
    }
}

/// The scopes that a token needs, among them the one that is missing.
fn scopes(needed: &str) -> String {
    let usual = ["read:jira-user", "read:jira-work"];
    let others = usual.into_iter().filter(|scope| *scope != needed);
    std::iter::once(needed).chain(others).collect::<Vec<_>>().join(", ")
}

fn in_brackets(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(" ({said})") }
}

impl From<Cancelled> for Error {
    fn from(_: Cancelled) -> Error {
        Error::Cancelled
    }
}

impl From<Error> for remote::Error {
    fn from(error: Error) -> remote::Error {
        match error {
            Error::Cancelled => Cancelled.into(),
            other => remote::Error::Failed(Box::new(other)),
        }
    }
}
