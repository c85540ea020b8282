//! From the driver's errors to the cases of the contract. Nothing else looks at driver codes.

use std::error::Error as _;

use postgres::error::SqlState;

use crate::error::Error;

/// The case of a driver error. Holds the server's message but not its details, which show values.
pub(super) fn classify(error: &postgres::Error, place: &str, waited_s: u64) -> Error {
    let place = place.to_owned();
    let why = said(error);
    match error.code() {
        Some(
            &SqlState::LOCK_NOT_AVAILABLE
            | &SqlState::T_R_SERIALIZATION_FAILURE
            | &SqlState::T_R_DEADLOCK_DETECTED,
        ) => Error::Busy { place, waited_s },
        Some(&SqlState::DISK_FULL) => Error::DiskFull(place),
        Some(&SqlState::READ_ONLY_SQL_TRANSACTION | &SqlState::INSUFFICIENT_PRIVILEGE) => {
            Error::ReadOnly { place, why }
        }
        Some(
            &SqlState::UNDEFINED_TABLE
            | &SqlState::UNDEFINED_COLUMN
            | &SqlState::DATA_CORRUPTED
            | &SqlState::INDEX_CORRUPTED,
        ) => Error::Corrupt { place, what: why },
        Some(&SqlState::INVALID_CATALOG_NAME) => Error::NotFound(place),
        _ if is_about_prepared(error) => Error::Aborted(format!(
            "{place}: {why}. A pooler is in between, which needs prepared=off in the address; statements \
             are sent unprepared from now on, so try again"
        )),
        _ if is_lost(error) || is_refused(error) => Error::ServerGone { place, why },
        _ => Error::Aborted(format!("{place}: {why}")),
    }
}

/// Whether the connection is of no use any more, or none could be had just now: another one, a moment
/// later, may do.
pub(super) fn is_lost(error: &postgres::Error) -> bool {
    if error.is_closed() {
        return true;
    }
    match error.code() {
        Some(code) => {
            code.code().starts_with("08")
                || [
                    SqlState::ADMIN_SHUTDOWN,
                    SqlState::CRASH_SHUTDOWN,
                    SqlState::CANNOT_CONNECT_NOW,
                    SqlState::TOO_MANY_CONNECTIONS,
                    SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
                ]
                .contains(code)
        }
        // Anything that went wrong below the protocol, but for a server that was not let in or is
        // not trusted.
        None => error.source().is_some_and(|source| {
            source.downcast_ref::<std::io::Error>().is_some_and(|error| {
                !matches!(
                    error.kind(),
                    std::io::ErrorKind::InvalidData | std::io::ErrorKind::InvalidInput
                )
            })
        }),
    }
}

/// Whether a prepared statement is not there, or somebody else's: a pooler hands out another connection of
/// the server for each transaction.
pub(super) fn is_about_prepared(error: &postgres::Error) -> bool {
    let codes = [SqlState::INVALID_SQL_STATEMENT_NAME, SqlState::DUPLICATE_PSTATEMENT];
    error.code().is_some_and(|code| codes.contains(code))
}

/// Whether the server or the way to it said no, and would say so again.
fn is_refused(error: &postgres::Error) -> bool {
    match error.code() {
        Some(code) => code.code().starts_with("28"),
        None => error.source().is_some(),
    }
}

/// What the driver or the server said.
fn said(error: &postgres::Error) -> String {
    match (error.as_db_error(), error.source()) {
        (Some(told), _) => told.message().to_owned(),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}
