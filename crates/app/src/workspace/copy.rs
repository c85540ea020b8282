//! Copying a whole workspace from one kind of store to another, and proving the copy.

use std::path::PathBuf;

use migrate::Hold;
use model::QueryKey;
use serde::Serialize;
use store::{Address, Compared, Reader, Server, Store};

use crate::App;
use crate::error::{Error, Result};

/// State of a workspace that is being copied into: where from, until all is there and proven.
const SOURCE: &str = "copy_from";
/// Begins the states that name a query that is there already; the value is the revision of the source.
const DONE: &str = "copied ";

/// Where to.
#[derive(Debug, Clone)]
pub enum Target {
    /// A folder, as `--workspace` names it.
    Folder(PathBuf),
    /// A database of a server.
    Server(Server),
}

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Copied {
    /// Where from.
    pub from: String,
    /// Where to.
    pub to: String,
    /// Queries that were copied now.
    pub copied: u64,
    /// Queries that an earlier run had copied.
    pub found: u64,
    /// Records that were compared afterwards.
    pub compared: u64,
    /// How many of them differ.
    pub different: u64,
    /// The first of them.
    pub differences: Vec<String>,
    /// Profiles whose token did not go along.
    pub without_token: Vec<String>,
}

impl App {
    /// Copies everything to `target`, a transaction for each query, and compares both; a copy that was
    /// interrupted goes on. `told` hears the name of each query. The source stays as it is. Tokens do
    /// not go along: they are kept apart from the data.
    pub fn copy_to(&self, target: &Target, told: &dyn Fn(&str)) -> Result<Copied> {
        let (_hold, store) = open(target, true)?;
        let reader = self.store.read()?;
        self.claim_target(&*store)?;
        let (mut copied, mut found) = (0, 0);
        for profile in reader.profiles()? {
            store.transact(|writer| store::copy_profile(&*reader, &profile.id, writer))?;
            for query in reader.queries(&profile.id)? {
                told(&format!("{} / {}", profile.name, query.name));
                if copy_query(&*reader, &query.key, &*store)? {
                    copied += 1;
                } else {
                    found += 1;
                }
            }
        }
        store.transact(|writer| store::copy_rest(&*reader, writer))?;
        let compared = compare(&*reader, &*store)?;
        if compared.different == 0 {
            release(&*store)?;
        }
        self.copied(&*reader, &*store, (copied, found), compared)
    }

    /// Compares everything with what is at `target`, and changes nothing.
    pub fn compare_with(&self, target: &Target) -> Result<Copied> {
        let (_hold, store) = open(target, false)?;
        let reader = self.store.read()?;
        let compared = compare(&*reader, &*store)?;
        self.copied(&*reader, &*store, (0, 0), compared)
    }

    /// Notes in an empty workspace that it is being copied into; one with data of another origin is
    /// refused.
    fn claim_target(&self, store: &dyn Store) -> Result<()> {
        let from = self.address();
        if store.address() == from {
            return Err(Error::CopyOntoItself { address: from });
        }
        store.transact(|writer| match writer.state(SOURCE)? {
            Some(known) if known == from => Ok(()),
            None if writer.profiles()?.is_empty() => writer.put_state(SOURCE, &from),
            _ => Err(store::Error::Aborted(format!(
                "{} holds a workspace already; copy into an empty one",
                store.address()
            ))),
        })?;
        Ok(())
    }

    fn copied(
        &self,
        reader: &dyn Reader,
        store: &dyn Store,
        (copied, found): (u64, u64),
        compared: Compared,
    ) -> Result<Copied> {
        let mut without_token = Vec::new();
        for profile in reader.profiles()? {
            if self.has_token(&profile.id)? {
                without_token.push(profile.name);
            }
        }
        Ok(Copied {
            from: self.address(),
            to: store.address(),
            copied,
            found,
            compared: compared.records,
            different: compared.different,
            differences: compared.named,
            without_token,
        })
    }
}

fn open(target: &Target, makes: bool) -> Result<(Option<Hold>, Box<dyn Store>)> {
    let (hold, address) = match target {
        Target::Server(server) => (None, Address::Postgres(server.clone())),
        Target::Folder(folder) => {
            let hold = if makes { Hold::share_to_make(folder)? } else { Hold::share(folder)? };
            (Some(hold), Address::Sqlite(migrate::database_path(folder)))
        }
    };
    Ok((hold, if makes { address.open()? } else { address.open_existing()? }))
}

/// Copies a query, unless it is there already in that state; says whether it did.
fn copy_query(reader: &dyn Reader, key: &QueryKey, store: &dyn Store) -> Result<bool> {
    let (mark, revision) = (format!("{DONE}{key}"), reader.revision()?.to_string());
    if store.read()?.state(&mark)?.as_ref() == Some(&revision) {
        return Ok(false);
    }
    store.transact(|writer| {
        store::copy_query(reader, key, writer)?;
        writer.put_state(&mark, &revision)
    })?;
    Ok(true)
}

fn is_mark(state: &str) -> bool {
    state == SOURCE || state.starts_with(DONE)
}

fn compare(reader: &dyn Reader, store: &dyn Store) -> Result<Compared> {
    Ok(store::compare(reader, &*store.read()?, &is_mark)?)
}

/// Takes the marks away: the copy is complete.
fn release(store: &dyn Store) -> Result<()> {
    store.transact(|writer| {
        for (key, _) in writer.states()?.into_iter().filter(|(key, _)| is_mark(key)) {
            writer.remove_state(&key)?;
        }
        Ok(())
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::sample::Sample;

    #[test]
    fn a_copy_that_was_interrupted_goes_on() {
        let Sample { app, key, .. } = &Sample::issues();
        let second = QueryKey::parse("p", "second").unwrap();
        app.store
            .transact(|writer| {
                let query = writer.query(key)?.unwrap();
                writer.put_query(&model::Query { key: second.clone(), ..query })?;
                store::copy_data(&*app.store.read()?, key, writer, &second)
            })
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Folder(folder.path().to_owned());
        let begun = Cell::new(0);
        let told = |_: &str| {
            begun.set(begun.get() + 1);
            assert!(begun.get() != 2, "the process ends here");
        };
        assert!(catch_unwind(AssertUnwindSafe(|| app.copy_to(&target, &told))).is_err());
        assert!(app.compare_with(&target).unwrap().different > 0);
        let copied = app.copy_to(&target, &|_| ()).unwrap();
        assert_eq!((copied.copied, copied.found, copied.different), (1, 1, 0), "{copied:?}");
        assert_eq!(app.compare_with(&target).unwrap().different, 0);
        let again = app.copy_to(&target, &|_| ());
        assert!(again.unwrap_err().to_string().contains("holds a workspace already"));
    }

    #[test]
    fn what_differs_is_named() {
        let Sample { app, key, .. } = &Sample::issues();
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Folder(folder.path().to_owned());
        app.copy_to(&target, &|_| ()).unwrap();
        app.store.transact(|writer| writer.remove_changelogs_of(key, &["K-1"])).unwrap();
        let compared = app.compare_with(&target).unwrap();
        let named = compared.differences.join("\n");
        assert!(compared.different > 0 && named.contains("changelogs of p/q"), "{named}");
    }
}
