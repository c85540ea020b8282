//! The moment that figures are about: the day asked for, else when the data was fetched.

use metrics::AsOf;
use model::{Date, TimeZone, Timestamp};
use serde::Serialize;

/// A moment and why it is this one. Nothing later is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// Its day in the workspace's zone.
    pub date: Date,
    /// The moment itself.
    pub at: Timestamp,
    /// What chose it.
    pub rule: MomentRule,
}

impl Moment {
    /// Its day, if that was asked for.
    pub fn asked(&self) -> Option<Date> {
        (self.rule == MomentRule::Asked).then_some(self.date)
    }
}

/// What chose a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MomentRule {
    /// It is the end of the day that was asked for.
    Asked,
    /// The data was fetched then.
    Fetched,
    /// When it was fetched is not known; the newest date in the data is this.
    Newest,
    /// When it was fetched is not known; the last week that its rows stand for ends then.
    EndOfWeek,
    /// There is no date at all, and it is the beginning of today, so that a question has the same answer
    /// all day; or the data names days to come, of which nothing is known.
    Now,
}

/// What the data tells about its own age.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known {
    /// When it was fetched.
    pub fetched: Option<Timestamp>,
    /// The newest moment in it, and the rule that it is chosen by.
    pub newest: Option<(Timestamp, MomentRule)>,
}

impl Moment {
    /// The end of the day `asked`, but never later than what the data knows.
    pub(crate) fn choose(
        asked: Option<Date>,
        known: Known,
        now: Timestamp,
        zone: &TimeZone,
    ) -> Moment {
        let (last, rule) = match (known.fetched, known.newest) {
            (Some(fetched), _) => (fetched, MomentRule::Fetched),
            (None, Some((newest, _))) if newest > now => (now, MomentRule::Now),
            (None, Some(newest)) => newest,
            (None, None) => (start_of_day(now, zone), MomentRule::Now),
        };
        let asked = asked.map(|date| AsOf::end_of(date, zone.clone()).at());
        let (at, rule) = match asked {
            Some(asked) if asked < last => (asked, MomentRule::Asked),
            _ => (last, rule),
        };
        let as_of = AsOf::moment(at, zone.clone());
        Moment { date: as_of.date(), at: as_of.at(), rule }
    }
}

fn start_of_day(at: Timestamp, zone: &TimeZone) -> Timestamp {
    let start = zone.to_datetime(at).date().to_zoned(zone.clone());
    start.map_or(at, |start| start.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: Option<&str>, dates: [Option<&str>; 2], want: (&str, MomentRule)) {
        let [fetched, newest] = dates.map(|text| text.map(|text| text.parse().unwrap()));
        let asked = asked.map(|text| text.parse().unwrap());
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        let newest = newest.map(|at| (at, MomentRule::Newest));
        let moment = Moment::choose(asked, Known { fetched, newest }, now, &zone);
        assert_eq!((moment.date.to_string().as_str(), moment.rule), want);
    }

    #[test]
    fn nothing_later_than_the_data_is_known() {
        let fetched = Some("2025-12-22T16:05:02Z");
        check(None, [fetched, None], ("2025-12-23", MomentRule::Fetched));
        check(None, [fetched, Some("2025-12-24T00:00:00Z")], ("2025-12-23", MomentRule::Fetched));
        check(Some("2025-12-01"), [fetched, None], ("2025-12-01", MomentRule::Asked));
        check(Some("2025-12-23"), [fetched, None], ("2025-12-23", MomentRule::Fetched));
        check(Some("2026-01-01"), [fetched, None], ("2025-12-23", MomentRule::Fetched));
    }

    #[test]
    fn data_that_does_not_say_when_it_was_fetched_ends_with_its_newest_date() {
        check(None, [None, Some("2025-11-01T00:00:00Z")], ("2025-11-01", MomentRule::Newest));
        check(None, [None, Some("2099-11-01T00:00:00Z")], ("2026-11-22", MomentRule::Now));
        check(None, [None, None], ("2026-11-22", MomentRule::Now));
    }

    #[test]
    fn without_any_date_a_question_has_one_answer_a_day() {
        let ask = |now: &str| {
            let zone = TimeZone::get("Asia/Kolkata").unwrap();
            Moment::choose(None, Known::default(), now.parse().unwrap(), &zone)
        };
        let moment = ask("2026-11-22T18:30:00Z");
        assert_eq!(moment.date.to_string(), "2026-11-23");
        assert_eq!(moment, ask("2026-11-23T18:29:59Z"));
        assert_ne!(moment, ask("2026-11-23T18:30:00Z"));
    }
}
