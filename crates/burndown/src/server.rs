//! The server that holds the data, if one is named, and its password.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use app::place::{Place, Rule, absolute, is_open_to_others};
use app::{Server, SharedKey};
use model::Token;

use crate::arguments::General;
use crate::failure::{Failure, Result};
use crate::output::Output;
use crate::run::Run;
use crate::surroundings::Surroundings;

/// The server that `--store` names, or the environment where nothing names a folder.
pub fn chosen(
    surroundings: &Surroundings,
    general: &General,
    output: &Output,
) -> Result<Option<Server>> {
    let variable = surroundings.store_variable.as_ref().filter(|_| general.workspace.is_none());
    let Some(address) = general.store.as_ref().or(variable) else {
        return match only_with_a_server(general) {
            Some(option) => Err(Failure::usage(format!("{option} needs --store"))),
            None => Ok(None),
        };
    };
    let named = |option: &str, address: &str| {
        parse(surroundings, general, output, address)?.ok_or_else(|| {
            Failure::usage(format!(
                "{option} takes postgres://USER@HOST/DATABASE; a folder is named by --workspace"
            ))
        })
    };
    let replica = general.read_store.as_ref().or(surroundings.read_store_variable.as_ref());
    let replica = replica.map(|address| named("--read-store", address)).transpose()?;
    Ok(Some(named("--store", address)?.with_replica(replica)))
}

/// An option that was given and means nothing without a server.
fn only_with_a_server(general: &General) -> Option<&'static str> {
    let options = [
        ("--read-store", general.read_store.is_some()),
        ("--state-folder", general.state_folder.is_some()),
        ("--store-password-command", general.store_password_command.is_some()),
        ("--shared-key-file", general.shared_key_file.is_some()),
        ("--shared-key-command", general.shared_key_command.is_some()),
    ];
    options.into_iter().find_map(|(option, is_given)| is_given.then_some(option))
}

/// The key that all nodes have, if there is one.
pub fn shared_key(surroundings: &Surroundings, general: &General) -> Result<Option<SharedKey>> {
    let file = general.shared_key_file.as_ref().or(surroundings.shared_key_variable.as_ref());
    let key = match (&general.shared_key_command, file) {
        (Some(command), _) => SharedKey::new(answer_of("--shared-key-command", command)?.reveal()),
        (None, Some(file)) => {
            let file = absolute(&surroundings.current, file);
            let text = std::fs::read_to_string(&file).map_err(|error| {
                Failure::new(format!("the shared key {} cannot be read: {error}", file.display()))
            })?;
            SharedKey::new(&text)
        }
        (None, None) => return Ok(None),
    };
    match key {
        Some(key) => Ok(Some(key)),
        None => Err(Failure::new(
            "the shared key has less than 32 characters; `openssl rand -hex 32` makes one",
        )),
    }
}

/// The server of an address with its password; `None` if the address names none.
pub fn parse(
    surroundings: &Surroundings,
    general: &General,
    output: &Output,
    address: &str,
) -> Result<Option<Server>> {
    if !Server::is_named_by(address) {
        return Ok(None);
    }
    let server = Server::parse(address).map_err(|error| Failure::usage(error.to_string()))?;
    let password = match &general.store_password_command {
        Some(command) => Some(answer_of("--store-password-command", command)?),
        None => {
            let given = surroundings.server_password.clone();
            given.or_else(|| filed_password(surroundings.password_file.as_ref()?, &server, output))
        }
    };
    Ok(Some(server.with_password(password)))
}

/// The password that a file has for a server. One that others can read is passed over, as the programs
/// of PostgreSQL do, and that is said.
fn filed_password(file: &Path, server: &Server, output: &Output) -> Option<Token> {
    let found = server.password_in(&std::fs::read_to_string(file).ok()?)?;
    if !is_open_to_others(file) {
        return Some(found);
    }
    output.warn(&format!(
        "others than you can read {0}, so its password is not used; `chmod 600 {0}` keeps them out",
        file.display()
    ));
    None
}

/// Says that others can read the key that all nodes have.
pub fn warn_of_modes(run: &Run) {
    let named =
        run.general.shared_key_file.as_ref().or(run.surroundings.shared_key_variable.as_ref());
    let file = named.filter(|_| run.general.shared_key_command.is_none());
    let file = file.map(|file| absolute(&run.surroundings.current, file));
    if let Some(file) = file.filter(|file| is_open_to_others(file)) {
        run.output.warn(&format!(
            "others than you can read the shared key {0}; `chmod 600 {0}` keeps them out, and if \
             somebody read it, `openssl rand -hex 32` makes another",
            file.display()
        ));
    }
}

/// The first line that a command prints. What it says on stderr is shown; what it prints is not.
fn answer_of(option: &str, command: &str) -> Result<Token> {
    let shell = if cfg!(windows) { ["cmd", "/C"] } else { ["sh", "-c"] };
    let [program, takes] = shell;
    let ran = Command::new(program)
        .args([takes, command])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output();
    let failed = |why: &str| Failure::new(format!("{option} {why}"));
    let ran = ran.map_err(|error| failed(&format!("cannot be run: {error}")))?;
    if !ran.status.success() {
        return Err(failed(&format!("failed ({})", ran.status)));
    }
    let printed = String::from_utf8_lossy(&ran.stdout);
    let password = printed.lines().next().and_then(Token::new);
    password.ok_or_else(|| failed("printed nothing"))
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
