//! Amounts as spreadsheets write them: with a point or a comma before the decimals, and perhaps the other
//! one, a space or an apostrophe between thousands.

/// What stands before decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decimal {
    Point,
    Comma,
}

/// What the cells seen so far tell of it.
#[derive(Default)]
pub(crate) struct Separators {
    is_point: bool,
    is_comma: bool,
}

impl Separators {
    /// Looks at an amount.
    pub fn look_at(&mut self, cell: &str) {
        let told = told(cell);
        self.is_point |= told == Some(Decimal::Point);
        self.is_comma |= told == Some(Decimal::Comma);
    }

    /// The one that the cells tell together; a point where they leave it open.
    pub fn decimal(&self) -> Decimal {
        if self.is_comma && !self.is_point { Decimal::Comma } else { Decimal::Point }
    }
}

impl Decimal {
    const fn sign(self) -> char {
        match self {
            Decimal::Point => '.',
            Decimal::Comma => ',',
        }
    }
}

/// What one cell tells. What stands once and not before three digits cannot part thousands.
fn told(cell: &str) -> Option<Decimal> {
    let (before, after) = cell.rsplit_once([',', '.'])?;
    let (decimal, other) = match cell.chars().rev().find(|c| matches!(c, ',' | '.'))? {
        ',' => (Decimal::Comma, Decimal::Point),
        _ => (Decimal::Point, Decimal::Comma),
    };
    match before.rsplit_once([',', '.']) {
        // Twice the same parts thousands.
        Some(_) if before.contains(decimal.sign()) => Some(other),
        Some(_) => Some(decimal),
        None => (after.len() != 3).then_some(decimal),
    }
}

/// An amount with a point for its decimals and nothing between its thousands; `None` if it is none.
/// Nothing is less than nothing done.
pub(crate) fn amount(cell: &str, decimal: Decimal) -> Option<String> {
    let (whole, part) = match cell.rsplit_once(decimal.sign()) {
        Some((whole, part)) => (whole, Some(part)),
        None => (cell, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let between = |c: char| {
        c != decimal.sign() && matches!(c, ',' | '.' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}')
    };
    let mut groups = whole.split(between);
    let first = groups.next().filter(|first| is_digits(first))?;
    let mut number = first.to_owned();
    for group in groups {
        if !is_digits(group) || group.len() != 3 || first.len() > 3 {
            return None;
        }
        number.push_str(group);
    }
    match part {
        None => Some(number),
        Some(part) => is_digits(part).then(|| format!("{number}.{part}")),
    }
}

/// The same of a count: a whole number.
pub(crate) fn count(cell: &str, decimal: Decimal) -> Option<String> {
    let amount = amount(cell, decimal)?;
    match amount.split_once('.') {
        None => Some(amount),
        Some((whole, part)) => part.bytes().all(|byte| byte == b'0').then(|| whole.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cells: &[&str], want: &[Option<&str>]) {
        let mut told_by = Separators::default();
        cells.iter().for_each(|cell| told_by.look_at(cell));
        let decimal = told_by.decimal();
        let found: Vec<_> = cells.iter().map(|cell| amount(cell, decimal)).collect();
        assert_eq!(
            found,
            want.iter().map(|want| want.map(str::to_owned)).collect::<Vec<_>>(),
            "{cells:?}"
        );
    }

    #[test]
    fn the_cells_tell_together_what_stands_before_decimals() {
        check(&["1.234", "9,5"], &[Some("1234"), Some("9.5")]);
        check(&["1,234", "9.5"], &[Some("1234"), Some("9.5")]);
        check(&["1.234.567,25"], &[Some("1234567.25")]);
        check(&["1.234.567", "1.234"], &[Some("1234567"), Some("1234")]);
        check(&["1'234", "1 234", "1\u{202f}234.5"], &[Some("1234"), Some("1234"), Some("1234.5")]);
        check(&["1,234", "12"], &[Some("1234"), Some("12")]);
        check(&["1.234", "12"], &[Some("1.234"), Some("12")]);
        check(&["1,5", "1.5"], &[None, Some("1.5")]);
    }

    #[test]
    fn what_is_no_amount_is_none() {
        for cell in
            ["", "x", "n/a", "-", "-3", "1,23,4", "1e5", "1.2.3", ".5", "5.", "12,34", "1234,567"]
        {
            assert_eq!(amount(cell, Decimal::Point), None, "{cell}");
        }
        assert_eq!(count("5.0", Decimal::Point).as_deref(), Some("5"));
        assert_eq!(count("2.5", Decimal::Point), None);
    }
}
