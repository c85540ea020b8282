//! What a chart says without a picture: description, table, legend, hover lists.

use chart::{Axis, ChartSpec, Role, Series, Shape};

use crate::{burn_up, positions, throughput};

fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    text.split_once(from).unwrap().1.split_once(to).unwrap().0
}

fn attribute<'t>(svg: &'t str, name: &str) -> &'t str {
    between(svg, &format!(" {name}=\""), "\"")
}

/// A band of two weeks.
fn fan() -> ChartSpec {
    let lower = vec![Some(1.0), Some(2.5)];
    let band = Series {
        name: "likely".to_owned(),
        role: Role::Work,
        shape: Shape::Band { lower },
        values: vec![Some(1.0), Some(6.0)],
    };
    ChartSpec {
        positions: positions(2),
        series: vec![band],
        ..ChartSpec::new("fan", "Fan", Axis::Days)
    }
}

#[test]
fn descriptions_are_sentences_from_the_data() {
    let check = |spec: ChartSpec, want: &str| {
        let svg = spec.to_svg();
        let (_, text) = between(&svg, "<desc", "</desc>").split_once('>').unwrap();
        assert_eq!(text, want);
    };
    check(
        burn_up(),
        "21 of 34 items are done. Done: from 0 (24 Nov 2025) to 21 (12 Jan 2026). Scope: from 20 \
         (24 Nov 2025) to 34 (12 Jan 2026). deadline: 26 Jan 2026.",
    );
    check(throughput(), "Done: between 0 and 4, at last 4 (2025-W52). Median: 4.");
    check(fan(), "likely: between 2.5 and 6 at the end (1 Dec 2025).");
    check(ChartSpec::new("empty", "Nothing", Axis::Weeks), "There is nothing to show.");
}

#[test]
fn the_table_has_every_value() {
    let table = throughput().to_table();
    assert_eq!(table.caption, "Throughput (items a week)");
    assert_eq!(table.columns, ["Week", "Done"]);
    assert_eq!(table.rows[0], ["2025-W48", "3"]);
    assert_eq!(table.rows[5], ["2026-W01 (running week)", "5"]);
    let table = fan().to_table();
    assert_eq!(table.columns, ["Day", "likely, from", "likely, to"]);
    assert_eq!(table.rows[1], ["1 Dec 2025", "2.5", "6"]);
}

#[test]
fn missing_values_are_dashes() {
    let mut spec = burn_up();
    spec.series[0].values = vec![None, Some(f64::NAN)];
    let rows = spec.to_table().rows;
    assert_eq!((rows[0][1].as_str(), rows[1][1].as_str(), rows[7][1].as_str()), ("–", "–", "–"));
}

#[test]
fn the_legend_names_what_is_drawn_in_order() {
    let labels = |spec: ChartSpec| -> Vec<String> {
        spec.legend().into_iter().map(|item| item.label).collect()
    };
    assert_eq!(labels(burn_up()), ["Done", "Scope"]);
    assert_eq!(labels(throughput()), ["Done", "earlier weeks", "running week", "Median"]);
}

#[test]
fn hover_lists_are_as_long_as_each_other() {
    let svg = burn_up().to_svg();
    assert_eq!(attribute(&svg, "data-x"), "0 111 222 333 444 556 667 778");
    assert_eq!(attribute(&svg, "data-series"), "Done|Scope");
    assert_eq!(attribute(&svg, "data-values"), "0 3 7 8 8 12 17 21|20 24 24 27 31 31 30 34");
    assert!(attribute(&svg, "data-label").starts_with("24 Nov 2025|1 Dec 2025|"));
    assert_eq!(attribute(&fan().to_svg(), "data-values"), "1..1 2.5..6");
}
