//! `jira_cache.json`: a header with the list of issues.

use model::{CacheHeader, Issue, Json, Object};
use store::legacy::FindingKind;
use store::legacy::split::{End, PieceText};

use super::records::{Record, Records};
use super::{Batch, Emit, Stop, note_oddities, set_member};

impl Record for Issue {
    const NOUN: &str = "an issue";
    const PLURAL: &str = "issues";
    const FILE: &str = "jira_cache.json";

    fn batch(records: Vec<Issue>) -> Batch {
        Batch::Issues(records)
    }

    fn take_member(
        records: &mut Records<Issue>,
        name: &str,
        text: &PieceText<'_>,
        members: &mut Object,
        emit: &mut Emit<'_>,
    ) -> Result<(), Stop> {
        if name == "issues" {
            return records.take_object(text, emit);
        }
        match records.tape.parse(&text.text) {
            Ok(value) => {
                let oddities = value.oddities();
                let json = Json::from(value);
                note_oddities(name, &oddities, text.is_cp1252, &mut records.outcome.findings);
                if json.get("changelog").is_some() {
                    let why = "a changelog where an issue belongs".to_owned();
                    return records.refuse(name.to_owned(), why, text, emit);
                }
                set_member(members, name, json, &mut records.outcome.findings);
            }
            Err(error) => {
                records.outcome.is_damaged = true;
                records.outcome.find(name, FindingKind::BadRecord, format!("{error}; left out"));
            }
        }
        Ok(())
    }

    fn note_place(records: &mut Records<Issue>, end: &End) {
        if end.opens_with == Some(b'[') {
            let note = "a bare list was taken as the issues";
            records.outcome.find("", FindingKind::Coerced, note);
        }
    }

    fn complete(records: &mut Records<Issue>, header: &mut CacheHeader) {
        let told = header.told_total.as_ref().and_then(Json::as_f64);
        let found = records.outcome.records + records.repeated;
        if told.is_some_and(|told| told != found as f64) {
            let note = format!("the file tells another number than the {found} issues in it");
            records.outcome.find("total_issues", FindingKind::WrongCount, note);
        }
    }
}

impl Records<Issue> {
    /// Issues as an object by key, as people make it by hand; a list never comes here, it is split.
    fn take_object(&mut self, text: &PieceText<'_>, emit: &mut Emit<'_>) -> Result<(), Stop> {
        let parsed = Json::parse(&text.text);
        let Ok(Json::Object(issues)) = &parsed else {
            self.outcome.is_damaged = true;
            let what = parsed.as_ref().map_or("no JSON", Json::kind_name);
            let note = format!("{what} where the issues belong");
            self.outcome.find("issues", FindingKind::WrongType, note);
            return Ok(());
        };
        let note = "an object was taken as the list of issues, in its order";
        self.outcome.find("issues", FindingKind::Coerced, note);
        issues.iter().try_for_each(|(_, issue)| {
            let text = issue.to_compact().into();
            self.take_element(&PieceText { text, is_cp1252: false, at: 0 }, emit)
        })
    }
}
