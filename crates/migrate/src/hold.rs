//! Who may hold a workspace's database. Everybody who opens it shares `burndown.lock` as long as it is
//! open; whoever replaces it is alone. Replacing begins by asking, in `burndown.lock.request`: servers
//! close what they have open, commands come to their end, and nobody opens anew until the request is
//! over. Both locks are let go by the system when a process ends, however it ends.

use std::path::{Path, PathBuf};
use std::time::Duration;

use files::{Held, Kind, LockFile};

use crate::error::{Error, Result};
use crate::place;

/// How long somebody who opens the database waits for whoever replaces it, in seconds.
const WAIT_TO_OPEN_S: u64 = 30;
/// How long whoever replaces it waits for those that have it open, in seconds.
const WAIT_FOR_OTHERS_S: u64 = 30;
/// How long whoever replaces it waits for another one that does, in seconds: a big migration.
const WAIT_FOR_TURN_S: u64 = 600;

const POLL_MS: u64 = 20;

/// The right to have a workspace's database open, or to replace it. Held while it lives.
#[derive(Debug)]
pub struct Hold {
    workspace: PathBuf,
    /// `None` where no lock file can be made: there nobody can replace anything either.
    lock: Option<Held>,
    /// The request of whoever replaces.
    request: Option<Held>,
}

impl Hold {
    /// To open what is there; waits for whoever replaces it just now.
    pub fn share(workspace: &Path) -> Result<Hold> {
        Hold::share_within(workspace, WAIT_TO_OPEN_S)
    }

    fn share_within(workspace: &Path, wait_s: u64) -> Result<Hold> {
        for _ in 0..=wait_s * 1_000 / POLL_MS {
            if let Some(hold) = Hold::try_share(workspace)? {
                return Ok(hold);
            }
            std::thread::sleep(Duration::from_millis(POLL_MS));
        }
        let by = who_replaces(workspace).unwrap_or_default();
        Err(Error::BeingReplaced { workspace: workspace.to_owned(), by })
    }

    fn try_share(workspace: &Path) -> Result<Option<Hold>> {
        let hold = |lock| Hold { workspace: workspace.to_owned(), lock, request: None };
        if who_replaces(workspace).is_some() {
            return Ok(None);
        }
        let Some(lock) = lock_to_share(workspace)? else { return Ok(Some(hold(None))) };
        match lock.try_hold(Kind::Shared) {
            Ok(Ok(held)) if held.is_in_place() => Ok(Some(hold(Some(held)))),
            // Held by another, or taken away by whoever held it.
            Ok(_) => Ok(None),
            Err(error) => {
                tracing::warn!(%error, "this file system has no locks; nobody is kept out");
                Ok(Some(hold(None)))
            }
        }
    }

    /// To open what is there or to make it, in a workspace that is not there yet as well.
    pub fn share_to_make(workspace: &Path) -> Result<Hold> {
        files::create_folder(&place::profiles(workspace))?;
        LockFile::create(&refuse_folder(place::lock(workspace))?)?;
        Hold::share(workspace)
    }

    /// To replace what is there: asks all others to let go and waits for them. `command` says in
    /// what name.
    pub fn replace(workspace: &Path, command: &str) -> Result<Hold> {
        Hold::replace_within(workspace, command, WAIT_FOR_TURN_S, WAIT_FOR_OTHERS_S)
    }

    fn replace_within(workspace: &Path, command: &str, turn_s: u64, others_s: u64) -> Result<Hold> {
        files::create_folder(&place::profiles(workspace))?;
        let path = refuse_folder(place::lock(workspace))?;
        let asking = place::lock_request(workspace);
        let request = LockFile::create(&asking)?.hold(Kind::Exclusive, turn_s * 1_000)?;
        let request = request.ok_or_else(|| Error::Locked {
            who: who_replaces(workspace).map(|who| format!(" ({who})")).unwrap_or_default(),
            waited_s: turn_s,
        })?;
        request.say(&format!("{} {command}", std::process::id()));
        let mut hold = Hold { workspace: workspace.to_owned(), lock: None, request: Some(request) };
        let lock = LockFile::create(&path)?.hold(Kind::Exclusive, others_s * 1_000)?;
        let lock = lock.ok_or_else(|| {
            let by = files::holders_of(&path).into_iter();
            let by = by.map(|(pid, command)| named(&pid.to_string(), &command)).collect();
            Error::InUse { workspace: workspace.to_owned(), by, waited_s: others_s }
        })?;
        lock.say(&format!("{} {command}", std::process::id()));
        hold.lock = Some(lock);
        tracing::info!(workspace = %workspace.display(), command, "nobody else has the database open");
        Ok(hold)
    }

    /// Takes the lock files away, at the end of a workspace that was removed.
    pub fn end_with_workspace(self) {
        // Some systems do not remove what is open; empty files do no harm.
        let _ = std::fs::remove_file(place::lock_request(&self.workspace));
        let _ = std::fs::remove_file(place::lock(&self.workspace));
    }

    /// Takes the lock file away where nothing is left to guard; whoever waits goes on with a new one.
    pub(crate) fn take_lock_away(self) {
        if let Some(lock) = &self.lock {
            lock.remove();
        }
    }

    /// Who asks this holder to let go; `None` if nobody does.
    pub fn is_asked_to_end_by(&self) -> Option<String> {
        if self.request.is_some() { None } else { who_replaces(&self.workspace) }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if let Some(request) = &self.request {
            request.say("");
            request.remove();
        }
    }
}

/// Who replaces the workspace's database just now, or waits for others to let go of it.
pub fn who_replaces(workspace: &Path) -> Option<String> {
    let asking = place::lock_request(workspace);
    // One look costs next to nothing where nobody ever asked.
    std::fs::metadata(&asking).ok().filter(|found| found.is_file() && found.len() > 0)?;
    let held = LockFile::open(&asking).ok()?.try_hold(Kind::Shared).ok()?;
    if held.is_ok() {
        // Left by a process that is gone.
        return None;
    }
    let text = files::text_of(&asking);
    let (pid, command) = text.split_once(' ').unwrap_or(("", ""));
    Some(named(pid, &format!("burndown {command}")))
}

/// Numbers of the other processes that serve a workspace now, as far as the system tells.
pub fn other_servers(workspace: &Path) -> Vec<u32> {
    let holders = files::holders_of(&place::lock(workspace)).into_iter();
    let is_server = |command: &str| command.split_whitespace().any(|word| word == "serve");
    holders.filter(|(_, command)| is_server(command)).map(|(pid, _)| pid).collect()
}

fn named(pid: &str, command: &str) -> String {
    let is_number = !pid.is_empty() && pid.bytes().all(|byte| byte.is_ascii_digit());
    let command = model::plain::one_line(command.trim());
    if is_number { format!("`{command}`, pid {pid}") } else { "another program".to_owned() }
}

/// The lock file, if there is one or one can be made where there is something to hold.
fn lock_to_share(workspace: &Path) -> Result<Option<LockFile>> {
    let path = refuse_folder(place::lock(workspace))?;
    if !path.exists() && !holds_something(workspace) {
        return Ok(None);
    }
    Ok(LockFile::open(&path).or_else(|_| LockFile::create(&path)).ok())
}

fn holds_something(workspace: &Path) -> bool {
    // An empty file is no database: a question writes nothing beside it.
    place::holds_database(workspace).unwrap_or(true) || place::rolled_back_mark(workspace).exists()
}

fn refuse_folder(path: PathBuf) -> Result<PathBuf> {
    if path.is_dir() { Err(Error::FolderInTheWay(path)) } else { Ok(path) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        drop(Hold::share_to_make(folder.path()).unwrap());
        folder
    }

    #[test]
    fn many_share_and_whoever_replaces_is_alone() {
        let folder = workspace();
        let share = || Hold::share_within(folder.path(), 0);
        let replace = || Hold::replace_within(folder.path(), "migrate", 0, 0);
        let (first, second) = (share().unwrap(), share().unwrap());
        assert!(matches!(replace(), Err(Error::InUse { waited_s: 0, .. })));
        assert_eq!(first.is_asked_to_end_by(), None, "a request ends with whoever gave up");
        drop((first, second));
        let alone = replace().unwrap();
        assert_eq!(alone.is_asked_to_end_by(), None);
        let refused = share().unwrap_err().to_string();
        let who = format!("`burndown migrate`, pid {}", std::process::id());
        assert!(refused.contains(&who), "{refused}");
        let refused = replace().unwrap_err().to_string();
        assert!(refused.contains(&who), "{refused}");
        drop(alone);
        share().unwrap();
    }

    #[test]
    fn those_that_hold_it_are_asked_and_nobody_opens_meanwhile() {
        let folder = workspace();
        let first = Hold::share(folder.path()).unwrap();
        std::thread::scope(|scope| {
            let replacer = scope.spawn(|| Hold::replace(folder.path(), "rollback").unwrap());
            while first.is_asked_to_end_by().is_none() {
                std::thread::yield_now();
            }
            assert!(matches!(
                Hold::share_within(folder.path(), 0),
                Err(Error::BeingReplaced { by, .. }) if by.contains("burndown rollback")
            ));
            drop(first);
            drop(replacer.join().unwrap());
        });
        Hold::share_within(folder.path(), 0).unwrap();
    }

    #[test]
    fn a_request_of_a_process_that_is_gone_keeps_nobody_out() {
        let folder = workspace();
        std::fs::write(place::lock_request(folder.path()), "1 migrate").unwrap();
        Hold::share_within(folder.path(), 0).unwrap();
        Hold::replace_within(folder.path(), "migrate", 0, 0).unwrap();
    }

    #[test]
    fn looking_at_a_folder_without_data_leaves_nothing_there() {
        let folder = tempfile::tempdir().unwrap();
        Hold::share(folder.path()).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
