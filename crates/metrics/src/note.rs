//! What makes figures doubtful: data notes with counts and examples.

use model::Remedy;
use serde::{Deserialize, Serialize};

/// Most keys that a note names.
pub const KEYS_MAX: usize = 50;

/// One thing to know about the data or a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// What it is about.
    pub code: NoteCode,
    /// How many issues, rows or weeks it is about; 0 if it is about the whole query.
    pub count: u64,
    /// What is missing, as whoever fetched it put it; of [`NoteCode::OtherZone`] the other zone, of [`NoteCode::UnknownZone`] that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// What can be done.
    pub remedy: Remedy,
    /// What `count` is made of, largest first; parts may overlap.
    pub shares: Vec<Share>,
    /// Keys of the issues, or labels of the weeks: the first [`KEYS_MAX`].
    pub keys: Vec<String>,
    /// Labels of weeks that a forecast would be another without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weeks: Vec<String>,
}

/// A part of a count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// What the part has in common.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteCode {
    /// The cached issues are not all there.
    PartialIssues,
    /// The cached changelogs are not all there.
    PartialChangelogs,
    /// The stored statistics are not all there.
    PartialStatistics,
    /// The issues were never fetched.
    NeverFetched,
    /// The JQL was edited after the issues were fetched.
    OtherJql,
    /// Issues that were created after the fetch.
    CreatedLater,
    /// Changelogs of issues that the query does not hold.
    ChangelogsOrphaned,
    /// Days with more than one row of statistics.
    RepeatedDays,
    /// Files that the migration could not read in full.
    DamagedFiles,
    /// Oddities that the migration noticed.
    MigrationFindings,
    /// Jira shows its user times in another zone than weeks are counted in.
    OtherZone,
    /// A time zone, of the profile or of Jira's user, that is not known here.
    UnknownZone,
    /// Issues that do not count, and why.
    NotCounted,
    /// Lists of statuses in the profile of which no name occurs, so that they are not in force.
    ListNotInForce,
    /// Sub-tasks and issues that hold others count beside these.
    PartsCounted,
    /// Issues that the query no longer finds.
    LeftQuery,
    /// Issues that the query found well after they were made; they are dated by their creation.
    EnteredLater,
    /// Counted issues without a time of creation.
    NotCreated,
    /// Done issues that nothing dates.
    DoneWithoutDate,
    /// Issues done before they were created.
    DoneBeforeCreated,
    /// Done issues dated by their resolution date.
    DatedByResolution,
    /// Issues whose document names no status.
    StatusMissing,
    /// Statuses that neither the profile nor a category explains.
    StatusesUnmapped,
    /// Statuses to which documents give different categories.
    CategoriesDiffer,
    /// Issues that have a resolution and are in a status that is not done.
    ResolvedOpen,
    /// Done issues whose resolution or status is not known to mean delivered.
    DeliveryUnclear,
    /// Done issues of which it is not known how they were resolved.
    ResolutionUnavailable,
    /// Issues without a changelog.
    ChangelogMissing,
    /// Changelogs that end in another status than the issue has.
    ChangelogStale,
    /// Documents from a fetch that did not ask for points.
    PointsNotRequested,
    /// Points that are no number that can be counted.
    PointsUnreadable,
    /// Weeks in which stored statistics and issues differ.
    StatisticsDiffer,
    /// Figures rest on stored statistics, as there are no issues.
    StatisticsOnly,
    /// Statistics rows without a readable day.
    StatisticsUndated,
    /// Stored statistics and the stored remaining work cannot both be right.
    StatisticsContradict,
    /// Issues that are left out of a duration, as nothing says when they started.
    StartUnknown,
    /// Issues that are left out of a duration, as they were in a status that nothing explains.
    StartUnexplained,
    /// Issues closed on one day, most of which were never started.
    BulkClose,
    /// No issue that the query finds is done.
    NothingDone,
    /// The JQL leaves out what is done.
    JqlWithoutDone,
    /// Done issues that were never started.
    NeverStarted,
    /// Done issues that were started, put back and not started again.
    PutBack,
    /// The sample is small.
    WeakSample,
    /// Complete weeks that a forecast does not draw from.
    WeeksExcluded,
    /// Weeks that should be left out, and that a forecast would not draw from anyway.
    WeeksNotInSample,
    /// Open issues without points, which count with those of others.
    PointsExtrapolated,
}

impl NoteCode {
    /// Whether it can change a figure so much that it belongs beside the figures.
    pub fn is_weighty(self) -> bool {
        matches!(
            self,
            Self::PartialIssues
                | Self::PartialChangelogs
                | Self::ListNotInForce
                | Self::CategoriesDiffer
                | Self::NotCreated
                | Self::DoneWithoutDate
                | Self::StatusMissing
                | Self::ChangelogMissing
                | Self::ChangelogStale
                | Self::StatisticsContradict
        )
    }
}

impl Note {
    /// A note about `count` records; none about 0.
    pub fn about(code: NoteCode, remedy: Remedy, count: u64) -> Option<Note> {
        (count > 0).then(|| Note { count, ..Note::about_all(code, remedy, None) })
    }

    /// A note about these issues or weeks; none about none.
    pub fn about_keys<'k>(
        code: NoteCode,
        remedy: Remedy,
        keys: impl Iterator<Item = &'k str>,
    ) -> Option<Note> {
        let mut found = Found::default();
        keys.for_each(|key| found.add(key));
        found.note(code, remedy)
    }

    /// A note about the whole query.
    pub fn about_all(code: NoteCode, remedy: Remedy, missing: Option<&str>) -> Note {
        let missing = missing.map(str::to_owned);
        let (shares, keys, weeks) = (Vec::new(), Vec::new(), Vec::new());
        Note { code, count: 0, missing, remedy, shares, keys, weeks }
    }
}

/// What a note is going to be about, while it is being looked for.
#[derive(Default)]
pub(crate) struct Found {
    count: u64,
    keys: Vec<String>,
}

impl Found {
    pub fn add(&mut self, key: &str) {
        if self.keys.len() < KEYS_MAX {
            self.keys.push(key.to_owned());
        }
        self.count += 1;
    }

    /// The note; none about nothing.
    pub fn note(self, code: NoteCode, remedy: Remedy) -> Option<Note> {
        Note::about(code, remedy, self.count).map(|note| Note { keys: self.keys, ..note })
    }
}

/// Shares of a tally, largest first, then by name.
pub(crate) fn shares(tally: impl IntoIterator<Item = (String, u64)>) -> Vec<Share> {
    let mut shares: Vec<Share> =
        tally.into_iter().map(|(name, count)| Share { name, count }).collect();
    shares.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_count_all_and_name_some() {
        let keys: Vec<String> = (0..60).map(|n| format!("A-{n}")).collect();
        let about = |n: usize| {
            let keys = keys.iter().take(n).map(String::as_str);
            Note::about_keys(NoteCode::NotCreated, Remedy::LookInJira, keys)
        };
        assert_eq!(about(0), None);
        let many = about(60).unwrap();
        assert_eq!((many.count, many.keys.len()), (60, KEYS_MAX));
    }
}
