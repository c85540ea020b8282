//! Odd data: nothing, one, zero, outliers, millions, below zero, fourteen years.

use chart::{Axis, ChartSpec, Emphasis, Role, Shape, Theme};

use crate::{positions, series};

/// A page has 100 KB for everything.
const BYTES_MAX: usize = 30_000;

fn spec(axis: Axis, shape: Shape, values: &[f64]) -> ChartSpec {
    ChartSpec {
        unit: "items".to_owned(),
        positions: positions(values.len()),
        series: vec![series("Done", Role::Work, shape, values)],
        ..ChartSpec::new("edge", "Edge", axis)
    }
}

/// The texts of a standalone picture of 640 px.
fn texts(spec: &ChartSpec) -> String {
    let svg = spec.to_standalone_svg(640, Theme::Light);
    let texts = svg.split("<text ").skip(1).filter_map(|part| part.split_once('>'));
    let texts = texts.filter_map(|(_, rest)| rest.split_once('<'));
    texts.map(|(text, _)| text).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(spec: &ChartSpec, want: &str) {
    assert_eq!(texts(spec), want);
}

#[test]
fn nothing_is_known_to_be_nothing() {
    let none = ChartSpec::new("edge", "Edge", Axis::Weeks);
    assert!(none.is_empty());
    check(&none, "Edge Nothing to show");
    let mut gaps = spec(Axis::Days, Shape::Line, &[1.0, 2.0]);
    gaps.series[0].values = vec![None, Some(f64::INFINITY)];
    assert!(gaps.is_empty() && !spec(Axis::Days, Shape::Line, &[0.0]).is_empty());
}

#[test]
fn one_point_is_a_ring_with_its_name() {
    let one = spec(Axis::Days, Shape::Line, &[5.0]);
    check(&one, "Edge Done items 0 1 2 3 4 5 24 Nov 2025 Done 5");
    assert!(one.to_svg().contains("<circle class=\"mark-end"));
}

#[test]
fn zeros_lie_on_the_axis() {
    check(&spec(Axis::Weeks, Shape::Bar, &[0.0, 0.0]), "Edge Done items 0 1 W48 2025 W49");
    assert!(!spec(Axis::Weeks, Shape::Bar, &[0.0, 0.0]).to_svg().contains("class=\"mark-bar"));
}

#[test]
fn an_outlier_sets_the_scale_and_small_values_stay_visible() {
    let outlier = spec(Axis::Weeks, Shape::Bar, &[1.0, 431.0, 1.0]);
    check(&outlier, "Edge Done items 0 100 200 300 400 500 W48 2025 W49 W50");
    assert!(!outlier.to_svg().contains("height=\"0\""));
}

#[test]
fn millions_are_short_on_the_axis_and_whole_at_the_end() {
    let millions = spec(Axis::Days, Shape::Line, &[0.0, 2_345_678.0]);
    let text = texts(&millions);
    assert!(text.contains("0 500k 1M 1.5M 2M 2.5M"), "{text}");
    assert!(text.ends_with("Done 2\u{202f}345\u{202f}678"), "{text}");
}

#[test]
fn values_below_zero_hang_from_the_axis() {
    let net = spec(Axis::Weeks, Shape::Bar, &[4.0, -3.0]);
    check(&net, "Edge Done items −4 −2 0 2 4 W48 2025 W49");
}

#[test]
fn fourteen_years_fit_in_a_page() {
    let uneven: Vec<f64> = (0..738).map(|week| f64::from(week * 7919 % 31)).collect();
    let mut bars = spec(Axis::Weeks, Shape::Bar, &uneven);
    bars.positions[737].emphasis = Emphasis::Partial;
    let mut sum = 0.0;
    let rising: Vec<f64> = uneven
        .iter()
        .map(|step| {
            sum += step;
            sum
        })
        .collect();
    let mut lines = spec(Axis::Days, Shape::Area, &rising);
    lines.series.push(series("Scope", Role::Scope, Shape::Line, &rising));
    for spec in [bars, lines] {
        let svg = spec.to_svg();
        assert!(svg.len() <= BYTES_MAX, "{} bytes", svg.len());
        assert_eq!(spec.to_table().rows.len(), 738);
    }
}

#[test]
fn every_dot_is_drawn() {
    let dots = spec(Axis::Days, Shape::Dot, &[2.0; 900]).to_svg();
    assert_eq!(dots.matches("h0").count(), 900);
}

#[test]
fn hostile_names_stay_text() {
    let mut hostile = spec(Axis::Weeks, Shape::Bar, &[1.0]);
    hostile.id = "x\" onload=\"y".to_owned();
    hostile.title = "</title><script>".to_owned();
    hostile.series[0].name = "a|b\"><script>".to_owned();
    let svg = hostile.to_svg();
    assert!(!svg.contains("<script") && !svg.contains("onload=\"y"), "{svg}");
    assert!(svg.contains("data-series=\"a/b&quot;&gt;&lt;script&gt;\""), "{svg}");
}

/// Whether the label of a line that ends inside the plot stands below its end.
#[track_caller]
fn check_below(scope: f64, want: [bool; 2]) {
    let mut spec = spec(Axis::Days, Shape::Line, &[90.0, 90.0, 90.0, 90.0, 90.0]);
    spec.series.push(series("Scope", Role::Scope, Shape::Line, &[scope; 5]));
    for series in &mut spec.series {
        series.values[4] = None;
    }
    spec.series.push(series("Future", Role::Muted, Shape::Dashed, &[200.0; 5]));
    let svg = spec.to_standalone_svg(1040, Theme::Light);
    let y = |start: &str, name: &str| -> f64 {
        let (_, rest) = svg.split_once(start).unwrap();
        let (_, rest) = rest.split_once(name).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    let is_below = ["series-work", "series-scope"].map(|role| {
        let label = y(&format!("<text class=\"end {role}\""), " y=\"");
        label > y(&format!("<circle class=\"mark-end {role}\""), " cy=\"")
    });
    assert_eq!(is_below, want, "scope {scope}");
}

#[test]
fn of_two_ends_close_together_the_lower_one_is_named_below() {
    check_below(150.0, [false, false]);
    check_below(91.0, [true, false]);
    check_below(89.0, [false, true]);
    check_below(90.0, [false, true]);
}
