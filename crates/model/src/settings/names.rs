//! Names that Jira gives to statuses, resolutions, types and projects, as somebody listed them.

use std::collections::HashSet;
use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

use crate::json::Json;

/// How many names are shown before the rest is only counted.
const NAMES_SHOWN_MAX: usize = 8;

/// Names as they were listed. They match exactly, else without regard to case and outer blanks.
#[derive(Debug, Clone, Default)]
pub struct NameSet {
    names: Vec<String>,
    folded: HashSet<String>,
}

/// The form by which names of statuses, types and resolutions are compared. Jira Cloud writes
/// `Won’t Do` with a typographic apostrophe, people type a plain one. The same letter may be one
/// character or two, narrow or wide (Unicode's NFKC): browsers and file systems write it either way.
pub fn fold(name: &str) -> String {
    let name = name.trim();
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.nfkc().collect::<String>().to_lowercase().replace('’', "'")
}

impl NameSet {
    /// Reads a list of texts, or one text; anything else in it is left out.
    pub fn read(value: &Json) -> NameSet {
        let one = std::slice::from_ref(value);
        value.as_array().unwrap_or(one).iter().filter_map(Json::as_text).collect()
    }

    /// Whether it holds that name.
    pub fn contains(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
            || (!self.is_empty() && self.folded.contains(&fold(name)))
    }

    /// Whether it holds one of these names.
    pub fn contains_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.contains(name))
    }

    /// Whether it holds no name.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The name as it is listed here.
    pub fn spelling(&self, name: &str) -> Option<&str> {
        let folded = fold(name);
        self.iter().find(|known| fold(known) == folded)
    }
}

/// Two are the same if they hold the same names, however these are spelled and ordered.
impl PartialEq for NameSet {
    fn eq(&self, other: &NameSet) -> bool {
        self.folded == other.folded
    }
}

/// Blank names and those that are there already are left out.
impl<T: AsRef<str>> FromIterator<T> for NameSet {
    fn from_iter<I: IntoIterator<Item = T>>(names: I) -> NameSet {
        let mut set = NameSet::default();
        for name in names {
            let name = name.as_ref().trim();
            if !name.is_empty() && set.folded.insert(fold(name)) {
                set.names.push(name.to_owned());
            }
        }
        set
    }
}

impl fmt::Display for NameSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<&str> = self.iter().take(NAMES_SHOWN_MAX).collect();
        f.write_str(&shown.join(", "))?;
        match self.names.len() - shown.len() {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_exactly_or_by_their_letters() {
        let set: NameSet = ["Done ", "Won't Do"].into_iter().collect();
        for (name, want) in [("Done ", true), (" done", true), ("WON’T DO", true), ("Don", false)]
        {
            assert_eq!(set.contains(name), want, "{name}");
        }
        assert!(!NameSet::default().contains(""));
        // The same letters as one character and as two, and wide ones.
        let set: NameSet = ["Gelo\u{308}st", "Ｄｏｎｅ"].into_iter().collect();
        assert!(set.contains("gelöst") && set.contains("DONE"));
        let set: NameSet = ["ÉPICA", "Résolu"].into_iter().collect();
        assert!(set.contains("e\u{301}pica") && set.contains("RE\u{301}SOLU"));
    }
}
