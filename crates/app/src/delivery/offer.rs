//! Deliveries that a profile could have: its versions and epics with open issues.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use metrics::{GroupNow, State};
use model::{Date, Delivery, DeliveryQuery, GroupField, ProfileId, QueryKey, Rule, name};
use serde::Serialize;
use store::Reader;

use super::ask::DeliveryAsk;
use super::part::{PartItems, Parts, memberships};
use crate::App;
use crate::error::Result;
use crate::trail::Trail;

/// Most that are offered.
const OFFERS_MAX: usize = 50;

/// What a profile could have as deliveries.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeliveryOffers {
    /// Which profile, and its neighbours.
    pub trail: Trail,
    /// They: those with a day first, by that, then those with the most open items.
    pub offers: Vec<DeliveryOffer>,
}

/// A version or an epic with open items that is no delivery yet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeliveryOffer {
    /// Which field names it.
    pub field: GroupField,
    /// Its name; of an epic its key.
    pub name: String,
    /// What the epic is about, if it is stored.
    pub title: Option<String>,
    /// The rule that it would have.
    pub rule: String,
    /// The day on which it shall be released.
    pub day: Option<Date>,
    /// Its open items.
    pub open: u64,
    /// Its items, those done included.
    pub scope: u64,
    /// The queries that it lies in.
    pub queries: Vec<QueryKey>,
}

impl App {
    /// The versions and epics with open items in the queries of a profile; an error if it is not
    /// there.
    pub fn delivery_offers(&self, profile: &ProfileId) -> Result<DeliveryOffers> {
        let reader = self.store.read()?;
        let trail = Trail::to(&*reader, profile, None)?;
        let known: HashSet<String> = reader
            .deliveries(profile)?
            .iter()
            .map(|one| name::fold(&one.rule.to_string()))
            .collect();
        let is_new = |offer: &DeliveryOffer| !known.contains(&name::fold(&offer.rule));
        let mut offers = self.all_offers(&*reader, profile)?;
        offers.retain(is_new);
        offers.sort_by_key(|offer| {
            (offer.day.is_none(), offer.day, Reverse(offer.open), offer.name.clone())
        });
        offers.truncate(OFFERS_MAX);
        Ok(DeliveryOffers { trail, offers })
    }

    /// What is offered as a delivery with that rule; `None` if nothing is.
    pub fn delivery_offer(&self, profile: &ProfileId, rule: &str) -> Result<Option<DeliveryOffer>> {
        let Ok(Rule::Is(field, value)) = rule.parse::<Rule>() else { return Ok(None) };
        if !is_offered(field) {
            return Ok(None);
        }
        let offers = self.all_offers(&*self.store.read()?, profile)?;
        let value = name::fold(&value);
        let is_it =
            |offer: &DeliveryOffer| offer.field == field && name::fold(&offer.name) == value;
        Ok(offers.into_iter().find(is_it))
    }

    /// The versions and epics with open items, deliveries or not.
    fn all_offers(&self, reader: &dyn Reader, profile: &ProfileId) -> Result<Vec<DeliveryOffer>> {
        let query = |key: QueryKey| DeliveryQuery { key, name: String::new() };
        let queries = reader.queries(profile)?.into_iter().map(|summary| query(summary.key));
        let all: Vec<Delivery> = Delivery::of_all(profile, queries.collect()).into_iter().collect();
        let memberships = memberships(reader, &all)?;
        let parts = self.parts(reader, &all, &memberships, &DeliveryAsk::default())?;
        let mut offers: BTreeMap<String, DeliveryOffer> = BTreeMap::new();
        for offer in Parts::of(&parts).parts.iter().flat_map(of_part) {
            match offers.get_mut(&offer.rule) {
                Some(sum) => sum.add(offer),
                None => drop(offers.insert(offer.rule.clone(), offer)),
            }
        }
        Ok(offers.into_values().collect())
    }
}

fn is_offered(field: GroupField) -> bool {
    matches!(field, GroupField::FixVersion | GroupField::Parent)
}

impl DeliveryOffer {
    fn add(&mut self, more: DeliveryOffer) {
        self.open += more.open;
        self.scope += more.scope;
        self.day = self.day.max(more.day);
        self.title = self.title.take().or(more.title);
        self.queries.extend(more.queries);
    }
}

fn of_part(part: &PartItems<'_>) -> Vec<DeliveryOffer> {
    let states: HashMap<&str, State> =
        part.items.counted.iter().map(|item| (item.facts.key.as_str(), item.state)).collect();
    let issues = &part.part.history.issues;
    let title = |key: &str| {
        let found = issues.iter().find(|issue| issue.facts.key == key)?;
        found.facts.summary.clone()
    };
    let is_open = |group: &GroupNow<'_>| is_offered(group.field) && !group.is_over;
    let groups = part.part.memberships.groups_now().into_iter().filter(is_open);
    let offer = |group: GroupNow<'_>| {
        let count = |wanted: State| {
            let is_it = |key: &&&str| states.get(**key) == Some(&wanted);
            group.keys.iter().filter(is_it).count() as u64
        };
        let (open, done) = (count(State::Open), count(State::Done));
        let is_epic = group.field == GroupField::Parent;
        (open > 0).then(|| DeliveryOffer {
            field: group.field,
            name: group.name.to_owned(),
            title: if is_epic { title(group.name) } else { None },
            rule: Rule::Is(group.field, group.name.to_owned()).to_string(),
            day: group.day,
            open,
            scope: open + done,
            queries: vec![part.part.key.clone()],
        })
    };
    groups.filter_map(offer).collect()
}
