//! The `burndown` program: reads the command line, runs one command, says how it went.

mod arguments;
mod browser;
mod command;
mod confirm;
mod failure;
mod figure_ask;
mod figures;
mod log;
mod naming;
mod opening;
mod output;
mod output_file;
mod progress;
mod reach;
mod run;
mod running;
mod selection;
mod server;
mod surroundings;
mod table;
mod token;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use crate::arguments::Arguments;
use crate::failure::Failure;

/// Gives back what is not used any more: a server that read a large file once must not keep its memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Needed before the command line is understood, to say in JSON that it is not.
    let is_json = surroundings::command_line().any(|word| word == "--json");
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(help) if is_help(&help) => return print_help(&help, is_json),
        Err(error) => {
            return fail(
                &Failure::of_line(&error, &arguments::command_of(surroundings::command_line())),
                is_json,
            );
        }
    };
    match command::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => fail(&failure, is_json),
    }
}

fn fail(failure: &Failure, is_json: bool) -> ExitCode {
    output::print_failure(failure, is_json);
    failure.exit_code()
}

/// Help and version are answers, and help is what somebody needs who gave half a command.
fn is_help(error: &clap::Error) -> bool {
    !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
}

fn print_help(help: &clap::Error, is_json: bool) -> ExitCode {
    let printed = help.print().and_then(|()| io::stdout().flush());
    if let Err(failure) = output::printed(printed) {
        return fail(&failure, is_json);
    }
    if help.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}
