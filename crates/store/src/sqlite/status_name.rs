//! Status names of transitions as numbers: there are few names and many transitions.

use std::collections::HashMap;

use super::transitions;
use super::tx::SqliteTx;
use crate::error::Result;
use model::Transition;

const ALL: &str = "SELECT id, name FROM status_names";
const INSERT: &str = "INSERT INTO status_names (name) VALUES (?1) RETURNING id";

/// All names, both ways.
#[derive(Default)]
pub(super) struct StatusNames {
    numbers: HashMap<String, u64>,
    names: HashMap<u64, String>,
}

impl StatusNames {
    fn add(&mut self, number: i64, name: String) {
        self.names.insert(number.unsigned_abs(), name.clone());
        self.numbers.insert(name, number.unsigned_abs());
    }
}

impl SqliteTx<'_> {
    /// The bytes of transitions; names not seen before get their number.
    pub fn encode_transitions(&self, list: &[Transition]) -> Result<Vec<u8>> {
        self.load_status_names()?;
        let mut names = self.status_names.borrow_mut();
        let names = names.get_or_insert_default();
        transitions::encode(list, |name| {
            if let Some(number) = names.numbers.get(name) {
                return Ok(*number);
            }
            let number: Option<i64> = self.one(INSERT, [name], |row| row.get(0))?;
            let number = number.ok_or_else(|| self.damaged("status_names: no id"))?;
            names.add(number, name.to_owned());
            Ok(number.unsigned_abs())
        })
    }

    /// The transitions of stored bytes.
    pub fn decode_transitions(&self, bytes: &[u8]) -> Result<Vec<Transition>> {
        self.load_status_names()?;
        let names = self.status_names.borrow();
        let name = |number| names.as_ref()?.names.get(&number).cloned();
        transitions::decode(bytes, name)
            .ok_or_else(|| self.damaged("jira_changelog_cache: transitions cannot be read"))
    }

    fn load_status_names(&self) -> Result<()> {
        if self.status_names.borrow().is_some() {
            return Ok(());
        }
        let mut names = StatusNames::default();
        for (number, name) in self.all(ALL, [], |row| Ok((row.get(0)?, row.get(1)?)))? {
            names.add(number, name);
        }
        *self.status_names.borrow_mut() = Some(names);
        Ok(())
    }
}
