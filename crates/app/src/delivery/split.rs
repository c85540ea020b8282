//! How a team's pace is split among what it works on, as its past tells.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use forecast::{DeliveryWork, PaceSplit, PastWork, likelier_split};
use metrics::{DeliveryItems, Measured, MembershipOf, Span, State, WeeklyTable};
use model::delivery::DeliverySplit;
use model::{Date, Delivery, Group, GroupField, IssueFacts, Week};

use super::part::{PartItems, WINDOW_WEEKS};

/// Fields whose groups are such as deliveries are: worked on for a while and then over.
const FIELDS: [GroupField; 3] = [GroupField::FixVersion, GroupField::Sprint, GroupField::Parent];

/// What the done items of a team's window belonged to.
pub(super) struct PastSplit {
    /// All of them.
    pub all: u64,
    /// Those that belonged to any delivery, or to any group of the field that deliveries name.
    pub of_deliveries: u64,
    /// Of how many of those something was done in a usual week.
    pub at_once: usize,
}

/// What tells to what an item belonged.
struct Fields<'f> {
    /// The field that deliveries name; `None` for the deliveries themselves.
    field: Option<GroupField>,
    of: MembershipOf,
    /// The keys of each delivery's done items.
    of_each: &'f [HashSet<&'f str>],
}

/// What decides how a team's pace is split.
pub(super) type SplitKey = (Option<DeliverySplit>, Option<GroupField>);

/// What decides it for a delivery: the way that was chosen, and the field that it names.
pub(super) fn split_key(delivery: &Delivery) -> SplitKey {
    let field = FIELDS.into_iter().find(|field| delivery.rule.fields().contains(field));
    (delivery.split, field)
}

/// How a team's pace is split.
pub(super) struct SplitUsed {
    pub way: DeliverySplit,
    /// Whether the way is the one that would have been right in the past, and nobody chose it.
    pub is_by_past: bool,
    pub past: PastSplit,
}

impl SplitUsed {
    /// What the past of the team tells about it; `members` are those of all deliveries that it works or
    /// worked on, in their order but planned ones last, each with whether it is over.
    pub fn of<'i>(
        (chosen, field): SplitKey,
        team: &[&'i PartItems<'i>],
        table: &Measured<WeeklyTable>,
        members: &[(DeliveryItems, bool)],
        of: MembershipOf,
    ) -> SplitUsed {
        let mut of_each: Vec<HashSet<&str>> = Vec::with_capacity(members.len());
        for (one, _) in members {
            of_each.push(one.done.iter().map(String::as_str).collect());
        }
        let fields = Fields { field, of, of_each: &of_each };
        let past = past(team, table, &fields);
        let by_past = || likelier_split(&past_weeks(table, members), past.at_once);
        let way = chosen.or_else(by_past).unwrap_or(DeliverySplit::Order);
        SplitUsed { way, is_by_past: chosen.is_none(), past }
    }

    /// The same for the engine; `works` deliveries are asked about, of each of which so many items
    /// were done in the window.
    pub fn pace(&self, of_each: &[u64], works: &[DeliveryWork]) -> PaceSplit {
        let PastSplit { all, of_deliveries, at_once } = self.past;
        let open = works.iter().filter(|work| work.remaining > 0).count();
        match self.way {
            DeliverySplit::Order => PaceSplit::Order {
                at_once,
                others: at_once.saturating_sub(open),
                of_deliveries,
                of_all: all,
            },
            DeliverySplit::Share => PaceSplit::Share { of_each: of_each.to_vec(), of_all: all },
        }
    }
}

/// The complete weeks of a team, with what was open and done of each delivery. One that is over was worked
/// on until the last of its items was done, whatever was left open in it.
fn past_weeks(
    table: &Measured<WeeklyTable>,
    members: &[(DeliveryItems, bool)],
) -> Vec<Vec<PastWork>> {
    let rows = table.known().map(|table| table.complete(Span::Last(2 * WINDOW_WEEKS)));
    let of_week = |week: Week| {
        let work = |(one, is_over): &(DeliveryItems, bool)| {
            let at = |is_in: &dyn Fn(Week) -> bool| {
                let last = one.weeks.iter().rev().find(|row| is_in(row.week));
                last.map_or((0, 0), |row| (row.scope, row.done))
            };
            let (scope, before) = at(&|other| other < week);
            let (_, done) = at(&|other| other <= week);
            let is_left = *is_over && before >= one.weeks.last().map_or(0, |row| row.done);
            let open = if is_left { 0 } else { scope.saturating_sub(before) };
            PastWork { open, done: done.saturating_sub(before) }
        };
        members.iter().map(work).collect()
    };
    rows.unwrap_or_default().iter().map(|row| of_week(row.week)).collect()
}

/// The done items of the window of a team, each with its week and what it belonged to.
fn past<'i>(
    team: &[&'i PartItems<'i>],
    table: &Measured<WeeklyTable>,
    fields: &Fields<'_>,
) -> PastSplit {
    let rows = table.known().map(|table| table.complete(Span::Last(WINDOW_WEEKS)));
    let rows = rows.unwrap_or_default();
    let window: Option<(Date, Week)> =
        rows.first().zip(rows.last()).map(|(first, last)| (first.monday, last.week));
    let (mut all, mut of_deliveries) = (0, 0);
    let mut by_week: BTreeMap<Week, BTreeSet<String>> = BTreeMap::new();
    for part in team {
        for item in part.items.in_state(State::Done) {
            let Some(at) = item.finished.map(|finished| finished.at) else { continue };
            let date = part.items.as_of.date_of(at);
            let is_in = |(first, last): (Date, Week)| date >= first && Week::of(date) <= last;
            if !window.is_some_and(is_in) {
                continue;
            }
            all += 1;
            let of = match fields.field {
                Some(field) => groups(part, item.facts, field, fields.of),
                None => registered(&item.facts.key, fields.of_each),
            };
            of_deliveries += u64::from(!of.is_empty());
            by_week.entry(Week::of(date)).or_default().extend(of);
        }
    }
    // Nothing tells how it was split: the team is taken to work on its deliveries alone.
    let of_deliveries = if of_deliveries == 0 { all } else { of_deliveries };
    PastSplit { all, of_deliveries, at_once: usual(&by_week) }
}

/// The groups of an item, one at most: an item of two versions was worked on for the first of them.
fn groups(
    part: &PartItems<'_>,
    facts: &IssueFacts,
    field: GroupField,
    of: MembershipOf,
) -> Vec<String> {
    let groups = part.part.memberships.groups_of(facts, part.items.as_of.at(), of);
    let mut of_field: Vec<&Group> = groups.iter().filter(|group| group.field == field).collect();
    of_field.sort_by_key(|group| (group.day.is_none(), group.day));
    of_field.first().map(|group| group.name.clone()).into_iter().collect()
}

fn registered(key: &str, of_each: &[HashSet<&str>]) -> Vec<String> {
    let places = of_each.iter().enumerate().filter(|(_, keys)| keys.contains(key));
    places.map(|(place, _)| place.to_string()).take(1).collect()
}

/// The number of groups in the middle week of those with any, at least one.
fn usual(by_week: &BTreeMap<Week, BTreeSet<String>>) -> usize {
    let mut counts: Vec<usize> =
        by_week.values().map(BTreeSet::len).filter(|count| *count > 0).collect();
    counts.sort_unstable();
    counts.get(counts.len() / 2).copied().unwrap_or(1)
}
