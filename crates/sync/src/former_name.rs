//! Types of issues and projects that were renamed: settings that name them as they were called go on to
//! mean them.

use model::header::FormerNames;
use model::{Document, IssueFacts, Tape};

/// Id and name of something that an issue names.
type Named = fn(&IssueFacts) -> Option<(String, String)>;

/// Keeps in mind what the type of an issue was called, if it has another name now.
pub(super) fn note_type(
    former: &mut FormerNames,
    before: &Document,
    now: &Document,
    tape: &mut Tape,
) {
    note(former, before, now, tape, |facts| {
        Some((facts.issue_type_id.as_deref()?.to_owned(), facts.issue_type.as_deref()?.to_owned()))
    });
}

/// Keeps in mind which key the project of an issue had, if it has another one now.
pub(super) fn note_project(
    former: &mut FormerNames,
    before: &Document,
    now: &Document,
    tape: &mut Tape,
) {
    note(former, before, now, tape, |facts| {
        Some((facts.project_id.as_deref()?.to_owned(), facts.project.as_deref()?.to_owned()))
    });
}

fn note(
    former: &mut FormerNames,
    before: &Document,
    now: &Document,
    tape: &mut Tape,
    named: Named,
) {
    let mut read = |document| named(&IssueFacts::derive("", document, None, tape));
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
        let (mut former, mut tape) = (FormerNames::new(), Tape::new());
        let mut document = |told: &&str| {
            let text = format!(r#"{{"fields":{{"issuetype":{told}}}}}"#);
            Document::parse(&text, &mut tape).unwrap()
        };
        let documents: Vec<Document> = told.iter().map(&mut document).collect();
        for pair in documents.windows(2) {
            note_type(&mut former, &pair[0], &pair[1], &mut tape);
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

    #[test]
    fn a_project_keeps_the_keys_that_it_had() {
        let (mut former, mut tape) = (FormerNames::new(), Tape::new());
        let mut document = |id: &str, key: &str| {
            let text = format!(r#"{{"fields":{{"project":{{"id":"{id}","key":"{key}"}}}}}}"#);
            Document::parse(&text, &mut tape).unwrap()
        };
        let [old, new, other] =
            [("1", "OLD"), ("1", "NEW"), ("2", "OTH")].map(|(id, key)| document(id, key));
        let mut tape = Tape::new();
        note_project(&mut former, &old, &new, &mut tape);
        note_project(&mut former, &new, &other, &mut tape);
        assert_eq!(format!("{former:?}"), r#"{"1": {"OLD"}}"#);
    }
}
