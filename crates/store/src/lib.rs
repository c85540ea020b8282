//! The store: the only way the program reaches stored data.
//!
//! [`open`] turns an address into a [`Store`]. A [`Reader`] sees one consistent state while it
//! lives; a [`Writer`] is a transaction that only [`Writer::commit`] makes real. The contract of
//! every operation stands in [`contract`], one file per noun; one conformance suite
//! (`tests/it/cases`) runs it on every backend.

mod address;
mod compare;
pub mod contract;
mod copy;
mod error;
mod json;
pub mod legacy;
mod open;
#[cfg(feature = "postgres")]
mod postgres;
mod read_from;
mod secret;
mod server;
mod sql;
mod sqlite;
mod stage;

pub use address::Address;
pub use compare::{Compared, compare};
pub use contract::state::{ACTIVE_PROFILE, ACTIVE_QUERY};
pub use contract::{NewStore, Reader, Record, Revision, Store, StoreKind, Writer};
pub use copy::{
    COPY_SOURCE, copy, copy_data, copy_profile, copy_query, copy_rest, left_of, remove_others,
    unfinished_copy,
};
pub use error::{Error, Result};
pub use open::{open, open_existing};
pub use read_from::{ReadFrom, read_from};
pub use secret::{Confirmed, SecretFile, StoredToken};
pub use server::Server;
pub use sqlite::{Salvaged, back_up, check_copy, fold_log, renew_checks, salvage};
pub use stage::Stage;
