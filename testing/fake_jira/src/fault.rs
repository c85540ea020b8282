//! What can be wrong with an answer.

use std::time::Duration;

use serde_json::{Value, json};

use crate::reply::{JSON, Manner, Reply};

const HTML: &str = "text/html;charset=UTF-8";

/// One way of failing. The functions make the answers that Jira and what stands before it give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Another answer instead of Jira's.
    Answer {
        /// The status.
        status: u16,
        /// Beside the usual ones.
        headers: Vec<(String, String)>,
        /// The type of the body.
        content_type: String,
        /// The body.
        body: String,
    },
    /// The right status and headers, and no body.
    Empty,
    /// Half of the JSON, as if that were all of it.
    Cut,
    /// Half of the body that was promised, then the connection closes.
    Torn,
    /// Half of the body that was promised, then nothing until the client gives up.
    Stalled,
    /// The connection closes without an answer.
    Closed,
    /// The right answer, in pieces with a pause before each.
    Slow {
        /// Bytes of a piece.
        piece_bytes: usize,
        /// Before each piece.
        pause: Duration,
    },
    /// A body of that many bytes.
    Giant {
        /// Its size.
        bytes: usize,
    },
    /// The right body under the name of another type.
    ContentType(String),
    /// Cloud: the token of the next page is the one of this page (the first page has one, too).
    RepeatedToken,
    /// A page with nothing on it, though there is more.
    EmptyPage,
    /// Changelogs that say how long they are but hold the first two histories only; those of many issues
    /// leave out the first one of each page without a word.
    ShortChangelogs,
    /// Other values of members of the answer; none takes the member away.
    Members(Vec<(&'static str, Option<Value>)>),
    /// Issues without the changelogs that were asked for, as they come where something in between drops
    /// `expand`.
    NoChangelogs,
}

impl Fault {
    /// A JSON failure.
    fn failure(status: u16, message: &str) -> Fault {
        let body = json!({"errorMessages": [message], "errors": {}}).to_string();
        Fault::Answer { status, headers: Vec::new(), content_type: JSON.to_owned(), body }
    }

    fn page(status: u16, body: &str) -> Fault {
        let (content_type, body) = (HTML.to_owned(), body.to_owned());
        Fault::Answer { status, headers: Vec::new(), content_type, body }
    }

    /// The same with one more header; answers only.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Fault {
        if let Fault::Answer { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// 429; with how many seconds to wait, or without a word about it.
    pub fn too_many(retry_after_s: Option<u32>) -> Fault {
        let fault = Fault::failure(429, "Rate limit exceeded.");
        match retry_after_s {
            Some(seconds) => fault.with_header("Retry-After", &seconds.to_string()),
            None => fault,
        }
    }

    /// 429 that tells a time of day (`2026-01-01T00:01Z`) instead of seconds.
    pub fn too_many_until(reset: &str) -> Fault {
        Fault::too_many(None).with_header("X-RateLimit-Reset", reset)
    }

    /// 401.
    pub fn unauthorized() -> Fault {
        let body = json!({
            "message": "Client must be authenticated to access this resource.",
            "status-code": 401,
        });
        let (content_type, body) = (JSON.to_owned(), body.to_string());
        Fault::Answer { status: 401, headers: Vec::new(), content_type, body }
    }

    /// 403 after too many wrong passwords.
    pub fn captcha() -> Fault {
        let reason = "CAPTCHA_CHALLENGE; login-url=https://jira.example.org/login.jsp";
        Fault::page(403, "<html><body>Basic Authentication Failure</body></html>")
            .with_header("X-Authentication-Denied-Reason", reason)
            .with_header("X-Seraph-LoginReason", "AUTHENTICATION_DENIED")
    }

    /// 403.
    pub fn forbidden() -> Fault {
        Fault::failure(403, "You do not have permission to do that.")
    }

    /// 404.
    pub fn not_found() -> Fault {
        Fault::failure(404, "Issue does not exist or you do not have permission to see it.")
    }

    /// 410 of the search that Cloud removed.
    pub fn gone() -> Fault {
        Fault::failure(410, crate::route::REMOVED)
    }

    /// 500.
    pub fn broken() -> Fault {
        Fault::failure(500, "Internal server error")
    }

    /// 503; with how many seconds to wait, or without a word about it.
    pub fn unavailable(retry_after_s: Option<u32>) -> Fault {
        let fault = Fault::page(503, "<html><body>Service Unavailable</body></html>");
        match retry_after_s {
            Some(seconds) => fault.with_header("Retry-After", &seconds.to_string()),
            None => fault,
        }
    }

    /// 502 of a proxy that does not reach Jira.
    pub fn proxy() -> Fault {
        Fault::page(
            502,
            "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>",
        )
    }

    /// 200 with a page to log in on.
    pub fn login_page() -> Fault {
        Fault::page(200, "<!DOCTYPE html><html><head><title>Log in</title></head></html>")
    }

    /// 200 without a body, as old versions answer to a wrong password.
    pub fn seraph() -> Fault {
        Fault::page(200, "").with_header("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
    }

    /// 302 to another address, which may be on another host.
    pub fn redirect(to: &str) -> Fault {
        Fault::page(302, "").with_header("Location", to)
    }

    /// Whether Jira is not asked at all.
    pub(crate) fn is_instead(&self) -> bool {
        matches!(self, Fault::Answer { .. } | Fault::Closed | Fault::Giant { .. })
    }

    /// What becomes of an answer.
    pub(crate) fn spoil(&self, mut reply: Reply) -> (Reply, Manner) {
        let mut manner = Manner::Whole;
        match self.clone() {
            Fault::Answer { status, headers, content_type, body } => {
                reply = Reply { status, content_type, headers, body: body.into_bytes() };
            }
            Fault::Empty => reply.body.clear(),
            Fault::Cut => reply.body.truncate(reply.body.len() / 2),
            Fault::Torn => manner = Manner::Torn,
            Fault::Stalled => manner = Manner::Stalled,
            Fault::Closed => manner = Manner::Closed,
            Fault::Slow { piece_bytes, pause } => manner = Manner::Slow { piece_bytes, pause },
            Fault::Giant { bytes } => reply = Reply::json(" ".repeat(bytes)),
            Fault::ContentType(content_type) => reply.content_type = content_type,
            Fault::Members(members) => reply.body = with_members(&reply.body, members),
            Fault::RepeatedToken
            | Fault::EmptyPage
            | Fault::ShortChangelogs
            | Fault::NoChangelogs => {}
        }
        (reply, manner)
    }
}

/// An answer with other members.
fn with_members(body: &[u8], members: Vec<(&'static str, Option<Value>)>) -> Vec<u8> {
    let Ok(Value::Object(mut object)) = serde_json::from_slice(body) else { return body.to_vec() };
    for (name, value) in members {
        match value {
            Some(value) => object.insert(name.to_owned(), value),
            None => object.remove(name),
        };
    }
    Value::Object(object).to_string().into_bytes()
}
