//! Figures from the outside: hand-checked histories, random ones, and those of real workspaces.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]

mod ageing;
mod counting;
mod figures;
mod flow;
mod flow_recount;
mod items;
mod membership;
mod notes;
mod overdue;
mod properties;
mod real;
mod sketch;
mod stages;
mod statistics;
mod statuses;
mod workspace;
