//! What no figure notices by itself: how the data of a query was fetched, stored and migrated.

use metrics::READ_AGAIN;
use migrate::Fate;
use model::{CacheHeader, ProjectData, QuerySummary};

use crate::figures::data_note::DataNote;
use crate::figures::statistics::StatisticsSummary;
use crate::jql;
use crate::workspace::report::SourceFile;

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

/// Those that no figure notices by itself.
pub(crate) fn origin_notes(origin: &Origin<'_>) -> Vec<DataNote> {
    let mut notes = fetch_notes(origin);
    notes.extend(orphaned(origin));
    notes.extend(undated_statistics(origin));
    notes.extend(repeated_days(origin));
    notes.extend(migration_notes(origin.files));
    notes
}

fn fetch_notes(origin: &Origin<'_>) -> Vec<DataNote> {
    let mut notes = Vec::new();
    let mut add = |code, sentence| {
        notes.push(DataNote::of_data(code, 0, sentence, READ_AGAIN));
    };
    if origin.issues == 0 && origin.header.is_none() && origin.summary.partial.is_none() {
        add("never-fetched", "The issues of this query were never fetched.".into());
    }
    if jql::fetched_with_other(origin.header, &origin.summary.jql).is_some() {
        add("other-jql", "The JQL was edited after the issues were fetched.".into());
    }
    if let Some(missing) = origin.data.and_then(|data| data.partial.as_ref()) {
        add("partial-statistics", format!("The statistics are not all there: {missing}."));
    }
    notes
}

fn orphaned(origin: &Origin<'_>) -> Option<DataNote> {
    count(
        "changelogs-orphaned",
        origin.orphaned,
        ["changelog belongs", "changelogs belong"],
        "to issues that this query does not hold",
        "They are kept; nothing needs to be done.",
    )
}

/// Where rows are all there is, figures notice it themselves.
fn undated_statistics(origin: &Origin<'_>) -> Option<DataNote> {
    let statistics = origin.statistics.filter(|_| origin.issues > 0)?;
    count(
        "undated-statistics",
        statistics.undated,
        ["statistics row has", "statistics rows have"],
        "no day that can be read",
        "They are kept as they are.",
    )
}

fn repeated_days(origin: &Origin<'_>) -> Option<DataNote> {
    count(
        "repeated-days",
        origin.statistics?.repeated_days,
        ["day has", "days have"],
        "more than one statistics row",
        "All rows are kept.",
    )
}

fn migration_notes(files: &[SourceFile]) -> Vec<DataNote> {
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
) -> Option<DataNote> {
    let [one, many] = subject;
    let subject = if count == 1 { one } else { many };
    let sentence = || format!("{count} {subject} {rest}.");
    (count > 0).then(|| DataNote::of_data(code, count, sentence(), remedy))
}
