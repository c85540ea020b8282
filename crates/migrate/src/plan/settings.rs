//! Which file's settings count where several have some.

use model::{Json, Object, Settings};
use store::legacy::profile::{Decoded, encode_settings};
use store::legacy::{Finding, FindingKind};

/// Settings read from one file.
pub(super) struct Candidate {
    pub path: String,
    pub decoded: Decoded,
}

/// Merges candidates, the first one winning member by member. Findings name, per file, what an
/// earlier one overrides, and whether others add to it.
pub(super) fn merge(candidates: &[Candidate]) -> (Settings, Vec<(String, Finding)>) {
    let mut merged = Settings::default();
    for candidate in candidates {
        fill(&mut merged, &candidate.decoded.settings);
    }
    let mut overridden = Vec::new();
    let result = encoded(&merged);
    for candidate in candidates {
        let own = encoded(&candidate.decoded.settings);
        let differences = model::json::differences(&own, &result);
        if differences.iter().any(|difference| difference.left.is_none()) {
            let note = "taken from other files of this profile";
            let finding = Finding::new("", FindingKind::FilledIn, note);
            overridden.push((candidate.path.clone(), finding));
        }
        for difference in differences {
            if difference.left.is_some() {
                let note = "another file of this profile says it better";
                let kind = FindingKind::Overridden;
                overridden
                    .push((candidate.path.clone(), Finding::new(difference.path, kind, note)));
            }
        }
    }
    (merged, overridden)
}

fn encoded(settings: &Settings) -> Json {
    let mut object = Object::new();
    encode_settings(settings, &mut object);
    Json::Object(object)
}

/// Adds what `into` lacks, member by member of each group.
pub(super) fn fill(into: &mut Settings, from: &Settings) {
    for ((_, into), (_, from)) in into.groups_mut().into_iter().zip(from.groups()) {
        fill_group(into, from);
    }
    fill_members(&mut into.older, &from.older);
    fill_members(&mut into.extra, &from.extra);
}

fn fill_group(into: &mut Option<Json>, from: &Option<Json>) {
    match (into, from) {
        (Some(Json::Object(into)), Some(Json::Object(from))) => fill_members(into, from),
        (into @ None, from) => into.clone_from(from),
        _ => {}
    }
}

fn fill_members(into: &mut Object, from: &Object) {
    for (name, value) in from.iter() {
        if into.get(name).is_none() {
            into.set(name, value.clone());
        }
    }
}

/// Whether settings are those that the old app writes when it finds none: no connection.
pub(super) fn are_defaults(settings: &Settings) -> bool {
    let configured = settings.jira_config.as_ref().and_then(|group| group.get("configured"));
    settings.base_url().is_none() && configured.and_then(Json::as_bool) != Some(true)
}
