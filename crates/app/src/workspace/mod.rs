//! The workspace: where it is, what it holds, and how it is.

pub mod copy;
pub mod health;
pub mod place;
mod remark;
mod show;

pub use crate::active::Selection;
pub use remark::Remark;
pub use show::*;
