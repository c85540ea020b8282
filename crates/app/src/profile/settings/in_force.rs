//! What is in force of a setting, and who said so.

use std::cell::{OnceCell, RefCell};
use std::collections::HashSet;
use std::sync::Arc;

use metrics::IssueHistory;
use model::settings::usual_names::{is_usually_delivered, is_usually_not_delivered};
use model::settings::{Field, Kind, NameSet, Noun, ProfileSettings, Setting, fold};
use model::{CacheKind, Json, Lane, ProfileId, QueryKey, Status, Timestamp};
use serde::Serialize;
use store::Reader;

use super::evidence::{Evidence, Seen};
use super::lanes::{self, StatusLane};
use crate::App;
use crate::error::Result;
use crate::figures::QueryFacts;

/// Where a value that is in force comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Somebody set it.
    Chosen,
    /// Nothing is set, and what Jira says of the issues holds.
    Proposed,
    /// It holds for every profile that sets nothing else.
    Usual,
}

/// One setting and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingValue {
    /// Its name.
    pub name: &'static str,
    /// The form it is in.
    pub section: &'static str,
    /// What is in force, a line each; of a setting that is no list at most one.
    pub value: Vec<String>,
    /// Who said so.
    pub origin: Origin,
}

/// The issues of a profile, looked at when it is first asked for what they name.
pub(crate) struct SeenIssues<'r> {
    of: Option<(&'r dyn Reader, &'r ProfileId)>,
    /// Who has the facts that others read; `None` to read them anew.
    app: Option<&'r App>,
    now: Timestamp,
    found: OnceCell<Found>,
    /// The lanes by the settings that were asked about last.
    lanes: RefCell<Option<(ProfileSettings, Vec<StatusLane>)>>,
}

#[derive(Default)]
struct Found {
    /// Those of all queries, each once.
    histories: Arc<Vec<IssueHistory>>,
    statuses: Vec<Status>,
    evidence: Evidence,
    /// What types were called once: settings may name them so still.
    former_types: NameSet,
    /// The same of keys of projects.
    former_projects: NameSet,
}

impl<'r> SeenIssues<'r> {
    /// The issues of that profile as a transaction has them that may write.
    pub fn of(reader: &'r dyn Reader, profile: &'r ProfileId, now: Timestamp) -> SeenIssues<'r> {
        SeenIssues { of: Some((reader, profile)), now, ..SeenIssues::none() }
    }

    /// The same from what is kept of the queries, for one who only reads.
    pub fn shared(app: &'r App, reader: &'r dyn Reader, profile: &'r ProfileId) -> SeenIssues<'r> {
        SeenIssues { app: Some(app), ..SeenIssues::of(reader, profile, app.now()) }
    }

    /// A profile without issues.
    pub fn none() -> SeenIssues<'r> {
        let (found, lanes) = (OnceCell::new(), RefCell::new(None));
        SeenIssues { of: None, app: None, now: Timestamp::UNIX_EPOCH, found, lanes }
    }

    /// What they name.
    pub fn evidence(&self) -> Result<&Evidence> {
        Ok(&self.found()?.evidence)
    }

    /// Whether something is called so: it occurs, the server lists it, or it is a usual name of such
    /// things. Where nothing was fetched yet nobody knows, and any name may.
    pub fn know(&self, noun: Noun, name: &str, settings: &ProfileSettings) -> Result<bool> {
        let found = self.found()?;
        if found.histories.is_empty() {
            return Ok(true);
        }
        let is_status = || -> Result<bool> {
            let lanes = self.lanes(settings)?;
            let is_it = |of: &StatusLane| of.status == name || of.is_called(name);
            Ok(lanes.iter().any(is_it))
        };
        let is_usual = || is_usually_not_delivered(name) || is_usually_delivered(name);
        Ok(match noun {
            Noun::Status => is_status()?,
            Noun::Resolution => found.evidence.names_one(noun, name) || is_usual() || is_status()?,
            Noun::IssueType => {
                found.evidence.names_one(noun, name) || found.former_types.contains(name)
            }
            Noun::Project => {
                let mut keys = found.histories.iter().map(|issue| issue.facts.key.rsplit_once('-'));
                found.evidence.names_one(noun, name)
                    || found.former_projects.contains(name)
                    || keys.any(|key| key.is_some_and(|(project, _)| fold(project) == fold(name)))
            }
        })
    }

    /// The statuses with the lanes that they are in by these settings.
    pub fn lanes(&self, settings: &ProfileSettings) -> Result<Vec<StatusLane>> {
        let found = self.found()?;
        let mut last = self.lanes.borrow_mut();
        match &*last {
            Some((of, lanes)) if of == settings => Ok(lanes.clone()),
            _ => {
                let lanes = lanes::of_issues(&found.histories, &found.statuses, settings, self.now);
                *last = Some((settings.clone(), lanes.clone()));
                Ok(lanes)
            }
        }
    }

    fn found(&self) -> Result<&Found> {
        if let (None, Some((reader, profile))) = (self.found.get(), self.of) {
            let histories = self.histories(reader, profile)?;
            let evidence = Evidence::of(&histories);
            let (mut types, mut projects) = (Vec::new(), Vec::new());
            for query in reader.queries(profile)? {
                let header =
                    reader.short_header(&query.key, CacheKind::Changelogs)?.unwrap_or_default();
                types.extend(header.former_types().into_values().flatten());
                projects.extend(header.former_projects().into_values().flatten());
            }
            let found = Found {
                histories,
                statuses: reader.statuses(profile)?,
                evidence,
                former_types: types.into_iter().collect(),
                former_projects: projects.into_iter().collect(),
            };
            return Ok(self.found.get_or_init(|| found));
        }
        Ok(self.found.get_or_init(Found::default))
    }

    fn histories(
        &self,
        reader: &dyn Reader,
        profile: &ProfileId,
    ) -> Result<Arc<Vec<IssueHistory>>> {
        let read = |key: &QueryKey| match self.app {
            Some(app) => app.facts(reader, key),
            None => QueryFacts::read(reader, key),
        };
        let queries = reader.queries(profile)?;
        if let [only] = queries.as_slice() {
            return Ok(read(&only.key)?.issues);
        }
        let (mut known, mut histories) = (HashSet::new(), Vec::new());
        for query in queries {
            let found = read(&query.key)?.issues;
            let new = found.iter().filter(|issue| known.insert(issue.facts.key.clone()));
            histories.extend(new.cloned());
        }
        Ok(Arc::new(histories))
    }
}

/// What is in force of a setting.
pub(super) fn value(
    setting: &'static Setting,
    settings: &ProfileSettings,
    issues: &SeenIssues<'_>,
) -> Result<SettingValue> {
    let field = setting.field(settings);
    let (value, origin) = if field.is_set() {
        (field.lines(), Origin::Chosen)
    } else {
        unset(setting, settings, issues)?
    };
    let (name, section) = (setting.name, setting.section.as_str());
    Ok(SettingValue { name, section, value, origin })
}

/// What figures go by where a setting is not set. Lanes and categories are read here and in
/// `metrics::Workflow` only.
fn unset(
    setting: &Setting,
    settings: &ProfileSettings,
    issues: &SeenIssues<'_>,
) -> Result<(Vec<String>, Origin)> {
    let workflow = &settings.workflow;
    let in_lane = |is_it: fn(Lane) -> bool| {
        let is_it = |status: &StatusLane| status.is_seen && status.usual.is_some_and(is_it);
        let lanes = issues.lanes(settings)?.into_iter().filter(|status| is_it(status));
        let names: NameSet = lanes.map(|status| status.name).collect();
        let origin = if names.is_empty() { Origin::Usual } else { Origin::Proposed };
        Ok((names.lines(), origin))
    };
    match setting.name {
        "started" if !workflow.in_progress.is_empty() => {
            Ok((workflow.in_progress.lines(), Origin::Usual))
        }
        "started" => in_lane(Lane::is_started),
        "in-progress" if workflow.started.is_empty() => in_lane(Lane::is_started),
        "done" => in_lane(|lane| lane == Lane::Done),
        "not-delivered" => {
            let usual = setting.field(&ProfileSettings::usual()).lines().into_iter();
            let is_ours = |name: &String| !workflow.delivered.contains(name);
            Ok((usual.filter(is_ours).collect(), Origin::Usual))
        }
        "development-projects" => Ok((names(issues.evidence()?.projects.iter()), Origin::Usual)),
        _ => Ok((setting.field(&ProfileSettings::usual()).lines(), Origin::Usual)),
    }
}

fn names<'s>(seen: impl Iterator<Item = &'s Seen>) -> Vec<String> {
    seen.map(|seen| seen.name.clone()).collect()
}

/// Makes what is in force of a setting its own value, to go on from it.
pub(super) fn make_own(
    setting: &'static Setting,
    settings: &mut ProfileSettings,
    issues: &SeenIssues<'_>,
) -> Result<()> {
    let SettingValue { value, origin, .. } = value(setting, settings, issues)?;
    if origin != Origin::Chosen && !value.is_empty() {
        take(setting.field_mut(settings), setting.kind, &value);
    }
    Ok(())
}

/// Takes lines that are known to be in force, however they are spelled.
fn take(field: &mut dyn Field, kind: Kind, lines: &[String]) {
    match (kind, lines) {
        (Kind::Names(_) | Kind::Ordered(_), _) => {
            field.read(&Json::Array(lines.iter().map(Json::text).collect()))
        }
        (_, lines) => {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            if field.set(&lines).is_err() {
                field.unset();
            }
        }
    }
}
