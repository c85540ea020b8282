//! One HTTP request, read with limits.

use std::io::{BufRead, Read};

use percent_encoding::percent_decode_str;

/// Longer lines are refused, as Jira's servers do with long JQL.
const LINE_BYTES_MAX: u64 = 8 * 1024;
const HEADERS_MAX: usize = 100;
const BODY_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// What a client asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: String,
    /// Without the query.
    pub path: String,
    /// Names and values after the `?`, decoded.
    pub query: Vec<(String, String)>,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: String,
}

impl Request {
    /// A header by its name in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A value after the `?`.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the client wants the connection closed.
    pub(crate) fn is_last(&self) -> bool {
        self.header("connection").is_some_and(|it| it.eq_ignore_ascii_case("close"))
    }
}

/// What came over a connection.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Incoming {
    Request(Request),
    /// It cannot be answered but with this status.
    Refused(u16),
    /// The client is gone.
    End,
}

/// Reads the next request.
pub(crate) fn read(from: &mut impl BufRead) -> Incoming {
    match read_or_refuse(from) {
        Ok(Some(request)) => Incoming::Request(request),
        Ok(None) => Incoming::End,
        Err(status) => Incoming::Refused(status),
    }
}

fn read_or_refuse(from: &mut impl BufRead) -> Result<Option<Request>, u16> {
    let Some(first) = line(from, 414)? else { return Ok(None) };
    let mut parts = first.split(' ');
    let (Some(method), Some(target), Some(version)) = (parts.next(), parts.next(), parts.next())
    else {
        return Err(400);
    };
    if !version.starts_with("HTTP/1.") {
        return Err(505);
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut request = Request {
        method: method.to_owned(),
        path: decoded(path),
        query: pairs(query),
        ..Request::default()
    };
    if !read_headers(from, &mut request)? {
        return Ok(None);
    }
    if request.header("transfer-encoding").is_some() {
        return Err(411);
    }
    let Ok(length) = request.header("content-length").unwrap_or("0").parse::<u64>() else {
        return Err(400);
    };
    if length > BODY_BYTES_MAX {
        return Err(413);
    }
    let mut body = Vec::new();
    match from.take(length).read_to_end(&mut body) {
        Ok(read) if read as u64 == length => {}
        _ => return Ok(None),
    }
    request.body = String::from_utf8(body).map_err(|_| 400_u16)?;
    Ok(Some(request))
}

/// `false` if the client went away.
fn read_headers(from: &mut impl BufRead, request: &mut Request) -> Result<bool, u16> {
    loop {
        let Some(line) = line(from, 431)? else { return Ok(false) };
        if line.is_empty() {
            return Ok(true);
        }
        let (name, value) = line.split_once(':').ok_or(400_u16)?;
        request.headers.push((name.trim().to_lowercase(), value.trim().to_owned()));
        if request.headers.len() > HEADERS_MAX {
            return Err(431);
        }
    }
}

/// A line without its end; `None` if there is none; `too_long` if it is that.
fn line(from: &mut impl BufRead, too_long: u16) -> Result<Option<String>, u16> {
    let mut bytes = Vec::new();
    let Ok(read) = from.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes) else {
        return Ok(None);
    };
    if !bytes.ends_with(b"\n") {
        return if read as u64 == LINE_BYTES_MAX { Err(too_long) } else { Ok(None) };
    }
    let text = String::from_utf8(bytes).map_err(|_| 400_u16)?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decoded(&name.replace('+', " ")), decoded(&value.replace('+', " ")))
        })
        .collect()
}

/// `%41` becomes `A`; what is no code stays as it is.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sent: &str, want: &Incoming) {
        assert_eq!(read(&mut sent.as_bytes()), *want, "{sent:?}");
    }

    #[test]
    fn whatever_comes_is_bounded() {
        let long = "x".repeat(9_000);
        check("", &Incoming::End);
        check("GET / HTTP/1.1\r\nA: b", &Incoming::End);
        check("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", &Incoming::End);
        check("nonsense\r\n\r\n", &Incoming::Refused(400));
        check("GET / HTTP/2\r\n\r\n", &Incoming::Refused(505));
        check(&format!("GET /{long} HTTP/1.1\r\n\r\n"), &Incoming::Refused(414));
        check(&format!("GET / HTTP/1.1\r\nA: {long}\r\n\r\n"), &Incoming::Refused(431));
        check("POST / HTTP/1.1\r\nContent-Length: 5000000\r\n\r\n", &Incoming::Refused(413));
        check("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", &Incoming::Refused(411));
    }

    #[test]
    fn paths_and_queries_are_decoded() {
        let sent = "GET /a%20b?jql=a+%3D%20%22%C3%BC%22&x HTTP/1.1\r\nHost: h\r\n\r\n";
        let Incoming::Request(request) = read(&mut sent.as_bytes()) else { panic!("no request") };
        assert_eq!(request.path, "/a b");
        assert_eq!(request.parameter("jql"), Some("a = \"ü\""));
        assert_eq!(request.parameter("x"), Some(""));
        assert_eq!(request.header("host"), Some("h"));
    }
}
