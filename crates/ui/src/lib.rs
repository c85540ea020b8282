//! The answers of the app as HTML: pure functions of plain data, without I/O, clock or script.
//!
//! Every text that comes from Jira or a file passes through maud's escaping; nothing here emits
//! markup from data.

pub mod asset;
pub mod card;
pub mod chart_file;
pub mod form;
pub mod frame;
pub mod link;
pub mod page;
pub mod part;
pub mod plot;
pub mod report;
pub mod setting_form;
pub mod shell;
pub mod view;

pub use frame::Frame;
