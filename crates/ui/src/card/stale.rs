//! The strip on every page of a query whose data is due for a sync, or whose last sync failed.

use app::stale::Stale;
use app::trail::Trail;
use maud::{Markup, html};
use model::{Remedy, Timestamp};
use words::Front;

use crate::link;

/// Of more queries each has a button on its own pages.
const BUTTONS_MAX: usize = 3;

/// How old the data is, and the button or the words that help.
pub fn strip(trail: &Trail, stale: &Stale, now: Timestamp) -> Markup {
    html! {
        aside.stale.failed[stale.failed.is_some()] aria-label="Age of the data" {
            p { (words::stale(stale, now)) }
            @match stale.remedy {
                Remedy::SyncNow if trail.query.is_none() => @for (key, name) in trail.due.iter().take(BUTTONS_MAX) {
                    form method="post" action=(link::sync_of(key)) {
                        button type="submit" { "Sync " (name) " now" }
                    }
                },
                Remedy::SyncNow => form method="post" action=(link::sync(trail)) {
                    button type="submit" { @if stale.failed.is_some() { "Try again" } @else { "Sync now" } }
                },
                Remedy::Nothing => {}
                what => p.soft { (words::remedy(what, Front::Page)) " " a href=(link::connection(&trail.profile.id)) { "Connection" } },
            }
        }
    }
}
