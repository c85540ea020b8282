//! Colours that stand for kinds and lanes: told apart by everyone, seen on the card of both themes.
//!
//! Distances are those of CIELAB (CIE 1976); colour blindness is simulated after Machado, Oliveira
//! and Fernandes, *A Physiologically-based Model for Simulation of Color Vision Deficiency* (2009),
//! at full severity.

use chart::{ChartSpec, Theme};

type Colour = [f64; 3];

/// Everyone, and those without red, green or blue cones.
const EYES: [[Colour; 3]; 4] = [
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    [
        [0.152_286, 1.052_583, -0.204_868],
        [0.114_503, 0.786_281, 0.099_216],
        [-0.003_882, -0.048_116, 1.051_998],
    ],
    [
        [0.367_322, 0.860_646, -0.227_968],
        [0.280_085, 0.672_501, 0.047_413],
        [-0.011_820, 0.042_940, 0.968_881],
    ],
    [
        [1.255_528, -0.076_749, -0.178_779],
        [-0.078_411, 0.930_809, 0.147_602],
        [0.004_733, 0.691_367, 0.303_900],
    ],
];
const KINDS: [&str; 6] = ["kind-0", "kind-1", "kind-2", "kind-3", "kind-4", "kind-5"];
const LANES: [&str; 4] = ["soft", "queue", "work", "delivered"];

/// The colour of a class in a picture of its own, as linear light; its hexadecimal digits.
fn colour(theme: Theme, class: &str) -> (Colour, String) {
    let svg = ChartSpec::new("t", "T", chart::Axis::Days).to_standalone_svg(400, theme);
    let class = if class == "soft" { "muted" } else { class };
    let rule = match class {
        "card" => ".ground { fill: #".to_owned(),
        class => format!(".series-{class} {{ color: #"),
    };
    let (_, rest) = svg.split_once(&rule).unwrap();
    let hex: String = rest.chars().take(6).collect();
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let parts = [0, 2, 4].map(|at| linear(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()));
    (parts, hex)
}

fn mixed(by: [Colour; 3], colour: Colour) -> Colour {
    by.map(|row| row.iter().zip(colour).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0))
}

fn lab(colour: Colour) -> Colour {
    let to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]];
    let [x, y, z] = mixed(to_xyz, colour);
    let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let (x, y, z) = (f(x / 0.950_47), f(y), f(z / 1.088_83));
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn distance(a: Colour, b: Colour) -> f64 {
    lab(a).iter().zip(lab(b)).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

fn contrast(a: Colour, b: Colour) -> f64 {
    let luminance = |[red, green, blue]: Colour| 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[track_caller]
fn check(names: &[&str], apart: f64) {
    for theme in [Theme::Light, Theme::Dark] {
        let card = colour(theme, "card").0;
        for (place, name) in names.iter().enumerate() {
            let own = colour(theme, name).0;
            assert!(contrast(own, card) >= 3.0, "{name} on the card, {theme:?}");
            for other in &names[place + 1..] {
                for eyes in EYES {
                    let found = distance(mixed(eyes, own), mixed(eyes, colour(theme, other).0));
                    assert!(found >= apart, "{name} and {other}, {theme:?}: {found:.1}");
                }
            }
        }
    }
}

#[test]
fn kinds_are_told_apart_by_everyone() {
    check(&KINDS, 25.0);
}

#[test]
fn lanes_are_told_apart_by_everyone() {
    check(&LANES, 18.0);
}

/// The page has the colours that a picture of its own has.
#[test]
fn a_page_has_the_same_colours() {
    let (light, dark) =
        chart::CSS.split_once("@media screen and (prefers-color-scheme: dark)").unwrap();
    for (theme, css) in [(Theme::Light, light), (Theme::Dark, dark)] {
        for name in KINDS.into_iter().chain(["queue", "delivered"]) {
            let hex = colour(theme, name).1;
            assert!(css.contains(&format!("--{name}: #{hex}")), "{name}, {theme:?}");
        }
    }
}
