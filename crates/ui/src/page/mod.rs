//! One file per page.

pub mod about;
pub mod access_keys;
pub mod backups;
pub mod connect;
pub mod connection;
pub mod delete;
pub mod failure;
pub mod figures;
pub mod forecast;
pub mod import;
pub mod issue;
pub mod issues;
pub mod login;
pub mod migration;
pub mod new_profile;
pub mod overview;
pub mod profile;
pub mod profile_setup;
pub mod query;
pub mod query_setup;
pub mod settings;
pub mod sync;
pub mod trash;
pub mod weeks;
pub mod welcome;
pub mod workspace;
