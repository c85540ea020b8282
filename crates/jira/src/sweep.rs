//! The walk over everything that a JQL finds.

use std::collections::HashSet;

use model::json::{Kind, Value};
use serde_json::json;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::http::Request;
use crate::issue::{self, Read};
use crate::jql;
use crate::server;
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
    pub stubs: Vec<Stub>,
    total: Option<u64>,
    /// How many issues the server gives at a time.
    page_max: Option<u64>,
    window: Option<u64>,
    pub next: Option<String>,
    /// Whether it is the last page; `None` if the answer does not say.
    is_last: Option<bool>,
}

impl Found {
    /// Whether nothing can follow what ends at `end`: nobody tells of more, and the server would have
    /// had room for it on this page. A total that is less than what came is no total, and one that is
    /// just that may be the number of this page.
    fn is_end(&self, count: u64, end: u64) -> bool {
        let is_short = count == 0 || self.page_max.is_some_and(|max| count < max);
        is_short && !self.tells_of_more(end)
    }

    /// Whether there is more behind `end`, by the total.
    pub fn tells_of_more(&self, end: u64) -> bool {
        self.total.is_some_and(|total| total > end)
    }
}

/// Walks over all pages; [`Page::Again`] if it has to begin anew.
pub(crate) fn sweep(client: &Client, jql: &str, visit: &mut Visit<'_>) -> Result<()> {
    for walk in 0..WALKS_MAX {
        if walk > 0 {
            visit(Page::Again)?;
        }
        let end = match client.server().kind {
            server::Kind::Cloud => by_tokens(client, jql, visit)?,
            server::Kind::Server => by_ranges(client, jql, visit)?,
        };
        if matches!(end, End::Whole) {
            return Ok(());
        }
    }
    Err(Error::Restless { times: WALKS_MAX })
}

/// Cloud: each page names the next. The end is a missing token, unless the page says that it is not the
/// last one: then the token was lost, and the walk begins anew, as it does after a token that comes
/// again and leads in a circle. A page without issues that names a next one is no end: taken for one,
/// all that follows would look deleted. Nor is one that says to be the last and names a next one, unless
/// nothing new is there.
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
        let new = walk.hand_over(found.stubs, visit)?;
        let is_last = found.is_last == Some(true);
        let Some(next) = found.next else {
            let is_lost = found.is_last == Some(false);
            return Ok(if is_lost { End::Moved } else { End::Whole });
        };
        let is_circle = !tokens.insert(next.clone());
        if is_last && (new == 0 || is_circle) {
            return Ok(End::Whole);
        }
        if is_circle || empty_pages > EMPTY_PAGES_MAX {
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
        // Some servers answer beyond their window with nothing instead of an error.
        if found.stubs.is_empty() && start > 0 && found.tells_of_more(start) {
            return Ok(End::Window);
        }
        let first = found.stubs.first().map(|stub| &stub.id);
        if start > 0 && first != walk.last.as_ref().map(|stub| &stub.id) {
            return Ok(End::Moved);
        }
        let count = found.stubs.len() as u64;
        let end = start + count;
        let (is_end, tells_of_more) = (found.is_end(count, end), found.tells_of_more(end));
        walk.of = walk.of.or(found.total.filter(|total| *total >= end));
        walk.hand_over(found.stubs, visit)?;
        if is_end {
            return Ok(End::Whole);
        }
        // A page without anything new is the end, or leads nowhere.
        if end <= start + 1 {
            return Ok(if tells_of_more { End::Moved } else { End::Whole });
        }
        start = end - 1;
        if found.window.is_some_and(|window| start + count > window) {
            return Ok(End::Window);
        }
    }
}

impl Walk {
    /// Hands over what was not seen before; gives how much that is.
    fn hand_over(&mut self, mut stubs: Vec<Stub>, visit: &mut Visit<'_>) -> Result<usize> {
        self.last = stubs.last().cloned().or(self.last.take());
        for stub in &stubs {
            let project = project_of(&stub.key);
            if self.projects.last().is_none_or(|last| last != project) {
                self.projects.push(project.to_owned());
            }
        }
        stubs.retain(|stub| self.seen.insert(stub.id.clone()));
        let new = stubs.len();
        visit(Page::Stubs { stubs, of: self.of })?;
        Ok(new)
    }
}

fn project_of(key: &str) -> &str {
    key.rsplit_once('-').map_or(key, |(project, _)| project)
}

pub(crate) fn read(page: Value<'_>) -> Read<Found> {
    let number = |name| issue::count(page.get(name)?);
    let is_last = page.get("isLast").map(|last| last.kind());
    Ok(Found {
        stubs: issue::issues(page, issue::stub)?,
        total: number("total"),
        page_max: number("maxResults"),
        window: number("maxResultWindow"),
        next: next_token(page)?,
        is_last: match is_last {
            Some(Kind::True) => Some(true),
            Some(Kind::False) => Some(false),
            _ => None,
        },
    })
}

/// The token of the next page: a text, from some gateways a number. One that is anything else is not to be
/// taken for none, which would be the end.
pub(crate) fn next_token(page: Value<'_>) -> Read<Option<String>> {
    let Some(token) = page.get("nextPageToken").filter(|token| !token.is_null()) else {
        return Ok(None);
    };
    match (token.kind(), token.as_text()) {
        (_, Some(text)) => Ok(Some(text.into_owned()).filter(|text| !text.is_empty())),
        (Kind::Number, _) => Ok(Some(token.raw().to_owned())),
        _ => Err("the token of the next page is no text"),
    }
}
