//! Jira shows times in the zone of its user; figures go by that of the profile.

use app::metrics::{Note, NoteCode};
use app::settings::Section;
use app::trail::Trail;
use maud::{Markup, html};

use crate::link;

/// Says that these are two, and takes that of Jira's user with one button; `ours` is the other one, if
/// it has a name.
pub fn strip(trail: &Trail, user: &str, ours: Option<&str>) -> Markup {
    html! { div.strip { p { (words::other_zone(user, ours)) } (take(trail, user)) } }
}

/// The same where figures note it.
pub fn noted(notes: &[Note], trail: &Trail) -> Markup {
    let ours = trail.zone.as_ref().and_then(|zone| zone.iana_name());
    html! { @if let Some(user) = notes.iter().find_map(of) { (strip(trail, user, ours)) } }
}

/// The zone of Jira's user, if a note is about that.
pub fn of(note: &Note) -> Option<&str> {
    note.missing.as_deref().filter(|_| note.code == NoteCode::OtherZone)
}

/// A button that takes that zone.
pub fn take(trail: &Trail, user: &str) -> Markup {
    html! {
        form method="post" action=(link::settings(&trail.profile.id)) {
            input type="hidden" name="section" value=(Section::Calendar.as_str());
            input type="hidden" name="accept" value="yes";
            input type="hidden" name="revision" value=(trail.revision);
            input type="hidden" name="time-zone" value=(user);
            button type="submit" { "Use " (user) }
        }
    }
}
