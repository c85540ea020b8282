//! Histories of an issue, gathered from wherever they come, in one order.

use std::collections::{HashMap, HashSet};

use model::json::Value;
use model::{Document, Timestamp, changelog};

use crate::issue::list_of;

/// One history as Jira sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct History {
    pub id: Option<String>,
    at: Option<Timestamp>,
    /// Whether it says what changed.
    has_items: bool,
    text: String,
}

impl History {
    pub fn read(history: Value<'_>) -> Self {
        let mut text = String::with_capacity(history.raw().len());
        history.write_compact(&mut text);
        let has_items = list_of(history, "items").is_some();
        Self { id: id_text(history), at: changelog::moment(history), has_items, text }
    }

    /// Jira's ids are numbers; as text, 10 would come before 9.
    fn rank(&self) -> (bool, Option<Timestamp>, Option<u64>) {
        (self.at.is_none(), self.at, self.id.as_deref().and_then(|id| id.parse().ok()))
    }
}

/// The id of anything, which is text in some answers and a number in others.
pub(crate) fn id_text(value: Value<'_>) -> Option<String> {
    let id = value.get("id")?;
    match id.kind() {
        model::json::Kind::Number => Some(id.raw().to_owned()),
        _ => id.as_text().map(|text| text.into_owned()).filter(|text| !text.is_empty()),
    }
}

/// The histories of an issue, oldest first; what came twice stands once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Histories(Vec<History>);

impl Histories {
    /// Takes those of a list in whatever order it has. Also says how many of it were there twice.
    pub fn read(list: Option<Value<'_>>) -> (Self, u64) {
        let mut histories = Self::default();
        let doubles =
            histories.add(list.iter().flat_map(Value::elements).map(History::read).collect());
        (histories, doubles)
    }

    /// Adds what is not there yet. Gives how many of the list were in it twice, word for word.
    ///
    /// Lists of different calls write the same history differently, so that ids tell across them;
    /// within one list several may have the same id, as damaged servers have it.
    pub fn add(&mut self, mut more: Vec<History>) -> u64 {
        turn_oldest_first(&mut more);
        let (mut seen, all) = (HashSet::new(), more.len());
        more.retain(|history| {
            history.id.is_none() || seen.insert((history.id.clone(), history.text.clone()))
        });
        let doubles = all - more.len();
        let mut known: HashMap<&str, usize> = HashMap::new();
        for id in self.0.iter().filter_map(|history| history.id.as_deref()) {
            *known.entry(id).or_default() += 1;
        }
        let mut takes_known = |history: &History| {
            let left = history.id.as_deref().and_then(|id| known.get_mut(id));
            left.filter(|left| **left > 0).map(|left| *left -= 1).is_some()
        };
        // Those without an id are the same where their text is; within one list each counts.
        let texts: HashSet<&str> = self.0.iter().map(|history| history.text.as_str()).collect();
        more.retain(|history| {
            let is_there = texts.contains(history.text.as_str());
            if is_there {
                takes_known(history);
            }
            !is_there
        });
        more.retain(|history| !takes_known(history));
        self.0.extend(more);
        self.0.sort_by_key(History::rank);
        doubles as u64
    }

    pub fn count(&self) -> u64 {
        self.0.len() as u64
    }

    /// How many of them say what changed.
    pub fn whole_count(&self) -> u64 {
        self.0.iter().filter(|history| history.has_items).count() as u64
    }

    /// `{"changelog":{"histories":[…]}}`
    pub fn document(&self) -> Document {
        let texts: Vec<&str> = self.0.iter().map(|history| history.text.as_str()).collect();
        Document::from_stored(format!("{{\"changelog\":{{\"histories\":[{}]}}}}", texts.join(",")))
    }
}

/// Cloud sends newest first: turned around, those of one instant keep their true order.
fn turn_oldest_first(histories: &mut [History]) {
    let mut dated = histories.iter().filter_map(|history| history.at);
    let (first, last) = (dated.next(), dated.next_back());
    if last.is_some() && first > last {
        histories.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Tape;

    #[track_caller]
    fn check(lists: &[&str], want: &str) {
        let mut histories = Histories::default();
        for list in lists {
            let mut tape = Tape::new();
            let list = tape.parse(list).unwrap();
            histories.add(list.elements().map(History::read).collect());
        }
        let text = histories.document();
        assert_eq!(text.as_str(), format!(r#"{{"changelog":{{"histories":[{want}]}}}}"#));
    }

    #[test]
    fn histories_are_put_in_order_and_doubles_left_out() {
        let (a, b, c) = (
            r#"{"id":"9","created":"2025-06-02T10:00:00.000+0200"}"#,
            r#"{"id":"10","created":"2025-06-02T08:00:00.000+0000","items":[]}"#,
            r#"{"id":"11","created":1748937600000}"#,
        );
        check(&[], "");
        check(&[&format!("[{c},{b},{a}]")], &format!("{a},{b},{c}"));
        check(&[&format!("[{b}]"), &format!("[{c},{a},{b}]")], &format!("{a},{b},{c}"));
        let (x, y) = (r#"{"created":"2025-06-02","n":1}"#, r#"{"created":"2025-06-02","n":2}"#);
        let late = r#"{"created":"2025-06-03"}"#;
        check(&[&format!("[{late},{y},{x}]")], &format!("{x},{y},{late}"));
        check(&[&format!("[{x},{x}]")], &format!("{x},{x}"));
        check(&[&format!("[{x}]"), &format!("[{x},{y}]")], &format!("{x},{y}"));
        // Sent twice word for word, and two that share an id.
        let other = r#"{"id":"9","created":"2025-06-02T11:00:00.000+0200"}"#;
        check(&[&format!("[{a},{a},{c}]")], &format!("{a},{c}"));
        check(&[&format!("[{a},{other},{c}]")], &format!("{a},{other},{c}"));
        check(&[&format!("[{a}]"), &format!("[{a},{other}]")], &format!("{a},{other}"));
        check(&[&format!("[{a}]"), &format!("[{other},{a}]")], &format!("{a},{other}"));
        check(&[&format!("[{a},{other}]"), &format!("[{other},{a}]")], &format!("{a},{other}"));
        check(
            &[r#"[{"items":1},{"created":"2025-06-02"}]"#],
            r#"{"created":"2025-06-02"},{"items":1}"#,
        );
    }
}
