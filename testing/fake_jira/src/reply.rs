//! One HTTP answer, before and after a fault took hold of it.

use std::time::Duration;

use serde_json::{Value, json};

/// What Jira calls its answers.
pub(crate) const JSON: &str = "application/json;charset=UTF-8";

/// An answer that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub status: u16,
    pub content_type: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    /// 200 with JSON text.
    pub fn json(text: String) -> Reply {
        Reply::new(200, JSON, text)
    }

    /// 200 with a value.
    pub fn value(value: &Value) -> Reply {
        Reply::json(value.to_string())
    }

    /// A failure with Jira's usual body.
    pub fn failure(status: u16, message: &str) -> Reply {
        let body = json!({"errorMessages": [message], "errors": {}});
        Reply::new(status, JSON, body.to_string())
    }

    /// Any answer of text.
    pub fn new(status: u16, content_type: &str, body: impl Into<String>) -> Reply {
        let (content_type, body) = (content_type.to_owned(), body.into().into_bytes());
        Reply { status, content_type, headers: Vec::new(), body }
    }

    /// The same with one more header.
    pub fn with_header(mut self, name: &str, value: impl ToString) -> Reply {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// The lines before the body; `length` is what they promise.
    pub fn head(&self, length: usize) -> String {
        let Reply { status, content_type, .. } = self;
        let mut head = format!(
            "HTTP/1.1 {status} {}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n",
            reason(*status)
        );
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        head
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        410 => "Gone",
        413 => "Payload Too Large",
        414 => "URI Too Long",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Other",
    }
}

/// How an answer goes over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Manner {
    /// All at once.
    Whole,
    /// Half of the body that was promised, then the connection closes.
    Torn,
    /// Half of the body that was promised, then nothing until the client gives up.
    Stalled,
    /// The connection closes without a word.
    Closed,
    /// In pieces with pauses.
    Slow {
        /// Bytes of a piece.
        piece_bytes: usize,
        /// Before each of them.
        pause: Duration,
    },
}
