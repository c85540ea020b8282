//! Asks Jira. Cloud and Server/Data Center are two paths behind one [`Remote`]; which one it is, is
//! found by asking the server. Whatever it answers is hostile until it is parsed.

mod error;
mod patience;
mod remote;
mod traffic;

pub use error::{Error, Result};
pub use patience::Patience;
pub use remote::{Batch, Fetched, Page, Remote, Stub};
pub use traffic::Traffic;
