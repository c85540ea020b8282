//! Copying a whole workspace from one kind of store to another, and proving the copy.

use std::path::{Path, PathBuf};

use migrate::{Hold, Standing};
use model::QueryKey;
use serde::Serialize;
use store::{Address, COPY_SOURCE, Compared, Reader, Server, Store, StoreKind, Writer};

use crate::App;
use crate::error::{Error, Result};

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
    /// Copies in the trash that are damaged, so that they did not go along; they would restore nothing.
    pub left_out: Vec<String>,
    /// Profiles whose token did not go along.
    pub without_token: Vec<String>,
}

impl App {
    /// Copies everything to `target`, a transaction for each query, and compares both; a copy that was
    /// interrupted goes on, with what the source holds now, or begins again if `begins_again`. `told`
    /// hears the name of each query. The source stays as it is. Tokens do not go along: they are kept
    /// apart from the data.
    pub fn copy_to(
        &self,
        target: &Target,
        begins_again: bool,
        told: &dyn Fn(&str),
    ) -> Result<Copied> {
        let (_hold, store) = open(target, true)?;
        let reader = self.store.read()?;
        self.claim_target(&*store, begins_again)?;
        // The source may have changed since the copy was cut off.
        store.transact(|writer| store::remove_others(&*reader, writer, &is_mark))?;
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
        store.transact(|writer| {
            store::copy_rest(&*reader, writer)?;
            let states = writer.states()?.into_iter().map(|(state, _)| state);
            states.filter(|state| is_of_migration(state)).try_for_each(|state| {
                writer.remove_state(&state)?;
                Ok(())
            })
        })?;
        self.copy_trash_folder(&*store)?;
        let compared = self.compare(&*reader, &*store)?;
        match compared.different {
            0 => release(&*store, &is_mark)?,
            // What is not equal is copied anew the next time.
            _ => release(&*store, &|state| state.starts_with(DONE))?,
        }
        self.copied(&*reader, &*store, (copied, found), compared)
    }

    /// Compares everything with what is at `target`, and changes nothing.
    pub fn compare_with(&self, target: &Target) -> Result<Copied> {
        let (_hold, store) = open(target, false)?;
        let reader = self.store.read()?;
        let compared = self.compare(&*reader, &*store)?;
        self.copied(&*reader, &*store, (0, 0), compared)
    }

    fn compare(&self, reader: &dyn Reader, store: &dyn Store) -> Result<Compared> {
        let is_passed_over = |state: &str| is_mark(state) || is_of_migration(state);
        let there = store.read()?;
        let mut compared = store::compare(reader, &*there, &is_passed_over)?;
        self.compare_trash_folder(&*there, &mut compared)?;
        Ok(compared)
    }

    /// Notes in an empty workspace that it is being copied into; one with data of another origin is
    /// refused.
    fn claim_target(&self, store: &dyn Store, begins_again: bool) -> Result<()> {
        let from = self.address();
        if store.address() == from {
            return Err(Error::CopyOntoItself { address: from });
        }
        let refused = |why: &str| store::Error::Aborted(format!("{} {why}", store.address()));
        store.transact(|writer| match writer.state(COPY_SOURCE)? {
            Some(known) if begins_again || known == from => {
                if begins_again {
                    empty(writer)?;
                }
                writer.put_state(COPY_SOURCE, &from)
            }
            Some(known) => Err(refused(&format!(
                "is an unfinished copy of {known}; --again begins again with {from}"
            ))),
            None if !writer.profiles()?.is_empty() => {
                Err(refused("holds a workspace already; copy into an empty one"))
            }
            None if !writer.access_keys()?.is_empty() => {
                Err(refused("holds access keys already; copy into an empty one"))
            }
            None if !writer.trash()?.is_empty() => {
                Err(refused("holds deleted things; empty its trash first"))
            }
            None => writer.put_state(COPY_SOURCE, &from),
        })?;
        Ok(())
    }

    /// [`Error::UnfinishedCopy`] if not all of the workspace that is copied here is there: figures of a
    /// part of it would be wrong.
    pub fn refuse_unfinished_copy(&self) -> Result<()> {
        let reader = self.store.read()?;
        if let Some(from) = store::unfinished_copy(&*reader)? {
            return Err(Error::UnfinishedCopy { from, place: self.address() });
        }
        Ok(())
    }

    fn copied(
        &self,
        reader: &dyn Reader,
        store: &dyn Store,
        (copied, found): (u64, u64),
        compared: Compared,
    ) -> Result<Copied> {
        // What is sealed is a part of the data, for nodes that have the key.
        let is_sealed = self.shared_key.is_some() && store.kind() == StoreKind::Postgres;
        let mut without_token = Vec::new();
        for profile in reader.profiles()? {
            if !is_sealed && self.has_token(&profile.id)? {
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
            left_out: compared.damaged,
            without_token,
        })
    }
}

fn open(target: &Target, makes: bool) -> Result<(Option<Hold>, Box<dyn Store>)> {
    let (hold, address) = match target {
        Target::Server(server) => (None, Address::Postgres(server.clone())),
        Target::Folder(folder) => {
            if makes {
                refuse_old_files(folder)?;
            }
            let hold = if makes { Hold::share_to_make(folder)? } else { Hold::share(folder)? };
            (Some(hold), Address::Sqlite(migrate::database_path(folder)))
        }
    };
    Ok((hold, if makes { address.open()? } else { address.open_existing()? }))
}

/// A database beside files of the old app would be taken for what they were migrated to.
fn refuse_old_files(folder: &Path) -> Result<()> {
    match migrate::standing(folder, folder)? {
        Standing::Legacy { .. } | Standing::RolledBack | Standing::OnlyOtherDatabase { .. } => {
            let why = format!(
                "{} holds data of the old app that is not migrated; copy into an empty folder",
                folder.display()
            );
            Err(store::Error::Aborted(why).into())
        }
        _ => Ok(()),
    }
}

/// Removes everything.
fn empty(writer: &mut dyn Writer) -> store::Result<()> {
    for profile in writer.profiles()? {
        writer.remove_profile(&profile.id)?;
    }
    for (state, _) in writer.states()? {
        writer.remove_state(&state)?;
    }
    for key in writer.access_keys()? {
        writer.remove_access_key(&key.id)?;
    }
    for task in writer.tasks()? {
        writer.remove_task(&task.id)?;
    }
    for copy in writer.trash()? {
        writer.remove_trash(&copy.id)?;
    }
    Ok(())
}

/// Copies a query, unless it is there already in that state; says whether it did.
fn copy_query(reader: &dyn Reader, key: &QueryKey, store: &dyn Store) -> Result<bool> {
    let (mark, revision) = (format!("{DONE}{key}"), reader.revision()?.to_string());
    let there = store.read()?;
    if there.state(&mark)?.as_ref() == Some(&revision) && there.query(key)?.is_some() {
        return Ok(false);
    }
    drop(there);
    store.transact(|writer| {
        store::copy_query(reader, key, writer)?;
        writer.put_state(&mark, &revision)
    })?;
    Ok(true)
}

fn is_mark(state: &str) -> bool {
    state == COPY_SOURCE || state.starts_with(DONE)
}

/// Whether a state is about what lies beside the database and does not go along: the old app's files and
/// their backup.
fn is_of_migration(state: &str) -> bool {
    state.starts_with("migration_") && state != "migration_timestamp"
}

/// Takes marks away; all of them when the copy is complete.
fn release(store: &dyn Store, is_taken: &dyn Fn(&str) -> bool) -> Result<()> {
    store.transact(|writer| {
        for (key, _) in writer.states()?.into_iter().filter(|(key, _)| is_taken(key)) {
            writer.remove_state(&key)?;
        }
        Ok(())
    })?;
    Ok(())
}

#[cfg(test)]
mod tests;
