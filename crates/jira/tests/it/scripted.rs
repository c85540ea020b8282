//! A server that answers what a test wrote down, byte for byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// A request as it came: its first line, its headers, its body.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub line: String,
    pub authorization: Option<String>,
    pub body: String,
}

type Answer = dyn Fn(usize, &Asked) -> String + Send + Sync;

/// One connection at a time, one request on each.
pub struct Scripted {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Scripted {
    /// Answers the n-th request with `answer(n, request)`, then closes the connection.
    pub fn start(answer: impl Fn(usize, &Asked) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, is_over) = (Arc::default(), Arc::default());
        let (log, over): (Arc<Mutex<Vec<Asked>>>, Arc<AtomicBool>) =
            (Arc::clone(&asked), Arc::clone(&is_over));
        let answer: Box<Answer> = Box::new(answer);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    break;
                }
                let mut stream = stream.unwrap();
                let request = read(&stream);
                let number = log.lock().unwrap().len();
                log.lock().unwrap().push(request.clone());
                // A client that hung up is part of the script.
                let _ = stream.write_all(answer(number, &request).as_bytes());
            }
        });
        Self { address, asked, is_over, thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        self.thread.take().map(JoinHandle::join);
    }
}

fn read(stream: &TcpStream) -> Asked {
    let mut reader = BufReader::new(stream);
    let (mut asked, mut length) = (Asked::default(), 0);
    let speaks_http =
        reader.fill_buf().is_ok_and(|bytes| bytes.first().is_some_and(u8::is_ascii_uppercase));
    if !speaks_http {
        return asked;
    }
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end();
        match line.split_once(": ") {
            _ if line.is_empty() => break,
            _ if asked.line.is_empty() => asked.line = line.to_owned(),
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().unwrap();
            }
            Some((name, value)) if name.eq_ignore_ascii_case("authorization") => {
                asked.authorization = Some(value.to_owned());
            }
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    asked.body = String::from_utf8(body).unwrap();
    asked
}

/// An answer with headers of its own, each ended by a line break.
pub fn reply(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {length}\r\n{}\r\n{body}",
        headers.replace('\n', "\r\n")
    )
}

/// An answer as Jira gives it.
pub fn json(status: u16, body: &str) -> String {
    reply(status, "content-type: application/json;charset=UTF-8\n", body)
}

/// What a server tells of itself.
pub fn server_info(kind: &str) -> String {
    json(
        200,
        &format!(
            r#"{{"version":"9.12.2","deploymentType":"{kind}","serverTime":"2026-11-22T17:00:00.000+0100","serverTitle":"Our\u0007 Jira"}}"#
        ),
    )
}

/// Whom a login belongs to.
pub fn myself() -> String {
    json(200, r#"{"displayName":"A","timeZone":"Europe/Zurich"}"#)
}
