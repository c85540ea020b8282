//! Deliveries: parts of a team's work that are done some day, and when that will be.

mod answer;
mod ask;
mod board;
mod edit;
mod growth;
mod part;
mod show;
mod split;
mod team;

pub use answer::{
    DeliveryAnswer, DeliveryAssumes, DeliveryDate, DeliveryForecast, DeliveryHead,
    DeliveryStanding, OfQuery, TargetOdds,
};
pub use ask::DeliveryAsk;
pub(crate) use edit::copy;
pub use edit::{DeliveryDraft, DeliverySetup};
pub use model::delivery::{DeliverySaid, RuleError};
pub use show::{Deliveries, ShortAnswer};
