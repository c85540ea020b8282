//! What a page asked for and what it complained about, from the events of its session.

use serde_json::Value;

use crate::session::{event, text};

/// One request of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The address that was asked for.
    pub url: String,
    /// The status of the answer; `None` if there was none.
    pub status: Option<u64>,
    /// Bytes on the wire, head and body.
    pub bytes: u64,
    /// Why there was no answer.
    pub failure: Option<String>,
    is_pending: bool,
}

/// Something that the console shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// `error`, `warning`, `info` …; what the browser itself and what scripts say alike.
    pub level: String,
    /// In one line.
    pub text: String,
    /// Where, if that is known.
    pub url: String,
}

/// The requests among the events, in the order in which they were sent. The page that was left
/// may still ask for something: that is not among them.
pub(crate) fn requests(events: &[Value]) -> Vec<Request> {
    let sent = || events.iter().filter_map(|it| event(it, "Network.requestWillBeSent"));
    // What loads a page goes by the name of its first request.
    let mut loaders = sent().filter(|sent| text(sent, "requestId") == text(sent, "loaderId"));
    let newest = loaders.next_back().and_then(|sent| text(sent, "loaderId"));
    let of_page = sent().filter(|sent| text(sent, "loaderId") == newest);
    of_page
        // What an address holds itself is not asked for; the browser draws its own fields so.
        .filter(|sent| !url_of(sent).starts_with("data:"))
        .map(|sent| {
            let id = text(sent, "requestId").unwrap_or_default();
            request(sent, events.iter().filter(|message| concerns(message, id)))
        })
        .collect()
}

/// Whether an answer is still on its way.
pub(crate) fn is_any_pending(events: &[Value]) -> bool {
    requests(events).iter().any(|request| request.is_pending)
}

fn url_of(sent: &Value) -> &str {
    sent.pointer("/request/url").and_then(Value::as_str).unwrap_or_default()
}

fn concerns(message: &Value, request: &str) -> bool {
    message.get("params").and_then(|params| text(params, "requestId")) == Some(request)
}

fn request<'e>(sent: &Value, events: impl Iterator<Item = &'e Value>) -> Request {
    let url = url_of(sent).to_owned();
    // A stream has no end to wait for.
    let is_stream = text(sent, "type") == Some("EventSource");
    let mut request =
        Request { url, status: None, bytes: 0, failure: None, is_pending: !is_stream };
    for message in events {
        if let Some(answer) = event(message, "Network.responseReceived") {
            request.status = answer.pointer("/response/status").and_then(Value::as_u64);
        } else if let Some(end) = event(message, "Network.loadingFinished") {
            let bytes = end.get("encodedDataLength").and_then(Value::as_f64);
            request.bytes = bytes.unwrap_or_default() as u64;
            request.is_pending = false;
        } else if let Some(end) = event(message, "Network.loadingFailed") {
            request.failure = Some(text(end, "errorText").unwrap_or("failed").to_owned());
            request.is_pending = false;
        }
    }
    request
}

/// The console among the events.
pub(crate) fn messages(events: &[Value]) -> Vec<Message> {
    events.iter().filter_map(message).collect()
}

fn message(from: &Value) -> Option<Message> {
    if let Some(entry) = event(from, "Log.entryAdded").and_then(|it| it.get("entry")) {
        return Some(line(text(entry, "level"), text(entry, "text"), text(entry, "url")));
    }
    if let Some(call) = event(from, "Runtime.consoleAPICalled") {
        let first = call.pointer("/args/0");
        let said = first.and_then(|it| text(it, "value").or(text(it, "description")));
        return Some(line(text(call, "type"), said, None));
    }
    let thrown = event(from, "Runtime.exceptionThrown")?.get("exceptionDetails")?;
    let what = thrown.pointer("/exception/description").and_then(Value::as_str);
    Some(line(Some("error"), what.or(text(thrown, "text")), text(thrown, "url")))
}

fn line(level: Option<&str>, text: Option<&str>, url: Option<&str>) -> Message {
    let own = |text: Option<&str>| text.unwrap_or_default().replace('\n', " ");
    Message { level: own(level), text: own(text), url: own(url) }
}
