//! How old data is, where that matters: the first words of an answer, and what can be done.

use std::time::Duration;

use app::moment::{Moment, MomentRule};
use app::stale::Stale;
use model::{Remedy, Timestamp};

use crate::format::{age, day, duration, sentence};
use crate::{Front, remedy};

/// A replica is always a moment behind.
const BEHIND_MIN: Duration = Duration::from_secs(3);

/// The first words of an answer from old data: `As of 22 Dec 2025 (11 months ago)`. `None` where the
/// data is not due, or an earlier day was asked for.
pub fn as_of(moment: &Moment, stale: Option<&Stale>, now: Timestamp) -> Option<String> {
    let is_due = moment.rule != MomentRule::Asked && stale.is_some_and(|stale| stale.is_due);
    // Rows that nobody fetched never fall due, and are of a day all the same.
    let is_told = is_due || last_known(moment.rule).is_some();
    is_told.then(|| format!("As of {} ({})", day(moment.date), age(moment.at, now)))
}

/// What the day is in data of which it is not known when it was fetched.
pub fn last_known(rule: MomentRule) -> Option<&'static str> {
    match rule {
        MomentRule::Newest => Some("the newest date"),
        MomentRule::EndOfWeek => Some("the end of the last week"),
        MomentRule::Asked | MomentRule::Fetched | MomentRule::Now => None,
    }
}

/// How old the data is, and whether the last sync failed.
pub fn stale(stale: &Stale, now: Timestamp) -> String {
    let of = match (stale.is_due, stale.fetched_at.zip(stale.fetched_on)) {
        (false, _) => None,
        (true, Some((at, on))) => Some(format!("The data is of {} ({}).", day(on), age(at, now))),
        (true, None) => Some("When the data was fetched is not known.".to_owned()),
    };
    let failed = stale.failed.as_ref().map(|failed| {
        format!("The last sync failed {}: {}", age(failed.at, now), sentence(&failed.message))
    });
    of.into_iter().chain(failed).collect::<Vec<_>>().join(" ")
}

/// What is read from a replica that has been lacking something for that long; `None` where that is as short
/// as the way there takes.
pub fn behind(lacking: Duration) -> Option<String> {
    (lacking >= BEHIND_MIN).then(|| {
        let length = duration(lacking.as_secs().cast_signed());
        format!("This is read from a replica, which may lack what was stored in the last {length}.")
    })
}

/// The same with what can be done, for a line of a terminal.
pub fn stale_line(found: &Stale, now: Timestamp) -> String {
    let what = match found.remedy {
        Remedy::Nothing => String::new(),
        what => format!(" {}", remedy(what, Front::Terminal)),
    };
    stale(found, now) + &what
}

#[cfg(test)]
mod tests {
    use app::stale::FailedSync;
    use model::Date;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn old() -> Stale {
        Stale {
            fetched_at: Some(at("2025-12-22T16:05:02Z")),
            fetched_on: Date::new(2025, 12, 22).ok(),
            is_due: true,
            failed: None,
            remedy: Remedy::SyncNow,
        }
    }

    #[test]
    fn old_data_says_its_age_first() {
        let now = at("2026-11-29T12:00:00Z");
        let moment = |rule| Moment {
            date: Date::constant(2025, 12, 22),
            at: at("2025-12-22T16:05:02Z"),
            rule,
        };
        let first = |rule, stale: &Stale| as_of(&moment(rule), Some(stale), now);
        let want = Some("As of 22 Dec 2025 (11 months ago)".to_owned());
        assert_eq!(first(MomentRule::Fetched, &old()), want);
        assert_eq!(first(MomentRule::Newest, &old()), want);
        assert_eq!(first(MomentRule::Asked, &old()), None);
        assert_eq!(first(MomentRule::Fetched, &Stale { is_due: false, ..old() }), None);
        assert_eq!(as_of(&moment(MomentRule::Fetched), None, now), None);
    }

    #[test]
    fn a_line_says_age_failure_and_remedy() {
        let now = at("2026-11-29T12:00:00Z");
        let failed = FailedSync {
            at: at("2026-11-29T10:00:00Z"),
            message: "there is no computer called x".to_owned(),
        };
        let both = Stale { failed: Some(failed), ..old() };
        assert_eq!(
            stale(&both, now),
            "The data is of 22 Dec 2025 (11 months ago). The last sync failed 2 hours ago: There is \
             no computer called x."
        );
        assert!(stale_line(&both, now).contains("burndown sync"));
        let unknown = Stale { fetched_at: None, fetched_on: None, ..old() };
        assert_eq!(stale(&unknown, now), "When the data was fetched is not known.");
    }
}
