//! Numbers, dates and sizes as text. Grouping and units use a narrow no-break space.

use model::{Date, TimeZone, Timestamp};

const THIN: char = '\u{202f}';
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A count: `1 307`.
pub fn count(number: u64) -> String {
    grouped(&number.to_string())
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + 4);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(THIN);
        }
        text.push(digit);
    }
    text
}

/// A count with its noun: `1 issue`, `2 issues`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A measured value with its noun: `1 week`, `2.5 weeks`.
pub fn amount_of(value: f64, one: &str, many: &str) -> String {
    format!("{} {}", decimal(value), if value == 1.0 { one } else { many })
}

/// A measured value with at most one decimal: `7.9`, `261.5`, `1 307`. What is not 0 is not told as 0:
/// `< 0.1`.
pub fn decimal(value: f64) -> String {
    if value != 0.0 && value.abs() < 0.05 {
        return if value > 0.0 { "< 0.1" } else { "> −0.1" }.to_owned();
    }
    let is_whole = (value * 10.0).round() % 10.0 == 0.0;
    fixed(value, usize::from(!is_whole))
}

/// A measured value with that many decimals; halves go up, as in the charts beside it.
pub fn fixed(value: f64, places: usize) -> String {
    let scale = 10_f64.powi(places as i32);
    let text = format!("{:.places$}", (value.abs() * scale).round() / scale);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = if value < 0.0 && !is_zero { "−" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", grouped(whole))
}

/// A share of a whole in percent, rounded down: what is almost all is not all.
pub fn percent(share: f64) -> String {
    fixed((share * 100.0 + 1e-9).floor(), 0)
}

/// Bytes in powers of 1000: `4.2 MB`.
pub fn bytes(size: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match UNITS.into_iter().find(|(unit, _)| size >= *unit) {
        Some((unit, name)) => format!("{}{THIN}{name}", decimal(size as f64 / unit as f64)),
        None => format!("{size}{THIN}B"),
    }
}

/// A day: `22 Dec 2025`.
pub fn day(date: Date) -> String {
    let month = usize::try_from(date.month() - 1).ok().and_then(|place| MONTHS.get(place));
    format!("{} {} {}", date.day(), month.copied().unwrap_or("?"), date.year())
}

/// A day that was told as one to come; where it is before `today`, that it has passed.
pub fn day_ahead(date: Date, today: Option<Date>) -> String {
    let passed = if today.is_some_and(|today| date < today) { ", passed" } else { "" };
    format!("{}{passed}", day(date))
}

/// The day of a moment in `zone`.
pub fn date(at: Timestamp, zone: &TimeZone) -> String {
    day(zone.to_datetime(at).date())
}

/// Day and minute of a moment in `zone`: `22 Dec 2025, 16:05`.
pub fn minute(at: Timestamp, zone: &TimeZone) -> String {
    let time = zone.to_datetime(at);
    format!("{}, {:02}:{:02}", day(time.date()), time.hour(), time.minute())
}

/// How long ago a moment was: `12 min ago`, `3 days ago`, `11 months ago`.
pub fn age(at: Timestamp, as_of: Timestamp) -> String {
    match as_of.as_second() - at.as_second() {
        seconds if seconds < 0 => "in the future".to_owned(),
        0..60 => "just now".to_owned(),
        seconds => format!("{} ago", rough(seconds)),
    }
}

/// A length of time in its largest sensible unit: `45 s`, `45 min`, `5 h`, `2.5 days`.
pub fn duration(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", decimal(seconds as f64 / 3_600.0)),
        _ => {
            let days = decimal(seconds as f64 / 86_400.0);
            format!("{days} {}", if days == "1" { "day" } else { "days" })
        }
    }
}

/// `message` with a capital letter and a full stop.
pub fn sentence(message: &str) -> String {
    let mut characters = message.chars();
    let first: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
    let stop = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", characters.as_str())
}

fn rough(seconds: i64) -> String {
    const UNITS: [(i64, &str, &str); 5] = [
        (365 * 86_400, "year", "years"),
        (30 * 86_400, "month", "months"),
        (86_400, "day", "days"),
        (3_600, "hour", "hours"),
        (60, "min", "min"),
    ];
    let fitting = UNITS.into_iter().find(|(length, ..)| seconds >= *length);
    let (length, one, many) = fitting.unwrap_or((60, "min", "min"));
    counted((seconds / length).unsigned_abs(), one, many)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (number, want) in [
            (0, "0"),
            (999, "999"),
            (1_307, "1\u{202f}307"),
            (10_000_000, "10\u{202f}000\u{202f}000"),
        ] {
            assert_eq!(count(number), want);
        }
        for (value, want) in [
            (7.9, "7.9"),
            (0.04, "< 0.1"),
            (0.0, "0"),
            (-0.04, "> −0.1"),
            (-2.56, "−2.6"),
            (399.258, "399.3"),
            (9.96, "10"),
            (7.25, "7.3"),
            (-0.25, "−0.3"),
        ] {
            assert_eq!(decimal(value), want, "{value}");
        }
        for (size, want) in
            [(12, "12\u{202f}B"), (4_249_600, "4.2\u{202f}MB"), (1_000, "1\u{202f}kB")]
        {
            assert_eq!(bytes(size), want);
        }
    }

    #[test]
    fn percents() {
        for (share, want) in [(0.0, "0"), (0.999, "99"), (0.29, "29"), (1.0, "100")] {
            assert_eq!(percent(share), want);
        }
    }

    #[test]
    fn sentences() {
        for (message, want) in [("there is none", "There is none."), ("ärger!", "Ärger!")] {
            assert_eq!(sentence(message), want);
        }
    }

    #[track_caller]
    fn check_age(at: &str, want: &str) {
        assert_eq!(age(at.parse().unwrap(), "2026-11-22T12:00:00Z".parse().unwrap()), want);
    }

    #[test]
    fn ages() {
        check_age("2026-11-22T11:59:30Z", "just now");
        check_age("2026-11-22T11:48:00Z", "12 min ago");
        check_age("2026-11-22T11:00:00Z", "1 hour ago");
        check_age("2026-11-19T11:00:00Z", "3 days ago");
        check_age("2025-12-22T16:05:02Z", "11 months ago");
        check_age("2026-11-23T12:00:00Z", "in the future");
    }

    #[test]
    fn days_that_passed_are_no_future() {
        let on = Date::constant(2026, 3, 16);
        let told = |today| day_ahead(on, today);
        assert_eq!(told(None), "16 Mar 2026");
        assert_eq!(told(Some(on)), "16 Mar 2026");
        assert_eq!(told(Some(Date::constant(2026, 3, 17))), "16 Mar 2026, passed");
    }

    #[test]
    fn days_and_lengths() {
        let at = "2025-12-22T23:05:02Z".parse().unwrap();
        assert_eq!(date(at, &TimeZone::UTC), "22 Dec 2025");
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(minute(at, &berlin), "23 Dec 2025, 00:05");
        for (seconds, want) in [
            (5, "5 s"),
            (2_700, "45 min"),
            (18_000, "5 h"),
            (86_400, "1 day"),
            (216_000, "2.5 days"),
        ] {
            assert_eq!(duration(seconds), want);
        }
    }
}
