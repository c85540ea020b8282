//! What is asked about work under way, as URLs and commands write it.

use std::str::FromStr;

use super::NowRow;
use crate::error::{Error, Result};
use crate::figures::ask::OverviewAsk;
use crate::parameter::{self, Expected, FLAG, Parsed, Words, one_of, read, word};

const ORDERS: &Words<bool> = &[("asc", false), ("desc", true)];

/// Which items, in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NowAsk {
    /// Over which weeks the pace of the past is, as of which day.
    pub view: OverviewAsk,
    /// Only those in this status.
    pub status: Option<String>,
    /// Only those of this type.
    pub issue_type: Option<String>,
    /// Only those of this assignee.
    pub assignee: Option<String>,
    /// Only those of this epic or parent, by key.
    pub epic: Option<String>,
    /// Only those with this text in key or summary, ignoring case.
    pub text: Option<String>,
    /// Only those that are blocked.
    pub is_blocked: bool,
    /// Only those older than the service level.
    pub is_over: bool,
    /// Whether they stand by epic.
    pub is_by_epic: bool,
    /// What to sort by.
    pub sort: NowSort,
    /// Whether the largest or latest comes first.
    pub is_descending: bool,
}

/// What items under way can be sorted by. Those without a value come last in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NowSort {
    /// How old they are; the blocked ones first where the oldest come first.
    Age,
    /// How long they have been in their status.
    InStatus,
    /// When they were last changed.
    Changed,
    /// Their stage, in the order of the workflow.
    Stage,
    /// Who has them.
    Assignee,
    /// What they are part of.
    Epic,
    /// Their key.
    Key,
}

impl NowSort {
    /// All of them.
    pub const ALL: [NowSort; 7] = [
        Self::Age,
        Self::InStatus,
        Self::Changed,
        Self::Stage,
        Self::Assignee,
        Self::Epic,
        Self::Key,
    ];

    /// The word for it in URLs and commands.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::InStatus => "in_status",
            Self::Changed => "changed",
            Self::Stage => "stage",
            Self::Assignee => "assignee",
            Self::Epic => "epic",
            Self::Key => "key",
        }
    }
}

impl FromStr for NowSort {
    type Err = Expected;

    fn from_str(given: &str) -> Parsed<NowSort> {
        one_of(&Self::ALL, Self::as_str, given)
    }
}

impl Default for NowAsk {
    fn default() -> Self {
        NowAsk {
            view: OverviewAsk::default(),
            status: None,
            issue_type: None,
            assignee: None,
            epic: None,
            text: None,
            is_blocked: false,
            is_over: false,
            is_by_epic: false,
            sort: NowSort::Age,
            is_descending: true,
        }
    }
}

impl NowAsk {
    /// Takes one parameter as it stands in a URL. An empty value means that it is not given; an
    /// error names the parameter and what it may be.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        if value.trim().is_empty() {
            return Ok(());
        }
        let text = || Some(value.to_owned());
        let flag = |name: &'static str| read(name, value, |value| word(FLAG, value));
        match name {
            "status" => self.status = text(),
            "type" => self.issue_type = text(),
            "assignee" => self.assignee = text(),
            "epic" => self.epic = text(),
            "text" => self.text = Some(read("text", value, parameter::text)?),
            "blocked" => self.is_blocked = flag("blocked")?,
            "over" => self.is_over = flag("over")?,
            "by_epic" => self.is_by_epic = flag("by_epic")?,
            "sort" => self.sort = read("sort", value, str::parse)?,
            "order" => self.is_descending = read("order", value, |value| word(ORDERS, value))?,
            "window" | "unit" | "as_of" => self.view.set(name, value)?,
            _ => {
                let remedy = "use status, type, assignee, epic, text, blocked, over, by_epic, sort, \
                              order, window or as_of";
                return Err(Error::unknown_parameter(name, remedy));
            }
        }
        Ok(())
    }

    /// The same as parameters of a URL; what is as usual is left out.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let yes = |is: bool| is.then(|| "true".to_owned());
        let is_usual = (self.sort, self.is_descending) == (NowSort::Age, true);
        let order = if self.is_descending { "desc" } else { "asc" };
        let own = [
            ("status", self.status.clone()),
            ("type", self.issue_type.clone()),
            ("assignee", self.assignee.clone()),
            ("epic", self.epic.clone()),
            ("text", self.text.clone()),
            ("blocked", yes(self.is_blocked)),
            ("over", yes(self.is_over)),
            ("by_epic", yes(self.is_by_epic)),
            ("sort", (!is_usual).then(|| self.sort.as_str().to_owned())),
            ("order", (!is_usual).then(|| order.to_owned())),
        ];
        let own = own.into_iter().filter_map(|(name, value)| Some((name, value?)));
        own.chain(self.view.parameters()).collect()
    }

    /// The same without what leaves items out.
    pub fn unfiltered(&self) -> NowAsk {
        let NowAsk { view, is_by_epic, sort, is_descending, .. } = *self;
        NowAsk { view, is_by_epic, sort, is_descending, ..NowAsk::default() }
    }

    pub(super) fn lets_through(&self, row: &NowRow) -> bool {
        let is = |wanted: &Option<String>, found: &Option<String>| {
            wanted.is_none() || wanted.as_deref() == found.as_deref()
        };
        is(&self.status, &row.ageing.status)
            && is(&self.issue_type, &row.issue_type)
            && is(&self.assignee, &row.assignee)
            && is(&self.epic, &row.epic)
            && (!self.is_blocked || row.is_blocked)
            && (!self.is_over || row.is_over())
            && self.text.as_ref().is_none_or(|text| {
                let text = text.to_lowercase();
                let holds = |hay: &str| hay.to_lowercase().contains(&text);
                holds(&row.ageing.key) || row.summary.as_deref().is_some_and(holds)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_come_back() {
        let mut ask = NowAsk::default();
        assert_eq!(ask.parameters(), []);
        for (name, value) in [
            ("status", "In Review"),
            ("assignee", "Ada"),
            ("epic", "ABC-1"),
            ("blocked", "true"),
            ("over", "false"),
            ("sort", "in_status"),
            ("order", "asc"),
            ("as_of", "2025-11-24"),
        ] {
            ask.set(name, value).unwrap();
        }
        let mut again = NowAsk::default();
        for (name, value) in ask.parameters() {
            again.set(name, &value).unwrap();
        }
        assert_eq!(again, ask);
        assert_eq!(ask.unfiltered().parameters().len(), 3);
        let said = ask.set("colour", "red").unwrap_err().to_string();
        assert!(said.contains("use status, type"), "{said}");
        assert!(ask.set("sort", "size").unwrap_err().to_string().contains("age, in_status"));
    }
}
