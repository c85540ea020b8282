//! What a sync asks of a server: a walk over everything, and the whole of some.

use std::time::Duration;

use crate::{Document, Timestamp, TypePlace};

/// A call to a server.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a server could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The user gave up.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// What its client says.
    #[error(transparent)]
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

/// The user gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it was cancelled; what was there before is still in force")]
pub struct Cancelled;

/// Waits for a server that asked for it. Tests wait without any time passing.
pub trait Patience: Send + Sync {
    /// Waits that long, or until the user gives up.
    fn wait(&self, time: Duration) -> std::result::Result<(), Cancelled>;

    /// Whether the user gave up; asked before each request.
    fn check(&self) -> std::result::Result<(), Cancelled>;
}

/// Counts of what went over the wire.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Requests, retries included.
    pub requests: u64,
    /// Requests that repeat one that failed.
    pub retries: u64,
    /// Bytes of answers, as they are after unpacking.
    pub bytes: u64,
}

/// Is handed the pages of a sweep.
pub type Visit<'v> = dyn FnMut(Page) -> std::result::Result<(), Cancelled> + 'v;

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
    /// How many histories Jira says there are; `None` if it sent no history or nobody says whether
    /// that is all of it. An answer without a history is not one about an issue that has none.
    pub histories_told: Option<u64>,
    /// How many came with what they are about.
    pub histories_received: u64,
}

impl Fetched {
    /// Whether its history is all there.
    pub fn has_whole_history(&self) -> bool {
        self.histories_told.is_some_and(|told| told <= self.histories_received)
    }
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
    /// Walks over everything that `filter`, in the server's own language, finds and hands over page by page, each issue once, in an
    /// order that does not depend on what changes meanwhile. An error of `visit` ends the walk.
    /// If the server's list moves under the walk it begins anew behind the scenes: `visit` is then
    /// called with [`Page::Again`] first.
    fn sweep(&self, filter: &str, visit: &mut Visit<'_>) -> Result<()>;

    /// Which issues of those ids `filter` finds, asked without a walk: to see whether a walk that did not
    /// name them passed over them. What cannot be asked so is not found.
    fn find_among(&self, _filter: &str, _ids: &[&str]) -> Result<Vec<Stub>> {
        Ok(Vec::new())
    }

    /// How many ids one call of [`fetch`](Remote::fetch) takes at most.
    fn fetch_ids_max(&self) -> usize;

    /// Fetches the issues of those ids, with those fields (Jira's ids of fields) and their complete
    /// changelogs.
    fn fetch(&self, ids: &[&str], fields: &[String]) -> Result<Batch>;

    /// Ids of the fields that every figure needs.
    fn standard_fields(&self) -> Vec<String> {
        Vec::new()
    }

    /// The fields in which this server keeps what figures may need beside the usual fields; `None` if it
    /// does not say which fields there are.
    fn special_fields(&self) -> Result<Option<SpecialFields>> {
        Ok(Some(SpecialFields::default()))
    }

    /// What the server calls that which stands in issues by id and can be renamed without any issue
    /// being touched.
    fn labels(&self) -> Result<Labels> {
        Ok(Labels::default())
    }

    /// The name of the zone in which the server shows times to whoever is logged in, if it says so.
    fn user_zone(&self) -> Option<String> {
        None
    }

    /// What the server would not tell, each as a sentence for people, though the sync could go on
    /// without it.
    fn refused(&self) -> Vec<String> {
        Vec::new()
    }

    /// Ids of statuses in the order in which the boards of these projects show them; none where there
    /// are no boards.
    fn status_order(&self, _projects: &[&str]) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    /// What went over the wire so far.
    fn traffic(&self) -> Traffic;
}

/// Fields whose ids every server chooses itself. A server that has none of them gives none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpecialFields {
    /// Ids of all of them: points, sprint, epic link, epic name, flag.
    pub ids: Vec<String>,
    /// The one that names epics: what has a text in it is one, whatever its type is called.
    pub epic_name: Option<String>,
}

/// What a server calls things.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// What it says.
    pub told: Vec<Label>,
    /// Whether one of its lists could not be read this time, so that what was renamed is not known. One
    /// that this login may never see is none of these.
    pub is_broken: bool,
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
    /// What it is called in no language, if the server says so.
    pub untranslated_name: Option<String>,
    /// Where a type of issues stands, as far as the server says so.
    pub type_place: TypePlace,
    /// Key of the only project that has it, or its id where the key cannot be had; `None` if all
    /// may.
    pub project: Option<String>,
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
