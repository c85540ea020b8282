//! What data notes say, and what can be done about it.

use crate::note::NoteCode;

const HAS: [&str; 2] = ["issue has", "issues have"];
const IS: [&str; 2] = ["issue is", "issues are"];

/// What makes stale or missing data whole, as long as nothing here asks Jira.
pub const READ_AGAIN: &str =
    "Update the query in the old app, then run “burndown migrate --again”.";

impl NoteCode {
    /// The sentence about so many, without its full stop.
    pub(crate) fn sentence(self, count: u64) -> String {
        let ([one, many], rest) = self.wording();
        format!("{count} {} {rest}", if count == 1 { one } else { many })
    }

    /// How the sentence begins after the count of one and of several, and how it goes on.
    fn wording(self) -> ([&'static str; 2], &'static str) {
        match self {
            Self::PartialCache => (["cache is", "caches are"], "not complete"),
            Self::ListNotInForce => (
                ["list of statuses is", "lists of statuses are"],
                "not in force: none of its names occurs, so Jira's categories decide",
            ),
            Self::NotCounted => (["issue does", "issues do"], "not count"),
            Self::PartsCounted => (
                ["sub-task or epic counts", "sub-tasks and epics count"],
                "beside the issues that they belong to",
            ),
            Self::LeftQuery => (["issue", "issues"], "left the query"),
            Self::CategoriesDiffer => {
                (["status has", "statuses have"], "different categories in different issues")
            }
            Self::ResolvedOpen => (IS, "resolved, and in a status that is not done"),
            Self::DeliveryUnclear => (
                ["done issue counts", "done issues count"],
                "as delivered with a resolution or status of another kind",
            ),
            Self::StartUnexplained => {
                (IS, "left out, as nothing says what a status means that it was in")
            }
            Self::NeverStarted => (IS, "done without having been started"),
            Self::PutBack => (IS, "left out: put back, and done without a new start"),
            Self::NotCreated => (HAS, "no date of creation"),
            Self::DoneWithoutDate => (IS, "done, and nothing says since when"),
            Self::DoneBeforeCreated => (IS, "dated as done before the date of creation"),
            Self::StatusMissing => (HAS, "no status; a resolution date means done"),
            Self::ChangelogStale => {
                (["changelog ends", "changelogs end"], "in another status than the issue has")
            }
            Self::ChangelogMissing => (HAS, "no changelog; only the current status is known"),
            Self::DatedByResolution => {
                (IS, "dated by the resolution date, as no change to done is recorded")
            }
            Self::ResolutionUnavailable => (
                ["done issue counts", "done issues count"],
                "as delivered without a known resolution",
            ),
            Self::PointsNotRequested => {
                (["issue comes", "issues come"], "from a fetch that did not ask for points")
            }
            Self::PointsUnreadable => (HAS, "points that are no number"),
            Self::StatusesUnmapped => (["status is", "statuses are"], "in no list of the profile"),
            Self::StatisticsDiffer => (
                ["week differs", "weeks differ"],
                "between stored statistics and issues; the issues are shown",
            ),
            Self::StatisticsOnly => (
                ["stored row is", "stored rows are"],
                "all there is; no issue stands behind the counts",
            ),
            Self::StatisticsUndated => {
                (["statistics row has", "statistics rows have"], "no day that can be read")
            }
            Self::StatisticsContradict => {
                (["week", "weeks"], "would have less than nothing open, so open work is not shown")
            }
            Self::StartUnknown => (IS, "left out, as no change to a started status is recorded"),
            Self::WeakSample => (["complete week is", "complete weeks are"], "a weak sample"),
            Self::WeeksExcluded => {
                (["week of the window is", "weeks of the window are"], "left out of the sample")
            }
            Self::PointsExtrapolated => {
                (["open issue has", "open issues have"], "no points; the median of the type counts")
            }
        }
    }

    /// What can be done, as a sentence.
    pub(crate) fn remedy(self) -> &'static str {
        match self {
            Self::PartialCache
            | Self::StatusMissing
            | Self::ChangelogStale
            | Self::ChangelogMissing
            | Self::DatedByResolution
            | Self::PointsNotRequested
            | Self::StatisticsOnly => READ_AGAIN,
            Self::ResolutionUnavailable => {
                "Nothing can be done: the old app never asked Jira for resolutions."
            }
            Self::NotCreated | Self::DoneWithoutDate | Self::DoneBeforeCreated => {
                "Look at them in Jira; no week counts them."
            }
            Self::NotCounted => {
                "Change the development projects or the parent types in the settings of the profile if they should."
            }
            Self::ListNotInForce | Self::CategoriesDiffer | Self::StartUnexplained => {
                "Say in the settings of the profile what the statuses mean."
            }
            Self::PartsCounted => "Say in the settings of the profile if they should not count.",
            Self::LeftQuery => "Nothing needs to be done; what was done stays in its week.",
            Self::ResolvedOpen => "Look at them in Jira.",
            Self::DeliveryUnclear => {
                "Say in the settings of the profile which of these mean not delivered."
            }
            Self::NeverStarted | Self::PutBack => "Nothing needs to be done.",
            Self::PointsUnreadable => "Check the points field in the settings of the profile.",
            Self::StatusesUnmapped => "Say in the settings of the profile what they mean.",
            Self::StatisticsDiffer => {
                "Nothing needs to be done; the old app counted by other rules."
            }
            Self::StatisticsUndated => "Nothing needs to be done; no week counts them.",
            Self::StatisticsContradict => {
                "Check the stored remaining work against the stored rows."
            }
            Self::StartUnknown => "Check the started statuses in the settings of the profile.",
            Self::WeakSample => "Wait for more weeks, or choose a longer window.",
            Self::WeeksExcluded => "Take them back in if they are like the weeks to come.",
            Self::PointsExtrapolated => "Estimate them, or look at items instead.",
        }
    }
}
