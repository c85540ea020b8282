//! `burndown_deliveries.json` of a profile, which the old app does not know, and what issues belong
//! to, which is read out of their documents.

use model::membership::membership_changes;
use model::{
    CacheKind, Delivery, DeliveryKey, Json, Members as _, Membership, MembershipChanges, Object,
    ProfileId, QueryKey, Tape, name,
};

use super::files::corrupt;
use super::layout::{absolute, deliveries_file};
use super::tx::JsonTx;
use crate::contract::{ReadDelivery, ReadMembership, WriteDelivery};
use crate::error::{Error, Result};

const DELIVERIES: &str = "deliveries";

impl ReadDelivery for JsonTx<'_> {
    fn delivery(&self, key: &DeliveryKey) -> Result<Option<Delivery>> {
        Ok(self.deliveries(&key.profile)?.into_iter().find(|delivery| delivery.key == *key))
    }

    fn deliveries(&self, profile: &ProfileId) -> Result<Vec<Delivery>> {
        let place = deliveries_file(profile);
        let Some(object) = self.files().read_object(&place)? else { return Ok(Vec::new()) };
        let read = |entry: &Json| {
            let mut members = entry.as_object().cloned().unwrap_or_default();
            let delivery = Delivery::take_from(&mut members, "delivery", Some(profile));
            let mut delivery =
                delivery.map_err(|why| corrupt(&absolute(self.root(), &place), why))?;
            members.iter().for_each(|(name, value)| delivery.extra.set(name, value.clone()));
            Ok(delivery)
        };
        let entries = object.get(DELIVERIES).and_then(Json::as_array).unwrap_or_default();
        entries.iter().map(read).collect()
    }
}

impl WriteDelivery for JsonTx<'_> {
    fn put_delivery(&mut self, delivery: &Delivery) -> Result<()> {
        name::check(&delivery.name).map_err(|why| Error::invalid("delivery.name", why))?;
        let profile = &delivery.key.profile;
        self.require_profile(profile)?;
        let mut deliveries = self.deliveries(profile)?;
        deliveries.retain(|known| known.key != delivery.key);
        deliveries.push(delivery.clone());
        deliveries.sort_by(|a, b| (a.place, &a.key).cmp(&(b.place, &b.key)));
        self.write_deliveries(profile, &deliveries)
    }

    fn remove_delivery(&mut self, key: &DeliveryKey) -> Result<bool> {
        let mut deliveries = self.deliveries(&key.profile)?;
        let before = deliveries.len();
        deliveries.retain(|known| known.key != *key);
        if deliveries.len() == before {
            return Ok(false);
        }
        self.write_deliveries(&key.profile, &deliveries)?;
        Ok(true)
    }
}

impl JsonTx<'_> {
    fn write_deliveries(&mut self, profile: &ProfileId, deliveries: &[Delivery]) -> Result<()> {
        let entry = |delivery: &Delivery| Json::Object(delivery.to_object());
        let mut object = Object::new();
        object.set(DELIVERIES, Json::Array(deliveries.iter().map(entry).collect()));
        self.files_mut().write_object(&deliveries_file(profile), object, Object::new())?;
        tracing::debug!(count = deliveries.len(), "put deliveries");
        Ok(())
    }
}

impl ReadMembership for JsonTx<'_> {
    fn each_membership(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(&str, Membership) -> Result<()>,
    ) -> Result<()> {
        let records = self.records(query, CacheKind::Issues)?;
        let mut tape = Tape::new();
        let derive =
            |(key, document): (&str, &_)| visit(key, Membership::derive(document, &mut tape));
        records.iter().try_for_each(derive)
    }

    fn each_membership_change(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(&str, MembershipChanges) -> Result<()>,
    ) -> Result<()> {
        let records = self.records(query, CacheKind::Changelogs)?;
        let mut tape = Tape::new();
        let derive =
            |(key, document): (&str, &_)| visit(key, membership_changes(document, &mut tape));
        records.iter().try_for_each(derive)
    }
}
