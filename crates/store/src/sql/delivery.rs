//! The table `deliveries`.

use model::{Delivery, DeliveryKey, Json, Members as _, ProfileId, name};

use super::check::Checked;
use super::driver::{Row, params};
use super::field::{object, object_text};
use super::revision::Removed;
use super::tx::SqlTx;
use crate::contract::{ReadDelivery, WriteDelivery};
use crate::error::{Error, Result};

columns! {
    table deliveries;
    key profile_id, id;
    set place, members, revision;
}

const ONE: &str = statement!(deliveries::SELECT, "WHERE profile_id = ? AND id = ?");
const LIST: &str = statement!(deliveries::SELECT, "WHERE profile_id = ? ORDER BY place, id");
const PROFILE: &str = "SELECT 1 FROM profiles WHERE id = ?";
const REMOVE: &str = "DELETE FROM deliveries WHERE profile_id = ? AND id = ?";

/// Reads that must not scan a table.
#[cfg(test)]
pub(super) const HOT_READS: &[&str] = &[ONE];

fn delivery(row: &Row<'_>) -> Result<Delivery> {
    let profile = ProfileId::new(row.get::<String>(deliveries::profile_id)?)?;
    let mut members = object(row, deliveries::members)?;
    let delivery = Delivery::take_from(&mut members, "delivery", Some(&profile));
    let mut delivery = delivery.map_err(|why| row.damaged(format!("deliveries: {why}")))?;
    members.iter().for_each(|(name, value): (&str, &Json)| delivery.extra.set(name, value.clone()));
    Ok(delivery)
}

impl ReadDelivery for SqlTx<'_> {
    fn delivery(&self, key: &DeliveryKey) -> Result<Option<Delivery>> {
        self.expect(Checked::Deliveries)?;
        self.one(ONE, params![key.profile.as_str(), key.delivery.as_str()], delivery)
    }

    fn deliveries(&self, profile: &ProfileId) -> Result<Vec<Delivery>> {
        self.expect(Checked::Deliveries)?;
        self.all(LIST, params![profile.as_str()], delivery)
    }
}

impl WriteDelivery for SqlTx<'_> {
    fn put_delivery(&mut self, delivery: &Delivery) -> Result<()> {
        name::check(&delivery.name).map_err(|why| Error::invalid("delivery.name", why))?;
        let key = &delivery.key;
        if self.one(PROFILE, params![key.profile.as_str()], |_| Ok(()))?.is_none() {
            return Err(Error::ProfileNotFound(key.profile.clone()));
        }
        let revision = self.written_revision();
        let row = deliveries::Row {
            profile_id: key.profile.as_str().into(),
            id: key.delivery.as_str().into(),
            place: i64::from(delivery.place).into(),
            members: object_text(&delivery.to_object()).into(),
            revision: revision.into(),
        };
        self.run(deliveries::UPSERT, &row.values())?;
        tracing::debug!(count = 1, "put delivery");
        Ok(())
    }

    fn remove_delivery(&mut self, key: &DeliveryKey) -> Result<bool> {
        let removed = self.run(REMOVE, params![key.profile.as_str(), key.delivery.as_str()])?;
        if removed > 0 {
            self.put_removed(Removed::Delivery(key))?;
        }
        tracing::debug!(count = removed, "remove delivery");
        Ok(removed > 0)
    }
}
