//! Numbers as text: coordinates in as few bytes as their precision needs, values for people.

/// Between groups of three digits; narrow, and no place to break a line.
const THIN: char = '\u{202f}';

/// A pixel coordinate with at most one decimal.
pub fn px(value: f64) -> String {
    trimmed(value, 1)
}

/// A share of the plot width as a percentage with at most two decimals.
pub fn percent(fraction: f64) -> String {
    format!("{}%", trimmed(fraction * 100.0, 2))
}

/// A value for a script: at most two decimals, ASCII.
pub fn plain(value: f64) -> String {
    trimmed(value, 2)
}

/// A value for people: grouped, with at most `places` decimals: `1 307`, `−2.5`.
pub fn value(value: f64, places: usize) -> String {
    let text = trimmed(value, places);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("−", digits),
        None => ("", text.as_str()),
    };
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut grouped = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(THIN);
        }
        grouped.push(digit);
    }
    grouped + fraction
}

/// A value in at most six characters: `12`, `0.25`, `9500`, `12.5k`, `−3M`.
pub fn tick(value: f64) -> String {
    tick_beside(value, value)
}

/// The same on an axis whose largest value this is: beside `10k` stands `5k`, not `5000`.
pub fn tick_beside(value: f64, largest: f64) -> String {
    const UNITS: [(f64, &str); 4] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
    let size = value.abs();
    let unit = UNITS.into_iter().find(|(unit, _)| size >= *unit && largest.abs() >= 1e4);
    let text = match unit {
        Some((unit, name)) => format!("{}{name}", trimmed(value / unit, 1)),
        None => trimmed(value, 4),
    };
    text.replace('-', "−")
}

/// Beyond this a value times a thousand is no exact whole number any more.
const EXACT_MAX: f64 = 1e12;

/// At most `places` decimals, none needless. Whole numbers are printed several times faster than
/// floats, and a chart has thousands.
fn trimmed(value: f64, places: usize) -> String {
    if value.abs() > EXACT_MAX {
        return format!("{value:.0}");
    }
    let mut places = places;
    let mut scaled = (value * 10_f64.powi(places as i32)).round() as i64;
    while places > 0 && scaled % 10 == 0 {
        scaled /= 10;
        places -= 1;
    }
    if places == 0 {
        return scaled.to_string();
    }
    let digits = format!("{:0width$}", scaled.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let sign = if scaled < 0 { "-" } else { "" };
    [sign, whole, ".", fraction].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_carry_no_needless_digit() {
        for (number, want) in
            [(12.0, "12"), (12.34, "12.3"), (-0.01, "0"), (-0.14, "-0.1"), (1e13, "10000000000000")]
        {
            assert_eq!(px(number), want);
        }
        assert_eq!(percent(0.123_456), "12.35%");
    }

    #[test]
    fn values_are_grouped() {
        for (number, want) in [(0.0, "0"), (1307.0, "1\u{202f}307"), (-2.5, "−2.5")] {
            assert_eq!(value(number, 2), want);
        }
        assert_eq!(value(1_234_567.891, 1), "1\u{202f}234\u{202f}567.9");
    }

    #[test]
    fn ticks_stay_short() {
        let cases = [(0.25, "0.25"), (9500.0, "9500"), (12_500.0, "12.5k"), (-3e6, "−3M")];
        for (number, want) in cases {
            assert_eq!(tick(number), want);
        }
        assert_eq!(tick(-1e14), "−100T");
        assert_eq!(
            (tick_beside(5000.0, 1e4), tick_beside(500.0, 1e4)),
            ("5k".into(), "500".into())
        );
    }
}
