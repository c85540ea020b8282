//! Deliveries of a profile.

use model::{Delivery, DeliveryKey, ProfileId};

use crate::error::Result;

/// Reads deliveries.
pub trait ReadDelivery {
    /// The delivery with that key.
    fn delivery(&self, key: &DeliveryKey) -> Result<Option<Delivery>>;

    /// Deliveries of a profile by their place, then by id.
    fn deliveries(&self, profile: &ProfileId) -> Result<Vec<Delivery>>;
}

/// Writes deliveries.
pub trait WriteDelivery: ReadDelivery {
    /// Inserts or replaces by key. `ProfileNotFound` if the profile is not there; `Invalid` if the
    /// name breaks [`model::name::check`]. Names may repeat. Its queries need not be there.
    fn put_delivery(&mut self, delivery: &Delivery) -> Result<()>;

    /// Removes it.
    fn remove_delivery(&mut self, key: &DeliveryKey) -> Result<bool>;
}
