//! Taking named members out of an object, with a finding wherever the type is not the usual one.

use model::secret::take_secrets;
use model::{Json, Object, Stamp, TimeZone, stamp};

use super::finding::{Finding, FindingKind};

/// Takes members out of one legacy object and gathers what was odd.
pub(super) struct Taker<'z> {
    pub object: Object,
    pub zone: &'z TimeZone,
    pub findings: Vec<Finding>,
}

impl<'z> Taker<'z> {
    /// Begins with an object, without the secrets that somebody put into it.
    pub fn of(mut object: Object, zone: &'z TimeZone) -> Taker<'z> {
        let findings = take_secrets(&mut object)
            .into_iter()
            .map(|(path, _)| {
                Finding::new(path, FindingKind::SecretRemoved, "a secret does not belong here")
            })
            .collect();
        Taker { object, zone, findings }
    }

    pub fn note(&mut self, path: &str, kind: FindingKind, note: impl Into<String>) {
        self.findings.push(Finding::new(path, kind, note));
    }

    /// A text member. Scalars become their text; lists and objects are left out.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.object.remove(name)? {
            Json::Text(text) => Some(text),
            Json::Surrogate(raw) => {
                self.note(name, FindingKind::LoneSurrogate, format!("was {raw:?}"));
                Json::Surrogate(raw).as_text().map(|text| text.into_owned())
            }
            Json::Null => {
                self.note(name, FindingKind::NullText, "null was read as absent");
                None
            }
            Json::Number(text) => {
                self.note(name, FindingKind::Coerced, "a number was taken as text");
                Some(text.into())
            }
            Json::Bool(truth) => {
                self.note(name, FindingKind::Coerced, "a truth value was taken as text");
                Some(truth.to_string())
            }
            Json::Array(elements) if elements.iter().all(|e| matches!(e, Json::Text(_))) => {
                self.note(name, FindingKind::Coerced, "a list was taken as comma separated text");
                let texts: Vec<_> = elements.iter().filter_map(Json::as_text).collect();
                Some(texts.join(","))
            }
            other => {
                let note = format!("{} where text belongs was left out", other.kind_name());
                self.note(name, FindingKind::WrongType, note);
                None
            }
        }
    }

    /// A text member that has another place than the file.
    pub fn moved_text(&mut self, name: &str) -> Option<String> {
        let text = self.text(name)?;
        self.note(name, FindingKind::Moved, "not part of the old app's file");
        Some(text)
    }

    /// A point in time; text that names none is kept.
    pub fn stamp(&mut self, name: &str) -> Option<Stamp> {
        let text = self.text(name)?;
        match stamp::parse(&text, self.zone) {
            None => self.note(name, FindingKind::UnreadableTime, format!("{text:?} names no time")),
            Some((_, stamp::Zone::Assumed)) => {
                self.note(name, FindingKind::ZoneAssumed, "taken as local time");
            }
            Some((_, stamp::Zone::Told)) => {}
        }
        Some(Stamp::read(&text, self.zone))
    }

    /// A member of any type.
    pub fn json(&mut self, name: &str) -> Option<Json> {
        self.object.remove(name)
    }

    /// What is left: members that nobody knows.
    pub fn rest(&mut self) -> Object {
        let rest = std::mem::take(&mut self.object);
        for (name, _) in rest.iter() {
            self.findings.push(Finding::new(name, FindingKind::UnknownMember, "kept as it is"));
        }
        rest
    }
}
