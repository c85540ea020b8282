//! Times as Jira writes them (`2011-12-20T16:46:14.000-0500`) and as JQL does.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// In Jira's form: milliseconds, the offset without a colon.
pub fn write(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%z").to_string()
}

/// Reads Jira's form; `None` for anything else.
pub fn read(text: &str) -> Option<Timestamp> {
    let is_likely = text.len() >= 24 && text.as_bytes().get(10) == Some(&b'T');
    if !is_likely {
        return None;
    }
    Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", text).ok()
}

/// A moment of JQL: a minute or a day in the user's zone, or a distance from now like `-4w 2d`.
pub fn read_jql(text: &str, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("now()") {
        return Some(now);
    }
    let local = ["%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|form| DateTime::strptime(form, text).ok())
        .or_else(|| day(text).map(|day| day.at(0, 0, 0, 0)));
    match local {
        Some(local) => zone.to_timestamp(local).ok(),
        None => now.checked_add(distance(text)?).ok(),
    }
}

fn day(text: &str) -> Option<Date> {
    ["%Y/%m/%d", "%Y-%m-%d"].iter().find_map(|form| Date::strptime(form, text).ok())
}

fn distance(text: &str) -> Option<SignedDuration> {
    let (sign, parts) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut minutes: i64 = 0;
    for part in parts.split_whitespace() {
        let unit = part.chars().last()?;
        let count: i64 = part.strip_suffix(unit)?.parse().ok()?;
        let each = match unit {
            'm' => 1,
            'h' => 60,
            'd' => 24 * 60,
            'w' => 7 * 24 * 60,
            _ => return None,
        };
        minutes = minutes.checked_add(count.checked_mul(each)?)?;
    }
    (!parts.trim().is_empty()).then(|| SignedDuration::from_mins(sign * minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(jql: &str, want: Option<&str>) {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let now = "2024-05-10T12:00:30Z".parse().unwrap();
        let got = read_jql(jql, &zone, now).map(|at| write(at, &zone));
        assert_eq!(got.as_deref(), want, "{jql}");
    }

    #[test]
    fn jql_times_are_read_in_the_users_zone() {
        check("2024/01/02 15:04", Some("2024-01-02T15:04:00.000+0200"));
        check("2024-01-02", Some("2024-01-02T00:00:00.000+0200"));
        check("-1w 2d", Some("2024-05-01T14:00:30.000+0200"));
        check("now()", Some("2024-05-10T14:00:30.000+0200"));
        check("yesterday", None);
        check("-", None);
        check("", None);
    }

    #[test]
    fn jiras_form_is_read_and_nothing_else() {
        let read_back = |text| read(text).map(|at| write(at, &TimeZone::UTC));
        let want = Some("2011-12-20T21:46:14.000+0000".to_owned());
        assert_eq!(read_back("2011-12-20T16:46:14.000-0500"), want);
        assert_eq!(read_back("2011-12-20"), None);
        assert_eq!(read_back("a text that is as long as one"), None);
    }
}
