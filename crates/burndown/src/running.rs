//! Whether a server of this workspace runs already: asked, not taken from a note that a killed one
//! left behind.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use app::access_key;
use serde_json::Value;

/// How long a server of this machine is waited for.
const WAIT_MS: u64 = 2_000;
/// Longest answer that is read.
const ANSWER_BYTES_MAX: u64 = 64 * 1024;

/// Where a server shows the workspace in `folder`; `None` if none does.
pub fn address(folder: &Path) -> Option<SocketAddr> {
    access_key::server_addresses(folder).ok()?.into_iter().find(|address| shows(*address, folder))
}

fn shows(address: SocketAddr, folder: &Path) -> bool {
    what_it_shows(address, folder).is_some_and(|shown| {
        folder
            .canonicalize()
            .is_ok_and(|folder| folder.to_str().is_some_and(|folder| shown.contains(folder)))
    })
}

/// The address of the workspace of a server that answers.
fn what_it_shows(address: SocketAddr, folder: &Path) -> Option<String> {
    // A note that a killed one left behind is no reason to touch the key.
    TcpStream::connect_timeout(&address, Duration::from_millis(WAIT_MS)).ok()?;
    let key = access_key::prepare(folder).ok()?;
    let answer = ask(address, key.key.reveal()).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let health: Value = serde_json::from_str(body).ok().filter(|_| head.contains(" 200 "))?;
    Some(health.get("address")?.as_str()?.to_owned())
}

fn ask(address: SocketAddr, key: &str) -> std::io::Result<String> {
    let wait = Duration::from_millis(WAIT_MS);
    let mut stream = TcpStream::connect_timeout(&address, wait)?;
    stream.set_read_timeout(Some(wait))?;
    stream.set_write_timeout(Some(wait))?;
    write!(
        stream,
        "GET /api/v1/health HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\
         Connection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.take(ANSWER_BYTES_MAX).read_to_string(&mut answer)?;
    Ok(answer)
}
