//! What each status of a query means: which lane it is in, and whether work in it has begun.
//!
//! A status is an id. What an id is for, the server's list says; where that is silent, the
//! documents that are in it, as far as they agree; a change without an id means the status of its
//! name, in the project of its issue first.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use model::settings::fold;
use model::{IssueFacts, Lane, Status, StatusCategory, StatusRef, Timestamp};

use crate::history::IssueHistory;
use crate::weeks::AsOf;
use crate::workflow::{ListsInForce, Workflow};
use learn::{Met, Named};

mod lane;
mod learn;
pub(crate) mod order;

pub use order::StatusUse;

/// What a status means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Meaning {
    /// Its lane; `None` if nothing explains it.
    pub lane: Option<Lane>,
    /// Whether work has begun in it: in a started lane, and not before the point that the profile
    /// names as the start.
    pub is_started: bool,
}

impl Meaning {
    pub(crate) fn of(lane: Lane) -> Meaning {
        Meaning { lane: Some(lane), is_started: lane.is_started() }
    }

    /// Whether it is over, delivered or not.
    pub fn is_over(self) -> bool {
        self.lane.is_some_and(Lane::is_over)
    }
}

/// What told the lane of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LaneOrigin {
    /// The profile says it.
    Chosen,
    /// The category that Jira gives it, or its name among the usual ones.
    Category,
    /// It is entered from statuses that are over, and from no others.
    Reopened,
    /// Nothing.
    Unexplained,
}

/// One status of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownStatus<'h> {
    /// Its id; `None` if only its name is known.
    pub id: Option<&'h str>,
    /// All names that it has or had, the present one first.
    pub names: Vec<&'h str>,
    /// What it is called in no language, if the server's list says so.
    pub untranslated: Option<&'h str>,
    /// The only project it belongs to, if it does.
    pub project: Option<&'h str>,
    /// What it is for; `None` if nothing says so, or several things.
    pub category: Option<StatusCategory>,
    /// Categories that documents in it name, if the server's list says none and they differ.
    pub differing: BTreeSet<StatusCategory>,
    /// What it means.
    pub meaning: Meaning,
    /// What told so.
    pub origin: LaneOrigin,
    /// Its place in the workflow, as the profile says or else the server.
    pub order: Option<u32>,
    /// Whether an issue is or was in it.
    pub occurs: bool,
    documents: BTreeSet<StatusCategory>,
    is_listed: bool,
    /// When the document was last changed that names it as it is called now.
    named_at: Option<Timestamp>,
    entered: Entered,
}

impl<'h> KnownStatus<'h> {
    /// The names by which it goes today; a former one tells what it was for then.
    pub fn present_names(&self) -> impl Iterator<Item = &'h str> {
        self.names.first().copied().into_iter().chain(self.untranslated)
    }
}

/// From where a status is entered.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Entered {
    from_over: bool,
    from_others: bool,
}

/// The statuses that occur in a query, and those that its server lists.
#[derive(Debug, Clone)]
pub struct Statuses<'h> {
    known: Vec<KnownStatus<'h>>,
    by_id: HashMap<&'h str, usize>,
    by_name: HashMap<String, Vec<usize>>,
    /// What was found about the references of a store, which makes each once.
    found: Vec<(Asked<'h>, Option<usize>)>,
    /// The same about documents, for the first that name the same.
    documents: Vec<(Named, Option<usize>)>,
    /// Keys of the projects that issues lie in.
    projects: HashSet<&'h str>,
    workflow: &'h Workflow,
    lists: ListsInForce,
    can_tell_done: bool,
}

/// A reference by its place in memory, and the project that it stands in if that matters.
type Asked<'h> = (usize, Option<&'h str>);

/// References remembered; about any more the answer is found each time anew.
const FOUND_MAX: usize = 64;

impl<'h> Statuses<'h> {
    /// Learns the statuses from the server's list and from what had happened to the issues by the
    /// moment, and what they mean to a profile.
    pub fn learn(
        workflow: &'h Workflow,
        listed: &'h [Status],
        histories: &'h [IssueHistory],
        as_of: &AsOf,
    ) -> Statuses<'h> {
        let has_begun =
            |history: &&'h IssueHistory| history.facts.created.is_none_or(|at| as_of.knows(at));
        let begun: Vec<&'h IssueHistory> = histories.iter().filter(has_begun).collect();
        let mut statuses = Statuses {
            known: Vec::new(),
            by_id: HashMap::new(),
            by_name: HashMap::new(),
            found: Vec::new(),
            documents: Vec::new(),
            projects: learn::projects(histories),
            workflow,
            lists: ListsInForce::default(),
            can_tell_done: false,
        };
        let keys = learn::project_keys(listed, histories);
        listed.iter().for_each(|status| statuses.add_listed(status, &keys));
        let mut met = Vec::new();
        for history in histories {
            statuses.add_document(history, as_of, &mut met);
        }
        for history in &begun {
            statuses.add_history(history, as_of);
        }
        statuses.settle_categories();
        statuses.explain(workflow, &begun, as_of);
        statuses.take_order(workflow);
        let place = |met: &Met<'h>| (met.named, statuses.find_document(met.facts));
        statuses.documents = met.iter().map(place).collect();
        statuses.can_tell_done = !workflow.end_statuses.is_empty()
            || !workflow.lanes.is_empty()
            || statuses.known.iter().any(|known| known.category.is_some());
        statuses
    }

    /// The statuses, those of the server's list first.
    pub fn known(&self) -> &[KnownStatus<'h>] {
        &self.known
    }

    /// Which lists of names are in force.
    pub fn lists_in_force(&self) -> ListsInForce {
        self.lists
    }

    /// Whether anything says which statuses mean done.
    pub fn can_tell_done(&self) -> bool {
        self.can_tell_done
    }

    /// What a change means; one without a status means nothing.
    pub fn meaning(
        &mut self,
        status: Option<&'h Arc<StatusRef>>,
        project: Option<&'h str>,
    ) -> Meaning {
        status
            .and_then(|status| self.find(status, project))
            .map_or_else(Meaning::default, |place| {
                self.known.get(place).map(|known| known.meaning).unwrap_or_default()
            })
    }

    /// What the present status of a document means. Its own category decides where neither the
    /// profile nor the server's list does.
    pub fn document_meaning(&self, facts: &'h IssueFacts) -> Meaning {
        let Some(known) = self.of_document(facts) else { return Meaning::default() };
        if known.origin == LaneOrigin::Chosen || known.is_listed && known.category.is_some() {
            return known.meaning;
        }
        let own = facts.status_category.as_deref().and_then(StatusCategory::of_key);
        match own {
            Some(category) if known.category != Some(category) => self.by_category(category, known),
            _ => known.meaning,
        }
    }

    /// The status that a document names; `None` if it names none.
    pub fn of_document(&self, facts: &IssueFacts) -> Option<&KnownStatus<'h>> {
        self.known.get(self.place_of_document(facts)?)
    }

    fn place_of_document(&self, facts: &IssueFacts) -> Option<usize> {
        let named = learn::named(facts);
        let known = self.documents.iter().find(|(known, _)| *known == named);
        known.map_or_else(|| self.find_document(facts), |(_, place)| *place)
    }

    fn find_document(&self, facts: &IssueFacts) -> Option<usize> {
        let by_id = facts.status_id.as_deref().and_then(|id| self.by_id.get(id)).copied();
        by_id.or_else(|| self.place_of_name(facts.status.as_deref()?, project_of(facts)))
    }

    /// Whether a change and a document mean the same status.
    pub fn is_same(&mut self, status: &'h Arc<StatusRef>, facts: &'h IssueFacts) -> bool {
        if let (Some(id), Some(current)) = (&status.id, &facts.status_id) {
            return id == current;
        }
        let (Some(name), Some(current)) = (status.name.as_deref(), facts.status.as_deref()) else {
            return status.name.is_none() && facts.status.is_none();
        };
        if name == current || fold(name) == fold(current) {
            return true;
        }
        let place = self.find(status, project_of(facts));
        let known = place.and_then(|place| self.known.get(place));
        let current = self.of_document(facts);
        matches!((known, current), (Some(known), Some(current)) if std::ptr::eq(known, current))
    }

    /// The status that a change means.
    pub fn status_of(
        &mut self,
        status: &'h Arc<StatusRef>,
        project: Option<&'h str>,
    ) -> Option<&KnownStatus<'h>> {
        let place = self.find(status, project)?;
        self.known.get(place)
    }

    /// What the status of a change is called now; what the change calls it, if it is not known.
    pub fn name_of(
        &mut self,
        status: &'h Arc<StatusRef>,
        project: Option<&'h str>,
    ) -> Option<&'h str> {
        let known = self.status_of(status, project).and_then(|known| known.names.first().copied());
        known.or(status.name.as_deref())
    }

    fn find(&mut self, status: &'h Arc<StatusRef>, project: Option<&'h str>) -> Option<usize> {
        let asked = asked(status, project);
        if let Some((_, place)) = self.found.iter().find(|(known, _)| *known == asked) {
            return *place;
        }
        let place = self.look_up(status, project);
        if self.found.len() < FOUND_MAX {
            self.found.push((asked, place));
        }
        place
    }

    pub(crate) fn look_up(&self, status: &StatusRef, project: Option<&str>) -> Option<usize> {
        match &status.id {
            Some(id) => self.by_id.get(&**id).copied(),
            None => self.place_of_name(status.name.as_deref()?, project),
        }
    }

    /// The status of a name: that of the project, else one of no project, else any, as long as all
    /// of them mean the same.
    fn place_of_name(&self, name: &str, project: Option<&str>) -> Option<usize> {
        let candidates = self.places_of_name(name, project);
        let first = *candidates.first()?;
        let meaning = self.known.get(first)?.meaning;
        let is_clear = candidates
            .iter()
            .all(|place| self.known.get(*place).is_some_and(|known| known.meaning == meaning));
        is_clear.then_some(first)
    }

    /// Those that may be of a project whose key nothing tells; all if none may.
    fn without_other_projects(&self, places: &[usize]) -> Vec<usize> {
        let is_of_other = |place: &&usize| {
            let project = self.known.get(**place).and_then(|known| known.project);
            project.is_some_and(|project| self.projects.contains(project))
        };
        let rest: Vec<usize> = places.iter().filter(|place| !is_of_other(place)).copied().collect();
        if rest.is_empty() { places.to_vec() } else { rest }
    }

    /// The statuses that a name may mean: those of the project, else those of no project, else all.
    fn places_of_name(&self, name: &str, project: Option<&str>) -> Vec<usize> {
        let Some(places) = self.by_name.get(&fold(name)) else { return Vec::new() };
        let of = |project: Option<&str>| -> Vec<usize> {
            let known = |place: &&usize| self.known.get(**place);
            let is_of = |place: &&usize| known(place).is_some_and(|known| known.project == project);
            places.iter().filter(is_of).copied().collect()
        };
        let own = project.map(|project| of(Some(project))).filter(|own| !own.is_empty());
        own.unwrap_or_else(|| match of(None) {
            none if none.is_empty() => self.without_other_projects(places),
            shared => shared,
        })
    }
}

fn asked<'h>(status: &Arc<StatusRef>, project: Option<&'h str>) -> Asked<'h> {
    // An id means the same in every project.
    (Arc::as_ptr(status) as usize, project.filter(|_| status.id.is_none()))
}

/// The project of an issue. Early builds of the old app did not fetch it, but a key begins with it.
pub(crate) fn project_of(facts: &IssueFacts) -> Option<&str> {
    let of_key = || facts.key.rsplit_once('-').map(|(project, _)| project);
    facts.project.as_deref().or_else(of_key)
}
