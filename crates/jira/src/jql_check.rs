//! Tries a JQL before anything is fetched with it.

use model::json::Value;
use model::{TimeZone, Timestamp, stamp};
use serde::Serialize;
use serde_json::json;

use crate::client::Client;
use crate::error::Result;
use crate::fetch::is_trouble;
use crate::http::Request;
use crate::issue::{self, Read};
use crate::metadata::text;
use crate::refusal::cut;
use crate::server::Kind;

/// What a JQL finds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JqlCheck {
    /// How many issues; `None` if the server does not count.
    pub count: Option<u64>,
    /// Whether the count is exact. Jira Cloud only estimates.
    pub is_exact: bool,
    /// The first issues.
    pub samples: Vec<Sample>,
    /// What Jira warns of.
    pub warnings: Vec<String>,
    /// Nothing was found and nobody is logged in: the issues may only be hidden.
    pub may_be_hidden: bool,
}

/// An issue that a JQL finds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// Its key.
    pub key: String,
    /// Its title.
    pub summary: String,
    /// Its type.
    pub issue_type: String,
    /// Its status.
    pub status: String,
    /// Category key of the status: `new`, `indeterminate` or `done`.
    pub category: Option<String>,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it was last changed.
    pub updated: Option<Timestamp>,
}

/// What is shown of a sample.
const SAMPLE_FIELDS: [&str; 5] = ["summary", "status", "issuetype", "created", "updated"];

/// The same of issues whose texts the server cannot give.
const BARE_FIELDS: [&str; 2] = ["created", "updated"];
/// Most warnings that are shown.
const WARNINGS_MAX: usize = 20;

const NO_FIELDS: &str = "an issue has no fields";

/// One page as both kinds of search give it.
pub(crate) struct Found {
    samples: Vec<Sample>,
    total: Option<u64>,
    warnings: Vec<String>,
}

impl Client {
    /// Asks what `jql` finds: how many, and the first `samples_max`. Walks over nothing.
    pub fn check_jql(&self, jql: &str, samples_max: usize) -> Result<JqlCheck> {
        let ask = |fields: &[&str]| {
            self.ask(&Request::post(self.search_path(), body(jql, fields, samples_max)), read)
        };
        let mut found = match ask(&SAMPLE_FIELDS) {
            // One broken text spoils the answer for all: they are shown without theirs.
            Err(error) if is_trouble(&error) => {
                let bare = ask(&BARE_FIELDS).map_err(|_| error.clone())?;
                Found { warnings: vec![error.to_string()], ..bare }
            }
            found => found?,
        };
        found.warnings.truncate(WARNINGS_MAX);
        let is_exact = self.server().kind == Kind::Server;
        let count = match is_exact {
            true => found.total,
            false => match self.approximate_count(jql) {
                Ok(count) => Some(count),
                Err(error) if error.is_of_one_call() => None,
                Err(error) => return Err(error),
            },
        };
        Ok(JqlCheck {
            may_be_hidden: self.is_anonymous() && count.unwrap_or_default() == 0,
            count,
            is_exact,
            samples: found.samples,
            warnings: found.warnings,
        })
    }

    /// Those of `fields` that none of the first issues has: they are on no screen of theirs, or
    /// hidden from this login. Empty if the JQL finds nothing.
    pub fn absent_fields(
        &self,
        jql: &str,
        fields: &[String],
        samples_max: usize,
    ) -> Result<Vec<String>> {
        let request = Request::post(self.search_path(), body(jql, fields, samples_max));
        self.ask(&request, |page| {
            // A server may leave the whole group out where there is nothing to put into it.
            let samples = issue::issues(page, |issue| Ok(issue.get("fields")))?;
            let is_absent = |field: &&String| {
                samples.iter().flatten().all(|fields| fields.get(field).is_none())
            };
            let absent = fields.iter().filter(|_| !samples.is_empty()).filter(is_absent);
            Ok(absent.cloned().collect())
        })
    }

    /// How many of the first issues have each of `fields` filled, and how many issues these are.
    pub fn count_filled(
        &self,
        jql: &str,
        fields: &[String],
        samples_max: usize,
    ) -> Result<(u64, Vec<u64>)> {
        let request = Request::post(self.search_path(), body(jql, fields, samples_max));
        self.ask(&request, |page| {
            let samples = issue::issues(page, |issue| Ok(issue.get("fields")))?;
            let is_filled = |issue: &Value<'_>, field: &String| {
                issue.get(field).is_some_and(|value| !value.is_null())
            };
            let count = |field: &String| {
                samples.iter().flatten().filter(|issue| is_filled(issue, field)).count() as u64
            };
            Ok((samples.len() as u64, fields.iter().map(count).collect()))
        })
    }

    fn search_path(&self) -> &'static str {
        match self.server().kind {
            Kind::Cloud => "/rest/api/3/search/jql",
            Kind::Server => "/rest/api/2/search",
        }
    }

    fn approximate_count(&self, jql: &str) -> Result<u64> {
        let body = json!({ "jql": jql });
        let request = Request::post("/rest/api/3/search/approximate-count", body);
        let missing = "there is no count in it";
        self.ask(&request, |answer| answer.get("count").and_then(issue::count).ok_or(missing))
    }
}

fn body(jql: &str, fields: &[impl AsRef<str>], count: usize) -> serde_json::Value {
    let fields: Vec<&str> = fields.iter().map(AsRef::as_ref).collect();
    json!({ "jql": jql, "fields": fields, "maxResults": count })
}

pub(crate) fn read(page: Value<'_>) -> Read<Found> {
    let warnings = ["warningMessages", "warnings"].into_iter().filter_map(|name| page.get(name));
    let warnings = warnings.flat_map(|list| list.elements()).filter_map(|text| text.as_text());
    Ok(Found {
        samples: issue::issues(page, sample)?,
        total: page.get("total").and_then(issue::count),
        warnings: warnings.map(|text| cut(&text)).collect(),
    })
}

fn sample(issue: Value<'_>) -> Read<Sample> {
    let fields = issue.get("fields").ok_or(NO_FIELDS)?;
    let inner = |field, member| fields.get(field).and_then(|value| text(value, member));
    let time = |field| Some(stamp::parse(&text(fields, field)?, &TimeZone::UTC)?.0);
    let category = fields.get("status").and_then(|status| status.get("statusCategory"));
    Ok(Sample {
        key: text(issue, "key").ok_or("an issue has no key")?,
        summary: text(fields, "summary").unwrap_or_default(),
        issue_type: inner("issuetype", "name").unwrap_or_default(),
        status: inner("status", "name").unwrap_or_default(),
        category: category.and_then(|category| text(category, "key")),
        created: time("created"),
        updated: time("updated"),
    })
}
