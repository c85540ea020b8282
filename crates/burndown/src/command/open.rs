//! `burndown open`: the pages of a running server, in the browser.

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use app::access_key;
use serde_json::json;

use crate::browser;
use crate::failure::{Failure, Kind, Result};
use crate::run::Run;

/// How long a server of this machine is waited for.
const CONNECT_MS: u64 = 2_000;

/// Opens the browser, which gets in by a code that is good once.
pub fn run(run: &Run) -> Result<()> {
    let folder = &run.place.folder;
    let none = || {
        let folder = folder.display();
        Failure::of_kind(
            Kind::NotFound,
            format!(
                "no server runs for the workspace {folder}; `burndown serve --open` starts one"
            ),
        )
    };
    let noted = access_key::server_addresses(folder)?;
    let address = noted.into_iter().find(|address| answers(*address)).ok_or_else(none)?;
    browser::open(run, address)?;
    let url = format!("http://{address}/");
    run.output.answer(&json!({ "url": url }), |_| format!("opened {url} in the browser\n"))
}

fn answers(address: SocketAddr) -> bool {
    TcpStream::connect_timeout(&address, Duration::from_millis(CONNECT_MS)).is_ok()
}
