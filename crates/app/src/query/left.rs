//! The issues that left a query: kept with their history, until somebody forgets them for good.

use model::QueryKey;

use crate::App;
use crate::error::Result;
use crate::lookup;

impl App {
    /// How many issues left a query and are kept.
    pub fn left_count(&self, key: &QueryKey) -> Result<usize> {
        let reader = self.store.read()?;
        lookup::query(&*reader, key)?;
        Ok(store::left_of(&*reader, key)?.len())
    }

    /// Removes the issues that left a query, with their history, and says how many. What they were done
    /// in loses them, too.
    pub fn forget_left(&self, key: &QueryKey) -> Result<usize> {
        let mut writer = self.store.write()?;
        lookup::query(&*writer, key)?;
        let left = store::left_of(&*writer, key)?;
        let keys: Vec<&str> = left.iter().map(|(key, _)| key.as_str()).collect();
        writer.remove_issues_of(key, &keys)?;
        writer.remove_changelogs_of(key, &keys)?;
        writer.commit()?;
        Ok(left.len())
    }
}
