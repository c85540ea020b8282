//! A Jira in memory: issues that are edited, moved and deleted, and faults at chosen requests.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};

use jira::Error;
use model::remote::{Batch, Fetched, Page, Remote, Result, Stub, Traffic, Visit};
use model::{Document, Tape, Timestamp, stamp};

/// When the first issue was made, in milliseconds.
const FIRST_MS: i64 = 1_750_000_000_000;

/// One issue there.
#[derive(Debug, Clone)]
pub struct Ticket {
    pub key: String,
    /// Counts its changes; each has an entry in its history.
    pub version: u64,
    updated_ms: i64,
    /// State of its sprint; changes without a change of the issue.
    pub sprint: Option<&'static str>,
    /// Whether the query finds it.
    pub is_found: bool,
    /// More text, so that documents have the size of real ones.
    padding: usize,
}

/// All issues by id.
#[derive(Debug, Clone, Default)]
pub struct World {
    pub tickets: BTreeMap<u64, Ticket>,
    now_ms: i64,
    next: u64,
}

impl World {
    /// A world of that many issues, with documents of about as many bytes more.
    pub fn of(count: u64, padding: usize) -> World {
        let mut world = World::default();
        (0..count).for_each(|_| world.create(padding));
        world
    }

    /// Makes an issue.
    pub fn create(&mut self, padding: usize) {
        self.next += 1;
        self.now_ms += 1_000;
        let ticket = Ticket {
            key: format!("K-{}", self.next),
            version: 0,
            updated_ms: self.now_ms,
            sprint: None,
            is_found: true,
            padding,
        };
        self.tickets.insert(self.next, ticket);
    }

    /// Changes an issue, which adds to its history.
    pub fn change(&mut self, id: u64) {
        self.now_ms += 1_000;
        let now_ms = self.now_ms;
        if let Some(ticket) = self.tickets.get_mut(&id) {
            ticket.version += 1;
            ticket.updated_ms = now_ms;
        }
    }

    /// The same at that moment, which may be that of its last change: many servers keep whole seconds.
    pub fn change_at(&mut self, id: u64, at: Timestamp) {
        self.change(id);
        if let Some(ticket) = self.tickets.get_mut(&id) {
            ticket.updated_ms = at.as_millisecond();
        }
    }

    /// Moves an issue to another project: the id stays, and so does the time of change.
    pub fn rename(&mut self, id: u64) {
        self.next += 1;
        let key = format!("M-{}", self.next);
        if let Some(ticket) = self.tickets.get_mut(&id) {
            ticket.key = key;
        }
    }

    /// Key, document and histories of what the query finds.
    pub fn found(&self) -> BTreeMap<String, (String, String)> {
        let found = self.tickets.iter().filter(|(_, ticket)| ticket.is_found);
        found
            .map(|(id, ticket)| {
                let issue = ticket.fetched(*id);
                let changelog = issue.changelog.as_str().to_owned();
                (ticket.key.clone(), (issue.document.as_str().to_owned(), changelog))
            })
            .collect()
    }
}

impl Ticket {
    fn stub(&self, id: u64) -> Stub {
        let updated = Timestamp::from_millisecond(FIRST_MS + self.updated_ms).unwrap();
        Stub { id: id.to_string(), key: self.key.clone(), updated: Some(updated) }
    }

    fn fetched(&self, id: u64) -> Fetched {
        let stub = self.stub(id);
        let key = &self.key;
        let project = key.rsplit_once('-').unwrap().0;
        let updated = stamp::format(stub.updated.unwrap());
        let (name, category) =
            if !self.version.is_multiple_of(2) { ("Done", "done") } else { ("Open", "new") };
        let sprint = self.sprint.map_or_else(String::new, |state| {
            format!(r#","customfield_1":[{{"id":1,"state":"{state}","name":"S"}}]"#)
        });
        let text = format!(
            r#"{{"id":"{id}","key":"{key}","fields":{{"project":{{"id":"1","key":"{project}"}},"summary":"v{}","created":"2025-06-02T10:00:00.000+0000","updated":"{updated}","status":{{"name":"{name}","statusCategory":{{"key":"{category}"}}}}{sprint},"description":"{}"}}}}"#,
            self.version,
            "lorem ipsum ".repeat(self.padding / 12),
        );
        let history = |number: u64| {
            let names = if number.is_multiple_of(2) { ["Open", "Done"] } else { ["Done", "Open"] };
            format!(
                r#"{{"id":"{id}{number}","created":"2025-06-{:02}T10:00:00.000+0000","items":[{{"field":"status","fromString":"{}","toString":"{}"}}]}}"#,
                3 + number % 20,
                names[0],
                names[1]
            )
        };
        let histories: Vec<String> = (0..self.version).map(history).collect();
        let changelog = format!(r#"{{"changelog":{{"histories":[{}]}}}}"#, histories.join(","));
        Fetched {
            stub,
            document: parse(&text),
            changelog: parse(&changelog),
            histories_told: Some(self.version),
            histories_received: self.version,
        }
    }
}

fn parse(text: &str) -> Document {
    Document::parse(text, &mut Tape::new()).unwrap()
}

/// What happens at a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The network is gone from then on.
    Unreachable,
    /// The process dies.
    Kill,
    /// Somebody edits, moves and deletes meanwhile.
    Edit,
}

/// What goes wrong.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// At which request of the sync, counted from 1.
    pub at: Option<(u64, Fault)>,
    /// Ids that cannot be had.
    pub refused: BTreeSet<u64>,
    /// Ids that the answer leaves out.
    pub left_out: BTreeSet<u64>,
    /// Ids whose history is cut.
    pub cut: BTreeSet<u64>,
    /// Ids whose history is not in the answer.
    pub unsent: BTreeSet<u64>,
    /// Whether the list moves under the walk once.
    pub walks_again: bool,
    /// How many issues the server tells of beyond those that it lists.
    pub unlisted: u64,
}

/// The server.
pub struct Server {
    pub world: Mutex<World>,
    faults: Mutex<Faults>,
    /// Requests and ids that were fetched, since the faults were set.
    spent: Mutex<(u64, u64)>,
    page: usize,
    batch: usize,
}

impl Server {
    /// A server with that many issues on a page of the list, and in a batch.
    pub fn new(world: World, page: usize, batch: usize) -> Server {
        let (world, faults) = (Mutex::new(world), Mutex::default());
        Server { world, faults, spent: Mutex::default(), page, batch }
    }

    /// What goes wrong from now on; counts begin anew.
    pub fn set_faults(&self, faults: Faults) {
        *lock(&self.faults) = faults;
        *lock(&self.spent) = (0, 0);
    }

    /// How many requests there were, and how many issues were fetched.
    pub fn spent(&self) -> (u64, u64) {
        *lock(&self.spent)
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.world)
    }

    fn request(&self) -> jira::Result<()> {
        let number = {
            let mut spent = lock(&self.spent);
            spent.0 += 1;
            spent.0
        };
        let at = lock(&self.faults).at;
        match at {
            Some((at, Fault::Unreachable)) if number >= at => {
                Err(Error::Unreachable { host: "jira".into(), why: "no route".into() })
            }
            Some((at, Fault::Kill)) if number == at => std::panic::panic_any("killed"),
            Some((at, Fault::Edit)) if number == at => {
                self.edit(number);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Changes, moves and deletes one issue each.
    fn edit(&self, seed: u64) {
        let mut world = self.world();
        let ids: Vec<u64> = world.tickets.keys().copied().collect();
        let pick = |step: u64| ids.get(((seed + step) as usize * 7) % ids.len().max(1)).copied();
        if let (Some(changed), Some(moved), Some(gone)) = (pick(0), pick(1), pick(2)) {
            world.change(changed);
            world.rename(moved);
            world.tickets.remove(&gone);
        }
    }
}

/// A thread that was killed leaves nothing half changed here.
fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Remote for Server {
    fn sweep(&self, _: &str, visit: &mut Visit<'_>) -> Result<()> {
        let faults = lock(&self.faults).clone();
        let mut walks_again = faults.walks_again;
        loop {
            let world = self.world().clone();
            let found = world.tickets.iter().filter(|(_, ticket)| ticket.is_found);
            let stubs: Vec<Stub> = found.map(|(id, ticket)| ticket.stub(*id)).collect();
            let of = Some(stubs.len() as u64 + faults.unlisted);
            self.request()?;
            for (number, page) in stubs.chunks(self.page).enumerate() {
                if number > 0 {
                    self.request()?;
                }
                visit(Page::Stubs { stubs: page.to_vec(), of })?;
            }
            if !walks_again {
                return Ok(());
            }
            walks_again = false;
            visit(Page::Again)?;
        }
    }

    fn fetch_ids_max(&self) -> usize {
        self.batch
    }

    fn fetch(&self, ids: &[&str], fields: &[String]) -> Result<Batch> {
        // What may have left is asked for by its summary.
        let is_asked = |field: &String| field == "updated" || *field == "summary";
        assert!(fields.iter().any(is_asked));
        self.request()?;
        lock(&self.spent).1 += ids.len() as u64;
        let world = self.world().clone();
        let faults = lock(&self.faults).clone();
        let mut batch = Batch::default();
        for text in ids {
            let id: u64 = text.parse().unwrap();
            let Some(ticket) = world.tickets.get(&id) else {
                batch.gone.push((*text).to_owned());
                continue;
            };
            if faults.refused.contains(&id) {
                batch.failed.push(((*text).to_owned(), "Jira does not show it.".to_owned()));
            } else if !faults.left_out.contains(&id) {
                let mut issue = ticket.fetched(id);
                if faults.cut.contains(&id) && ticket.version > 0 {
                    issue.histories_received = 0;
                    issue.changelog = parse(r#"{"changelog":{"histories":[]}}"#);
                }
                if faults.unsent.contains(&id) {
                    (issue.histories_told, issue.histories_received) = (None, 0);
                    issue.changelog = parse(r#"{"changelog":{"histories":[]}}"#);
                }
                batch.issues.push(issue);
            }
        }
        Ok(batch)
    }

    fn standard_fields(&self) -> Vec<String> {
        jira::standard_fields(&[])
    }

    fn traffic(&self) -> Traffic {
        Traffic { requests: self.spent().0, ..Traffic::default() }
    }
}
