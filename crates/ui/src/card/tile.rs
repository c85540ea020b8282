//! One figure large, with what it rests on in small.

use chart::Role;
use maud::{Markup, PreEscaped, html};

/// A figure.
pub struct Tile<'t> {
    /// What it is called.
    pub title: &'t str,
    /// The number, as a link where there are issues behind it.
    pub value: Option<Markup>,
    /// What it is measured in.
    pub unit: &'t str,
    /// How it went week by week, oldest first; empty where weeks do not tell.
    pub weeks: Vec<Option<f64>>,
    /// What it was in the weeks before; empty where that is not known.
    pub before: String,
    /// What it rests on; why it is not known, where it is not.
    pub about: Markup,
    /// How it is calculated.
    pub why: Markup,
}

/// Tiles side by side.
pub fn row(tiles: &[Tile<'_>]) -> Markup {
    html! {
        section.tiles aria-label="Figures" {
            @for tile in tiles {
                div.card.tile {
                    header { h2 { (tile.title) } (tile.why) }
                    @match &tile.value {
                        Some(value) => p.value { b { (value) } " " span.unit { (tile.unit) } },
                        None => p.value.none { "not known" },
                    }
                    @if !tile.before.is_empty() { p.soft.fine { (tile.before) } }
                    p.soft.fine { (tile.about) }
                    (PreEscaped(chart::sparkline(&tile.weeks, Role::Work)))
                }
            }
        }
    }
}
