//! Codes and values in words: every sentence, number, date and length that pages and commands show.
//!
//! The crates below answer with codes and values; `ui` and `burndown` get their words here, so that a
//! page, a command and the JSON interface say the same of one thing. Only what a user can do differs
//! by [`Front`]. [`json`] puts the sentences into JSON answers, beside their codes.

mod answers;
mod backup;
mod balance;
mod delivery;
mod expectation;
mod failure;
pub mod flow;
mod forecast;
pub mod format;
pub mod json;
mod lane;
mod note;
pub mod now;
mod reason;
mod remedy;
mod room;
pub mod scenario;
pub mod setting;
mod signal;
mod stale;
mod summary;

pub use answers::{likely, likely_with_odds, target};
pub use backup::{kept_elsewhere, kind_of_copy, traces};
pub use balance::{Way, balance, balance_for, balance_ways};
pub use delivery::{delivery_assumes, delivery_lacks, delivery_score};
pub use expectation::item_expectation;
pub use failure::{failure, remark};
pub use forecast::{odds, share_of_cases, statement};
pub use lane::{category, lane, lane_origin};
pub use note::{note, other_zone};
pub use reason::{reason, unknown};
pub use remedy::{Front, remedy};
pub use room::room;
pub use signal::signal;
pub use stale::{as_of, behind, last_known, stale, stale_line};
pub use summary::{
    HowMuch, Word, how_fast, how_long, how_much, noun, nouns, under_way, unit_title, without_start,
};
