//! Parameters of the issue list as URLs and commands write them.

use super::{Event, IssuesAsk, PAGE_SIZE_MAX, SortField, TEXT_CHARACTERS_MAX};
use crate::error::{Error, Result};
use crate::overview::ask::day;
use crate::week_range::WeekRange;

impl SortField {
    /// All of them.
    pub const ALL: [SortField; 7] = [
        Self::Key,
        Self::Status,
        Self::Type,
        Self::Created,
        Self::Updated,
        Self::Resolved,
        Self::Points,
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
        }
    }

    /// The field of that word; an error that lists all words.
    pub fn parse(word: &str) -> Result<SortField> {
        let found = Self::ALL.into_iter().find(|field| field.as_str() == word);
        let words = || Self::ALL.map(Self::as_str).join(", ");
        found.ok_or_else(|| Error::invalid("sort", word, format!("use one of {}", words())))
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
            "text" if value.chars().count() > TEXT_CHARACTERS_MAX => {
                let remedy = format!("look for at most {TEXT_CHARACTERS_MAX} characters");
                let start: String = value.chars().take(20).collect();
                return Err(Error::invalid("text", &format!("{start}…"), remedy));
            }
            "text" => self.text = Some(value.trim().to_owned()),
            "event" => self.event = Some(Event::parse(value)?),
            "week" => self.week = Some(WeekRange::parse(value)?),
            "as_of" => self.as_of = Some(day("as_of", value)?),
            "sort" => self.sort = SortField::parse(value)?,
            "order" => self.is_descending = is_descending(value)?,
            "page" => self.page = number("page", value, usize::MAX)?,
            "size" => self.size = number("size", value, PAGE_SIZE_MAX)?,
            _ => {
                let remedy =
                    "use status, type, text, event, week, as_of, sort, order, page or size";
                return Err(Error::unknown_parameter(name, remedy));
            }
        }
        Ok(())
    }
}

fn is_descending(word: &str) -> Result<bool> {
    match word {
        "asc" => Ok(false),
        "desc" => Ok(true),
        _ => Err(Error::invalid("order", word, "use asc or desc")),
    }
}

fn number(name: &str, given: &str, max: usize) -> Result<usize> {
    let found = given.parse().ok().filter(|number| (1..=max).contains(number));
    let remedy = match max {
        usize::MAX => "give a number from 1".to_owned(),
        _ => format!("give a number from 1 to {max}"),
    };
    found.ok_or_else(|| Error::invalid(name, given, remedy))
}
