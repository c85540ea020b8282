//! The `burndown` program: reads the command line, runs one command, says how it went.

mod arguments;
mod command;
mod failure;
mod figures;
mod log;
mod opening;
mod output;
mod plain;
mod progress;
mod selection;
mod surroundings;
mod table;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;
use crate::failure::Failure;

fn main() -> ExitCode {
    // Needed before the command line is understood, to say in JSON that it is not.
    let is_json = std::env::args_os().any(|argument| argument == "--json");
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(help) if !help.use_stderr() => return print_help(&help),
        Err(error) => return fail(&Failure::from(error), is_json),
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

/// Help and version are answers; a reader that went away has read enough of them.
fn print_help(help: &clap::Error) -> ExitCode {
    let _ = help.print();
    ExitCode::SUCCESS
}
