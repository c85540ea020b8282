//! The nouns of burndown: plain data, no I/O, no clock.
//!
//! A file here has the same name in every layer: `issue.rs` is the issue's type in this crate, its
//! contract, SQL and legacy form in `store`, its use cases in `app` and its page in `ui`.

pub mod access_key;
pub mod address;
pub mod changelog;
pub mod connection;
pub mod cp1252;
pub mod delivery;
pub mod hash;
pub mod header;
pub mod id;
pub mod issue;
pub mod json;
pub mod members;
pub mod membership;
pub mod name;
pub mod plain;
pub mod profile;
pub mod project_data;
pub mod query;
pub mod remedy;
pub mod remote;
pub mod secret;
pub mod settings;
pub mod snapshot;
pub mod sprint;
pub mod stamp;
pub mod status;
pub mod sync;
pub mod task;
pub mod thread;
pub mod trash;
pub mod week;

pub use access_key::AccessKey;
pub use changelog::{Changelog, ChangelogFacts, ResolutionChange, Transition};
pub use connection::{Auth, Connection};
pub use delivery::{Delivery, DeliveryKey, DeliveryQuery, DeliverySplit, DeliveryState, Rule};
pub use header::{CacheHeader, CacheKind};
pub use id::{DeliveryId, InvalidId, ProfileId, QueryId, QueryKey};
pub use issue::{Issue, IssueFacts, Points, Resolution, TypePlace, type_place};
pub use jiff::tz::TimeZone;
pub use jiff::{Timestamp, civil::Date};
pub use json::{Document, Json, Object, Tape};
pub use members::Members;
pub use membership::{Group, GroupField, Membership, MembershipChange, MembershipChanges};
pub use profile::{Profile, ProfileSummary, RecordCounts, Settings};
pub use project_data::{ProjectData, StatisticsRow};
pub use query::{Query, QuerySummary, WorkKind};
pub use remedy::Remedy;
pub use secret::Token;
pub use settings::{Day, Milestone, NameSet, ProfileSettings};
pub use snapshot::Snapshot;
pub use sprint::{Sprint, SprintState};
pub use stamp::Stamp;
pub use status::{Lane, Status, StatusCategory, StatusRef};
pub use sync::{MissingIssue, SyncOutcome, SyncRecord};
pub use task::{TaskProgress, TaskStatus};
pub use trash::TrashRecord;
pub use week::Week;
