//! Counts by name.

use std::collections::HashMap;

use serde::Serialize;

/// How many have one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Share {
    /// The name; `None` for those without one.
    pub name: Option<String>,
    /// Category of a status: `new`, `indeterminate` or `done`.
    pub category: Option<String>,
    /// How many.
    pub count: u64,
}

/// Counts as they come in.
#[derive(Debug, Default)]
pub struct Tally {
    named: HashMap<String, Share>,
    unnamed: u64,
}

impl Tally {
    /// Counts one; the first category that a name comes with is kept.
    pub fn add(&mut self, name: Option<&str>, category: Option<&str>) {
        let Some(name) = name else {
            self.unnamed += 1;
            return;
        };
        if let Some(share) = self.named.get_mut(name) {
            share.count += 1;
        } else {
            let category = category.map(str::to_owned);
            let share = Share { name: Some(name.to_owned()), category, count: 1 };
            self.named.insert(name.to_owned(), share);
        }
    }

    /// Shares, largest first, then by name; those without a name at the end.
    pub fn into_shares(self) -> Vec<Share> {
        let mut shares: Vec<Share> = self.named.into_values().collect();
        shares.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        if self.unnamed > 0 {
            shares.push(Share { name: None, category: None, count: self.unnamed });
        }
        shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn largest_first_and_nameless_last() {
        let mut tally = Tally::default();
        for name in [None, None, None, Some("b"), Some("a"), Some("c"), Some("c")] {
            tally.add(name, None);
        }
        let shares: Vec<_> =
            tally.into_shares().into_iter().map(|share| (share.name, share.count)).collect();
        let name = |text: &str| Some(text.to_owned());
        assert_eq!(shares, [(name("c"), 2), (name("a"), 1), (name("b"), 1), (None, 3)]);
    }
}
