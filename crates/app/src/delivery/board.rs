//! The deliveries of a profile with what they lie in, and the answer about each.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use forecast::{
    DatedChances, DeliveryChances, ForecastStatement, HEADLINE_PERCENT, Odds, PERCENTS,
};
use metrics::{DeliveryItems, Measured, Reason, Unit};
use model::{Date, Delivery, DeliveryKey, GroupField, Remedy};

use super::answer::{
    DeliveryAnswer, DeliveryAssumes, DeliveryDate, DeliveryForecast, DeliveryHead, DeliveryKeys,
    DeliveryScore, DeliveryStanding, OfQuery, OpenItem, TargetOdds,
};
use super::ask::DeliveryAsk;
use super::part::{PartItems, Parts};
use super::show::known;
use super::split::SplitKey;
use super::team::FinishedGroup;

/// All deliveries of a profile with what they lie in.
pub(super) struct Board<'b, 'p> {
    pub all: &'b [Delivery],
    pub parts: &'b Parts<'p>,
    pub ask: &'b DeliveryAsk,
    memo: Memo,
}

/// When each delivery of a team's queue is done.
type ChancesOfQueue = Measured<Vec<DeliveryChances>>;

/// What is asked for again and again while all deliveries are answered.
#[derive(Default)]
pub(super) struct Memo {
    members: RefCell<HashMap<(DeliveryKey, Option<usize>), DeliveryItems>>,
    /// By team and field, the last finished groups.
    pub finished: RefCell<HashMap<(usize, GroupField), Vec<FinishedGroup>>>,
    /// By team and how its pace is split, when each delivery of its queue is done.
    pub chances: RefCell<HashMap<(usize, SplitKey), ChancesOfQueue>>,
}

impl<'b, 'p> Board<'b, 'p> {
    pub fn new(all: &'b [Delivery], parts: &'b Parts<'p>, ask: &'b DeliveryAsk) -> Board<'b, 'p> {
        Board { all, parts, ask, memo: Memo::default() }
    }

    pub fn memo(&self) -> &Memo {
        &self.memo
    }
}

impl Board<'_, '_> {
    pub fn answer(&self, delivery: &Delivery, place: u32, queries: Vec<OfQuery>) -> DeliveryAnswer {
        let histories = || self.parts.of_delivery(delivery).map(|part| &part.part.history);
        let as_of = histories().map(|history| history.moment).min_by_key(|moment| moment.at);
        let members = self.members(delivery, None);
        let standing = self.standing(delivery, &members);
        let mut forecast = standing.then(|standing, rule| self.forecast(delivery, standing, rule));
        // Who looks back knows that what was to come then has passed.
        if let (None, Measured::Known { value, .. }) = (self.ask.as_of, &mut forecast)
            && let Some(today) = histories().map(|history| history.today).max()
        {
            value.tell_on(today);
        }
        let parts = self.parts.of_delivery(delivery).map(|part| part.part);
        let oldest = parts.filter(|part| part.stale.is_some());
        let oldest = oldest.min_by_key(|part| part.history.moment.at);
        let is_known = |date: Date| as_of.is_some_and(|moment| date <= moment.date);
        DeliveryAnswer {
            head: DeliveryHead::of(delivery, place, queries),
            as_of,
            fetched_at: histories().filter_map(|history| history.summary.fetched_at).min(),
            stale: oldest.and_then(|part| part.stale.clone()),
            membership: self.ask.membership,
            over_time: Vec::new(),
            score: self.score(delivery, &members, &standing),
            keys: None,
            weeks: if standing.known().is_some() { members.weeks } else { Vec::new() },
            said: delivery.record.iter().filter(|said| is_known(said.date)).cloned().collect(),
            standing,
            forecast,
            notes: Vec::new(),
        }
    }

    fn score(
        &self,
        delivery: &Delivery,
        members: &DeliveryItems,
        standing: &Measured<DeliveryStanding>,
    ) -> Option<DeliveryScore> {
        standing.known().filter(|standing| standing.remaining == 0)?;
        Some(DeliveryScore::of(&delivery.record, self.finished_on(delivery, members)?))
    }

    /// The keys of its items.
    pub fn keys(&self, delivery: &Delivery) -> DeliveryKeys {
        let members = self.members(delivery, None);
        let open_items = self.open_items(delivery, &members.open);
        DeliveryKeys { open: members.open, done: members.done, open_items }
    }

    fn open_items(&self, delivery: &Delivery, open: &[String]) -> Vec<OpenItem> {
        let mut found: HashMap<&str, OpenItem> = HashMap::new();
        let wanted: HashSet<&str> = open.iter().map(String::as_str).collect();
        for part in self.parts.of_delivery(delivery) {
            let items = part.items.counted.iter();
            for item in items.filter(|item| wanted.contains(item.facts.key.as_str())) {
                let category = part.items.category_of(item);
                let one = OpenItem {
                    key: item.facts.key.clone(),
                    query: part.part.key.clone(),
                    summary: item.facts.summary.clone(),
                    status: item.status.map(str::to_owned),
                    status_category: category.map(|category| category.key().to_owned()),
                    url: part.part.issue_url(&item.facts.key),
                };
                found.entry(&item.facts.key).or_insert(one);
            }
        }
        open.iter().filter_map(|key| found.remove(key.as_str())).collect()
    }

    /// What belongs to a delivery, of one team or of all.
    pub fn members(&self, delivery: &Delivery, team: Option<usize>) -> DeliveryItems {
        let key = (delivery.key.clone(), team);
        if let Some(known) = self.memo.members.borrow().get(&key) {
            return known.clone();
        }
        let parts = self.parts.of_delivery(delivery);
        let parts = parts.filter(|part| team.is_none_or(|team| part.team == team));
        let items = parts.map(|part| part.members(delivery, self.ask.membership));
        let found = items.reduce(DeliveryItems::and).unwrap_or_default();
        self.memo.members.borrow_mut().insert(key, found.clone());
        found
    }

    fn standing(&self, delivery: &Delivery, members: &DeliveryItems) -> Measured<DeliveryStanding> {
        let mut rule = String::new();
        for part in self.parts.of_delivery(delivery) {
            if let Some((reason, remedy)) = self.unknown(delivery, part) {
                return Measured::unavailable(reason, remedy);
            }
            match self.parts.table(part.team) {
                Some(Measured::Known { rule: of_table, .. }) => rule.clone_from(of_table),
                Some(Measured::Unavailable { reason, remedy }) => {
                    return Measured::unavailable(*reason, *remedy);
                }
                None => {}
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
        let mut assumes = Vec::new();
        for team in teams.iter().copied() {
            match self.of_team(delivery, team) {
                Measured::Known { value: (growing, alone, of_team), .. } => {
                    chances = Some(match chances {
                        None => (growing, alone),
                        Some((all, all_alone)) => (all.and(&growing), all_alone.and(&alone)),
                    });
                    assumes.push(of_team);
                }
                Measured::Unavailable { reason, remedy } => {
                    return Measured::unavailable(reason, remedy);
                }
            }
        }
        let Some((growing, alone)) = chances else {
            return Measured::unavailable(Reason::NothingLeft, Remedy::Nothing);
        };
        known(self.told(delivery, standing, (&growing, &alone), assumes), rule)
    }

    fn told(
        &self,
        delivery: &Delivery,
        standing: &DeliveryStanding,
        (growing, alone): (&DatedChances, &DatedChances),
        assumes: Vec<DeliveryAssumes>,
    ) -> DeliveryForecast {
        let grows = assumes.iter().any(DeliveryAssumes::grows);
        // What other deliveries grow by delays this one, too: of one that does not grow itself there
        // is one date and one chance.
        let alone = if grows { alone } else { growing };
        let date = |percent: u32| DeliveryDate {
            percent,
            date: growing.date(percent),
            alone: alone.date(percent),
        };
        let percent = self.percent(delivery);
        let sentence = ForecastStatement::DeliveryDone {
            percent,
            date: growing.date(percent),
            alone: alone.date(percent),
            left: standing.remaining,
            grows,
            unfinished: growing.beyond(),
        };
        let target = delivery.target.zip(self.day_of(delivery));
        DeliveryForecast {
            sentence,
            percent,
            percentiles: PERCENTS.into_iter().map(date).collect(),
            target: target.map(|(target, as_of)| {
                open_odds((target, as_of), standing.remaining, (growing, alone), grows)
            }),
            unfinished: growing.beyond(),
            assumes,
        }
    }

    /// The chance that its profile wants to hear of: that of the first query it names.
    fn percent(&self, delivery: &Delivery) -> u32 {
        let mut parts = self.parts.of_delivery(delivery);
        parts.next().map_or(HEADLINE_PERCENT, |part| part.part.history.usual.percent)
    }

    /// What is said of a delivery of which nothing is open.
    fn all_done(&self, delivery: &Delivery, standing: &DeliveryStanding) -> DeliveryForecast {
        let finished_on = self.finished_on(delivery, &self.members(delivery, None));
        DeliveryForecast {
            sentence: ForecastStatement::DeliveryOver { items: standing.done },
            percent: self.percent(delivery),
            percentiles: Vec::new(),
            target: delivery.target.and_then(|target| {
                // Whether a day that has passed was kept is not known where nothing tells when.
                let is_known = finished_on.is_some() || self.day_of(delivery) <= Some(target);
                is_known.then(|| done_odds(target, finished_on))
            }),
            assumes: Vec::new(),
            unfinished: 0.0,
        }
    }

    /// The day on which its last item was done.
    fn finished_on(&self, delivery: &Delivery, members: &DeliveryItems) -> Option<Date> {
        let as_of = &self.parts.of_delivery(delivery).next()?.items.as_of;
        Some(as_of.date_of(members.last_done?))
    }

    /// The day of its data, the earliest.
    fn day_of(&self, delivery: &Delivery) -> Option<Date> {
        self.parts.of_delivery(delivery).map(|part| part.part.history.moment.date).min()
    }
}

/// How a target was kept by what is done.
fn done_odds(target: Date, finished_on: Option<Date>) -> TargetOdds {
    let name = "Target".to_owned();
    let late = finished_on.filter(|finished_on| *finished_on > target);
    let (odds, chance, sentence) = match late {
        Some(finished_on) => {
            let date = target;
            (Odds::Missed, 0.0, ForecastStatement::DeadlineOverrun { name, date, finished_on })
        }
        None => (Odds::Certain, 1.0, ForecastStatement::DeadlineHeld { name, date: target }),
    };
    TargetOdds { date: target, odds, growing: None, chance, sentence }
}

/// How likely a target is kept by what is open.
fn open_odds(
    (target, as_of): (Date, Date),
    remaining: u64,
    (growing, alone): (&DatedChances, &DatedChances),
    grows: bool,
) -> TargetOdds {
    let name = "Target".to_owned();
    if target <= as_of {
        let sentence = ForecastStatement::DeadlineMissed {
            name,
            date: target,
            has_passed: target < as_of,
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
