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

/// What [`notes`] looks at.
pub(crate) struct Facts<'f> {
    pub summary: &'f QuerySummary,
    pub survey: &'f Survey,
    pub header: Option<&'f CacheHeader>,
    pub data: Option<&'f ProjectData>,
    pub statistics: Option<&'f StatisticsSummary>,
    pub files: &'f [SourceFile],
}

/// All notes, the weightiest first.
pub(crate) fn notes(facts: &Facts<'_>) -> Vec<Note> {
    let mut notes = completeness(facts);
    notes.extend(issue_notes(facts.survey));
    notes.extend(changelog_notes(facts.survey));
    notes.extend(statistics_notes(facts));
    notes.extend(migration_notes(facts.files));
    notes
}

fn completeness(facts: &Facts<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut add = |code, sentence, remedy| notes.push(Note { code, sentence, count: 0, remedy });
    if let Some(missing) = &facts.summary.partial {
        add("partial-issues", format!("The issues are not all there: {missing}."), FETCH_AGAIN);
    } else if facts.survey.issues == 0 && facts.header.is_none() {
        add("never-fetched", "The issues of this query were never fetched.".into(), FETCH_AGAIN);
    }
    let fetched_with = facts.header.and_then(|header| header.jql.as_deref());
    if fetched_with.is_some_and(|jql| jql.trim() != facts.summary.jql.trim()) {
        let sentence = "The JQL was edited after the issues were fetched.".into();
        add("other-jql", sentence, FETCH_AGAIN);
    }
    if let Some(missing) = facts.data.and_then(|data| data.partial.as_ref()) {
        let sentence = format!("The statistics are not all there: {missing}.");
        add("partial-statistics", sentence, FETCH_AGAIN);
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
        count(
            "changelogs-orphaned",
            found.orphaned,
            ["changelog belongs", "changelogs belong"],
            "to issues that this query does not hold",
            "They are kept; nothing needs to be done.",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn statistics_notes(facts: &Facts<'_>) -> Vec<Note> {
    let (undated, repeated) = facts.statistics.map_or((0, 0), |s| (s.undated, s.repeated_days));
    [
        count(
            "undated-statistics",
            undated,
            ["statistics row has", "statistics rows have"],
            "no day that can be read",
            "They are kept as they are.",
        ),
        count(
            "repeated-days",
            repeated,
            ["day has", "days have"],
            "more than one statistics row",
            "All rows are kept.",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
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
fn count(
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
