//! How Jira is reached: the token that a command prints, and certificates of a company.

use std::process::{Command, Stdio};

use app::access::Access;
use model::Token;

use crate::arguments::Reach;
use crate::failure::{Failure, Result};
use crate::surroundings::Surroundings;

/// What the options say, and where they say nothing, the environment.
pub fn access(surroundings: &Surroundings, reach: &Reach) -> Result<Access> {
    let mut access = surroundings.access.clone();
    if let Some(command) = &reach.token_command {
        access.token = Some(token_of(command)?);
    }
    if let Some(file) = &reach.ca_bundle {
        access.ca_bundle = Some(app::place::absolute(&surroundings.current, file));
    }
    Ok(access)
}

/// The first line that a command prints. Neither it nor what it prints is in any error.
fn token_of(command: &str) -> Result<Token> {
    let shell: (&str, &str) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let run = Command::new(shell.0)
        .args([shell.1, command])
        .stdin(Stdio::inherit())
        .stderr(Stdio::inherit())
        .output();
    let output = run.map_err(|error| {
        Failure::new(format!("the command of --token-command cannot be run: {error}"))
    })?;
    if !output.status.success() {
        return Err(Failure::new(format!(
            "the command of --token-command failed ({}); run it yourself to see why",
            output.status
        )));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let token = text.lines().next().map(str::trim).and_then(Token::new);
    token.ok_or_else(|| {
        Failure::new("the command of --token-command prints no token on its first line")
    })
}
