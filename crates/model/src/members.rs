//! The members of every noun, listed once, and their JSON: for files of ours. A value of another
//! type than its member has is an error.

use crate::access_key::Role;
use crate::delivery::{DeliveryKey, DeliveryQuery, DeliverySaid, DeliverySplit, DeliveryState};
use crate::json::{Json, Object};
use crate::stamp::{self, Stamp};
use crate::{
    AccessKey, CacheHeader, Date, Delivery, DeliveryId, Profile, ProfileId, ProjectData, Query,
    QueryId, QueryKey, Rule, Settings, Snapshot, TaskProgress, TaskStatus, TimeZone, Timestamp,
    Week,
};

/// A noun as an object of its members.
pub trait Members: Sized {
    /// The object; absent members are left out.
    fn to_object(&self) -> Object;

    /// Takes the members out of an object; what is left is not known. `noun` names it in errors,
    /// `profile` is the profile that a query belongs to.
    fn take_from(
        object: &mut Object,
        noun: &str,
        profile: Option<&ProfileId>,
    ) -> Result<Self, String>;
}

/// A member by its type.
trait Member: Sized {
    /// Its JSON; `None` to leave it out.
    fn to_json(&self) -> Option<Json>;
    /// Reads it; `Err` says what it is instead.
    fn of_json(json: Option<Json>, profile: Option<&ProfileId>) -> Result<Self, String>;
}

macro_rules! members {
    ($($noun:ident { $($member:ident $(as $name:literal)?),* $(,)? })*) => {$(
        impl Members for $noun {
            fn to_object(&self) -> Object {
                let mut object = Object::new();
                $(object.set_some(members!(@name $member $($name)?), self.$member.to_json());)*
                object
            }

            fn take_from(
                object: &mut Object,
                noun: &str,
                profile: Option<&ProfileId>,
            ) -> Result<$noun, String> {
                Ok($noun {
                    $($member: take(object, members!(@name $member $($name)?), noun, profile)?,)*
                })
            }
        }
    )*};
    (@name $member:ident) => { stringify!($member) };
    (@name $member:ident $name:literal) => { $name };
}

members! {
    Profile { id, name, description, created_at, last_used, settings }
    Settings {
        jira_config, field_mappings, forecast_settings, project_classification, flow_type_mappings,
        show_milestone, show_points, listed_queries, active_query_id, older, extra,
    }
    Query { key as "id", name, jql, description, created_at, updated_at, last_used, extra }
    CacheHeader {
        cache_version, fetched_at, expires_at, jql, jql_hash, fields_requested, last_updated,
        changed_keys, told_total, partial, extra,
    }
    ProjectData {
        statistics, project_scope, metadata, metrics_history, totals, version, last_updated, partial,
        extra,
    }
    Snapshot { week, metric, metrics, forecast }
    Delivery {
        key as "id", name, rule, target, place, state, split, queries, created_at, record, extra,
    }
    AccessKey { id, name, role, hash, made_at, used_at }
    TaskProgress { id, status, percent, message, started_at, updated_at }
}

fn take<T: Member>(
    object: &mut Object,
    name: &str,
    noun: &str,
    profile: Option<&ProfileId>,
) -> Result<T, String> {
    T::of_json(object.remove(name), profile).map_err(|why| format!("{noun}.{name} {why}"))
}

macro_rules! member {
    ($($type:ty, $kind:literal, |$value:ident| $put:expr, |$json:ident| $take:expr;)*) => {$(
        impl Member for $type {
            fn to_json(&self) -> Option<Json> {
                let $value = self;
                $put
            }

            fn of_json($json: Option<Json>, _profile: Option<&ProfileId>) -> Result<$type, String> {
                let read = || $take;
                read().ok_or_else(|| concat!("is no ", $kind).to_owned())
            }
        }
    )*};
}

member! {
    String, "text", |text| Some(Json::text(text)), |json| text(json?);
    Option<String>, "text", |text| text.as_ref().map(Json::text), |json| optional(json, text);
    Json, "value", |value| Some(value.clone()), |json| json;
    Option<Json>, "value", |value| value.clone(), |json| Some(json);
    Object, "object",
        |object| (!object.is_empty()).then(|| Json::Object(object.clone())),
        |json| match json {
            None => Some(Object::new()),
            Some(Json::Object(object)) => Some(object),
            Some(_) => None,
        };
    Timestamp, "time", |at| Some(Json::text(stamp::format(*at))), |json| time(json?);
    Option<Timestamp>, "time", |at| at.as_ref()?.to_json(), |json| optional(json, time);
    Option<Stamp>, "time", |stamp| put_stamp(stamp.as_ref()?), |json| optional(json, take_stamp);
    Week, "ISO week", |week| Some(put_week(*week)), |json| take_week(json?);
    u8, "number", |number| Some(Json::integer((*number).into())), |json| number(&json?);
    Rule, "rule", |rule| Some(Json::text(rule.to_string())), |json| text(json?)?.parse().ok();
    Option<Date>, "day", |day| Some(Json::text(day.as_ref()?.to_string())),
        |json| optional(json, |json| text(json)?.parse().ok());
    u32, "number", |number| Some(Json::integer((*number).into())), |json| number(&json?);
    DeliveryState, "state of a delivery",
        |state| Some(Json::text(state.as_str())),
        |json| DeliveryState::parse(&text(json?)?);
    Option<DeliverySplit>, "way to split a pace",
        |split| Some(Json::text(split.as_ref()?.as_str())),
        |json| optional(json, |json| DeliverySplit::parse(&text(json)?));
    Vec<DeliverySaid>, "list of what was said",
        |record| (!record.is_empty()).then(|| Json::from(&serde_json::json!(record))),
        |json| match json {
            None => Some(Vec::new()),
            Some(json) => serde_json::from_str(&json.to_compact()).ok(),
        };
    Role, "role",
        |role| Some(Json::text(role.as_str())),
        |json| Role::parse(&text(json?)?);
    TaskStatus, "task status",
        |status| Some(Json::text(status.as_str())),
        |json| TaskStatus::parse(&text(json?)?);
}

impl Member for ProfileId {
    fn to_json(&self) -> Option<Json> {
        Some(Json::text(self.as_str()))
    }

    fn of_json(json: Option<Json>, _profile: Option<&ProfileId>) -> Result<ProfileId, String> {
        ProfileId::new(String::of_json(json, None)?).map_err(|error| error.to_string())
    }
}

/// A query stands below its profile and names only itself.
impl Member for QueryKey {
    fn to_json(&self) -> Option<Json> {
        Some(Json::text(self.query.as_str()))
    }

    fn of_json(json: Option<Json>, profile: Option<&ProfileId>) -> Result<QueryKey, String> {
        let id = QueryId::new(String::of_json(json, None)?).map_err(|error| error.to_string())?;
        let profile = profile.ok_or("stands before its profile")?;
        Ok(QueryKey::new(profile.clone(), id))
    }
}

/// A delivery stands below its profile and names only itself.
impl Member for DeliveryKey {
    fn to_json(&self) -> Option<Json> {
        Some(Json::text(self.delivery.as_str()))
    }

    fn of_json(json: Option<Json>, profile: Option<&ProfileId>) -> Result<DeliveryKey, String> {
        let id =
            DeliveryId::new(String::of_json(json, None)?).map_err(|error| error.to_string())?;
        let profile = profile.ok_or("stands before its profile")?;
        Ok(DeliveryKey::new(profile.clone(), id))
    }
}

/// Queries of other profiles name these, those of the own one may come under another id.
impl Member for Vec<DeliveryQuery> {
    fn to_json(&self) -> Option<Json> {
        let query = |query: &DeliveryQuery| {
            let mut object = Object::new();
            object.set("profile", Json::text(query.key.profile.as_str()));
            object.set("query", Json::text(query.key.query.as_str()));
            object.set("name", Json::text(&*query.name));
            Json::Object(object)
        };
        Some(Json::Array(self.iter().map(query).collect()))
    }

    fn of_json(json: Option<Json>, _: Option<&ProfileId>) -> Result<Vec<DeliveryQuery>, String> {
        let member = |json: &Json, name: &str| {
            let text = json.get(name).and_then(Json::as_text).map(|text| text.into_owned());
            text.ok_or_else(|| format!("names a query without {name}"))
        };
        let query = |json: &Json| {
            let (profile, query) = (member(json, "profile")?, member(json, "query")?);
            let key = QueryKey::parse(&profile, &query).map_err(|error| error.to_string())?;
            Ok(DeliveryQuery { key, name: member(json, "name")? })
        };
        match json {
            None => Ok(Vec::new()),
            Some(Json::Array(queries)) => queries.iter().map(query).collect(),
            Some(_) => Err("is no list of queries".to_owned()),
        }
    }
}

impl Member for Settings {
    fn to_json(&self) -> Option<Json> {
        Some(Json::Object(self.to_object()))
    }

    fn of_json(json: Option<Json>, profile: Option<&ProfileId>) -> Result<Settings, String> {
        Settings::take_from(&mut Object::of_json(json, None)?, "settings", profile)
    }
}

fn optional<T>(json: Option<Json>, read: impl Fn(Json) -> Option<T>) -> Option<Option<T>> {
    json.map_or(Some(None), |json| read(json).map(Some))
}

fn text(json: Json) -> Option<String> {
    if let Json::Text(text) = json { Some(text) } else { None }
}

fn number<T: std::str::FromStr>(json: &Json) -> Option<T> {
    if let Json::Number(number) = json { number.parse().ok() } else { None }
}

fn time(json: Json) -> Option<Timestamp> {
    stamp::parse(&text(json)?, &TimeZone::UTC).map(|(at, _)| at)
}

/// The canonical form, or both the moment and the text it was read from.
fn put_stamp(stamp: &Stamp) -> Option<Json> {
    let at = stamp.at.to_json();
    if stamp.text.is_none() && at.is_some() {
        return at;
    }
    let mut object = Object::new();
    object.set_some("at", at);
    object.set_some("text", stamp.text.to_json());
    Some(Json::Object(object))
}

fn take_stamp(json: Json) -> Option<Stamp> {
    match json {
        Json::Text(text) => Some(Stamp::read(&text, &TimeZone::UTC)),
        Json::Object(mut object) => Some(Stamp {
            at: Member::of_json(object.remove("at"), None).ok()?,
            text: Member::of_json(object.remove("text"), None).ok()?,
        }),
        _ => None,
    }
}

/// The ISO label; beyond years of four digits the number of the week.
fn put_week(week: Week) -> Json {
    let label = week.to_string();
    if Week::parse(&label) == Some(week) {
        Json::Text(label)
    } else {
        Json::integer(i64::from(week.number()))
    }
}

fn take_week(json: Json) -> Option<Week> {
    match json {
        Json::Text(label) => Week::parse(&label),
        number_of => number(&number_of).map(Week::from_number),
    }
}
