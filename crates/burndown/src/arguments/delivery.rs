//! Options of `delivery`.

use app::delivery::DeliveryAsk;
use app::metrics::MembershipOf;
use app::parameter;
use clap::{Args, Subcommand};
use model::{Date, DeliveryState};

use super::word;

/// Options of `delivery`.
#[derive(Debug, Args)]
pub struct Delivery {
    /// Id or name of the profile [default: the active one]
    #[arg(long, value_name = "PROFILE", global = true)]
    pub profile: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub action: DeliveryAction,
}

/// What can be done about deliveries.
#[derive(Debug, Subcommand)]
pub enum DeliveryAction {
    /// List them, in their order
    List {
        /// As of when.
        #[command(flatten)]
        at: DeliveryAt,
    },
    /// List the versions and epics with open items that could be one
    Offer,
    /// Say when one will be done, and how it stands
    Show {
        /// Its id or name
        delivery: String,
        /// As of when.
        #[command(flatten)]
        at: DeliveryAt,
    },
    /// Make one of the issues that a rule holds for, such as: fix version = "1.0" and label = ui
    Add {
        /// Its rule; all for everything in its queries
        rule: String,
        /// What else it is.
        #[command(flatten)]
        fields: DeliveryFields,
    },
    /// Change one
    Edit {
        /// Its id or name
        delivery: String,
        /// Its new rule
        #[arg(long, value_name = "RULE")]
        rule: Option<String>,
        /// What else it is from now on.
        #[command(flatten)]
        fields: DeliveryFields,
    },
    /// Put one to another place in the order
    Order {
        /// Its id or name
        delivery: String,
        /// The place, counted from 1
        place: u32,
    },
    /// Say what has become of one: planned, running, done or archived
    State {
        /// Its id or name
        delivery: String,
        /// What has become of it
        #[arg(value_parser = word(&DeliveryState::WORDS), hide_possible_values = true)]
        state: DeliveryState,
    },
    /// Remove one; its issues and queries stay
    Remove {
        /// Its id or name
        delivery: String,
    },
}

/// As of when, and what belongs to a delivery then.
#[derive(Debug, Args)]
pub struct DeliveryAt {
    /// Last day of what is known [default: when the data was fetched]
    #[arg(long, value_name = "DATE", value_parser = parameter::day)]
    pub as_of: Option<Date>,
    /// What belongs to it: what did then, or what does today
    #[arg(
        long,
        value_name = "WHEN",
        value_parser = word(DeliveryAsk::MEMBERSHIPS),
        default_value = "then",
        hide_default_value = true
    )]
    pub membership: MembershipOf,
}

/// What a delivery is besides its rule.
#[derive(Debug, Args)]
pub struct DeliveryFields {
    /// What it is called [default: made from the rule]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The day by which it shall be done; empty for none [default: that of its release, if it is offered]
    #[arg(long, value_name = "DATE")]
    pub target: Option<String>,
    /// A query that it lies in, by id or name, or PROFILE/QUERY; may be given more than once
    /// [default: those that it is offered in, else the active one]
    #[arg(long = "query", value_name = "QUERY")]
    pub queries: Vec<String>,
    /// What has become of it: planned, running, done or archived [default: running]
    #[arg(long, value_name = "WORD")]
    pub state: Option<String>,
    /// How the team's pace is split: order or share; empty for the usual way
    #[arg(long, value_name = "WORD")]
    pub split: Option<String>,
}
