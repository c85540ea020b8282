//! What each status of a query means, looked up once per name.

use std::collections::HashMap;

use crate::history::IssueHistory;
use crate::memo::Memo;
use crate::workflow::{Rule, Workflow};

/// What a status means.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Role {
    pub is_done: bool,
    pub is_started: bool,
}

/// The statuses that occur in a query.
#[derive(Debug, Clone)]
pub(crate) struct Statuses<'h> {
    done: Rule<'h>,
    started: Rule<'h>,
    categories: HashMap<&'h str, &'h str>,
    roles: Memo<'h, Role>,
}

impl<'h> Statuses<'h> {
    /// A changelog names no categories, so they are learned from the issues.
    pub fn learn(workflow: &'h Workflow, histories: &'h [IssueHistory]) -> Statuses<'h> {
        let mut categories = HashMap::new();
        for facts in histories.iter().map(|history| &history.facts) {
            if let (Some(status), Some(category)) = (&facts.status, &facts.status_category) {
                categories.entry(&**status).or_insert(&**category);
            }
        }
        Statuses {
            done: workflow.done_rule(),
            started: workflow.started_rule(),
            categories,
            roles: Memo::default(),
        }
    }

    /// What a status means; one without a name means nothing.
    pub fn role(&mut self, status: Option<&'h str>) -> Role {
        let Some(status) = status else { return Role::default() };
        let (done, started, categories) = (self.done, self.started, &self.categories);
        self.roles.answer(status, || {
            let category = categories.get(status).copied();
            Role {
                is_done: done.holds(status, category),
                is_started: started.holds(status, category),
            }
        })
    }

    /// Whether a list of the profile names the status, or its category says what it means.
    pub fn is_explained(&self, status: &str, workflow: &Workflow) -> bool {
        let category = self.category(status);
        let by_rule = [self.done, self.started].iter().any(|rule| rule.holds(status, category));
        by_rule || category == Some("new") || workflow.names_status(status)
    }

    /// The category key of a status; `None` if no issue that is in it names one.
    fn category(&self, status: &str) -> Option<&'h str> {
        self.categories.get(status).copied()
    }

    /// Whether anything says which statuses mean done.
    pub fn can_tell_done(&self) -> bool {
        matches!(self.done, Rule::Listed { .. }) || !self.categories.is_empty()
    }
}
