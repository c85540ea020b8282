//! Numbers, dates and counts as they stand in sentences.

use metrics::Unit;
use model::Date;

/// `1 week`, `2.5 weeks`.
pub(crate) fn counted(amount: f64, one: &str, many: &str) -> String {
    format!("{} {}", number(amount), if amount == 1.0 { one } else { many })
}

/// So many items or points.
pub(crate) fn work(amount: f64, unit: Unit) -> String {
    match unit {
        Unit::Items => counted(amount, "item", "items"),
        Unit::Points => counted(amount, "point", "points"),
    }
}

/// With at most one digit after the point.
pub(crate) fn number(amount: f64) -> String {
    let tenths = (amount * 10.0).round() / 10.0;
    format!("{tenths}")
}

/// `14 Nov 2026`.
pub(crate) fn day(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}
