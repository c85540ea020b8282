//! The state of a long-running job.

use jiff::Timestamp;
use serde::Serialize;

/// How a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    /// At work.
    Running,
    /// Ended well.
    Done,
    /// Ended with an error.
    Failed,
    /// Ended by the user.
    Cancelled,
}

impl TaskStatus {
    /// All of them.
    pub const ALL: [TaskStatus; 4] = [Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The status of that word.
    pub fn parse(word: &str) -> Option<TaskStatus> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// Progress of one task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskProgress {
    /// Which task, e.g. `sync/p_1/q_1`.
    pub id: String,
    /// How it stands.
    pub status: TaskStatus,
    /// 0 to 100.
    pub percent: u8,
    /// What it is doing, for people.
    pub message: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it last said something.
    pub updated_at: Timestamp,
}
