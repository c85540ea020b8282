//! Opening the user's browser so that it is let in.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::failure::{Failure, Result};
use crate::run::Run;

/// Opens the pages of the server at an address. Other users read the arguments of a program, so the
/// browser is given a file of the workspace, which leads on with a code that is good once.
pub fn open(run: &Run, address: SocketAddr) -> Result<()> {
    let file = app::access_key::write_opening(&run.place.folder, address, run.surroundings.now())?;
    start(&file)
}

/// Opens an address or a file.
pub fn start(what: &Path) -> Result<()> {
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        Command::new("explorer")
    } else {
        Command::new("xdg-open")
    };
    let quiet = command.arg(what).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let failed = |error| Failure::new(format!("the browser could not be opened ({error})"));
    quiet.spawn().map(drop).map_err(failed)
}
