//! What is more than a question with its answer: one file per noun.

pub(crate) mod access_keys;
pub(crate) mod asset;
pub(crate) mod chart;
pub(crate) mod check_name;
pub(crate) mod connect;
pub(crate) mod connection;
pub(crate) mod delivery;
pub(crate) mod export;
pub(crate) mod health;
pub(crate) mod import;
pub(crate) mod login;
pub(crate) mod milestone;
pub(crate) mod new_profile;
pub(crate) mod profile_setup;
pub(crate) mod query_setup;
pub(crate) mod report;
pub(crate) mod settings;
pub(crate) mod sync;
pub(crate) mod take_over;
pub(crate) mod trash;
pub(crate) mod weeks;
