//! Whole issues by their ids, with all of their history.

use std::collections::{HashMap, HashSet};

use model::json::Value;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use serde_json::json;

use crate::changelog::{Histories, History};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::http::Request;
use crate::issue::{self, Read, Whole, list_of};
use crate::jql;
use crate::server::Kind;
use crate::sweep;
use model::remote::Batch;

/// What both kinds of Jira take in one request.
pub(crate) const IDS_MAX: usize = 100;
/// Histories that are asked for at once.
const HISTORIES_PAGE: u64 = 5_000;
/// Cloud cuts changelogs inside issues at 40 or 100 histories, and its totals there are not to be
/// trusted from then on.
const CLOUD_TRUSTED_HISTORIES: u64 = 40;

/// Issues in a row that may make the server fail; more of them, and it is the server.
const TROUBLES_MAX: u32 = 2;

/// Fetches issues; every id ends in one of the lists of the batch.
pub(crate) fn fetch(client: &Client, ids: &[&str], fields: &[String]) -> Result<Batch> {
    let mut batch = Batch::default();
    for part in ids.chunks(IDS_MAX) {
        let mut found: HashMap<String, Whole> = HashMap::new();
        together(client, part, fields, &mut found)?;
        let (mut wholes, mut troubles) = (Vec::with_capacity(part.len()), 0);
        for id in part {
            let error = match found.remove(*id).map_or_else(|| one(client, id, fields), Ok) {
                Ok(whole) => {
                    wholes.push(whole);
                    troubles = 0;
                    continue;
                }
                Err(error) => error,
            };
            troubles = if is_trouble(&error) { troubles + 1 } else { 0 };
            match error {
                Error::NotFound { .. } => batch.gone.push((*id).to_owned()),
                error if troubles <= TROUBLES_MAX && is_of_one_issue(&error) => {
                    batch.failed.push(((*id).to_owned(), error.to_string()));
                }
                error => return Err(error),
            }
        }
        match client.server().kind {
            Kind::Cloud => complete(client, &mut wholes)?,
            Kind::Server => ask_for_histories(client, &mut wholes, fields)?,
        }
        batch.issues.extend(wholes.into_iter().map(Into::into));
    }
    Ok(batch)
}

/// Whether the server failed rather than refused.
pub(crate) fn is_trouble(error: &Error) -> bool {
    matches!(error, Error::Server { .. } | Error::Damaged { .. })
}

/// Whether an error concerns the issue asked for and not the whole server.
fn is_of_one_issue(error: &Error) -> bool {
    let is_refusal = matches!(error, Error::Forbidden { .. } | Error::Refused { .. });
    is_refusal || is_trouble(error) || matches!(error, Error::Jql { .. } | Error::TooLarge { .. })
}

/// Asks for many at once. What is refused or missing is left to be asked for one by one: a server
/// fails a whole search for one unknown id, and leaves out what is hidden.
fn together(
    client: &Client,
    ids: &[&str],
    fields: &[String],
    found: &mut HashMap<String, Whole>,
) -> Result<()> {
    let mut rest = ids.to_vec();
    while !rest.is_empty() {
        let (path, body) = match client.server().kind {
            Kind::Cloud => ("/rest/api/3/issue/bulkfetch", cloud_body(&rest, fields)),
            Kind::Server => ("/rest/api/2/search", server_body(&rest, fields)),
        };
        match client.ask(&Request::post(path, body), read_issues) {
            Ok(issues) => found.extend(issues.into_iter().map(|w| (w.stub.id.clone(), w))),
            Err(Error::TooLarge { .. }) if rest.len() > 1 => {
                let (left, right) = rest.split_at(rest.len() / 2);
                together(client, left, fields, found)?;
                return together(client, right, fields, found);
            }
            Err(Error::Jql { .. } | Error::TooLarge { .. } | Error::NotFound { .. }) => break,
            Err(Error::Refused { .. } | Error::Removed { .. }) => break,
            // What is refused for many may be allowed for one.
            Err(Error::Forbidden { .. } | Error::Scope { .. } | Error::Login { .. }) => break,
            // One broken issue spoils the answer for all that are asked for with it.
            Err(Error::Server { status: 500, .. } | Error::Damaged { .. }) => break,
            Err(error) => return Err(error),
        }
        let before = rest.len();
        rest.retain(|id| !found.contains_key(*id));
        // A server may give fewer at once than asked for; without any the rest is not there.
        if rest.len() == before || client.server().kind == Kind::Cloud {
            break;
        }
    }
    Ok(())
}

/// Asks for one issue. [`Error::NotFound`] if it is gone or hidden.
fn one(client: &Client, id: &str, fields: &[String]) -> Result<Whole> {
    let fields = fields.join(",");
    let (id, fields) = (encoded(id), encoded(&fields));
    let api = client.api();
    let path = format!("/rest/api/{api}/issue/{id}?expand=changelog&fields={fields}");
    client.ask(&Request::get(path), issue::whole)
}

/// Asks for those issues alone that came without a history: what stands between may pass on another way
/// of asking. It is not tried for long.
fn ask_for_histories(client: &Client, wholes: &mut [Whole], fields: &[String]) -> Result<()> {
    let mut troubles = 0;
    for whole in wholes.iter_mut().filter(|whole| whole.is_unsure) {
        match one(client, &whole.stub.id, fields) {
            Ok(again) if !again.is_unsure => {
                *whole = again;
                troubles = 0;
            }
            Err(error) if !error.is_of_one_call() => return Err(error),
            _ => troubles += 1,
        }
        if troubles > TROUBLES_MAX {
            break;
        }
    }
    Ok(())
}

/// Asks for the histories that Cloud left out, many issues at once.
fn complete(client: &Client, wholes: &mut [Whole]) -> Result<()> {
    let is_short = |whole: &&mut Whole| {
        let count = whole.histories.count();
        count >= CLOUD_TRUSTED_HISTORIES || whole.told.is_none() || whole.lacks_histories()
    };
    let mut short: Vec<&mut Whole> = wholes.iter_mut().filter(is_short).collect();
    if short.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = short.iter().map(|whole| whole.stub.id.clone()).collect();
    let mut found = match histories_of_many(client, &ids) {
        Ok(found) => Some(found),
        // Strangers and tokens with few scopes may ask for one issue only.
        Err(error) if error.is_lasting() => {
            client.note_refused(&error);
            None
        }
        Err(error) => return Err(error),
    };
    let mut alone = Alone { client, troubles: 0 };
    for whole in &mut short {
        match found.as_mut().map(|found| found.remove(&whole.stub.id)) {
            Some(Some(histories)) => {
                whole.histories.add(histories);
                whole.is_unsure = false;
                alone.compare_with_total(whole)?;
            }
            // An issue without a history is not among the many.
            Some(None) if !whole.lacks_histories() => alone.compare_with_total(whole)?,
            _ => alone.complete(whole)?,
        }
    }
    Ok(())
}

/// Histories of issues that are asked for alone. Where that is refused as well, what came stays what it
/// is, and nobody knows whether it is all; after some in a row no more is asked.
struct Alone<'c> {
    client: &'c Client,
    /// Refusals in a row.
    troubles: u32,
}

impl Alone<'_> {
    fn complete(&mut self, whole: &mut Whole) -> Result<()> {
        if self.troubles <= TROUBLES_MAX {
            match histories_of_one(self.client, whole) {
                Ok(()) => {
                    self.troubles = 0;
                    return Ok(());
                }
                Err(error) if error.is_of_one_call() => {
                    self.client.note_refused(&error);
                    self.troubles += 1;
                }
                Err(error) => return Err(error),
            }
        }
        whole.is_unsure |= !whole.lacks_histories();
        Ok(())
    }

    /// Cloud tells only in one place how many histories there are. Where fewer came, they are asked for
    /// page by page; where it does not tell, what came is all that is known.
    fn compare_with_total(&mut self, whole: &mut Whole) -> Result<()> {
        if whole.histories.count() < CLOUD_TRUSTED_HISTORIES {
            return Ok(());
        }
        let id = encoded(&whole.stub.id).to_string();
        let path = format!("/rest/api/3/issue/{id}/changelog?startAt=0&maxResults=1");
        let total = self
            .client
            .ask(&Request::get(path), |page| Ok(page.get("total").and_then(issue::count)));
        match total {
            Ok(Some(total)) if total > whole.histories.count() => {
                whole.told = Some(total);
                self.complete(whole)
            }
            Ok(total) => {
                whole.told = total.or(whole.told);
                Ok(())
            }
            Err(error) if error.is_of_one_call() => Ok(()),
            Err(error) => Err(error),
        }
    }
}

type ByIssue = HashMap<String, Vec<History>>;

/// Histories of many issues, an issue possibly several times, and the token of the next page.
pub(crate) type ManyPage = (Vec<(String, Vec<History>)>, Option<String>);

fn histories_of_many(client: &Client, ids: &[String]) -> Result<ByIssue> {
    let (mut found, mut tokens) = (ByIssue::new(), HashSet::new());
    let mut token: Option<String> = None;
    loop {
        let body = json!({
            "issueIdsOrKeys": ids,
            "maxResults": HISTORIES_PAGE,
            "nextPageToken": token,
        });
        let request = Request::post("/rest/api/3/changelog/bulkfetch", body);
        let (page, next) = client.ask(&request, read_many)?;
        for (id, histories) in page {
            found.entry(id).or_default().extend(histories);
        }
        // A token that comes again leads in a circle; what is missing then shows in the counts.
        let Some(next) = next.filter(|next| tokens.insert(next.clone())) else {
            return Ok(found);
        };
        token = Some(next);
    }
}

pub(crate) fn read_many(page: Value<'_>) -> Read<ManyPage> {
    let logs = list_of(page, "issueChangeLogs").ok_or("there is no list of changelogs in it")?;
    // One without a list says nothing of its issue.
    let one = |log: Value<'_>| {
        let id = log.get("issueId").map(|id| id.as_text().unwrap_or_else(|| id.raw().into()));
        let histories = list_of(log, "changeHistories")?.elements().map(History::read).collect();
        Some(id.ok_or("a changelog names no issue").map(|id| (id.into_owned(), histories)))
    };
    let next = sweep::next_token(page)?;
    Ok((logs.elements().filter_map(one).collect::<Read<_>>()?, next))
}

/// Page by page, where the many are not offered.
fn histories_of_one(client: &Client, whole: &mut Whole) -> Result<()> {
    let id = encoded(&whole.stub.id).to_string();
    let (mut histories, mut start) = (Histories::default(), 0);
    loop {
        let path = format!("/rest/api/3/issue/{id}/changelog?startAt={start}&maxResults=100");
        let (page, total, page_max) = client.ask(&Request::get(path), |page| {
            let values = list_of(page, "values").ok_or("there is no list of histories in it")?;
            let page_total = page.get("total").and_then(issue::count);
            let page_max = page.get("maxResults").and_then(issue::count);
            Ok((values.elements().map(History::read).collect::<Vec<_>>(), page_total, page_max))
        })?;
        let is_full = page_max.is_some_and(|max| page.len() as u64 >= max);
        start += page.len() as u64;
        let before = histories.count();
        histories.add(page);
        whole.told = total.or(whole.told);
        // Everything came, and what stands on two pages is counted twice. A total that a full page
        // contradicts is none.
        if total.is_some_and(|total| start == total || (start > total && !is_full)) {
            whole.told = Some(histories.count());
            break;
        }
        // A page without anything new leads nowhere.
        if histories.count() == before {
            break;
        }
    }
    if histories.count() >= whole.histories.count() {
        whole.histories = histories;
    }
    whole.is_unsure = false;
    Ok(())
}

fn read_issues(answer: Value<'_>) -> Read<Vec<Whole>> {
    issue::issues(answer, issue::whole)
}

fn cloud_body(ids: &[&str], fields: &[String]) -> serde_json::Value {
    json!({ "issueIdsOrKeys": ids, "fields": fields, "expand": ["changelog"] })
}

fn server_body(ids: &[&str], fields: &[String]) -> serde_json::Value {
    json!({
        "jql": jql::with_ids(ids),
        "fields": fields,
        "expand": ["changelog"],
        "startAt": 0,
        "maxResults": ids.len(),
        "validateQuery": false,
    })
}

/// Text as a part of a path or a parameter.
pub(crate) fn encoded(text: &str) -> PercentEncode<'_> {
    const RESERVED: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b',').remove(b'*');
    utf8_percent_encode(text, RESERVED)
}
