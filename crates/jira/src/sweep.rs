//! The walk over everything that a JQL finds.

use std::collections::HashSet;

use model::json::Value;
use serde_json::json;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::http::Request;
use crate::issue::{self, Read};
use crate::jql;
use crate::server::Kind;
use model::remote::{Page, Stub, Visit};

/// How often a walk is begun before it counts as failed.
const WALKS_MAX: u32 = 6;
/// Pages without issues that are followed one after the other.
const EMPTY_PAGES_MAX: u32 = 3;
/// The largest page that Jira Cloud gives.
const CLOUD_PAGE: u64 = 5_000;
/// The largest page that a server gives unless its administrator allows more.
const SERVER_PAGE: u64 = 1_000;

/// How a walk over a range ended.
enum End {
    /// Everything was seen.
    Whole,
    /// The list moved: what was seen does not count.
    Moved,
    /// The server gives no more of this range than up to the last issue seen.
    Window,
}

/// What is known while walking.
#[derive(Default)]
struct Walk {
    seen: HashSet<String>,
    /// Keys of projects seen in the range, in the order of the walk.
    projects: Vec<String>,
    last: Option<Stub>,
    of: Option<u64>,
}

/// One page of a search.
pub(crate) struct Found {
    stubs: Vec<Stub>,
    total: Option<u64>,
    window: Option<u64>,
    next: Option<String>,
    is_last: bool,
}

/// Walks over all pages; [`Page::Again`] if it has to begin anew.
pub(crate) fn sweep(client: &Client, jql: &str, visit: &mut Visit<'_>) -> Result<()> {
    for walk in 0..WALKS_MAX {
        if walk > 0 {
            visit(Page::Again)?;
        }
        let end = match client.server().kind {
            Kind::Cloud => by_tokens(client, jql, visit)?,
            Kind::Server => by_ranges(client, jql, visit)?,
        };
        if matches!(end, End::Whole) {
            return Ok(());
        }
    }
    Err(Error::Restless { times: WALKS_MAX })
}

/// Cloud: each page names the next. The end is a missing token or the word that it is the last
/// page. A page without issues that names a next one is no end: taken for one, all that follows
/// would look deleted. A token that comes again leads in a circle, so the walk begins anew.
fn by_tokens(client: &Client, jql: &str, visit: &mut Visit<'_>) -> Result<End> {
    let ordered = jql::by_key(jql, &[])?;
    let (mut walk, mut tokens) = (Walk::default(), HashSet::new());
    let (mut token, mut empty_pages): (Option<String>, u32) = (None, 0);
    loop {
        let body = json!({
            "jql": ordered,
            "fields": ["updated"],
            "maxResults": CLOUD_PAGE,
            "nextPageToken": token,
        });
        let found = client.ask(&Request::post("/rest/api/3/search/jql", body), read)?;
        empty_pages = if found.stubs.is_empty() { empty_pages + 1 } else { 0 };
        walk.hand_over(found.stubs, visit)?;
        let Some(next) = found.next.filter(|_| !found.is_last) else { return Ok(End::Whole) };
        if !tokens.insert(next.clone()) || empty_pages > EMPTY_PAGES_MAX {
            return Ok(End::Moved);
        }
        token = Some(next);
    }
}

/// A part of what a JQL finds.
#[derive(Default)]
struct Range {
    /// Projects that were walked over already.
    without: Vec<String>,
    /// Only what comes after that issue in its project.
    after: Option<String>,
    /// Only what was changed of late.
    is_recent: bool,
}

impl Range {
    fn conditions(&self) -> Vec<String> {
        let list = self.without.iter().map(|key| jql::quoted(key)).collect::<Vec<_>>().join(",");
        let without = (!list.is_empty()).then(|| format!("project NOT IN ({list})"));
        let after = self.after.as_deref().map(|key| {
            let (project, key) = (jql::quoted(project_of(key)), jql::quoted(key));
            format!("project = {project} AND key > {key}")
        });
        let recent = self.is_recent.then(|| "updated >= \"-1d\"".to_owned());
        without.into_iter().chain(after).chain(recent).collect()
    }
}

/// Server: pages by offset, of which newer servers give only the first 10 000 issues of a search.
///
/// Beyond that the walk goes on by ranges. `key > "X-9"` compares inside project X only, so what is
/// left is two ranges: the rest of the project that the walk was in, and all projects that it has
/// not come to (the order of keys is by project first). Dates would not do: JQL knows minutes only,
/// and more issues than a window holds can be created in one, e.g. by an import. An issue that is
/// moved meanwhile from a range to come into one that was walked over would be missed; it is among
/// those changed in the last day, which are walked over at the end.
fn by_ranges(client: &Client, jql: &str, visit: &mut Visit<'_>) -> Result<End> {
    let mut walk = Walk::default();
    let mut ranges = vec![Range::default()];
    while let Some(range) = ranges.pop() {
        let ordered = jql::by_key(jql, &range.conditions())?;
        match by_offsets(client, &ordered, &mut walk, visit) {
            Ok(End::Whole) => {}
            Ok(End::Moved) => return Ok(End::Moved),
            Ok(End::Window) => {
                let last = walk.last.as_ref().map(|stub| stub.key.clone());
                if last.is_none() || last == range.after {
                    return Err(Error::Window { host: client.host() });
                }
                let is_recent = range.is_recent;
                if range.after.is_none() && range.without.is_empty() && !is_recent {
                    ranges.push(Range { is_recent: true, ..Range::default() });
                }
                if range.after.is_none() {
                    let without = [range.without, walk.projects.clone()].concat();
                    ranges.push(Range { without, is_recent, ..Range::default() });
                }
                ranges.push(Range { after: last, is_recent, ..Range::default() });
            }
            // The issue that the range begins after was deleted meanwhile.
            Err(Error::Jql { .. }) if range.after.is_some() => return Ok(End::Moved),
            Err(error) => return Err(error),
        }
    }
    Ok(End::Whole)
}

/// Walks over one range. Each page begins with the last issue of the one before: if another issue
/// stands there, the list has moved and something may have been passed over.
fn by_offsets(client: &Client, jql: &str, walk: &mut Walk, visit: &mut Visit<'_>) -> Result<End> {
    walk.last = None;
    walk.projects.clear();
    let mut start = 0;
    loop {
        let body = json!({
            "jql": jql,
            "fields": ["updated"],
            "maxResults": SERVER_PAGE,
            "startAt": start,
        });
        let found = match client.ask(&Request::post("/rest/api/2/search", body), read) {
            Err(Error::Window { .. }) if start > 0 => return Ok(End::Window),
            found => found?,
        };
        let total = found.total.unwrap_or_default();
        // Some servers answer beyond their window with nothing instead of an error.
        if found.stubs.is_empty() && start > 0 && total > start {
            return Ok(End::Window);
        }
        walk.of = walk.of.or(Some(total));
        let first = found.stubs.first().map(|stub| &stub.id);
        if start > 0 && first != walk.last.as_ref().map(|stub| &stub.id) {
            return Ok(End::Moved);
        }
        let count = found.stubs.len() as u64;
        let end = start + count;
        walk.hand_over(found.stubs, visit)?;
        if end >= total {
            return Ok(End::Whole);
        }
        // A page without anything new leads nowhere.
        if end <= start + 1 {
            return Ok(End::Moved);
        }
        start = end - 1;
        if found.window.is_some_and(|window| start + count > window) {
            return Ok(End::Window);
        }
    }
}

impl Walk {
    /// Hands over what was not seen before.
    fn hand_over(&mut self, mut stubs: Vec<Stub>, visit: &mut Visit<'_>) -> Result<()> {
        self.last = stubs.last().cloned().or(self.last.take());
        for stub in &stubs {
            let project = project_of(&stub.key);
            if self.projects.last().is_none_or(|last| last != project) {
                self.projects.push(project.to_owned());
            }
        }
        stubs.retain(|stub| self.seen.insert(stub.id.clone()));
        Ok(visit(Page::Stubs { stubs, of: self.of })?)
    }
}

fn project_of(key: &str) -> &str {
    key.rsplit_once('-').map_or(key, |(project, _)| project)
}

pub(crate) fn read(page: Value<'_>) -> Read<Found> {
    let number = |name| issue::count(page.get(name)?);
    let next = page.get("nextPageToken").and_then(|token| token.as_text());
    Ok(Found {
        stubs: issue::issues(page, issue::stub)?,
        total: number("total"),
        window: number("maxResultWindow"),
        next: next.filter(|token| !token.is_empty()).map(|token| token.into_owned()),
        is_last: page.get("isLast").is_some_and(|last| last.kind() == model::json::Kind::True),
    })
}
