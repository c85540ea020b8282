//! What the issues in a stage were asked with, and whom that serves later.

use crate::ask::{Ask, is_subset};

const FULL: &str = "full";

/// What the staged issues were asked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    fields: String,
    server: String,
    /// A mark of what the server called things.
    labels: String,
    is_full: bool,
}

impl Head {
    pub fn of(ask: &Ask) -> Head {
        Head {
            fields: ask.fields_text(),
            server: ask.server.clone(),
            labels: ask.labels.mark().to_owned(),
            is_full: ask.is_full,
        }
    }

    /// The head as a text, a line for each part.
    pub fn text(&self) -> String {
        let full = if self.is_full { FULL } else { "" };
        [&self.fields, &self.server, &self.labels, full].join("\n")
    }

    /// Whether what was asked with the head of that text serves who asks with this one.
    pub fn is_served_by(&self, text: &str) -> bool {
        let parts: Vec<&str> = text.split('\n').collect();
        let [fields, server, labels, full] = parts[..] else { return false };
        let wanted = self.fields.split(',').map(str::to_owned).collect();
        self.server == server
            && self.labels == labels
            && is_subset(&wanted, fields)
            && (full == FULL || !self.is_full)
    }
}
