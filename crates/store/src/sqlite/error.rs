//! From the driver's errors to the cases of the contract. Nothing else looks at driver codes.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::error::Error;

/// Free space below which a disk counts as full: less than SQLite asks for at once.
const FULL_BYTES: u64 = 64 << 10;

/// The case of a driver error. `waited_ms` is how long a lock was waited for.
pub(crate) fn classify(error: &rusqlite::Error, place: &Path, waited_ms: u64) -> Error {
    let at = place.display().to_string();
    match error {
        rusqlite::Error::SqliteFailure(failure, text) => {
            let why = text.clone().unwrap_or_else(|| failure.to_string());
            match failure.code {
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
                    Error::Busy { place: at, waited_s: waited_ms / 1000 }
                }
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
                    Error::Corrupt { place: at, what: why }
                }
                // That the file is there was seen before: what cannot be opened lacks a right, or
                // its folder does.
                ErrorCode::ReadOnly
                | ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied
                | ErrorCode::AuthorizationForStatementDenied => Error::ReadOnly { place: at, why },
                ErrorCode::DiskFull => Error::DiskFull(at),
                // On a disk without any room the memory that connections share cannot be made.
                ErrorCode::SystemIoFailure if is_full(place) => Error::DiskFull(at),
                ErrorCode::SystemIoFailure => Error::Unreachable { place: at, why },
                _ => refused(at, why),
            }
        }
        // Without the statement, which says nothing to whoever reads the message.
        rusqlite::Error::SqlInputError { msg, .. } => refused(at, msg.clone()),
        rusqlite::Error::InvalidColumnType(_, column, _) => {
            Error::Corrupt { place: at, what: format!("column {column} holds another type") }
        }
        rusqlite::Error::IntegralValueOutOfRange(..) | rusqlite::Error::Utf8Error(..) => {
            Error::Corrupt { place: at, what: error.to_string() }
        }
        // Of the only row of a table.
        rusqlite::Error::QueryReturnedNoRows => {
            Error::Corrupt { place: at, what: "a row that is always there is missing".to_owned() }
        }
        other => Error::Aborted(format!("{at}: {other}")),
    }
}

/// Whether the disk that holds a file has no room for even a few pages.
fn is_full(place: &Path) -> bool {
    files::free_bytes(files::folder_of(place)).is_ok_and(|free| free < FULL_BYTES)
}

/// The case of a statement that SQLite did not take. Every database of ours has the same tables and
/// columns, so one that is missing is damage.
fn refused(place: String, what: String) -> Error {
    if what.starts_with("no such table") || what.starts_with("no such column") {
        return Error::Corrupt { place, what };
    }
    Error::Aborted(format!("{place}: {what}"))
}

/// Whether waiting and trying again can help.
pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    #[track_caller]
    fn check(code: i32, want: fn(&Error) -> bool) {
        let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        let case = classify(&error, Path::new("x.sqlite"), 10_000);
        assert!(want(&case), "{code}: {case:?}");
        assert!(case.to_string().contains("x.sqlite"));
    }

    #[test]
    fn codes_become_cases() {
        check(ffi::SQLITE_BUSY, |e| matches!(e, Error::Busy { waited_s: 10, .. }));
        check(ffi::SQLITE_BUSY_SNAPSHOT, |e| matches!(e, Error::Busy { .. }));
        check(ffi::SQLITE_LOCKED, |e| matches!(e, Error::Busy { .. }));
        check(ffi::SQLITE_CORRUPT, |e| matches!(e, Error::Corrupt { .. }));
        check(ffi::SQLITE_NOTADB, |e| matches!(e, Error::Corrupt { .. }));
        check(ffi::SQLITE_READONLY, |e| matches!(e, Error::ReadOnly { .. }));
        check(ffi::SQLITE_READONLY_DIRECTORY, |e| matches!(e, Error::ReadOnly { .. }));
        check(ffi::SQLITE_PERM, |e| matches!(e, Error::ReadOnly { .. }));
        check(ffi::SQLITE_FULL, |e| matches!(e, Error::DiskFull(_)));
        check(ffi::SQLITE_CANTOPEN, |e| matches!(e, Error::ReadOnly { .. }));
        check(ffi::SQLITE_IOERR_READ, |e| matches!(e, Error::Unreachable { .. }));
        check(ffi::SQLITE_CONSTRAINT, |e| matches!(e, Error::Aborted(_)));
    }
}
