//! How the fields of [`super::ProfileSettings`] are read, typed, shown and stored.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;

use super::names::{NameSet, fold};
use super::value::{MILESTONES_MAX, Milestone, Weekdays, checked_name};
use super::why::{Why, start};
use crate::json::Json;

/// Most names of a list, and most holidays.
pub(super) const LINES_MAX: usize = 400;
/// Longest name in characters.
const NAME_CHARACTERS_MAX: usize = 200;

/// A field of typed settings. In text it is a list of lines; none of them means that it is not set.
pub trait Field {
    /// What it holds, a line each.
    fn lines(&self) -> Vec<String>;

    /// Whether it says anything.
    fn is_set(&self) -> bool;

    /// Takes what somebody typed; lines that stand there already are taken as they are. An error
    /// says what is wrong, and nothing is changed.
    fn set(&mut self, lines: &[&str]) -> Result<(), Why>;

    /// Says nothing from now on.
    fn unset(&mut self);

    /// Takes what is stored; what means nothing is passed over.
    fn read(&mut self, stored: &Json);

    /// What is stored in place of `before`.
    fn write(&self, before: Option<&Json>) -> Option<Json>;

    /// Whether both hold the same.
    fn is_same(&self, other: &dyn Field) -> bool {
        self.lines() == other.lines()
    }
}

/// A single value, or one of a list.
pub(super) trait Value: FromStr<Err = Why> + Display + Clone {
    /// Reads a stored one.
    fn from_json(stored: &Json) -> Option<Self> {
        stored.as_text()?.trim().parse().ok()
    }

    /// The stored form.
    fn to_json(&self) -> Json {
        Json::text(self.to_string())
    }
}

impl<V: Value> Field for Option<V> {
    fn lines(&self) -> Vec<String> {
        self.iter().map(V::to_string).collect()
    }

    fn is_set(&self) -> bool {
        self.is_some()
    }

    fn set(&mut self, lines: &[&str]) -> Result<(), Why> {
        match lines {
            [] => *self = None,
            [line] if self.as_ref().is_some_and(|value| value.to_string() == *line) => {}
            [line] => *self = Some(line.parse()?),
            _ => return Err(Why::NoList),
        }
        Ok(())
    }

    fn unset(&mut self) {
        *self = None;
    }

    fn read(&mut self, stored: &Json) {
        *self = V::from_json(stored);
    }

    fn write(&self, _: Option<&Json>) -> Option<Json> {
        self.as_ref().map(V::to_json)
    }
}

impl<V: Value + Ord> Field for BTreeSet<V> {
    fn lines(&self) -> Vec<String> {
        self.iter().map(V::to_string).collect()
    }

    fn is_set(&self) -> bool {
        !self.is_empty()
    }

    fn set(&mut self, lines: &[&str]) -> Result<(), Why> {
        *self = parsed(self.iter(), lines, LINES_MAX)?.into_iter().collect();
        Ok(())
    }

    fn unset(&mut self) {
        self.clear();
    }

    fn read(&mut self, stored: &Json) {
        *self = elements(stored).iter().filter_map(V::from_json).collect();
    }

    fn write(&self, before: Option<&Json>) -> Option<Json> {
        written(self.iter(), before)
    }
}

impl Field for Vec<Milestone> {
    fn lines(&self) -> Vec<String> {
        self.iter().map(Milestone::to_string).collect()
    }

    fn is_set(&self) -> bool {
        !self.is_empty()
    }

    fn set(&mut self, lines: &[&str]) -> Result<(), Why> {
        let mut all = parsed(self.iter(), lines, LINES_MAX)?;
        all.sort();
        all.dedup();
        for (place, milestone) in all.iter().enumerate() {
            if all.iter().take(place).any(|other| other.is_named(&milestone.name)) {
                return Err(Why::Twin(start(&milestone.to_string())));
            }
        }
        if all.len() > MILESTONES_MAX {
            return Err(Why::TooMany { max: MILESTONES_MAX });
        }
        *self = all;
        Ok(())
    }

    fn unset(&mut self) {
        self.clear();
    }

    fn read(&mut self, stored: &Json) {
        *self = elements(stored).iter().filter_map(Milestone::from_json).collect();
        self.sort();
    }

    fn write(&self, before: Option<&Json>) -> Option<Json> {
        written(self.iter(), before)
    }
}

impl Field for Option<Weekdays> {
    fn lines(&self) -> Vec<String> {
        self.iter().flat_map(Weekdays::words).map(str::to_owned).collect()
    }

    fn is_set(&self) -> bool {
        self.is_some()
    }

    fn set(&mut self, lines: &[&str]) -> Result<(), Why> {
        let days: Weekdays = lines.join(" ").parse()?;
        *self = Some(days).filter(|days| days.words().next().is_some());
        Ok(())
    }

    fn unset(&mut self) {
        *self = None;
    }

    fn read(&mut self, stored: &Json) {
        let words = elements(stored).iter().filter_map(Json::as_text);
        let fit = words.filter(|word| word.parse::<Weekdays>().is_ok());
        let fit: Vec<String> = fit.map(|word| word.into_owned()).collect();
        let fit: Vec<&str> = fit.iter().map(String::as_str).collect();
        let _read = self.set(&fit);
    }

    fn write(&self, _: Option<&Json>) -> Option<Json> {
        let words = self.as_ref()?.words();
        Some(Json::Array(words.map(Json::text).collect()))
    }
}

impl Field for NameSet {
    fn lines(&self) -> Vec<String> {
        self.iter().map(str::to_owned).collect()
    }

    fn is_set(&self) -> bool {
        !self.is_empty()
    }

    fn set(&mut self, lines: &[&str]) -> Result<(), Why> {
        if lines.len() > LINES_MAX {
            return Err(Why::TooMany { max: LINES_MAX });
        }
        let name = |line: &&str| match self.spelling(line) {
            Some(known) => Ok(known.to_owned()),
            None => checked_name(line, NAME_CHARACTERS_MAX),
        };
        *self = lines.iter().map(name).collect::<Result<Vec<String>, Why>>()?.iter().collect();
        Ok(())
    }

    fn unset(&mut self) {
        *self = NameSet::default();
    }

    fn read(&mut self, stored: &Json) {
        *self = NameSet::read(stored);
    }

    fn write(&self, before: Option<&Json>) -> Option<Json> {
        if self.is_empty() { None } else { Some(listed(self, before)) }
    }

    fn is_same(&self, other: &dyn Field) -> bool {
        *self == other.lines().iter().collect()
    }
}

/// A list that may be empty, which is another choice than none.
impl Field for Option<NameSet> {
    fn lines(&self) -> Vec<String> {
        self.iter().flat_map(NameSet::lines).collect()
    }

    fn is_set(&self) -> bool {
        self.is_some()
    }

    fn set(&mut self, lines: &[&str]) -> Result<(), Why> {
        let mut names = self.clone().unwrap_or_default();
        names.set(lines)?;
        *self = Some(names);
        Ok(())
    }

    fn unset(&mut self) {
        *self = None;
    }

    fn read(&mut self, stored: &Json) {
        *self = Some(NameSet::read(stored));
    }

    fn write(&self, before: Option<&Json>) -> Option<Json> {
        self.as_ref().map(|names| listed(names, before))
    }

    fn is_same(&self, other: &dyn Field) -> bool {
        self.is_some() == other.is_set()
            && self.as_ref().is_none_or(|names| Field::is_same(names, other))
    }
}

/// What is stored as a list; a single value is a list of one.
pub(super) fn elements(stored: &Json) -> &[Json] {
    stored.as_array().unwrap_or(std::slice::from_ref(stored))
}

pub(super) fn parsed<'v, V: Value + 'v>(
    before: impl Iterator<Item = &'v V> + Clone,
    lines: &[&str],
    max: usize,
) -> Result<Vec<V>, Why> {
    if lines.len() > max {
        return Err(Why::TooMany { max });
    }
    let value = |line: &&str| match before.clone().find(|value| value.to_string() == **line) {
        Some(known) => Ok(known.clone()),
        None => line.parse(),
    };
    lines.iter().map(value).collect()
}

/// Values as they are stored: what is there already is kept with all it holds, and so is what nobody
/// can read.
pub(super) fn written<'v, V: Value + 'v>(
    values: impl Iterator<Item = &'v V>,
    before: Option<&Json>,
) -> Option<Json> {
    let before = before.map(elements).unwrap_or_default();
    let read = |element: &Json| V::from_json(element).map(|value| value.to_string());
    let wanted = values.map(|value| {
        let line = Some(value.to_string());
        let same = before.iter().find(|element| read(element) == line);
        same.cloned().unwrap_or_else(|| value.to_json())
    });
    let wanted: Vec<Json> = wanted.collect();
    if wanted.is_empty() {
        return None;
    }
    let unread = before.iter().filter(|element| read(element).is_none()).cloned();
    Some(Json::Array(wanted.into_iter().chain(unread).collect()))
}

fn listed(names: &NameSet, before: Option<&Json>) -> Json {
    let before = before.map(elements).unwrap_or_default();
    let folded = |element: &Json| {
        element.as_text().map(|text| fold(&text)).filter(|folded| !folded.is_empty())
    };
    let wanted = names.iter().map(|name| {
        let is_it = |element: &&Json| folded(element).is_some_and(|text| text == fold(name));
        before.iter().find(is_it).cloned().unwrap_or_else(|| Json::text(name))
    });
    let unread = before.iter().filter(|element| folded(element).is_none()).cloned();
    Json::Array(wanted.chain(unread).collect())
}
