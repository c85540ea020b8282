//! All that is doubtful about a query in one list: what figures notice, and how the data came here.

use metrics::{Doubts, Items, Measured, NoteCode, Share, WeeklyTable};
use serde::Serialize;

use crate::figures::QueryHistory;
use crate::figures::moment::MomentRule;
use crate::figures::note::{self, Origin};
use crate::figures::statistics::StatisticsSummary;
use crate::workspace::report::SourceFile;

/// One thing to know about the data behind figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DataNote {
    /// A stable word for it.
    pub code: Code,
    /// How many issues, rows or weeks it is about; 0 if it is about the whole query.
    pub count: u64,
    /// What it says, as a sentence.
    pub sentence: String,
    /// What can be done, as a sentence.
    pub remedy: &'static str,
    /// What `count` is made of, largest first.
    pub shares: Vec<Share>,
    /// Keys of the issues, or labels of the weeks: the first [`metrics::KEYS_MAX`].
    pub keys: Vec<String>,
}

/// A word that stays the same; one word in JSON, whoever says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Code {
    /// Figures noticed it.
    Figures(NoteCode),
    /// It comes from how the data was fetched, stored and migrated.
    Data(&'static str),
}

/// What figures notice about the data that they are counted from.
pub(crate) fn figure_notes(
    history: &QueryHistory,
    items: &Items<'_>,
    table: &Measured<WeeklyTable>,
) -> Vec<metrics::Note> {
    let doubts = Doubts {
        partial_issues: history.summary.partial.as_deref(),
        partial_changelogs: history.partial_changelogs.as_deref(),
        statistics: history.statistics.as_ref(),
    };
    metrics::data_notes(items, table, &doubts)
}

/// All notes, those of figures first.
pub(crate) fn data_notes(
    of_figures: Vec<metrics::Note>,
    history: &QueryHistory,
    items: &Items<'_>,
    files: &[SourceFile],
) -> Vec<DataNote> {
    let statistics = history.data.as_ref().and_then(StatisticsSummary::of);
    let origin = Origin {
        summary: &history.summary,
        issues: history.issues.len() as u64,
        orphaned: history.orphaned,
        header: history.header.as_ref(),
        data: history.data.as_ref(),
        statistics: statistics.as_ref(),
        files,
    };
    let of_data = later(history, items).into_iter().chain(note::origin_notes(&origin));
    of_figures.into_iter().map(DataNote::from).chain(of_data).collect()
}

/// Issues from after the fetch mean that its time is wrong, and they would be missed silently.
fn later(history: &QueryHistory, items: &Items<'_>) -> Option<DataNote> {
    let is_asked = history.moment.rule == MomentRule::Asked;
    let count = if is_asked { 0 } else { items.later };
    note::count(
        "created-later",
        count,
        ["issue was", "issues were"],
        "created after the data was fetched",
        "Check the clock of the machine that fetched; figures leave them out.",
    )
}

impl From<metrics::Note> for DataNote {
    fn from(note: metrics::Note) -> DataNote {
        let metrics::Note { code, count, sentence, remedy, shares, keys } = note;
        DataNote { code: Code::Figures(code), count, sentence, remedy, shares, keys }
    }
}

impl DataNote {
    /// A note about how the data came here.
    pub(crate) fn of_data(
        code: &'static str,
        count: u64,
        sentence: String,
        remedy: &'static str,
    ) -> DataNote {
        let (shares, keys) = (Vec::new(), Vec::new());
        DataNote { code: Code::Data(code), count, sentence, remedy, shares, keys }
    }
}
