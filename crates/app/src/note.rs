//! What is missing or odd in a query's data, in sentences with a remedy.

use migrate::Fate;
use model::{CacheHeader, ProjectData, QuerySummary};
use serde::Serialize;

use crate::report::SourceFile;
use crate::statistics::StatisticsSummary;
use crate::survey::Survey;

/// One thing to know about the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// A stable word for it.
    pub code: &'static str,
    /// What it is, as a sentence.
    pub sentence: String,
    /// How many records it is about; 0 if it is about the whole query.
    pub count: u64,
    /// What can be done, as a sentence.
    pub remedy: &'static str,
}

const FETCH_AGAIN: &str = "Fetch the query again in the old app and migrate again; this version does not fetch from Jira itself.";
const IN_JIRA: &str = "Look at these issues in Jira; figures leave them out.";

/// How the data of a query came here.
pub(crate) struct Origin<'o> {
    pub summary: &'o QuerySummary,
    /// How many issues the query holds.
    pub issues: u64,
    /// How many changelogs belong to none of them.
    pub orphaned: u64,
    pub header: Option<&'o CacheHeader>,
    pub data: Option<&'o ProjectData>,
    pub statistics: Option<&'o StatisticsSummary>,
    pub files: &'o [SourceFile],
}

/// All notes, the weightiest first.
pub(crate) fn notes(origin: &Origin<'_>, survey: &Survey) -> Vec<Note> {
    let mut notes: Vec<Note> = partial_issues(origin).into_iter().collect();
    notes.extend(fetch_notes(origin));
    notes.extend(issue_notes(survey));
    notes.extend(changelog_notes(survey));
    notes.extend(orphaned(origin));
    notes.extend(undated_statistics(origin));
    notes.extend(repeated_days(origin));
    notes.extend(migration_notes(origin.files));
    notes
}

/// Those that no figure notices by itself.
pub(crate) fn origin_notes(origin: &Origin<'_>) -> Vec<Note> {
    let mut notes = fetch_notes(origin);
    notes.extend(orphaned(origin));
    notes.extend(repeated_days(origin));
    notes.extend(migration_notes(origin.files));
    notes
}

fn partial_issues(origin: &Origin<'_>) -> Option<Note> {
    let missing = origin.summary.partial.as_ref()?;
    let sentence = format!("The issues are not all there: {missing}.");
    Some(Note { code: "partial-issues", sentence, count: 0, remedy: FETCH_AGAIN })
}

fn fetch_notes(origin: &Origin<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut add = |code, sentence| {
        notes.push(Note { code, sentence, count: 0, remedy: FETCH_AGAIN });
    };
    if origin.issues == 0 && origin.header.is_none() && origin.summary.partial.is_none() {
        add("never-fetched", "The issues of this query were never fetched.".into());
    }
    let fetched_with = origin.header.and_then(|header| header.jql.as_deref());
    if fetched_with.is_some_and(|jql| jql.trim() != origin.summary.jql.trim()) {
        add("other-jql", "The JQL was edited after the issues were fetched.".into());
    }
    if let Some(missing) = origin.data.and_then(|data| data.partial.as_ref()) {
        add("partial-statistics", format!("The statistics are not all there: {missing}."));
    }
    notes
}

fn issue_notes(survey: &Survey) -> Vec<Note> {
    const HAVE: [&str; 2] = ["issue has", "issues have"];
    let undated = survey.issues - survey.created.count;
    [
        count("undated-issues", undated, HAVE, "no creation date that can be read", IN_JIRA),
        count(
            "done-without-resolution",
            survey.done_without_resolution,
            ["issue is", "issues are"],
            "done without a resolution date",
            "Dates of finishing can still be read from the changelogs.",
        ),
        count(
            "points-not-requested",
            survey.points.not_requested,
            ["issue comes", "issues come"],
            "from an update of the old app that did not ask for points",
            FETCH_AGAIN,
        ),
        count(
            "points-unreadable",
            survey.points.unreadable,
            HAVE,
            "points that are no number",
            "Check which field is mapped as the points field.",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn changelog_notes(survey: &Survey) -> Vec<Note> {
    let found = &survey.changelogs;
    let missing = survey.issues - found.matched.min(survey.issues);
    [
        count(
            "changelogs-missing",
            missing,
            ["issue has", "issues have"],
            "no changelog",
            FETCH_AGAIN,
        ),
        count(
            "changelogs-stale",
            found.ending_elsewhere,
            ["changelog does", "changelogs do"],
            "not end in the current status of the issue",
            FETCH_AGAIN,
        ),
        count(
            "changelogs-empty",
            found.empty_though_done,
            ["issue is", "issues are"],
            "done, but the changelog holds no change of the status",
            FETCH_AGAIN,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn orphaned(origin: &Origin<'_>) -> Option<Note> {
    count(
        "changelogs-orphaned",
        origin.orphaned,
        ["changelog belongs", "changelogs belong"],
        "to issues that this query does not hold",
        "They are kept; nothing needs to be done.",
    )
}

fn undated_statistics(origin: &Origin<'_>) -> Option<Note> {
    count(
        "undated-statistics",
        origin.statistics?.undated,
        ["statistics row has", "statistics rows have"],
        "no day that can be read",
        "They are kept as they are.",
    )
}

fn repeated_days(origin: &Origin<'_>) -> Option<Note> {
    count(
        "repeated-days",
        origin.statistics?.repeated_days,
        ["day has", "days have"],
        "more than one statistics row",
        "All rows are kept.",
    )
}

fn migration_notes(files: &[SourceFile]) -> Vec<Note> {
    let is_damaged = |file: &&SourceFile| matches!(file.fate, Fate::Partly | Fate::Quarantined);
    let damaged = files.iter().filter(is_damaged).count() as u64;
    let odd = files.iter().flat_map(|file| &file.findings).map(|finding| finding.count).sum();
    [
        count(
            "damaged-files",
            damaged,
            ["file", "files"],
            "could not be read in full by the migration",
            "The files are in the backup; the list of files says what is missing.",
        ),
        count(
            "migration-findings",
            odd,
            ["oddity was", "oddities were"],
            "noticed by the migration",
            "The list of files says which, and what was done.",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A note about `count` records, said with the singular or plural of `subject`; none about 0.
pub(crate) fn count(
    code: &'static str,
    count: u64,
    subject: [&str; 2],
    rest: &str,
    remedy: &'static str,
) -> Option<Note> {
    let [one, many] = subject;
    let subject = if count == 1 { one } else { many };
    (count > 0).then(|| Note {
        code,
        sentence: format!("{count} {subject} {rest}."),
        count,
        remedy,
    })
}
