//! The server that holds the data, if one is named, and its password.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use app::Server;
use app::place::{Place, Rule, absolute};
use model::Token;

use crate::arguments::General;
use crate::failure::{Failure, Result};
use crate::surroundings::Surroundings;

/// The server that `--store` names, or the environment where nothing names a folder.
pub fn chosen(surroundings: &Surroundings, general: &General) -> Result<Option<Server>> {
    let variable = surroundings.store_variable.as_ref().filter(|_| general.workspace.is_none());
    let Some(address) = general.store.as_ref().or(variable) else {
        let is_said = general.state_folder.is_some() || general.store_password_command.is_some();
        return match is_said {
            true => Err(Failure::usage("--state-folder and --store-password-command need --store")),
            false => Ok(None),
        };
    };
    match parse(surroundings, general, address)? {
        Some(server) => Ok(Some(server)),
        None => Err(Failure::usage(
            "--store takes postgres://USER@HOST/DATABASE; a folder is named by --workspace",
        )),
    }
}

/// The server of an address with its password; `None` if the address names none.
pub fn parse(
    surroundings: &Surroundings,
    general: &General,
    address: &str,
) -> Result<Option<Server>> {
    if !address.starts_with("postgres://") && !address.starts_with("postgresql://") {
        return Ok(None);
    }
    let server = Server::parse(address).map_err(|error| Failure::usage(error.to_string()))?;
    let password = match &general.store_password_command {
        Some(command) => Some(answer_of(command)?),
        None => surroundings.server_password.clone().or_else(|| {
            let file = surroundings.password_file.as_ref()?;
            server.password_in(&std::fs::read_to_string(file).ok()?)
        }),
    };
    Ok(Some(server.with_password(password)))
}

/// The first line that a command prints. What it says on stderr is shown; what it prints is not.
fn answer_of(command: &str) -> Result<Token> {
    let shell = if cfg!(windows) { ["cmd", "/C"] } else { ["sh", "-c"] };
    let [program, option] = shell;
    let ran = Command::new(program)
        .args([option, command])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output();
    let failed = |why: &str| Failure::new(format!("--store-password-command {why}"));
    let ran = ran.map_err(|error| failed(&format!("cannot be run: {error}")))?;
    if !ran.status.success() {
        return Err(failed(&format!("failed ({})", ran.status)));
    }
    let printed = String::from_utf8_lossy(&ran.stdout);
    let password = printed.lines().next().and_then(Token::new);
    password.ok_or_else(|| failed("printed no password"))
}

/// Where a node keeps what only it needs: a folder for each database.
pub fn state(surroundings: &Surroundings, general: &General, server: &Server) -> Result<Place> {
    let named = general.state_folder.as_ref().or(surroundings.state_variable.as_ref());
    let folder: Option<PathBuf> = match named {
        Some(folder) => Some(absolute(&surroundings.current, folder)),
        None => surroundings
            .platform_folder
            .as_ref()
            .map(|platform| platform.join("servers").join(server.short_name())),
    };
    let folder = folder.ok_or_else(|| {
        Failure::new("this system names no folder for data; name one with --state-folder FOLDER")
    })?;
    Ok(Place { folder, rule: Rule::State })
}
