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
        forecast.assumes.first()?;
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

#[cfg(test)]
mod tests {
    use model::{Date, DeliveryKey, Rule};

    use super::*;
    use crate::delivery::{DeliveryAnswer, DeliveryDraft, DeliveryScore};
    use crate::sample::Sample;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// A delivery of all items, of which this was said: on these days these dates of 85 %.
    fn delivery(sample: &Sample, said: &[(&str, Option<&str>)]) -> DeliveryKey {
        let queries = vec![sample.key.clone()];
        let rule = Rule::All.to_string();
        let draft = DeliveryDraft { rule, queries, ..DeliveryDraft::default() };
        let key = sample.app.create_delivery(&sample.key.profile, &draft).unwrap();
        let record = said.iter().map(|(date, likely)| DeliverySaid {
            date: day(date),
            scope: 24,
            done: 12,
            half: None,
            likely: likely.map(day),
            target: None,
            odds_per_mille: None,
        });
        let mut delivery = sample.app.store.read().unwrap().delivery(&key).unwrap().unwrap();
        delivery.record = record.collect();
        sample.app.store.transact(|tx| tx.put_delivery(&delivery)).unwrap();
        key
    }

    fn answer(sample: &Sample, key: &DeliveryKey) -> DeliveryAnswer {
        sample.app.delivery(key, &DeliveryAsk::default()).unwrap().answer
    }

    /// Its last item was done on Wednesday 2025-06-11.
    #[test]
    fn what_was_said_before_the_end_is_scored() {
        let sample = Sample::with_open(0);
        let said = [
            ("2025-04-06", Some("2025-06-01")),
            ("2025-05-04", None),
            ("2025-05-11", Some("2025-06-11")),
            ("2025-06-08", Some("2025-06-30")),
            ("2025-06-15", Some("2025-06-16")),
        ];
        let answer = answer(&sample, &delivery(&sample, &said));
        assert_eq!(answer.said.len(), 5);
        let finished_on = day("2025-06-11");
        let score = DeliveryScore { finished_on, said: 3, held: 2, first_missed_by_days: Some(10) };
        assert_eq!(answer.score, Some(score));
    }

    #[test]
    fn nothing_is_scored_as_long_as_something_is_open() {
        let sample = Sample::steady();
        let key = delivery(&sample, &[("2025-05-11", Some("2025-06-11"))]);
        assert_eq!(answer(&sample, &key).score, None);
    }

    #[test]
    fn a_sync_keeps_what_is_said_once_a_week_of_data() {
        let sample = Sample::steady();
        let key = delivery(&sample, &[]);
        let kept = || {
            sample.app.keep_deliveries(&sample.key).unwrap();
            sample.app.store.read().unwrap().delivery(&key).unwrap().unwrap().record
        };
        let said = kept();
        assert_eq!(said.len(), 1);
        assert_eq!((said[0].date, said[0].scope, said[0].done), (day("2025-06-22"), 34, 24));
        assert_eq!(said[0].likely, answer(&sample, &key).forecast.known().unwrap().date(85));
        assert!(said[0].likely.is_some());
        // The same data again.
        assert_eq!(kept(), said);
        // Data of an earlier week was said before.
        let mut delivery = sample.app.store.read().unwrap().delivery(&key).unwrap().unwrap();
        delivery.record[0].date = day("2025-06-15");
        sample.app.store.transact(|tx| tx.put_delivery(&delivery)).unwrap();
        assert_eq!(kept().len(), 2);
    }
}
