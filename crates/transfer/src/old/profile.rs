//! Profile exports: of 2.2 with one query, of 2.3 and later with all of them.

use model::json::{Kind, Value};
use model::{Json, Object, Settings};

use super::layout::{Layout, ProfileFolder};
use super::{Told, check_statistics, flat};
use crate::bounds;
use crate::error::{Error, Result};

/// 2.3 and later: `manifest`, `profile_data`, `query_data`.
pub(super) fn lay_out(file: Value<'_>, layout: &Layout) -> Result<Told> {
    let manifest = file.get("manifest");
    let exported_at = manifest.and_then(|manifest| text(manifest, "created_at"));
    let mut told = Told { exported_at, ..Told::default() };
    bounds::check_noun("profile.json", file.get("profile_data"))?;
    let Some(Json::Object(mut profile)) = file.get("profile_data").map(Json::from) else {
        return Err(Error::Damaged("it has no profile_data".to_owned()));
    };
    flat::tidy_profile(&mut profile);
    let listed = manifest.and_then(|manifest| manifest.get("profiles")?.elements().next());
    let listed = listed.and_then(|id| id.as_text());
    let id = profile.get("id").and_then(Json::as_text).map(|id| id.into_owned());
    let queries = file.get("query_data").filter(|queries| queries.kind() != Kind::Null);
    if queries.is_some_and(|queries| queries.kind() != Kind::Object) {
        return Err(Error::Damaged("its query_data is no object".to_owned()));
    }
    let setting = flat::Setting {
        points_field: points_field(&profile),
        queries: queries.iter().flat_map(Value::members).map(|(_, query)| query).collect(),
        classification: profile.get("project_classification").cloned(),
    };
    let mut folder = layout.profile(id.as_deref().or(listed.as_deref()), &mut told.notes)?;
    folder.put(&Json::Object(profile))?;
    for (id, query) in queries.iter().flat_map(Value::members) {
        let id = id.as_text().unwrap_or_default();
        lay_out_query(&id, query, &setting, &mut folder, &mut told)?;
    }
    if queries.is_none() {
        told.lacks.push("no queries: the export was made without them".to_owned());
    }
    told.notes.sort();
    told.notes.dedup();
    Ok(told)
}

fn lay_out_query(
    id: &str,
    query: Value<'_>,
    setting: &flat::Setting<'_>,
    profile: &mut ProfileFolder,
    told: &mut Told,
) -> Result<()> {
    let of_data = query.get("project_data").and_then(|data| data.get("statistics"));
    check_statistics(of_data)?;
    check_statistics(query.get("statistics"))?;
    let folder = profile.query(id, &mut told.notes)?;
    bounds::check_noun("query.json", query.get("query_metadata"))?;
    if let Some(metadata) = flat::query_file(id, query) {
        folder.put_query(&metadata)?;
    }
    folder.put_value("project_data.json", query.get("project_data"))?;
    folder.put_value("metrics_snapshots.json", query.get("metrics_snapshots"))?;
    if flat::is_flat(query) {
        return flat::lay_out(query, setting, &folder, told);
    }
    folder.put_value("jira_cache.json", query.get("jira_cache"))?;
    told.queries.push((id.to_owned(), folder));
    Ok(())
}

/// 2.2: `profile`, `query_id`, `query_data` of that query, without its name and JQL.
pub(super) fn lay_out_one_query(file: Value<'_>, layout: &Layout) -> Result<Told> {
    let mut told = Told { exported_at: text(file, "export_timestamp"), ..Told::default() };
    bounds::check_noun("profile.json", file.get("profile"))?;
    let Some(profile @ Json::Object(_)) = file.get("profile").map(Json::from) else {
        return Err(Error::Damaged("it has no profile".to_owned()));
    };
    let id = text(file, "profile_id");
    let mut folder = layout.profile(id.as_deref(), &mut told.notes)?;
    folder.put(&profile)?;
    let query = text(file, "query_id").unwrap_or_else(|| "main".to_owned());
    let query = folder.query(&query, &mut told.notes)?;
    let data = file.get("query_data");
    let part = |name: &str| data.and_then(|data| data.get(name));
    check_statistics(part("project_data").and_then(|data| data.get("statistics")))?;
    query.put_value("project_data.json", part("project_data"))?;
    query.put_value("metrics_snapshots.json", part("metrics_snapshots"))?;
    let lack = "no name of the query: exports of 2.2 left it out; its JQL is the one its figures \
                were calculated with";
    told.lacks.push(lack.to_owned());
    Ok(told)
}

pub(super) fn text(value: Value<'_>, name: &str) -> Option<String> {
    Some(value.get(name)?.as_text()?.into_owned())
}

fn points_field(profile: &Object) -> Option<String> {
    let group = |name: &str| profile.get(name).cloned();
    let (jira_config, field_mappings) = (group("jira_config"), group("field_mappings"));
    let settings = Settings { jira_config, field_mappings, ..Settings::default() };
    settings.points_field().map(str::to_owned)
}
