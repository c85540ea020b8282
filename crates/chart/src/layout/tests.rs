//! Nothing touches, nothing is clipped: every label of any chart at any width.

use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::bounds::Bounds;
use crate::{Role, Rule, RuleAt, Series};

const WIDTHS_PX: [f64; 8] = [260.0, 320.0, 479.0, 480.0, 640.0, 799.0, 800.0, 1600.0];

fn monday(week: i64) -> Date {
    date(2011, 10, 3).saturating_add(week.weeks())
}

fn text() -> impl Strategy<Value = String> {
    let texts = ["Done", "Scope", "50 %", "deadline 29 Nov 2027", "a name of more than one line"];
    prop::sample::select(texts.map(str::to_owned).to_vec())
}

fn value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        8 => (0.0..400.0_f64).prop_map(|value| Some(value.floor())),
        1 => prop::num::f64::ANY.prop_map(Some),
        1 => Just(None),
    ]
}

fn shape(count: usize) -> impl Strategy<Value = Shape> {
    let lower = prop::collection::vec(value(), count);
    prop_oneof![
        3 => Just(Shape::Line),
        1 => Just(Shape::Dashed),
        2 => Just(Shape::Area),
        3 => Just(Shape::Bar),
        1 => Just(Shape::Dot),
        1 => lower.prop_map(|lower| Shape::Band { lower }),
    ]
}

fn series(count: usize) -> impl Strategy<Value = Series> {
    let values = prop::collection::vec(value(), count);
    (text(), shape(count), values).prop_map(|(name, shape, values)| Series {
        name,
        role: Role::Work,
        shape,
        values,
    })
}

fn rule() -> impl Strategy<Value = Rule> {
    let at = prop_oneof![
        3 => (0_i64..60).prop_map(|week| RuleAt::Date(monday(week))),
        1 => (0.0..400.0_f64).prop_map(|value| RuleAt::Value { value, since: None }),
    ];
    (at, text()).prop_map(|(at, label)| Rule { at, label, role: Role::Muted })
}

fn spec() -> impl Strategy<Value = ChartSpec> {
    let count = prop_oneof![Just(0_usize), Just(1), 2..60_usize, Just(750)];
    let axis = prop::sample::select(vec![Axis::Days, Axis::Weeks]);
    let content = count.prop_flat_map(|count| {
        let series = prop::collection::vec(series(count), 0..4);
        (Just(count), series, prop::collection::vec(rule(), 0..5), any::<bool>())
    });
    (axis, content).prop_map(|(axis, (count, series, rules, is_running))| {
        let mut spec = ChartSpec::new("any", "Any <chart>", axis);
        spec.unit = "items a week".to_owned();
        spec.positions = (0..count as i64).map(monday).map(Position::new).collect();
        if let Some(last) = spec.positions.last_mut().filter(|_| is_running) {
            last.emphasis = Emphasis::Partial;
        }
        ChartSpec { series, rules, ..spec }
    })
}

/// Checks the labels of a layout in a picture of that width.
fn check_labels(layout: &Layout, width_px: f64) -> Result<(), TestCaseError> {
    let right_px = width_px - LEFT_PX;
    let plot_px = right_px - f64::from(layout.right_px);
    let all: Vec<(&str, Bounds)> =
        layout.labels.iter().map(|label| (label.text.as_str(), label.bounds(plot_px))).collect();
    for (at, (text, bounds)) in all.iter().enumerate() {
        let is_inside = bounds.left >= -LEFT_PX - 0.01
            && bounds.right <= right_px + 0.01
            && bounds.top >= 0.0
            && bounds.bottom <= layout.height_px();
        prop_assert!(is_inside, "{text} is clipped at {width_px}: {bounds:?}");
        for (other_text, other) in all.iter().skip(at + 1) {
            let meet = bounds.touches(other, 2.0);
            prop_assert!(!meet, "{text} and {other_text} meet at {width_px}: {bounds:?} {other:?}");
        }
    }
    Ok(())
}

fn numbers_are_numbers(svg: &str) -> Result<(), TestCaseError> {
    for wrong in ["NaN", "inf", "Infinity", "--"] {
        prop_assert!(!svg.contains(wrong), "{wrong} in {svg}");
    }
    for name in ["x", "x1", "x2", "cx", "width"] {
        for part in svg.split(&format!(" {name}=\"")).skip(1) {
            let Some((share, _)) = part.split_once('"').and_then(|(text, _)| text.split_once('%'))
            else {
                continue;
            };
            let share: f64 = share.parse().unwrap();
            prop_assert!((0.0..=100.0).contains(&share), "{name} {share} is outside");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..Default::default() })]

    #[test]
    fn labels_never_meet_and_are_never_clipped(spec in spec()) {
        let fluid = Layout::for_page(&spec);
        for width_px in WIDTHS_PX {
            check_labels(&Layout::of_width(&spec, width_px), width_px)?;
            let shown = fluid.iter().find(|layout| layout.size == Size::of(width_px));
            check_labels(shown.unwrap(), width_px)?;
        }
    }

    #[test]
    fn pictures_hold_finite_places_and_repeat_to_the_byte(spec in spec()) {
        let svg = spec.to_svg();
        numbers_are_numbers(&svg)?;
        prop_assert_eq!(&svg, &spec.to_svg());
        let file = spec.to_standalone_svg(640, crate::Theme::Dark);
        prop_assert_eq!(&file, &spec.clone().to_standalone_svg(640, crate::Theme::Dark));
        prop_assert!(!svg.contains("style") && !file.contains("var("));
    }
}

#[track_caller]
fn check_ranges(width_px: f64, want: Size) {
    assert_eq!(Size::of(width_px), want);
}

#[test]
fn ranges_begin_where_the_stylesheet_says() {
    check_ranges(100.0, Size::Narrow);
    check_ranges(479.9, Size::Narrow);
    check_ranges(480.0, Size::Medium);
    check_ranges(800.0, Size::Wide);
    for bound in ["max-width: 479.98px", "min-width: 800px", "padding: 0 16px 0 44px"] {
        assert!(crate::CSS.contains(bound), "{bound}");
    }
}
