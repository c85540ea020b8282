//! Sentences in JSON answers: where an answer has a code, its JSON has the sentence, and the code
//! beside it in a member that ends in `_code`.

use forecast::ForecastStatement;
use metrics::{Note, Reason, SignalStatement};
use model::Remedy;
use serde::ser::Error;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::{Front, note, reason, remedy, signal, statement};

/// Members that hold a code with its values.
const SAID: [&str; 5] = ["reason", "remedy", "sentence", "evidence", "headline"];

/// Member that holds an issue as Jira sent it.
const DOCUMENT: &str = "document";

/// An answer whose JSON has the sentences: those of pages, whoever asks.
#[derive(Debug)]
pub struct Told<A>(pub A);

impl<A: Serialize> Serialize for Told<A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut value = serde_json::to_value(&self.0).map_err(S::Error::custom)?;
        tell(&mut value);
        value.serialize(serializer)
    }
}

fn tell(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(tell),
        Value::Object(members) => {
            if let Some(sentence) = of_note(members) {
                members.insert("sentence".to_owned(), sentence.into());
            }
            for name in SAID {
                let said = members.get(name).and_then(|value| said(name, value));
                if let Some((code, sentence)) = said {
                    members.insert(name.to_owned(), sentence.into());
                    members.insert(format!("{name}_code"), code.into());
                }
            }
            let ours = members.iter_mut().filter(|(name, _)| *name != DOCUMENT);
            ours.for_each(|(_, value)| tell(value));
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
fn said(member: &str, value: &Value) -> Option<(String, String)> {
    let code = value.get("code")?.as_str()?.to_owned();
    let sentence = match member {
        "reason" => reason(&Reason::deserialize(value).ok()?),
        "remedy" => remedy(Remedy::deserialize(value).ok()?, Front::Page).to_owned(),
        _ => match ForecastStatement::deserialize(value) {
            Ok(said) => statement(&said),
            Err(_) => signal(&SignalStatement::deserialize(value).ok()?, Front::Page),
        },
    };
    Some((code, sentence))
}

#[cfg(test)]
mod tests;
