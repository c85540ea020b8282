//! `burndown completions` and `burndown man`: what shells and `man` know of the command line, made from
//! its definition.

use std::fs;
use std::io;

use app::place::absolute;
use clap::CommandFactory as _;
use serde_json::json;

use crate::arguments::{self, Arguments};
use crate::failure::{Failure, Result};
use crate::output::Output;
use crate::surroundings::Surroundings;

/// Prints the completions of a shell.
pub fn run(output: &Output, options: &arguments::Completions) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Arguments::command(), "burndown", &mut script);
    output.print(&String::from_utf8_lossy(&script))
}

/// Writes a page for the program and each of its commands.
pub fn write_manual(
    output: &Output,
    surroundings: &Surroundings,
    options: &arguments::Man,
) -> Result<()> {
    let folder = absolute(&surroundings.current, &options.folder);
    let wrong = |error: io::Error| {
        let folder = folder.display();
        Failure::new(format!("the manual pages cannot be written into {folder}: {error}"))
    };
    fs::create_dir_all(&folder).map_err(wrong)?;
    clap_mangen::generate_to(Arguments::command(), &folder).map_err(wrong)?;
    let folder = folder.display().to_string();
    output.answer(&json!({ "folder": folder }), |_| {
        format!("the manual pages are in {folder}; `man -l {folder}/burndown.1` shows the first\n")
    })
}
