//! What the data of a query says: one file per page of figures, and what they are all made of.

pub mod answers;
pub mod ask;
pub(crate) mod facts;
pub mod flow;
pub mod forecast;
pub(crate) mod history;
mod keep;
mod memory;
pub mod moment;
pub(crate) mod note;
pub mod now;
pub mod overview;
pub mod statistics;
pub mod usual;
pub mod week_range;
pub mod weeks;

pub(crate) use facts::QueryFacts;
pub(crate) use history::{QueryHistory, deadlines};
pub(crate) use keep::{FORECASTS, JQL_HASH, WEEKS};
pub(crate) use memory::Memory;

/// Most weeks that can be asked for.
pub const WEEKS_MAX: usize = model::settings::WEEKS_MAX as usize;
