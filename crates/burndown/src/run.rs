//! What every command works with.

use app::Server;
use app::place::Place;

use crate::arguments::General;
use crate::output::Output;
use crate::surroundings::Surroundings;

/// What every command works with.
pub struct Run {
    /// Where the data is; of data on a server, where this node keeps what only it needs.
    pub place: Place,
    /// The server that the data is on.
    pub server: Option<Server>,
    /// The options of every command.
    pub general: General,
    /// What was read from outside.
    pub surroundings: Surroundings,
    /// Whether the command may change what the workspace holds.
    pub changes_data: bool,
    /// Where answers go.
    pub output: Output,
}
