//! How a browser of this machine finds the server of a workspace, and gets in.

use std::fs;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use model::access_key::{ADDRESS_FILE, OPENING_FILE};
use model::{Timestamp, Token};

use super::own;
use crate::PROFILES;
use crate::error::{Error, Result};

/// Notes where the server of a workspace listens, until the value is dropped.
pub struct Announced {
    path: PathBuf,
    text: String,
}

impl Announced {
    /// Notes it, for [`server_address`].
    pub fn at(workspace: &Path, address: SocketAddr) -> Result<Announced> {
        let path = workspace.join(PROFILES).join(ADDRESS_FILE);
        let text = reachable(address).to_string();
        files::create_folder(files::folder_of(&path))?;
        files::write_file(&path, text.as_bytes())?;
        Ok(Announced { path, text })
    }
}

impl Drop for Announced {
    fn drop(&mut self) {
        // Another server may have taken the place.
        if files::read_text(&self.path).is_ok_and(|text| text == self.text) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Where this machine reaches a server that listens there.
pub fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Where the server of a workspace listened last; it may have ended without a word.
pub fn server_address(workspace: &Path) -> Result<Option<SocketAddr>> {
    let path = workspace.join(PROFILES).join(ADDRESS_FILE);
    match files::read_text(&path) {
        Ok(text) => Ok(text.trim().parse().ok()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::File { path, source }),
    }
}

/// Writes a page for the owner alone that leads a browser to the server, with a code that lets in
/// once and for a minute. Gives its path.
pub fn write_opening(workspace: &Path, address: SocketAddr, now: Timestamp) -> Result<PathBuf> {
    let path = workspace.join(PROFILES).join(OPENING_FILE);
    let key = own::prepare(workspace)?.key;
    let url = format!("http://{address}/login?code={}", key.code(address.port(), now)?);
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>burndown</title>\n\
         <meta http-equiv=\"refresh\" content=\"0;url={url}\">\n<p><a href=\"{url}\">Go on to burndown</a>\n"
    );
    files::write_file(&path, page.as_bytes())?;
    Ok(path)
}

/// Writes a new key into a file of its own, which only its owner can read and which is not there yet.
pub fn write_key(path: &Path, key: &Token) -> Result<()> {
    use std::io::Write as _;
    let mut file = files::create_file(path)?;
    let written = writeln!(file, "{}", key.reveal()).and_then(|()| file.sync_all());
    written.map_err(|source| Error::File { path: path.to_owned(), source })
}
