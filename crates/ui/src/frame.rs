//! What every page needs beside its answer.

use std::time::Duration;

use app::overview::OverviewAsk;
use model::{TaskProgress, TimeZone, Timestamp};

/// The world around a page.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The moment that ages are counted from.
    pub as_of: Timestamp,
    /// Zone that dates are shown in.
    pub zone: TimeZone,
    /// Version of the program.
    pub version: String,
    /// Where the workspace is.
    pub address: String,
    /// Whether that is on a server of databases.
    pub is_on_server: bool,
    /// Whether the workspace is the demo.
    pub is_demo: bool,
    /// The damage that was found in the workspace, as a sentence.
    pub damage: Option<String>,
    /// For how long what is read from a replica has been lacking something that was written.
    pub behind: Option<Duration>,
    /// The sync of the query that the page is about, while one runs.
    pub syncing: Option<TaskProgress>,
    /// Window, unit and day that the pages of a query are looked at with.
    pub kept: OverviewAsk,
}
