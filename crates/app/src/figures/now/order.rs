//! The order of what is under way.

use std::cmp::Ordering;

use super::{NowAsk, NowRow, NowSort};

/// Sorts rows as asked; those without a value come last. By age, which is usual, what is blocked
/// comes first.
pub(super) fn sort(rows: &mut [NowRow], ask: &NowAsk) {
    rows.sort_by(|a, b| {
        let by = compare(ask.sort, ask.is_descending, a, b);
        let blocked = match (ask.sort, ask.is_descending) {
            (NowSort::Age, true) => b.is_blocked.cmp(&a.is_blocked),
            _ => Ordering::Equal,
        };
        blocked.then(by).then_with(|| a.ageing.key.cmp(&b.ageing.key))
    });
}

fn compare(sort: NowSort, is_descending: bool, a: &NowRow, b: &NowRow) -> Ordering {
    match sort {
        NowSort::Age => directed(Some(a.ageing.age_days), Some(b.ageing.age_days), is_descending),
        NowSort::InStatus => {
            directed(a.ageing.in_status_days, b.ageing.in_status_days, is_descending)
        }
        NowSort::Changed => directed(a.changed, b.changed, is_descending),
        NowSort::Stage => directed(a.ageing.stage, b.ageing.stage, is_descending),
        NowSort::Assignee => directed(name(&a.assignee), name(&b.assignee), is_descending),
        NowSort::Epic => directed(a.epic.as_deref(), b.epic.as_deref(), is_descending),
        NowSort::Key => directed(Some(&a.ageing.key), Some(&b.ageing.key), is_descending),
    }
}

fn name(name: &Option<String>) -> Option<String> {
    name.as_deref().map(str::to_lowercase)
}

fn directed<T: Ord>(a: Option<T>, b: Option<T>, is_descending: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if is_descending => b.cmp(&a),
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}
