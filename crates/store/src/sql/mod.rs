//! What every SQL backend does alike: which statements keep the contract, how a row becomes a noun,
//! how documents are encoded, what carries a revision. A backend brings a [`driver::Driver`], its
//! schema and what it knows of its files or server.
//!
//! Statements are such that SQLite and PostgreSQL take both: parameters are `?` in order or `?1` by
//! number, never mixed, and rows are inserted or replaced by `ON CONFLICT`.

#[macro_use]
mod columns;

mod access_key;
mod cache;
mod changelog;
mod changelog_value;
mod check;
mod codec;
mod delivery;
mod dictionary;
mod digest;
mod document;
pub(crate) mod driver;
mod field;
mod header;
mod issue;
mod issue_facts;
mod maintenance;
mod membership;
mod nesting;
mod profile;
mod project_data;
mod query;
mod revision;
pub(crate) mod schema;
mod shared_text;
mod snapshot;
mod state;
mod status;
mod sync;
mod task;
mod transitions;
mod trash;
mod tx;
mod varint;
mod walk;

pub(crate) use cache::Unreadable;
#[cfg(test)]
pub(crate) use check::known_tables;
pub(crate) use check::{Counted, Total};
#[cfg(feature = "postgres")]
pub(crate) use driver::Bulk;
pub(crate) use driver::{Driver, Row, Source, Value, up_to};
pub(crate) use nesting::Writing;
pub(crate) use tx::{REVISION, SqlTx};

/// Reads that must not scan a table. Lists of all profiles, states and tasks read their whole table
/// by their nature.
#[cfg(test)]
pub(crate) fn hot_reads() -> Vec<&'static str> {
    [
        check::HOT_READS,
        issue::HOT_READS,
        changelog::HOT_READS,
        profile::HOT_READS,
        query::HOT_READS,
        state::HOT_READS,
        header::HOT_READS,
        project_data::HOT_READS,
        snapshot::HOT_READS,
        task::HOT_READS,
        trash::HOT_READS,
        status::HOT_READS,
        delivery::HOT_READS,
        membership::HOT_READS,
        sync::HOT_READS,
        revision::HOT_READS,
        codec::HOT_READS,
    ]
    .concat()
}
