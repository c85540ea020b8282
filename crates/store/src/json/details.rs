//! Details of a file that the file itself cannot say, by their names in the ledger.

use model::{Json, Object, Stamp, stamp};

use super::ledger::time_in;

const TIMES: &str = "times";

/// Notes the moments of stamps whose text may name another moment in another zone.
pub(super) fn note_times(details: &mut Object, stamps: &[(&str, &Option<Stamp>)]) {
    let mut times = Object::new();
    for (name, stamp) in stamps {
        if let Some(Stamp { at: Some(at), text: Some(_) }) = stamp {
            times.set(*name, Json::text(stamp::format(*at)));
        }
    }
    if !times.is_empty() {
        details.set(TIMES, Json::Object(times));
    }
}

/// Gives stamps read from a file the moments that were noted.
pub(super) fn restore_times<const N: usize>(
    details: &Object,
    stamps: [(&str, &mut Option<Stamp>); N],
) {
    let Some(Json::Object(times)) = details.get(TIMES) else { return };
    for (name, stamp) in stamps {
        if let (Some(stamp), Some(at)) = (stamp, time_in(times, name)) {
            stamp.at = Some(at);
        }
    }
}

/// A text among details.
pub(super) fn text_in(details: &Object, name: &str) -> Option<String> {
    Some(details.get(name)?.as_text()?.into_owned())
}

/// A count among details.
pub(super) fn count_in(details: &Object, name: &str) -> Option<u64> {
    match details.get(name)? {
        Json::Number(text) => text.parse().ok(),
        _ => None,
    }
}
