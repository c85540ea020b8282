//! Ids for what is made here.

use model::Timestamp;

use crate::error::Result;

/// Digits of an id; the old app writes as many.
const DIGITS: usize = 12;

/// An id that nothing has yet: `prefix` and twelve hexadecimal digits. They count milliseconds from
/// `now` on, so ids sort by when they were made.
pub(crate) fn free(
    prefix: &str,
    now: Timestamp,
    mut is_taken: impl FnMut(&str) -> Result<bool>,
) -> Result<String> {
    let mut number = now.as_millisecond().unsigned_abs();
    loop {
        let id = format!("{prefix}{number:0DIGITS$x}");
        if !is_taken(&id)? {
            return Ok(id);
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_id_is_passed_over() {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let first = free("p_", now, |_| Ok(false)).unwrap();
        assert_eq!(first, "p_01a20320a200");
        assert_ne!(free("p_", now, |id| Ok(id == first)).unwrap(), first);
    }
}
