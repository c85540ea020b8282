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
    let address = access_key::server_address(folder).ok()??;
    // A note that a killed one left behind is no reason to touch the key.
    TcpStream::connect_timeout(&address, Duration::from_millis(WAIT_MS)).ok()?;
    let key = access_key::prepare(folder).ok()?;
    let answer = ask(address, key.key.reveal()).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let health: Value = serde_json::from_str(body).ok().filter(|_| head.contains(" 200 "))?;
    let shown = health.get("address")?.as_str()?;
    let folder = folder.canonicalize().ok()?;
    shown.contains(folder.to_str()?).then_some(address)
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
