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

/// Most servers of a workspace that are noted: those that were killed leave their line behind.
const NOTED_MAX: usize = 8;

/// Notes where a server of a workspace listens, until the value is dropped: a line beside those of
/// other servers.
pub struct Announced {
    path: PathBuf,
    address: SocketAddr,
}

impl Announced {
    /// Notes it, for [`server_addresses`].
    pub fn at(workspace: &Path, address: SocketAddr) -> Result<Announced> {
        let path = workspace.join(PROFILES).join(ADDRESS_FILE);
        let announced = Announced { path, address: reachable(address) };
        files::create_folder(files::folder_of(&announced.path))?;
        let mut noted = announced.others()?;
        noted.insert(0, announced.address);
        noted.truncate(NOTED_MAX);
        announced.write(&noted)?;
        Ok(announced)
    }

    /// What is noted of other servers, the newest first.
    fn others(&self) -> Result<Vec<SocketAddr>> {
        let mut noted = noted(&self.path)?;
        noted.retain(|address| *address != self.address);
        Ok(noted)
    }

    fn write(&self, noted: &[SocketAddr]) -> Result<()> {
        let lines: Vec<String> = noted.iter().map(SocketAddr::to_string).collect();
        Ok(files::write_file(&self.path, lines.join("\n").as_bytes())?)
    }
}

impl Drop for Announced {
    fn drop(&mut self) {
        let _ = match self.others() {
            Ok(others) if others.is_empty() => fs::remove_file(&self.path).is_ok(),
            Ok(others) => self.write(&others).is_ok(),
            Err(_) => false,
        };
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

/// Where servers of a workspace listen, the newest first; some may have ended without a word.
pub fn server_addresses(workspace: &Path) -> Result<Vec<SocketAddr>> {
    noted(&workspace.join(PROFILES).join(ADDRESS_FILE))
}

fn noted(path: &Path) -> Result<Vec<SocketAddr>> {
    match files::read_text(path) {
        Ok(text) => Ok(text.lines().filter_map(|line| line.trim().parse().ok()).collect()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(Error::File { path: path.to_owned(), source }),
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
