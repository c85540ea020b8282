//! Numbers and times as text for a terminal.

use model::{TimeZone, Timestamp};

/// What stands where a value is not known.
pub const UNKNOWN: &str = "–";

/// A count with its noun: `1 query`, `7 queries`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// Digits in groups of three: `10 000`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// Bytes for people: `50.1 MB`.
pub fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match UNITS.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => format!("{}.{} {name}", bytes / unit, bytes % unit / (unit / 10)),
        None => counted(bytes, "byte", "bytes"),
    }
}

/// A moment in a zone, to the minute.
pub fn time(at: Option<Timestamp>, zone: &TimeZone) -> String {
    at.map_or_else(
        || UNKNOWN.to_owned(),
        |at| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_at_a_glance() {
        assert_eq!([0, 999, 10_000, 1_234_567].map(grouped), ["0", "999", "10 000", "1 234 567"]);
        assert_eq!(
            [1, 999, 1_049, 50_100_000].map(size),
            ["1 byte", "999 bytes", "1.0 kB", "50.1 MB"]
        );
        assert_eq!(counted(1, "query", "queries"), "1 query");
        assert_eq!(time(Some(Timestamp::UNIX_EPOCH), &TimeZone::UTC), "1970-01-01 00:00");
        assert_eq!(time(None, &TimeZone::UTC), "–");
    }
}
