//! The answers about deliveries.

use forecast::ForecastStatement;
use metrics::Measured;
use model::{Date, Delivery, DeliveryKey, DeliveryState, ProfileId, QueryKey, Timestamp, Week};
use serde::Serialize;
use store::Reader;

use super::answer::{
    DeliveryAnswer, DeliveryHead, DeliveryKeys, DeliveryStanding, OfQuery, TargetOdds,
};
use super::ask::DeliveryAsk;
use super::board::Board;
use super::part::{Part, Parts, memberships};
use crate::App;
use crate::error::Result;
use crate::figures::moment::Moment;
use crate::lookup;
use crate::stale::Stale;
use crate::trail::{Named, Trail};

/// For so many past weeks it is said what would have been said.
const OVER_TIME_WEEKS: i32 = 12;

/// The deliveries of a profile.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Deliveries {
    /// Which profile, and its neighbours.
    pub trail: Trail,
    /// They, by their place; those that are over come last.
    pub deliveries: Vec<DeliveryAnswer>,
}

/// One delivery with its answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OneDelivery {
    /// Its profile, and that one's neighbours.
    pub trail: Trail,
    /// The answer.
    #[serde(flatten)]
    pub answer: DeliveryAnswer,
}

/// What is said first about a delivery.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShortAnswer {
    /// What it is.
    #[serde(flatten)]
    pub head: DeliveryHead,
    /// Name of its profile.
    pub profile_name: String,
    /// The moment that this is about.
    pub as_of: Option<Moment>,
    /// When the issues of its queries were fetched, the earliest.
    pub fetched_at: Option<Timestamp>,
    /// What is wrong with the age of that data, if something is.
    pub stale: Option<Stale>,
    /// How much of it is done.
    pub standing: Measured<DeliveryStanding>,
    /// The date of the chance that the profile wants to hear of, or why there is none; `None` in it if it is not within the horizon.
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
        let mut trail = Trail::to(&*reader, profile, None)?;
        let all = reader.deliveries(profile)?;
        let mut deliveries = self.delivery_answers(&*reader, &all, ask, |_| true)?;
        let oldest = deliveries.iter().filter(|answer| answer.stale.is_some());
        let oldest = oldest.min_by_key(|answer| answer.as_of.map(|moment| moment.at));
        trail.stale = oldest.and_then(|answer| answer.stale.clone());
        trail.due = due(deliveries.iter());
        deliveries.sort_by_key(|answer| answer.head.delivery_state.is_over());
        Ok(Deliveries { trail, deliveries })
    }

    /// Id and name of the deliveries of a profile, by their place.
    pub fn delivery_names(&self, profile: &ProfileId) -> Result<Vec<Named>> {
        let all = self.store.read()?.deliveries(profile)?.into_iter();
        Ok(all.map(|one| Named { id: one.key.delivery.to_string(), name: one.name }).collect())
    }

    /// One delivery with its answer, its items, and what would have been said before; an error if it
    /// is not there.
    pub fn delivery(&self, key: &DeliveryKey, ask: &DeliveryAsk) -> Result<OneDelivery> {
        let reader = self.store.read()?;
        let mut trail = Trail::to(&*reader, &key.profile, None)?;
        let all = reader.deliveries(&key.profile)?;
        let place = all.iter().position(|one| one.key == *key);
        let place = place.ok_or_else(|| super::edit::not_found(key))?;
        let known = memberships(&*reader, &all)?;
        let answer = |ask: &DeliveryAsk| -> Result<Option<(DeliveryAnswer, DeliveryKeys)>> {
            let parts = self.parts(&*reader, &all, &known, ask)?;
            let parts_of_all = Parts::of(&parts);
            let board = Board::new(&all, &parts_of_all, ask);
            let Some(delivery) = all.get(place) else { return Ok(None) };
            let answer = board.answer(delivery, place as u32 + 1, queries(delivery, &parts));
            Ok(Some((answer, board.keys(delivery))))
        };
        let (mut found, keys) = answer(ask)?.ok_or_else(|| super::edit::not_found(key))?;
        found.keys = found.standing.known().map(|_| keys);
        let is_open = found.forecast.known().is_some_and(|forecast| !forecast.assumes.is_empty());
        let today = found.as_of.filter(|_| is_open).map(|moment| moment.date);
        for sunday in today.into_iter().flat_map(past_sundays) {
            let before = answer(&DeliveryAsk { as_of: Some(sunday), ..*ask })?;
            found.over_time.extend(before.and_then(|(answer, _)| answer.as_said()));
        }
        trail.stale.clone_from(&found.stale);
        trail.due = due([&found].into_iter());
        Ok(OneDelivery { trail, answer: found })
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
            found.extend(answers.into_iter().map(|found| ShortAnswer::of(found, &profile.name)));
        }
        Ok(found)
    }

    /// What is said first about the running deliveries that lie in a query, by their place.
    pub(crate) fn deliveries_of(
        &self,
        reader: &dyn Reader,
        query: &QueryKey,
        as_of: Option<Date>,
    ) -> Result<Vec<ShortAnswer>> {
        let all = reader.deliveries(&query.profile)?;
        let lies_in = |one: &Delivery| one.queries.iter().any(|of| of.key == *query);
        let wanted = |one: &Delivery| one.state == DeliveryState::Running && lies_in(one);
        let ask = DeliveryAsk { as_of, ..DeliveryAsk::default() };
        let answers = self.delivery_answers(reader, &all, &ask, wanted)?;
        let name = lookup::profile(reader, &query.profile)?.name;
        Ok(answers.into_iter().map(|found| ShortAnswer::of(found, &name)).collect())
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
        let parts = self.parts(reader, all, &memberships(reader, all)?, ask)?;
        let known = Parts::of(&parts);
        let board = Board::new(all, &known, ask);
        let answer = |(place, delivery): (usize, &Delivery)| {
            board.answer(delivery, place as u32 + 1, queries(delivery, &parts))
        };
        let wanted = all.iter().enumerate().filter(|(_, delivery)| wanted(delivery));
        Ok(wanted.map(answer).collect())
    }
}

/// The last Sundays before a day, oldest first.
fn past_sundays(day: Date) -> impl Iterator<Item = Date> {
    let week = Week::of(day).number();
    let mondays = (week + 1 - OVER_TIME_WEEKS..=week).map(Week::from_number);
    mondays.filter_map(|week| week.monday()?.yesterday().ok())
}

impl ShortAnswer {
    fn of(answer: DeliveryAnswer, profile_name: &str) -> ShortAnswer {
        let (odds, sentence) = match &answer.forecast {
            Measured::Known { value, .. } => (value.target.clone(), value.sentence.clone()),
            Measured::Unavailable { reason, .. } => {
                (None, ForecastStatement::Unknown { reason: *reason })
            }
        };
        let likely =
            answer.forecast.then(|forecast, rule| known(forecast.date(forecast.percent), rule));
        ShortAnswer {
            head: answer.head,
            profile_name: profile_name.to_owned(),
            as_of: answer.as_of,
            fetched_at: answer.fetched_at,
            stale: answer.stale,
            standing: answer.standing,
            likely,
            odds,
            sentence,
        }
    }
}

/// The queries that a sync would bring up to date.
fn due<'a>(answers: impl Iterator<Item = &'a DeliveryAnswer>) -> Vec<(QueryKey, String)> {
    let queries = answers.flat_map(|answer| &answer.head.queries).filter(|query| query.is_due);
    let mut due: Vec<_> = queries.map(|query| (query.key.clone(), query.name.clone())).collect();
    due.sort();
    due.dedup();
    due
}

fn queries(delivery: &Delivery, parts: &[Part]) -> Vec<OfQuery> {
    let of = |query: &model::DeliveryQuery| {
        let part = parts.iter().find(|part| part.key == query.key);
        let name = part.map_or(&query.name, |part| &part.history.summary.name).clone();
        let is_due = part.is_some_and(Part::is_due);
        OfQuery { key: query.key.clone(), name, is_gone: part.is_none(), is_due }
    };
    delivery.queries.iter().map(of).collect()
}

pub(super) fn known<T>(value: T, rule: &str) -> Measured<T> {
    Measured::Known { value, sample: 0, window: None, rule: rule.to_owned(), notes: Vec::new() }
}
