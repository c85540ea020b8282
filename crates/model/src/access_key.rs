//! Access keys: who may open the pages of a workspace, and what they may do there.

use jiff::Timestamp;
use serde::Serialize;

/// Files beside the database that have to do with getting in: the workspace's own key, where its
/// server listens, and what a browser is opened with.
pub const KEY_FILE: &str = "burndown-key";
/// Where the server of the workspace listens.
pub const ADDRESS_FILE: &str = "burndown-address";
/// A page that leads a browser in.
pub const OPENING_FILE: &str = "burndown-open.html";

/// What somebody with a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// See everything, change nothing.
    View,
    /// Change things, and have Jira asked.
    Edit,
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 2] = [Self::View, Self::Edit];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Edit => "edit",
        }
    }

    /// The role of that word.
    pub fn parse(word: &str) -> Option<Role> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// A key as it is stored: what tells it from others, never the key itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// How the key begins; no secret.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it allows.
    pub role: Role,
    /// SHA-256 of the key, in hexadecimal.
    pub hash: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// The last day on which it was used, at the first time of that day.
    pub used_at: Option<Timestamp>,
}
