//! The workspace at a glance: its profiles and queries, and the migration that made it.

use model::{ProfileId, ProfileSummary, QuerySummary, RecordCounts, Timestamp, name};
use serde::Serialize;
use store::Reader;

use crate::App;
use crate::active::{Selection, selection};
use crate::delivery::ShortAnswer;
use crate::error::{Error, Result};
use crate::figures::answers::{Answers, AnswersAsk};
use crate::migration::report::MigrationSummary;
use crate::parameter::{self, read};
use crate::trail::Named;
use crate::workspace::Remark;

/// How many profiles a page of the list shows.
pub const PAGE_PROFILES: usize = 50;

/// Which profiles of a workspace are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceAsk {
    /// A part of their name or description, ignoring case; empty for all.
    pub text: String,
    /// Which page, from 1.
    pub page: usize,
}

impl Default for WorkspaceAsk {
    fn default() -> WorkspaceAsk {
        WorkspaceAsk { text: String::new(), page: 1 }
    }
}

impl WorkspaceAsk {
    /// Takes one parameter as it stands in a URL. An empty value means that it is not given; an
    /// error names the parameter and what it may be.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let value = value.trim();
        match name {
            _ if value.is_empty() => {}
            "text" => self.text = read("text", value, parameter::text)?,
            "page" => {
                let page = value.parse().ok().filter(|page| *page > 0);
                let remedy = "pages are numbers from 1 on";
                self.page = page.ok_or_else(|| Error::invalid("page", value, remedy))?;
            }
            other => {
                let remedy = "there are text and page";
                return Err(Error::unknown_parameter(other, remedy));
            }
        }
        Ok(())
    }

    fn finds(&self, profile: &ProfileSummary) -> bool {
        let wanted = name::fold(&self.text);
        let texts = [Some(&profile.name), profile.description.as_ref()];
        texts.into_iter().flatten().any(|text| name::fold(text).contains(&wanted))
    }
}

/// A whole workspace.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WorkspaceOverview {
    /// Where it is.
    pub address: String,
    /// Bytes on disk.
    pub size_bytes: u64,
    /// Whether it is the demo: generated, nobody's data.
    pub is_demo: bool,
    /// Which profile and query were last chosen.
    pub active: Selection,
    /// What it holds.
    pub totals: RecordCounts,
    /// Profiles, most recently used first.
    pub profiles: Vec<ProfileEntry>,
    /// How many deleted things wait in the trash.
    pub trash: u64,
    /// What its owner has to know now, as sentences.
    pub remarks: Vec<Remark>,
    /// The migration that made it; `None` if it was not migrated.
    pub migration: Option<MigrationSummary>,
}

/// A workspace with a page of the profiles that were asked for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WorkspacePage {
    /// The workspace; its profiles are those of the page.
    #[serde(flatten)]
    pub workspace: WorkspaceOverview,
    /// How many profiles were asked for.
    pub matching: u64,
    /// Which page of them this is, from 1.
    pub page: usize,
    /// How many pages there are, at least one.
    pub pages: usize,
}

/// The first page: the workspace without its profiles, and the answer about each query.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// The workspace.
    pub workspace: WorkspaceOverview,
    /// The answers.
    pub answers: FirstAnswers,
}

/// What is likely, in a line each.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FirstAnswers {
    /// Running deliveries, by profile and place; on the first page only.
    pub deliveries: Vec<ShortAnswer>,
    /// Queries, those used last first.
    #[serde(flatten)]
    pub answers: Answers,
}

/// A profile in the workspace.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProfileEntry {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: Option<String>,
    /// Address of its Jira server.
    pub server: Option<String>,
    /// When it was last chosen.
    pub last_used: Option<Timestamp>,
    /// How many issues its queries hold together.
    pub issues: u64,
    /// Its queries, most recently used first.
    pub queries: Vec<QueryEntry>,
}

/// A query in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QueryEntry {
    /// Id of its profile.
    pub profile: String,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its JQL.
    pub jql: String,
    /// Its description.
    pub description: Option<String>,
    /// How many issues it holds.
    pub issues: u64,
    /// How many changelogs it holds.
    pub changelogs: u64,
    /// When its issues were fetched; `None` before the first fetch.
    pub fetched_at: Option<Timestamp>,
    /// When it was last chosen.
    pub last_used: Option<Timestamp>,
    /// What is missing, if the issues are not all there.
    pub partial: Option<String>,
    /// Whether it is the one last chosen.
    pub is_active: bool,
}

/// Things that can be named, most recently used first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// Ids and names.
    pub all: Vec<Named>,
    /// Id of the one last chosen, if it is there.
    pub active: Option<String>,
}

impl Names {
    fn new(all: Vec<Named>, active: Option<String>) -> Names {
        let active = active.filter(|active| all.iter().any(|named| named.id == *active));
        Names { all, active }
    }
}

impl App {
    /// The profiles by name, without what they hold.
    pub fn profile_names(&self) -> Result<Names> {
        let reader = self.store.read()?;
        let named = |profile: ProfileSummary| Named { id: profile.id.into(), name: profile.name };
        let all = reader.profiles()?.into_iter().map(named).collect();
        Ok(Names::new(all, selection(&*reader)?.profile))
    }

    /// The queries of a profile by name, without what they hold.
    pub fn query_names(&self, profile: &ProfileId) -> Result<Names> {
        let reader = self.store.read()?;
        let named = |query: QuerySummary| Named { id: query.key.query.into(), name: query.name };
        let all = reader.queries(profile)?.into_iter().map(named).collect();
        let active = selection(&*reader)?;
        let is_of_profile = active.profile.as_deref() == Some(profile.as_str());
        Ok(Names::new(all, active.query.filter(|_| is_of_profile)))
    }

    /// Everything the workspace holds, in counts.
    pub fn workspace(&self) -> Result<WorkspaceOverview> {
        Ok(self.list_profiles(&WorkspaceAsk::default(), usize::MAX)?.workspace)
    }

    /// The same, with a page of the profiles that are asked for.
    pub fn workspace_page(&self, ask: &WorkspaceAsk) -> Result<WorkspacePage> {
        self.list_profiles(ask, PAGE_PROFILES)
    }

    /// The answers that are asked for: of running deliveries on the first page, and of queries.
    pub fn first_answers(&self, ask: &AnswersAsk) -> Result<FirstAnswers> {
        let wanted = name::fold(&ask.text);
        let mut deliveries =
            if ask.page == 1 || ask.is_all { self.running_deliveries()? } else { Vec::new() };
        let has_it = |name: &str| name::fold(name).contains(&wanted);
        deliveries.retain(|answer| has_it(&answer.head.name) || has_it(&answer.profile_name));
        Ok(FirstAnswers { deliveries, answers: self.answers(ask)? })
    }

    /// What the first page says: the workspace without its profiles, and the answers asked for.
    pub fn start(&self, ask: &AnswersAsk) -> Result<Start> {
        let reader = self.store.read()?;
        let (totals, active) = (RecordCounts::of(&reader.profiles()?), selection(&*reader)?);
        let workspace = self.head(&*reader, totals, active)?;
        drop(reader);
        Ok(Start { workspace, answers: self.first_answers(ask)? })
    }

    fn head(
        &self,
        reader: &dyn Reader,
        totals: RecordCounts,
        active: Selection,
    ) -> Result<WorkspaceOverview> {
        Ok(WorkspaceOverview {
            address: self.address(),
            size_bytes: self.store.size_bytes()?,
            is_demo: self.is_demo(),
            totals,
            trash: self.trash_count()?,
            remarks: self.remarks()?,
            migration: MigrationSummary::read(reader, self.context.report.as_ref())?,
            active,
            profiles: Vec::new(),
        })
    }

    fn list_profiles(&self, ask: &WorkspaceAsk, page_size: usize) -> Result<WorkspacePage> {
        let reader = self.store.read()?;
        let active = selection(&*reader)?;
        let mut summaries = reader.profiles()?;
        let totals = RecordCounts::of(&summaries);
        summaries.retain(|profile| ask.finds(profile));
        let matching = summaries.len();
        let first = (ask.page - 1).saturating_mul(page_size);
        let shown = summaries.into_iter().skip(first).take(page_size);
        let profiles =
            shown.map(|summary| entry(&*reader, summary, &active)).collect::<Result<_>>()?;
        let workspace = WorkspaceOverview { profiles, ..self.head(&*reader, totals, active)? };
        Ok(WorkspacePage {
            workspace,
            matching: matching as u64,
            page: ask.page,
            pages: matching.div_ceil(page_size).max(1),
        })
    }
}

fn entry(reader: &dyn Reader, summary: ProfileSummary, active: &Selection) -> Result<ProfileEntry> {
    let profile = reader.profile(&summary.id)?;
    let queries = reader.queries(&summary.id)?;
    Ok(ProfileEntry {
        id: summary.id.to_string(),
        name: summary.name,
        description: summary.description,
        server: profile.and_then(|p| p.settings.base_url().map(str::to_owned)),
        last_used: summary.last_used,
        issues: summary.issues,
        queries: queries.into_iter().map(|query| QueryEntry::of(query, active)).collect(),
    })
}

impl QueryEntry {
    pub(crate) fn of(query: QuerySummary, active: &Selection) -> QueryEntry {
        let is_active = active.profile.as_deref() == Some(query.key.profile.as_str())
            && active.query.as_deref() == Some(query.key.query.as_str());
        QueryEntry {
            profile: query.key.profile.into(),
            id: query.key.query.into(),
            name: query.name,
            jql: query.jql,
            description: query.description,
            issues: query.issues,
            changelogs: query.changelogs,
            fetched_at: query.fetched_at,
            last_used: query.last_used,
            partial: query.partial,
            is_active,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::ProfileDraft;
    use crate::sample::Sample;

    #[track_caller]
    fn check(app: &App, parameters: &[(&str, &str)], want: (u64, usize, usize, Option<&str>)) {
        let mut ask = WorkspaceAsk::default();
        parameters.iter().for_each(|(name, value)| ask.set(name, value).unwrap());
        let page = app.workspace_page(&ask).unwrap();
        let first = page.workspace.profiles.first().map(|profile| profile.name.as_str());
        assert_eq!(
            (page.matching, page.pages, page.workspace.profiles.len(), first),
            want,
            "{parameters:?}"
        );
        assert_eq!(page.workspace.totals, app.workspace().unwrap().totals);
    }

    #[test]
    fn profiles_are_found_and_paged() {
        let (app, _folder) = Sample::empty_files();
        for number in 0..51 {
            let description = if number == 7 { "the SEVENTH" } else { "" }.to_owned();
            let draft = ProfileDraft { name: format!("Straße {number:02}"), description };
            app.create_profile(&draft).unwrap();
        }
        assert_eq!(app.workspace().unwrap().profiles.len(), 51);
        check(&app, &[], (51, 2, 50, Some("Straße 00")));
        check(&app, &[("text", " "), ("page", "2")], (51, 2, 1, Some("Straße 50")));
        check(&app, &[("page", "3")], (51, 2, 0, None));
        check(&app, &[("text", "STRASSE 1")], (10, 1, 10, Some("Straße 10")));
        check(&app, &[("text", "seventh")], (1, 1, 1, Some("Straße 07")));
        check(&app, &[("text", "none")], (0, 1, 0, None));
        let long = "x".repeat(201);
        for (name, value) in [("page", "0"), ("page", "-1"), ("text", long.as_str()), ("x", "y")] {
            assert!(WorkspaceAsk::default().set(name, value).is_err(), "{name}={value}");
        }
    }
}
