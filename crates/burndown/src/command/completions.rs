//! `burndown completions` and `burndown man`: what shells and `man` know of the command line, made from
//! its definition.

use std::fs;
use std::io;
use std::path::Path;

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

/// A folder that nobody else may change, whatever the mask of the shell says; a mask that lets others read lets
/// everybody read it.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o755);
    builder.create(folder)
}

/// The same for the pages in it.
#[cfg(unix)]
fn close_pages(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    for entry in fs::read_dir(folder)? {
        let (place, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        if name.to_string_lossy().starts_with("burndown") {
            let mode = fs::metadata(&place)?.permissions().mode();
            fs::set_permissions(place, fs::Permissions::from_mode(mode & !0o022))?;
        }
    }
    Ok(())
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
    make_folder(&folder).map_err(wrong)?;
    clap_mangen::generate_to(Arguments::command(), &folder).map_err(wrong)?;
    #[cfg(unix)]
    close_pages(&folder).map_err(wrong)?;
    let folder = folder.display().to_string();
    output.answer(&json!({ "folder": folder }), |_| {
        format!("the manual pages are in {folder}; `man -l {folder}/burndown.1` shows the first\n")
    })
}
