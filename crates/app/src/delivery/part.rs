//! The queries that deliveries lie in, read once, and the teams that they are.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use metrics::{
    Belonging, DeliveryItems, Flow, Items, Measured, MembershipOf, Memberships, Origin, Span,
    State, WeekRow, WeeklyTable, weekly_table,
};
use model::{Delivery, ProfileSettings, QueryKey, Remedy, Timestamp, Week};
use store::Reader;

use super::ask::DeliveryAsk;
use crate::App;
use crate::error::Result;
use crate::figures::{QueryHistory, history};
use crate::stale::Stale;

/// How many complete weeks tell who a team is and how it splits its pace.
pub(super) const WINDOW_WEEKS: usize = 12;
/// Queries that share more of what was done are of one team.
const SHARED_PERCENT: usize = 5;

/// A query with what its issues belong to.
pub(super) struct Part {
    pub key: QueryKey,
    pub history: QueryHistory,
    pub memberships: Arc<Memberships>,
    /// What is wrong with the age of its data, if something is.
    pub stale: Option<Stale>,
    server: String,
    /// Address of its Jira.
    base_url: Option<String>,
}

/// Queries with their issues as they stood, each issue in the first query that finds it.
pub(super) struct Parts<'p> {
    pub parts: Vec<PartItems<'p>>,
    /// What each team did, week by week.
    tables: Vec<Measured<WeeklyTable>>,
}

/// One of them.
pub(super) struct PartItems<'p> {
    pub part: &'p Part,
    /// Those that count and are in no query before.
    pub items: Items<'p>,
    /// The number of its team.
    pub team: usize,
}

/// What the issues of queries belong to, read once for all days that are asked about.
pub(super) type KnownMemberships = HashMap<QueryKey, Arc<Memberships>>;

/// Of the queries of deliveries that are there.
pub(super) fn memberships(
    reader: &dyn Reader,
    deliveries: &[Delivery],
) -> Result<KnownMemberships> {
    let mut known = HashMap::new();
    for key in keys(deliveries) {
        if reader.query(key)?.is_none() {
            continue;
        }
        known.insert(key.clone(), Arc::new(history::memberships(reader, key)?));
    }
    Ok(known)
}

fn keys(deliveries: &[Delivery]) -> Vec<&QueryKey> {
    let queries = deliveries.iter().flat_map(|delivery| &delivery.queries);
    let mut keys: Vec<&QueryKey> = queries.map(|query| &query.key).collect();
    keys.sort();
    keys.dedup();
    keys
}

impl App {
    /// Reads the queries of deliveries that are there.
    pub(super) fn parts(
        &self,
        reader: &dyn Reader,
        deliveries: &[Delivery],
        known: &KnownMemberships,
        ask: &DeliveryAsk,
    ) -> Result<Vec<Part>> {
        let mut parts = Vec::new();
        for key in keys(deliveries) {
            if let Some(memberships) = known.get(key) {
                parts.push(self.part(reader, key, Arc::clone(memberships), ask)?);
            }
        }
        Ok(parts)
    }

    fn part(
        &self,
        reader: &dyn Reader,
        key: &QueryKey,
        memberships: Arc<Memberships>,
        ask: &DeliveryAsk,
    ) -> Result<Part> {
        let mut history = self.history_with_types_of_now(reader, key, ask.as_of)?;
        if history.is_past() {
            history.set_types_back(&memberships);
        }
        let settings = reader.profile(&key.profile)?.map(|profile| profile.settings);
        let base_url = settings.as_ref().and_then(|stored| stored.base_url().map(str::to_owned));
        let server = settings.as_ref().map(ProfileSettings::read).unwrap_or_default();
        let server = server.connection.server.map(|server| format!("{server:?}"));
        // Without a server, what is in two profiles may be two things of one name.
        let server = server.unwrap_or_else(|| key.profile.to_string());
        let stale = match ask.as_of {
            None => self.stale(reader, &history.summary, &history.zone)?,
            Some(_) => None,
        };
        Ok(Part { key: key.clone(), history, memberships, stale, server, base_url })
    }
}

impl Part {
    /// What tells an issue from all others, in any query.
    fn identity<'p>(&'p self, key: &'p str) -> (&'p str, &'p str) {
        (&self.server, self.memberships.issue_id(key).unwrap_or(key))
    }

    /// Where Jira shows an issue of it.
    pub fn issue_url(&self, key: &str) -> Option<String> {
        jira::issue_page(self.base_url.as_deref()?, key)
    }

    /// Whether a sync would bring its data up to date.
    pub fn is_due(&self) -> bool {
        self.stale.as_ref().is_some_and(|stale| stale.remedy == Remedy::SyncNow)
    }

    /// Whether it is read as of a past day.
    pub fn is_past(&self) -> bool {
        self.history.is_past()
    }
}

impl<'p> Parts<'p> {
    pub fn of(parts: &'p [Part]) -> Parts<'p> {
        let all: Vec<Items<'p>> = parts.iter().map(|part| part.history.items()).collect();
        let teams = teams(parts, &all);
        let mut seen: HashSet<(&str, &str)> = HashSet::new();
        let own = |((part, mut items), team): ((&'p Part, Items<'p>), usize)| {
            items.counted.retain(|item| seen.insert(part.identity(&item.facts.key)));
            PartItems { part, items, team }
        };
        let parts: Vec<PartItems<'p>> = parts.iter().zip(all).zip(teams).map(own).collect();
        let count = parts.iter().map(|part| part.team + 1).max().unwrap_or_default();
        let tables = (0..count).map(|team| table(&parts, team)).collect();
        Parts { parts, tables }
    }

    /// The numbers of the teams that work on a delivery.
    pub fn teams_of(&self, delivery: &Delivery) -> Vec<usize> {
        let mut teams: Vec<usize> = self.of_delivery(delivery).map(|part| part.team).collect();
        teams.sort_unstable();
        teams.dedup();
        teams
    }

    pub fn of_delivery<'s>(
        &'s self,
        delivery: &'s Delivery,
    ) -> impl Iterator<Item = &'s PartItems<'p>> + 's {
        let lies_in =
            |part: &&PartItems<'p>| delivery.queries.iter().any(|q| q.key == part.part.key);
        self.parts.iter().filter(lies_in)
    }

    pub fn of_team(&self, team: usize) -> impl Iterator<Item = &PartItems<'p>> {
        self.parts.iter().filter(move |part| part.team == team)
    }

    /// What a team did, week by week.
    pub fn table(&self, team: usize) -> Option<&Measured<WeeklyTable>> {
        self.tables.get(team)
    }
}

/// What a team did in all its queries, week by week.
fn table(parts: &[PartItems<'_>], team: usize) -> Measured<WeeklyTable> {
    let of_team = parts.iter().filter(|part| part.team == team);
    let tables = of_team.map(|part| weekly_table(&part.items, None));
    let sum = tables.reduce(|sum, table| match (sum, table) {
        (
            Measured::Known { value, sample, window, rule, notes },
            Measured::Known { value: more, sample: of_more, .. },
        ) => {
            let (value, sample) = (added(&value, &more), sample + of_more);
            Measured::Known { value, sample, window, rule, notes }
        }
        (sum @ Measured::Known { .. }, _) => sum,
        (_, table) => table,
    });
    sum.unwrap_or(Measured::unavailable(metrics::Reason::NoQueries, model::Remedy::ChangeDelivery))
}

impl PartItems<'_> {
    /// What of it belongs to a delivery.
    pub fn members(&self, delivery: &Delivery, of: MembershipOf) -> DeliveryItems {
        let memberships = &self.part.memberships;
        let belonging = Belonging { memberships, rule: &delivery.rule, of };
        DeliveryItems::read(&self.items, &belonging, |_| true)
    }
}

/// The weeks of both, up to the last that both know.
fn added(one: &WeeklyTable, other: &WeeklyTable) -> WeeklyTable {
    let last = |table: &WeeklyTable| table.rows.last().map(|row| row.week);
    let end = last(one).min(last(other));
    let mut rows: BTreeMap<Week, WeekRow> = BTreeMap::new();
    for row in one.rows.iter().chain(&other.rows).filter(|row| Some(row.week) <= end) {
        let sum = rows.entry(row.week).or_insert(WeekRow {
            flow: Flow { cancelled: None, ..Flow::default() },
            open: None,
            is_partial: false,
            ..*row
        });
        sum.flow.add(row.flow);
        sum.is_partial |= row.is_partial;
    }
    let mut undated = one.undated;
    undated.add(other.undated);
    let first_started = [one.first_started, other.first_started].into_iter().flatten().min();
    WeeklyTable {
        rows: rows.into_values().collect(),
        undated,
        origin: Origin::Issues,
        first_started,
    }
}

/// The number of the team of each query: queries that share much of what was done are one.
fn teams(parts: &[Part], all: &[Items<'_>]) -> Vec<usize> {
    let done: Vec<HashSet<(&str, &str)>> =
        parts.iter().zip(all).map(|(part, items)| recently_done(part, items)).collect();
    let mut teams: Vec<usize> = (0..parts.len()).collect();
    for (place, one) in done.iter().enumerate() {
        for (other_place, other) in done.iter().enumerate().take(place) {
            let shared = one.intersection(other).count();
            if shared * 100 > SHARED_PERCENT * one.len().min(other.len()) {
                let [from, to] = [place, other_place].map(|at| teams.get(at).copied());
                let (Some(from), Some(to)) = (from, to) else { continue };
                teams.iter_mut().filter(|team| **team == from).for_each(|team| *team = to);
            }
        }
    }
    let mut numbers: HashMap<usize, usize> = HashMap::new();
    let mut number = |team: usize| {
        let next = numbers.len();
        *numbers.entry(team).or_insert(next)
    };
    teams.into_iter().map(&mut number).collect()
}

fn recently_done<'p>(part: &'p Part, items: &Items<'p>) -> HashSet<(&'p str, &'p str)> {
    let first = window_start(&weekly_table(items, None));
    let is_recent = |at: Timestamp| first.is_some_and(|first| items.as_of.date_of(at) >= first);
    let done = items.in_state(State::Done);
    let done = done.filter(|item| item.finished.is_some_and(|finished| is_recent(finished.at)));
    done.map(|item| part.identity(&item.facts.key)).collect()
}

/// The first day of the window of a table.
fn window_start(table: &Measured<WeeklyTable>) -> Option<model::Date> {
    let rows = table.known()?.complete(Span::Last(WINDOW_WEEKS));
    rows.first().map(|row| row.monday)
}
