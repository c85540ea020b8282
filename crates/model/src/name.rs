//! Names that people give: what is allowed, when two are the same, how a twin is numbered.

/// Longest name in characters.
pub const NAME_CHARACTERS_MAX: usize = 100;

/// Why text cannot be the name of a profile or query; `Ok` if it can.
pub fn check(name: &str) -> Result<(), &'static str> {
    if name.trim().is_empty() {
        Err("it must not be empty")
    } else if name.chars().count() > NAME_CHARACTERS_MAX {
        Err("it must not be longer than 100 characters")
    } else if name.chars().any(char::is_control) {
        Err("it must not hold control characters or line breaks")
    } else {
        Ok(())
    }
}

/// The form by which names are compared: two names are the same if their folded forms are equal.
pub fn fold(name: &str) -> String {
    // Upper first: it unites forms that lower case alone keeps apart (ß and ss, final sigma).
    name.trim().to_uppercase().to_lowercase()
}

/// `name`, made allowed: trimmed, control characters as spaces, at most 100 characters.
/// `None` if nothing is left.
pub fn repair(name: &str) -> Option<String> {
    let visible: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let cut: String = visible.trim().chars().take(NAME_CHARACTERS_MAX).collect();
    let cut = cut.trim_end();
    (!cut.is_empty()).then(|| cut.to_owned())
}

/// `name` or the first of `name (2)`, `name (3)`, … that `is_taken` does not know.
pub fn numbered(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(name) {
        return name.to_owned();
    }
    (2_u64..)
        .map(|number| {
            let suffix = format!(" ({number})");
            let room = NAME_CHARACTERS_MAX - suffix.len();
            let stem: String = name.chars().take(room).collect();
            format!("{}{suffix}", stem.trim_end())
        })
        .find(|candidate| !is_taken(candidate))
        .unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_fold_alike() {
        assert_eq!(fold("Straße "), fold("STRASSE"));
        assert_eq!(fold("Apache Kafka"), fold("apache KAFKA"));
        assert_ne!(fold("A"), fold("B"));
    }

    #[test]
    fn numbers_and_repairs() {
        let taken = ["a", "a (2)"];
        assert_eq!(numbered("a", |name| taken.contains(&name)), "a (3)");
        assert_eq!(numbered("b", |name| taken.contains(&name)), "b");
        let long = "x".repeat(100);
        assert_eq!(numbered(&long, |name| name == long).chars().count(), 100);
        assert_eq!(repair(" a\nb "), Some("a b".into()));
        assert_eq!(repair("\n"), None);
        assert!(check(&repair(&"ü".repeat(300)).unwrap()).is_ok());
    }
}
