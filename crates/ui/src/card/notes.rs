//! What is missing or odd in the data behind figures.

use app::forecast::ForecastAsk;
use app::metrics::{Note, NoteCode};
use app::settings::Section;
use app::trail::Trail;
use maud::{Markup, html};
use words::{Front, format};

use crate::card::signals::without;
use crate::card::zone;
use crate::{link, part};

/// Notes that are shown at once.
const SHOWN: usize = 4;
/// Keys that a note names here.
const KEYS_MAX: usize = 12;

/// The card; nothing where nothing is doubtful.
pub fn card(notes: &[Note], trail: &Trail) -> Markup {
    let (first, more) = notes.split_at(notes.len().min(SHOWN));
    html! {
        @if !notes.is_empty() {
            section.card aria-labelledby="notes" {
                header { h2 #notes { "About this data" } p.soft { "what to know before trusting the figures" } }
                ul.notes { @for note in first { (item(note, trail)) } }
                @if !more.is_empty() {
                    details.more {
                        summary { (format::counted(more.len() as u64, "more note", "more notes")) }
                        ul.notes { @for note in more { (item(note, trail)) } }
                    }
                }
            }
        }
    }
}

fn item(note: &Note, trail: &Trail) -> Markup {
    html! {
        li {
            b { (words::note(note)) } " " span.soft { (words::remedy(note.remedy, Front::Page)) }
            @if let Some(user) = zone::of(note) { (zone::take(trail, user)) }
            (without(&note.weeks, trail, &ForecastAsk::default()))
            @if let Some(section) = section(note.code) {
                " " a href={ (link::settings(&trail.profile.id)) "#" (section.as_str()) } { "Settings" }
            }
            @if !note.shares.is_empty() {
                p.soft.fine {
                    @for (place, share) in note.shares.iter().enumerate() {
                        @if place > 0 { ", " }
                        (share.name) " " (format::count(share.count))
                    }
                }
            }
            @if !note.keys.is_empty() { (examples(note, trail)) }
        }
    }
}

/// Which settings can change what a note is about.
fn section(code: NoteCode) -> Option<Section> {
    match code {
        NoteCode::StatusesUnmapped | NoteCode::StartUnknown => Some(Section::Workflow),
        NoteCode::NotCounted => Some(Section::Types),
        NoteCode::PointsUnreadable => Some(Section::Connection),
        _ => None,
    }
}

/// Issues by key; weeks are named as they are.
fn examples(note: &Note, trail: &Trail) -> Markup {
    let named = note.keys.len().min(KEYS_MAX);
    html! {
        details.keys {
            summary.fine { "Which" @if note.count > named as u64 { " (" (named) " of " (format::count(note.count)) ")" } }
            ul.fine {
                @for key in note.keys.iter().take(KEYS_MAX) {
                    li { @if model::Week::parse(key).is_some() { (key) } @else { (part::key(trail, key)) } }
                }
            }
        }
    }
}
