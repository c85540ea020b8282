//! Points in time as four generations of writers put them down.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};

/// A point in time and, where it was written in another way than ours, its original text.
///
/// `at` has millisecond precision; it is `None` where the text names no time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stamp {
    /// The moment in UTC.
    pub at: Option<Timestamp>,
    /// The text it was read from, unless that is the canonical form of `at`.
    pub text: Option<String>,
}

/// What a text says about its offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// The text names it.
    Told,
    /// It does not: the zone was assumed.
    Assumed,
}

impl Stamp {
    /// A moment of our own.
    pub fn at(at: Timestamp) -> Self {
        Self { at: Some(whole_milliseconds(at)), text: None }
    }

    /// Reads any dialect; text without an offset is taken as local time of `zone`.
    pub fn read(text: &str, zone: &TimeZone) -> Self {
        let at = parse(text, zone).map(|(at, _)| at);
        let canonical = at.map(format);
        let text = (canonical.as_deref() != Some(text)).then(|| text.to_owned());
        Self { at, text }
    }

    /// The text as it was read, else the canonical form.
    pub fn written(&self) -> String {
        self.text.clone().or_else(|| self.at.map(format)).unwrap_or_default()
    }

    /// The later of two by real time; the original text stays with its own moment.
    pub fn is_later_than(&self, other: &Stamp) -> bool {
        self.at > other.at
    }
}

/// RFC 3339 in UTC with milliseconds, e.g. `2025-12-22T16:05:02.176Z`: sorts as text.
pub fn format(at: Timestamp) -> String {
    let time = Offset::UTC.to_datetime(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        time.year(),
        time.month(),
        time.day(),
        time.hour(),
        time.minute(),
        time.second(),
        time.millisecond()
    )
}

/// Reads a moment: RFC 3339, Jira's `+0000`, Python's naive local time, a bare date (midnight),
/// a space instead of `T`. Years 1..9999; milliseconds are kept, finer digits dropped.
pub fn parse(text: &str, zone: &TimeZone) -> Option<(Timestamp, Zone)> {
    match parse_canonical(text) {
        Some(at) => Some((at, Zone::Told)),
        None => parse_any(text, zone),
    }
}

/// Reads what [`format`] writes: three times per issue, so that it pays to know its one form.
fn parse_canonical(text: &str) -> Option<Timestamp> {
    let [date @ .., b'T', h, hh, b':', m, mm, b':', s, ss, b'.', f, ff, fff, b'Z'] =
        text.as_bytes()
    else {
        return None;
    };
    let [y, yy, yyy, yyyy, b'-', o, oo, b'-', d, dd] = date else { return None };
    let year = number([y, yy, yyy, yyyy])?;
    let time = DateTime::new(
        year,
        number([o, oo])? as i8,
        number([d, dd])? as i8,
        number([h, hh])? as i8,
        number([m, mm])? as i8,
        number([s, ss])? as i8,
        i32::from(number([f, ff, fff])?) * 1_000_000,
    );
    Offset::UTC.to_timestamp(time.ok()?).ok().filter(|_| year > 0)
}

/// The number of up to four digits.
fn number<const DIGITS: usize>(digits: [&u8; DIGITS]) -> Option<i16> {
    let add =
        |number, digit: &u8| digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0'));
    digits.into_iter().try_fold(0, add)
}

fn parse_any(text: &str, zone: &TimeZone) -> Option<(Timestamp, Zone)> {
    let mut cursor = Cursor(text.trim().as_bytes());
    let (year, month, day) = (cursor.digits(4)?, cursor.after(b"-", 2)?, cursor.after(b"-", 2)?);
    let (mut clock, mut milliseconds) = ((0, 0, 0), 0);
    if !cursor.0.is_empty() {
        clock.0 = cursor.after(b"T ", 2)?;
        clock.1 = cursor.after(b":", 2)?;
        clock.2 = cursor.after(b":", 2).unwrap_or(0);
        milliseconds = cursor.fraction()?;
    }
    let time = DateTime::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
        i8::try_from(clock.0).ok()?,
        i8::try_from(clock.1).ok()?,
        // A leap second is the last second of its minute here.
        i8::try_from(clock.2.min(59)).ok()?,
        milliseconds * 1_000_000,
    )
    .ok()?;
    if year < 1 || clock.2 > 60 {
        return None;
    }
    match cursor.offset_minutes()? {
        Some(minutes) => {
            let east = Offset::from_seconds(minutes * 60).ok()?;
            Some((east.to_timestamp(time).ok()?, Zone::Told))
        }
        None => Some((zone.to_ambiguous_timestamp(time).compatible().ok()?, Zone::Assumed)),
    }
}

/// The zone of that name: an IANA name or an offset like `+01`; UTC for what is neither.
pub fn zone_named(name: &str) -> TimeZone {
    let offset = || {
        let sign = if name.starts_with('-') { -1 } else { 1 };
        let mut parts = name.trim_start_matches(['+', '-']).split(':');
        let mut part = || parts.next().map_or(Ok(0), str::parse::<i32>);
        let seconds = part().ok()? * 3_600 + part().ok()? * 60 + part().ok()?;
        Offset::from_seconds(sign * seconds).ok().map(TimeZone::fixed)
    };
    TimeZone::get(name).ok().or_else(offset).unwrap_or(TimeZone::UTC)
}

/// Without what is finer than is stored.
pub fn whole_milliseconds(at: Timestamp) -> Timestamp {
    let nanoseconds = i64::from(at.subsec_nanosecond()).rem_euclid(1_000_000);
    at.checked_sub(nanoseconds.nanoseconds()).unwrap_or(at)
}

struct Cursor<'t>(&'t [u8]);

impl Cursor<'_> {
    fn digits(&mut self, count: usize) -> Option<i32> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits.iter().try_fold(0, |number, byte| {
            byte.is_ascii_digit().then(|| number * 10 + i32::from(byte - b'0'))
        })
    }

    fn after(&mut self, separators: &[u8], count: usize) -> Option<i32> {
        let (first, rest) = self.0.split_first()?;
        if !separators.contains(first) {
            return None;
        }
        self.0 = rest;
        self.digits(count)
    }

    fn fraction(&mut self) -> Option<i32> {
        let Some((b'.' | b',', rest)) = self.0.split_first() else { return Some(0) };
        let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        let digit = |place: usize| digits.get(place).map_or(0, |byte| i32::from(byte - b'0'));
        (length > 0).then(|| digit(0) * 100 + digit(1) * 10 + digit(2))
    }

    /// Minutes east of UTC, `Some(None)` where nothing is said, `None` where it is not an offset.
    fn offset_minutes(&mut self) -> Option<Option<i32>> {
        match self.0 {
            [] => Some(None),
            [b'Z' | b'z'] => Some(Some(0)),
            [sign @ (b'+' | b'-'), rest @ ..] => {
                let mut cursor = Cursor(rest);
                let hours = cursor.digits(2)?;
                let minutes = match cursor.0 {
                    [] => 0,
                    [b':', ..] => cursor.after(b":", 2)?,
                    _ => cursor.digits(2)?,
                };
                if !cursor.0.is_empty() || hours > 23 || minutes > 59 {
                    return None;
                }
                let east = hours * 60 + minutes;
                Some(Some(if *sign == b'-' { -east } else { east }))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: Option<(&str, Zone)>) {
        let zone = TimeZone::fixed(Offset::constant(1));
        let got = parse(text, &zone).map(|(at, zone)| (format(at), zone));
        assert_eq!(got, want.map(|(at, zone)| (at.to_owned(), zone)), "{text}");
    }

    #[test]
    fn the_canonical_form_means_the_same_to_both_readers() {
        for text in [
            "2025-12-22T16:05:02.176Z",
            "0001-01-01T00:00:00.000Z",
            "9999-12-30T21:59:59.999Z",
            "2024-02-29T00:00:00.001Z",
        ] {
            let general = parse_any(text, &TimeZone::UTC).map(|(at, _)| at);
            assert!(general.is_some(), "{text}");
            assert_eq!(parse_canonical(text), general, "{text}");
        }
        for text in [
            "2025-12-22T16:05:02Z",
            "2025-12-22 16:05:02.176Z",
            "2025-02-29T16:05:02.176Z",
            "2025-12-22T16:05:60.000Z",
            "0000-12-22T16:05:02.176Z",
            "2025-12-22T16:05:02.1x6Z",
            "2025-12-22T16:05:02.176z",
        ] {
            assert_eq!(parse_canonical(text), None, "{text}");
        }
    }

    #[test]
    fn dialects() {
        use Zone::{Assumed, Told};
        check("2025-12-22T16:05:02.176551+00:00", Some(("2025-12-22T16:05:02.176Z", Told)));
        check("2025-12-22T17:09:33.638444", Some(("2025-12-22T16:09:33.638Z", Assumed)));
        check("2025-12-22T17:09:33", Some(("2025-12-22T16:09:33.000Z", Assumed)));
        check("2025-12-05T07:45:01.483774Z", Some(("2025-12-05T07:45:01.483Z", Told)));
        check("2025-06-02T11:33:59.000+0000", Some(("2025-06-02T11:33:59.000Z", Told)));
        check("2023-12-01T13:27:50.014-0500", Some(("2023-12-01T18:27:50.014Z", Told)));
        check("2025-06-02T10:00:00.000+0530", Some(("2025-06-02T04:30:00.000Z", Told)));
        check("2025-06-02", Some(("2025-06-01T23:00:00.000Z", Assumed)));
        check("2025-06-02 10:00", Some(("2025-06-02T09:00:00.000Z", Assumed)));
        check("2016-12-31T23:59:60Z", Some(("2016-12-31T23:59:59.000Z", Told)));
        for bad in [
            "",
            "yesterday",
            "2025-13-01",
            "2025-02-30T00:00:00Z",
            "NaT",
            "2025-06-02T",
            "25-06-02",
            "2025-06-02T10:00:00+9",
            "0000-00-00",
        ] {
            check(bad, None);
        }
    }

    #[test]
    fn zones_come_back_by_name() {
        let at: Timestamp = "2025-07-01T00:00:00Z".parse().unwrap();
        for zone in ["UTC", "Europe/Zurich", "+02", "-05:30"] {
            let found = zone_named(zone);
            let name =
                found.iana_name().map_or_else(|| found.to_offset(at).to_string(), str::to_owned);
            assert_eq!(name, zone);
        }
        assert_eq!(zone_named("?"), TimeZone::UTC);
    }

    #[test]
    fn original_text_is_kept_where_it_differs() {
        let utc = TimeZone::UTC;
        assert_eq!(Stamp::read("2025-12-22T16:05:02.176Z", &utc).text, None);
        let odd = Stamp::read("2025-12-22T16:05:02.176551+00:00", &utc);
        assert_eq!(odd.written(), "2025-12-22T16:05:02.176551+00:00");
        assert_eq!(Stamp::read("soon", &utc), Stamp { at: None, text: Some("soon".into()) });
    }
}
