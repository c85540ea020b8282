//! What is in force of a setting, and who said so.

use std::cell::OnceCell;

use model::settings::{Field, Kind, ProfileSettings, Setting};
use model::{Json, ProfileId};
use serde::Serialize;
use store::Reader;

use super::evidence::{Evidence, Seen};
use crate::error::Result;

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

/// What the issues of a profile name, looked at when it is first asked for.
pub(crate) struct SeenIssues<'r> {
    of: Option<(&'r dyn Reader, &'r ProfileId)>,
    evidence: OnceCell<Evidence>,
}

impl<'r> SeenIssues<'r> {
    /// The issues of that profile.
    pub fn of(reader: &'r dyn Reader, profile: &'r ProfileId) -> SeenIssues<'r> {
        SeenIssues { of: Some((reader, profile)), evidence: OnceCell::new() }
    }

    /// A profile without issues.
    pub fn none() -> SeenIssues<'r> {
        SeenIssues { of: None, evidence: OnceCell::new() }
    }

    /// What they name.
    pub fn evidence(&self) -> Result<&Evidence> {
        if let (None, Some((reader, profile))) = (self.evidence.get(), self.of) {
            let gathered = Evidence::gather(reader, profile)?;
            return Ok(self.evidence.get_or_init(|| gathered));
        }
        Ok(self.evidence.get_or_init(Evidence::default))
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
    let of_category = |category: &str| {
        let is_it = |seen: &&Seen| seen.category.as_deref() == Some(category);
        let names: Vec<String> = names(issues.evidence()?.statuses.iter().filter(is_it));
        let origin = if names.is_empty() { Origin::Usual } else { Origin::Proposed };
        Ok((names, origin))
    };
    match setting.name {
        "started" if !workflow.in_progress.is_empty() => {
            Ok((workflow.in_progress.lines(), Origin::Usual))
        }
        "started" => of_category("indeterminate"),
        "in-progress" if workflow.started.is_empty() => of_category("indeterminate"),
        "done" => of_category("done"),
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
        (Kind::Names(_), _) => field.read(&Json::Array(lines.iter().map(Json::text).collect())),
        (_, lines) => {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            if field.set(&lines).is_err() {
                field.unset();
            }
        }
    }
}
