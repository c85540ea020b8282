//! Options of `now`.

use app::now::NowSort;
use app::parameter::{self, Parsed};
use clap::Args;

use super::Figures;

/// Options of `now`.
#[derive(Debug, Args)]
pub struct Now {
    /// Which query, and over which weeks the pace of the past is.
    #[command(flatten)]
    pub figures: Figures,
    /// Only those in this status
    #[arg(long, value_name = "STATUS")]
    pub status: Option<String>,
    /// Only those of this type
    #[arg(long = "type", value_name = "TYPE")]
    pub issue_type: Option<String>,
    /// Only those of this person
    #[arg(long, value_name = "NAME")]
    pub assignee: Option<String>,
    /// Only those of this epic or parent
    #[arg(long, value_name = "KEY")]
    pub epic: Option<String>,
    /// Only those with this text in key or summary
    #[arg(long, value_name = "TEXT", value_parser = parameter::text)]
    pub text: Option<String>,
    /// Only those that are flagged or in a blocked status
    #[arg(long)]
    pub blocked: bool,
    /// Only those older than 85 % of what is started takes
    #[arg(long)]
    pub over: bool,
    /// Order by age, in_status, changed, stage, assignee, epic or key; -FIELD turns it around
    #[arg(
        long,
        value_name = "FIELD",
        value_parser = read_order,
        allow_hyphen_values = true,
        default_value = "-age"
    )]
    pub sort: Order,
    /// At most this many [default: all]
    #[arg(long, value_name = "N", value_parser = super::read_count)]
    pub limit: Option<usize>,
}

/// What items are ordered by.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// By what.
    pub sort: NowSort,
    /// Whether the largest or latest comes first.
    pub is_descending: bool,
}

fn read_order(text: &str) -> Parsed<Order> {
    let sort = text.strip_prefix('-').unwrap_or(text).replace('-', "_").parse()?;
    Ok(Order { sort, is_descending: text.starts_with('-') })
}
