//! Histories apart from their issues: Cloud only.

use serde_json::{Value, json};

use super::ask::Ask;
use super::{Answer, Call, Viewer, token};
use crate::fault::Fault;
use crate::issue::{History, Issue};
use crate::reply::Reply;

const BULK_ISSUES_MAX: usize = 1_000;
const BULK_HISTORIES_DEFAULT: usize = 1_000;
const BULK_FIELDS_MAX: usize = 10;

impl Call<'_> {
    /// The histories of one issue, oldest first, in pages.
    pub(super) fn one_changelog(&mut self, viewer: Viewer, name: &str) -> Answer {
        let ask = Ask::read(self.request, self.kind)?;
        let id = self.id_for(viewer, name)?;
        let all = self.world.issues.get(&id).map_or(&[][..], |issue| issue.histories.as_slice());
        let most = self.behaviour.page_histories_max;
        let size = ask.size(most, most);
        let page = all.iter().skip(ask.start_at).take(size);
        let end = ask.start_at.saturating_add(size);
        let is_last = end >= all.len();
        let here = format!("{}/rest/api/3/issue/{id}/changelog", self.url);
        let mut out = format!(r#"{{"self":"{here}?startAt={}&maxResults={size}","#, ask.start_at);
        if !is_last {
            out.push_str(&format!(r#""nextPage":"{here}?startAt={end}&maxResults={size}","#));
        }
        out.push_str(&format!(
            r#""maxResults":{size},"startAt":{},"total":{},"isLast":{is_last},"values":["#,
            ask.start_at,
            all.len()
        ));
        self.push_histories(&mut out, page);
        out.push_str("]}");
        Ok(Reply::json(out))
    }

    /// The histories of many issues, by id and then by age; one issue may go on on the next page.
    pub(super) fn bulk_changelogs(&mut self, viewer: Viewer) -> Answer {
        let ask = Ask::read(self.request, self.kind)?;
        let ids = self.ids_asked(&ask, viewer, BULK_ISSUES_MAX)?;
        if ask.field_ids.len() > BULK_FIELDS_MAX {
            return Err(Reply::failure(400, "fieldIds must have at most 10 entries."));
        }
        let start = match &ask.token {
            None => Some(0),
            Some(token) => token::read(token).and_then(|it| usize::try_from(it.as_u64()?).ok()),
        };
        let start = start.ok_or_else(|| Reply::failure(400, "Invalid nextPageToken."))?;
        let size = ask.size(BULK_HISTORIES_DEFAULT, self.behaviour.bulk_histories_max).max(1);
        let all = ids.iter().filter_map(|id| self.world.issues.get(id)).flat_map(|issue| {
            issue.histories.iter().filter(|it| tells(it, &ask.field_ids)).map(move |it| (issue, it))
        });
        let mut rest = all.skip(start);
        let mut page: Vec<(&Issue, &History)> = rest.by_ref().take(size).collect();
        if self.fault == Some(&Fault::ShortChangelogs) {
            page = page.into_iter().skip(1).collect();
        }
        let has_more = rest.next().is_some();
        let mut out = "{\"issueChangeLogs\":[".to_owned();
        self.push_by_issue(&mut out, &page);
        out.push(']');
        if has_more {
            let next = token::write(&json!(start.saturating_add(size)));
            out.push_str(&format!(r#","nextPageToken":"{next}""#));
        }
        out.push('}');
        Ok(Reply::json(out))
    }

    fn push_by_issue(&self, out: &mut String, page: &[(&Issue, &History)]) {
        for (place, group) in page.chunk_by(|a, b| a.0.id == b.0.id).enumerate() {
            let id = group.first().map_or(0, |(issue, _)| issue.id);
            let comma = if place > 0 { "," } else { "" };
            out.push_str(&format!(r#"{comma}{{"issueId":"{id}","changeHistories":["#));
            for (place, (_, history)) in group.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                // A number here, a text everywhere else.
                let created = Value::from(history.created.as_millisecond()).to_string();
                self.push_history(out, history, &created);
            }
            out.push_str("]}");
        }
    }
}

/// Whether a history is about one of these fields; any is if there are none.
fn tells(history: &History, field_ids: &[String]) -> bool {
    let names = |id: &String| history.rest.contains(&format!(r#""fieldId":"{id}""#));
    field_ids.is_empty() || field_ids.iter().any(names)
}
