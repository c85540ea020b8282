//! What a scenario changes, in few words.

use crate::format::day;

/// What parameters of a forecast change, as one phrase: `pace 120 %, 10 added`.
pub fn changes(changes: &[(&str, String)]) -> String {
    let phrases: Vec<String> = changes.iter().map(|(name, value)| change(name, value)).collect();
    phrases.join(", ")
}

fn change(name: &str, value: &str) -> String {
    match (name, value) {
        ("focus", percent) => format!("pace {percent}\u{a0}%"),
        ("arrivals", percent) => format!("new work {percent}\u{a0}%"),
        ("add", amount) => match amount.strip_prefix('-') {
            Some(less) => format!("{less} dropped"),
            None => format!("{amount} added"),
        },
        ("items", amount) => format!("{amount} to do"),
        ("start", date) => {
            let date = date.parse().map_or_else(|_| date.to_owned(), day);
            format!("from {date} on")
        }
        ("growth", "on") => "scope grows".to_owned(),
        ("growth", _) => "scope stays".to_owned(),
        ("exclude", weeks) => format!("without {}", weeks.replace(',', ", ")),
        ("model", "urn") => "a steady pace".to_owned(),
        ("model", _) => "each week as likely".to_owned(),
        (name, value) => format!("{name} {value}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_change_is_a_phrase() {
        let changed = [
            ("focus", "120", "pace 120 %"),
            ("arrivals", "50", "new work 50 %"),
            ("add", "10", "10 added"),
            ("add", "-2.5", "2.5 dropped"),
            ("items", "50", "50 to do"),
            ("start", "2027-01-05", "from 5 Jan 2027 on"),
            ("growth", "off", "scope stays"),
            ("exclude", "2025-W43,2025-W44", "without 2025-W43, 2025-W44"),
            ("model", "exact", "each week as likely"),
        ];
        for (name, value, want) in changed {
            let said = changes(&[(name, value.to_owned())]);
            assert_eq!(said.replace('\u{a0}', " "), want);
        }
        let both = [("focus", "80".to_owned()), ("add", "3".to_owned())];
        assert_eq!(changes(&both), "pace 80\u{a0}%, 3 added");
    }
}
