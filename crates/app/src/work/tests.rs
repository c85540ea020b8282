//! What a query is told as, by its JQL and by what was said.

use forecast::ForecastStatement;

use super::*;
use crate::figures::answers::AnswersAsk;
use crate::figures::forecast::ForecastAsk;
use crate::sample::Sample;

#[test]
fn what_was_said_counts_before_what_the_jql_looks_like() {
    let sample = Sample::steady();
    let key = &sample.key;
    let first = || {
        let found = sample.app.forecast(key, &ForecastAsk::default()).unwrap();
        let ForecastStatement::All { said } = &found.base.headline else { panic!() };
        let ForecastStatement::HasPassed { said } = &said[0] else { panic!("{said:?}") };
        ((**said).clone(), found.work)
    };
    let (said, work) = first();
    assert!(matches!(said, ForecastStatement::LikelyAmount { .. }), "{said:?}");
    assert_eq!(work, Work { kind: WorkKind::Team, is_said: false });
    sample.app.set_work(key, WorkKind::Delivery).unwrap();
    let (said, work) = first();
    let ForecastStatement::DoneBy { date, grows, amount, .. } = said else { panic!("{said:?}") };
    assert_eq!((grows, amount), (false, 10.0));
    assert_eq!(work, Work { kind: WorkKind::Delivery, is_said: true });
    let answer = sample.app.answers(&AnswersAsk::default()).unwrap().answers.remove(0);
    let likely = answer.likely.known().unwrap();
    assert_eq!((likely.amount, likely.date), (10.0, date));
    sample.app.set_work(key, WorkKind::Team).unwrap();
    assert!(matches!(first().0, ForecastStatement::LikelyAmount { .. }));
    assert_eq!(first().1, Work { kind: WorkKind::Team, is_said: true });
}
