//! Whether a JQL can find what is done, read clause by clause: a clause that no done issue fulfils,
//! joined by AND, leaves out all of them; in an OR it does so only if every branch does.

use std::collections::{BTreeSet, HashSet};
use std::iter::Peekable;
use std::vec::IntoIter;

use metrics::Items;
use model::Lane;
use model::settings::fold;

/// Deeper ones are not read; nobody writes them.
const DEPTH_MAX: usize = 50;

/// What is known of statuses by their names and ids.
#[derive(Debug, Default)]
pub(crate) struct StatusNames {
    done: HashSet<String>,
    open: HashSet<String>,
    /// Names and ids of each status that means done and that issues were in.
    used: Vec<Vec<String>>,
}

impl StatusNames {
    pub fn of(items: &Items<'_>) -> StatusNames {
        let mut found = StatusNames::default();
        for known in items.statuses.known() {
            let names: Vec<String> =
                known.names.iter().copied().chain(known.id).map(fold).collect();
            match known.meaning.lane {
                Some(Lane::Done) if known.occurs => found.used.push(names.clone()),
                _ => {}
            }
            match known.meaning.lane {
                Some(lane) if lane.is_over() => found.done.extend(names),
                Some(_) => found.open.extend(names),
                None => {}
            }
        }
        found
    }
}

/// Whether a JQL finds nothing that is done.
pub(crate) fn leaves_out_done(jql: &str, statuses: &StatusNames) -> bool {
    let mut parser = Parser { tokens: tokens(jql).into_iter().peekable(), statuses, depth: 0 };
    parser.any().is_some_and(|found| found == Found::NoneDone)
}

/// What part of the done issues something holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    NoneDone,
    Some,
    AllDone,
}

impl Found {
    fn not(self) -> Found {
        match self {
            Found::NoneDone => Found::AllDone,
            Found::Some => Found::Some,
            Found::AllDone => Found::NoneDone,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A bare word, folded.
    Word(String),
    /// What stands in quotes, folded.
    Quoted(String),
    Operator(String),
    Open,
    Close,
    Comma,
}

fn tokens(jql: &str) -> Vec<Token> {
    let mut chars = jql.chars().peekable();
    let mut found = Vec::new();
    while let Some(c) = chars.next() {
        let token = match c {
            _ if c.is_whitespace() => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            ',' => Token::Comma,
            '"' | '\'' => {
                let mut text = String::new();
                while let Some(next) = chars.next().filter(|next| *next != c) {
                    let escaped = if next == '\\' { chars.next() } else { None };
                    text.push(escaped.unwrap_or(next));
                }
                Token::Quoted(fold(&text))
            }
            _ => {
                let is_operator = |c: char| "=!<>~&|".contains(c);
                let mut text = String::from(c);
                while let Some(next) = chars.next_if(|next| {
                    is_operator(*next) == is_operator(c)
                        && !next.is_whitespace()
                        && !"(),\"'".contains(*next)
                }) {
                    text.push(next);
                }
                if is_operator(c) { Token::Operator(text) } else { Token::Word(fold(&text)) }
            }
        };
        found.push(token);
    }
    found
}

struct Parser<'s> {
    tokens: Peekable<IntoIter<Token>>,
    statuses: &'s StatusNames,
    depth: usize,
}

impl Parser<'_> {
    /// Clauses joined by OR; `None` if they cannot be read.
    fn any(&mut self) -> Option<Found> {
        let mut found = self.all()?;
        while self.takes("or", &["|", "||"]) {
            found = found.max(self.all()?);
        }
        Some(found)
    }

    /// Clauses joined by AND.
    fn all(&mut self) -> Option<Found> {
        let mut found = self.one()?;
        while self.takes("and", &["&", "&&"]) {
            found = found.min(self.one()?);
        }
        Some(found)
    }

    fn one(&mut self) -> Option<Found> {
        if self.depth > DEPTH_MAX {
            return None;
        }
        self.depth += 1;
        let found = if self.takes("not", &["!"]) {
            self.one().map(Found::not)
        } else if self.tokens.next_if_eq(&Token::Open).is_some() {
            let found = self.any();
            self.tokens.next_if_eq(&Token::Close)?;
            found
        } else {
            self.clause()
        };
        self.depth -= 1;
        found
    }

    fn clause(&mut self) -> Option<Found> {
        let (Token::Word(field) | Token::Quoted(field)) = self.tokens.next()? else { return None };
        let (is_equal, is_negated) = match self.tokens.next()? {
            Token::Operator(operator) => {
                (["=", "!=", "<>"].contains(&&*operator), operator.contains(['!', '<']))
            }
            Token::Word(word) if word == "is" => (true, self.takes("not", &[])),
            Token::Word(word) if word == "in" => (true, false),
            Token::Word(word) if word == "not" => (self.takes("in", &[]), true),
            _ => (false, false),
        };
        let values = self.values();
        // What follows a value is about the past: `was Done before -1w`.
        let is_plain = self.ends();
        while !self.ends() {
            self.tokens.next();
        }
        let values = values.filter(|_| is_equal && is_plain).unwrap_or_default();
        let found = self.found_by(&field, &values);
        Some(if is_negated { found.not() } else { found })
    }

    /// What a clause compares with; `None` if that is a function.
    fn values(&mut self) -> Option<BTreeSet<String>> {
        let mut values = Some(BTreeSet::new());
        let mut depth = 0_usize;
        while let Some(token) = self.tokens.peek() {
            match token {
                Token::Close if depth == 0 => break,
                Token::Word(value) | Token::Quoted(value) => {
                    if let Some(values) = &mut values {
                        values.insert(value.clone());
                    }
                }
                Token::Open if depth == 0 && values.as_ref().is_some_and(BTreeSet::is_empty) => {}
                Token::Open => values = None,
                Token::Close | Token::Comma | Token::Operator(_) => {}
            }
            match self.tokens.next() {
                Some(Token::Open) => depth += 1,
                Some(Token::Close) => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && self.tokens.peek() != Some(&Token::Open) {
                break;
            }
        }
        values
    }

    /// For which of the done issues a field has one of the values.
    fn found_by(&self, field: &str, values: &BTreeSet<String>) -> Found {
        let is_in = |all: &[&str]| values.iter().all(|value| all.contains(&value.as_str()));
        let has = |some: &[&str]| values.iter().any(|value| some.contains(&value.as_str()));
        match field {
            _ if values.is_empty() => Found::Some,
            "statuscategory" if has(&["done", "complete", "3"]) => Found::AllDone,
            "statuscategory" if is_in(NOT_DONE) => Found::NoneDone,
            "resolution" | "resolutiondate" | "resolved"
                if is_in(&["unresolved", "empty", "null"]) =>
            {
                Found::NoneDone
            }
            "status" if values.iter().all(|value| self.statuses.open.contains(value)) => {
                Found::NoneDone
            }
            "status" => {
                let is_done = values.iter().any(|value| self.statuses.done.contains(value));
                let is_named = |names: &Vec<String>| names.iter().any(|name| values.contains(name));
                let is_all = is_done && self.statuses.used.iter().all(is_named);
                if is_all { Found::AllDone } else { Found::Some }
            }
            _ => Found::Some,
        }
    }

    fn takes(&mut self, word: &str, operators: &[&str]) -> bool {
        let is_it = |token: &Token| match token {
            Token::Word(text) => text == word,
            Token::Operator(text) => operators.contains(&text.as_str()),
            _ => false,
        };
        self.tokens.next_if(is_it).is_some()
    }

    /// Whether a clause ends here.
    fn ends(&mut self) -> bool {
        match self.tokens.peek() {
            None | Some(Token::Close) => true,
            Some(Token::Word(word)) => ["and", "or", "order"].contains(&word.as_str()),
            Some(Token::Operator(operator)) => operator.starts_with(['&', '|']),
            Some(_) => false,
        }
    }
}

/// Categories of what is not done, by name, key and id.
const NOT_DONE: &[&str] =
    &["to do", "new", "in progress", "indeterminate", "undefined", "no category", "1", "2", "4"];

#[cfg(test)]
mod tests {
    use super::*;

    fn statuses(used: &[&str]) -> StatusNames {
        let names = |names: &[&str]| names.iter().map(|name| fold(name)).collect();
        StatusNames {
            done: names(&["Done", "Closed", "Resolved"]),
            open: names(&["To Do", "In Progress"]),
            used: used.iter().map(|name| vec![fold(name)]).collect(),
        }
    }

    #[track_caller]
    fn check(jql: &str, want: bool) {
        assert_eq!(leaves_out_done(jql, &statuses(&[])), want, "{jql}");
    }

    #[test]
    fn a_clause_that_no_done_issue_fulfils_leaves_out_what_is_done() {
        for jql in [
            "resolution = Unresolved",
            "project = ABC AND resolution = \"Unresolved\" order by rank",
            "project=ABC and resolution in (Unresolved)",
            "resolution IS EMPTY",
            "resolution is null AND project = ABC",
            "resolution = EMPTY",
            "resolutiondate IS NULL",
            "project=ABC AND resolved is empty",
            "statusCategory != Done",
            "statusCategory <> 'Done'",
            "statusCategory != 3",
            "\"statusCategory\" not in (Done)",
            "statusCategory in (\"To Do\",\"In Progress\")",
            "statusCategory = \"In Progress\"",
            "NOT statusCategory = Done",
            "project = ABC AND NOT (statusCategory = Done OR labels = old)",
            "!(statusCategory in (Done))",
            "not resolution is not empty",
            "status not in (Done, Closed)",
            "status != Closed",
            "status in (\"To Do\", \"In Progress\")",
            "(resolution = Unresolved OR statusCategory != Done) AND team = A",
            "project = ABC && resolution = Unresolved",
            "assignee = currentUser() AND resolution = Unresolved",
            "assignee in membersOf(\"a (b\") AND resolution = Unresolved",
        ] {
            check(jql, true);
        }
    }

    #[test]
    fn what_lets_done_work_in_does_not() {
        for jql in [
            "",
            "project = ABC",
            "project = ABC AND (resolution = Unresolved OR resolved >= -52w)",
            "resolution = Unresolved OR project = ABC",
            "summary ~ \"resolution = Unresolved\"",
            "summary ~ 'a \\' and statusCategory != Done'",
            "resolution in (Unresolved, Fixed)",
            "resolution != Unresolved",
            "resolution is not EMPTY",
            "statusCategory = Done",
            "statusCategory in (\"In Progress\", Done)",
            "NOT statusCategory != Done",
            "status != \"In Progress\"",
            "status not in (Someday)",
            "status was not Done",
            "status was in (Done) before -1w",
            "status changed from Done",
            "not (status was Done)",
            "resolved >= startOfMonth()",
            "project = resolution and order = statusCategory",
            "resolution",
            "(resolution = Unresolved",
            "resolution = Unresolved OR",
            "fixVersion in unreleasedVersions() or resolution = Unresolved",
        ] {
            check(jql, false);
        }
        check(&format!("{}resolution = Unresolved", "(".repeat(5_000)), false);
    }

    #[test]
    fn all_the_done_statuses_that_are_used_have_to_be_left_out() {
        let check = |used: &[&str], want| {
            let found = leaves_out_done("status not in (Done, Closed)", &statuses(used));
            assert_eq!(found, want, "{used:?}");
        };
        check(&["Done"], true);
        check(&["Done", "Closed"], true);
        check(&["Done", "Resolved"], false);
    }
}
