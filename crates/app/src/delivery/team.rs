//! When the part of a delivery that one team works on is done.

use std::collections::HashSet;

use forecast::{DatedChances, DeliveryGrowth, DeliveryWork, Facts, forecast_deliveries};
use metrics::{DeliveryItems, DeliveryWeek, Measured, Reason, Span, WeeklyTable};
use model::delivery::DeliverySplit;
use model::{Date, Delivery, DeliveryState, GroupField, Remedy, Rule};

use super::answer::DeliveryAssumes;
use super::board::Board;
use super::growth::growth;
use super::part::{PartItems, WINDOW_WEEKS};
use super::show::known;
use super::split::SplitUsed;
use crate::figures::forecast::ForecastAsk;

/// So many of the last finished groups are looked at, each of so many items at least.
const FINISHED_MAX: usize = 8;
const FINISHED_ITEMS_MIN: usize = 10;

impl Board<'_, '_> {
    /// When the part of a delivery that one team works on is done.
    pub fn of_team(
        &self,
        delivery: &Delivery,
        team: usize,
    ) -> Measured<(DatedChances, DatedChances, DeliveryAssumes)> {
        let queue = self.queue(team);
        let Some(own) = queue.iter().position(|one| one.delivery.key == delivery.key) else {
            return Measured::unavailable(Reason::SaidToBeOver, Remedy::Nothing);
        };
        let table = self.parts.table(team);
        let parts: Vec<&PartItems<'_>> = self.parts.of_team(team).collect();
        let Some(first) = parts.first() else {
            return Measured::unavailable(Reason::NoQueries, Remedy::ChangeDelivery);
        };
        let registered: Vec<HashSet<String>> = self
            .all
            .iter()
            .map(|one| self.members(one, Some(team)).done.into_iter().collect())
            .collect();
        let split = SplitUsed::of(delivery, &parts, &table, &registered);
        let of_each: Vec<u64> =
            queue.iter().map(|one| done_in_window(&one.members.weeks, &table)).collect();
        let works: Vec<DeliveryWork> = queue
            .iter()
            .map(|one| DeliveryWork {
                remaining: one.members.open.len() as u64,
                growth: growth(&one.members.weeks, &self.finished(one.delivery, &parts)),
            })
            .collect();
        let history = &first.part.history;
        let open = Measured::unavailable(Reason::NothingLeft, Remedy::Nothing);
        let as_of = parts.iter().map(|part| part.part.history.moment.date).min();
        let as_of = as_of.unwrap_or(history.moment.date);
        let facts = Facts { as_of, table: &table, open: &open };
        let assumptions = ForecastAsk::default().assumptions(history);
        let chances = forecast_deliveries(&facts, &assumptions, &split.pace(&of_each), &works);
        let own_work = works.get(own).map(|work| work.growth.clone());
        let assumes = assumes(&split, own_work, of_each.get(own).copied().unwrap_or_default());
        chances.then(|chances, rule| match chances.get(own) {
            Some(found) => known((found.growing.clone(), found.alone.clone(), assumes), rule),
            None => Measured::unavailable(Reason::NothingLeft, Remedy::Nothing),
        })
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

    /// The weeks of the last finished groups of the field that a delivery names: versions that were
    /// released, sprints that are over.
    fn finished(&self, delivery: &Delivery, parts: &[&PartItems<'_>]) -> Vec<Vec<DeliveryWeek>> {
        let fields = delivery.rule.fields();
        let of_field = |field: &GroupField| fields.contains(field);
        let Some(field) = [GroupField::FixVersion, GroupField::Sprint].into_iter().find(of_field)
        else {
            return Vec::new();
        };
        let mut found: Vec<(Date, Vec<DeliveryWeek>)> = Vec::new();
        for part in parts {
            let today = part.items.as_of.date();
            let groups = part.part.memberships.groups_now();
            let mut over: Vec<(Date, &str)> = groups
                .iter()
                .filter(|group| group.field == field && group.keys.len() >= FINISHED_ITEMS_MIN)
                .filter_map(|group| Some((group.day.filter(|day| *day < today)?, group.name)))
                .collect();
            over.sort_unstable();
            for (day, name) in over.into_iter().rev().take(FINISHED_MAX) {
                let rule = Rule::Is(field, name.to_owned());
                if rule == delivery.rule {
                    continue;
                }
                let one = Delivery { rule, ..delivery.clone() };
                let mut weeks = part.members(&one, self.ask.membership).weeks;
                weeks.retain(|week| week.sunday <= day || week.week == model::Week::of(day));
                found.push((day, weeks));
            }
        }
        found.sort_by_key(|(day, _)| std::cmp::Reverse(*day));
        found.into_iter().take(FINISHED_MAX).map(|(_, weeks)| weeks).collect()
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

fn assumes(split: &SplitUsed, growth: Option<DeliveryGrowth>, own_done: u64) -> DeliveryAssumes {
    let past = &split.past;
    let (at_once, part) = match split.way {
        DeliverySplit::Order => (Some(past.at_once), past.of_deliveries),
        DeliverySplit::Share => (None, own_done),
    };
    let mut found = DeliveryAssumes {
        split: split.way,
        at_once,
        share_percent: (part * 100).checked_div(past.all).unwrap_or_default() as u32,
        growth_per_week: None,
        growth_factor: None,
        finished: 0,
        teams: 1,
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
