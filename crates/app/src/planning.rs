//! What a profile is planned by: its deadlines, and the days that are worked on.

use std::collections::BTreeSet;

use forecast::{Deadline, WorkingCalendar};
use model::plain::is_direction;
use model::{Date, Json, Object, ProfileId, Settings, TimeZone};

use crate::App;
use crate::error::{Error, Parameter, Result};
use crate::parameter::day;

/// Most deadlines of a profile.
pub const MILESTONES_MAX: usize = 20;
const NAME_CHARACTERS_MAX: usize = 60;

/// Members of the forecast settings that the old app wrote, with the name shown for each.
const OF_OLD_APP: [(&str, &str); 2] = [("deadline", "Deadline"), ("milestone", "Milestone")];
/// The member that holds all others.
const MILESTONES: &str = "milestones";
/// Days of the week as they are stored.
pub(crate) const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The deadlines of a profile by date. Members that are no date are passed over.
pub fn milestones(settings: &Settings) -> Vec<Deadline> {
    let Some(group) = &settings.forecast_settings else { return Vec::new() };
    let named =
        |name: &str, value: &Json| Some(Deadline { name: name.to_owned(), date: date(value)? });
    let old = OF_OLD_APP.iter().filter_map(|(member, name)| named(name, group.get(member)?));
    let others = group.get(MILESTONES).and_then(Json::as_array).unwrap_or_default();
    let others =
        others.iter().filter_map(|entry| named(&entry.get("name")?.as_text()?, entry.get("date")?));
    let mut all: Vec<Deadline> = old.chain(others).collect();
    all.sort_by(|a, b| a.date.cmp(&b.date).then_with(|| a.name.cmp(&b.name)));
    all
}

/// The working days of a profile: Monday to Friday unless it names others.
pub fn calendar(settings: &Settings) -> WorkingCalendar {
    let usual = WorkingCalendar::default();
    let Some(group) = &settings.forecast_settings else { return usual };
    let texts = |member: &str| {
        let listed = group.get(member).and_then(Json::as_array)?;
        Some(
            listed
                .iter()
                .filter_map(|value| Some(value.as_text()?.to_lowercase()))
                .collect::<Vec<_>>(),
        )
    };
    let weekdays =
        texts("working_days").map(|days| WEEKDAYS.map(|day| days.iter().any(|found| found == day)));
    let holidays = texts("holidays").unwrap_or_default();
    WorkingCalendar {
        weekdays: weekdays.filter(|days| days.contains(&true)).unwrap_or(usual.weekdays),
        holidays: holidays.iter().filter_map(|day| day.parse().ok()).collect::<BTreeSet<Date>>(),
    }
}

/// The time zone of a profile, if it is set to one that is known.
pub fn time_zone(settings: &Settings) -> Option<TimeZone> {
    let name = settings.forecast_settings.as_ref()?.get("time_zone")?.as_text()?;
    TimeZone::get(name.trim()).ok()
}

/// How many best and worst weeks the old app's date is made of: its setting, from 1 to 15.
pub fn pert_factor(settings: &Settings) -> usize {
    const USUAL: f64 = 3.0;
    let set =
        settings.forecast_settings.as_ref().and_then(|group| group.get("pert_factor")?.as_f64());
    set.unwrap_or(USUAL).round().clamp(1.0, 15.0) as usize
}

fn date(value: &Json) -> Option<Date> {
    value.as_text()?.parse().ok()
}

impl App {
    /// The deadlines of a profile; an error if it is not there.
    pub fn milestones(&self, profile: &ProfileId) -> Result<Vec<Deadline>> {
        let found = self.store.read()?.profile(profile)?;
        let found = found.ok_or_else(|| store::Error::ProfileNotFound(profile.clone()))?;
        Ok(milestones(&found.settings))
    }

    /// Sets a deadline, in place of one of that name (ignoring case). An error names what is wrong
    /// with name or date, and nothing is changed.
    pub fn put_milestone(&self, profile: &ProfileId, name: &str, date: &str) -> Result<()> {
        let milestone = Deadline { name: checked_name(name)?, date: checked_date(date.trim())? };
        self.change_planning(profile, &mut |group| put(group, &milestone))
    }

    /// Takes a deadline away; an error if there is none of that name.
    pub fn remove_milestone(&self, profile: &ProfileId, name: &str) -> Result<()> {
        self.change_planning(profile, &mut |group| remove(group, name.trim()))
    }

    fn change_planning(
        &self,
        id: &ProfileId,
        change: &mut dyn FnMut(&mut Object) -> Result<()>,
    ) -> Result<()> {
        let mut writer = self.store.write()?;
        let found = writer.profile(id)?;
        let mut profile = found.ok_or_else(|| store::Error::ProfileNotFound(id.clone()))?;
        let group =
            profile.settings.forecast_settings.get_or_insert_with(|| Json::Object(Object::new()));
        let Json::Object(group) = group else {
            let remedy = "the forecast settings of the profile are no object; correct them first";
            return Err(Error::about(Parameter::Thing("the profile"), id.as_str(), remedy));
        };
        change(group)?;
        writer.put_profile(&profile)?;
        Ok(writer.commit()?)
    }
}

fn checked_date(given: &str) -> Result<Date> {
    day(given)
        .map_err(|expected| Error::about(Parameter::Thing("the date"), given, expected.to_string()))
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    let is_fit = !name.is_empty()
        && name.chars().count() <= NAME_CHARACTERS_MAX
        && !name.chars().any(|character| character.is_control() || is_direction(character));
    let remedy = || {
        format!("give it a name of 1 to {NAME_CHARACTERS_MAX} characters, none of them invisible")
    };
    let shown: String = name.chars().take(NAME_CHARACTERS_MAX).collect();
    if is_fit {
        Ok(name.to_owned())
    } else {
        Err(Error::about(Parameter::Thing("the milestone"), &shown, remedy()))
    }
}

fn put(group: &mut Object, milestone: &Deadline) -> Result<()> {
    let date = Json::text(milestone.date.to_string());
    if let Some(member) = member_of_old_app(&milestone.name) {
        group.set(member, date);
        return Ok(());
    }
    let mut others = others(group);
    others.retain(|entry| !is_named(entry, &milestone.name));
    if others.len() >= MILESTONES_MAX {
        let remedy = format!("a profile has at most {MILESTONES_MAX}; remove one first");
        return Err(Error::about(Parameter::Thing("the milestone"), &milestone.name, remedy));
    }
    let mut entry = Object::new();
    entry.set("name", Json::text(milestone.name.clone()));
    entry.set("date", date);
    others.push(Json::Object(entry));
    group.set(MILESTONES, Json::Array(others));
    Ok(())
}

fn remove(group: &mut Object, name: &str) -> Result<()> {
    let none =
        || Error::about(Parameter::Thing("the milestone"), name, "there is none of that name");
    if let Some(member) = member_of_old_app(name) {
        group.get(member).and_then(date).ok_or_else(none)?;
        group.set(member, Json::Null);
        return Ok(());
    }
    let mut others = others(group);
    let before = others.len();
    others.retain(|entry| !is_named(entry, name));
    if others.len() == before {
        return Err(none());
    }
    group.set(MILESTONES, Json::Array(others));
    Ok(())
}

fn member_of_old_app(name: &str) -> Option<&'static str> {
    let found = OF_OLD_APP.iter().find(|(_, shown)| shown.eq_ignore_ascii_case(name));
    found.map(|(member, _)| *member)
}

fn others(group: &Object) -> Vec<Json> {
    group.get(MILESTONES).and_then(Json::as_array).unwrap_or_default().to_vec()
}

fn is_named(entry: &Json, name: &str) -> bool {
    let found = entry.get("name").and_then(Json::as_text);
    found.is_some_and(|found| found.to_lowercase() == name.to_lowercase())
}

#[cfg(test)]
mod tests;
