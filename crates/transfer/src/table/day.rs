//! Dates as spreadsheets and Jira write them. Whether the day or the month comes first is decided by
//! all dates of a table together; where they leave it open, somebody has to say it.

use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use model::{TimeZone, Timestamp, stamp};

use super::{Cell, Lines, shown};
use crate::error::{Error, Result};

/// Which of two numbers before a year is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOrder {
    /// 07/09/2026 is a day in September.
    DayFirst,
    /// 07/09/2026 is a day in July.
    MonthFirst,
}

impl FromStr for DayOrder {
    type Err = &'static str;

    fn from_str(word: &str) -> std::result::Result<DayOrder, Self::Err> {
        match word {
            "day-first" => Ok(DayOrder::DayFirst),
            "month-first" => Ok(DayOrder::MonthFirst),
            _ => Err("use day-first or month-first"),
        }
    }
}

/// Days that a spreadsheet counts from 30 December 1899: 1954 to 2119.
const SERIALS: std::ops::RangeInclusive<f64> = 20_000.0..=80_000.0;
/// Two digits of a year below this are of this century.
const CENTURY_ENDS: i16 = 70;

/// Beginnings of the names of months in the larger languages, without their full stops.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "gen", "янв"],
    &["feb", "fev", "fév", "фев"],
    &["mar", "mär", "mrz", "mrt", "maa", "мар"],
    &["apr", "abr", "avr", "апр"],
    &["may", "mai", "mag", "mei", "май", "мая"],
    &["jun", "juin", "giu", "июн"],
    &["jul", "juil", "lug", "июл"],
    &["aug", "ago", "aoû", "aou", "авг"],
    &["sep", "set", "сен"],
    &["oct", "okt", "out", "ott", "окт"],
    &["nov", "ноя"],
    &["dec", "dez", "déc", "dic", "дек"],
];

/// What a cell says before the order is known.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    Moment(Timestamp),
    Open { first: i8, second: i8, year: i16, time: Time },
}

/// All dates of a table, looked at one by one: together they tell whether day or month comes first.
pub(crate) struct DayReader<'z> {
    told: Option<DayOrder>,
    zone: &'z TimeZone,
    unread: Lines,
    /// The first that has the day first, the month, or leaves it open; with its line.
    day_first: Option<(u64, String)>,
    month_first: Option<(u64, String)>,
    open: Option<String>,
}

/// How the dates of a table are read.
pub(crate) struct Days<'z> {
    order: DayOrder,
    zone: &'z TimeZone,
}

impl<'z> DayReader<'z> {
    /// Nothing was seen yet; a date alone is midnight in `zone`.
    pub fn new(told: Option<DayOrder>, zone: &'z TimeZone) -> DayReader<'z> {
        let unread = Lines::default();
        DayReader { told, zone, unread, day_first: None, month_first: None, open: None }
    }

    /// Looks at a date.
    pub fn look_at(&mut self, cell: Cell<'_>) {
        let (first, second) = match form(cell.text, self.zone) {
            None => return self.unread.add(cell),
            Some(Form::Moment(_)) => return,
            Some(Form::Open { first, second, .. }) => (first, second),
        };
        let here = || (cell.line, shown(cell.text));
        if first > 12 {
            self.day_first.get_or_insert_with(here);
        }
        if second > 12 {
            self.month_first.get_or_insert_with(here);
        }
        // Where day and month are one number it does not matter.
        if first != second {
            self.open.get_or_insert_with(|| shown(cell.text));
        }
    }

    /// How they are to be read. Errors name the lines that hold none, and say what leaves the order open.
    pub fn finish(self) -> Result<Days<'z>> {
        if !self.unread.is_empty() {
            let what = format!("{} no date that can be read", self.unread.have());
            return Err(Error::Days(what));
        }
        let order = match (self.told, self.day_first, self.month_first) {
            (Some(order), ..) => order,
            (None, Some((day, day_text)), Some((month, month_text))) => {
                return Err(Error::Days(format!(
                    "line {day} ({day_text}) has the day first, line {month} ({month_text}) the month"
                )));
            }
            (None, Some(_), None) => DayOrder::DayFirst,
            (None, None, Some(_)) => DayOrder::MonthFirst,
            (None, None, None) => match self.open {
                Some(text) => return Err(Error::DayOrder(text)),
                None => DayOrder::DayFirst,
            },
        };
        Ok(Days { order, zone: self.zone })
    }
}

impl Days<'_> {
    /// The moment that a cell says; else its line is noted.
    pub fn moment(&self, cell: Cell<'_>, wrong: &mut Lines) -> Option<Timestamp> {
        let found = match form(cell.text, self.zone) {
            None => None,
            Some(Form::Moment(at)) => Some(at),
            Some(Form::Open { first, second, year, time }) => {
                let (day, month) = match self.order {
                    DayOrder::DayFirst => (first, second),
                    DayOrder::MonthFirst => (second, first),
                };
                Date::new(year, month, day).ok().and_then(|date| at(date, time, self.zone))
            }
        };
        if found.is_none() {
            wrong.add(cell);
        }
        found
    }

    /// Refuses days that there are not.
    pub fn check(wrong: &Lines) -> Result<()> {
        match wrong.is_empty() {
            true => Ok(()),
            false => Err(Error::Days(format!("{} no day of a month", wrong.have()))),
        }
    }
}

fn at(date: Date, time: Time, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(DateTime::from_parts(date, time)).compatible().ok()
}

fn form(text: &str, zone: &TimeZone) -> Option<Form> {
    let text = text.trim();
    if let Some((moment, _)) = stamp::parse(text, zone) {
        return Some(Form::Moment(moment));
    }
    if let Some(serial) = text.parse().ok().filter(|days: &f64| SERIALS.contains(days)) {
        return Form::of_serial(serial, zone);
    }
    Words::of(text).form(zone)
}

impl Form {
    fn of_serial(serial: f64, zone: &TimeZone) -> Option<Form> {
        let days = jiff::Span::new().try_days(serial.floor() as i64).ok()?;
        let date = Date::new(1899, 12, 30).ok()?.checked_add(days).ok()?;
        let seconds = ((serial - serial.floor()) * 86_400.0).round() as i64;
        let midnight = at(date, Time::midnight(), zone)?;
        Some(Form::Moment(midnight.checked_add(jiff::SignedDuration::from_secs(seconds)).ok()?))
    }
}

/// The numbers and words of a date, and its time of day.
#[derive(Default)]
struct Words<'t> {
    parts: Vec<&'t str>,
    /// What stands behind the first part: a full stop always parts days from months.
    first_separator: Option<char>,
    clock: Vec<&'t str>,
    is_afternoon: Option<bool>,
    has_others: bool,
}

impl<'t> Words<'t> {
    fn of(text: &'t str) -> Words<'t> {
        let mut words = Words::default();
        let mut rest = text;
        let mut before = ' ';
        while let Some(start) = rest.find(char::is_alphanumeric) {
            let (between, from) = rest.split_at(start);
            before = between.chars().next_back().unwrap_or(before);
            let is_number = from.starts_with(|c: char| c.is_ascii_digit());
            let is_same = |c: char| {
                if is_number {
                    c.is_ascii_digit()
                } else {
                    c.is_alphanumeric() && !c.is_ascii_digit()
                }
            };
            let end = from.find(|c| !is_same(c)).unwrap_or(from.len());
            let (word, after) = from.split_at(end);
            words.add(word, before, after.chars().next());
            (rest, before) = (after, ' ');
        }
        words
    }

    fn add(&mut self, word: &'t str, before: char, after: Option<char>) {
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        match word.to_lowercase().as_str() {
            _ if is_number && (after == Some(':') || before == ':') => self.clock.push(word),
            "am" => self.is_afternoon = Some(false),
            "pm" => self.is_afternoon = Some(true),
            // 7 de septiembre; 7th
            "de" | "of" | "st" | "nd" | "rd" | "th" => {}
            _ if self.parts.len() < 3 => {
                if self.parts.is_empty() {
                    self.first_separator = after;
                }
                self.parts.push(word);
            }
            _ => self.has_others = true,
        }
    }

    fn time(&self) -> Option<Time> {
        let number = |place: usize| self.clock.get(place).map_or(Some(0), |text| text.parse().ok());
        let (hour, minute, second): (i8, i8, i8) = (number(0)?, number(1)?, number(2)?);
        let hour = match self.is_afternoon {
            Some(is_afternoon) if (1..=12).contains(&hour) => {
                hour % 12 + if is_afternoon { 12 } else { 0 }
            }
            Some(_) => return None,
            None => hour,
        };
        Time::new(hour, minute, second, 0).ok()
    }

    fn form(&self, zone: &TimeZone) -> Option<Form> {
        let [first, second, third] = self.parts.as_slice() else { return None };
        if self.has_others {
            return None;
        }
        let time = self.time()?;
        let of = |year: &str, month: i8, day: &str| {
            let date = Date::new(year_of(year)?, month, day.parse().ok()?).ok()?;
            Some(Form::Moment(at(date, time, zone)?))
        };
        let number = |text: &str| text.parse::<i8>().ok();
        match (month_of(first), month_of(second)) {
            (None, Some(month)) if first.len() == 4 => of(first, month, third),
            (None, Some(month)) => of(third, month, first),
            (Some(month), None) => of(third, month, second),
            (Some(_), Some(_)) => None,
            (None, None) if first.len() == 4 => of(first, number(second)?, third),
            (None, None) if self.first_separator == Some('.') => of(third, number(second)?, first),
            (None, None) => {
                let (first, second) = (number(first)?, number(second)?);
                Some(Form::Open { first, second, year: year_of(third)?, time })
            }
        }
    }
}

fn year_of(text: &str) -> Option<i16> {
    let number: i16 = text.parse().ok()?;
    match text.len() {
        4 => Some(number),
        2 if number < CENTURY_ENDS => Some(2_000 + number),
        2 => Some(1_900 + number),
        _ => None,
    }
}

fn month_of(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let is_it = |names: &&[&str]| names.iter().any(|name| word.starts_with(name));
    let place = MONTHS.iter().position(is_it)?;
    i8::try_from(place + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str], told: Option<DayOrder>) -> std::result::Result<Vec<String>, String> {
        let cells = || (2..).zip(texts).map(|(line, text)| Cell { line, text });
        let zone = TimeZone::UTC;
        let mut reader = DayReader::new(told, &zone);
        cells().for_each(|cell| reader.look_at(cell));
        let days = reader.finish().map_err(|error| error.to_string())?;
        let mut wrong = Lines::default();
        let found: Vec<_> = cells().filter_map(|cell| days.moment(cell, &mut wrong)).collect();
        Days::check(&wrong).map_err(|error| error.to_string())?;
        Ok(found.into_iter().map(|at| at.to_string()).collect())
    }

    #[track_caller]
    fn check(text: &str, want: &str) {
        assert_eq!(read(&[text], None), Ok(vec![want.to_owned()]), "{text}");
    }

    #[test]
    fn dates_of_spreadsheets_are_read() {
        for text in [
            "2026-09-07",
            "2026/9/7",
            "2026.09.07",
            "07.09.2026",
            "7.9.26",
            "46272",
            "7 Sep 2026",
            "Sep 7, 2026",
            "07-sept.-26",
            "07/September/2026",
            "7 de septiembre de 2026",
            "2026-Sep-07",
        ] {
            check(text, "2026-09-07T00:00:00Z");
        }
        check("01/Sep/26 10:00 AM", "2026-09-01T10:00:00Z");
        check("08/Sep/26 4:05 PM", "2026-09-08T16:05:00Z");
        check("08/Okt/26 12:30 am", "2026-10-08T00:30:00Z");
        check("7.9.2026 23:59:58", "2026-09-07T23:59:58Z");
        check("46272.5", "2026-09-07T12:00:00Z");
        check("14/9/2026", "2026-09-14T00:00:00Z");
        check("9/14/2026", "2026-09-14T00:00:00Z");
        check("9/9/2026", "2026-09-09T00:00:00Z");
        check("2026-09-07T10:00:00.000+0200", "2026-09-07T08:00:00Z");
    }

    #[test]
    fn all_dates_decide_together_or_somebody_is_asked() {
        let days = |days: [&str; 2]| Ok(days.map(|day| format!("{day}T00:00:00Z")).to_vec());
        assert_eq!(read(&["07/09/2026", "14/09/2026"], None), days(["2026-09-07", "2026-09-14"]));
        assert_eq!(read(&["9/7/2026", "9/14/2026"], None), days(["2026-09-07", "2026-09-14"]));
        let open = ["07/09/2026", "08/09/2026"];
        assert_eq!(read(&open, Some(DayOrder::DayFirst)), days(["2026-09-07", "2026-09-08"]));
        assert_eq!(read(&open, Some(DayOrder::MonthFirst)), days(["2026-07-09", "2026-08-09"]));
        assert!(read(&open, None).unwrap_err().contains("day-first"));
        let both = read(&["14/09/2026", "09/14/2026"], None).unwrap_err();
        assert!(both.contains("line 2") && both.contains("line 3"), "{both}");
        assert!(read(&["14/13/2026"], Some(DayOrder::DayFirst)).is_err());
    }

    #[test]
    fn what_is_no_date_is_named_with_its_line() {
        for text in [
            "",
            "soon",
            "12",
            "7/9",
            "1/2/3/4",
            "31.02.2026",
            "2026-13-01",
            "7/9/20266",
            "Mar Apr 1",
        ] {
            let error = read(&["2026-09-07", text], None).unwrap_err();
            assert!(error.contains("line 3"), "{text}: {error}");
        }
        let many = read(&["x"; 9], None).unwrap_err();
        assert!(many.contains("lines 2") && many.contains("and 4 more"), "{many}");
    }
}
