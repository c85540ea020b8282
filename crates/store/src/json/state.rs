//! App state: the active selection stands in the registry, everything else in the ledger.

use super::registry::ACTIVE;
use super::tx::JsonTx;
use crate::contract::{ReadState, WriteState};
use crate::error::{Error, Result};

impl ReadState for JsonTx<'_> {
    fn state(&self, key: &str) -> Result<Option<String>> {
        if ACTIVE.contains(&key) {
            return Ok(self.registry().active(key));
        }
        Ok(self.files().ledger.states().get(key).and_then(|state| state.value.clone()))
    }

    fn states(&self) -> Result<Vec<(String, String)>> {
        let registry = self.registry();
        let active =
            ACTIVE.iter().filter_map(|key| Some(((*key).to_owned(), registry.active(key)?)));
        let files = self.files();
        let noted = files.ledger.states().iter();
        let noted = noted.filter_map(|(key, state)| Some((key.clone(), state.value.clone()?)));
        let mut states: Vec<_> = active.chain(noted).collect();
        states.sort();
        Ok(states)
    }
}

impl WriteState for JsonTx<'_> {
    fn put_state(&mut self, key: &str, value: &str) -> Result<()> {
        if key.is_empty() {
            return Err(Error::invalid("state.key", "it must not be empty"));
        }
        self.write_state(key, Some(value));
        Ok(())
    }

    fn remove_state(&mut self, key: &str) -> Result<bool> {
        let was_there = self.state(key)?.is_some();
        if was_there {
            self.write_state(key, None);
        }
        Ok(was_there)
    }
}

impl JsonTx<'_> {
    fn write_state(&mut self, key: &str, value: Option<&str>) {
        let is_active = ACTIVE.contains(&key);
        if is_active {
            self.registry_mut().set_active(key, value);
        }
        let noted = value.filter(|_| !is_active);
        self.files_mut().ledger.note_state(key, noted);
        tracing::debug!(is_removal = value.is_none(), "app state was written");
    }
}
