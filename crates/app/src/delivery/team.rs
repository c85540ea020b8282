//! When the part of a delivery that one team works on is done.

use std::collections::HashMap;

use forecast::{
    DatedChances, DeliveryChances, DeliveryGrowth, DeliveryWork, Facts, PaceSplit,
    forecast_deliveries,
};
use metrics::{DeliveryItems, DeliveryWeek, Measured, Reason, Span, WeeklyTable};
use model::delivery::DeliverySplit;
use model::{Date, Delivery, DeliveryState, GroupField, Remedy, Rule, Week};

use super::answer::DeliveryAssumes;
use super::board::Board;
use super::growth::growth;
use super::part::{PartItems, WINDOW_WEEKS};
use super::show::known;
use super::split::{SplitUsed, split_key};
use crate::figures::forecast::ForecastAsk;

/// So many of the last finished groups are looked at, each of so many items at least.
const FINISHED_MAX: usize = 8;
const FINISHED_ITEMS_MIN: u64 = 10;
/// Among so many of the last.
const LOOKED_AT_MAX: usize = 24;

/// A finished version or sprint: the rule that it would have, and its weeks.
pub(super) type FinishedGroup = (Rule, Vec<DeliveryWeek>);

/// Numbers the open items that several deliveries of a queue have, so that one done counts in each.
fn share(queue: &[Queued<'_>], works: &mut [DeliveryWork]) {
    let mut counts: HashMap<&str, u32> = HashMap::new();
    queue.iter().flat_map(|one| &one.members.open).for_each(|key| {
        *counts.entry(key).or_default() += 1;
    });
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    for (one, work) in queue.iter().zip(works) {
        for key in one.members.open.iter().filter(|key| counts.get(key.as_str()) > Some(&1)) {
            let next = numbers.len() as u32;
            work.shared.push(*numbers.entry(key).or_insert(next));
        }
    }
}

impl Board<'_, '_> {
    /// When the part of a delivery that one team works on is done.
    pub fn of_team(
        &self,
        delivery: &Delivery,
        team: usize,
    ) -> Measured<(DatedChances, DatedChances, DeliveryAssumes)> {
        let queue = self.queue(team);
        let own = queue.iter().position(|one| one.delivery.key == delivery.key);
        let Some((own, table)) = own.zip(self.parts.table(team)) else {
            return Measured::unavailable(Reason::SaidToBeOver, Remedy::Nothing);
        };
        let parts: Vec<&PartItems<'_>> = self.parts.of_team(team).collect();
        // Those that are planned come after what is or was worked on.
        let is_planned = |one: &&Delivery| one.state == DeliveryState::Planned;
        let (planned, begun): (Vec<&Delivery>, Vec<&Delivery>) =
            self.all.iter().partition(is_planned);
        let with_state = |one: &Delivery| (self.members(one, Some(team)), one.state.is_over());
        let members: Vec<(DeliveryItems, bool)> =
            begun.into_iter().chain(planned).map(with_state).collect();
        let key = split_key(delivery);
        let split = SplitUsed::of(key, &parts, table, &members, self.ask.membership);
        let of_each: Vec<u64> =
            queue.iter().map(|one| done_in_window(&one.members.weeks, table)).collect();
        let mut works: Vec<DeliveryWork> = queue.iter().map(|one| self.work(one, team)).collect();
        share(&queue, &mut works);
        let known_chances = self.memo().chances.borrow().get(&(team, key)).cloned();
        let chances = known_chances.unwrap_or_else(|| {
            let found = self.chances(&parts, table, &split.pace(&of_each, &works), &works);
            self.memo().chances.borrow_mut().insert((team, key), found.clone());
            found
        });
        let growth = works.get(own).map(|work| work.growth.clone());
        let names: Vec<&str> =
            parts.iter().map(|part| part.part.history.summary.name.as_str()).collect();
        let done = of_each.get(own).copied().unwrap_or_default();
        let assumes = assumes(&split, growth, done, names.join(", "));
        chances.then(|chances, rule| match chances.get(own) {
            Some(found) => known((found.growing.clone(), found.alone.clone(), assumes), rule),
            None => Measured::unavailable(Reason::NothingLeft, Remedy::Nothing),
        })
    }

    fn work(&self, one: &Queued<'_>, team: usize) -> DeliveryWork {
        let remaining = one.members.open.len() as u64;
        let growth = match remaining {
            // What is done is over, whatever it is said to be.
            0 => DeliveryGrowth::None,
            _ => growth(&one.members.weeks, &self.finished(one.delivery, team)),
        };
        DeliveryWork { remaining, shared: Vec::new(), growth }
    }

    /// When each delivery of a team's queue is done.
    fn chances(
        &self,
        parts: &[&PartItems<'_>],
        table: &Measured<WeeklyTable>,
        split: &PaceSplit,
        works: &[DeliveryWork],
    ) -> Measured<Vec<DeliveryChances>> {
        let earliest = parts.iter().map(|part| &part.part.history);
        let Some(history) = earliest.min_by_key(|history| history.moment.at) else {
            return Measured::unavailable(Reason::NoQueries, Remedy::ChangeDelivery);
        };
        let open = Measured::unavailable(Reason::NothingLeft, Remedy::Nothing);
        let facts = Facts {
            as_of: history.moment.date,
            table,
            open: &open,
            where_idle: Remedy::WidenSample,
            overdue: None,
        };
        let assumptions = ForecastAsk::default().assumptions(history);
        forecast_deliveries(&facts, &assumptions, split, works)
    }

    /// The deliveries that a team works on, in their order; those that are planned come after.
    fn queue(&self, team: usize) -> Vec<Queued<'_>> {
        let of_team = |one: &&Delivery| self.parts.teams_of(one).contains(&team);
        let in_state = |state: DeliveryState| {
            self.all.iter().filter(of_team).filter(move |one| one.state == state)
        };
        let all = in_state(DeliveryState::Running).chain(in_state(DeliveryState::Planned));
        all.map(|delivery| Queued { delivery, members: self.members(delivery, Some(team)) })
            .collect()
    }

    /// The weeks of the last finished groups of the field that a delivery names, but for itself.
    fn finished(&self, delivery: &Delivery, team: usize) -> Vec<Vec<DeliveryWeek>> {
        let fields = delivery.rule.fields();
        let of_field = |field: &GroupField| fields.contains(field);
        let Some(field) = [GroupField::FixVersion, GroupField::Sprint].into_iter().find(of_field)
        else {
            return Vec::new();
        };
        let key = (team, field);
        let known = self.memo().finished.borrow().get(&key).cloned();
        let groups = known.unwrap_or_else(|| {
            let found = self.finished_groups(delivery, team, field);
            self.memo().finished.borrow_mut().insert(key, found.clone());
            found
        });
        let others = groups.into_iter().filter(|(rule, _)| *rule != delivery.rule);
        others.map(|(_, weeks)| weeks).take(FINISHED_MAX).collect()
    }

    /// The last finished groups of a field: versions that were released, sprints that are over; the
    /// latest first.
    fn finished_groups(
        &self,
        like: &Delivery,
        team: usize,
        field: GroupField,
    ) -> Vec<FinishedGroup> {
        let mut found: Vec<(Date, FinishedGroup)> = Vec::new();
        for part in self.parts.of_team(team) {
            let today = part.items.as_of.date();
            let groups = part.part.memberships.groups_now();
            let groups = groups.iter().filter(|group| group.field == field);
            let over = groups
                .filter_map(|group| Some((group.day.filter(|day| *day < today)?, group.name)));
            let mut over: Vec<(Date, &str)> = over.collect();
            over.sort_unstable();
            let weeks = over.into_iter().rev().take(LOOKED_AT_MAX).map(|(day, name)| {
                let rule = Rule::Is(field, name.to_owned());
                let one = Delivery { rule: rule.clone(), ..like.clone() };
                let mut weeks = part.members(&one, self.ask.membership).weeks;
                weeks.retain(|week| week.week <= Week::of(day));
                (day, (rule, weeks))
            });
            // As it was then: what came to it later is not known on a past day.
            let is_large = |(_, (_, weeks)): &(Date, FinishedGroup)| {
                weeks.last().is_some_and(|week| week.scope >= FINISHED_ITEMS_MIN)
            };
            found.extend(weeks.filter(is_large));
        }
        found.sort_by_key(|(day, _)| std::cmp::Reverse(*day));
        found.into_iter().map(|(_, group)| group).take(FINISHED_MAX + 1).collect()
    }
}

/// A delivery in the order of a team.
struct Queued<'b> {
    delivery: &'b Delivery,
    members: DeliveryItems,
}

/// Items of a delivery that were done in the window of its team.
fn done_in_window(weeks: &[DeliveryWeek], table: &Measured<WeeklyTable>) -> u64 {
    let rows = table.known().map(|table| table.complete(Span::Last(WINDOW_WEEKS)));
    let Some((first, last)) = rows.and_then(|rows| Some((rows.first()?.week, rows.last()?.week)))
    else {
        return 0;
    };
    let done = |week: Option<&DeliveryWeek>| week.map_or(0, |week| week.done);
    let before = done(weeks.iter().rev().find(|week| week.week < first));
    done(weeks.iter().rev().find(|week| week.week <= last)).saturating_sub(before)
}

fn assumes(
    split: &SplitUsed,
    growth: Option<DeliveryGrowth>,
    own_done: u64,
    team: String,
) -> DeliveryAssumes {
    let past = &split.past;
    let (at_once, part) = match split.way {
        DeliverySplit::Order => (Some(past.at_once), past.of_deliveries),
        DeliverySplit::Share => (None, own_done),
    };
    let mut found = DeliveryAssumes {
        split: split.way,
        is_by_past: split.is_by_past,
        at_once,
        share_percent: (part * 100).checked_div(past.all).unwrap_or_default() as u32,
        growth_per_week: None,
        growth_factor: None,
        finished: 0,
        team,
    };
    match growth {
        Some(DeliveryGrowth::Weekly { weeks }) => {
            found.growth_per_week = Some(weeks.iter().sum::<f64>() / weeks.len().max(1) as f64);
        }
        Some(DeliveryGrowth::Shape { mut factors, .. }) => {
            factors.sort_by(f64::total_cmp);
            found.growth_factor = factors.get(factors.len() / 2).copied();
            found.finished = factors.len();
        }
        Some(DeliveryGrowth::None) | None => {}
    }
    found
}
