//! Which statuses there are: those that the server lists, and those that issues are or were in.

use std::collections::BTreeSet;

use model::settings::fold;
use model::{Status, StatusCategory, StatusRef, Transition};

use super::{Entered, FOUND_MAX, KnownStatus, LaneOrigin, Meaning, Statuses, asked, project_of};
use crate::history::IssueHistory;
use crate::weeks::AsOf;

impl<'h> Statuses<'h> {
    pub(super) fn add_listed(&mut self, status: &'h Status) {
        let place = self.place_of_id(&status.id, status.project.as_deref());
        self.name(place, &status.name);
        if let Some(untranslated) = &status.untranslated_name {
            self.name(place, untranslated);
        }
        if let Some(known) = self.known.get_mut(place) {
            known.category = status.category;
            known.order = status.order;
            known.is_listed = true;
        }
    }

    pub(super) fn add_document(&mut self, history: &'h IssueHistory, as_of: &AsOf) {
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
            order: None,
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
