//! What a sync could not have, in words.

use model::MissingIssue;

/// How many missing issues a sentence names.
const NAMED_MAX: usize = 3;

/// What is missing of changelogs, as a part of a sentence.
pub(crate) fn missing_histories(cut: &[MissingIssue]) -> Option<String> {
    missing(cut, "came without the whole history")
}

/// `3 issues could not be fetched (K-1, K-2, K-3: why)`.
pub(crate) fn missing(issues: &[MissingIssue], what: &str) -> Option<String> {
    let first = issues.first()?;
    let named: Vec<&str> = issues.iter().take(NAMED_MAX).map(|issue| &*issue.key).collect();
    let more = if issues.len() > NAMED_MAX { ", …" } else { "" };
    let why = first.why.trim_end_matches('.');
    Some(format!("{} {what} ({}{more}: {why})", count(issues.len()), named.join(", ")))
}

/// How many issues, in words.
pub(crate) fn count(issues: usize) -> String {
    if issues == 1 { "1 issue".to_owned() } else { format!("{issues} issues") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(keys: &[&str], want: Option<&str>) {
        let why = "no right to see it.".to_owned();
        let issue = |key: &&str| MissingIssue { key: (*key).to_owned(), why: why.clone() };
        let issues: Vec<MissingIssue> = keys.iter().map(issue).collect();
        assert_eq!(missing(&issues, "could not be fetched").as_deref(), want);
    }

    #[test]
    fn what_is_missing_is_part_of_a_sentence() {
        check(&[], None);
        check(&["K-1"], Some("1 issue could not be fetched (K-1: no right to see it)"));
        let many = "4 issues could not be fetched (K-1, K-2, K-3, …: no right to see it)";
        check(&["K-1", "K-2", "K-3", "K-4"], Some(many));
    }
}
