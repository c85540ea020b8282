//! Drives a headless Chromium, for tests and measurements of the pages.
//!
//! One [`Browser`] is one process; each [`Page`] has a context of its own (cookies, cache, storage),
//! so tests share nothing. Both speak the DevTools protocol over a pipe: no port, no WebSocket, and
//! the browser ends when whoever started it does. Nothing waits for a time: every verb returns when
//! the browser said that it is done, and fails if it says nothing for [`SILENCE_S`] seconds.

mod browser;
mod error;
mod file;
mod input;
mod page;
mod record;
mod session;
mod wire;

pub use browser::{Browser, find};
pub use error::{Error, Result};
pub use page::{Media, Page, SessionFor};
pub use record::{Message, Request};
pub use wire::SILENCE_S;
