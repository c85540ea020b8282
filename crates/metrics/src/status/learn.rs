//! Which statuses there are: those that the server lists, and those that issues are or were in.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use model::settings::fold;
use model::{IssueFacts, Status, StatusCategory, StatusRef, Timestamp, Transition};

use super::{Entered, FOUND_MAX, KnownStatus, LaneOrigin, Meaning, Statuses, asked, project_of};
use crate::history::IssueHistory;
use crate::weeks::AsOf;

/// Id and name of the status of a document and its project, by their places in memory.
pub(super) type Named = [Option<usize>; 3];

/// A document whose status was looked up for all that name the same.
pub(super) struct Met<'h> {
    pub named: Named,
    pub facts: &'h IssueFacts,
    place: usize,
}

pub(super) fn named(facts: &IssueFacts) -> Named {
    let place_of = |text: &Option<Arc<str>>| text.as_ref().map(|text| text.as_ptr() as usize);
    [&facts.status_id, &facts.status, &facts.project].map(place_of)
}

/// The projects that issues lie in; those of one mostly follow each other.
pub(super) fn projects(histories: &[IssueHistory]) -> HashSet<&str> {
    let (mut found, mut last) = (HashSet::new(), None);
    for project in histories.iter().filter_map(|history| project_of(&history.facts)) {
        if last != Some(project) {
            found.insert(project);
            last = Some(project);
        }
    }
    found
}

/// The keys of the projects that statuses belong to. The list of a server may name such a project by
/// its id alone; the issues of that project tell its key, and those that do not name their project by
/// its id, but lie in one of its statuses. Where they tell several, none.
pub(super) fn project_keys<'h>(
    listed: &'h [Status],
    histories: &'h [IssueHistory],
) -> HashMap<&'h str, &'h str> {
    let projects = listed.iter().filter_map(|s| Some((s.id.as_str(), s.project.as_deref()?)));
    let projects: HashMap<&str, &str> = projects.collect();
    let told: HashSet<&str> = projects.values().copied().collect();
    let mut keys: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for facts in histories.iter().map(|history| &history.facts).filter(|_| !projects.is_empty()) {
        let own = facts.project_id.as_deref().and_then(|id| told.get(id));
        let project = own.or_else(|| projects.get(facts.status_id.as_deref()?));
        if let (Some(project), Some(key)) = (project, project_of(facts)) {
            keys.entry(project).or_default().insert(key);
        }
    }
    let only = |(project, keys): (_, BTreeSet<&'h str>)| {
        keys.first().filter(|_| keys.len() == 1).map(|key| (project, *key))
    };
    keys.into_iter().filter_map(only).collect()
}

impl<'h> Statuses<'h> {
    pub(super) fn add_listed(&mut self, status: &'h Status, keys: &HashMap<&'h str, &'h str>) {
        let project = status.project.as_deref().map(|told| keys.get(told).copied().unwrap_or(told));
        let place = self.place_of_id(&status.id, project);
        self.name(place, &status.name);
        if let Some(untranslated) = &status.untranslated_name {
            self.name(place, untranslated);
        }
        if let Some(known) = self.known.get_mut(place) {
            known.untranslated = status.untranslated_name.as_deref();
            known.category = status.category;
            known.order = status.order;
            known.is_listed = true;
        }
    }

    /// Takes in the status of a document; `met` remembers where those before it led.
    pub(super) fn add_document(
        &mut self,
        history: &'h IssueHistory,
        as_of: &AsOf,
        met: &mut Vec<Met<'h>>,
    ) {
        let facts = &history.facts;
        let Some(place) = self.met_place(facts, met) else { return };
        if let (Some(_), Some(name)) = (&facts.status_id, &facts.status) {
            self.name_now(place, name, facts.updated);
        }
        let Some(known) = self.known.get_mut(place) else { return };
        let is_later = |change: &Transition| !as_of.knows(change.at);
        known.occurs |= !history.transitions.iter().flatten().next_back().is_some_and(is_later)
            && facts.created.is_none_or(|at| as_of.knows(at));
        known.documents.extend(facts.status_category.as_deref().and_then(StatusCategory::of_key));
    }

    /// The place of the status of a document. Documents of one store share the texts that they have in
    /// common, so that few are looked up.
    fn met_place(&mut self, facts: &'h IssueFacts, met: &mut Vec<Met<'h>>) -> Option<usize> {
        let named = named(facts);
        if let Some(met) = met.iter().find(|met| met.named == named) {
            return Some(met.place);
        }
        let place = match (&facts.status_id, &facts.status) {
            (Some(id), name) => {
                let place = self.place_of_id(id, None);
                if let Some(name) = name {
                    self.name(place, name);
                }
                place
            }
            (None, Some(name)) => self.place_of_named(name, project_of(facts)),
            (None, None) => return None,
        };
        // A project that only the key tells is in no text that is shared.
        if met.len() < FOUND_MAX && facts.project.is_some() {
            met.push(Met { named, place, facts });
        }
        Some(place)
    }

    pub(super) fn add_history(&mut self, history: &'h IssueHistory, as_of: &AsOf) {
        let project = project_of(&history.facts);
        for (place, transition) in history.transitions.iter().flatten().enumerate() {
            let first = transition.from.as_ref().filter(|_| place == 0);
            let to = transition.to.as_ref().filter(|_| as_of.knows(transition.at));
            for status in first.into_iter().chain(to) {
                let asked = asked(status, project);
                if self.found.iter().any(|(known, _)| *known == asked) {
                    continue;
                }
                self.add_reference(status, project);
                if self.found.len() < FOUND_MAX {
                    self.found.push((asked, None));
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
                for place in self.places_of_name(name, project) {
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
            untranslated: None,
            project,
            category: None,
            differing: BTreeSet::new(),
            meaning: Meaning::default(),
            origin: LaneOrigin::Unexplained,
            occurs: false,
            order: None,
            documents: BTreeSet::new(),
            is_listed: false,
            named_at: None,
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

    /// What the server's list does not name is called as the document says that was changed last.
    fn name_now(&mut self, place: usize, name: &str, updated: Option<Timestamp>) {
        let Some(known) = self.known.get_mut(place) else { return };
        if known.is_listed || updated <= known.named_at {
            return;
        }
        known.named_at = updated;
        if let Some(now) = known.names.iter().position(|known| *known == name) {
            known.names.swap(0, now);
        }
    }

    /// What the server's list leaves open, documents decide where they agree.
    pub(super) fn settle_categories(&mut self) {
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
}
