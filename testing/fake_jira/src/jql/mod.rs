//! As much of JQL as a client of ours asks for; the rest is refused in Jira's words.

mod compile;
mod order;
mod parse;
mod token;

pub(crate) use compile::{Strictness, compile};
pub(crate) use order::{Place, place};
pub(crate) use parse::{Clause, Operator, Query, Test, parse};

/// Why a query is refused, as Jira says it.
pub(crate) type Refusal = String;

#[cfg(test)]
mod tests;
