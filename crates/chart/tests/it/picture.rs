//! Snapshots of pictures, one element a line.

use chart::{ChartSpec, Role, Theme, sparkline};

use crate::{burn_up, throughput};

/// The picture with one element a line and without its stylesheet.
fn lines(svg: &str) -> String {
    let style = svg.find("<style>").zip(svg.find("</style>"));
    let svg = match style {
        Some((from, to)) => [&svg[..from], &svg[to + "</style>".len()..]].concat(),
        None => svg.to_owned(),
    };
    svg.replace("><", ">\n<")
}

#[track_caller]
fn check(name: &str, spec: &ChartSpec) {
    insta::assert_snapshot!(format!("{name}_page"), lines(&spec.to_svg()));
    for width_px in [320, 640, 1040] {
        let file = spec.to_standalone_svg(width_px, Theme::Light);
        insta::assert_snapshot!(format!("{name}_{width_px}"), lines(&file));
    }
}

#[test]
fn burn_up_at_every_width() {
    check("burn_up", &burn_up());
}

#[test]
fn throughput_at_every_width() {
    check("throughput", &throughput());
}

#[test]
fn sparklines_are_small() {
    let svg = sparkline(&[Some(3.0), Some(5.0), None, Some(4.0)], Role::Work);
    insta::assert_snapshot!(lines(&svg), @r#"
    <svg class="spark series-work" width="96" height="24" viewBox="0 0 96 24" aria-hidden="true">
    <polyline class="mark-line" points="3,21 33,3 93,12"/>
    <path class="mark-dot" d="M93,12h0"/>
    </svg>
    "#);
}

#[test]
fn themes_differ_in_colours_alone() {
    let [light, dark] =
        [Theme::Light, Theme::Dark].map(|theme| throughput().to_standalone_svg(640, theme));
    assert_ne!(light, dark);
    assert_eq!(lines(&light), lines(&dark));
    assert!(!light.contains("var(--") && !dark.contains("var(--"));
}

#[test]
fn every_class_has_a_style() {
    let pictures = [burn_up(), throughput()].map(|spec| spec.to_svg()).concat();
    let attributes = pictures.split("class=\"").skip(1).filter_map(|part| part.split_once('"'));
    for class in attributes.flat_map(|(classes, _)| classes.split(' ')) {
        // Texts of the axes look like any text of a chart; the padding says 16 px by itself.
        let is_plain = ["tick", "caption", "date", "end-16"].contains(&class);
        assert!(is_plain || chart::CSS.contains(&format!(".{class}")), "{class} has no style");
    }
}
