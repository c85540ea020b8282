//! Identifiers. They come from users' disks and URLs, so a value of these types is already safe to
//! use as one path component.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Longest id in bytes; file systems allow 255 for a name.
pub const ID_BYTES_MAX: usize = 200;

/// Why text cannot be an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} cannot be an id: {why}")]
pub struct InvalidId {
    /// The refused text.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

fn check(text: &str) -> Result<(), InvalidId> {
    let why = if text.is_empty() {
        "it is empty"
    } else if text.len() > ID_BYTES_MAX {
        "it is longer than 200 bytes"
    } else if text == "." || text == ".." {
        "it means a folder"
    } else if text.contains(['/', '\\']) {
        "it holds a path separator"
    } else if text.chars().any(char::is_control) {
        "it holds a control character"
    } else {
        return Ok(());
    };
    Err(InvalidId { text: text.to_owned(), why })
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks and takes `text`; ids are exact, nothing is trimmed or folded.
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
                let text = text.into();
                check(&text)?;
                Ok(Self(text))
            }

            /// The text of the id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }
    };
}

id! {
    /// Identifies a profile in a workspace.
    ProfileId
}
id! {
    /// Identifies a query inside its profile; two profiles may use the same.
    QueryId
}

id! {
    /// Identifies a delivery inside its profile.
    DeliveryId
}

/// Identifies a query in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct QueryKey {
    /// The profile that owns the query.
    pub profile: ProfileId,
    /// The query inside it.
    pub query: QueryId,
}

impl QueryKey {
    /// Both ids together.
    pub fn new(profile: ProfileId, query: QueryId) -> Self {
        Self { profile, query }
    }

    /// Checks and takes both ids as text.
    pub fn parse(profile: &str, query: &str) -> Result<Self, InvalidId> {
        Ok(Self { profile: ProfileId::new(profile)?, query: QueryId::new(query)? })
    }
}

impl fmt::Display for QueryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.profile, self.query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_one_path_component() {
        for good in ["default", "p_a7b6725386c3", "größe", "My import: 2 (copy)", " x ", "..."] {
            assert_eq!(ProfileId::new(good).unwrap().as_str(), good);
        }
        for bad in ["", ".", "..", "../evil", "a/b", "C:\\evil", "a\0b", "a\nb", &"x".repeat(201)] {
            assert!(QueryId::new(bad).is_err(), "{bad:?}");
        }
    }
}
