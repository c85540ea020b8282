//! Sentences in JSON answers: where an answer has a code, its JSON has the sentence, and the code
//! beside it in a member that ends in `_code`.

use app::issue::IssueDetail;
use forecast::ForecastStatement;
use metrics::{Note, Reason, SignalStatement};
use model::{Json, Remedy};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Front, note, reason, remedy, signal, statement};

/// Members that hold a code with its values.
const SAID: [&str; 5] = ["reason", "remedy", "sentence", "evidence", "headline"];

/// An answer with its sentences.
pub fn told(answer: &impl Serialize, front: Front) -> Value {
    let mut value = serde_json::to_value(answer).unwrap_or_default();
    tell(&mut value, front);
    value
}

/// An issue with its sentences. Its document is as Jira sent it.
#[derive(Debug, Serialize)]
pub struct ToldIssue<'i> {
    #[serde(flatten)]
    answer: Value,
    document: &'i Json,
}

impl<'i> ToldIssue<'i> {
    /// The same issue.
    pub fn of(issue: &'i IssueDetail, front: Front) -> ToldIssue<'i> {
        let IssueDetail { trail, facts, fetched_at, history, document } = issue;
        let answer = serde_json::json!({
            "trail": trail,
            "facts": facts,
            "fetched_at": fetched_at,
            "history": told(history, front),
        });
        ToldIssue { answer, document }
    }
}

fn tell(value: &mut Value, front: Front) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| tell(value, front)),
        Value::Object(members) => {
            if let Some(sentence) = of_note(members) {
                members.insert("sentence".to_owned(), sentence.into());
            }
            for name in SAID {
                let said = members.get(name).and_then(|value| said(name, value, front));
                if let Some((code, sentence)) = said {
                    members.insert(name.to_owned(), sentence.into());
                    members.insert(format!("{name}_code"), code.into());
                }
            }
            members.values_mut().for_each(|value| tell(value, front));
        }
        _ => {}
    }
}

fn of_note(members: &Map<String, Value>) -> Option<String> {
    let is_note =
        ["code", "remedy", "shares", "keys"].iter().all(|name| members.contains_key(*name));
    let members = is_note.then(|| Value::Object(members.clone()))?;
    Some(note(&Note::deserialize(members).ok()?))
}

/// A code and its sentence.
fn said(member: &str, value: &Value, front: Front) -> Option<(String, String)> {
    let code = value.get("code")?.as_str()?.to_owned();
    let sentence = match member {
        "reason" => reason(&Reason::deserialize(value).ok()?),
        "remedy" => remedy(Remedy::deserialize(value).ok()?, front).to_owned(),
        _ => match ForecastStatement::deserialize(value) {
            Ok(said) => statement(&said),
            Err(_) => signal(&SignalStatement::deserialize(value).ok()?, front),
        },
    };
    Some((code, sentence))
}

#[cfg(test)]
mod tests;
