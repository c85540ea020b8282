//! What a folder of the old app holds, as nouns: everything but the records, which are read when
//! they are needed. The same folder gives the same plan, so that a plan of the backup can be
//! compared with the database at any later time.

mod beside;
mod database;
mod database_query;
mod profile;
mod query;
mod registry;
mod root;
mod saved_queries;
mod selection;
mod settings;
mod sides;
mod tables;
mod temporary;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use model::connection;
use model::secret::take_secrets;
use model::{Object, Profile, ProfileId, Query, QueryKey, TimeZone, Token, name};
use store::StoredToken;
use store::legacy::{Finding, FindingKind};

use crate::error::{Error, Result};
use crate::folder::{Folder, Kind};
use crate::inventory::{self, Layout, Source};
use crate::ledger::Ledger;
use crate::old_backup;
use crate::read::{Content, Loaded, QueryRows, State, load_object};
use crate::report::Fate;

/// Everything of a workspace but its records.
pub(crate) struct Plan {
    pub layout: Layout,
    pub sources: Vec<Source>,
    pub profiles: Vec<PlannedProfile>,
    /// App state to be set.
    pub states: Vec<(String, String)>,
    /// The token of each profile that has one.
    pub tokens: Vec<(ProfileId, StoredToken)>,
    pub saved_queries: u64,
    pub ledger: Ledger,
    /// What planning left out of the old app's database, with its text.
    pub kept_aside: Vec<(Finding, String)>,
}

/// A profile with what it was read from.
pub(crate) struct PlannedProfile {
    pub profile: Profile,
    pub files: Vec<ConfigFile>,
    pub queries: Vec<PlannedQuery>,
    tokens: Vec<Token>,
}

/// A query with what it was read from.
pub(crate) struct PlannedQuery {
    pub query: Query,
    pub file: Option<ConfigFile>,
    /// Record files with what they hold.
    pub records: Vec<(String, Content)>,
    /// How to find its records, where they are rows of the old app's database.
    pub rows: Option<Arc<QueryRows>>,
}

/// A configuration file as it was read, for comparing it with what the database gives back.
#[derive(Clone)]
pub(crate) struct ConfigFile {
    pub path: String,
    pub object: Object,
    pub findings: Vec<Finding>,
}

/// What planning needs to know.
struct Planner<'p> {
    folder: &'p Folder,
    zone: &'p TimeZone,
    ledger: Ledger,
    /// Saved JQL texts with their names, for queries that lost theirs.
    saved: Vec<(String, String)>,
    /// Profiles that the old app's database holds.
    of_database: HashSet<String>,
    /// Whether the old app never finished the database, so that JSON beside it counts.
    json_counts: bool,
    /// The newest copies of each profile that the old app made, the newest first.
    old_backups: BTreeMap<String, Vec<String>>,
    /// App state that keeps what nothing shows.
    states: Vec<(String, String)>,
    kept_aside: Vec<(Finding, String)>,
}

/// Reads the folder's configuration. Nothing is written anywhere.
pub(crate) fn plan(folder: &Folder, zone: &TimeZone) -> Result<Plan> {
    let layout = inventory::layout(folder)?;
    let sources = inventory::as_copied(folder, inventory::sources(folder)?)?;
    let mut planner = Planner {
        folder,
        zone,
        ledger: Ledger::open(&sources),
        saved: Vec::new(),
        of_database: HashSet::new(),
        json_counts: false,
        old_backups: old_backup::profiles(folder)?,
        states: Vec::new(),
        kept_aside: Vec::new(),
    };
    let mut states = planner.saved_queries()?;
    let saved_queries = planner.saved.len() as u64;
    let mut registry = planner.registry()?;
    let (mut profiles, selection) = planner.read_database(&registry)?;
    let selection = selection.filter(|_| !planner.json_counts || !registry.is_known);
    registry.leave_out(&planner.of_database);
    if layout.has_profiles {
        profiles.extend(planner.profiles(&registry)?);
    }
    if layout.has_root {
        profiles.extend(planner.root_profile(&profiles)?);
    }
    make_names_unique(&mut profiles, &mut planner.ledger);
    let selecting = selection.as_ref().unwrap_or(&registry);
    states.extend(planner.selection(selecting, &profiles));
    states.extend(registry.states());
    states.append(&mut planner.states);
    planner.find_more_tokens(&sources)?;
    let token = |planned: &PlannedProfile| {
        let token = planned.tokens.first()?.clone();
        let origin = planned.profile.settings.base_url().and_then(connection::origin);
        let stored = StoredToken { token, origin, may_be_read: false };
        Some((planned.profile.id.clone(), stored))
    };
    let tokens = profiles.iter().filter_map(token).collect();
    let Planner { ledger, kept_aside, .. } = planner;
    Ok(Plan { layout, sources, profiles, states, tokens, saved_queries, ledger, kept_aside })
}

impl Planner<'_> {
    /// Accounts for a configuration file: its findings, and its fate by what could be read.
    fn settle(&mut self, path: &str, loaded: &Loaded, findings: &[Finding]) {
        self.ledger.find(path, &loaded.findings);
        self.ledger.find(path, findings);
        let fate = match loaded.state {
            State::Missing => return,
            State::Whole => Fate::Imported,
            State::Cut if loaded.is_usable() => Fate::Partly,
            State::Cut | State::Unreadable => Fate::Quarantined,
        };
        self.ledger.settle(path, fate, u64::from(loaded.is_usable()));
        let has_secret = findings.iter().any(|f| f.kind == FindingKind::SecretRemoved);
        if has_secret && !self.ledger.token_files.iter().any(|file| file == path) {
            self.ledger.token_files.push(path.to_owned());
        }
    }

    /// Left-overs of settings may hold a token too, although nothing is taken from them.
    fn find_more_tokens(&mut self, sources: &[Source]) -> Result<()> {
        for source in sources.iter().filter(|source| source.class == inventory::Class::Data) {
            let path = &source.entry.path;
            let is_file = matches!(source.entry.kind, Kind::File { .. });
            if is_file && inventory::may_hold_token(path) && !self.ledger.token_files.contains(path)
            {
                let mut object = load_object(self.folder, path)?.object;
                if !take_secrets(&mut object).is_empty() {
                    self.ledger.token_files.push(path.clone());
                }
            }
        }
        Ok(())
    }

    /// Folders directly in `path` whose names can be ids; others are reported.
    fn id_folders(&mut self, path: &str) -> Result<Vec<String>> {
        let mut ids = Vec::new();
        for entry in self.folder.list(path)? {
            let name = entry.path.rsplit('/').next().unwrap_or_default().to_owned();
            if entry.kind != Kind::Folder || inventory::is_ours(&name, entry.kind) {
                continue;
            }
            let is_text = entry.place.file_name().and_then(|name| name.to_str()).is_some();
            match ProfileId::new(&name) {
                Ok(_) if is_text => ids.push(name),
                _ => {
                    let note = "the folder's name cannot be an id; it is in the backup";
                    self.ledger.note(&entry.path, FindingKind::UnsafeId, note);
                }
            }
        }
        Ok(ids)
    }
}

/// Numbers the later of profiles whose names are equal ignoring case.
fn make_names_unique(profiles: &mut [PlannedProfile], ledger: &mut Ledger) {
    let mut taken = HashSet::new();
    for planned in profiles {
        let wanted = planned.profile.name.clone();
        let unique = name::numbered(&wanted, |name| taken.contains(&name::fold(name)));
        taken.insert(name::fold(&unique));
        if unique == wanted {
            continue;
        }
        let note = format!("another profile is named {wanted:?}; this one is {unique:?} now");
        let finding = Finding::new("name", FindingKind::NameNumbered, note);
        if planned.files.is_empty() {
            ledger.notes.add(&finding);
        }
        for (place, file) in planned.files.iter_mut().enumerate() {
            if place == 0 || file.object.get("name").is_some() {
                ledger.find(&file.path, std::slice::from_ref(&finding));
                file.findings.push(finding.clone());
            }
        }
        planned.profile.name = unique;
    }
}

/// A name that keeps the rules. `None` if nothing of it does.
fn repaired_name(text: &str, findings: &mut Vec<Finding>) -> Option<String> {
    let repaired = name::repair(text)?;
    if repaired != text {
        let note = format!("{text:?} broke the rules for names; it is {repaired:?} now");
        findings.push(Finding::new("name", FindingKind::NameRepaired, note));
    }
    Some(repaired)
}

/// How the old app showed things without a name: the folder's, spelled as a title.
fn title_of_id(id: &str) -> String {
    let words = id.split(['_', ' ']).filter(|word| !word.is_empty()).map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(char::to_uppercase);
        first.into_iter().flatten().chain(letters).collect::<String>()
    });
    let title = words.collect::<Vec<_>>().join(" ");
    name::repair(&title).unwrap_or_else(|| "Unnamed".to_owned())
}

fn query_key(profile: &ProfileId, query: &str) -> Result<QueryKey> {
    QueryKey::parse(profile.as_str(), query).map_err(|error| Error::Store(error.into()))
}
