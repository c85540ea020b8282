//! What is said about deliveries, kept to be scored when they are over.

use model::delivery::DeliverySaid;
use model::{Delivery, DeliveryState, QueryKey, Week};

use super::answer::DeliveryAnswer;
use super::ask::DeliveryAsk;
use crate::App;
use crate::error::Result;
use crate::figures::moment::MomentRule;

/// Most weeks that are kept of a delivery: three years.
const RECORD_MAX: usize = 156;

impl DeliveryAnswer {
    /// What is kept of it; `None` if nothing is said, or nothing is open.
    pub(super) fn as_said(&self) -> Option<DeliverySaid> {
        let (standing, forecast) = (self.standing.known()?, self.forecast.known()?);
        forecast.assumes.as_ref()?;
        let chance = forecast.target.as_ref().map(|target| target.chance);
        Some(DeliverySaid {
            date: self.as_of?.date,
            scope: standing.scope,
            done: standing.done,
            half: forecast.date(50),
            likely: forecast.date(85),
            target: self.head.target,
            odds_per_mille: chance.map(|chance| (chance * 1_000.0).round() as u32),
        })
    }
}

impl App {
    /// After a sync of a query: keeps what is said about the running deliveries that lie in it, the
    /// first of each week of data. Nothing in the old app's own files.
    pub(crate) fn keep_deliveries(&self, key: &QueryKey) -> Result<()> {
        if self.is_of_old_app() {
            return Ok(());
        }
        let reader = self.store.read()?;
        let mut due = Vec::new();
        for profile in reader.profiles()? {
            let all = reader.deliveries(&profile.id)?;
            let is_asked = |one: &Delivery| {
                one.state == DeliveryState::Running
                    && one.queries.iter().any(|query| query.key == *key)
            };
            let answers =
                self.delivery_answers(&*reader, &all, &DeliveryAsk::default(), is_asked)?;
            for (one, answer) in all.iter().filter(|one| is_asked(one)).zip(answers) {
                let is_dated =
                    answer.as_of.is_some_and(|moment| moment.rule == MomentRule::Fetched);
                let said = answer.as_said().filter(|said| is_dated && is_due(one, said));
                due.extend(said.map(|said| (one.key.clone(), said)));
            }
        }
        drop(reader);
        if due.is_empty() {
            return Ok(());
        }
        let mut writer = self.store.write()?;
        for (key, said) in due {
            // Somebody may have changed it meanwhile, or been faster.
            let Some(mut delivery) = writer.delivery(&key)? else { continue };
            if is_due(&delivery, &said) {
                delivery.record.push(said);
                let first = delivery.record.len().saturating_sub(RECORD_MAX);
                delivery.record.drain(..first);
                writer.put_delivery(&delivery)?;
            }
        }
        Ok(writer.commit()?)
    }
}

/// Whether nothing was said yet of that week of data, or a later one.
fn is_due(delivery: &Delivery, said: &DeliverySaid) -> bool {
    delivery.record.last().is_none_or(|last| Week::of(last.date) < Week::of(said.date))
}
