//! A server that lists more issues than any team has, or says that it does.

use std::sync::atomic::{AtomicU64, Ordering};

use model::remote::{Batch, Page, Remote, Result, Stub, Traffic, Visit};
use model::{CacheKind, SyncOutcome};

use crate::workspace::{FORCED, Workspace};
use crate::world::{Server, World};

/// Issues of a page.
const PAGE: u64 = 50_000;

/// Gives pages for ever, or one of them, and names a total.
#[derive(Default)]
struct Endless {
    is_one_page: bool,
    total: Option<u64>,
    pages: AtomicU64,
}

impl Remote for Endless {
    fn sweep(&self, _: &str, visit: &mut Visit<'_>) -> Result<()> {
        loop {
            let first = self.pages.fetch_add(1, Ordering::Relaxed) * PAGE;
            let count = if self.is_one_page { 3 } else { PAGE };
            let stub = |id: u64| Stub { id: id.to_string(), key: String::new(), updated: None };
            visit(Page::Stubs {
                stubs: (first..first + count).map(stub).collect(),
                of: self.total,
            })?;
            if self.is_one_page {
                return Ok(());
            }
        }
    }

    fn fetch_ids_max(&self) -> usize {
        100
    }

    fn fetch(&self, _: &[&str], _: &[String]) -> Result<Batch> {
        Ok(Batch::default())
    }

    fn traffic(&self) -> Traffic {
        Traffic::default()
    }
}

#[test]
fn a_walk_without_an_end_is_ended_and_what_is_stored_stays() {
    let workspace = Workspace::sqlite();
    workspace.synced(&Server::new(World::of(3, 0), 4, 2), FORCED);
    let before = workspace.dump();
    for total in [None, Some(2_000_000_000)] {
        let endless = Endless { total, ..Endless::default() };
        let error = workspace.sync(&endless, FORCED).unwrap_err().to_string();
        assert!(error.contains("2000000 issues"), "{error}");
        assert_eq!(endless.pages.into_inner(), 2_000_000 / PAGE + 1, "it went on asking");
        assert!(workspace.dump() == before, "a walk that never ended changed what is stored");
    }
}

#[test]
fn a_total_beyond_all_measure_is_told_and_takes_no_memory() {
    let workspace = Workspace::sqlite();
    let total = Some(2_000_000_000);
    let boasting = Endless { is_one_page: true, total, ..Endless::default() };
    let record = workspace.sync(&boasting, FORCED).unwrap();
    assert_eq!(record.outcome, SyncOutcome::Partial, "{record:?}");
    assert!(workspace.header(CacheKind::Issues).partial.is_some());
}
