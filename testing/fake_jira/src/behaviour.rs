//! How a fake Jira behaves: who may log in, how much it gives at once, what goes wrong when.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::dice::Dice;
use crate::fault::Fault;
use crate::request::Request;
use crate::world::World;

/// Which of the two Jiras.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Atlassian's own.
    Cloud,
    /// On a machine of the company; calls itself "Server".
    DataCenter,
}

/// What a client has to send to be somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// Data Center: a personal access token.
    Bearer(String),
    /// User and password, or on Cloud e-mail and token.
    Basic(String, String),
}

/// What is given to somebody who sends no login at all. A wrong login is always refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anonymous {
    /// Everything, as public servers do.
    Everything,
    /// Answers that hold no issue.
    Nothing,
    /// 401.
    Refused,
}

type Edit = Arc<Mutex<dyn FnMut(&mut World) + Send>>;

/// All that can be set. Made by [`honest`](Behaviour::honest), changed by the other functions.
#[derive(Clone)]
pub struct Behaviour {
    pub(crate) login: Option<Login>,
    pub(crate) anonymous: Anonymous,
    pub(crate) page_issues_max: usize,
    pub(crate) full_page_issues_max: usize,
    pub(crate) window_issues_max: Option<usize>,
    pub(crate) search_histories_max: Option<usize>,
    pub(crate) page_histories_max: usize,
    pub(crate) bulk_histories_max: usize,
    pub(crate) context: String,
    /// Whether what lies beyond the window is an empty page rather than an error.
    pub(crate) is_window_silent: bool,
    /// Whether something in between lets no POST through.
    pub(crate) refuses_posts: bool,
    /// Whether an issue that is not there fails the whole question by ids.
    pub(crate) is_strict_about_issues: bool,
    rules: Vec<Rule>,
    chance: Option<Chance>,
}

/// A fault or an edit at certain requests.
#[derive(Clone)]
struct Rule {
    path: String,
    which: Which,
    act: Act,
    seen: u64,
}

#[derive(Clone)]
enum Act {
    Fault(Fault),
    Edit(Edit),
}

/// Which of the requests that a rule is about, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// That one.
    Nth(u64),
    /// That one and all after it.
    From(u64),
    /// All.
    Each,
}

#[derive(Clone)]
struct Chance {
    per_mille: u64,
    dice: Dice,
    faults: Vec<Fault>,
    in_a_row: u32,
    in_a_row_max: u32,
}

impl fmt::Debug for Behaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Behaviour").field("rules", &self.rules.len()).finish_non_exhaustive()
    }
}

impl Behaviour {
    /// A server without faults, open to everybody, with the limits that its kind has.
    pub fn honest(kind: Kind) -> Behaviour {
        let is_cloud = kind == Kind::Cloud;
        Behaviour {
            login: None,
            anonymous: Anonymous::Everything,
            page_issues_max: if is_cloud { 5_000 } else { 1_000 },
            full_page_issues_max: if is_cloud { 100 } else { 1_000 },
            window_issues_max: (!is_cloud).then_some(10_000),
            search_histories_max: is_cloud.then_some(40),
            page_histories_max: if is_cloud { 100 } else { usize::MAX },
            bulk_histories_max: 10_000,
            context: String::new(),
            is_window_silent: false,
            refuses_posts: false,
            is_strict_about_issues: false,
            rules: Vec::new(),
            chance: None,
        }
    }

    /// Only who sends this is somebody.
    #[must_use]
    pub fn login(mut self, login: Login, anonymous: Anonymous) -> Behaviour {
        (self.login, self.anonymous) = (Some(login), anonymous);
        self
    }

    /// At most that many issues a page, whatever is asked; `full` with other fields than id, key
    /// and a third one (Cloud).
    #[must_use]
    pub fn pages(mut self, bare: usize, full: usize) -> Behaviour {
        (self.page_issues_max, self.full_page_issues_max) = (bare, full);
        self
    }

    /// Data Center: how far offsets reach; old versions have no end.
    #[must_use]
    pub fn window(mut self, issues_max: Option<usize>) -> Behaviour {
        self.window_issues_max = issues_max;
        self
    }

    /// Cloud: how many histories a search holds per issue, and a page of one issue's or of many
    /// issues' histories.
    #[must_use]
    pub fn histories(mut self, search_max: usize, page_max: usize, bulk_max: usize) -> Behaviour {
        self.search_histories_max = Some(search_max);
        (self.page_histories_max, self.bulk_histories_max) = (page_max, bulk_max);
        self
    }

    /// Beyond the window of a Data Center come empty pages.
    #[must_use]
    pub fn silent_window(mut self) -> Behaviour {
        self.is_window_silent = true;
        self
    }

    /// One issue that is not there has a whole search refused, whatever is asked.
    #[must_use]
    pub fn strict_about_issues(mut self) -> Behaviour {
        self.is_strict_about_issues = true;
        self
    }

    /// Something in between lets no POST through, as gateways for reading only do.
    #[must_use]
    pub fn without_posts(mut self) -> Behaviour {
        self.refuses_posts = true;
        self
    }

    /// The path under which it lies, such as `/jira`.
    #[must_use]
    pub fn context(mut self, path: &str) -> Behaviour {
        self.context = path.trim_end_matches('/').to_owned();
        self
    }

    /// A fault at those of the requests whose path contains `path`. The first rule that fits wins.
    #[must_use]
    pub fn fault(self, path: &str, which: Which, fault: Fault) -> Behaviour {
        self.rule(path, which, Act::Fault(fault))
    }

    /// An edit of the world before those of the requests whose path contains `path` are answered.
    #[must_use]
    pub fn edit(
        self,
        path: &str,
        which: Which,
        edit: impl FnMut(&mut World) + Send + 'static,
    ) -> Behaviour {
        self.rule(path, which, Act::Edit(Arc::new(Mutex::new(edit))))
    }

    fn rule(mut self, path: &str, which: Which, act: Act) -> Behaviour {
        self.rules.push(Rule { path: path.to_owned(), which, act, seen: 0 });
        self
    }

    /// One of the faults at that many of 1 000 requests, but never at more than `in_a_row_max` one
    /// after the other.
    #[must_use]
    pub fn chance(
        mut self,
        per_mille: u64,
        seed: u64,
        in_a_row_max: u32,
        faults: Vec<Fault>,
    ) -> Behaviour {
        let dice = Dice::new(seed);
        self.chance = Some(Chance { per_mille, dice, faults, in_a_row: 0, in_a_row_max });
        self
    }

    /// Counts a request, edits the world as planned, and says what goes wrong with the answer.
    pub(crate) fn meet(&mut self, request: &Request, world: &mut World) -> Option<Fault> {
        let mut planned = None;
        for rule in self.rules.iter_mut().filter(|rule| request.path.contains(&rule.path)) {
            rule.seen += 1;
            let is_now = match rule.which {
                Which::Nth(nth) => rule.seen == nth,
                Which::From(first) => rule.seen >= first,
                Which::Each => true,
            };
            match &rule.act {
                Act::Fault(fault) if is_now && planned.is_none() => planned = Some(fault.clone()),
                Act::Edit(edit) if is_now => {
                    edit.lock().unwrap_or_else(PoisonError::into_inner)(world);
                }
                _ => {}
            }
        }
        planned.or_else(|| self.chance.as_mut().and_then(Chance::roll))
    }
}

impl Chance {
    fn roll(&mut self) -> Option<Fault> {
        let is_hit = self.dice.below(1_000) < self.per_mille && self.in_a_row < self.in_a_row_max;
        self.in_a_row = if is_hit { self.in_a_row + 1 } else { 0 };
        if is_hit { self.dice.one_of(&self.faults).cloned() } else { None }
    }
}
