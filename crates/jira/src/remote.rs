//! What a sync asks of a server: a walk over everything, and the whole of some.

use model::{Document, Timestamp};

use crate::error::Result;
use crate::traffic::Traffic;

/// An issue as the sweep sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stub {
    /// Jira's id of it, which it keeps when it moves.
    pub id: String,
    /// Its key now.
    pub key: String,
    /// When it was last changed; `None` if the answer does not say so in a readable way.
    pub updated: Option<Timestamp>,
}

/// An issue with its whole history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// What the sweep would say of it now; the key may be another one than it was then.
    pub stub: Stub,
    /// The issue as Jira sent it, without its changelog.
    pub document: Document,
    /// `{"changelog":{"histories":[…]}}`, each history as Jira sent it, oldest first.
    pub changelog: Document,
    /// How many histories Jira says there are. More than came means that it is not complete.
    pub histories_told: u64,
    /// How many came.
    pub histories_received: u64,
}

/// The answer to one fetch. Every id that was asked for is in one of the three.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// What came.
    pub issues: Vec<Fetched>,
    /// Ids of what is not there any more, or not visible.
    pub gone: Vec<String>,
    /// Ids that could not be had, each with the reason as a sentence for people.
    pub failed: Vec<(String, String)>,
}

/// A server that issues come from. Calls are safe from several threads at once.
pub trait Remote: Sync {
    /// Walks over everything that `jql` finds and hands over page by page, each issue once, in an
    /// order that does not depend on what changes meanwhile. An error of `visit` ends the walk.
    /// If the server's list moves under the walk it begins anew behind the scenes: `visit` is then
    /// called with [`Page::Again`] first.
    fn sweep(&self, jql: &str, visit: &mut dyn FnMut(Page) -> Result<()>) -> Result<()>;

    /// How many ids one call of [`fetch`](Remote::fetch) takes at most.
    fn fetch_ids_max(&self) -> usize;

    /// Fetches the issues of those ids, with those fields (Jira's ids of fields) and their complete
    /// changelogs.
    fn fetch(&self, ids: &[&str], fields: &[String]) -> Result<Batch>;

    /// Ids of the fields in which this server keeps what figures may need beside the usual fields:
    /// points, sprint, epic link, flag. A server that has none of them gives none.
    fn special_fields(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    /// What the server calls that which stands in issues by id and can be renamed without any issue
    /// being touched.
    fn labels(&self) -> Result<Vec<Label>> {
        Ok(Vec::new())
    }

    /// What went over the wire so far.
    fn traffic(&self) -> Traffic;
}

/// A status, type, priority or resolution as the server calls it now.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    /// The field of issues that it stands in, e.g. `status`.
    pub field: &'static str,
    /// Jira's id of it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Category of a status.
    pub category: Option<String>,
}

/// A piece of a sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// Some more issues; `of` is how many there are, where the server tells.
    Stubs {
        /// The issues.
        stubs: Vec<Stub>,
        /// How many the query finds in all.
        of: Option<u64>,
    },
    /// What came so far does not count.
    Again,
}
