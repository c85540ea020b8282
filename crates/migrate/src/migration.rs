//! The migration: eight steps, each a function of its own.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use model::{ProfileId, stamp};
use store::legacy::sqlite::{Moment, Unusable};
use store::legacy::{Finding, FindingKind};
use store::{Address, SecretFile, Store, StoredToken, Writer};

use crate::backup::{self, MANIFEST, Manifest, ManifestFile};
use crate::build::{build, quarantine_files};
use crate::compare::compare;
use crate::error::{Error, Result};
use crate::folder::Folder;
use crate::hold::Hold;
use crate::inventory::{OLD_DATABASE, Source, data_bytes, is_old_database};
use crate::plan::{Plan, plan};
use crate::quarantine::Quarantine;
use crate::replace::{finish_after_a_crash, replace_proven};
use crate::report::{Report, Totals, Verification};
use crate::standing::{Standing, standing_in};
use crate::{Job, Progress, Stage, inventory, link, place};

/// Free space beyond backup and database, in bytes.
const MARGIN_BYTES: u64 = 16 << 20;

/// Hears of progress; may be called from several threads.
pub(crate) type Listener<'l> = dyn Fn(Progress) + Sync + 'l;

/// Migrates. On any error the old state stays in force and nothing new is left.
pub fn migrate(job: &Job, listener: &Listener<'_>) -> Result<Report> {
    let job = &job.behind_links();
    let folder = Folder::named(&job.source);
    let job = &Job { source: folder.root().to_owned(), ..job.clone() };
    tell(listener, Stage::Inventory, "lock", 0, 0);
    require_source(job)?;
    // A folder without anything of the old app must stay as it is, so look before locking.
    refuse_what_must_not_be_done(&Hold::share(&job.workspace)?, job, &folder)?;
    let missing = Missing::of(&job.workspace);
    let mut hold = None;
    let done = migrate_alone(job, &folder, listener, &mut hold);
    if done.is_err() {
        missing.take_away(&job.workspace, hold);
    }
    done
}

/// The same for the holder of the workspace's lock, which is kept in `hold`.
fn migrate_alone(
    job: &Job,
    folder: &Folder,
    listener: &Listener<'_>,
    hold: &mut Option<Hold>,
) -> Result<Report> {
    files::create_folder(&job.workspace)?;
    let needed = needed_bytes(&inventory::sources(folder)?);
    require_space(&job.workspace, needed)?;
    let command = if job.again { "migrate --again" } else { "migrate" };
    let hold = hold.insert(Hold::replace(&job.workspace, command)?);
    refuse_what_must_not_be_done(hold, job, folder)?;
    clean_up_after_a_crash(&job.workspace)?;
    let backups = place::backups(&job.workspace);
    files::create_folder(&backups)?;
    // Private copies stand where a crash is cleaned up after.
    let folder = Folder::named(folder.root()).chosen(folder.choice()).copying_to(&backups);
    tell(listener, Stage::Inventory, "plan", 0, 0);
    let plan = checked_plan(job, &folder)?;
    let total = data_bytes(&plan.sources);
    Run { job, folder, listener, total }.build_and_prove(hold, plan).map_err(|error| {
        if error.is_lack_of_space() {
            let (workspace, needed) = (job.workspace.clone(), megabytes(needed));
            return Error::FilledUp { workspace, needed };
        }
        error
    })
}

/// What is not there before a migration, and goes again where that ends with an error.
struct Missing {
    folders: Vec<PathBuf>,
    has_lock: bool,
}

impl Missing {
    fn of(workspace: &Path) -> Missing {
        let places = [workspace.to_owned(), place::profiles(workspace), place::backups(workspace)];
        let folders = places.into_iter().filter(|place| !place.exists()).collect();
        Missing { folders, has_lock: place::lock(workspace).exists() }
    }

    /// The error that is reported is the one that counts, so none is reported here.
    fn take_away(self, workspace: &Path, hold: Option<Hold>) {
        match hold {
            Some(hold) => {
                let _ = clean_up_after_a_crash(workspace);
                if !self.has_lock {
                    hold.take_lock_away();
                }
            }
            // Somebody else works there.
            None if place::lock(workspace).exists() => return,
            None => {}
        }
        // Only empty folders go.
        for folder in self.folders.iter().rev() {
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// Whether there is a folder to read from. A workspace may still have to be made.
pub(crate) fn require_source(job: &Job) -> Result<()> {
    if !job.source.exists() && job.source != job.workspace {
        return Err(Error::NoFolder(job.source.clone()));
    }
    link::refuse(&job.source, &job.workspace)
}

pub(crate) fn checked_plan(job: &Job, folder: &Folder) -> Result<Plan> {
    if let (Some(Err(why)), false) = (folder.database()?, inventory::layout(folder)?.has_json()) {
        return Err(unusable(job, why));
    }
    let plan = plan(folder, &job.zone)?;
    if plan.profiles.is_empty() && plan.states.is_empty() && plan.sources.is_empty() {
        return Err(Error::NothingToMigrate(job.source.clone()));
    }
    Ok(plan)
}

fn unusable(job: &Job, why: &Unusable) -> Error {
    let (database, hint) = (OLD_DATABASE.to_owned(), why.to_string());
    Error::OnlyOtherDatabase { folder: job.source.clone(), database, hint }
}

fn refuse_what_must_not_be_done(hold: &Hold, job: &Job, folder: &Folder) -> Result<()> {
    let workspace = &job.workspace;
    link::refuse(folder.root(), workspace)?;
    // Whether the old app's database can be read is asked of the copy that is read, later.
    let is_new = !place::holds_database(workspace)? && !place::rolled_back_mark(workspace).exists();
    let standing = if is_new { Ok(Standing::Fresh) } else { standing_in(hold, folder, workspace) };
    let standing = match standing {
        // A damaged database is moved aside unread.
        Err(error) if job.again && error.is_damage() => Standing::Ready { migrated: false },
        other => other?,
    };
    let has_legacy = !inventory::layout(folder)?.is_empty();
    match standing {
        // The old files may have been tidied away since: all of them is in the database.
        Standing::Ready { migrated: true } if !job.again => {
            Err(Error::AlreadyMigrated(job.workspace.clone()))
        }
        _ if !has_legacy => Err(Error::NothingToMigrate(job.source.clone())),
        _ if job.again => Ok(()),
        Standing::FromElsewhere { from } => Err(Error::FromElsewhere {
            workspace: job.workspace.clone(),
            from,
            asked: job.source.clone(),
        }),
        Standing::Legacy { .. } | Standing::Fresh | Standing::OnlyOtherDatabase { .. } => Ok(()),
        Standing::RolledBack => Err(Error::RolledBack(job.workspace.clone())),
        Standing::LegacyChanged { what } => Err(Error::LegacyChanged(what)),
        Standing::RollbackBrokenOff => Err(Error::RollbackBrokenOff(job.workspace.clone())),
        Standing::Ready { .. } => Err(Error::WouldReplace(place::database_path(&job.workspace))),
    }
}

/// Removes what a run that was killed left: the unfinished database and backup, and temporary
/// files. For the holder of the lock only.
pub(crate) fn clean_up_after_a_crash(workspace: &Path) -> Result<()> {
    inventory::temporaries(&Folder::new(workspace))?.iter().try_for_each(|it| files::remove(it))?;
    for file in place::database_files(&place::partial_database(workspace)) {
        files::remove(&file)?;
    }
    finish_after_a_crash(workspace)?;
    let Ok(entries) = std::fs::read_dir(place::backups(workspace)) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("migration-") && name.ends_with(".partial") {
            files::remove(&entry.path())?;
        }
    }
    Ok(())
}

/// Room for backup and database, in bytes.
fn needed_bytes(sources: &[Source]) -> u64 {
    let is_database = |source: &&Source| is_old_database(&source.entry.path);
    let databases: Vec<Source> = sources.iter().filter(is_database).cloned().collect();
    // A database is copied to be read from, and once more to bring its log in; so is its backup.
    (data_bytes(sources) + data_bytes(&databases) * 2) * 2 + MARGIN_BYTES
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

fn require_space(workspace: &Path, needed: u64) -> Result<()> {
    let free = files::free_bytes(workspace)?;
    if free >= needed {
        return Ok(());
    }
    let place = workspace.display().to_string();
    Err(Error::NoSpace { place, free: megabytes(free), needed: megabytes(needed) })
}

/// One migration under its lock.
struct Run<'r> {
    job: &'r Job,
    folder: Folder,
    listener: &'r Listener<'r>,
    total: u64,
}

impl Run<'_> {
    fn build_and_prove(&mut self, hold: &Hold, mut plan: Plan) -> Result<Report> {
        let backups = place::backups(&self.job.workspace);
        files::create_folder(&backups)?;
        let backup = place::stamped(&backups, "migration", self.job.now);
        let unfinished = place::partial(&backup);
        files::create_folder(&unfinished)?;
        let partial = place::partial_database(&self.job.workspace);
        let (manifest, totals) = self.back_up_and_build(&mut plan, &backup, &partial)?;
        files::write_file(&unfinished.join(MANIFEST), &to_json(&manifest)?)?;
        self.tell(Stage::Verify, "open", 0);
        let store = Address::Sqlite(partial.clone()).open()?;
        let verification = self.prove(&manifest, &unfinished, &*store)?;
        self.note_later_writes(&mut plan)?;
        let tokens = plan.tokens.clone();
        let report =
            report(self.job, plan, totals, Some(&verification), Some(&backup), &manifest.files);
        files::write_file(&unfinished.join(crate::verify::REPORT), &to_json(&report)?)?;
        files::write_file(&unfinished.join("migration-report.txt"), report.to_text().as_bytes())?;
        if !verification.is_proven() {
            return Err(self.not_equal(&verification, &manifest, &unfinished));
        }
        drop(store);
        // Private copies of the old app's database hold a token: none may outlive a kill from here on.
        self.folder = Folder::new(self.folder.root());
        self.publish(hold, &unfinished, &backup, &partial, tokens)?;
        Ok(report)
    }

    /// Copies the old files on one thread while another builds the database from them, all of it
    /// in one transaction.
    fn back_up_and_build(
        &self,
        plan: &mut Plan,
        backup: &Path,
        partial: &Path,
    ) -> Result<(Manifest, Totals)> {
        let unfinished = place::partial(backup);
        let done = AtomicU64::new(0);
        let step = |step: &'static str, bytes: u64| {
            let done_bytes = done.fetch_add(bytes, Ordering::Relaxed) + bytes;
            let total_bytes = self.total * 2;
            (self.listener)(Progress { stage: Stage::Build, step, done_bytes, total_bytes });
        };
        step("begin", 0);
        let sources = plan.sources.clone();
        let mut quarantine = Quarantine::new(&unfinished);
        let store = Address::Sqlite(partial.to_owned()).create()?;
        let mut writer = store.write()?;
        let watch = files::Watch::current();
        let copy = || {
            let copied = &mut |bytes| step("copy", bytes);
            watch.clone().over(|| backup::back_up(&self.job.source, &sources, &unfinished, copied))
        };
        let (folder, zone) = (&self.folder, &self.job.zone);
        let build = || {
            let built = &mut |bytes| step("build", bytes);
            build(plan, folder, zone, &mut *writer, &mut quarantine, built)
        };
        let (totals, files) = model::thread::both(build, copy);
        let (files, mut totals) = (files?, totals?);
        totals.files = files.len() as u64;
        totals.bytes = files.iter().map(|file| file.bytes).sum();
        let manifest = self.manifest(files);
        put_states(&mut *writer, backup, &manifest)?;
        step("built", 0);
        writer.commit()?;
        quarantine_files(&plan.ledger, &self.folder, &quarantine)?;
        quarantine.close()?;
        store.finish()?;
        step("finished", 0);
        Ok((manifest, totals))
    }

    /// Backup and workspace are of the moment when the old app's database was copied. What the old app
    /// wrote later is not lost, and has to be said.
    fn note_later_writes(&self, plan: &mut Plan) -> Result<()> {
        let Some(database) = self.folder.usable_database()? else { return Ok(()) };
        let now = Moment::of(&self.folder.place(OLD_DATABASE)?)?;
        if now.is_some_and(|now| now != database.moment) {
            let note = "written to while it was migrated; close the old app, then migrate --again";
            let finding = Finding::new("", FindingKind::WrittenLater, note);
            plan.ledger.find(OLD_DATABASE, &[finding]);
        }
        Ok(())
    }

    fn manifest(&self, files: Vec<ManifestFile>) -> Manifest {
        Manifest {
            program_version: self.job.program_version.clone(),
            started_at: stamp::format(self.job.now),
            zone: zone_name(self.job),
            source: self.job.source.display().to_string(),
            is_in_place: is_same_folder(&self.job.source, &self.job.workspace),
            choice: self.folder.choice(),
            files,
        }
    }

    /// Compares the database, opened afresh, with the backup.
    fn prove(&self, manifest: &Manifest, backup: &Path, store: &dyn Store) -> Result<Verification> {
        // Of the private copy the backup was made, and read back.
        let folder = backup::folder(backup, manifest).with_database_of(&self.folder);
        let mut plan = plan(&folder, &self.job.zone)?;
        let total: u64 = manifest.files.iter().map(|file| file.bytes).sum();
        let done = AtomicU64::new(0);
        let baseline = store.read()?.revision()?;
        compare(&mut plan, &folder, &self.job.zone, store, baseline, &|bytes| {
            let done = done.fetch_add(bytes, Ordering::Relaxed) + bytes;
            tell(self.listener, Stage::Verify, "compare", done, total);
        })
    }

    /// Keeps the report of a failed proof, nothing else.
    fn not_equal(&self, verification: &Verification, manifest: &Manifest, backup: &Path) -> Error {
        if let Some(file) = self.written_meanwhile(manifest) {
            return Error::OldAppWrites { file };
        }
        let kept = place::backups(&self.job.workspace).join("migration-report.txt");
        // The error matters more than whether its report could be kept.
        let _ = std::fs::rename(backup.join("migration-report.txt"), kept);
        let first = verification.unexplained.first().cloned().unwrap_or_default();
        Error::NotEqual { count: verification.unexplained_count, first }
    }

    /// A file that is not any more what was copied.
    fn written_meanwhile(&self, manifest: &Manifest) -> Option<String> {
        let is_changed = |file: &&ManifestFile| {
            let now = self.folder.place(&file.path).and_then(|place| backup::hash_file(&place));
            !now.is_ok_and(|now| now == (file.bytes, file.sha256.clone()))
        };
        // Of a database the copy was read.
        let is_read = |file: &&ManifestFile| !file.is_inexact && !is_old_database(&file.path);
        let mut read = manifest.files.iter().filter(is_read);
        read.find(is_changed).map(|file| file.path.clone())
    }

    /// Makes the new state the one in force.
    fn publish(
        &self,
        hold: &Hold,
        unfinished: &Path,
        backup: &Path,
        partial: &Path,
        tokens: Vec<(ProfileId, StoredToken)>,
    ) -> Result<()> {
        self.tell(Stage::Publish, "begin", 0);
        let workspace = &self.job.workspace;
        self.keep_tokens(tokens)?;
        files::flush_file(partial)?;
        files::rename(unfinished, backup)?;
        self.tell(Stage::Publish, "backup kept", 0);
        let aside = place::stamped(&place::backups(workspace), "replaced", self.job.now);
        self.tell(Stage::Publish, "rename", 0);
        replace_proven(hold, partial, workspace, &aside)?;
        files::remove(&place::rolled_back_mark(workspace))?;
        self.tell(Stage::Publish, "published", 0);
        backup::prune(&place::backups(workspace), backup)
    }

    /// Copies tokens to the secret file. One that is there stays, unless it came from the
    /// migration before this one: then the old app's is newer.
    fn keep_tokens(&self, tokens: Vec<(ProfileId, StoredToken)>) -> Result<()> {
        if tokens.is_empty() {
            return Ok(());
        }
        let before = self.tokens_of_the_last_backup();
        let take = |secrets: &mut SecretFile| {
            for (profile, token) in tokens {
                let known = secrets.token(&profile);
                let came_from_migration =
                    || before.iter().any(|(id, old)| *id == profile && Some(&old.token) == known);
                if known.is_none() || came_from_migration() {
                    secrets.set(&profile, token);
                }
            }
            true
        };
        Ok(SecretFile::change(&place::profiles(&self.job.workspace), take)?)
    }

    /// Tokens that the migration before this one found; none if its backup cannot be read.
    fn tokens_of_the_last_backup(&self) -> Vec<(ProfileId, StoredToken)> {
        let backups = backup::finished(&place::backups(&self.job.workspace));
        let last = backups.iter().rev().find_map(|place| {
            let folder = backup::folder(place, &backup::read_manifest(place).ok()?);
            plan(&folder, &self.job.zone).ok()
        });
        last.map(|plan| plan.tokens).unwrap_or_default()
    }

    fn tell(&self, stage: Stage, step: &'static str, done: u64) {
        tell(self.listener, stage, step, done, self.total);
    }
}

/// What the database says of the migration that made it.
fn put_states(writer: &mut dyn Writer, backup: &Path, manifest: &Manifest) -> Result<()> {
    let name = backup.file_name().unwrap_or_default().to_string_lossy();
    writer.put_state("migration_complete", &manifest.started_at)?;
    writer.put_state("migration_backup", &format!("backups/{name}"))?;
    writer.put_state("migration_version", &manifest.program_version)?;
    writer.put_state("migration_zone", &manifest.zone)?;
    writer.put_state("migration_source", &manifest.source)?;
    writer.put_state("migration_source_hash", &manifest.hash())?;
    let revision = writer.revision()?;
    Ok(writer.put_state("migration_revision", &revision.to_string())?)
}

pub(crate) fn is_same_folder(a: &Path, b: &Path) -> bool {
    match (std::fs::canonicalize(a), std::fs::canonicalize(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

fn zone_name(job: &Job) -> String {
    match job.zone.iana_name() {
        Some(name) => name.to_owned(),
        None => job.zone.to_offset(job.now).to_string(),
    }
}

fn to_json(value: &impl serde::Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec_pretty(value)
        .map_err(|error| Error::Store(store::Error::Aborted(error.to_string())))
}

pub(crate) fn tell(
    listener: &Listener<'_>,
    stage: Stage,
    step: &'static str,
    done: u64,
    total: u64,
) {
    listener(Progress { stage, step, done_bytes: done, total_bytes: total });
}

pub(crate) fn report(
    job: &Job,
    mut plan: Plan,
    totals: Totals,
    verification: Option<&Verification>,
    backup: Option<&Path>,
    files: &[ManifestFile],
) -> Report {
    for file in files {
        plan.ledger.hash(&file.path, &file.sha256);
    }
    let name = backup.and_then(Path::file_name).map(|name| name.to_string_lossy());
    Report {
        program_version: job.program_version.clone(),
        started_at: stamp::format(job.now),
        dry_run: backup.is_none(),
        layout: plan.layout.describe().to_owned(),
        zone: zone_name(job),
        source: job.source.display().to_string(),
        backup: name.map(|name| format!("backups/{name}")).unwrap_or_default(),
        totals,
        files: plan.ledger.reports(),
        tables: plan.ledger.table_reports(),
        notes: plan.ledger.all_notes().report(),
        token_files: plan.ledger.token_files,
        verification: verification.cloned(),
    }
}
