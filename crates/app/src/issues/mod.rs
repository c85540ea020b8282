//! The issues of a query: the list, and one of them.

pub mod expectation;
pub mod issue;
mod list;

pub use list::*;
