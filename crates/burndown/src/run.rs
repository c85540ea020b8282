//! What every command works with.

use app::place::Place;

use crate::output::Output;
use crate::surroundings::Surroundings;

/// What every command works with.
pub struct Run {
    /// Where the data is.
    pub place: Place,
    /// What was read from outside.
    pub surroundings: Surroundings,
    /// Where answers go.
    pub output: Output,
}
