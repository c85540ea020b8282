//! What the issues of a profile name: the statuses, resolutions, types and projects that settings
//! are about, with counts.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use metrics::IssueHistory;
use model::settings::{Kind, Noun, Setting, fold};
use model::{IssueFacts, Resolution, StatusRef, Transition};
use serde::Serialize;

use super::in_force::SettingValue;

/// A name and how often it occurs. An issue that several queries hold counts once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The name; the id, where a setting names a type or a project by that.
    pub name: String,
    /// What such an id is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub called: Option<String>,
    /// Category key of a status.
    pub category: Option<String>,
    /// How many issues have it now.
    pub now: u64,
    /// How often issues entered it; of statuses only.
    pub entered: u64,
    /// Whether it occurs at all; a setting names it otherwise.
    pub is_seen: bool,
}

/// What occurs in a profile; a page adds what its settings name without that.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Evidence {
    /// Statuses of now and before.
    pub statuses: Vec<Seen>,
    /// Resolutions; none where the old app did not ask for them.
    pub resolutions: Vec<Seen>,
    /// Types of issues.
    pub types: Vec<Seen>,
    /// Projects.
    pub projects: Vec<Seen>,
    /// Types and projects by their ids.
    #[serde(skip)]
    types_by_id: HashMap<String, Seen>,
    projects_by_id: HashMap<String, Seen>,
}

impl Evidence {
    /// Looks at the issues of a profile.
    pub(super) fn of(histories: &[IssueHistory]) -> Evidence {
        let mut gathered = Gathered::default();
        for history in histories {
            gathered.add_issue(&history.facts);
            gathered.add_changes(history.transitions.as_deref().unwrap_or_default());
        }
        gathered.into_evidence()
    }

    /// The same with what settings name and no issue does.
    pub(super) fn with_listed(&self, values: &[SettingValue]) -> Evidence {
        let with = |noun| {
            let mut seen = self.names(noun).to_vec();
            let mut known: HashSet<String> = seen.iter().map(|seen| fold(&seen.name)).collect();
            let is_about = |value: &&SettingValue| {
                Setting::find(value.name).is_some_and(|found| found.kind == Kind::Names(noun))
            };
            let listed = values.iter().filter(is_about).flat_map(|value| &value.value);
            let unseen = listed.filter(|name| known.insert(fold(name)));
            // Ids of types and of projects are counted apart.
            let by_id = |id: &str| match noun {
                Noun::IssueType => self.types_by_id.get(id),
                Noun::Project => self.projects_by_id.get(id),
                Noun::Status | Noun::Resolution => None,
            };
            seen.extend(unseen.map(|name| match by_id(name) {
                Some(called) => called.clone(),
                None => Seen::new(name, false),
            }));
            seen.sort_by_key(|seen| !seen.is_seen);
            seen
        };
        Evidence {
            statuses: with(Noun::Status),
            resolutions: with(Noun::Resolution),
            types: with(Noun::IssueType),
            projects: with(Noun::Project),
            types_by_id: HashMap::new(),
            projects_by_id: HashMap::new(),
        }
    }

    /// Whether an issue names one of that noun so, by its name or its id.
    pub(super) fn names_one(&self, noun: Noun, name: &str) -> bool {
        let by_id = match noun {
            Noun::IssueType => self.types_by_id.contains_key(name),
            Noun::Project => self.projects_by_id.contains_key(name),
            Noun::Status | Noun::Resolution => false,
        };
        by_id || self.names(noun).iter().any(|seen| fold(&seen.name) == fold(name))
    }

    /// The names of that noun.
    pub fn names(&self, noun: Noun) -> &[Seen] {
        match noun {
            Noun::Status => &self.statuses,
            Noun::Resolution => &self.resolutions,
            Noun::IssueType => &self.types,
            Noun::Project => &self.projects,
        }
    }
}

#[derive(Default)]
struct Gathered {
    statuses: Names,
    resolutions: Names,
    types: Names,
    projects: Names,
    types_by_id: Names,
    projects_by_id: Names,
}

impl Gathered {
    fn add_issue(&mut self, facts: &IssueFacts) {
        self.statuses.add(facts.status.as_deref(), facts.status_category.as_deref());
        self.types.add(facts.issue_type.as_deref(), None);
        self.projects.add(facts.project.as_deref(), None);
        self.types_by_id.add_called(facts.issue_type_id.as_deref(), facts.issue_type.as_deref());
        self.projects_by_id.add_called(facts.project_id.as_deref(), facts.project.as_deref());
        if let Resolution::Named(name) = &facts.resolution {
            self.resolutions.add(Some(name), None);
        }
    }

    fn add_changes(&mut self, transitions: &[Transition]) {
        for transition in transitions {
            let name = |status: &Option<Arc<StatusRef>>| status.as_ref()?.name.clone();
            for name in [name(&transition.from), name(&transition.to)].into_iter().flatten() {
                self.statuses.entry(&name);
            }
            if let Some(to) = name(&transition.to) {
                self.statuses.entry(&to).entered += 1;
            }
        }
    }

    fn into_evidence(self) -> Evidence {
        Evidence {
            statuses: self.statuses.into_seen(),
            resolutions: self.resolutions.into_seen(),
            types: self.types.into_seen(),
            projects: self.projects.into_seen(),
            types_by_id: self.types_by_id.0,
            projects_by_id: self.projects_by_id.0,
        }
    }
}

#[derive(Default)]
struct Names(HashMap<String, Seen>);

impl Names {
    /// Counts one that is there now.
    fn add(&mut self, name: Option<&str>, category: Option<&str>) {
        let Some(name) = name else { return };
        let seen = self.entry(name);
        seen.now += 1;
        if seen.category.is_none() {
            seen.category = category.map(str::to_owned);
        }
    }

    /// Counts an id with what it is called.
    fn add_called(&mut self, id: Option<&str>, called: Option<&str>) {
        self.add(id.filter(|_| called.is_some()), None);
        if let Some(seen) = id.and_then(|id| self.0.get_mut(id)) {
            seen.called = called.map(str::to_owned);
        }
    }

    fn entry(&mut self, name: &str) -> &mut Seen {
        self.0.entry(name.to_owned()).or_insert_with(|| Seen::new(name, true))
    }

    /// Most frequent first.
    fn into_seen(self) -> Vec<Seen> {
        let mut seen: Vec<Seen> = self.0.into_values().collect();
        seen.sort_by(|a, b| {
            (b.now, b.entered).cmp(&(a.now, a.entered)).then_with(|| a.name.cmp(&b.name))
        });
        seen
    }
}

impl Seen {
    fn new(name: &str, is_seen: bool) -> Seen {
        Seen { name: name.to_owned(), called: None, category: None, now: 0, entered: 0, is_seen }
    }

    /// Its name, of an id with what it is called.
    pub fn label(&self) -> String {
        let called = self.called.as_ref();
        called.map_or_else(|| self.name.clone(), |called| format!("{called} ({})", self.name))
    }
}
