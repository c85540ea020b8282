//! Order of issues by any field.

use std::cmp::Ordering;
use std::sync::Arc;

use model::{IssueFacts, Points, Timestamp};

use super::{Ages, SortField};

/// How `a` and `b` are sorted; ties by key. Those without a value come last in both directions.
pub(super) fn order(
    field: SortField,
    is_descending: bool,
    ages: &Ages,
    a: &IssueFacts,
    b: &IssueFacts,
) -> Ordering {
    let by_text = |a: &Option<Arc<str>>, b: &Option<Arc<str>>| {
        present_first(a.as_deref(), b.as_deref(), is_descending, ignoring_case)
    };
    let by_time = |a: Option<Timestamp>, b| present_first(a, b, is_descending, |a, b| a.cmp(&b));
    let by_key = || natural(&a.key, &b.key);
    let primary = match field {
        SortField::Key if is_descending => by_key().reverse(),
        SortField::Key => by_key(),
        SortField::Status => by_text(&a.status, &b.status),
        SortField::Type => by_text(&a.issue_type, &b.issue_type),
        SortField::Created => by_time(a.created, b.created),
        SortField::Updated => by_time(a.updated, b.updated),
        SortField::Resolved => by_time(a.resolved, b.resolved),
        SortField::Age => {
            present_first(ages.get(&a.key), ages.get(&b.key), is_descending, |a, b| a.cmp(b))
        }
        SortField::Points => {
            present_first(known(a.points), known(b.points), is_descending, |a, b| a.total_cmp(&b))
        }
    };
    primary.then_with(by_key)
}

fn known(points: Points) -> Option<f64> {
    if let Points::Known(value) = points { Some(value) } else { None }
}

fn present_first<T>(
    a: Option<T>,
    b: Option<T>,
    is_descending: bool,
    compare: impl Fn(T, T) -> Ordering,
) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if is_descending => compare(b, a),
        (Some(a), Some(b)) => compare(a, b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

fn ignoring_case(a: &str, b: &str) -> Ordering {
    // Most issues share a few names; folding them again and again would cost more than the rest.
    if a == b {
        return Ordering::Equal;
    }
    a.chars().flat_map(char::to_lowercase).cmp(b.chars().flat_map(char::to_lowercase))
}

/// Order of keys: by what stands before the last dash, then by the number behind it; what is no
/// such key comes first.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    parts(a).cmp(&parts(b)).then_with(|| a.cmp(b))
}

fn parts(key: &str) -> Option<(&str, u64)> {
    let (project, number) = key.rsplit_once('-')?;
    Some((project, number.parse().ok()?))
}
