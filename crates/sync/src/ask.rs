//! What a sync asks for: the JQL, the fields that figures need, and how long the answer is fresh.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use model::header::FormerNames;
use model::header::own_member::{LABELS, SERVER, STATUS_ORDER_ASKED, UNFETCHED};
use model::remote::{Remote, Stub};
use model::settings::points_fields;
use model::{CacheHeader, CacheKind, Json, Query, QueryKey, Settings, Timestamp};
use store::{Reader, Record, Revision};

use crate::SyncOptions;
use crate::compare::is_settled;
use crate::error::{Error, Result};
use crate::labels::Labels;

/// Hours for which what was fetched counts as fresh, unless the profile says otherwise.
pub const FRESH_HOURS: u64 = 24;
const FRESH_HOURS_MAX: u64 = 24 * 365;
/// The setting that says otherwise.
const FRESH_HOURS_MEMBER: &str = "cache_ttl_hours";
/// What is asked, and what the stored data says it was asked with.
pub(super) struct Ask {
    pub query: Query,
    /// Ids of fields, sorted.
    pub fields: BTreeSet<String>,
    /// Address of the server; empty if none is set.
    pub server: String,
    pub is_full: bool,
    /// Whether what is missing left, whether or not this login sees it.
    pub accepts_loss: bool,
    /// Whether the stored issues are what the present JQL found in the present Jira.
    pub is_same_query: bool,
    /// Projects whose issues stay though the query does not find them: the old app fetched the
    /// deployments of a team with another query.
    pub kept_projects: Vec<String>,
    pub fresh: Duration,
    /// When a refetch of what is stored is due, if nothing else makes one due.
    pub due_at: Option<Timestamp>,
    /// Whether what is stored was fetched from that server.
    pub is_of_server: bool,
    /// Whether it was fetched from a server of another address; nobody knows yet whether that is another Jira.
    pub has_moved: bool,
    /// Whether it turned out to be of another Jira.
    pub is_of_another_jira: bool,
    /// Whether everything stored was fetched from there with those fields.
    pub is_covered: bool,
    /// Keys of issues that could not be had, or not as a whole.
    pub unfetched: BTreeSet<String>,
    /// What the server calls things now.
    pub labels: Labels,
    /// Whether it called some of them otherwise when the stored issues were fetched.
    pub is_relabelled: bool,
    /// Ids of statuses from left to right, if boards were asked.
    pub status_order: Option<Vec<String>>,
    /// Keys of issues that came into the query well after they were made.
    pub entered_later: BTreeSet<String>,
    /// The zone in which the server shows times to whoever asks.
    pub user_zone: Option<String>,
    /// The field that names epics, if the server has one.
    pub epic_name_field: Option<String>,
    /// Header of the stored issues.
    pub header: CacheHeader,
    /// Header of the stored changelogs.
    pub changelogs: CacheHeader,
    /// Of that header, to notice that somebody else wrote.
    pub seen: Option<Revision>,
}

impl Ask {
    /// Reads it, for a server that has `standard` fields; an error if the query is not there or has
    /// no JQL.
    pub fn read(
        reader: &dyn Reader,
        key: &QueryKey,
        standard: Vec<String>,
        options: SyncOptions,
    ) -> Result<Ask> {
        let query = reader.query(key)?;
        let query = query.ok_or_else(|| store::Error::QueryNotFound(key.clone()))?;
        if query.jql.trim().is_empty() {
            return Err(Error::NoJql { name: query.name });
        }
        let settings = reader.profile(&key.profile)?.map(|profile| profile.settings);
        let settings = settings.unwrap_or_default();
        let fields = fields(standard, &settings);
        let server = settings.base_url().unwrap_or_default().trim_end_matches('/').to_owned();
        let stored = reader.short_header(key, CacheKind::Issues)?;
        let changelogs = reader.short_header(key, CacheKind::Changelogs)?.unwrap_or_default();
        let header = stored.unwrap_or_default();
        let of_server = changelogs.extra.get(SERVER).and_then(Json::as_text);
        let is_of_server = of_server.as_deref() == Some(&*server);
        let has_moved = of_server.is_some() && !is_of_server;
        let is_covered = is_of_server && cover(&header, &changelogs, &fields);
        let is_complete = header.partial.is_none() && changelogs.partial.is_none();
        let is_same_query = header.jql.as_deref().map(str::trim) == Some(query.jql.trim());
        let may_be_fresh = is_covered && is_complete && is_same_query;
        let is_asked = options.is_full || options.is_forced;
        Ok(Ask {
            fields,
            server,
            is_full: options.is_full,
            accepts_loss: options.accepts_loss,
            is_same_query,
            kept_projects: kept_projects(&settings),
            fresh: fresh(&settings),
            due_at: header.expires_at.filter(|_| may_be_fresh && !is_asked),
            is_of_server,
            has_moved,
            is_of_another_jira: false,
            is_covered,
            unfetched: unfetched(&changelogs),
            labels: Labels::default(),
            is_relabelled: false,
            status_order: None,
            entered_later: Some(changelogs.entered_later())
                .filter(|_| is_same_query)
                .unwrap_or_default(),
            user_zone: None,
            epic_name_field: None,
            seen: reader.revision_of(Record::Header(key, CacheKind::Issues))?,
            header,
            changelogs,
            query,
        })
    }

    /// Adds what only the server knows: where it keeps sprints and points, and what it calls things.
    pub fn learn(&mut self, remote: &dyn Remote) -> Result<()> {
        match remote.special_fields()? {
            Some(special) => {
                self.fields.extend(special.ids);
                self.epic_name_field = special.epic_name;
            }
            // Those that it had before are still there.
            None if self.is_of_server => {
                let had = self.header.fields_requested.as_deref().unwrap_or_default();
                self.fields.extend(listed(had).map(str::to_owned));
            }
            None => {}
        }
        self.user_zone = remote.user_zone();
        let labels = remote.labels()?;
        // Where nobody says what was renamed, every issue has to say it itself.
        self.is_covered &= !labels.is_broken && cover(&self.header, &self.changelogs, &self.fields);
        self.labels = Labels::new(labels.told);
        let before = self.changelogs.extra.get(LABELS).and_then(Json::as_text);
        self.is_relabelled = before.as_deref() != Some(self.labels.mark());
        Ok(())
    }

    /// What is stored is of another Jira: nothing of it says anything about what is found here.
    pub fn forget_what_is_stored(&mut self) {
        (self.is_of_another_jira, self.is_same_query) = (true, false);
        self.entered_later.clear();
        self.changelogs = CacheHeader::default();
    }

    /// Learns the order of statuses from the boards of the projects that the query finds issues of:
    /// once, and again when statuses changed or everything is fetched.
    pub fn learn_order(&mut self, remote: &dyn Remote, stubs: &[Stub]) -> Result<()> {
        let was_asked = self.changelogs.extra.get(STATUS_ORDER_ASKED).is_some();
        if was_asked && !self.is_relabelled && !self.is_full {
            return Ok(());
        }
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        let projects = stubs.iter().filter_map(|stub| stub.key.rsplit_once('-'));
        projects.for_each(|(project, _)| *counts.entry(project).or_default() += 1);
        let mut projects: Vec<&str> = counts.keys().copied().collect();
        projects.sort_by_key(|project| Reverse(counts.get(project).copied()));
        self.status_order = Some(remote.status_order(&projects)?);
        Ok(())
    }

    /// When the stored issues were fetched, if what was not among them then was not found then.
    pub fn found_all_at(&self) -> Option<Timestamp> {
        let is_known = self.is_of_server && self.is_same_query && self.header.partial.is_none();
        self.header.fetched_at.as_ref().and_then(|stamp| stamp.at).filter(|_| is_known)
    }

    /// Whether there is nothing to ask yet.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        // What was fetched in the future was fetched by a clock that is not to be believed.
        let fetched_at = self.header.fetched_at.as_ref().and_then(|stamp| stamp.at);
        self.due_at.is_some_and(|due| due > now) && fetched_at.is_none_or(|at| at <= now)
    }

    /// Whether what is stored of an issue changed at `updated` is its state after that change.
    pub fn was_settled(&self, updated: Timestamp) -> bool {
        let fetched_at = self.header.fetched_at.as_ref().and_then(|stamp| stamp.at);
        fetched_at.is_none_or(|at| is_settled(updated, at))
    }

    /// The fields as one text.
    pub fn fields_text(&self) -> String {
        self.fields.iter().map(String::as_str).collect::<Vec<_>>().join(",")
    }

    /// What the header of changelogs keeps for the next sync.
    pub fn remember(
        &self,
        header: &mut CacheHeader,
        unfetched: &BTreeSet<String>,
        found: &Remembered,
    ) {
        header.extra.set(SERVER, Json::text(&*self.server));
        header.extra.set(LABELS, Json::text(self.labels.mark()));
        header.extra.set(STATUS_ORDER_ASKED, Json::Bool(true));
        let keys = unfetched.iter().map(Json::text).collect();
        header.set_entered_later(self.entered_later.union(&found.entered_later));
        header.set_named_epics(found.named_epics.iter());
        header.set_former_types(&found.former_types);
        header.set_former_projects(&found.former_projects);
        header.set_user_zone(self.user_zone.as_deref());
        header.extra.remove(UNFETCHED);
        header.extra.set_some(UNFETCHED, (!unfetched.is_empty()).then_some(Json::Array(keys)));
    }
}

/// What a sync finds out about issues that no document of today tells.
#[derive(Default)]
pub(super) struct Remembered {
    /// Keys of issues that there were before the query found them.
    pub entered_later: BTreeSet<String>,
    /// Keys of those in which the field is filled that names epics.
    pub named_epics: BTreeSet<String>,
    /// What types were called that have other names now.
    pub former_types: FormerNames,
    /// Which keys projects had that have others now.
    pub former_projects: FormerNames,
}

impl Remembered {
    /// What the syncs before kept of it and every one goes on with.
    pub fn of(changelogs: &CacheHeader) -> Remembered {
        Remembered {
            entered_later: BTreeSet::new(),
            named_epics: changelogs.named_epics(),
            former_types: changelogs.former_types(),
            former_projects: changelogs.former_projects(),
        }
    }
}

fn kept_projects(settings: &Settings) -> Vec<String> {
    let group = settings.project_classification.as_ref();
    let projects = group.and_then(|group| group.get("devops_projects")).and_then(Json::as_array);
    let keys = projects.into_iter().flatten().filter_map(Json::as_text);
    keys.map(|key| key.trim().to_owned()).collect()
}

fn unfetched(header: &CacheHeader) -> BTreeSet<String> {
    let keys = header.extra.get(UNFETCHED).and_then(Json::as_array).unwrap_or_default();
    keys.iter().filter_map(|key| Some(key.as_text()?.into_owned())).collect()
}

/// Whether everything stored was fetched with at least those fields.
fn cover(issues: &CacheHeader, changelogs: &CacheHeader, fields: &BTreeSet<String>) -> bool {
    covers(issues, fields) && covers(changelogs, fields)
}

/// Whether everything of a cache was fetched with at least those fields. The old app's changelogs
/// have no header and never were.
fn covers(header: &CacheHeader, fields: &BTreeSet<String>) -> bool {
    let Some(had) = &header.fields_requested else { return false };
    is_subset(fields, had)
}

/// Whether all of `fields` are in a list that is separated by commas.
pub(super) fn is_subset(fields: &BTreeSet<String>, list: &str) -> bool {
    let had: BTreeSet<&str> = listed(list).collect();
    fields.iter().all(|field| had.contains(field.as_str()))
}

/// The fields of a list that is separated by commas.
fn listed(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|field| !field.is_empty())
}

fn fresh(settings: &Settings) -> Duration {
    let told = settings.jira_config.as_ref().and_then(|group| group.get(FRESH_HOURS_MEMBER));
    let hours = told.and_then(Json::as_f64).filter(|hours| *hours >= 0.0);
    let hours = hours.map_or(FRESH_HOURS, |hours| hours as u64);
    Duration::from_secs(hours.min(FRESH_HOURS_MAX) * 3600)
}

/// The fields that are always asked for, and those that anything is mapped to.
fn fields(standard: Vec<String>, settings: &Settings) -> BTreeSet<String> {
    let mut fields: BTreeSet<String> = standard.into_iter().collect();
    let points = settings.points_field().into_iter().flat_map(points_fields::split);
    fields.extend(points.filter_map(field_of));
    settings.field_mappings.iter().for_each(|group| add_mapped(group, &mut fields));
    fields
}

fn add_mapped(group: &Json, fields: &mut BTreeSet<String>) {
    match group {
        Json::Text(text) => fields.extend(field_of(text)),
        Json::Array(elements) => elements.iter().for_each(|element| add_mapped(element, fields)),
        Json::Object(object) => object.iter().for_each(|(_, value)| add_mapped(value, fields)),
        _ => {}
    }
}

/// The field of a mapping: `customfield_1=Value`, `field.sub` and `status:Done.DateTime` name one
/// beside what they want of it.
fn field_of(mapping: &str) -> Option<String> {
    let field = mapping.split(['=', '.', ':']).next()?.trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    (!field.is_empty() && field.chars().all(is_name)).then(|| field.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(connection: &str, mappings: &str) -> Settings {
        Settings {
            jira_config: Json::parse(connection).ok(),
            field_mappings: Json::parse(mappings).ok(),
            ..Settings::default()
        }
    }

    #[test]
    fn what_is_mapped_is_asked_for() {
        let settings = settings(
            r#"{"points_field":"customfield_10016,customfield_10017"}"#,
            r#"{"dora":{"deployment_date":"fixVersions","change_failure":"customfield_2=Yes"},
                "flow":{"status":"status:Done.DateTime","deep":["customfield_3.value",5,null]},
                "flat":"customfield_4","bad":"a,b c","empty":""}"#,
        );
        let found = fields(vec!["status".to_owned(), "summary".to_owned()], &settings);
        let added: Vec<&str> = found
            .iter()
            .map(String::as_str)
            .filter(|field| field.starts_with("customfield"))
            .collect();
        assert_eq!(
            added,
            [
                "customfield_10016",
                "customfield_10017",
                "customfield_2",
                "customfield_3",
                "customfield_4"
            ]
        );
        assert_eq!(found.len(), ["status", "summary", "fixVersions"].len() + added.len());
    }

    #[test]
    fn a_profile_says_how_long_data_is_fresh() {
        for (connection, hours) in [
            ("{}", 24),
            (r#"{"cache_ttl_hours":2}"#, 2),
            (r#"{"cache_ttl_hours":0}"#, 0),
            (r#"{"cache_ttl_hours":-1}"#, 24),
            (r#"{"cache_ttl_hours":"x"}"#, 24),
            (r#"{"cache_ttl_hours":1e300}"#, FRESH_HOURS_MAX),
        ] {
            let want = Duration::from_secs(hours * 3600);
            assert_eq!(fresh(&settings(connection, "null")), want, "{connection}");
        }
    }

    #[test]
    fn fewer_fields_are_covered_by_more() {
        let asked: BTreeSet<String> = ["a", "b"].map(str::to_owned).into();
        for (list, want) in
            [("a,b", true), ("c, b ,a", true), ("a", false), ("", false), ("ab", false)]
        {
            assert_eq!(is_subset(&asked, list), want, "{list}");
        }
    }
}
