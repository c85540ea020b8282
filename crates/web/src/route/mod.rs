//! One file per noun; each fills a page or its JSON twin from the same answer.

pub(crate) mod asset;
pub(crate) mod chart;
pub(crate) mod check_name;
pub(crate) mod connect;
pub(crate) mod connection;
pub(crate) mod export;
pub(crate) mod figures;
pub(crate) mod forecast;
pub(crate) mod health;
pub(crate) mod import;
pub(crate) mod issue;
pub(crate) mod issues;
pub(crate) mod migration;
pub(crate) mod milestones;
pub(crate) mod new_profile;
pub(crate) mod overview;
pub(crate) mod profile;
pub(crate) mod profile_setup;
pub(crate) mod query;
pub(crate) mod query_setup;
pub(crate) mod settings;
pub(crate) mod sync;
pub(crate) mod trash;
pub(crate) mod weeks;
pub(crate) mod workspace;
