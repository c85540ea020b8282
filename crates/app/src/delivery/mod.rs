//! Deliveries: parts of a team's work that are done some day, and when that will be.

mod answer;
mod ask;
mod board;
mod edit;
mod growth;
mod offer;
mod part;
mod record;
mod show;
mod split;
mod team;

pub use answer::{
    DeliveryAnswer, DeliveryAssumes, DeliveryDate, DeliveryForecast, DeliveryHead, DeliveryKeys,
    DeliveryScore, DeliveryStanding, OfQuery, OpenItem, TargetOdds,
};
pub use ask::DeliveryAsk;
pub use edit::{DeliveryDraft, DeliverySetup};
pub(crate) use edit::{copy, follow};
pub use model::delivery::{DeliverySaid, RuleError};
pub use offer::{DeliveryOffer, DeliveryOffers};
pub use show::{Deliveries, OneDelivery, ShortAnswer};
