//! The metric values of one ISO week, one row per week and metric type.

use crate::json::Json;
use crate::week::Week;

/// A stored metric of one week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The week.
    pub week: Week,
    /// The metric's type, e.g. `flow_time`.
    pub metric: String,
    /// Its values, normally an object.
    pub metrics: Json,
    /// The forecast that was stored with it, in the running week of its time.
    pub forecast: Option<Json>,
}
