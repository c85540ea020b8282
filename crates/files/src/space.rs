//! How much room there is and is taken, and who else may look.

use std::fs;
use std::path::Path;

use crate::error::{Act, Result, failed};

/// Bytes that this user may still write to the disk that holds `place`, which must be there.
pub fn free_bytes(place: &Path) -> Result<u64> {
    fs4::available_space(place).map_err(failed(Act::AskForSpace, place))
}

/// Bytes of all files below a folder, or of a file; what cannot be looked at counts nothing, nor do
/// links.
pub fn bytes_in(place: &Path) -> u64 {
    match fs::symlink_metadata(place) {
        Ok(found) if found.is_file() => found.len(),
        Ok(found) if found.is_dir() => {
            let entries = fs::read_dir(place).into_iter().flatten().flatten();
            entries.map(|entry| bytes_in(&entry.path())).sum()
        }
        _ => 0,
    }
}

/// The same of what a link leads to, where it is one.
pub fn leads_to_open(place: &Path) -> bool {
    place.canonicalize().is_ok_and(|place| is_open_to_others(&place))
}

/// Whether anybody but its owner may read or write a file or folder. `false` where it is not there,
/// and on systems without such modes.
pub fn is_open_to_others(place: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let found = fs::symlink_metadata(place).ok().filter(|found| !found.is_symlink());
        found.is_some_and(|found| found.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = place;
        false
    }
}
