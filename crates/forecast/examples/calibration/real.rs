//! Real queries: issues as Jira's search gives them, and their weeks as they were known on past days.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use metrics::{AsOf, IssueHistory, Items, Measured, Span, State, Workflow, weekly_table};
use model::{
    ChangelogFacts, Date, Document, IssueFacts, Json, ProfileSettings, Remedy, Settings, Tape,
    TimeZone, Timestamp, Week,
};

/// The files, and which statuses mean done in each.
const FILES: [(&str, &str); 4] = [
    ("aearep", r#"{"flow_end_statuses":["Done"]}"#),
    ("aerogear", r#"{"flow_end_statuses":["Resolved","Closed"]}"#),
    ("agpush", r#"{"flow_end_statuses":["Resolved","Closed"]}"#),
    ("tidev-timob-points", r#"{"flow_end_statuses":["Resolved","Closed"]}"#),
];
/// Smaller parts of a project are no team's work.
const COMPONENT_ISSUES_MIN: usize = 60;
/// A past day is looked at every so many weeks.
const ORIGIN_WEEKS: i32 = 4;

/// The issues of one query.
pub struct RealQuery {
    /// What it is called in the table.
    pub name: String,
    /// Whether it is a part of another one.
    pub is_component: bool,
    issues: Vec<IssueHistory>,
    workflow: Workflow,
}

/// Up to which day it is looked what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// The day of the newest issue. Three of the files were collected once, of a range of issues:
    /// what was done later is in them only so far as it was begun before, so that they show a team
    /// that stops where only the collecting did.
    NewestIssue,
    /// The last day of which anything is known.
    EndOfFile,
}

/// A Sunday in the past, with what was known then and what came.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Done items of the complete weeks from that of the first issue on.
    pub done: Vec<u32>,
    /// What was open.
    pub open: u32,
    /// Done items of each day that came, from the Monday after it up to the end of the data.
    pub came: Vec<u32>,
}

impl Origin {
    /// How many were done in the first so many weeks that came; `None` if not so many came.
    pub fn done_in(&self, weeks: usize) -> Option<u32> {
        Some(self.came.get(..7 * weeks)?.iter().sum())
    }

    /// How many were done by the end of a working day, counted from 1; days without work before the
    /// next one count to it.
    pub fn done_by(&self, working_day: usize) -> Option<u32> {
        let before = working_day.checked_sub(1)?;
        let day = 7 * (before / 5) + before % 5;
        let days = if before % 5 == 4 { day + 3 } else { day + 1 };
        // The last Friday of the data has no weekend behind it.
        let days = days.min(self.came.len().max(day + 1));
        Some(self.came.get(..days)?.iter().sum())
    }
}

/// The queries of a folder, whole ones first, and why the others are not there.
pub fn queries(folder: &Path) -> (Vec<RealQuery>, Vec<String>) {
    let (mut whole, mut parts, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for (name, classification) in FILES {
        let text = match read(&folder.join(format!("{name}.jsonl.gz"))) {
            Ok(text) => text,
            Err(error) => {
                missing.push(format!("{name}: {error}"));
                continue;
            }
        };
        let settings = Settings {
            project_classification: Json::parse(classification).ok(),
            ..Settings::default()
        };
        let workflow = Workflow::of(&ProfileSettings::read(&settings));
        let issues: Vec<(IssueHistory, Vec<String>)> = text.lines().filter_map(issue).collect();
        let mut components: BTreeMap<&str, Vec<IssueHistory>> = BTreeMap::new();
        for (history, names) in &issues {
            for component in names {
                components.entry(component).or_default().push(history.clone());
            }
        }
        let query = |name: String, is_component: bool, issues: Vec<IssueHistory>| RealQuery {
            name,
            is_component,
            issues,
            workflow: workflow.clone(),
        };
        let large = components.iter().filter(|(_, part)| part.len() >= COMPONENT_ISSUES_MIN);
        parts.extend(
            large.map(|(part, issues)| query(format!("{name} {part}"), true, issues.clone())),
        );
        let all = issues.iter().map(|(history, _)| history.clone()).collect();
        whole.push(query(name.to_owned(), false, all));
    }
    whole.extend(parts);
    (whole, missing)
}

fn read(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(File::open(path)?).read_to_string(&mut text)?;
    Ok(text)
}

fn issue(line: &str) -> Option<(IssueHistory, Vec<String>)> {
    let mut tape = Tape::new();
    let document = Document::parse(line, &mut tape).ok()?;
    let json = Json::parse(line).ok()?;
    let key = json.get("key")?.as_text()?;
    let components = json.get("fields")?.get("components").and_then(Json::as_array);
    let name = |component: &Json| Some(component.get("name")?.as_text()?.into_owned());
    let components = components.unwrap_or_default().iter().filter_map(name).collect();
    let facts = IssueFacts::derive(&key, &document, None, &mut tape);
    let changes = json.get("changelog").map(|_| ChangelogFacts::derive(&document, &mut tape));
    let (transitions, resolutions) = changes
        .map_or((None, Vec::new()), |changes| (Some(changes.transitions), changes.resolutions));
    Some((IssueHistory { facts, transitions, resolutions, is_named_epic: false }, components))
}

impl RealQuery {
    /// Every fourth Sunday of its history.
    pub fn origins(&self, until: Until) -> Vec<Origin> {
        let Some((first, last)) = self.span(until) else { return Vec::new() };
        let done_on = self.done_on(last);
        let weeks = (first.number() + ORIGIN_WEEKS..).step_by(ORIGIN_WEEKS as usize);
        let weeks = weeks.take_while(|week| *week < Week::of(last).number());
        let origin = |week: i32| {
            let monday = Week::from_number(week + 1).monday()?;
            let (done, open) = self.weeks(monday.yesterday().ok()?)?;
            let days = usize::try_from((last - monday).get_days() + 1).ok()?;
            let mut came = vec![0; days];
            for date in done_on.iter().filter(|date| **date >= monday) {
                *came.get_mut(usize::try_from((*date - monday).get_days()).ok()?)? += 1;
            }
            Some(Origin { done, open, came })
        };
        weeks.filter_map(origin).collect()
    }

    /// The days on which the done items of the last day were done.
    fn done_on(&self, last: Date) -> Vec<Date> {
        let as_of = AsOf::end_of(last, TimeZone::UTC);
        let items = Items::read(&self.issues, &self.workflow, &[], &as_of, Remedy::SyncNow);
        let done = items.in_state(State::Done).filter(|item| item.undated().is_none());
        done.filter_map(|item| Some(as_of.date_of(item.finished?.at))).collect()
    }

    /// The week of the first issue, and the last day that is looked at.
    fn span(&self, until: Until) -> Option<(Week, Date)> {
        let day = |at: Timestamp| TimeZone::UTC.to_datetime(at).date();
        let facts = || self.issues.iter().map(|issue| &issue.facts);
        let first = facts().filter_map(|facts| facts.created).min()?;
        let last = facts().filter_map(|facts| match until {
            Until::NewestIssue => facts.created,
            Until::EndOfFile => facts.created.max(facts.resolved),
        });
        let last = last.max()?;
        Some((Week::of(day(first)), day(last)))
    }

    /// Done items of the complete weeks, and what was open, on a day.
    fn weeks(&self, day: Date) -> Option<(Vec<u32>, u32)> {
        let as_of = AsOf::end_of(day, TimeZone::UTC);
        let items = Items::read(&self.issues, &self.workflow, &[], &as_of, Remedy::SyncNow);
        let Measured::Known { value: table, .. } = weekly_table(&items, None) else { return None };
        let rows = table.complete(Span::All);
        let whole = |amount: i64| u32::try_from(amount).unwrap_or_default();
        let done = rows.iter().map(|row| whole(row.flow.done.items)).collect();
        Some((done, whole(rows.last()?.open?.items)))
    }
}
