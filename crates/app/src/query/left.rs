//! The issues that left a query: kept with their history, until somebody forgets them for good.

use model::QueryKey;
use store::Reader;

use crate::App;
use crate::error::Result;
use crate::lookup;

impl App {
    /// How many issues left a query and are kept.
    pub fn left_count(&self, key: &QueryKey) -> Result<usize> {
        let reader = self.store.read()?;
        lookup::query(&*reader, key)?;
        Ok(left(&*reader, key)?.len())
    }

    /// Removes the issues that left a query, with their history, and says how many. What they were done
    /// in loses them, too.
    pub fn forget_left(&self, key: &QueryKey) -> Result<usize> {
        let mut writer = self.store.write()?;
        lookup::query(&*writer, key)?;
        let left = left(&*writer, key)?;
        let keys: Vec<&str> = left.iter().map(String::as_str).collect();
        writer.remove_issues_of(key, &keys)?;
        writer.remove_changelogs_of(key, &keys)?;
        writer.commit()?;
        Ok(left.len())
    }
}

fn left(reader: &dyn Reader, key: &QueryKey) -> Result<Vec<String>> {
    let mut left = Vec::new();
    reader.each_issue_facts(key, &mut |facts| {
        left.extend(facts.left.map(|_| facts.key));
        Ok(())
    })?;
    Ok(left)
}
