//! The answers about deliveries.

use std::collections::HashSet;

use forecast::{
    DatedChances, DeliveryGrowth, DeliveryWork, Facts, ForecastStatement, Odds, PERCENTS,
    forecast_deliveries,
};
use metrics::{DeliveryItems, DeliveryWeek, Measured, Reason, Span, Unit, WeeklyTable};
use model::delivery::DeliverySplit;
use model::{
    Date, Delivery, DeliveryKey, DeliveryState, GroupField, ProfileId, Remedy, Rule, Timestamp,
};
use serde::Serialize;
use store::Reader;

use super::answer::{
    DeliveryAnswer, DeliveryAssumes, DeliveryDate, DeliveryForecast, DeliveryHead,
    DeliveryStanding, OfQuery, TargetOdds,
};
use super::ask::DeliveryAsk;
use super::growth::growth;
use super::part::{Part, PartItems, Parts, WINDOW_WEEKS};
use super::split::SplitUsed;
use crate::App;
use crate::error::Result;
use crate::figures::forecast::ForecastAsk;
use crate::figures::moment::Moment;
use crate::trail::{Named, Trail};

/// The chance that is said first.
const LIKELY: u32 = 85;
/// So many of the last finished groups are looked at, each of so many items at least.
const FINISHED_MAX: usize = 8;
const FINISHED_ITEMS_MIN: usize = 10;

/// The deliveries of a profile.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Deliveries {
    /// Which profile, and its neighbours.
    pub trail: Trail,
    /// They, by their place; those that are over come last.
    pub deliveries: Vec<DeliveryAnswer>,
}

/// What is said first about a delivery.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShortAnswer {
    /// What it is.
    #[serde(flatten)]
    pub head: DeliveryHead,
    /// The moment that this is about.
    pub as_of: Option<Moment>,
    /// When the issues of its queries were fetched, the earliest.
    pub fetched_at: Option<Timestamp>,
    /// How much of it is done.
    pub standing: Measured<DeliveryStanding>,
    /// The date of 85 %, or why there is none; `None` in it if it is not within the horizon.
    pub likely: Measured<Option<Date>>,
    /// The odds of the target, if there is one.
    pub odds: Option<TargetOdds>,
    /// Both in short.
    pub sentence: ForecastStatement,
}

impl App {
    /// The deliveries of a profile with their answers; an error if it is not there.
    pub fn deliveries(&self, profile: &ProfileId, ask: &DeliveryAsk) -> Result<Deliveries> {
        let reader = self.store.read()?;
        let trail = Trail::to(&*reader, profile, None)?;
        let all = reader.deliveries(profile)?;
        let mut deliveries = self.delivery_answers(&*reader, &all, ask, |_| true)?;
        deliveries.sort_by_key(|answer| answer.head.delivery_state.is_over());
        Ok(Deliveries { trail, deliveries })
    }

    /// Id and name of the deliveries of a profile, by their place.
    pub fn delivery_names(&self, profile: &ProfileId) -> Result<Vec<Named>> {
        let all = self.store.read()?.deliveries(profile)?.into_iter();
        Ok(all.map(|one| Named { id: one.key.delivery.to_string(), name: one.name }).collect())
    }

    /// One delivery with its answer; an error if it is not there.
    pub fn delivery(
        &self,
        key: &DeliveryKey,
        ask: &DeliveryAsk,
    ) -> Result<(Trail, DeliveryAnswer)> {
        let reader = self.store.read()?;
        let trail = Trail::to(&*reader, &key.profile, None)?;
        let all = reader.deliveries(&key.profile)?;
        let answers = self.delivery_answers(&*reader, &all, ask, |one| one.key == *key)?;
        let answer = answers.into_iter().next();
        Ok((trail, answer.ok_or_else(|| super::edit::not_found(key))?))
    }

    /// What is said first about every running delivery of the workspace, by profile and place.
    pub fn running_deliveries(&self) -> Result<Vec<ShortAnswer>> {
        let reader = self.store.read()?;
        let mut found = Vec::new();
        for profile in reader.profiles()? {
            let all = reader.deliveries(&profile.id)?;
            let is_running = |one: &Delivery| one.state == DeliveryState::Running;
            let ask = DeliveryAsk::default();
            let answers = self.delivery_answers(&*reader, &all, &ask, is_running)?;
            found.extend(answers.into_iter().map(ShortAnswer::of));
        }
        Ok(found)
    }

    /// The answers about those that are `wanted` of all deliveries of a profile.
    pub(super) fn delivery_answers(
        &self,
        reader: &dyn Reader,
        all: &[Delivery],
        ask: &DeliveryAsk,
        wanted: impl Fn(&Delivery) -> bool,
    ) -> Result<Vec<DeliveryAnswer>> {
        if !all.iter().any(&wanted) {
            return Ok(Vec::new());
        }
        let parts = self.parts(reader, all, ask)?;
        let known = Parts::of(&parts);
        let board = Board { all, parts: &known, ask };
        let answer = |(place, delivery): (usize, &Delivery)| {
            board.answer(delivery, place as u32 + 1, queries(delivery, &parts))
        };
        let wanted = all.iter().enumerate().filter(|(_, delivery)| wanted(delivery));
        Ok(wanted.map(answer).collect())
    }
}

impl ShortAnswer {
    fn of(answer: DeliveryAnswer) -> ShortAnswer {
        let (odds, sentence) = match &answer.forecast {
            Measured::Known { value, .. } => (value.target.clone(), value.sentence.clone()),
            Measured::Unavailable { reason, .. } => {
                (None, ForecastStatement::Unknown { reason: *reason })
            }
        };
        let likely = answer.forecast.then(|forecast, rule| known(forecast.date(LIKELY), rule));
        ShortAnswer {
            head: answer.head,
            as_of: answer.as_of,
            fetched_at: answer.fetched_at,
            standing: answer.standing,
            likely,
            odds,
            sentence,
        }
    }
}

fn queries(delivery: &Delivery, parts: &[Part]) -> Vec<OfQuery> {
    let of = |query: &model::DeliveryQuery| {
        let part = parts.iter().find(|part| part.key == query.key);
        let name = part.map_or(&query.name, |part| &part.history.summary.name).clone();
        OfQuery { key: query.key.clone(), name, is_gone: part.is_none() }
    };
    delivery.queries.iter().map(of).collect()
}

fn known<T>(value: T, rule: &str) -> Measured<T> {
    Measured::Known { value, sample: 0, window: None, rule: rule.to_owned(), notes: Vec::new() }
}

/// All deliveries of a profile with what they lie in.
struct Board<'b, 'p> {
    all: &'b [Delivery],
    parts: &'b Parts<'p>,
    ask: &'b DeliveryAsk,
}

impl Board<'_, '_> {
    fn answer(&self, delivery: &Delivery, place: u32, queries: Vec<OfQuery>) -> DeliveryAnswer {
        let histories = || self.parts.of_delivery(delivery).map(|part| &part.part.history);
        let as_of = histories().map(|history| history.moment).min_by_key(|moment| moment.at);
        let members = self.members(delivery, None);
        let standing = self.standing(delivery, &members);
        let forecast = standing.then(|standing, rule| self.forecast(delivery, standing, rule));
        let is_known = |date: Date| as_of.is_some_and(|moment| date <= moment.date);
        DeliveryAnswer {
            head: DeliveryHead::of(delivery, place, queries),
            as_of,
            fetched_at: histories().filter_map(|history| history.summary.fetched_at).min(),
            membership: self.ask.membership,
            weeks: if standing.known().is_some() { members.weeks } else { Vec::new() },
            said: delivery.record.iter().filter(|said| is_known(said.date)).cloned().collect(),
            standing,
            forecast,
            notes: Vec::new(),
        }
    }

    /// What belongs to a delivery, of one team or of all.
    fn members(&self, delivery: &Delivery, team: Option<usize>) -> DeliveryItems {
        let parts = self.parts.of_delivery(delivery);
        let parts = parts.filter(|part| team.is_none_or(|team| part.team == team));
        let items = parts.map(|part| part.members(delivery, self.ask.membership));
        items.reduce(DeliveryItems::and).unwrap_or_default()
    }

    fn standing(&self, delivery: &Delivery, members: &DeliveryItems) -> Measured<DeliveryStanding> {
        let mut rule = String::new();
        for part in self.parts.of_delivery(delivery) {
            if let Some((reason, remedy)) = self.unknown(delivery, part) {
                return Measured::unavailable(reason, remedy);
            }
            match self.parts.table(part.team) {
                Measured::Known { rule: of_table, .. } => rule = of_table,
                Measured::Unavailable { reason, remedy } => {
                    return Measured::unavailable(reason, remedy);
                }
            }
        }
        if self.parts.of_delivery(delivery).next().is_none() {
            return Measured::unavailable(Reason::NoQueries, Remedy::ChangeDelivery);
        }
        if members.scope() + members.cancelled == 0 {
            return Measured::unavailable(Reason::NothingBelongs, Remedy::ChangeDelivery);
        }
        let (done, remaining) = (members.done.len() as u64, members.open.len() as u64);
        Measured::Known {
            value: DeliveryStanding {
                scope: done + remaining,
                done,
                remaining,
                cancelled: members.cancelled,
            },
            sample: done + remaining,
            window: None,
            rule,
            notes: Vec::new(),
        }
    }

    /// Why it is not known what belonged to it then.
    fn unknown(&self, delivery: &Delivery, part: &PartItems<'_>) -> Option<(Reason, Remedy)> {
        let belonging = metrics::Belonging {
            memberships: &part.part.memberships,
            rule: &delivery.rule,
            of: self.ask.membership,
        };
        let refresh = part.part.history.refresh.beyond_old_app();
        belonging.unknown_past(refresh).filter(|_| part.part.is_past())
    }

    fn forecast(
        &self,
        delivery: &Delivery,
        standing: &DeliveryStanding,
        rule: &str,
    ) -> Measured<DeliveryForecast> {
        if delivery.state.is_over() {
            return Measured::unavailable(Reason::SaidToBeOver, Remedy::Nothing);
        }
        let teams = self.parts.teams_of(delivery);
        if standing.remaining == 0 {
            return known(self.all_done(delivery, standing), rule);
        }
        let mut chances: Option<(DatedChances, DatedChances)> = None;
        let mut assumes: Option<DeliveryAssumes> = None;
        for team in teams.iter().copied() {
            match self.of_team(delivery, team) {
                Measured::Known { value: (growing, alone, of_team), .. } => {
                    chances = Some(match chances {
                        None => (growing, alone),
                        Some((all, all_alone)) => (all.and(&growing), all_alone.and(&alone)),
                    });
                    assumes.get_or_insert(of_team);
                }
                Measured::Unavailable { reason, remedy } => {
                    return Measured::unavailable(reason, remedy);
                }
            }
        }
        let (Some((growing, alone)), Some(mut assumes)) = (chances, assumes) else {
            return Measured::unavailable(Reason::NothingLeft, Remedy::Nothing);
        };
        assumes.teams = teams.len();
        known(self.told(delivery, standing, (&growing, &alone), assumes), rule)
    }

    fn told(
        &self,
        delivery: &Delivery,
        standing: &DeliveryStanding,
        (growing, alone): (&DatedChances, &DatedChances),
        assumes: DeliveryAssumes,
    ) -> DeliveryForecast {
        let date = |percent: u32| DeliveryDate {
            percent,
            date: growing.date(percent),
            alone: alone.date(percent),
        };
        let grows = assumes.growth_per_week.is_some() || assumes.growth_factor.is_some();
        let sentence = ForecastStatement::DeliveryDone {
            percent: LIKELY,
            date: growing.date(LIKELY),
            alone: alone.date(LIKELY),
            left: standing.remaining,
            grows,
            unfinished: growing.beyond(),
        };
        let target = delivery.target.zip(self.day_of(delivery));
        DeliveryForecast {
            sentence,
            percentiles: PERCENTS.into_iter().map(date).collect(),
            target: target.map(|(target, as_of)| {
                target_odds((target, as_of), standing.remaining, (growing, alone), grows)
            }),
            unfinished: growing.beyond(),
            assumes: Some(assumes),
        }
    }

    /// What is said of a delivery of which nothing is open.
    fn all_done(&self, delivery: &Delivery, standing: &DeliveryStanding) -> DeliveryForecast {
        let none = DatedChances::default();
        let target = delivery.target.zip(self.day_of(delivery));
        DeliveryForecast {
            sentence: ForecastStatement::DeliveryOver { items: standing.done },
            percentiles: Vec::new(),
            target: target.map(|target| target_odds(target, 0, (&none, &none), false)),
            assumes: None,
            unfinished: 0.0,
        }
    }

    /// The day of its data, the earliest.
    fn day_of(&self, delivery: &Delivery) -> Option<Date> {
        self.parts.of_delivery(delivery).map(|part| part.part.history.moment.date).min()
    }

    /// When the part of a delivery that one team works on is done.
    fn of_team(
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

fn target_odds(
    (target, as_of): (Date, Date),
    remaining: u64,
    (growing, alone): (&DatedChances, &DatedChances),
    grows: bool,
) -> TargetOdds {
    let name = "Target".to_owned();
    if remaining == 0 {
        let sentence = ForecastStatement::DeadlineHeld { name, date: target };
        return TargetOdds {
            date: target,
            odds: Odds::Certain,
            growing: None,
            chance: 1.0,
            sentence,
        };
    }
    if target <= as_of {
        let sentence = ForecastStatement::DeadlineMissed {
            name,
            date: target,
            has_passed: true,
            left: remaining as f64,
            unit: Unit::Items,
        };
        return TargetOdds {
            date: target,
            odds: Odds::Missed,
            growing: None,
            chance: 0.0,
            sentence,
        };
    }
    let odds = Odds::of(alone.by(target));
    let chance = growing.by(target);
    let growing = grows.then(|| Odds::of(chance));
    let sentence = ForecastStatement::DeadlineOdds { name, date: target, odds, growing };
    TargetOdds { date: target, odds, growing, chance, sentence }
}
