//! What became of the issues that had to be fetched.

use std::collections::{HashMap, HashSet};

use model::remote::Batch;
use store::Stage;

use crate::compare::Plan;

const UNANSWERED: &str = "the server left it out of its answer";
const DENIED: &str = "the server lists it, and then says that it is not there or not visible";

/// Ids of issues by what became of them.
#[derive(Default)]
pub(super) struct Gathered {
    /// They lie in the stage.
    pub came: HashSet<String>,
    /// They are not there any more.
    pub gone: HashSet<String>,
    /// They could not be had, with the reason.
    pub failed: HashMap<String, String>,
    /// How many an earlier sync had staged.
    pub reused: u64,
}

impl Gathered {
    /// Begins with what lies in the stage and is still what the server has.
    pub fn reusing(plan: &Plan, stage: &Stage) -> Gathered {
        let reusable = plan.to_fetch().filter(|stub| stage.holds(stub));
        let came: HashSet<String> = reusable.map(|stub| stub.id.clone()).collect();
        Gathered { reused: came.len() as u64, came, ..Gathered::default() }
    }

    /// The ids that are left to ask for.
    pub fn to_ask<'p>(&self, plan: &'p Plan) -> Vec<&'p str> {
        let ids = plan.to_fetch().map(|stub| stub.id.as_str());
        ids.filter(|id| !self.came.contains(*id)).collect()
    }

    /// How many issues are through.
    pub fn done(&self) -> u64 {
        (self.came.len() + self.gone.len() + self.failed.len()) as u64
    }

    /// What the server says is gone and still lists could not be had.
    pub fn doubt<'i>(&mut self, listed: impl Iterator<Item = &'i str>) {
        for id in listed {
            if let Some(id) = self.gone.take(id) {
                self.failed.insert(id, DENIED.to_owned());
            }
        }
    }

    /// Takes the answer about the ids `asked`; what it says of others does not count.
    pub fn take(&mut self, asked: &[&str], batch: Batch) {
        let mut open: HashSet<&str> = asked.iter().copied().collect();
        for issue in &batch.issues {
            if open.remove(issue.stub.id.as_str()) {
                self.came.insert(issue.stub.id.clone());
            }
        }
        self.gone.extend(batch.gone.into_iter().filter(|id| open.remove(id.as_str())));
        self.failed.extend(batch.failed.into_iter().filter(|(id, _)| open.remove(id.as_str())));
        self.failed.extend(open.into_iter().map(|id| (id.to_owned(), UNANSWERED.to_owned())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_listed_again_is_not_gone() {
        let mut gathered = Gathered::default();
        gathered.gone.extend(["1".to_owned(), "2".to_owned()]);
        gathered.doubt(["2", "3"].into_iter());
        assert_eq!(gathered.gone, HashSet::from(["1".to_owned()]));
        assert_eq!(gathered.failed.get("2").map(String::as_str), Some(DENIED));
        assert!(!gathered.failed.contains_key("3"));
    }

    #[test]
    fn every_id_that_was_asked_for_is_accounted_for() {
        let batch = Batch {
            gone: vec!["1".to_owned(), "9".to_owned()],
            failed: vec![("2".to_owned(), "no".to_owned()), ("1".to_owned(), "no".to_owned())],
            ..Batch::default()
        };
        let mut gathered = Gathered::default();
        gathered.take(&["1", "2", "3"], batch);
        assert_eq!(gathered.gone, HashSet::from(["1".to_owned()]));
        let why = |id: &str| gathered.failed.get(id).map(String::as_str);
        assert_eq!((why("1"), why("2"), why("3")), (None, Some("no"), Some(UNANSWERED)));
        assert_eq!(gathered.done(), 3);
    }
}
