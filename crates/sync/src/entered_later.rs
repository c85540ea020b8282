//! Issues that came into a query well after they were made: an edit of a label, a move between
//! projects. Figures date them by their creation, so that past weeks change; hence they are kept in
//! mind, as keys in the header of changelogs.

use std::time::Duration;

use model::{Document, Tape, TimeZone, Timestamp, stamp};

/// Clocks of servers and the time that a sync takes make no difference.
const LATER: Duration = Duration::from_secs(86_400);

/// Whether an issue that is new to a query was there long before `found`, when all issues of the
/// query were fetched.
pub(super) fn is_it(document: &Document, found: Timestamp, tape: &mut Tape) -> bool {
    let Ok(issue) = tape.parse(document.as_str()) else { return false };
    let created = issue.get("fields").and_then(|fields| fields.get("created"));
    let created = created.and_then(|created| stamp::parse(&created.as_text()?, &TimeZone::UTC));
    created.is_some_and(|(at, _)| at.saturating_add(LATER).is_ok_and(|at| at < found))
}
