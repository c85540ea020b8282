//! Single issues, and on Cloud up to a hundred at once.

use super::ask::Ask;
use super::text::Wish;
use super::{Answer, Call, Viewer};
use crate::reply::Reply;

/// More at once are refused.
const BULK_ISSUES_MAX: usize = 100;

/// How many histories Cloud tells with a single issue.
const ISSUE_HISTORIES_MAX: usize = 100;

impl Call<'_> {
    /// By id, by key or by a key that it had.
    pub(super) fn one_issue(&mut self, viewer: Viewer, name: &str) -> Answer {
        let ask = Ask::read(self.request, self.kind)?;
        let id = self.id_for(viewer, name)?;
        let most = if self.is_cloud() { ISSUE_HISTORIES_MAX } else { usize::MAX };
        let wish = Wish { fields: &ask.fields, histories_max: ask.has_changelog.then_some(most) };
        let mut out = String::new();
        if let Some(issue) = self.world.issues.get(&id) {
            self.push_issue(&mut out, issue, &wish);
        }
        Ok(Reply::json(out))
    }

    /// The id of an issue that the viewer may see.
    pub(super) fn id_for(&self, viewer: Viewer, name: &str) -> Result<u64, Reply> {
        let id = self.world.visible_id(name).filter(|_| viewer == Viewer::Member);
        let message = "Issue does not exist or you do not have permission to see it.";
        id.ok_or_else(|| Reply::failure(404, message))
    }

    /// Ascending by id; what is not there is left out without a word.
    pub(super) fn bulk_issues(&mut self, viewer: Viewer) -> Answer {
        let ask = Ask::read(self.request, self.kind)?;
        let ids = self.ids_asked(&ask, viewer, BULK_ISSUES_MAX)?;
        let most = self.behaviour.search_histories_max.unwrap_or(usize::MAX);
        let wish = Wish { fields: &ask.fields, histories_max: ask.has_changelog.then_some(most) };
        let mut out = "{".to_owned();
        self.push_issues(&mut out, ids.iter(), &wish);
        out.push('}');
        Ok(Reply::json(out))
    }

    /// Ids of those that the request names and the viewer may see, ascending.
    pub(super) fn ids_asked(
        &self,
        ask: &Ask,
        viewer: Viewer,
        max: usize,
    ) -> Result<Vec<u64>, Reply> {
        if ask.issues.is_empty() || ask.issues.len() > max {
            let message = format!("issueIdsOrKeys must have between 1 and {max} entries.");
            return Err(Reply::failure(400, &message));
        }
        let found = ask.issues.iter().filter_map(|name| self.world.visible_id(name));
        let mut ids: Vec<u64> = found.filter(|_| viewer == Viewer::Member).collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }
}
