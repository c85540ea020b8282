//! What is said about a delivery.

use forecast::{ForecastStatement, Odds};
use metrics::{DeliveryWeek, Measured, MembershipOf, Note};
use model::delivery::{DeliverySaid, DeliverySplit, DeliveryState};
use model::{Date, Delivery, QueryKey, Timestamp};
use serde::{Serialize, Serializer};

use crate::figures::moment::Moment;
use crate::stale::Stale;

/// A delivery with its standing and its future.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeliveryAnswer {
    /// What it is.
    #[serde(flatten)]
    pub head: DeliveryHead,
    /// The moment that this is about; the earliest of its queries.
    pub as_of: Option<Moment>,
    /// When the issues of its queries were fetched, the earliest.
    pub fetched_at: Option<Timestamp>,
    /// What is wrong with the age of that data, if something is.
    pub stale: Option<Stale>,
    /// By what issues belong to it.
    #[serde(serialize_with = "membership")]
    pub membership: MembershipOf,
    /// How much of it is done.
    pub standing: Measured<DeliveryStanding>,
    /// When it is done.
    pub forecast: Measured<DeliveryForecast>,
    /// How it stood at the ends of weeks, oldest first.
    pub weeks: Vec<DeliveryWeek>,
    /// What was said about it, the first of each week of data, oldest first.
    pub said: Vec<DeliverySaid>,
    /// What would have been said at the ends of past weeks with what was known then, oldest first;
    /// of one delivery alone.
    pub over_time: Vec<DeliverySaid>,
    /// How what was said came true; `None` as long as something is open.
    pub score: Option<DeliveryScore>,
    /// Keys of its items; of one delivery alone.
    pub keys: Option<DeliveryKeys>,
    /// What makes it doubtful.
    pub notes: Vec<Note>,
}

/// How what was said about a delivery came true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DeliveryScore {
    /// The day on which its last item was done.
    pub finished_on: Date,
    /// How many dates of 85 % were said before.
    pub said: u64,
    /// By how many of them it was done.
    pub held: u64,
    /// By how many days the first of them missed; less than 0 if it was done earlier.
    pub first_missed_by_days: Option<i32>,
}

/// The items of a delivery, in the order in which they are stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeliveryKeys {
    /// Those that are open.
    pub open: Vec<String>,
    /// Those that are done.
    pub done: Vec<String>,
    /// How those stand that are open.
    pub open_items: Vec<OpenItem>,
}

/// An open item of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenItem {
    /// Its key.
    pub key: String,
    /// The query that it was found in.
    pub query: QueryKey,
    /// Its title.
    pub summary: Option<String>,
    /// Name of its status at the moment.
    pub status: Option<String>,
    /// Category of that.
    pub status_category: Option<String>,
    /// Where Jira shows it.
    pub url: Option<String>,
}

/// What a delivery is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeliveryHead {
    /// Id of the profile that it belongs to.
    pub profile: String,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its rule.
    pub rule: String,
    /// The day by which it shall be done.
    pub target: Option<Date>,
    /// Its place among the deliveries of its profile, counted from 1.
    pub place: u32,
    /// What has become of it.
    pub delivery_state: DeliveryState,
    /// How the team's pace is split, if that was chosen.
    pub split: Option<DeliverySplit>,
    /// The queries that it lies in.
    pub queries: Vec<OfQuery>,
}

/// A query of a delivery.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OfQuery {
    /// Which.
    #[serde(flatten)]
    pub key: QueryKey,
    /// What it is called, or was when it was there.
    pub name: String,
    /// Whether it is not there any more, so that nothing of it counts.
    pub is_gone: bool,
    /// Whether a sync would bring its data up to date.
    #[serde(skip)]
    pub is_due: bool,
}

/// How much of a delivery is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DeliveryStanding {
    /// Items in it, those done included.
    pub scope: u64,
    /// Items done.
    pub done: u64,
    /// Items open.
    pub remaining: u64,
    /// Items cancelled, in no other number.
    pub cancelled: u64,
}

/// When a delivery is done.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeliveryForecast {
    /// The answer in short.
    pub sentence: ForecastStatement,
    /// The chance that the sentence names, in percent.
    pub percent: u32,
    /// The dates by chance, the smallest first.
    pub percentiles: Vec<DeliveryDate>,
    /// The odds of the target, if there is one.
    pub target: Option<TargetOdds>,
    /// What is taken for granted of each team that works on it, as it is done when all are; empty if
    /// nothing is open.
    pub assumes: Vec<DeliveryAssumes>,
    /// The chance that it is not done within the horizon, from 0 to 1.
    pub unfinished: f64,
}

/// A date by which a delivery is done with some chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DeliveryDate {
    /// The chance.
    pub percent: u32,
    /// The date if the scope goes on as so far; `None` if it is not within the horizon.
    pub date: Option<Date>,
    /// The date for what is in it now.
    pub alone: Option<Date>,
}

/// How likely a target is kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetOdds {
    /// The day.
    pub date: Date,
    /// The odds of what is in it now.
    pub odds: Odds,
    /// The odds if the scope goes on as so far; `None` unless it does.
    pub growing: Option<Odds>,
    /// The chance that is said, from 0 to 1: with growth where there is some.
    pub chance: f64,
    /// Both in short.
    pub sentence: ForecastStatement,
}

/// What the forecast of a delivery takes for granted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeliveryAssumes {
    /// How the pace of its team is split.
    pub split: DeliverySplit,
    /// Whether nobody chose the way: it is the one that tells better where the items of the last weeks
    /// went, or the usual one where too few items tell.
    pub is_by_past: bool,
    /// How many deliveries are worked on at once; `None` of a share.
    pub at_once: Option<usize>,
    /// How much of the team's done items goes to deliveries, or to this one; in percent.
    pub share_percent: u32,
    /// How many items a week it grows by now; `None` if it does not, or as others did.
    pub growth_per_week: Option<f64>,
    /// To how many times what it is now it grows, in half of the finished deliveries; `None` if it
    /// does not, or as itself did.
    pub growth_factor: Option<f64>,
    /// By how many finished deliveries that is known.
    pub finished: usize,
    /// The team, by its queries.
    pub team: String,
}

impl DeliveryAssumes {
    /// Whether it is taken to grow, or to shrink.
    pub fn grows(&self) -> bool {
        self.growth_per_week.is_some() || self.growth_factor.is_some()
    }
}

impl DeliveryHead {
    pub(super) fn of(delivery: &Delivery, place: u32, queries: Vec<OfQuery>) -> DeliveryHead {
        DeliveryHead {
            profile: delivery.key.profile.to_string(),
            id: delivery.key.delivery.to_string(),
            name: delivery.name.clone(),
            rule: delivery.rule.to_string(),
            target: delivery.target,
            place,
            delivery_state: delivery.state,
            split: delivery.split,
            queries,
        }
    }
}

impl DeliveryScore {
    /// Of what was said before the last item was done.
    pub(super) fn of(said: &[DeliverySaid], finished_on: Date) -> DeliveryScore {
        let dates: Vec<Date> = said
            .iter()
            .filter(|said| said.date < finished_on)
            .filter_map(|said| said.likely)
            .collect();
        let held = dates.iter().filter(|date| finished_on <= **date).count() as u64;
        let missed = |date: &Date| date.until(finished_on).ok().map(|span| span.get_days());
        DeliveryScore {
            finished_on,
            said: dates.len() as u64,
            held,
            first_missed_by_days: dates.first().and_then(missed),
        }
    }
}

impl DeliveryForecast {
    /// Tells it as on a day: what it says of days before that one has passed.
    pub(super) fn tell_on(&mut self, today: Date) {
        self.sentence = self.sentence.clone().told_on(today);
        if let Some(target) = &mut self.target {
            target.sentence = target.sentence.clone().told_on(today);
        }
    }

    /// The date of a chance.
    pub fn date(&self, percent: u32) -> Option<Date> {
        self.percentiles.iter().find(|said| said.percent == percent)?.date
    }
}

fn membership<S: Serializer>(of: &MembershipOf, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match of {
        MembershipOf::Moment => "then",
        MembershipOf::Today => "today",
    })
}
