//! The plainest client there can be: one connection per request.

use std::io::{Read, Write};
use std::net::TcpStream;

use fake_jira::FakeJira;
use serde_json::Value;

/// What came back, even if it broke off.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|why| panic!("{why}: {}", self.body))
    }

    /// How long the body should be.
    pub fn promised(&self) -> usize {
        self.header("Content-Length").unwrap().parse().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

/// Sends `GET /path?name=a b` or, with a body, a `POST` of it; `headers` end with line breaks.
pub fn send(jira: &FakeJira, path: &str, body: Option<&Value>, headers: &str) -> Option<Answer> {
    let host = jira.url().trim_start_matches("http://").split('/').next().unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let method = if body.is_some() { "POST" } else { "GET" };
    let kind = if body.is_some() { "Content-Type: application/json\r\n" } else { "" };
    let body = body.map(Value::to_string).unwrap_or_default();
    let path = path.replace(' ', "%20").replace('"', "%22");
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{kind}{headers}\
         Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    // A torn answer ends in an error; what came before is what the test looks at.
    stream.read_to_end(&mut bytes).ok();
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Some(Answer { status, head: head.to_owned(), body: body.to_owned() })
}

pub fn get(jira: &FakeJira, path: &str) -> Answer {
    send(jira, path, None, "").unwrap()
}

pub fn post(jira: &FakeJira, path: &str, body: &Value) -> Answer {
    send(jira, path, Some(body), "").unwrap()
}

/// A member of each issue of an answer, in its order.
pub fn of_issues(answer: &Value, pointer: &str) -> Vec<String> {
    let issues = answer["issues"].as_array().unwrap();
    let text = |issue: &Value| issue.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    issues.iter().map(|issue| text(issue).unwrap_or_default()).collect()
}
