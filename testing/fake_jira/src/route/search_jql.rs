//! The search of Cloud: pages by token, no total, ids only unless fields are asked for.

use serde_json::{Value, json};

use super::ask::Ask;
use super::text::Wish;
use super::{Answer, Call, Viewer, token};
use crate::fault::Fault;
use crate::jql::{self, Place, Strictness};
use crate::reply::Reply;

const PAGE_ISSUES_DEFAULT: usize = 50;
const UNBOUNDED: &str = "Unbounded JQL queries are not allowed here. Please add a search \
     restriction to your query.";
const TOKEN_WRONG: &str = "The provided next page token is invalid or has expired.";

impl Call<'_> {
    pub(super) fn token_search(&mut self, viewer: Viewer) -> Answer {
        let ask = Ask::read(self.request, self.kind)?;
        let ids = self.found_by_token(&ask, viewer)?;
        let size = match self.fault {
            Some(Fault::EmptyPage) => 0,
            _ => ask.size(PAGE_ISSUES_DEFAULT, self.page_max(&ask)).max(1),
        };
        let page = ids.get(..size).unwrap_or(&ids);
        let next = self.next_token(&ask, page, page.len() < ids.len())?;
        let mut out = "{".to_owned();
        if ask.fields.is_told() || ask.has_changelog {
            let most = self.behaviour.search_histories_max.unwrap_or(usize::MAX);
            let wish =
                Wish { fields: &ask.fields, histories_max: ask.has_changelog.then_some(most) };
            self.push_issues(&mut out, page.iter(), &wish);
        } else {
            let ids: Vec<Value> = page.iter().map(|id| json!({"id": id.to_string()})).collect();
            out.push_str(&format!("\"issues\":{}", Value::Array(ids)));
        }
        match next {
            Some(next) => out.push_str(&format!(r#","nextPageToken":"{next}","isLast":false}}"#)),
            None => out.push_str(",\"isLast\":true}"),
        }
        Ok(Reply::json(out))
    }

    pub(super) fn count(&mut self, viewer: Viewer) -> Answer {
        let ask = Ask { token: None, ..Ask::read(self.request, self.kind)? };
        let count = self.found_by_token(&ask, viewer)?.len();
        Ok(Reply::value(&json!({ "count": count })))
    }

    /// What is found behind the place that the token tells.
    fn found_by_token(&mut self, ask: &Ask, viewer: Viewer) -> Result<Vec<u64>, Reply> {
        let refused = |why: String| Reply::failure(400, &why);
        let query = jql::parse(&ask.jql).map_err(refused)?;
        if query.clause.is_none() {
            return Err(Reply::failure(400, UNBOUNDED));
        }
        let is_strict = self.behaviour.is_strict_about_issues;
        let strictness = if is_strict { Strictness::Strict } else { Strictness::LenientIssues };
        let found = self.world.find(&ask.jql, strictness).map_err(refused)?;
        if viewer == Viewer::Stranger {
            return Ok(Vec::new());
        }
        let Some(after) = self.place_in(ask)? else { return Ok(found.ids.clone()) };
        let is_before = |id: &u64| {
            let issue = self.world.issues.get(id);
            let place = issue.and_then(|issue| jql::place(issue, &found.query.order).ok());
            place.is_some_and(|place| place <= after)
        };
        let begin = found.ids.partition_point(is_before);
        Ok(found.ids.get(begin..).unwrap_or_default().to_vec())
    }

    fn place_in(&self, ask: &Ask) -> Result<Option<Place>, Reply> {
        let Some(token) = &ask.token else { return Ok(None) };
        let wrong = || Reply::failure(400, TOKEN_WRONG);
        let value = token::read(token).ok_or_else(wrong)?;
        match (value.get(0), value.get(1)) {
            (Some(Value::String(jql)), Some(Value::Null)) if *jql == ask.jql => Ok(None),
            (Some(Value::String(jql)), Some(place)) if *jql == ask.jql => {
                Place::from_json(place).map(Some).ok_or_else(wrong)
            }
            _ => Err(wrong()),
        }
    }

    fn next_token(&self, ask: &Ask, page: &[u64], has_more: bool) -> Result<Option<String>, Reply> {
        let stays = matches!(self.fault, Some(Fault::RepeatedToken | Fault::EmptyPage));
        if stays {
            let from_the_start = || token::write(&json!([ask.jql, null]));
            return Ok(Some(ask.token.clone().unwrap_or_else(from_the_start)));
        }
        let last = page.last().and_then(|id| self.world.issues.get(id));
        let Some(last) = last.filter(|_| has_more) else { return Ok(None) };
        let order = jql::parse(&ask.jql).map_err(|why| Reply::failure(400, &why))?.order;
        let place = jql::place(last, &order).map_err(|why| Reply::failure(400, &why))?;
        Ok(Some(token::write(&json!([ask.jql, place.to_json()]))))
    }
}
