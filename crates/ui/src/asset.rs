//! Style sheet, script and icon, compiled in and named by what they hold.

use std::sync::OnceLock;

use model::hash::hex;
use sha2::{Digest as _, Sha256};

/// A file that pages refer to.
#[derive(Debug)]
pub struct Asset {
    /// Its file name.
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// What it holds, in pieces.
    parts: &'static [&'static str],
    path: OnceLock<String>,
}

/// How much of a hash tells one text from another.
const HASH_BYTES: usize = 8;

/// The style sheet.
pub static STYLE: Asset = Asset {
    name: "app.css",
    media_type: "text/css; charset=utf-8",
    parts: &[include_str!("../asset/app.css"), chart::CSS],
    path: OnceLock::new(),
};

/// The script: keys, pickers, swaps and the values under the pointer. Every page reads without it.
pub static SCRIPT: Asset = Asset {
    name: "app.js",
    media_type: "text/javascript; charset=utf-8",
    parts: &[include_str!("../asset/chart.js"), include_str!("../asset/app.js")],
    path: OnceLock::new(),
};

/// The icon.
pub static ICON: Asset = Asset {
    name: "icon.svg",
    media_type: "image/svg+xml",
    parts: &[include_str!("../asset/icon.svg")],
    path: OnceLock::new(),
};

/// All of them.
pub static ALL: [&Asset; 3] = [&STYLE, &SCRIPT, &ICON];

impl Asset {
    /// Its path on the server; another text has another path, so answers may be kept for ever.
    pub fn path(&self) -> &str {
        self.path.get_or_init(|| {
            let hash = hex(Sha256::digest(self.text()).get(..HASH_BYTES).unwrap_or_default());
            format!("/assets/{hash}/{}", self.name)
        })
    }

    /// What it holds.
    pub fn text(&self) -> String {
        self.parts.concat()
    }
}

/// The asset at `path`.
pub fn find(path: &str) -> Option<&'static Asset> {
    ALL.into_iter().find(|asset| asset.path() == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_back() {
        for asset in ALL {
            assert_eq!(find(asset.path()).map(|found| found.name), Some(asset.name));
        }
        assert!(find("/assets/0000000000000000/app.css").is_none());
    }

    /// The colour of a token in a theme's block, as red, green and blue.
    fn colour(theme: &str, token: &str) -> [f64; 3] {
        let (_, rest) = theme.split_once(&format!("--{token}: #")).unwrap();
        let hex: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
        let hex = if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex };
        [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0)
    }

    /// Contrast of two colours as WCAG 2 defines it, 1 to 21.
    fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
        let linear = |part: f64| {
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = |colour: [f64; 3]| {
            let [red, green, blue] = colour.map(linear);
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_is_readable_in_both_themes() {
        let style = STYLE.text();
        let (light, dark) = style.split_once("@media (prefers-color-scheme: dark)").unwrap();
        for theme in [light, dark] {
            for text in ["text", "soft", "none", "work"] {
                for ground in ["ground", "card", "tint"] {
                    let found = contrast(colour(theme, text), colour(theme, ground));
                    assert!(found >= 4.5, "{text} on {ground}: {found:.2}");
                }
            }
        }
    }

    #[test]
    fn nothing_comes_from_elsewhere() {
        for asset in ALL {
            let text = asset.text().replace("http://www.w3.org/2000/svg", "");
            assert!(!text.contains("//") || !text.contains("http"), "{}", asset.name);
            assert!(!text.contains("url(") && !text.contains("@import"), "{}", asset.name);
        }
    }
}
