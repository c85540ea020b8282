//! What is odd of saved queries, and of members whose names are no text.

use migrate::Fate;

use super::odd::{in_query, look_at, workspace};
use super::workspace::findings;

/// Saved queries are told what is odd of them as every other file is.
#[test]
fn what_is_odd_in_the_saved_queries_is_said() {
    for (list, want, is_whole) in [
        (br#"[{"name":"one","name":"two","jql":"x"}]"#.as_slice(), "repeated-member", true),
        (b"[{\"name\":\"\xd6pen\",\"jql\":\"x\"}]", "cp1252", true),
        (b"// mine\n[{\"name\":\"a\",\"jql\":\"x\"}]", "hand-edit", true),
        (b"[{\"name\":\"a\tb\",\"jql\":\"x\"}]", "control-character", true),
        (br#"[{"name":"a","jql":"x","n":NaN}]"#, "non-finite", true),
        (br#"[{"name":"a","jql":"x","n":1e999}]"#, "wide-number", true),
        (br#"[{"name":"a \ud800","jql":"x"}]"#, "lone-surrogate", true),
        (br#"[{"name":"a","jql":"x"}] more"#, "trailing-text", false),
        (br#"[{"name":"a","jql":"x"},{"#, "cut", false),
        (br#"{"name":"a"}"#, "unreadable", false),
    ] {
        look_at(&workspace(&[("jira_query_profiles.json", list)]), |report, _| {
            let text = String::from_utf8_lossy(list);
            assert_eq!(findings(report, "jira_query_profiles.json", want), 1, "{text}");
            let file = report.files.iter().find(|file| file.path == "jira_query_profiles.json");
            assert_eq!(file.unwrap().fate == Fate::Imported, is_whole, "{text}");
        });
    }
}

/// Names of members that are no text cannot be told apart: what is lost by that is said.
#[test]
fn members_whose_names_hold_half_a_surrogate_pair_are_named() {
    let odd = br#""\ud800":"first","\ud801":"second""#;
    let file = |rest: &str| [b"{", odd.as_slice(), b",", rest.as_bytes(), b"}"].concat();
    for (name, rest) in [
        ("query.json", r#""name":"Q","jql":"x""#),
        ("jira_cache.json", r#""issues":[]"#),
        ("jira_changelog_cache.json", r#""A-1":{"changelog":{"histories":[]}}"#),
        ("project_data.json", r#""statistics":[]"#),
    ] {
        look_at(&workspace(&[(&in_query(name), &file(rest))]), |report, _| {
            assert_eq!(findings(report, name, "repeated-member"), 1, "{name}");
            assert_eq!(findings(report, name, "lone-surrogate"), 2, "{name}");
        });
    }
}
