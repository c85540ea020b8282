//! Lines as records. A value of another type than the format says is damage; members that this
//! version does not know are named and left out.

use model::json::{Kind, Value};
use model::{
    CacheHeader, CacheKind, Changelog, Document, Issue, Json, Object, Profile, ProfileId,
    ProjectData, Query, QueryId, QueryKey, Settings, Snapshot, Stamp, SyncRecord, Tape, TimeZone,
    Timestamp, Week, stamp,
};

use crate::error::{Error, Result};
use crate::record::Record;

/// Reads the line of a record. `profile` is the id of the profile before it, for queries.
pub(crate) struct Decoder {
    tape: Tape,
    /// The profile that was read last.
    profile: Option<ProfileId>,
    /// Members that this version does not know.
    pub unknown: Vec<String>,
}

/// How many unknown members are named.
const UNKNOWN_MAX: usize = 20;

impl Decoder {
    pub fn new() -> Decoder {
        Decoder { tape: Tape::new(), profile: None, unknown: Vec::new() }
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
            "issue" => document(body).map(|(key, document)| Record::Issue(Issue { key, document })),
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
        let Json::Object(object) = Json::from(body) else {
            return Err(damaged(&format!("{name} is no object")));
        };
        let mut members = Members { noun: name, object };
        let record = match name {
            "profile" => {
                let profile = decode_profile(&mut members)?;
                self.profile = Some(profile.id.clone());
                Record::Profile(Box::new(profile))
            }
            "query" => {
                let profile = self.profile.clone();
                let profile =
                    profile.ok_or_else(|| damaged("a query stands before the profile"))?;
                Record::Query(Box::new(decode_query(profile, &mut members)?))
            }
            "issues" => Record::Header(CacheKind::Issues, Box::new(decode_header(&mut members)?)),
            "changelogs" => {
                Record::Header(CacheKind::Changelogs, Box::new(decode_header(&mut members)?))
            }
            "project_data" => Record::ProjectData(Box::new(decode_data(&mut members)?)),
            "snapshot" => Record::Snapshot(decode_snapshot(&mut members)?),
            _ => return Err(damaged("a record is of no known kind")),
        };
        for (member, _) in members.object.iter() {
            let path = format!("{name}.{member}");
            if self.unknown.len() < UNKNOWN_MAX && !self.unknown.contains(&path) {
                self.unknown.push(path);
            }
        }
        Ok(record)
    }
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

/// The members of one record; what was taken is gone.
struct Members<'n> {
    noun: &'n str,
    object: Object,
}

impl Members<'_> {
    fn wrong(&self, name: &str, want: &str) -> Error {
        Error::Damaged(format!("{}.{name} is no {want}", self.noun))
    }

    fn json(&mut self, name: &str) -> Option<Json> {
        self.object.remove(name)
    }

    fn text(&mut self, name: &str) -> Result<Option<String>> {
        match self.json(name) {
            None => Ok(None),
            Some(Json::Text(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(name, "text")),
        }
    }

    fn required(&mut self, name: &str) -> Result<String> {
        self.text(name)?.ok_or_else(|| self.wrong(name, "text"))
    }

    fn object(&mut self, name: &str) -> Result<Object> {
        match self.json(name) {
            None => Ok(Object::new()),
            Some(Json::Object(object)) => Ok(object),
            Some(_) => Err(self.wrong(name, "object")),
        }
    }

    fn time(&mut self, name: &str) -> Result<Option<Timestamp>> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let at = stamp::parse(&text, &TimeZone::UTC);
        at.map(|(at, _)| Some(at)).ok_or_else(|| self.wrong(name, "time"))
    }

    fn stamp(&mut self, name: &str) -> Result<Option<Stamp>> {
        match self.json(name) {
            None => Ok(None),
            Some(Json::Text(text)) => Ok(Some(Stamp::read(&text, &TimeZone::UTC))),
            Some(Json::Object(object)) => {
                let mut members = Members { noun: name, object };
                Ok(Some(Stamp { at: members.time("at")?, text: members.text("text")? }))
            }
            Some(_) => Err(self.wrong(name, "time")),
        }
    }
}

fn decode_profile(members: &mut Members<'_>) -> Result<Profile> {
    let id =
        ProfileId::new(members.required("id")?).map_err(|error| damaged(&error.to_string()))?;
    Ok(Profile {
        id,
        name: members.required("name")?,
        description: members.text("description")?,
        created_at: members.stamp("created_at")?,
        last_used: members.stamp("last_used")?,
        settings: decode_settings(members.object("settings")?)?,
    })
}

fn decode_settings(object: Object) -> Result<Settings> {
    let mut members = Members { noun: "settings", object };
    let (older, extra) = (members.object("older")?, members.object("extra")?);
    let mut settings = Settings { older, extra, ..Settings::default() };
    for (name, group) in settings.groups_mut() {
        *group = members.json(name);
    }
    Ok(settings)
}

fn decode_query(profile: ProfileId, members: &mut Members<'_>) -> Result<Query> {
    let id = QueryId::new(members.required("id")?).map_err(|error| damaged(&error.to_string()))?;
    Ok(Query {
        key: QueryKey::new(profile, id),
        name: members.required("name")?,
        jql: members.required("jql")?,
        description: members.text("description")?,
        created_at: members.stamp("created_at")?,
        updated_at: members.stamp("updated_at")?,
        last_used: members.stamp("last_used")?,
        extra: members.object("extra")?,
    })
}

fn decode_header(members: &mut Members<'_>) -> Result<CacheHeader> {
    Ok(CacheHeader {
        cache_version: members.json("cache_version"),
        fetched_at: members.stamp("fetched_at")?,
        expires_at: members.time("expires_at")?,
        jql: members.text("jql")?,
        jql_hash: members.text("jql_hash")?,
        fields_requested: members.text("fields_requested")?,
        last_updated: members.stamp("last_updated")?,
        changed_keys: members.json("changed_keys"),
        told_total: members.json("told_total"),
        partial: members.text("partial")?,
        extra: members.object("extra")?,
    })
}

fn decode_data(members: &mut Members<'_>) -> Result<ProjectData> {
    Ok(ProjectData {
        statistics: members.json("statistics"),
        project_scope: members.json("project_scope"),
        metadata: members.json("metadata"),
        metrics_history: members.json("metrics_history"),
        totals: members.object("totals")?,
        version: members.json("version"),
        last_updated: members.stamp("last_updated")?,
        partial: members.text("partial")?,
        extra: members.object("extra")?,
    })
}

fn decode_snapshot(members: &mut Members<'_>) -> Result<Snapshot> {
    let week = match members.json("week") {
        Some(Json::Text(label)) => Week::parse(&label),
        Some(Json::Number(number)) => number.parse().ok().map(Week::from_number),
        _ => None,
    };
    Ok(Snapshot {
        week: week.ok_or_else(|| members.wrong("week", "ISO week"))?,
        metric: members.required("metric")?,
        metrics: members.json("metrics").ok_or_else(|| members.wrong("metrics", "value"))?,
        forecast: members.json("forecast"),
    })
}
