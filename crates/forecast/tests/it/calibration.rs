//! The default model on past days of real queries, a small sample of what `--example calibration
//! -- real` prints. Skipped where the data is not at hand.

#[path = "../../examples/calibration/real.rs"]
#[allow(dead_code, reason = "the test needs the whole queries alone")]
mod real;
#[path = "../../examples/calibration/score.rs"]
#[allow(dead_code, reason = "the test needs no plain resampling")]
mod score;

use std::path::{Path, PathBuf};

use score::{Forecaster, Score};

/// Futures a forecast; few, for a build without optimisation.
const TRIALS: u32 = 200;

#[test]
fn odds_hold_on_real_queries_and_miss_less_than_an_urn() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("BURNDOWN_TEST_DATA").map_or(beside, PathBuf::from).join("jira");
    let (queries, missing) = real::queries(&folder);
    if !missing.is_empty() {
        println!("skipped: {} (BURNDOWN_TEST_DATA)", missing.join("; "));
        return;
    }
    let score = |until: real::Until, forecaster: Forecaster| {
        let mut score = Score::default();
        let whole = queries.iter().filter(|query| !query.is_component);
        let origins = whole.flat_map(|query| query.origins(until));
        origins.for_each(|origin| score.look(&origin, forecaster, TRIALS));
        score
    };
    let views = score(real::Until::EndOfFile, Forecaster::Views);
    let urn = score(real::Until::EndOfFile, Forecaster::Urn);
    let held = |place: usize| [0, 1, 2].map(|question| views.percent(question, place));
    for (found, want) in held(2).into_iter().zip([90.0_f64, 86.0, 82.0]) {
        assert!((found - want).abs() <= 4.5, "85 %: {:?}", held(2));
    }
    for (found, want) in held(3).into_iter().zip([97.0_f64, 94.0, 92.0]) {
        assert!((found - want).abs() <= 4.5, "95 %: {:?}", held(3));
    }
    for horizon in [1, 2] {
        let (views, urn) = (views.loss(horizon), urn.loss(horizon));
        assert!(views < 0.9 * urn, "horizon {horizon}: {views} and {urn}");
    }
    // While the files hold all that was done, what is said is not too bold.
    let live = score(real::Until::NewestIssue, Forecaster::Views);
    for (horizon, place) in [(0, 2), (1, 2), (2, 2), (0, 3), (1, 3), (2, 3)] {
        let (held, said) = (live.percent(horizon, place), live.said(horizon, place));
        assert!(held >= said, "horizon {horizon}: {held} of {said}");
    }
}
