//! The values of settings: how each is typed, checked, shown and stored.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::field::Value;
use super::why::{Why, start};
use crate::address;
use crate::json::{Json, Object};
use crate::plain::is_direction;

/// Most weeks that figures look back at, and that tables show: 20 years.
pub const WEEKS_MAX: u16 = 1040;
/// Years that a day may lie in; Jira is younger, and no plan reaches further.
pub const YEARS: RangeInclusive<i16> = 1970..=2199;
/// Most milestones of a profile beside those that the old app knew.
pub const MILESTONES_MAX: usize = 20;
/// Longest name of a milestone in characters.
pub const MILESTONE_NAME_CHARACTERS_MAX: usize = 60;
/// Days of the week as they are typed and stored.
pub const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Longest time zone, e-mail address or field id in characters.
pub(super) const WORD_CHARACTERS_MAX: usize = 254;

/// The chances that forecasts tell, in percent.
pub const PERCENTS: [u32; 4] = [50, 70, 85, 95];

/// A whole number from 1 to `MAX`; where `IS_CLAMPED`, a stored one counts as the nearest of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole<const MAX: u16, const IS_CLAMPED: bool>(u16);

/// How many complete weeks figures look back at.
pub type WindowWeeks = Whole<WEEKS_MAX, false>;
/// How many best and worst weeks the old app took.
pub type PertWeeks = Whole<15, true>;

impl<const MAX: u16, const IS_CLAMPED: bool> Whole<MAX, IS_CLAMPED> {
    /// That number, if it is in range.
    pub fn new(number: u16) -> Option<Self> {
        (1..=MAX).contains(&number).then_some(Self(number))
    }

    /// The number.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl<const MAX: u16, const IS_CLAMPED: bool> FromStr for Whole<MAX, IS_CLAMPED> {
    type Err = Why;

    fn from_str(text: &str) -> Result<Self, Why> {
        text.parse().ok().and_then(Self::new).ok_or(Why::NotWhole { max: MAX })
    }
}

impl<const MAX: u16, const IS_CLAMPED: bool> fmt::Display for Whole<MAX, IS_CLAMPED> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MAX: u16, const IS_CLAMPED: bool> Value for Whole<MAX, IS_CLAMPED> {
    fn from_json(stored: &Json) -> Option<Self> {
        let number = stored.as_f64().filter(|number| number.is_finite())?.round();
        let nearest = number.clamp(1.0, MAX.into());
        if IS_CLAMPED || number == nearest { Self::new(nearest as u16) } else { None }
    }

    fn to_json(&self) -> Json {
        Json::integer(self.0.into())
    }
}

/// One of [`PERCENTS`]: the chance that sentences name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent(u32);

impl Percent {
    /// That chance, if it is one of them.
    pub fn new(percent: u32) -> Option<Percent> {
        PERCENTS.contains(&percent).then_some(Percent(percent))
    }

    /// The chance.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl FromStr for Percent {
    type Err = Why;

    fn from_str(text: &str) -> Result<Percent, Why> {
        let number = text.trim().trim_end_matches('%').trim().parse().ok();
        number.and_then(Percent::new).ok_or(Why::NotOneOf("50, 70, 85, 95"))
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Value for Percent {
    fn from_json(stored: &Json) -> Option<Percent> {
        let found = stored.as_f64()?;
        PERCENTS.into_iter().find(|percent| f64::from(*percent) == found).map(Percent)
    }

    fn to_json(&self) -> Json {
        Json::integer(self.0.into())
    }
}

/// A day of a plan. What is typed lies in [`YEARS`]; what is stored is taken as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Day(pub Date);

impl FromStr for Day {
    type Err = Why;

    fn from_str(text: &str) -> Result<Day, Why> {
        // A date with a time would parse too, and the time would be dropped without a word.
        let date = text.parse().ok().filter(|date: &Date| date.to_string() == text);
        let date = date.ok_or_else(|| Why::NotADay(start(text)))?;
        if YEARS.contains(&date.year()) {
            Ok(Day(date))
        } else {
            Err(Why::YearOutOfRange(start(text)))
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Value for Day {
    fn from_json(stored: &Json) -> Option<Day> {
        Some(Day(stored.as_text()?.parse().ok()?))
    }
}

/// A day with a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Milestone {
    pub date: Day,
    pub name: String,
}

impl Milestone {
    /// A milestone whose name is known to be sound.
    pub(super) fn new(name: &str, date: Day) -> Milestone {
        Milestone { date, name: name.to_owned() }
    }

    /// A milestone as somebody typed it.
    pub fn typed(name: &str, date: Day) -> Result<Milestone, Why> {
        let name = name.trim();
        match checked_name(name, MILESTONE_NAME_CHARACTERS_MAX) {
            Ok(name) if !name.is_empty() => Ok(Milestone { date, name }),
            _ => Err(Why::MilestoneName),
        }
    }

    /// Whether it has that name, ignoring case and outer blanks.
    pub fn is_named(&self, name: &str) -> bool {
        self.name.trim().to_lowercase() == name.trim().to_lowercase()
    }
}

impl FromStr for Milestone {
    type Err = Why;

    fn from_str(line: &str) -> Result<Milestone, Why> {
        let (date, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let date = date.parse()?;
        if name.trim().is_empty() {
            return Err(Why::Nameless(start(line)));
        }
        Milestone::typed(name, date)
    }
}

impl fmt::Display for Milestone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.date, self.name)
    }
}

impl Value for Milestone {
    fn from_json(stored: &Json) -> Option<Milestone> {
        let name = stored.get("name")?.as_text()?.into_owned();
        Some(Milestone { date: Day::from_json(stored.get("date")?)?, name })
    }

    fn to_json(&self) -> Json {
        let mut entry = Object::new();
        entry.set("name", Json::text(&self.name));
        entry.set("date", self.date.to_json());
        Json::Object(entry)
    }
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Switch {
    On,
    Off,
}

impl FromStr for Switch {
    type Err = Why;

    fn from_str(word: &str) -> Result<Switch, Why> {
        match word.to_lowercase().as_str() {
            "on" => Ok(Switch::On),
            "off" => Ok(Switch::Off),
            _ => Err(Why::NotOneOf("on, off")),
        }
    }
}

impl fmt::Display for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Switch::On { "on" } else { "off" })
    }
}

impl Value for Switch {
    fn from_json(stored: &Json) -> Option<Switch> {
        let is_on = match stored {
            Json::Bool(is_on) => *is_on,
            // The old app stores the checklist itself.
            Json::Array(checked) => !checked.is_empty(),
            other => return other.as_text()?.trim().parse().ok(),
        };
        Some(if is_on { Switch::On } else { Switch::Off })
    }

    fn to_json(&self) -> Json {
        Json::Bool(*self == Switch::On)
    }
}

/// Which start counts of an item that was put back and started again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CycleTimeStart {
    /// The first one since it was last in a not-started status.
    #[default]
    Last,
    /// The first one ever.
    First,
}

impl FromStr for CycleTimeStart {
    type Err = Why;

    fn from_str(word: &str) -> Result<CycleTimeStart, Why> {
        match word.to_lowercase().as_str() {
            "last" => Ok(CycleTimeStart::Last),
            "first" => Ok(CycleTimeStart::First),
            _ => Err(Why::NotOneOf("last, first")),
        }
    }
}

impl fmt::Display for CycleTimeStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == CycleTimeStart::Last { "last" } else { "first" })
    }
}

impl Value for CycleTimeStart {}

/// A time zone that is known by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(pub TimeZone);

impl FromStr for Zone {
    type Err = Why;

    fn from_str(text: &str) -> Result<Zone, Why> {
        let is_short = text.chars().count() <= WORD_CHARACTERS_MAX;
        let zone = TimeZone::get(text).ok().filter(|zone| is_short && zone.iana_name().is_some());
        zone.map(Zone).ok_or_else(|| Why::NoZone(start(text)))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.iana_name().unwrap_or_default())
    }
}

impl Value for Zone {}

/// Days of the week, from Monday on. Monday to Friday unless others are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekdays(pub [bool; 7]);

impl Weekdays {
    /// Their words in order.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        WEEKDAYS.into_iter().zip(self.0).filter(|(_, is_chosen)| *is_chosen).map(|(word, _)| word)
    }
}

impl Default for Weekdays {
    fn default() -> Weekdays {
        Weekdays([true, true, true, true, true, false, false])
    }
}

/// `mon-fri` names those between, also over the end of the week.
impl FromStr for Weekdays {
    type Err = Why;

    fn from_str(text: &str) -> Result<Weekdays, Why> {
        let mut days = [false; 7];
        for part in text.split([',', ' ']).map(str::trim).filter(|part| !part.is_empty()) {
            let part = part.to_lowercase();
            let (first, last) = part.split_once('-').unwrap_or((&part, &part));
            let place = |day: &str| WEEKDAYS.iter().position(|known| *known == day);
            let (Some(first), Some(last)) = (place(first), place(last)) else {
                return Err(Why::NoWeekday(start(&part)));
            };
            let count = (last + 7 - first) % 7;
            let named = |place: usize| (place + 7 - first) % 7 <= count;
            days.iter_mut().enumerate().for_each(|(place, day)| *day |= named(place));
        }
        Ok(Weekdays(days))
    }
}

/// Texts of the connection: checked where they are typed, and otherwise taken as they stand.
macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $check:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Why;

            fn from_str(text: &str) -> Result<$name, Why> {
                $check(text).map($name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Value for $name {
            fn from_json(stored: &Json) -> Option<$name> {
                let text = stored.as_text()?;
                (!text.trim().is_empty()).then(|| $name(text.trim().to_owned()))
            }
        }
    };
}

text!(
    /// The address of a Jira server.
    Address,
    checked_address
);
text!(
    /// The e-mail address or user name that a token or password belongs to.
    Email,
    checked_email
);

/// A kind of authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum AuthKind {
    Bearer,
    Basic,
    None,
}

impl AuthKind {
    /// Its word, as it is typed and stored.
    pub fn as_str(self) -> &'static str {
        match self {
            AuthKind::Bearer => "bearer",
            AuthKind::Basic => "basic",
            AuthKind::None => "none",
        }
    }
}

impl FromStr for AuthKind {
    type Err = Why;

    fn from_str(word: &str) -> Result<AuthKind, Why> {
        let all = [AuthKind::Bearer, AuthKind::Basic, AuthKind::None];
        let found = all.into_iter().find(|kind| kind.as_str() == word.to_lowercase());
        found.ok_or(Why::NotOneOf("bearer, basic, none"))
    }
}

impl fmt::Display for AuthKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Value for AuthKind {}

/// A name that can be seen and is not too long.
pub(super) fn checked_name(line: &str, max: usize) -> Result<String, Why> {
    if line.chars().count() > max {
        return Err(Why::TooLong { start: start(line), max });
    }
    if line.chars().any(|c| c.is_control() || is_direction(c)) {
        return Err(Why::Invisible(start(line)));
    }
    Ok(line.to_owned())
}

fn checked_address(text: &str) -> Result<String, Why> {
    address::check_address(text).map_err(Why::Address)
}

fn checked_email(text: &str) -> Result<String, Why> {
    let is_visible = |c: char| !c.is_control() && !c.is_whitespace() && !is_direction(c);
    // Old servers have user names. A colon would end one in the header that is made of it.
    let is_fit = !text.is_empty() && text.chars().all(is_visible) && !text.contains(':');
    let is_fit = is_fit && text.chars().count() <= WORD_CHARACTERS_MAX;
    if is_fit { Ok(text.to_owned()) } else { Err(Why::Email) }
}

pub(super) fn checked_field_id(text: &str) -> Result<String, Why> {
    let is_fit = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let is_fit = is_fit && text.len() <= WORD_CHARACTERS_MAX;
    if is_fit { Ok(text.to_owned()) } else { Err(Why::FieldId) }
}
