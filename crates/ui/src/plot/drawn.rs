//! What drawing a chart gives.

use std::fmt;

use chart::ChartSpec;
use metrics::Reason;
use model::Remedy;
use words::Front;

/// A chart, or why there is none.
pub type Drawn = Result<ChartSpec, NoChart>;

/// Why there is nothing to draw, and what would help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoChart {
    /// A sentence.
    pub reason: String,
    /// Another; may be empty.
    pub remedy: String,
}

impl NoChart {
    pub(super) fn of(reason: &Reason, remedy: Remedy) -> NoChart {
        NoChart::new(&words::reason(reason), words::remedy(remedy, Front::Page))
    }

    pub(super) fn new(reason: &str, remedy: &str) -> NoChart {
        NoChart { reason: reason.to_owned(), remedy: remedy.to_owned() }
    }
}

impl fmt::Display for NoChart {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(format!("{} {}", self.reason, self.remedy).trim_end())
    }
}
