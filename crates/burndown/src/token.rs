//! Reading a token: typed without being shown, or from a pipe. Never from the command line, where
//! everybody on the machine could read it.

use std::io::{self, BufRead, Read};

use console::Term;
use model::Token;

use crate::failure::{Failure, Result};
use crate::run::Run;

/// Longest line that is read.
const LINE_BYTES_MAX: u64 = 16 * 1024;

/// The line that whoever sits there types, or that comes in; as it is.
pub fn read_line(run: &Run) -> Result<String> {
    let unreadable = |error: io::Error| Failure::new(format!("the token cannot be read: {error}"));
    if Term::stdout().is_term() && console::user_attended() {
        run.output.say("The token, which is not shown while you type:");
        return Term::stderr().read_secure_line().map_err(unreadable);
    }
    let mut line = String::new();
    io::stdin().lock().take(LINE_BYTES_MAX).read_line(&mut line).map_err(unreadable)?;
    Ok(line)
}

/// A token; none is an error.
pub fn read(run: &Run) -> Result<Token> {
    Token::new(read_line(run)?.trim()).ok_or_else(|| {
        Failure::usage(
            "no token came in; type it, write it to stdin, or put it into the environment variable \
             BURNDOWN_JIRA_TOKEN",
        )
    })
}
