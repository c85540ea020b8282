//! What changes name, as numbers: there are few statuses and resolutions, and many changes.

use std::collections::HashMap;
use std::sync::Arc;

use model::{ChangelogFacts, Resolution, ResolutionChange, StatusRef, Transition};

use super::check::Checked;
use super::driver::params;
use super::transitions;
use super::tx::SqlTx;
use crate::error::Result;

const ALL: &str = "SELECT id, value_id, name FROM changelog_values";
const INSERT: &str = "INSERT INTO changelog_values (value_id, name) VALUES (?, ?) RETURNING id";

/// All values, both ways.
#[derive(Default)]
pub(super) struct ChangelogValues {
    numbers: HashMap<Arc<StatusRef>, u64>,
    /// By number, sorted: read for every change.
    values: Vec<(u64, Arc<StatusRef>)>,
}

impl ChangelogValues {
    fn add(&mut self, number: i64, value: Arc<StatusRef>) {
        let number = number.unsigned_abs();
        let place = self.values.partition_point(|(known, _)| *known < number);
        self.values.insert(place, (number, Arc::clone(&value)));
        self.numbers.insert(value, number);
    }

    fn value(&self, number: u64) -> Option<Arc<StatusRef>> {
        let place = self.values.binary_search_by_key(&number, |(known, _)| *known).ok()?;
        self.values.get(place).map(|(_, value)| Arc::clone(value))
    }
}

impl SqlTx<'_> {
    /// The bytes of changes; values not seen before get their number.
    pub(super) fn encode_transitions(&self, list: &[Transition]) -> Result<Vec<u8>> {
        self.load_changelog_values()?;
        let mut values = self.changelog_values.borrow_mut();
        let values = values.get_or_insert_default();
        transitions::encode(list, |value| {
            if let Some(number) = values.numbers.get(value) {
                return Ok(*number);
            }
            let text = |text: &Option<Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
            let row = params![text(&value.id), text(&value.name)];
            let number: Option<i64> = self.one(INSERT, row, |row| row.get(0))?;
            let number = number.ok_or_else(|| self.damaged("changelog_values: no id"))?;
            values.add(number, Arc::new(value.clone()));
            Ok(number.unsigned_abs())
        })
    }

    /// The bytes of changes of the resolution; `None` of none.
    pub(super) fn encode_resolutions(&self, list: &[ResolutionChange]) -> Result<Option<Vec<u8>>> {
        if list.is_empty() {
            return Ok(None);
        }
        let value = |resolution: &Resolution| match resolution {
            Resolution::Named(name) => Some(Arc::new(StatusRef::named(name))),
            Resolution::Absent | Resolution::Unresolved => None,
        };
        let change = |change: &ResolutionChange| Transition {
            at: change.at,
            from: value(&change.from),
            to: value(&change.to),
        };
        self.encode_transitions(&list.iter().map(change).collect::<Vec<_>>()).map(Some)
    }

    /// The facts of stored bytes.
    pub(super) fn decode_changelog(
        &self,
        transitions: &[u8],
        resolutions: Option<&[u8]>,
    ) -> Result<ChangelogFacts> {
        let value = |value: Option<Arc<StatusRef>>| match value.and_then(|value| value.name.clone())
        {
            Some(name) => Resolution::Named(name.to_string()),
            None => Resolution::Unresolved,
        };
        let change = |change: Transition| ResolutionChange {
            at: change.at,
            from: value(change.from),
            to: value(change.to),
        };
        let resolutions = resolutions.map(|bytes| self.decode_transitions(bytes)).transpose()?;
        Ok(ChangelogFacts {
            transitions: self.decode_transitions(transitions)?,
            resolutions: resolutions.into_iter().flatten().map(change).collect(),
        })
    }

    fn decode_transitions(&self, bytes: &[u8]) -> Result<Vec<Transition>> {
        self.load_changelog_values()?;
        let values = self.changelog_values.borrow();
        let value = |number| values.as_ref()?.value(number);
        transitions::decode(bytes, value)
            .ok_or_else(|| self.damaged("jira_changelog_cache: changes cannot be read"))
    }

    fn load_changelog_values(&self) -> Result<()> {
        if self.changelog_values.borrow().is_some() {
            return Ok(());
        }
        self.expect(Checked::ChangelogValues)?;
        let mut values = ChangelogValues::default();
        let text = |text: String| (!text.is_empty()).then(|| Arc::from(text));
        let rows = self.all(ALL, &[], |row| {
            let value = StatusRef { id: text(row.get(1)?), name: text(row.get(2)?) };
            Ok((row.get(0)?, Arc::new(value)))
        })?;
        rows.into_iter().for_each(|(number, value)| values.add(number, value));
        *self.changelog_values.borrow_mut() = Some(values);
        Ok(())
    }
}
