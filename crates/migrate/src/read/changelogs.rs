//! `jira_changelog_cache.json`: entries by issue key, or (second shape) a header with a list of
//! issues that hold their histories; a file may be both.

use model::json::Value;
use model::{CacheHeader, Changelog, Document, Json, Object};
use store::legacy::FindingKind;
use store::legacy::split::{End, PieceText};

use super::records::{Record, Records};
use super::{Batch, Emit, Stop, note_oddities, set_member};

impl Record for Changelog {
    const NOUN: &str = "a changelog";
    const PLURAL: &str = "changelogs";
    const FILE: &str = "jira_changelog_cache.json";

    fn batch(records: Vec<Changelog>) -> Batch {
        Batch::Changelogs(records)
    }

    /// A member is an entry if it is an object with a changelog; anything else is header.
    fn take_member(
        records: &mut Records<Changelog>,
        name: &str,
        text: &PieceText<'_>,
        members: &mut Object,
        emit: &mut Emit<'_>,
    ) -> Result<(), Stop> {
        match records.tape.parse(&text.text) {
            Ok(value) => {
                let oddities = value.oddities();
                note_oddities(name, &oddities, text.is_cp1252, &mut records.outcome.findings);
                if value.get("changelog").is_some() && !name.is_empty() {
                    let document = Document::of(value);
                    records.push(Changelog { key: name.to_owned(), document }, name, emit)
                } else {
                    set_member(members, name, Json::from(value), &mut records.outcome.findings);
                    Ok(())
                }
            }
            Err(error) => records.refuse(name.to_owned(), error.to_string(), text, emit),
        }
    }

    /// An issue without its histories says nothing of them, not that there are none.
    fn refusal(element: &Value<'_>) -> Option<&'static str> {
        let has_histories = element.get("changelog").is_some();
        (!has_histories).then_some("an issue without its histories where a changelog belongs")
    }

    fn note_place(records: &mut Records<Changelog>, end: &End) {
        if records.from_list > 0 || !end.split_members.is_empty() {
            let note = "histories of the list are kept by issue key";
            records.outcome.find("issues", FindingKind::Moved, note);
        }
    }

    /// Changelogs never expire in the old app; they are fetched again with their issues.
    fn complete(_records: &mut Records<Changelog>, header: &mut CacheHeader) {
        header.expires_at = None;
    }
}
