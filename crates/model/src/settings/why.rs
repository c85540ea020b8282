//! What can be wrong with the value of a setting.

use thiserror::Error;

/// Why a value cannot be saved. Its text says what to do, as a part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[allow(missing_docs, reason = "the text of each says what it means")]
pub enum Why {
    #[error("give a whole number from 1 to {max}")]
    NotWhole { max: u16 },
    #[error("give at most {max} of them")]
    TooMany { max: usize },
    #[error("{points} holds points and {time} a time, which have no sum; name fields of one kind")]
    PointsAndTime { points: String, time: String },
    #[error("give at most one value")]
    NoList,
    #[error("{0:?} is no day; write it as 2026-12-24")]
    NotADay(String),
    #[error("{0:?} is out of range; name a day from 1970 to 2199")]
    YearOutOfRange(String),
    #[error("{0:?} has no name; write 2026-12-24 Release")]
    Nameless(String),
    #[error("give it a name of 1 to 60 characters, none of them invisible")]
    MilestoneName,
    #[error("{0:?} has a name that another one has; choose another name")]
    Twin(String),
    #[error("it is one of {0}")]
    NotOneOf(&'static str),
    #[error("no time zone is called {0:?}; write one such as Europe/Vienna or UTC")]
    NoZone(String),
    #[error("{0:?} is no day of the week; write mon-fri or mon tue")]
    NoWeekday(String),
    #[error("{start:?} is longer than {max} characters")]
    TooLong { start: String, max: usize },
    #[error("{0:?} holds invisible characters; leave them out")]
    Invisible(String),
    #[error("{0}")]
    Address(&'static str),
    #[error("write an e-mail address, or a user name on a Jira Server, without blanks and colons")]
    Email,
    #[error("write the id of the Jira field, such as customfield_10016")]
    FieldId,
    #[error("Jira has no field that is called {0:?}; write its name as Jira shows it, or its id")]
    NoField(String),
    #[error("several fields are called {name:?}; name one by its id: {ids}")]
    SeveralFields { name: String, ids: String },
    #[error("an API token needs the e-mail address it belongs to; give both")]
    NoEmail,
    #[error("no status is called {name:?}; there are {there}")]
    NoStatus { name: String, there: String },
    #[error("several statuses are called {name:?}; name one by its id: {there}")]
    SeveralStatuses { name: String, there: String },
    #[error("{name:?} is in {other}, too; it cannot mean both")]
    Contradicts { name: String, other: &'static str },
    #[error("{0:?} is not on the list")]
    NotListed(String),
    #[error(
        "the profile keeps something else in its place; correct the file it came from and migrate \
         again"
    )]
    InTheWay,
    #[error("{0}")]
    Token(&'static str),
}

/// The beginning of what was typed, to name it.
pub(super) fn start(line: &str) -> String {
    line.chars().take(40).collect()
}
