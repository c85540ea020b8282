//! What is asked about deliveries, as URLs and commands write it.

use metrics::MembershipOf;
use model::Date;

use crate::error::{Error, Result};
use crate::parameter::{day, read, word};

/// As of which day, and by what an issue belongs to a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryAsk {
    /// The last day of what is known; `None` for when the data was fetched.
    pub as_of: Option<Date>,
    /// By what.
    pub membership: MembershipOf,
}

impl Default for DeliveryAsk {
    fn default() -> DeliveryAsk {
        DeliveryAsk { as_of: None, membership: MembershipOf::Moment }
    }
}

impl DeliveryAsk {
    /// By what an issue can belong to a delivery, with their words.
    pub const MEMBERSHIPS: &crate::parameter::Words<MembershipOf> =
        &[("then", MembershipOf::Moment), ("today", MembershipOf::Today)];

    /// Takes one parameter as it stands in a URL. An empty value means that it is not given; an
    /// error names the parameter and what it may be.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        if value.trim().is_empty() {
            return Ok(());
        }
        match name {
            "as_of" => self.as_of = Some(read("as_of", value, day)?),
            "membership" => {
                self.membership = read("membership", value, |v| word(Self::MEMBERSHIPS, v))?;
            }
            _ => return Err(Error::unknown_parameter(name, "use as_of or membership")),
        }
        Ok(())
    }

    /// The parameters of a URL; what is as usual is left out.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let today = (self.membership == MembershipOf::Today).then(|| "today".to_owned());
        [("as_of", self.as_of.map(|day| day.to_string())), ("membership", today)]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }
}
