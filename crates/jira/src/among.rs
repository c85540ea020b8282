//! Which of some issues a JQL finds: asked by their ids, without a walk.

use std::collections::{HashSet, VecDeque};

use model::remote::Stub;
use serde_json::json;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::fetch::IDS_MAX;
use crate::http::Request;
use crate::jql;
use crate::server::Kind;
use crate::sweep;

/// What no issue is.
const NEVER: &str = "created <= \"1970-01-02\"";
/// How often a question by ids may be refused, in parts, before any is answered: a server may refuse every one
/// of them. From one that answers all can be had, at worst one by one.
const REFUSALS_MAX: u32 = 100;

/// The issues of those ids that a JQL finds; none where it cannot be asked so.
pub(crate) fn find_among(client: &Client, jql: &str, ids: &[&str]) -> Result<Vec<Stub>> {
    let found = Question { client, jql, also: None }.ask(ids)?;
    // What answers with an issue that no JQL finds looks at the ids alone, and tells nothing.
    let some: Vec<&str> = found.iter().take(IDS_MAX).map(|stub| stub.id.as_str()).collect();
    let is_heeded =
        some.is_empty() || { Question { client, jql, also: Some(NEVER) }.ask(&some)?.is_empty() };
    Ok(if is_heeded { found } else { Vec::new() })
}

/// A JQL whose issues are asked for by id.
struct Question<'q> {
    client: &'q Client,
    jql: &'q str,
    also: Option<&'static str>,
}

impl Question<'_> {
    /// Asks for as many at once as the server takes. One id that is not there may have all of them refused:
    /// then those that the refusal names are left out, else the halves are asked for, after all others: so a
    /// server that answers is known as soon as can be.
    fn ask(&self, ids: &[&str]) -> Result<Vec<Stub>> {
        let mut found = Vec::new();
        let mut parts: VecDeque<Vec<&str>> = ids.chunks(IDS_MAX).map(<[&str]>::to_vec).collect();
        let (mut refusals, mut has_answered) = (0, false);
        while let Some(mut part) = parts.pop_front() {
            let so_far = found.len();
            let why = match self.pages(&part, &mut found) {
                Ok(()) => {
                    has_answered = true;
                    continue;
                }
                Err(error @ (Error::Jql { .. } | Error::Refused { .. })) => error.to_string(),
                Err(error) => return Err(error),
            };
            refusals += 1;
            found.truncate(so_far);
            if !has_answered && refusals > REFUSALS_MAX {
                break;
            }
            let before = part.len();
            part.retain(|id| !is_named(&why, id));
            if part.is_empty() || before == 1 {
                continue;
            }
            if part.len() == before {
                parts.push_back(part.split_off(before / 2));
            }
            parts.push_back(part);
        }
        Ok(found)
    }

    /// What is found of these, on however many pages.
    fn pages(&self, ids: &[&str], found: &mut Vec<Stub>) -> Result<()> {
        let conditions = [Some(jql::with_ids(ids)), self.also.map(str::to_owned)];
        let jql = jql::by_key(self.jql, &conditions.into_iter().flatten().collect::<Vec<_>>())?;
        let (mut start, mut token, mut tokens) = (0, None::<String>, HashSet::new());
        let mut pages = 0;
        loop {
            let (path, place) = match self.client.server().kind {
                Kind::Cloud => ("/rest/api/3/search/jql", json!({ "nextPageToken": token })),
                // Else one id that is not there any more fails the whole question.
                Kind::Server => {
                    ("/rest/api/2/search", json!({ "startAt": start, "validateQuery": false }))
                }
            };
            let mut body = json!({ "jql": jql, "fields": ["updated"], "maxResults": ids.len() });
            if let (Some(body), serde_json::Value::Object(place)) = (body.as_object_mut(), place) {
                body.extend(place);
            }
            let page = self.client.ask(&Request::post(path, body), sweep::read)?;
            let count = page.stubs.len() as u64;
            start += count;
            let has_more = match &page.next {
                Some(next) => tokens.insert(next.clone()),
                None => token.is_none() && count > 0 && page.tells_of_more(start),
            };
            token = page.next;
            found.extend(page.stubs);
            pages += 1;
            // No more than was asked for is on more pages than that.
            if !has_more || pages > ids.len() {
                return Ok(());
            }
        }
    }
}

/// Whether a refusal names an id, between quotes.
fn is_named(why: &str, id: &str) -> bool {
    ["'", "\""].iter().any(|quote| why.contains(&format!("{quote}{id}{quote}")))
}
