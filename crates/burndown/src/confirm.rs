//! Asks before something goes.

use std::io::{self, IsTerminal as _, Write as _};

use crate::failure::{Failure, Result};

/// Goes on if `is_said` (the option `--yes`), or if somebody at a terminal says so.
pub fn confirm(is_said: bool, question: &str) -> Result<()> {
    if is_said {
        return Ok(());
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::usage("nothing was changed; add --yes to do it without being asked"));
    }
    let failed = |error: io::Error| Failure::new(format!("nothing was changed: {error}"));
    let mut answer = String::new();
    write!(io::stderr(), "{question} [y/N] ").map_err(failed)?;
    io::stdin().read_line(&mut answer).map_err(failed)?;
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::new("nothing was changed")),
    }
}
