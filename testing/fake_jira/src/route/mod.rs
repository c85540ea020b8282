//! From a request to Jira's answer: who asks, which of the two Jiras, which path.

mod agile;
mod ask;
mod changelog;
mod issue;
mod metadata;
mod project;
mod search;
mod search_jql;
mod text;
mod token;

use crate::behaviour::{Anonymous, Behaviour, Kind, Login};
use crate::fault::Fault;
use crate::login;
use crate::reply::Reply;
use crate::request::Request;
use crate::world::World;

/// What Cloud says where the old search was.
pub(crate) const REMOVED: &str = "The requested API has been removed. Please migrate to the \
     /rest/api/3/search/jql API. A full migration guideline is available at \
     https://developer.atlassian.com/changelog/#CHANGE-2046";

/// An answer, or one that is given instead of it.
type Answer = Result<Reply, Reply>;

/// One request and all that its answer depends on.
pub(crate) struct Call<'a> {
    pub request: &'a Request,
    pub world: &'a mut World,
    pub kind: Kind,
    pub behaviour: &'a Behaviour,
    /// Where the server is.
    pub url: &'a str,
    /// What will be wrong with the answer, for faults that the answer itself must have.
    pub fault: Option<&'a Fault>,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Viewer {
    Member,
    Stranger,
}

impl Call<'_> {
    pub fn answer(mut self) -> Reply {
        let reply = self.routed().unwrap_or_else(|instead| instead);
        self.with_rate_headers(reply)
    }

    fn routed(&mut self) -> Answer {
        let request = self.request;
        let inside = request.path.strip_prefix(self.behaviour.context.as_str());
        let path = inside.filter(|path| path.starts_with('/')).ok_or_else(no_such_page)?;
        if !["GET", "POST"].contains(&request.method.as_str()) {
            return Err(Reply::failure(405, "Method Not Allowed"));
        }
        if request.method == "POST" && self.behaviour.refuses_posts {
            let page = "<html><h1>405 Not Allowed</h1></html>";
            return Err(Reply::new(405, "text/html;charset=UTF-8", page));
        }
        let is_json = request.header("content-type").is_some_and(|it| it.contains("json"));
        if request.method == "POST" && !is_json {
            return Err(Reply::failure(415, "Unsupported Media Type"));
        }
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            ["rest", "api", version, rest @ ..] if self.speaks(version) => self.platform(rest),
            ["rest", "agile", "1.0", rest @ ..] => {
                self.viewer()?;
                self.agile(rest)
            }
            ["_edge", "tenant_info"] if self.is_cloud() => Ok(self.tenant_info()),
            ["rest", ..] => Err(self.no_such_resource()),
            _ => Err(no_such_page()),
        }
    }

    fn is_cloud(&self) -> bool {
        self.kind == Kind::Cloud
    }

    fn speaks(&self, version: &str) -> bool {
        version == "2" || version == "latest" || (version == "3" && self.is_cloud())
    }

    fn platform(&mut self, rest: &[&str]) -> Answer {
        if rest == ["serverInfo"] {
            return Ok(self.server_info());
        }
        let viewer = self.viewer()?;
        let is_post = self.request.method == "POST";
        match rest {
            ["search", "jql"] if self.is_cloud() => self.token_search(viewer),
            ["search", "approximate-count"] if self.is_cloud() && is_post => self.count(viewer),
            ["search"] if self.is_cloud() => Err(Reply::failure(410, REMOVED)),
            ["search"] => self.offset_search(viewer),
            ["issue", "bulkfetch"] if self.is_cloud() && is_post => self.bulk_issues(viewer),
            ["changelog", "bulkfetch"] if self.is_cloud() && is_post => {
                self.refuse_strangers()?;
                self.bulk_changelogs(viewer)
            }
            _ if is_post => Err(self.no_such_resource()),
            ["issue", name] => self.one_issue(viewer, name),
            ["issue", name, "changelog"] if self.is_cloud() => self.one_changelog(viewer, name),
            ["myself"] => self.myself(viewer),
            [list @ ("priority" | "resolution"), "search"] if self.is_cloud() => {
                self.paged_list(list)
            }
            ["project", rest @ ..] => self.project(viewer, rest),
            [list] => self.list(list).ok_or_else(|| self.no_such_resource()),
            _ => Err(self.no_such_resource()),
        }
    }

    /// Who asks, or the refusal of a wrong login.
    fn viewer(&self) -> Result<Viewer, Reply> {
        let Some(login) = &self.behaviour.login else { return Ok(Viewer::Member) };
        match self.request.header("authorization") {
            Some(sent) if sent == login::header(login) => Ok(Viewer::Member),
            Some(sent) if self.is_cloud() && sent.starts_with("Bearer ") => {
                let body = r#"{"error": "Failed to parse Connect Session Auth Token"}"#;
                Err(Reply::new(403, crate::reply::JSON, body))
            }
            Some(_) => Err(self.unauthorized()),
            None => match self.behaviour.anonymous {
                Anonymous::Everything => Ok(Viewer::Member),
                Anonymous::Nothing => Ok(Viewer::Stranger),
                Anonymous::Refused => Err(self.unauthorized()),
            },
        }
    }

    /// What nobody may ask who is not logged in, whatever others see.
    fn refuse_strangers(&self) -> Result<(), Reply> {
        let is_stranger = self.request.header("authorization").is_none();
        if self.behaviour.login.is_some() && is_stranger {
            return Err(self.unauthorized());
        }
        Ok(())
    }

    fn unauthorized(&self) -> Reply {
        let reply = Fault::unauthorized().spoil(Reply::new(401, "", "")).0;
        match (&self.behaviour.login, self.kind) {
            (Some(Login::Basic(..)), Kind::DataCenter) => reply
                .with_header("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
                .with_header("WWW-Authenticate", "OAuth realm=\"jira\""),
            _ => reply,
        }
    }

    fn no_such_resource(&self) -> Reply {
        let body = serde_json::json!({
            "message": format!("null for uri: {}", self.request.path),
            "status-code": 404,
        });
        Reply::new(404, crate::reply::JSON, body.to_string())
    }

    fn with_rate_headers(&self, reply: Reply) -> Reply {
        match self.kind {
            Kind::Cloud => reply
                .with_header("X-RateLimit-Limit", 350)
                .with_header("X-RateLimit-Remaining", 349)
                .with_header("X-RateLimit-NearLimit", false),
            Kind::DataCenter => reply
                .with_header("X-RateLimit-Limit", 100)
                .with_header("X-RateLimit-Remaining", 99)
                .with_header("X-RateLimit-Interval-Seconds", 1)
                .with_header("X-RateLimit-FillRate", 10)
                // Jira says so while there is nothing to wait for.
                .with_header("Retry-After", 0),
        }
    }
}

fn no_such_page() -> Reply {
    Reply::new(404, "text/html;charset=UTF-8", "<html><body>Dead link</body></html>")
}
