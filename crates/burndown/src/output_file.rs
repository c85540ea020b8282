//! Files that commands write: whole or not at all, and over another only where that was asked for.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::failure::{Failure, Result};

/// An error where the file is there and is not to be written over: before anything is made.
pub fn refuse_if_there(path: &str, is_over: bool) -> Result<()> {
    if !is_over && Path::new(path).exists() { Err(is_there(path)) } else { Ok(()) }
}

/// Writes a file whole, or leaves none behind.
pub fn write(path: &str, content: &[u8], is_over: bool) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(!is_over).create(is_over).truncate(is_over);
    // Whom it is for, its owner decides.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => is_there(path),
        _ => unwritable(path, &error),
    })?;
    file.write_all(content).map_err(|error| {
        let _ = fs::remove_file(path);
        unwritable(path, &error)
    })
}

fn is_there(path: &str) -> Failure {
    Failure::new(format!("{path} is there already; name another file, or add --force"))
}

fn unwritable(path: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("{path} cannot be written: {error}; name a file in another folder"))
}
