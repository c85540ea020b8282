//! Making deliveries, changing them, and taking them away.

use model::delivery::DeliverySplit;
use model::{
    Date, Delivery, DeliveryId, DeliveryKey, DeliveryQuery, DeliveryState, Object, ProfileId,
    QueryKey, Rule, name,
};
use serde::Serialize;
use store::{Reader, Record, Revision, Writer};

use super::offer::DeliveryOffer;
use crate::App;
use crate::draft::{self, Field};
use crate::error::{Error, Result};
use crate::lookup;
use crate::new_id;
use crate::trail::Trail;

/// A delivery, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DeliveryDraft {
    /// Its name; where it is empty, one is made from the rule.
    pub name: String,
    /// Its rule.
    pub rule: String,
    /// The day by which it shall be done; may be empty.
    pub target: String,
    /// What has become of it; empty for running.
    pub state: String,
    /// How the pace of its team is split; empty for the usual way.
    pub split: String,
    /// The queries that it lies in.
    pub queries: Vec<QueryKey>,
}

/// A delivery as a form shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeliverySetup {
    /// Where it is.
    pub trail: Trail,
    /// Its id; `None` of one that is to be made.
    pub id: Option<String>,
    /// What it is.
    pub draft: DeliveryDraft,
    /// Every query that it can lie in, with its name and that of its profile.
    pub offered: Vec<(QueryKey, String, String)>,
    /// The revision that this was read at.
    pub revision: Revision,
}

/// The parts of a draft, read.
struct Checked {
    name: String,
    rule: Rule,
    target: Option<Date>,
    state: DeliveryState,
    split: Option<DeliverySplit>,
    queries: Vec<DeliveryQuery>,
}

pub(super) fn not_found(key: &DeliveryKey) -> Error {
    Error::NoSuch("delivery", key.to_string())
}

impl DeliveryDraft {
    fn of(delivery: &Delivery) -> DeliveryDraft {
        DeliveryDraft {
            name: delivery.name.clone(),
            rule: delivery.rule.to_string(),
            target: delivery.target.map(|day| day.to_string()).unwrap_or_default(),
            state: delivery.state.as_str().to_owned(),
            split: delivery.split.map(DeliverySplit::as_str).unwrap_or_default().to_owned(),
            queries: delivery.queries.iter().map(|query| query.key.clone()).collect(),
        }
    }

    /// Takes over the queries and the day of what was offered.
    pub fn take(&mut self, offer: DeliveryOffer) {
        self.queries = offer.queries;
        self.target = offer.day.map(|day| day.to_string()).unwrap_or_default();
    }

    /// Queries that are gone stay under the name they had in `before`.
    fn checked(&self, reader: &dyn Reader, before: &[DeliveryQuery]) -> Result<Checked> {
        let rule: Rule = match self.rule.trim() {
            "" => Rule::All,
            text => text.parse().map_err(|why: model::delivery::RuleError| {
                Error::field(Field::Rule, why.to_string())
            })?,
        };
        let name = match self.name.trim() {
            "" => draft::checked_name(&shortened(proposed_name(&rule)))?,
            name => draft::checked_name(name)?,
        };
        let target = match self.target.trim() {
            "" => None,
            text => Some(
                crate::parameter::day(text)
                    .map_err(|why| Error::field(Field::Target, why.to_string()))?,
            ),
        };
        let state = word(
            Field::State,
            &self.state,
            DeliveryState::parse,
            "planned, running, done or archived",
        )?;
        let split = word(Field::Split, &self.split, DeliverySplit::parse, "order or share")?;
        Ok(Checked {
            name,
            rule,
            target,
            state: state.unwrap_or_default(),
            split,
            queries: self.checked_queries(reader, before)?,
        })
    }

    fn checked_queries(
        &self,
        reader: &dyn Reader,
        before: &[DeliveryQuery],
    ) -> Result<Vec<DeliveryQuery>> {
        if self.queries.is_empty() {
            return Err(Error::field(Field::Queries, "name at least one query that it lies in"));
        }
        let mut found: Vec<DeliveryQuery> = Vec::new();
        for key in &self.queries {
            if found.iter().any(|known| known.key == *key) {
                continue;
            }
            match (reader.query(key)?, before.iter().find(|known| known.key == *key)) {
                (Some(query), _) => {
                    found.push(DeliveryQuery { key: key.clone(), name: query.name });
                }
                (None, Some(gone)) => found.push(gone.clone()),
                (None, None) => return Err(store::Error::QueryNotFound(key.clone()).into()),
            }
        }
        Ok(found)
    }
}

fn word<T>(
    field: Field,
    typed: &str,
    parse: impl Fn(&str) -> Option<T>,
    words: &str,
) -> Result<Option<T>> {
    match typed.trim() {
        "" => Ok(None),
        text => match parse(text) {
            Some(value) => Ok(Some(value)),
            None => Err(Error::field(field, format!("it can be {words}, not {text:?}"))),
        },
    }
}

/// A name that is not typed is cut where it is longer than names may be.
fn shortened(name: String) -> String {
    match name.chars().count() > name::NAME_CHARACTERS_MAX {
        true => name.chars().take(name::NAME_CHARACTERS_MAX - 1).chain(['…']).collect(),
        false => name,
    }
}

/// The first value that a rule names.
fn proposed_name(rule: &Rule) -> String {
    match rule {
        Rule::All => "All of it".to_owned(),
        Rule::Is(_, name) | Rule::Text(name) => name.clone(),
        Rule::And(rules) | Rule::Or(rules) => rules.first().map(proposed_name).unwrap_or_default(),
    }
}

impl App {
    /// Makes a delivery, the last in the order of its profile. An error names the field that is
    /// wrong, and nothing is made.
    pub fn create_delivery(
        &self,
        profile: &ProfileId,
        draft: &DeliveryDraft,
    ) -> Result<DeliveryKey> {
        let mut writer = self.store.write()?;
        lookup::profile(&*writer, profile)?;
        let Checked { name, rule, target, state, split, queries } = draft.checked(&*writer, &[])?;
        let known = writer.deliveries(profile)?;
        let is_taken = |id: &str| Ok(known.iter().any(|one| one.key.delivery.as_str() == id));
        let id = DeliveryId::new(new_id::free("d_", self.now(), is_taken)?)?;
        let delivery = Delivery {
            key: DeliveryKey::new(profile.clone(), id),
            name,
            rule,
            target,
            place: known.iter().map(|one| one.place.saturating_add(1)).max().unwrap_or_default(),
            state,
            split,
            queries,
            created_at: self.now(),
            record: Vec::new(),
            extra: Object::new(),
        };
        writer.put_delivery(&delivery)?;
        writer.commit()?;
        Ok(delivery.key)
    }

    /// A delivery as a form shows it; an error if it is not there.
    pub fn delivery_setup(&self, key: &DeliveryKey) -> Result<DeliverySetup> {
        let reader = self.store.read()?;
        let delivery = reader.delivery(key)?.ok_or_else(|| not_found(key))?;
        let revision = reader.revision_of(Record::Delivery(key))?.unwrap_or_default();
        let id = Some(key.delivery.to_string());
        setup(&*reader, &key.profile, id, DeliveryDraft::of(&delivery), revision)
    }

    /// The form of a new delivery: what is offered under that rule, in the query of that id if one is
    /// named, else in those of the offer, else in the one used last; an error if the profile is not
    /// there.
    pub fn new_delivery(
        &self,
        profile: &ProfileId,
        rule: &str,
        query: &str,
    ) -> Result<DeliverySetup> {
        let reader = self.store.read()?;
        let mut draft = DeliveryDraft { rule: rule.to_owned(), ..DeliveryDraft::default() };
        if let Some(offer) = self.delivery_offer(profile, rule)? {
            draft.take(offer);
        }
        let mut queries: Vec<QueryKey> =
            reader.queries(profile)?.into_iter().map(|query| query.key).collect();
        let is_named = queries.iter().any(|key| key.query.as_str() == query);
        if is_named || draft.queries.is_empty() {
            queries.sort_by_key(|key| key.query.as_str() != query);
            queries.truncate(1);
            draft.queries = queries;
        }
        setup(&*reader, profile, None, draft, 0)
    }

    /// Changes a delivery to what the draft says. An error if it is not there, if a field is wrong,
    /// or if it was written after the revision that was `seen`; then nothing is changed.
    pub fn edit_delivery(
        &self,
        key: &DeliveryKey,
        draft: &DeliveryDraft,
        seen: Revision,
    ) -> Result<()> {
        let mut writer = self.store.write()?;
        let before = writer.delivery(key)?.ok_or_else(|| not_found(key))?;
        draft::refuse_unseen(&*writer, Record::Delivery(key), seen, &before.name)?;
        let Checked { name, rule, target, state, split, queries } =
            draft.checked(&*writer, &before.queries)?;
        let delivery = Delivery { name, rule, target, state, split, queries, ..before.clone() };
        if delivery == before {
            return Ok(());
        }
        writer.put_delivery(&delivery)?;
        Ok(writer.commit()?)
    }

    /// Says what has become of a delivery; an error if it is not there.
    pub fn set_delivery_state(&self, key: &DeliveryKey, state: DeliveryState) -> Result<()> {
        let mut writer = self.store.write()?;
        let before = writer.delivery(key)?.ok_or_else(|| not_found(key))?;
        writer.put_delivery(&Delivery { state, ..before })?;
        Ok(writer.commit()?)
    }

    /// Puts a delivery to a place in the order of its profile, counted from 1; beyond the last it is
    /// the last. An error if it is not there.
    pub fn order_delivery(&self, key: &DeliveryKey, place: u32) -> Result<()> {
        let mut writer = self.store.write()?;
        let mut all = writer.deliveries(&key.profile)?;
        let from = all.iter().position(|one| one.key == *key).ok_or_else(|| not_found(key))?;
        let moved = all.remove(from);
        let to = (place.max(1) as usize - 1).min(all.len());
        all.insert(to, moved);
        renumber(&mut *writer, all)?;
        Ok(writer.commit()?)
    }

    /// Takes a delivery away, its record too; its issues and queries stay. An error if it is not
    /// there.
    pub fn remove_delivery(&self, key: &DeliveryKey) -> Result<()> {
        let mut writer = self.store.write()?;
        if !writer.remove_delivery(key)? {
            return Err(not_found(key));
        }
        Ok(writer.commit()?)
    }
}

/// Gives a profile the deliveries of another one whose queries were copied under their own ids.
/// What was said about them stays where it was said.
pub(crate) fn copy(writer: &mut dyn Writer, from: &ProfileId, to: &ProfileId) -> Result<()> {
    for delivery in writer.deliveries(from)? {
        let delivery = delivery.moved_to(from, to);
        writer.put_delivery(&Delivery { record: Vec::new(), ..delivery })?;
    }
    Ok(())
}

/// A query is found under another key: deliveries of all profiles that lie in it follow.
pub(crate) fn follow(writer: &mut dyn Writer, from: &QueryKey, to: &QueryKey) -> Result<()> {
    for profile in writer.profiles()? {
        for mut delivery in writer.deliveries(&profile.id)? {
            let found = delivery.queries.iter_mut().find(|query| query.key == *from);
            let Some(query) = found else { continue };
            query.key = to.clone();
            writer.put_delivery(&delivery)?;
        }
    }
    Ok(())
}

fn renumber(writer: &mut dyn Writer, all: Vec<Delivery>) -> Result<()> {
    for (place, delivery) in all.into_iter().enumerate() {
        let place = place as u32;
        if delivery.place != place {
            writer.put_delivery(&Delivery { place, ..delivery })?;
        }
    }
    Ok(())
}

fn setup(
    reader: &dyn Reader,
    profile: &ProfileId,
    id: Option<String>,
    draft: DeliveryDraft,
    revision: Revision,
) -> Result<DeliverySetup> {
    let trail = Trail::to(reader, profile, None)?;
    let mut offered = Vec::new();
    let mut profiles = reader.profiles()?;
    profiles.sort_by_key(|one| one.id != *profile);
    for one in profiles {
        let queries = reader.queries(&one.id)?.into_iter();
        offered.extend(queries.map(|query| (query.key, query.name, one.name.clone())));
    }
    Ok(DeliverySetup { trail, id, draft, offered, revision })
}
