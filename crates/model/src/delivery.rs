//! A delivery: a named part of a team's work that is done some day, such as a version, an epic or a
//! sprint.

mod rule;

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{DeliveryId, InvalidId, ProfileId, QueryKey};
use crate::json::Object;

pub use rule::{RULE_CHARACTERS_MAX, Rule, RuleError};

/// Identifies a delivery in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DeliveryKey {
    /// The profile that owns it.
    pub profile: ProfileId,
    /// The delivery inside it.
    pub delivery: DeliveryId,
}

/// A delivery as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The profile and the delivery's id in it.
    pub key: DeliveryKey,
    /// Its name.
    pub name: String,
    /// Which issues of its queries it is made of.
    pub rule: Rule,
    /// The day by which it shall be done.
    pub target: Option<Date>,
    /// Its place among the deliveries of its profile; the smallest comes first.
    pub place: u32,
    /// What has become of it.
    pub state: DeliveryState,
    /// How the team's pace is split; `None` for the usual way.
    pub split: Option<DeliverySplit>,
    /// The queries that it lies in.
    pub queries: Vec<DeliveryQuery>,
    /// When it was made.
    pub created_at: Timestamp,
    /// What was said about it, the first of each week of data, oldest first.
    pub record: Vec<DeliverySaid>,
    /// Members that this version does not know.
    pub extra: Object,
}

/// A query of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryQuery {
    /// The query, in any profile; it may be gone.
    pub key: QueryKey,
    /// What it was called when the delivery was last edited.
    pub name: String,
}

/// What has become of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Not worked on yet.
    Planned,
    /// Worked on.
    #[default]
    Running,
    /// Over.
    Done,
    /// Over and out of sight; its record stays.
    Archived,
}

/// How the pace of a team is split among what it works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliverySplit {
    /// Each item that the team finishes belongs to a random one of the first running deliveries.
    Order,
    /// Each item that the team finishes belongs to it as often as in the past.
    Share,
}

/// What was said about a delivery on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliverySaid {
    /// The day of the data.
    pub date: Date,
    /// Items in it then, those done included.
    pub scope: u64,
    /// Items done.
    pub done: u64,
    /// The date that was said with 50 %; `None` if none was in sight.
    pub half: Option<Date>,
    /// The date that was said with 85 %.
    pub likely: Option<Date>,
    /// The day by which it should be done, then.
    pub target: Option<Date>,
    /// The chance that the target is kept, in tenths of a percent.
    pub odds_per_mille: Option<u32>,
}

impl DeliveryKey {
    /// Both ids together.
    pub fn new(profile: ProfileId, delivery: DeliveryId) -> DeliveryKey {
        DeliveryKey { profile, delivery }
    }

    /// Checks and takes both ids as text.
    pub fn parse(profile: &str, delivery: &str) -> Result<DeliveryKey, InvalidId> {
        Ok(DeliveryKey::new(ProfileId::new(profile)?, DeliveryId::new(delivery)?))
    }
}

impl fmt::Display for DeliveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.profile, self.delivery)
    }
}

impl Delivery {
    /// All of some queries, as it is before anybody kept it; `None` of no query.
    pub fn of_all(profile: &ProfileId, queries: Vec<DeliveryQuery>) -> Option<Delivery> {
        if queries.is_empty() {
            return None;
        }
        Some(Delivery {
            key: DeliveryKey::new(profile.clone(), DeliveryId::new("all").ok()?),
            name: String::new(),
            rule: Rule::All,
            target: None,
            place: 0,
            state: DeliveryState::Running,
            split: None,
            queries,
            created_at: Timestamp::UNIX_EPOCH,
            record: Vec::new(),
            extra: Object::new(),
        })
    }

    /// The same in another profile; what lies in queries of the one it was in lies in those of the
    /// same id there.
    #[must_use]
    pub fn moved_to(self, from: &ProfileId, to: &ProfileId) -> Delivery {
        let query = |query: DeliveryQuery| {
            let is_own = query.key.profile == *from;
            let profile = if is_own { to.clone() } else { query.key.profile };
            DeliveryQuery { key: QueryKey::new(profile, query.key.query), ..query }
        };
        let queries = self.queries.into_iter().map(query).collect();
        Delivery { key: DeliveryKey::new(to.clone(), self.key.delivery), queries, ..self }
    }
}

impl DeliveryState {
    /// All of them with their words.
    pub const WORDS: [(&str, DeliveryState); 4] = [
        ("planned", DeliveryState::Planned),
        ("running", DeliveryState::Running),
        ("done", DeliveryState::Done),
        ("archived", DeliveryState::Archived),
    ];

    /// Its word in stored data.
    pub fn as_str(self) -> &'static str {
        word_of(&Self::WORDS, self)
    }

    /// The state of a word.
    pub fn parse(word: &str) -> Option<DeliveryState> {
        value_of(&Self::WORDS, word)
    }

    /// Whether nothing more will come of it.
    pub fn is_over(self) -> bool {
        matches!(self, DeliveryState::Done | DeliveryState::Archived)
    }
}

impl DeliverySplit {
    /// All of them with their words.
    pub const WORDS: [(&str, DeliverySplit); 2] =
        [("order", DeliverySplit::Order), ("share", DeliverySplit::Share)];

    /// Its word in stored data.
    pub fn as_str(self) -> &'static str {
        word_of(&Self::WORDS, self)
    }

    /// The way of a word.
    pub fn parse(word: &str) -> Option<DeliverySplit> {
        value_of(&Self::WORDS, word)
    }
}

fn word_of<T: Copy + PartialEq>(words: &[(&'static str, T)], value: T) -> &'static str {
    words.iter().find(|(_, known)| *known == value).map_or("", |(word, _)| word)
}

fn value_of<T: Copy>(words: &[(&str, T)], word: &str) -> Option<T> {
    words.iter().find(|(known, _)| *known == word).map(|(_, value)| *value)
}
