//! What kinds of values settings have: how each is typed, checked, stored and shown again.

use std::collections::BTreeSet;

use model::connection::{self, Auth};
use model::plain::is_direction;
use model::{Date, Json, Object, TimeZone};

use crate::figures::WEEKS_MAX;
use crate::planning::{MILESTONES_MAX, WEEKDAYS};

/// Most names of a list, and most holidays.
const LINES_MAX: usize = 400;
/// Longest name in characters.
const NAME_CHARACTERS_MAX: usize = 200;
const MILESTONE_CHARACTERS_MAX: usize = 60;
/// Longest time zone, e-mail address or field id in characters.
const WORD_CHARACTERS_MAX: usize = 254;

/// What is wrong with a value and what to do, as a part of a sentence.
pub type Why = String;

/// A kind of value. In text it is a list of lines; none of them means that it is not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// So many weeks.
    Weeks,
    /// How many best and worst weeks the old app took.
    PertWeeks,
    /// A day.
    Day,
    /// Days, a line each.
    Days,
    /// Days with a name behind each, a line each.
    Milestones,
    /// `on` or `off`.
    Switch,
    /// The name of a time zone.
    Zone,
    /// Days of the week.
    Weekdays,
    /// Names that Jira gives, a line each.
    Names(Noun),
    /// The address of a Jira server.
    Address,
    /// A kind of authentication.
    Authentication,
    /// An e-mail address.
    Email,
    /// The id of a Jira field.
    FieldId,
}

/// What names are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    /// Statuses.
    Status,
    /// Resolutions.
    Resolution,
    /// Types of issues.
    IssueType,
    /// Keys of projects.
    Project,
}

impl Kind {
    /// Whether it may have several lines.
    pub fn is_list(self) -> bool {
        matches!(self, Self::Days | Self::Milestones | Self::Weekdays | Self::Names(_))
    }

    /// Lines as somebody typed them, in the form that is kept.
    pub(super) fn check(self, typed: &[String]) -> Result<Vec<String>, Why> {
        let lines = typed.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
        let lines: Vec<&str> = lines.collect();
        if let Self::Weekdays = self {
            return weekdays(&lines);
        }
        if lines.len() > if self.is_list() { LINES_MAX } else { 1 } {
            let most = if self.is_list() { "400 of them" } else { "one value" };
            return Err(format!("give at most {most}"));
        }
        let mut checked = Vec::with_capacity(lines.len());
        for line in lines {
            checked.push(self.check_line(line)?);
        }
        match self {
            Self::Days => Ok(checked.into_iter().collect::<BTreeSet<_>>().into_iter().collect()),
            Self::Milestones => milestones(checked),
            Self::Names(_) => Ok(without_twins(checked)),
            _ => Ok(checked),
        }
    }

    fn check_line(self, line: &str) -> Result<String, Why> {
        match self {
            Self::Weeks => whole(line, WEEKS_MAX),
            Self::PertWeeks => whole(line, 15),
            Self::Day | Self::Days => day(line).map(|day| day.to_string()),
            Self::Milestones => milestone(line),
            Self::Switch => one_of(line, &["on", "off"]),
            Self::Zone => zone(line),
            Self::Weekdays => Ok(line.to_owned()),
            Self::Names(_) => name(line, NAME_CHARACTERS_MAX),
            Self::Address => Ok(connection::check_address(line)?),
            Self::Authentication => one_of(line, &Auth::ALL.map(|(word, _)| word)),
            Self::Email => email(line),
            Self::FieldId => field_id(line),
        }
    }

    /// Checked lines as they are stored; entries of the list that is there `before` stay as they
    /// are.
    pub(super) fn to_json(self, lines: &[String], before: Option<&Json>) -> Option<Json> {
        let first = lines.first();
        match self {
            Self::Weeks | Self::PertWeeks => Some(Json::integer(first?.parse().ok()?)),
            Self::Switch => Some(Json::Bool(first? == "on")),
            Self::Milestones => Some(Json::Array(entries(lines, before))),
            Self::Days | Self::Weekdays | Self::Names(_) => {
                Some(Json::Array(lines.iter().map(Json::text).collect()))
            }
            _ => Some(Json::text(first?)),
        }
    }

    /// What is stored as lines; what means nothing is passed over.
    pub(super) fn lines(self, stored: &Json) -> Vec<String> {
        let lines: Vec<String> = match (self, stored) {
            (Self::Weeks | Self::PertWeeks, number) => {
                number.as_f64().map(|number| number.round().to_string()).into_iter().collect()
            }
            (Self::Switch, Json::Bool(is_on)) => vec![on_off(*is_on)],
            // The old app stores the checklist itself.
            (Self::Switch, Json::Array(checked)) => vec![on_off(!checked.is_empty())],
            (Self::Milestones, Json::Array(entries)) => {
                entries.iter().filter_map(milestone_line).collect()
            }
            (_, Json::Array(texts)) if self.is_list() => texts.iter().filter_map(text).collect(),
            (_, one) => text(one).into_iter().collect(),
        };
        let fit = |line: &String| self.check(std::slice::from_ref(line)).is_ok();
        let fit: Vec<String> = lines.into_iter().filter(fit).collect();
        self.check(&fit).unwrap_or_default()
    }

    /// Whether two checked values mean the same.
    pub(super) fn is_same(self, a: &[String], b: &[String]) -> bool {
        match self {
            Self::Names(_) => folded(a) == folded(b),
            _ => a == b,
        }
    }
}

fn folded(names: &[String]) -> BTreeSet<String> {
    names.iter().map(|name| metrics::fold(name)).collect()
}

fn on_off(is_on: bool) -> String {
    if is_on { "on" } else { "off" }.to_owned()
}

fn text(value: &Json) -> Option<String> {
    value.as_text().map(|text| text.into_owned())
}

fn milestone_line(entry: &Json) -> Option<String> {
    Some(format!("{} {}", text(entry.get("date")?)?, text(entry.get("name")?)?))
}

/// Entries for these lines; what is there already is kept with all it holds, and so is what nobody
/// can read.
fn entries(lines: &[String], before: Option<&Json>) -> Vec<Json> {
    let before = before.and_then(Json::as_array).unwrap_or_default();
    let line_of = |entry: &Json| Kind::Milestones.lines(&Json::Array(vec![entry.clone()])).pop();
    let wanted = lines.iter().map(|line| {
        let same = before.iter().find(|entry| line_of(entry).as_ref() == Some(line));
        same.cloned().unwrap_or_else(|| entry(line))
    });
    let unread = before.iter().filter(|entry| line_of(entry).is_none()).cloned();
    wanted.chain(unread).collect()
}

fn entry(line: &str) -> Json {
    let (date, name) = line.split_once(' ').unwrap_or((line, ""));
    let mut entry = Object::new();
    entry.set("name", Json::text(name));
    entry.set("date", Json::text(date));
    Json::Object(entry)
}

fn whole(line: &str, max: usize) -> Result<String, Why> {
    let number = line.parse::<usize>().ok().filter(|number| (1..=max).contains(number));
    let number = number.map(|number| number.to_string());
    number.ok_or_else(|| format!("give a whole number from 1 to {max}"))
}

fn day(line: &str) -> Result<Date, Why> {
    let day = line.parse().ok().filter(|day: &Date| day.to_string() == line);
    let day = day.filter(|day| (1970..2200).contains(&day.year()));
    day.ok_or_else(|| format!("{:?} is no day; write it as 2026-12-24", cut(line)))
}

fn milestone(line: &str) -> Result<String, Why> {
    let (date, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let (day, name) = (day(date)?, name.trim());
    if name.is_empty() {
        return Err(format!("{:?} has no name; write 2026-12-24 Release", cut(line)));
    }
    if ["deadline", "milestone"].contains(&name.to_lowercase().as_str()) {
        return Err(format!("{name:?} has a field of its own; choose another name"));
    }
    Ok(format!("{day} {}", self::name(name, MILESTONE_CHARACTERS_MAX)?))
}

fn milestones(lines: Vec<String>) -> Result<Vec<String>, Why> {
    let mut names = BTreeSet::new();
    let twin = lines.iter().find(|line| {
        let name = line.split_once(' ').map_or("", |(_, name)| name);
        !names.insert(name.to_lowercase())
    });
    if let Some(twin) = twin {
        return Err(format!(
            "{:?} has a name that another one has; choose another name",
            cut(twin)
        ));
    }
    if lines.len() > MILESTONES_MAX {
        return Err(format!("give at most {MILESTONES_MAX} of them"));
    }
    Ok(lines.into_iter().collect::<BTreeSet<_>>().into_iter().collect())
}

fn one_of(line: &str, words: &[&str]) -> Result<String, Why> {
    let word = line.to_lowercase();
    let is_known = words.contains(&word.as_str());
    if is_known { Ok(word) } else { Err(format!("it is one of {}", words.join(", "))) }
}

fn zone(line: &str) -> Result<String, Why> {
    let zone = TimeZone::get(line).ok().filter(|_| line.chars().count() <= WORD_CHARACTERS_MAX);
    let name = zone.as_ref().and_then(|zone| zone.iana_name()).map(str::to_owned);
    name.ok_or_else(|| {
        format!("no time zone is called {:?}; write one such as Europe/Vienna or UTC", cut(line))
    })
}

/// Days of the week in order; `mon-fri` names those between, also over the end of the week.
fn weekdays(lines: &[&str]) -> Result<Vec<String>, Why> {
    let mut days = [false; 7];
    for part in lines.iter().flat_map(|line| line.split([',', ' '])).filter(|part| !part.is_empty())
    {
        let part = part.to_lowercase();
        let (first, last) = part.split_once('-').unwrap_or((&part, &part));
        let place = |day: &str| WEEKDAYS.iter().position(|known| *known == day);
        let (Some(first), Some(last)) = (place(first), place(last)) else {
            return Err(format!(
                "{:?} is no day of the week; write mon-fri or mon tue",
                cut(&part)
            ));
        };
        let count = (last + 7 - first) % 7;
        let named = |place: usize| (place + 7 - first) % 7 <= count;
        days.iter_mut().enumerate().for_each(|(place, day)| *day |= named(place));
    }
    let chosen = WEEKDAYS.iter().zip(days).filter(|(_, is_chosen)| *is_chosen);
    Ok(chosen.map(|(day, _)| (*day).to_owned()).collect())
}

/// A name that can be seen and is not too long.
fn name(line: &str, characters_max: usize) -> Result<String, Why> {
    if line.chars().count() > characters_max {
        return Err(format!("{:?} is longer than {characters_max} characters", cut(line)));
    }
    if line.chars().any(|c| c.is_control() || is_direction(c)) {
        return Err(format!("{:?} holds invisible characters; leave them out", cut(line)));
    }
    Ok(line.to_owned())
}

/// Names without those that figures take for the same.
fn without_twins(names: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.into_iter().filter(|name| seen.insert(metrics::fold(name))).collect()
}

fn email(line: &str) -> Result<String, Why> {
    let is_visible = |c: char| !c.is_control() && !c.is_whitespace() && !is_direction(c);
    let has_parts = line.split_once('@').is_some_and(|(who, at)| !who.is_empty() && !at.is_empty());
    // A colon would end the user name in the header that is made of it.
    let is_fit = has_parts && line.chars().all(is_visible) && !line.contains(':');
    let is_fit = is_fit && line.chars().count() <= WORD_CHARACTERS_MAX;
    if is_fit { Ok(line.to_owned()) } else { Err("write an e-mail address".to_owned()) }
}

fn field_id(line: &str) -> Result<String, Why> {
    let is_fit = line.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let is_fit = is_fit && line.len() <= WORD_CHARACTERS_MAX;
    let why = "write the id of the Jira field, such as customfield_10016";
    if is_fit { Ok(line.to_owned()) } else { Err(why.to_owned()) }
}

/// The beginning of what was typed, to name it.
fn cut(line: &str) -> String {
    line.chars().take(40).collect()
}

#[cfg(test)]
mod tests;
