//! Files and folders that nobody knows yet: they go when they are dropped, and their names say that
//! they are ours, so that what a kill left behind can be removed later.

use std::path::Path;

use tempfile::{Builder, NamedTempFile, TempDir};

use crate::error::{Act, Result, failed};
use crate::folder::{flush_tree, rename};

/// How the names of our temporary files and folders begin.
pub const TEMPORARY: &str = ".burndown-";

/// Makes a file in `parent`, `0600`.
pub fn scratch_file(parent: &Path) -> Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600));
    builder.tempfile_in(parent).map_err(failed(Act::Create, parent))
}

/// Makes a folder in `parent`, `0700`.
pub fn scratch_folder(parent: &Path) -> Result<TempDir> {
    let mut builder = Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir_in(parent).map_err(failed(Act::CreateFolder, parent))
}

/// Gives a folder that was filled its name, for good: all in it is flushed before, its parent after.
pub fn publish_folder(folder: TempDir, place: &Path) -> Result<()> {
    flush_tree(folder.path())?;
    rename(folder.path(), place)?;
    // It has its name now, and must not go with the temporary one.
    let _ = folder.keep();
    Ok(())
}
