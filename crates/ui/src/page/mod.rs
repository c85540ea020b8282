//! One file per page.

pub mod about;
pub mod failure;
pub mod issue;
pub mod issues;
pub mod migration;
pub mod profile;
pub mod query;
pub mod welcome;
pub mod workspace;
