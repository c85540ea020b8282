//! Profiles, queries, app state: all of a plan but its records.

use std::collections::HashSet;

use model::{CacheKind, Json, Week};
use store::{Record, legacy};

use super::Tally;
use crate::error::Result;
use crate::plan::{Plan, PlannedProfile, PlannedQuery};
use crate::read::Content;

/// Compares everything of `plan` that is not a record file.
pub(super) fn compare(plan: &Plan, tally: &mut Tally<'_>) -> Result<()> {
    for planned in &plan.profiles {
        compare_profile(planned, tally)?;
        for query in &planned.queries {
            compare_query(query, tally)?;
            compare_absent_records(query, tally)?;
        }
    }
    compare_extra(plan, tally)?;
    for (key, value) in &plan.states {
        match tally.reader.state(key)? {
            Some(stored) if stored == *value => tally.equal(),
            _ => tally.differs(Record::State(key), || format!("app state: {key} differs"))?,
        }
    }
    Ok(())
}

fn compare_profile(planned: &PlannedProfile, tally: &mut Tally<'_>) -> Result<()> {
    let wanted = &planned.profile;
    let record = Record::Profile(&wanted.id);
    let Some(stored) = tally.reader.profile(&wanted.id)? else {
        return tally.differs(record, || format!("profiles: {} is missing", wanted.id));
    };
    if stored != *wanted {
        let left = Json::Object(legacy::profile::encode(wanted));
        let right = Json::Object(legacy::profile::encode(&stored));
        let what = || {
            format!(
                "profiles: {}: {}",
                wanted.id,
                name_members(&left, &right, "last_used or created_at")
            )
        };
        return tally.differs(record, what);
    }
    tally.equal();
    let rendered = Json::Object(legacy::profile::encode(&stored));
    for file in &planned.files {
        tally.explain(&file.path, &Json::Object(file.object.clone()), &rendered, &file.findings);
    }
    Ok(())
}

fn compare_query(planned: &PlannedQuery, tally: &mut Tally<'_>) -> Result<()> {
    let wanted = &planned.query;
    let record = Record::Query(&wanted.key);
    let Some(stored) = tally.reader.query(&wanted.key)? else {
        return tally.differs(record, || format!("queries: {} is missing", wanted.key));
    };
    if stored != *wanted {
        let left = Json::Object(legacy::query::encode(wanted));
        let right = Json::Object(legacy::query::encode(&stored));
        let what = || format!("queries: {}: {}", wanted.key, name_members(&left, &right, "a time"));
        return tally.differs(record, what);
    }
    tally.equal();
    if let Some(file) = &planned.file {
        let rendered = Json::Object(legacy::query::encode(&stored));
        tally.explain(&file.path, &Json::Object(file.object.clone()), &rendered, &file.findings);
    }
    Ok(())
}

/// Names of members that differ; `otherwise` if the difference does not show in the file's form.
pub(super) fn name_members(left: &Json, right: &Json, otherwise: &str) -> String {
    let paths: Vec<String> =
        model::json::differences(left, right).into_iter().take(5).map(|d| d.path).collect();
    if paths.is_empty() {
        format!("{otherwise} differs")
    } else {
        format!("{} differs", paths.join(", "))
    }
}

/// A query must not have records of a kind that it has no file for.
fn compare_absent_records(planned: &PlannedQuery, tally: &mut Tally<'_>) -> Result<()> {
    let key = &planned.query.key;
    let has = |contents: &[Content]| planned.records.iter().any(|(_, c)| contents.contains(c));
    if !has(&[Content::Issues]) && tally.reader.short_header(key, CacheKind::Issues)?.is_some() {
        let record = Record::Header(key, CacheKind::Issues);
        tally.differs(record, || format!("jira_cache: {key} has issues of no file"))?;
    }
    if !has(&[Content::Changelogs])
        && tally.reader.short_header(key, CacheKind::Changelogs)?.is_some()
    {
        let record = Record::Header(key, CacheKind::Changelogs);
        tally
            .differs(record, || format!("jira_changelog_cache: {key} has changelogs of no file"))?;
    }
    if !has(&[Content::ProjectData, Content::Rows]) && tally.reader.project_data(key)?.is_some() {
        let what = || format!("project_data: {key} has data of no file");
        tally.differs(Record::ProjectData(key), what)?;
    }
    if !has(&[Content::Snapshots]) {
        let weeks = Week::from_number(i32::MIN)..=Week::from_number(i32::MAX);
        for snapshot in tally.reader.snapshots_between(key, weeks)? {
            let record = Record::Snapshot(key, snapshot.week, &snapshot.metric);
            let what = || format!("metrics_snapshots: {key} {} is of no file", snapshot.week);
            tally.differs(record, what)?;
        }
    }
    Ok(())
}

/// Profiles and queries that the files do not know.
fn compare_extra(plan: &Plan, tally: &mut Tally<'_>) -> Result<()> {
    let profiles: HashSet<_> = plan.profiles.iter().map(|p| &p.profile.id).collect();
    let queries: HashSet<_> =
        plan.profiles.iter().flat_map(|p| &p.queries).map(|q| &q.query.key).collect();
    for profile in tally.reader.profiles()? {
        if !profiles.contains(&profile.id) {
            let what = || format!("profiles: {} is of no file", profile.id);
            tally.differs(Record::Profile(&profile.id), what)?;
            continue;
        }
        for query in tally.reader.queries(&profile.id)? {
            if !queries.contains(&query.key) {
                let what = || format!("queries: {} is of no file", query.key);
                tally.differs(Record::Query(&query.key), what)?;
            }
        }
    }
    Ok(())
}
