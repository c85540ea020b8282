//! Parameters of the issue list as URLs and commands write them.

use std::str::FromStr;

use super::{IssuesAsk, PAGE_SIZE_MAX, SortField};
use crate::error::{Error, Result};
use crate::parameter::{self, Expected, Parsed, Words, day, one_of, read, word};

const ORDERS: &Words<bool> = &[("asc", false), ("desc", true)];

impl SortField {
    /// All of them.
    pub const ALL: [SortField; 8] = [
        Self::Key,
        Self::Status,
        Self::Type,
        Self::Created,
        Self::Updated,
        Self::Resolved,
        Self::Points,
        Self::Age,
    ];

    /// The word for it in URLs and commands.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Status => "status",
            Self::Type => "type",
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Resolved => "resolved",
            Self::Points => "points",
            Self::Age => "age",
        }
    }
}

impl FromStr for SortField {
    type Err = Expected;

    fn from_str(given: &str) -> Parsed<SortField> {
        one_of(&Self::ALL, Self::as_str, given)
    }
}

impl IssuesAsk {
    /// Takes one parameter as it stands in a URL. An empty value means that it is not given; an
    /// error names the parameter and what it may be.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        if value.trim().is_empty() {
            return Ok(());
        }
        let text = || Some(value.to_owned());
        match name {
            "status" => self.status = text(),
            "type" => self.issue_type = text(),
            "text" => self.text = Some(read("text", value, parameter::text)?),
            "event" => self.event = Some(read("event", value, str::parse)?),
            "week" => self.week = Some(read("week", value, str::parse)?),
            "as_of" => self.as_of = Some(read("as_of", value, day)?),
            "stage" => self.stages.push(value.to_owned()),
            "day" => self.day = Some(read("day", value, day)?),
            "days" => self.days = Some(read("days", value, days)?),
            "sort" => self.sort = read("sort", value, str::parse)?,
            "order" => self.is_descending = read("order", value, |value| word(ORDERS, value))?,
            "page" => self.page = read("page", value, |value| number(value, usize::MAX))?,
            "size" => self.size = read("size", value, |value| number(value, PAGE_SIZE_MAX))?,
            _ => {
                let remedy = "use status, type, text, event, week, as_of, stage, day, days, sort, order, page or size";
                return Err(Error::unknown_parameter(name, remedy));
            }
        }
        Ok(())
    }
}

/// A cycle time, in days.
fn days(given: &str) -> Parsed<i32> {
    let days = given.parse().ok().filter(|days| (1..=100_000).contains(days));
    days.ok_or_else(|| "give a number of days from 1".into())
}

fn number(given: &str, max: usize) -> Parsed<usize> {
    let found = given.parse().ok().filter(|number| (1..=max).contains(number));
    found.ok_or_else(|| match max {
        usize::MAX => "give a number from 1".into(),
        _ => format!("give a number from 1 to {max}").into(),
    })
}
