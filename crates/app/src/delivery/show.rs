//! The answers about deliveries.

use forecast::ForecastStatement;
use metrics::Measured;
use model::{Date, Delivery, DeliveryKey, DeliveryState, ProfileId, Timestamp};
use serde::Serialize;
use store::Reader;

use super::answer::{DeliveryAnswer, DeliveryHead, DeliveryStanding, OfQuery, TargetOdds};
use super::ask::DeliveryAsk;
use super::board::Board;
use super::part::{Part, Parts};
use crate::App;
use crate::error::Result;
use crate::figures::moment::Moment;
use crate::trail::{Named, Trail};

/// The chance that is said first.
pub(super) const LIKELY: u32 = 85;
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

pub(super) fn known<T>(value: T, rule: &str) -> Measured<T> {
    Measured::Known { value, sample: 0, window: None, rule: rule.to_owned(), notes: Vec::new() }
}
