//! What each status of a query means: which lane it is in, and whether work in it has begun.
//!
//! A status is an id. What an id is for, the server's list says; where that is silent, the
//! documents that are in it, as far as they agree; a change without an id means the status of its
//! name, in the project of its issue first.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use model::{IssueFacts, Lane, Status, StatusCategory, StatusRef, Transition};

use crate::history::IssueHistory;
use crate::item::Item;
use crate::usual_names::is_usually_not_delivered;
use crate::weeks::AsOf;
use crate::workflow::{NameSet, Workflow, fold};

/// What a status means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Meaning {
    /// Its lane; `None` if nothing explains it.
    pub lane: Option<Lane>,
    /// Whether work has begun in it: in a started lane, and not before the point that the profile
    /// names as the start.
    pub is_started: bool,
}

impl Meaning {
    fn of(lane: Lane) -> Meaning {
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
    /// Whether an issue is or was in it.
    pub occurs: bool,
    documents: BTreeSet<StatusCategory>,
    is_listed: bool,
    entered: Entered,
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
    /// What was found about the texts of a store, which makes each once; by their places.
    found: Vec<((usize, usize), Option<usize>)>,
    lists: ListsInForce,
    can_tell_done: bool,
}

/// References remembered; about any more the answer is found each time anew.
const FOUND_MAX: usize = 64;

/// Which of the lists of names that the old app kept are in force: those of which a name occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ListsInForce {
    /// The statuses that mean done.
    pub end: bool,
    /// The statuses that work starts with.
    pub start: bool,
    /// The statuses of work in progress.
    pub wip: bool,
    /// The statuses in which somebody works.
    pub active: bool,
}

impl<'h> Statuses<'h> {
    /// Learns the statuses from the server's list and from what had happened to the issues by the
    /// moment, and what they mean to a profile.
    pub fn learn(
        workflow: &'h Workflow,
        listed: &'h [Status],
        histories: &'h [IssueHistory],
        as_of: &AsOf,
    ) -> Statuses<'h> {
        let has_begun = |history: &&'h IssueHistory| {
            history.facts.created.is_none_or(|at| as_of.knows(at))
        };
        let begun: Vec<&'h IssueHistory> = histories.iter().filter(has_begun).collect();
        let mut statuses = Statuses {
            known: Vec::new(),
            by_id: HashMap::new(),
            by_name: HashMap::new(),
            found: Vec::new(),
            lists: ListsInForce::default(),
            can_tell_done: false,
        };
        listed.iter().for_each(|status| statuses.add_listed(status));
        for history in histories {
            statuses.add_document(history, as_of);
        }
        for history in &begun {
            statuses.add_history(history, as_of);
        }
        statuses.settle_categories();
        statuses.explain(workflow, &begun, as_of);
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
            Some(category) if known.category != Some(category) => {
                self.by_category(category, &known.names)
            }
            _ => known.meaning,
        }
    }

    /// The status that a document names; `None` if it names none.
    pub fn of_document(&self, facts: &'h IssueFacts) -> Option<&KnownStatus<'h>> {
        let id = facts.status_id.as_deref();
        let place = match id.and_then(|id| self.by_id.get(id)) {
            Some(place) => Some(*place),
            None => self.place_of_name(facts.status.as_deref()?, project_of(facts)),
        };
        self.known.get(place?)
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

    /// Names of the statuses that nothing explains and that an issue is or was in; some more than
    /// once.
    pub(crate) fn unexplained<'a>(&'a self, item: &Item<'h>) -> impl Iterator<Item = &'h str> + 'a {
        let (facts, project) = (item.facts, project_of(item.facts));
        let is_unexplained = |known: &KnownStatus<'_>| known.meaning.lane.is_none();
        let past = item.changes().filter_map(move |status| {
            let known = self.look_up(status, project).and_then(|place| self.known.get(place));
            match known {
                Some(known) if !is_unexplained(known) => None,
                Some(known) => known.names.first().copied().or(status.id.as_deref()),
                None => status.name.as_deref(),
            }
        });
        let now = facts.status.as_deref().filter(|_| self.document_meaning(facts).lane.is_none());
        past.chain(now)
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
        let text = Arc::as_ptr(status) as usize;
        // An id means the same in every project.
        let within =
            if status.id.is_some() { 0 } else { project.map_or(0, |p| p.as_ptr() as usize) };
        if let Some((_, place)) = self.found.iter().find(|(known, _)| *known == (text, within)) {
            return *place;
        }
        let place = self.look_up(status, project);
        if self.found.len() < FOUND_MAX {
            self.found.push(((text, within), place));
        }
        place
    }

    fn look_up(&self, status: &StatusRef, project: Option<&str>) -> Option<usize> {
        match &status.id {
            Some(id) => self.by_id.get(&**id).copied(),
            None => self.place_of_name(status.name.as_deref()?, project),
        }
    }

    /// The status of a name: that of the project, else one of no project, else any, as long as all
    /// of them mean the same.
    fn place_of_name(&self, name: &str, project: Option<&str>) -> Option<usize> {
        let places = self.by_name.get(&fold(name))?;
        let known = |place: &&usize| self.known.get(**place);
        let of = |project: Option<&str>| -> Vec<usize> {
            let is_of = |place: &&usize| known(place).is_some_and(|known| known.project == project);
            places.iter().filter(is_of).copied().collect()
        };
        let own = project.map(|project| of(Some(project))).filter(|own| !own.is_empty());
        let candidates = own.unwrap_or_else(|| match of(None) {
            none if none.is_empty() => places.clone(),
            shared => shared,
        });
        let first = *candidates.first()?;
        let meaning = self.known.get(first)?.meaning;
        let is_clear = candidates
            .iter()
            .all(|place| self.known.get(*place).is_some_and(|known| known.meaning == meaning));
        is_clear.then_some(first)
    }

    fn add_listed(&mut self, status: &'h Status) {
        let place = self.place_of_id(&status.id, status.project.as_deref());
        self.name(place, &status.name);
        if let Some(untranslated) = &status.untranslated_name {
            self.name(place, untranslated);
        }
        if let Some(known) = self.known.get_mut(place) {
            known.category = status.category;
            known.is_listed = true;
        }
    }

    fn add_document(&mut self, history: &'h IssueHistory, as_of: &AsOf) {
        let facts = &history.facts;
        let place = match (&facts.status_id, &facts.status) {
            (Some(id), name) => {
                let place = self.place_of_id(id, None);
                if let Some(name) = name {
                    self.name(place, name);
                }
                place
            }
            (None, Some(name)) => self.place_of_named(name, project_of(facts)),
            (None, None) => return,
        };
        let Some(known) = self.known.get_mut(place) else { return };
        let is_later = |change: &Transition| !as_of.knows(change.at);
        known.occurs |= !history.transitions.iter().flatten().next_back().is_some_and(is_later)
            && facts.created.is_none_or(|at| as_of.knows(at));
        known.documents.extend(facts.status_category.as_deref().and_then(StatusCategory::of_key));
    }

    fn add_history(&mut self, history: &'h IssueHistory, as_of: &AsOf) {
        let project = project_of(&history.facts);
        for (place, transition) in history.transitions.iter().flatten().enumerate() {
            let first = transition.from.as_ref().filter(|_| place == 0);
            let to = transition.to.as_ref().filter(|_| as_of.knows(transition.at));
            for status in first.into_iter().chain(to) {
                let key =
                    (Arc::as_ptr(status) as usize, project.map_or(0, |p| p.as_ptr() as usize));
                if self.found.iter().any(|(known, _)| *known == key) {
                    continue;
                }
                self.add_reference(status, project);
                if self.found.len() < FOUND_MAX {
                    self.found.push((key, None));
                }
            }
        }
    }

    fn add_reference(&mut self, status: &'h StatusRef, project: Option<&'h str>) {
        let place = match (&status.id, &status.name) {
            (Some(id), name) => {
                let place = self.place_of_id(id, None);
                if let Some(name) = name {
                    self.name(place, name);
                }
                Some(place)
            }
            // A name that an id has is not one more status.
            (None, Some(name)) if self.by_name.contains_key(&fold(name)) => {
                let places = self.by_name.get(&fold(name)).cloned().unwrap_or_default();
                for place in places {
                    if let Some(known) = self.known.get_mut(place) {
                        known.occurs = true;
                    }
                }
                None
            }
            (None, Some(name)) => Some(self.place_of_named(name, project)),
            (None, None) => None,
        };
        if let Some(known) = place.and_then(|place| self.known.get_mut(place)) {
            known.occurs = true;
        }
    }

    fn place_of_id(&mut self, id: &'h str, project: Option<&'h str>) -> usize {
        if let Some(place) = self.by_id.get(id) {
            return *place;
        }
        let place = self.add(Some(id), project);
        self.by_id.insert(id, place);
        place
    }

    /// The place of a status without an id.
    fn place_of_named(&mut self, name: &'h str, project: Option<&'h str>) -> usize {
        let places = self.by_name.get(&fold(name)).into_iter().flatten();
        let is_it = |place: &&usize| {
            self.known
                .get(**place)
                .is_some_and(|known| known.project.is_none() || known.project == project)
        };
        if let Some(place) = places.copied().find(|place| is_it(&place)) {
            return place;
        }
        let place = self.add(None, project);
        self.name(place, name);
        place
    }

    fn add(&mut self, id: Option<&'h str>, project: Option<&'h str>) -> usize {
        self.known.push(KnownStatus {
            id,
            names: Vec::new(),
            project,
            category: None,
            differing: BTreeSet::new(),
            meaning: Meaning::default(),
            origin: LaneOrigin::Unexplained,
            occurs: false,
            documents: BTreeSet::new(),
            is_listed: false,
            entered: Entered::default(),
        });
        self.known.len() - 1
    }

    fn name(&mut self, place: usize, name: &'h str) {
        let Some(known) = self.known.get_mut(place) else { return };
        if known.names.contains(&name) {
            return;
        }
        known.names.push(name);
        let places = self.by_name.entry(fold(name)).or_default();
        if !places.contains(&place) {
            places.push(place);
        }
    }

    /// What the server's list leaves open, documents decide where they agree.
    fn settle_categories(&mut self) {
        self.found.clear();
        for known in &mut self.known {
            if known.is_listed && known.category.is_some() {
                continue;
            }
            match (known.documents.len(), known.documents.first()) {
                (1, Some(category)) => known.category = Some(*category),
                (0, _) | (_, None) => {}
                _ => known.differing = known.documents.clone(),
            }
        }
    }

    fn explain(&mut self, workflow: &Workflow, histories: &[&'h IssueHistory], as_of: &AsOf) {
        self.lists = self.lists_of(workflow);
        for place in 0..self.known.len() {
            self.settle(place, workflow);
        }
        self.follow_names();
        if self.lists.start {
            self.mark_before_start(workflow, histories, as_of);
        }
        self.find_reopened(histories, as_of);
        self.follow_names();
        self.found.clear();
    }

    fn lists_of(&self, workflow: &Workflow) -> ListsInForce {
        use StatusCategory::{Done, Indeterminate};
        let occurring = || self.known.iter().filter(|known| known.occurs);
        let is_in_force = |names: &NameSet, category| {
            let is_named = |known: &KnownStatus<'_>| names.contains_any(&known.names);
            // As long as nothing else says what they are for, nobody can say that the list is wrong.
            let is_told = || occurring().any(|known| known.category == Some(category));
            !names.is_empty() && (occurring().any(is_named) || !is_told())
        };
        ListsInForce {
            end: is_in_force(&workflow.end_statuses, Done),
            start: is_in_force(&workflow.start_statuses, Indeterminate),
            wip: is_in_force(&workflow.wip_statuses, Indeterminate),
            active: is_in_force(&workflow.active_statuses, Indeterminate),
        }
    }

    fn settle(&mut self, place: usize, workflow: &Workflow) {
        let Some(known) = self.known.get(place) else { return };
        let chosen = self.chosen(known, workflow);
        let by_category = known.category.map(|category| self.by_category(category, &known.names));
        // Where the profile lists what is done, nothing else is delivered.
        let is_unlisted = |meaning: &Meaning| self.lists.end && meaning.lane == Some(Lane::Done);
        let (meaning, origin) = match (chosen, by_category.filter(|meaning| !is_unlisted(meaning)))
        {
            (Some(lane), _) => (Meaning::of(lane), LaneOrigin::Chosen),
            (None, Some(meaning)) => (meaning, LaneOrigin::Category),
            (None, None) => (Meaning::default(), LaneOrigin::Unexplained),
        };
        if let Some(known) = self.known.get_mut(place) {
            (known.meaning, known.origin) = (meaning, origin);
        }
    }

    /// The lane that the profile says; the lists of the old app hold for every name that a status
    /// ever had.
    fn chosen(&self, known: &KnownStatus<'_>, workflow: &Workflow) -> Option<Lane> {
        if let Some(lane) = workflow.lane_of(known.id, &known.names) {
            return Some(lane);
        }
        let is_in =
            |is_in_force: bool, names: &NameSet| is_in_force && names.contains_any(&known.names);
        let lists = self.lists;
        let is_active = is_in(lists.active, &workflow.active_statuses);
        if is_in(lists.end, &workflow.end_statuses) {
            Some(Lane::Done)
        } else if is_active {
            Some(Lane::Active)
        } else if is_in(lists.wip, &workflow.wip_statuses)
            || is_in(lists.start, &workflow.start_statuses)
        {
            Some(if lists.active { Lane::Waiting } else { Lane::Active })
        } else {
            None
        }
    }

    fn by_category(&self, category: StatusCategory, names: &[&str]) -> Meaning {
        Meaning::of(match category {
            StatusCategory::New => Lane::NotStarted,
            StatusCategory::Indeterminate => Lane::Active,
            StatusCategory::Done if names.iter().any(|name| is_usually_not_delivered(name)) => {
                Lane::NotDelivered
            }
            StatusCategory::Done => Lane::Done,
        })
    }

    /// An id of which nothing is known means what its name means elsewhere, if that is one thing.
    fn follow_names(&mut self) {
        for place in 0..self.known.len() {
            let Some(known) = self.known.get(place) else { continue };
            if known.origin != LaneOrigin::Unexplained || !known.differing.is_empty() {
                continue;
            }
            let mut others = BTreeSet::new();
            for other in
                known.names.iter().filter_map(|name| self.by_name.get(&fold(name))).flatten()
            {
                let other =
                    self.known.get(*other).filter(|other| other.origin != LaneOrigin::Unexplained);
                others.extend(other.map(|other| (other.meaning.lane, other.meaning.is_started)));
            }
            if let (1, Some((lane, is_started))) = (others.len(), others.pop_first())
                && let Some(known) = self.known.get_mut(place)
            {
                known.meaning = Meaning { lane, is_started };
                known.origin = LaneOrigin::Category;
            }
        }
    }

    /// A list of start statuses that leaves out some of the work in progress: those that come
    /// before a start status more often than after one are not yet started.
    fn mark_before_start(
        &mut self,
        workflow: &Workflow,
        histories: &[&'h IssueHistory],
        as_of: &AsOf,
    ) {
        let is_start = |known: &KnownStatus<'_>| workflow.start_statuses.contains_any(&known.names);
        let mut balance = vec![0_i64; self.known.len()];
        for history in histories {
            let project = project_of(&history.facts);
            let mut entered: Vec<usize> = Vec::new();
            for transition in known_changes(history, as_of) {
                let place = transition.to.as_ref().and_then(|to| self.find(to, project));
                entered.extend(place.filter(|place| !entered.contains(place)));
            }
            let begins = |place: &usize| self.known.get(*place).is_some_and(is_start);
            let Some(begun) = entered.iter().position(begins) else { continue };
            for (order, place) in entered.into_iter().enumerate() {
                if let Some(balance) = balance.get_mut(place) {
                    *balance += if order < begun { -1 } else { 1 };
                }
            }
        }
        self.found.clear();
        for (known, balance) in self.known.iter_mut().zip(balance) {
            let is_before = known.meaning.is_started && !is_start(known) && balance < 0;
            if is_before {
                known.meaning = Meaning { lane: Some(Lane::Waiting), is_started: false };
            }
        }
    }

    /// Statuses that are entered only from what is over: work that was taken up again waits there,
    /// whatever their category says.
    fn find_reopened(&mut self, histories: &[&'h IssueHistory], as_of: &AsOf) {
        for history in histories {
            let project = project_of(&history.facts);
            let transitions = history.transitions.as_deref().unwrap_or_default();
            let created_in = match transitions.first() {
                Some(first) => first.from.as_ref().and_then(|from| self.find(from, project)),
                None => self.place_of_document(&history.facts),
            };
            self.enter(created_in, false);
            let mut place = created_in;
            for transition in known_changes(history, as_of) {
                let is_over = place
                    .and_then(|place| self.known.get(place))
                    .is_some_and(|k| k.meaning.is_over());
                place = transition.to.as_ref().and_then(|to| self.find(to, project));
                self.enter(place, is_over);
            }
        }
        self.found.clear();
        for known in &mut self.known {
            let is_reopened = known.entered.from_over && !known.entered.from_others;
            if is_reopened && known.origin != LaneOrigin::Chosen && !known.meaning.is_over() {
                known.meaning = Meaning::of(Lane::Waiting);
                known.origin = LaneOrigin::Reopened;
            }
        }
    }

    fn place_of_document(&self, facts: &'h IssueFacts) -> Option<usize> {
        let by_id = facts.status_id.as_deref().and_then(|id| self.by_id.get(id)).copied();
        by_id.or_else(|| self.place_of_name(facts.status.as_deref()?, project_of(facts)))
    }

    fn enter(&mut self, place: Option<usize>, is_from_over: bool) {
        if let Some(known) = place.and_then(|place| self.known.get_mut(place)) {
            known.entered.from_over |= is_from_over;
            known.entered.from_others |= !is_from_over;
        }
    }
}

fn known_changes<'h>(
    history: &'h IssueHistory,
    as_of: &AsOf,
) -> impl Iterator<Item = &'h Transition> {
    history.transitions.iter().flatten().take_while(|transition| as_of.knows(transition.at))
}

/// The project of an issue. Early builds of the old app did not fetch it, but a key begins with it.
pub(crate) fn project_of(facts: &IssueFacts) -> Option<&str> {
    let of_key = || facts.key.rsplit_once('-').map(|(project, _)| project);
    facts.project.as_deref().or_else(of_key)
}
