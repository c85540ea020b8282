//! How long to wait before a request is made again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use model::{TimeZone, Timestamp, stamp};

use crate::http::Answer;

/// The first wait of our own; each further one is twice as long.
const WAIT_FIRST: Duration = Duration::from_secs(1);
/// The longest wait of our own.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// Waiting times that differ a little, and always in the same way for one seed.
#[derive(Debug)]
pub(crate) struct Jitter {
    state: AtomicU64,
    /// No wait is longer than that but for a second.
    wait_max: Duration,
}

impl Jitter {
    pub fn new(seed: u64, wait_max: Duration) -> Self {
        Self { state: AtomicU64::new(seed), wait_max: wait_max.max(WAIT_FIRST) }
    }

    /// A number from 0 up to 1 (SplitMix64).
    fn next(&self) -> f64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut bits = self.state.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// How long to wait after the `tries`-th try; what the server told comes first.
    pub fn wait(&self, tries: u32, told: Option<Duration>) -> Duration {
        match told {
            // A server that says "0" has not thought of the requests beside this one.
            Some(told) => told.clamp(WAIT_FIRST, self.wait_max) + WAIT_FIRST.mul_f64(self.next()),
            None => {
                let doubled = WAIT_FIRST * 2_u32.pow(tries.saturating_sub(1).min(16));
                doubled.min(WAIT_MAX).min(self.wait_max).mul_f64(0.5 + self.next() / 2.0)
            }
        }
    }
}

/// The wait that an answer asks for. Points in time are compared with the answer's own date, so
/// that a wrong clock on either side does no harm.
pub(crate) fn told(answer: &Answer) -> Option<Duration> {
    let now = || http_date(answer.header("date")?);
    let until = |at: Timestamp| Duration::try_from(at.duration_since(now()?)).ok();
    if let Some(text) = answer.header("retry-after") {
        let seconds = text.trim().parse().ok().map(Duration::from_secs);
        return seconds.or_else(|| until(http_date(text)?));
    }
    let reset = answer.header("x-ratelimit-reset")?;
    until(stamp::parse(reset, &TimeZone::UTC)?.0)
}

/// Reads `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text.trim()).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_tells_its_wait_in_three_ways() {
        const DATE: (&str, &str) = ("date", "Sun, 22 Nov 2026 16:00:00 GMT");
        for (headers, want) in [
            (vec![], None),
            (vec![("retry-after", "7")], Some(7)),
            (vec![DATE, ("retry-after", "Sun, 22 Nov 2026 16:00:30 GMT")], Some(30)),
            (vec![("retry-after", "Sun, 22 Nov 2026 16:00:30 GMT")], None),
            (vec![DATE, ("retry-after", "Sun, 22 Nov 2026 15:00:30 GMT")], None),
            (vec![DATE, ("x-ratelimit-reset", "2026-11-22T16:02Z")], Some(120)),
            (vec![("retry-after", "soon")], None),
            (vec![("retry-after", "-3")], None),
        ] {
            let got = told(&Answer::of(429, &headers, ""));
            assert_eq!(got, want.map(Duration::from_secs), "{headers:?}");
        }
    }

    #[test]
    fn waits_grow_to_a_bound_and_repeat_with_their_seed() {
        let waits = |seed| {
            let jitter = Jitter::new(seed, WAIT_MAX * 9);
            (1..12).map(|tries| jitter.wait(tries, None)).collect::<Vec<_>>()
        };
        assert_eq!(waits(7), waits(7));
        assert_ne!(waits(7), waits(8));
        for (at, wait) in waits(7).into_iter().enumerate() {
            let most = Duration::from_secs(1 << at).min(WAIT_MAX);
            assert!(wait >= most / 2 && wait <= most, "{at}: {wait:?}");
        }
        let most = Duration::from_secs(5);
        let hurried = Jitter::new(1, most);
        let told = hurried.wait(1, Some(Duration::from_secs(90_000)));
        assert!(told >= most && told <= most + WAIT_FIRST);
        assert!(hurried.wait(9, None) <= most);
    }
}
