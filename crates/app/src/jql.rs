//! What can be said about a JQL without understanding it.

mod done;

pub(crate) use done::{StatusNames, leaves_out_done};

use model::CacheHeader;
use model::name::{self, NAME_CHARACTERS_MAX};

/// Longest JQL in characters.
pub(crate) const JQL_CHARACTERS_MAX: usize = 10_000;
const ORDER_BY: &str = " order by ";
const PROJECT: [&str; 2] = ["project = ", "project="];

/// A name for a query that has none: its JQL without the order, and without the word *project*
/// before the first one.
pub(crate) fn proposed_name(jql: &str) -> String {
    let jql = jql.split_whitespace().collect::<Vec<_>>().join(" ") + " ";
    let filter = find(&jql, ORDER_BY).and_then(|at| jql.get(..at)).unwrap_or(&jql).trim_end();
    let start = |word: &str| (find(filter, word) == Some(0)).then_some(word.len());
    let rest = PROJECT.into_iter().find_map(start).and_then(|at| filter.get(at..));
    let named = rest.unwrap_or(filter).replace("\\\"", "").replace('"', "");
    let is_cut = named.chars().count() > NAME_CHARACTERS_MAX;
    let cut: String = named.chars().take(NAME_CHARACTERS_MAX - 1).collect();
    let named = if is_cut { format!("{}…", cut.trim_end()) } else { named };
    name::repair(&named).unwrap_or_else(|| "Query".to_owned())
}

/// Whether a JQL names something that has an end: a version, an epic, a parent, a sprint or a label.
/// One of several ways to be found has none.
pub(crate) fn has_an_end(jql: &str) -> bool {
    const FIELDS: [&str; 8] = [
        "fixversion",
        "fixversions",
        "epic link",
        "epic",
        "parent",
        "sprint",
        "labels",
        "parentepic",
    ];
    let folded = jql.to_lowercase();
    let words: Vec<&str> = folded.split_whitespace().collect();
    let text = format!(" {} ", words.join(" "));
    let filter = find(&text, ORDER_BY).and_then(|at| text.get(..at)).unwrap_or(&text);
    let names = |field: &str| {
        filter.match_indices(field).any(|(at, _)| {
            let (before, after) = (filter.get(..at), filter.get(at + field.len()..));
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let begins = before.is_some_and(|before| !before.ends_with(is_word));
            let rest = after.unwrap_or_default().trim_start_matches(['"', '\'']).trim_start();
            let is_set = rest.starts_with('=')
                || rest.strip_prefix("in").is_some_and(|rest| {
                    rest.trim_start().starts_with('(') || rest.starts_with(' ')
                });
            begins && is_set && !before.is_some_and(is_negated)
        })
    };
    !filter.contains(" or ") && FIELDS.into_iter().any(names)
}

/// Whether what follows is what issues must not be.
fn is_negated(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '"', '\'', '(']);
    let is_in_negated = before.match_indices(" not").any(|(at, word)| {
        let after = before.get(at + word.len()..).unwrap_or_default().trim_start();
        let mut depth = 0;
        // The group of this word is open as long as the depth does not come back to nothing.
        let stays_open = after.chars().all(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth > 0
        });
        after.starts_with('(') && stays_open
    });
    before.ends_with(" not") || before.ends_with('!') || is_in_negated
}

/// Where `word`, which is ASCII, begins in `text`, ignoring its case.
fn find(text: &str, word: &str) -> Option<usize> {
    // ASCII keeps its length in lower case, so that places stay the same.
    text.to_ascii_lowercase().find(word)
}

/// The JQL that the issues of a query were fetched with, if that is another than its own.
pub(crate) fn fetched_with_other<'h>(
    header: Option<&'h CacheHeader>,
    jql: &str,
) -> Option<&'h str> {
    header?.jql.as_deref().filter(|fetched| fetched.trim() != jql.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(jql: &str, want: &str) {
        assert_eq!(proposed_name(jql), want);
        assert_eq!(name::check(want), Ok(()));
    }

    #[test]
    fn what_names_a_version_epic_sprint_or_label_has_an_end() {
        for jql in [
            "fixVersion = 4.0 order by key",
            "project = K and fixVersion in (1.0, 1.1)",
            "\"Epic Link\" = K-7",
            "parent=K-7",
            "project = K AND Sprint in openSprints()",
            "labels = beta",
            "project = K and not (type = Bug) and (status = Open and fixVersion = 4.0)",
        ] {
            assert!(has_an_end(jql), "{jql}");
        }
        for jql in [
            "",
            "project = K",
            "project = K order by fixVersion",
            "fixVersion != 4.0",
            "labels not in (old)",
            "NOT fixVersion = 4.0",
            "project = K and not (type = Bug and fixVersion = 4.0)",
            "project = K and not(type = Bug and fixVersion = 4.0)",
            "project = K and not (type = Bug and (status = Open or fixVersion = 4.0))",
            "project = K and !\"Epic Link\" = K-7",
            "labels is empty",
            "text ~ \"sprint\"",
            "project = K or labels = beta",
            "grandparent = K-1",
        ] {
            assert!(!has_an_end(jql), "{jql}");
        }
    }

    #[test]
    fn a_name_is_proposed() {
        check("project = KAFKA ORDER BY created DESC", "KAFKA");
        check("Project = \"My Team\"\n and  type = Bug", "My Team and type = Bug");
        check("fixVersion = 4.0 order  by key", "fixVersion = 4.0");
        check("ÄÖ İ = 1 ORDER BY x", "ÄÖ İ = 1");
        check(&format!("project = {}", "ü".repeat(300)), &format!("{}…", "ü".repeat(99)));
        check(r#"project = T AND summary ~ "\"quoted\" x""#, "T AND summary ~ quoted x");
        check("project = T ORDER BY", "T");
        check("\"\"", "Query");
        check("project = ", "project =");
    }
}
