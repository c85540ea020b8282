//! Options of `issues`: which, and those behind a number.

use app::issues::SortField;
use app::parameter::{self, Parsed};
use app::week_range::WeekRange;
use clap::Args;
use model::Date;

use super::{OfQuery, read_count};

/// Options of `issues`.
#[derive(Debug, Args)]
pub struct Issues {
    /// Key of one issue to show
    pub key: Option<String>,
    /// Which query.
    #[command(flatten)]
    pub of: OfQuery,
    /// Only those with this status
    #[arg(long, value_name = "STATUS", conflicts_with = "key")]
    pub status: Option<String>,
    /// Only those of this type
    #[arg(long = "type", value_name = "TYPE", conflicts_with = "key")]
    pub issue_type: Option<String>,
    /// Only those with this text in key or summary
    #[arg(long, value_name = "TEXT", value_parser = parameter::text, conflicts_with = "key")]
    pub text: Option<String>,
    /// Those behind a number.
    #[command(flatten)]
    pub behind: Behind,
    /// Order by key, status, type, created, updated, resolved, points or age; -FIELD turns it around
    #[arg(
        long,
        value_name = "FIELD",
        value_parser = read_sort,
        allow_hyphen_values = true,
        conflicts_with = "key"
    )]
    pub sort: Option<Sort>,
    /// At most this many [default: 50 as a table, all as JSON or CSV]
    #[arg(
        long,
        value_name = "N",
        value_parser = read_count,
        allow_negative_numbers = true,
        conflicts_with = "key"
    )]
    pub limit: Option<usize>,
    /// Leave out this many first
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        value_parser = read_count,
        allow_negative_numbers = true,
        conflicts_with = "key"
    )]
    pub offset: usize,
}

/// What issues are ordered by.
#[derive(Debug, Clone, Copy)]
pub struct Sort {
    /// By what.
    pub field: SortField,
    /// Whether the largest or latest comes first.
    pub is_descending: bool,
}

/// Which number issues are behind of.
#[derive(Debug, Args)]
pub struct Behind {
    /// Only those created in the weeks
    #[arg(long, group = "event", requires = "week", conflicts_with = "key")]
    pub created: bool,
    /// Only those done, in the weeks if some are named
    #[arg(long, group = "event", conflicts_with = "key")]
    pub done: bool,
    /// Only those cancelled, in the weeks if some are named
    #[arg(long, group = "event", conflicts_with = "key")]
    pub cancelled: bool,
    /// Only those that left the query while they were open, in the weeks if some are named
    #[arg(long, group = "event", conflicts_with = "key")]
    pub left: bool,
    /// Only those open, at the end of the week if one is named
    #[arg(long, group = "event", conflicts_with = "key")]
    pub open: bool,
    /// Only those that are under way
    #[arg(long, group = "event", conflicts_with = "key")]
    pub started: bool,
    /// Weeks such as 2025-W44 or 2025-W40..2025-W44
    #[arg(long, value_name = "WEEK", requires = "event")]
    pub week: Option<WeekRange>,
    /// Last day of what is known [default: when the data was fetched]
    #[arg(long, value_name = "DATE", value_parser = parameter::day, requires = "event")]
    pub as_of: Option<Date>,
}

fn read_sort(text: &str) -> Parsed<Sort> {
    let field = text.strip_prefix('-').unwrap_or(text).parse()?;
    Ok(Sort { field, is_descending: text.starts_with('-') })
}
