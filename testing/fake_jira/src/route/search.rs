//! The search of Data Center: pages by offset, a total, whole changelogs.

use serde_json::json;

use super::ask::Ask;
use super::text::Wish;
use super::{Answer, Call, Viewer};
use crate::fault::Fault;
use crate::jql::Strictness;
use crate::reply::Reply;

/// What is given if nothing is asked.
const PAGE_ISSUES_DEFAULT: usize = 50;

impl Call<'_> {
    pub(super) fn offset_search(&mut self, viewer: Viewer) -> Answer {
        let ask = Ask::read(self.request, self.kind)?;
        let (found, warning) = self.found_by_offset(&ask)?;
        let found = if viewer == Viewer::Stranger { Vec::new() } else { found };
        let mut size = ask.size(PAGE_ISSUES_DEFAULT, self.page_max(&ask));
        match self.check_window(ask.start_at, size) {
            Err(_) if self.behaviour.is_window_silent => size = 0,
            checked => checked?,
        }
        if self.fault == Some(&Fault::EmptyPage) {
            size = 0;
        }
        let wish =
            Wish { fields: &ask.fields, histories_max: ask.has_changelog.then_some(usize::MAX) };
        let page = found.iter().skip(ask.start_at).take(size);
        let mut out = format!(
            r#"{{"expand":"schema,names","startAt":{},"maxResults":{size},"total":{},"#,
            ask.start_at,
            found.len()
        );
        if let Some(window) = self.told_window() {
            out.push_str(&format!(r#""maxResultWindow":{window},"#));
        }
        if let Some(warning) = warning {
            out.push_str(&format!(r#""warningMessages":{},"#, json!([warning])));
        }
        self.push_issues(&mut out, page, &wish);
        out.push('}');
        Ok(Reply::json(out))
    }

    fn found_by_offset(&mut self, ask: &Ask) -> Result<(Vec<u64>, Option<String>), Reply> {
        let refused = |why: String| Reply::failure(400, &why);
        match self.world.find(&ask.jql, Strictness::Strict) {
            Ok(found) => Ok((found.ids.clone(), None)),
            Err(why) if ask.is_strict || self.behaviour.is_strict_about_issues => Err(refused(why)),
            Err(why) => {
                let found = self.world.find(&ask.jql, Strictness::Lenient).map_err(refused)?;
                Ok((found.ids.clone(), Some(why)))
            }
        }
    }

    /// How many issues a page holds at most.
    pub(super) fn page_max(&self, ask: &Ask) -> usize {
        let is_bare = ask.fields.are_few() && !ask.has_changelog;
        let behaviour = self.behaviour;
        if is_bare { behaviour.page_issues_max } else { behaviour.full_page_issues_max }
    }

    fn told_window(&self) -> Option<usize> {
        self.behaviour.window_issues_max.filter(|_| !self.behaviour.is_window_silent)
    }

    fn check_window(&self, start_at: usize, size: usize) -> Result<(), Reply> {
        let window = self.behaviour.window_issues_max.unwrap_or(usize::MAX);
        if start_at.saturating_add(size) <= window {
            return Ok(());
        }
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><status>\
             <status-code>500</status-code><message>Search limit exceeded: startAt + maxResults \
             must not be above {window}</message></status>"
        );
        Err(Reply::new(500, "application/xml;charset=UTF-8", body))
    }

    /// Adds `"issues":[…]`.
    pub(super) fn push_issues<'i>(
        &self,
        out: &mut String,
        ids: impl Iterator<Item = &'i u64>,
        wish: &Wish,
    ) {
        out.push_str("\"issues\":[");
        let issues = ids.filter_map(|id| self.world.issues.get(id));
        for (place, issue) in issues.enumerate() {
            if place > 0 {
                out.push(',');
            }
            self.push_issue(out, issue, wish);
        }
        out.push(']');
    }
}
