//! What somebody typed about a profile or a query, and what of it can be saved.

use std::fmt;

use model::{Profile, Query, name};
use serde::Serialize;
use store::{Record, Revision, Writer};

use crate::error::{Error, Result};
use crate::jql::{self, JQL_CHARACTERS_MAX};
use crate::named::Named;

/// Longest description in characters.
pub const DESCRIPTION_CHARACTERS_MAX: usize = 2_000;

/// A field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// What it is called.
    Name,
    /// Free text.
    Description,
    /// What is asked of Jira.
    Jql,
    /// The profile to move to.
    Profile,
    /// Which issues a delivery is made of.
    Rule,
    /// The day by which it shall be done.
    Target,
    /// The queries that it lies in.
    Queries,
    /// How the pace of its team is split.
    Split,
    /// What has become of it.
    State,
}

/// Name and description of a profile, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ProfileDraft {
    /// Its name.
    pub name: String,
    /// Free text; may be empty.
    pub description: String,
}

/// A query, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct QueryDraft {
    /// Its name; where it is empty, one is made from the JQL.
    pub name: String,
    /// Its JQL.
    pub jql: String,
    /// Free text; may be empty.
    pub description: String,
}

impl Field {
    /// Its word in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Description => "description",
            Self::Jql => "jql",
            Self::Profile => "profile",
            Self::Rule => "rule",
            Self::Target => "target",
            Self::Queries => "queries",
            Self::Split => "split",
            Self::State => "state",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jql => f.write_str("the JQL"),
            other => write!(f, "the {}", other.as_str()),
        }
    }
}

impl ProfileDraft {
    /// A profile as a form shows it.
    pub(crate) fn of(profile: &Profile) -> ProfileDraft {
        let description = profile.description.clone().unwrap_or_default();
        ProfileDraft { name: profile.name.clone(), description }
    }
}

impl QueryDraft {
    /// A query as a form shows it.
    pub(crate) fn of(query: &Query) -> QueryDraft {
        let description = query.description.clone().unwrap_or_default();
        QueryDraft { name: query.name.clone(), jql: query.jql.clone(), description }
    }

    /// Its name, or one made from its JQL.
    pub(crate) fn checked_name(&self) -> Result<String> {
        if self.name.trim().is_empty() && !self.jql.trim().is_empty() {
            return Ok(jql::proposed_name(&self.jql));
        }
        checked_name(&self.name)
    }

    /// Its JQL, which must not be empty.
    pub(crate) fn checked_jql(&self) -> Result<String> {
        let jql = checked_text(Field::Jql, &self.jql, JQL_CHARACTERS_MAX)?;
        if jql.is_empty() {
            return Err(Error::field(
                Field::Jql,
                "it must not be empty; write what Jira shall be asked for, such as project = ABC",
            ));
        }
        Ok(jql)
    }
}

/// A name without blanks around it.
pub(crate) fn checked_name(typed: &str) -> Result<String> {
    let name = typed.trim();
    name::check(name).map_err(|why| Error::field(Field::Name, why))?;
    Ok(name.to_owned())
}

/// A description in place of `before`; absent stays absent if nothing is said.
pub(crate) fn checked_description(typed: &str, before: Option<String>) -> Result<Option<String>> {
    let text = checked_text(Field::Description, typed, DESCRIPTION_CHARACTERS_MAX)?;
    let is_same = text == as_typed(before.as_deref().unwrap_or_default());
    Ok(if is_same { before } else { Some(text) })
}

/// Text of several lines, without blanks around it; its lines end as everywhere but in forms.
pub(crate) fn as_typed(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

fn checked_text(field: Field, typed: &str, characters_max: usize) -> Result<String> {
    let text = as_typed(typed);
    if text.chars().count() > characters_max {
        let why = format!("it must not be longer than {characters_max} characters");
        return Err(Error::field(field, why));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(Error::field(field, "it must not hold control characters"));
    }
    Ok(text)
}

/// Refuses to go on if `record`, shown as `name`, was written after `seen`.
pub(crate) fn refuse_unseen(
    writer: &dyn Writer,
    record: Record<'_>,
    seen: Revision,
    name: &str,
) -> Result<()> {
    if writer.revision_of(record)? == Some(seen) {
        return Ok(());
    }
    Err(Error::ChangedMeanwhile { name: name.to_owned() })
}

/// `NAME (copy)`, numbered where that is taken, and cut where it is too long.
pub(crate) fn copy_name(original: &str, taken: &[Named]) -> String {
    const SUFFIX: &str = " (copy)";
    let stem: String = original.chars().take(name::NAME_CHARACTERS_MAX - SUFFIX.len()).collect();
    let is_taken = |candidate: &str| {
        taken.iter().any(|named| name::fold(&named.name) == name::fold(candidate))
    };
    name::numbered(&format!("{}{SUFFIX}", stem.trim_end()), is_taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, jql: &str, want: std::result::Result<&str, &str>) {
        let draft =
            QueryDraft { name: name.to_owned(), jql: jql.to_owned(), description: String::new() };
        let found = draft.checked_jql().and_then(|_| draft.checked_name());
        let found = found.map_err(|error| error.to_string());
        assert_eq!(found.as_deref().map_err(String::as_str), want, "{name:?} {jql:?}");
    }

    #[test]
    fn what_is_typed_is_trimmed_and_refused_by_field() {
        check(" Bugs ", "type = Bug", Ok("Bugs"));
        check("", "project = K", Ok("K"));
        check(
            "a\nb",
            "x = 1",
            Err("the name cannot be saved: it must not hold control characters or line breaks"),
        );
        check(
            "a",
            "x = \u{0}",
            Err("the JQL cannot be saved: it must not hold control characters"),
        );
        check(
            "a",
            &"x".repeat(10_001),
            Err("the JQL cannot be saved: it must not be longer than 10000 characters"),
        );
    }

    #[test]
    fn an_absent_description_stays_absent() {
        assert_eq!(checked_description(" ", None).unwrap(), None);
        assert_eq!(checked_description("", Some(String::new())).unwrap(), Some(String::new()));
        assert_eq!(checked_description("", Some("x".into())).unwrap(), Some(String::new()));
        let padded = Some(" a\r\nb\n".to_owned());
        assert_eq!(checked_description("a\nb", padded.clone()).unwrap(), padded);
        assert_eq!(checked_description("a\r\nb", None).unwrap(), Some("a\nb".into()));
    }
}
