//! What data notes say.

use metrics::{Note, NoteCode, Share};

use crate::format::{count, counted};

const HAS: [&str; 2] = ["issue has", "issues have"];
const IS: [&str; 2] = ["issue is", "issues are"];

/// More names than this are not said in a sentence.
const NAMED_MAX: usize = 4;

/// What a note is about by name, where whoever reads it has to decide something about just that.
fn named(note: &Note) -> String {
    let is_decided = matches!(
        note.code,
        NoteCode::DeliveryUnclear | NoteCode::BulkClose | NoteCode::CategoriesDiffer
    );
    if !is_decided || note.shares.is_empty() {
        return String::new();
    }
    let name = |share: &Share| match note.code {
        NoteCode::CategoriesDiffer => share.name.clone(),
        _ => format!("{}: {}", share.name, count(share.count)),
    };
    let names: Vec<String> = note.shares.iter().take(NAMED_MAX).map(name).collect();
    let more = note.shares.len().saturating_sub(NAMED_MAX);
    let more = if more > 0 { format!("; and {} more", count(more as u64)) } else { String::new() };
    format!(" ({}{more})", names.join("; "))
}

/// That Jira shows times in another zone than weeks are counted in, which is `ours` if it has a name.
pub fn other_zone(user: &str, ours: Option<&str>) -> String {
    format!(
        "Jira shows its user times in {user}; weeks begin in {}.",
        ours.unwrap_or("another zone")
    )
}

/// What a note says, as a sentence.
pub fn note(note: &Note) -> String {
    let missing = note.missing.as_deref().unwrap_or_default();
    match note.code {
        NoteCode::PartialIssues => format!("The issues are not all there: {missing}."),
        NoteCode::PartialChangelogs => format!("The changelogs are not all there: {missing}."),
        NoteCode::PartialStatistics => format!("The statistics are not all there: {missing}."),
        NoteCode::OtherZone => other_zone(missing, None),
        NoteCode::UnknownZone => {
            format!("The time zone “{missing}” is not known here, so weeks begin in another one.")
        }
        NoteCode::NeverFetched => "The issues of this query were never fetched.".to_owned(),
        NoteCode::NothingDone => {
            "No issue that the JQL finds is done yet; pace and forecast rest on what is done."
                .to_owned()
        }
        NoteCode::JqlWithoutDone => {
            "The JQL leaves out what is done; pace and forecast need what is done, too.".to_owned()
        }
        NoteCode::OtherJql => "The JQL was edited after the issues were fetched.".to_owned(),
        code => {
            let ([one, many], rest) = wording(code);
            format!("{} {rest}{}.", counted(note.count, one, many), named(note))
        }
    }
}

/// How the sentence begins after the count of one and of several, and how it goes on.
fn wording(code: NoteCode) -> ([&'static str; 2], &'static str) {
    match code {
        NoteCode::NotCounted => (["issue does", "issues do"], "not count"),
        NoteCode::ListNotInForce => (
            ["list of statuses is", "lists of statuses are"],
            "not in force: none of its names occurs, so the categories that Jira gives decide",
        ),
        NoteCode::PartsCounted => (
            ["sub-task or epic counts", "sub-tasks and epics count"],
            "beside the issues that they belong to",
        ),
        NoteCode::LeftQuery => (["issue", "issues"], "left the query; what was done stays done"),
        NoteCode::EnteredLater => (
            ["item", "items"],
            "entered the query well after being created; weeks count them as of their creation",
        ),
        NoteCode::CategoriesDiffer => {
            (["name of a status has", "names of statuses have"], "several categories")
        }
        NoteCode::ResolvedOpen => (HAS, "a resolution, and a status that is not done"),
        NoteCode::DeliveryUnclear => (
            ["done item counts", "done items count"],
            "as delivered with a resolution or status that may mean something else",
        ),
        NoteCode::NotCreated => (HAS, "no date of creation"),
        NoteCode::DoneWithoutDate => (IS, "done, and nothing says since when"),
        NoteCode::DoneBeforeCreated => (IS, "dated as done before the date of creation"),
        NoteCode::StatusMissing => (HAS, "no status; a resolution date means done"),
        NoteCode::ChangelogStale => {
            (["changelog ends", "changelogs end"], "in another status than the issue has")
        }
        NoteCode::ChangelogMissing => (HAS, "no changelog; only the current status is known"),
        NoteCode::DatedByResolution => {
            (IS, "dated by the resolution date, as no change to done is recorded")
        }
        NoteCode::ResolutionUnavailable => {
            (["done issue counts", "done issues count"], "as delivered without a known resolution")
        }
        NoteCode::PointsNotRequested => {
            (["issue comes", "issues come"], "from a fetch that did not ask for estimates")
        }
        NoteCode::PointsUnreadable => (HAS, "an estimate that is no number"),
        NoteCode::StatusesUnmapped => (["status is", "statuses are"], "in no list of the profile"),
        code => sample_wording(code),
    }
}

/// The same about samples, stored rows and the fetch.
fn sample_wording(code: NoteCode) -> ([&'static str; 2], &'static str) {
    match code {
        NoteCode::StartUnexplained => {
            (IS, "left out where nothing explains a past or present status")
        }
        NoteCode::BulkClose => (
            ["issue was", "issues were"],
            "closed in bulk, most of them without having been started",
        ),
        NoteCode::NeverStarted => (IS, "done without ever having been in a started status"),
        NoteCode::PutBack => (IS, "left out: put back, and done without a new start"),
        NoteCode::StatisticsDiffer => (
            ["week differs", "weeks differ"],
            "between stored statistics and issues; the issues are shown",
        ),
        NoteCode::StatisticsOnly => (
            ["stored row is", "stored rows are"],
            "all there is; no issue stands behind the counts",
        ),
        NoteCode::StatisticsUndated => {
            (["statistics row has", "statistics rows have"], "no day that can be read")
        }
        NoteCode::StatisticsContradict => {
            (["week", "weeks"], "would have less than nothing open, so open work is not shown")
        }
        NoteCode::StartUnknown => (IS, "left out, as no change to a started status is recorded"),
        NoteCode::WeakSample => (["complete week is", "complete weeks are"], "a weak sample"),
        NoteCode::WeeksExcluded => {
            (["week of the window is", "weeks of the window are"], "left out of the sample")
        }
        NoteCode::WeeksNotInSample => (
            ["week to be left out is", "weeks to be left out are"],
            "in no sample of this forecast, so that nothing changes without",
        ),
        NoteCode::PointsExtrapolated => {
            (["open issue is", "open issues are"], "not estimated; the median of the type counts")
        }
        NoteCode::CreatedLater => {
            (["issue was", "issues were"], "created after the data was fetched")
        }
        NoteCode::ChangelogsOrphaned => (
            ["changelog belongs", "changelogs belong"],
            "to issues that this query does not hold; they are kept",
        ),
        NoteCode::RepeatedDays => {
            (["day has", "days have"], "more than one statistics row; all rows are kept")
        }
        NoteCode::DamagedFiles => (["file", "files"], "could not be read in full by the migration"),
        NoteCode::MigrationFindings => {
            (["oddity was", "oddities were"], "noticed by the migration")
        }
        _ => (["", ""], ""),
    }
}
