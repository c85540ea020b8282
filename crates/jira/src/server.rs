//! Which Jira it is: found by asking, never by the name of the host.

use jiff::SignedDuration;
use model::json::Value;
use model::{TimeZone, Timestamp, stamp};

use crate::address::Address;
use crate::error::{Error, Result};
use crate::http::Request;
use crate::refusal::cut;
use crate::retry::RetryingClient;

/// Redirects that are followed to find the Jira.
const REDIRECTS_MAX: u32 = 3;

/// How versions of Cloud begin.
const CLOUD_VERSION: &str = "1001.";

/// The two kinds of Jira, which have different interfaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Jira Cloud.
    Cloud,
    /// Jira Server or Data Center.
    Server,
}

/// What a server tells of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Which interfaces it has.
    pub kind: Kind,
    /// Its version.
    pub version: String,
    /// What its administrators call it.
    pub title: String,
    /// Its time when it answered.
    pub time: Option<Timestamp>,
}

impl Server {
    /// By how much the server's clock is ahead of the local one, which is read when the answer came.
    pub fn ahead_of(&self, local: Timestamp) -> Option<SignedDuration> {
        Some(self.time?.duration_since(local))
    }
}

/// Asks the server who it is. Where it leads to another address on its own host, e.g. from `http`
/// to `https`, that one is used from then on.
pub(crate) fn meet(http: &mut RetryingClient) -> Result<Server> {
    let request = Request::get("/rest/api/2/serverInfo");
    for _ in 0..=REDIRECTS_MAX {
        match http.ask(&request, read) {
            Err(elsewhere @ Error::Redirected { .. }) => follow(http, &request, elsewhere)?,
            told => {
                let told = told.map_err(|error| in_other_words(http, error))?;
                http.kind = Some(told.kind);
                let hide = |text: &str| http.login.hide_in(text);
                let (version, title) = (hide(&told.version), hide(&told.title));
                return Ok(Server { version, title, ..told });
            }
        }
    }
    Err(no_jira(http, "it sends on without end"))
}

fn follow(http: &mut RetryingClient, request: &Request, elsewhere: Error) -> Result<()> {
    let answer = http.send(request)?;
    let target = answer.header("location").map(|location| http.address.redirected(location));
    let Some((_, Some(whole))) = target else { return Err(elsewhere) };
    let base = whole.strip_suffix(&request.path).ok_or_else(|| no_jira(http, "a login page"))?;
    http.address = Address::read(base)?;
    Ok(())
}

/// The first answer decides whether this is a Jira at all.
fn in_other_words(http: &RetryingClient, error: Error) -> Error {
    match error {
        Error::NotFound { .. } | Error::Removed { .. } => no_jira(http, "it has no Jira interface"),
        Error::Damaged { why, .. } => no_jira(http, &why),
        other => other,
    }
}

fn no_jira(http: &RetryingClient, found: &str) -> Error {
    Error::NotJira { address: http.address.base.clone(), found: cut(found) }
}

pub(crate) fn read(info: Value<'_>) -> std::result::Result<Server, &'static str> {
    let text = |name| info.get(name).and_then(|v| v.as_text()).map(|text| cut(&text));
    let version = text("version").ok_or("a version of Jira is missing")?;
    // Data Center calls itself "Server"; old servers do not have the member.
    // Cloud has a version of its own kind, also where it does not say what it is.
    let is_cloud = match text("deploymentType") {
        Some(kind) => kind == "Cloud",
        None => version.starts_with(CLOUD_VERSION),
    };
    let time = text("serverTime").and_then(|text| stamp::parse(&text, &TimeZone::UTC));
    Ok(Server {
        kind: if is_cloud { Kind::Cloud } else { Kind::Server },
        version,
        title: text("serverTitle").unwrap_or_default(),
        time: time.map(|(at, _)| at),
    })
}
