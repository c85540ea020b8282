//! Types of issues that were renamed: settings that name them as they were called go on to mean them.

use model::header::FormerTypes;
use model::{Document, IssueFacts, Tape};

/// Keeps in mind what the type of an issue was called, if it has another name now.
pub(super) fn note(former: &mut FormerTypes, before: &Document, now: &Document, tape: &mut Tape) {
    let mut read = |document| {
        let facts = IssueFacts::derive("", document, None, tape);
        Some((facts.issue_type_id?.to_string(), facts.issue_type?.to_string()))
    };
    let (Some((id, name)), Some((id_now, name_now))) = (read(before), read(now)) else { return };
    if id != id_now || name == name_now {
        return;
    }
    let names = former.entry(id).or_default();
    names.insert(name);
    names.remove(&name_now);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names that are kept after the type of an issue was told in these ways, one after another.
    #[track_caller]
    fn check(told: &[&str], want: &str) {
        let (mut former, mut tape) = (FormerTypes::new(), Tape::new());
        let mut document = |told: &&str| {
            let text = format!(r#"{{"fields":{{"issuetype":{told}}}}}"#);
            Document::parse(&text, &mut tape).unwrap()
        };
        let documents: Vec<Document> = told.iter().map(&mut document).collect();
        for pair in documents.windows(2) {
            note(&mut former, &pair[0], &pair[1], &mut tape);
        }
        assert_eq!(format!("{former:?}"), want, "{told:?}");
    }

    #[test]
    fn a_type_keeps_the_names_that_it_had() {
        let [epic, new] = [r#"{"id":"1","name":"Epic"}"#, r#"{"id":"1","name":"Vorhaben"}"#];
        check(&[epic, new, new], r#"{"1": {"Epic"}}"#);
        check(&[epic, new, epic], r#"{"1": {"Vorhaben"}}"#);
        // The issue changed its type, or nobody knows.
        check(&[epic, r#"{"id":"2","name":"Vorhaben"}"#], "{}");
        check(&[r#"{"name":"Epic"}"#, new], "{}");
        check(&[epic, "null"], "{}");
    }
}
