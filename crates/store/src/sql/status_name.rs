//! Status names of transitions as numbers: there are few names and many transitions.

use std::collections::HashMap;
use std::sync::Arc;

use super::driver::params;
use super::transitions;
use super::tx::SqlTx;
use crate::error::Result;
use model::Transition;

const ALL: &str = "SELECT id, name FROM status_names";
const INSERT: &str = "INSERT INTO status_names (name) VALUES (?1) RETURNING id";

/// All names, both ways.
#[derive(Default)]
pub(super) struct StatusNames {
    numbers: HashMap<Arc<str>, u64>,
    /// By number, sorted: read for every transition.
    names: Vec<(u64, Arc<str>)>,
}

impl StatusNames {
    fn add(&mut self, number: i64, name: &str) {
        let (number, name) = (number.unsigned_abs(), Arc::from(name));
        let place = self.names.partition_point(|(known, _)| *known < number);
        self.names.insert(place, (number, Arc::clone(&name)));
        self.numbers.insert(name, number);
    }

    fn name(&self, number: u64) -> Option<Arc<str>> {
        let place = self.names.binary_search_by_key(&number, |(known, _)| *known).ok()?;
        self.names.get(place).map(|(_, name)| Arc::clone(name))
    }
}

impl SqlTx<'_> {
    /// The bytes of transitions; names not seen before get their number.
    pub(super) fn encode_transitions(&self, list: &[Transition]) -> Result<Vec<u8>> {
        self.load_status_names()?;
        let mut names = self.status_names.borrow_mut();
        let names = names.get_or_insert_default();
        transitions::encode(list, |name| {
            if let Some(number) = names.numbers.get(name) {
                return Ok(*number);
            }
            let number: Option<i64> = self.one(INSERT, params![name], |row| row.get(0))?;
            let number = number.ok_or_else(|| self.damaged("status_names: no id"))?;
            names.add(number, name);
            Ok(number.unsigned_abs())
        })
    }

    /// The transitions of stored bytes.
    pub(super) fn decode_transitions(&self, bytes: &[u8]) -> Result<Vec<Transition>> {
        self.load_status_names()?;
        let names = self.status_names.borrow();
        let name = |number| names.as_ref()?.name(number);
        transitions::decode(bytes, name)
            .ok_or_else(|| self.damaged("jira_changelog_cache: transitions cannot be read"))
    }

    fn load_status_names(&self) -> Result<()> {
        if self.status_names.borrow().is_some() {
            return Ok(());
        }
        let mut names = StatusNames::default();
        for (number, name) in self.all(ALL, &[], |row| Ok((row.get(0)?, row.get::<String>(1)?)))? {
            names.add(number, &name);
        }
        *self.status_names.borrow_mut() = Some(names);
        Ok(())
    }
}
