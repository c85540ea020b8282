//! Lines as records. A value of another type than the format says is damage; members that this
//! version does not know are named and left out.

use model::json::{Kind, Value};
use model::{
    CacheKind, Changelog, Delivery, Document, Issue, Json, Members, Object, Profile, ProfileId,
    Status, SyncRecord, Tape, Timestamp,
};

use super::{DELIVERIES, LEFT, STATUSES};
use crate::bounds;
use crate::error::{Error, Result};
use crate::record::{Record, WholeProfile};

/// Reads the line of a record. `profile` is the id of the profile before it, for queries.
pub(crate) struct Decoder {
    tape: Tape,
    /// The profile that was read last.
    profile: Option<ProfileId>,
    /// Longest record that is no issue and no changelog, in bytes.
    noun_bytes_max: usize,
    /// Members that this version does not know.
    pub unknown: Vec<String>,
}

/// How many unknown members are named.
const UNKNOWN_MAX: usize = 20;

impl Decoder {
    pub fn new(noun_bytes_max: usize) -> Decoder {
        Decoder { tape: Tape::new(), profile: None, noun_bytes_max, unknown: Vec::new() }
    }

    /// The record of a line.
    pub fn record(&mut self, line: &str) -> Result<Record> {
        let mut tape = std::mem::take(&mut self.tape);
        let record = match tape.parse(line) {
            Ok(value) => self.value(value, true),
            Err(error) => Err(damaged(&error.to_string())),
        };
        self.tape = tape;
        record
    }

    fn value(&mut self, value: Value<'_>, may_be_lenient: bool) -> Result<Record> {
        let (name, body) = only_member(value)?;
        match name.as_str() {
            "lenient" if may_be_lenient => {
                let text = body.as_text().ok_or_else(|| damaged("lenient is no text"))?;
                let mut tape = Tape::new();
                let inner = tape.parse(&text).map_err(|error| damaged(&error.to_string()))?;
                self.value(inner, false)
            }
            "issue" => {
                let (key, document) = document(body)?;
                Ok(Record::Issue(Issue { key, document }, left(body)?))
            }
            "changelog" => {
                document(body).map(|(key, document)| Record::Changelog(Changelog { key, document }))
            }
            "sync" => {
                let sync = SyncRecord::read(body.raw());
                let sync = sync.ok_or_else(|| damaged("an entry of the ledger cannot be read"))?;
                Ok(Record::Sync(Box::new(sync)))
            }
            _ => self.noun(&name, body),
        }
    }

    fn noun(&mut self, name: &str, body: Value<'_>) -> Result<Record> {
        let bytes = body.raw().len();
        if bytes > self.noun_bytes_max {
            let max = self.noun_bytes_max >> 20;
            return Err(Error::TooLarge(format!(
                "a {name} in it has {bytes} bytes, more than {max} MiB"
            )));
        }
        let body = Json::from(body);
        if ["profile", "query"].contains(&name) {
            bounds::check_members(&body)?;
        }
        let Json::Object(mut object) = body else {
            return Err(damaged(&format!("{name} is no object")));
        };
        let object = &mut object;
        let record = match name {
            "profile" => {
                let profile: Profile = self.members(name, object)?;
                self.profile = Some(profile.id.clone());
                let deliveries = self.deliveries(object)?;
                let statuses = statuses(object)?;
                Record::Profile(Box::new(WholeProfile { profile, deliveries, statuses }))
            }
            "query" if self.profile.is_none() => {
                return Err(damaged("a query stands before the profile"));
            }
            "query" => Record::Query(Box::new(self.members(name, object)?)),
            "issues" => Record::Header(CacheKind::Issues, Box::new(self.members(name, object)?)),
            "changelogs" => {
                Record::Header(CacheKind::Changelogs, Box::new(self.members(name, object)?))
            }
            "project_data" => Record::ProjectData(Box::new(self.members(name, object)?)),
            "snapshot" => Record::Snapshot(self.members(name, object)?),
            _ => return Err(damaged("a record is of no known kind")),
        };
        for (member, _) in object.iter() {
            let path = format!("{name}.{member}");
            if self.unknown.len() < UNKNOWN_MAX && !self.unknown.contains(&path) {
                self.unknown.push(path);
            }
        }
        Ok(record)
    }
}

impl Decoder {
    /// The deliveries of the profile that was read last. Members that this version does not know
    /// stay in them.
    fn deliveries(&self, profile: &mut Object) -> Result<Vec<Delivery>> {
        let delivery = |entry: Json| {
            let Json::Object(mut object) = entry else {
                return Err(damaged("a delivery is no object"));
            };
            let mut delivery: Delivery = self.members("delivery", &mut object)?;
            object.iter().for_each(|(name, value)| delivery.extra.set(name, value.clone()));
            Ok(delivery)
        };
        taken_list(profile, DELIVERIES)?.into_iter().map(delivery).collect()
    }

    fn members<N: Members>(&self, noun: &str, object: &mut Object) -> Result<N> {
        N::take_from(object, noun, self.profile.as_ref()).map_err(Error::Damaged)
    }
}

/// The statuses of a profile, as its server listed them.
fn statuses(profile: &mut Object) -> Result<Vec<Status>> {
    let status =
        |entry: &Json| Status::read(entry).ok_or_else(|| damaged("a status cannot be read"));
    taken_list(profile, STATUSES)?.iter().map(status).collect()
}

/// The entries of a list of a profile, which is taken out of it; none where it is not there.
fn taken_list(profile: &mut Object, name: &str) -> Result<Vec<Json>> {
    match profile.remove(name) {
        None => Ok(Vec::new()),
        Some(Json::Array(list)) => Ok(list),
        Some(_) => Err(damaged(&format!("the {name} of a profile are no list"))),
    }
}

/// When an issue left its query, if it did.
fn left(issue: Value<'_>) -> Result<Option<Timestamp>> {
    let Some(left) = issue.get(LEFT) else { return Ok(None) };
    let at = left.as_text().and_then(|text| text.parse().ok());
    at.map(Some).ok_or_else(|| damaged("when an issue left cannot be read"))
}

fn damaged(what: &str) -> Error {
    Error::Damaged(what.to_owned())
}

fn only_member(value: Value<'_>) -> Result<(String, Value<'_>)> {
    let mut members = value.members();
    match (members.next(), members.next()) {
        (Some((name, body)), None) if value.kind() == Kind::Object => {
            Ok((name.as_text().unwrap_or_default().into_owned(), body))
        }
        _ => Err(damaged("a record is no object with one member")),
    }
}

/// Key and document, taken token for token.
fn document(body: Value<'_>) -> Result<(String, Document)> {
    let key = body.get("key").and_then(|key| key.as_text()).filter(|key| !key.is_empty());
    let document = body.get("document").map(Document::of);
    match (key, document) {
        (Some(key), Some(document)) => Ok((key.into_owned(), document)),
        _ => Err(damaged("an issue or changelog lacks its key or its document")),
    }
}
