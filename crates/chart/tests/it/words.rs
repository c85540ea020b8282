//! What a chart says without a picture: description, table, legend, hover lists.

use chart::{Axis, ChartSpec, Links, Role, Series, Shape};

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

/// Two areas on each other, and what is told beside them.
fn stacked() -> ChartSpec {
    let area = |name: &str, role, values: &[f64]| {
        crate::series(name, role, Shape::Stack { pale: 0 }, values)
    };
    ChartSpec {
        positions: positions(3),
        series: vec![
            area("Done", Role::Delivered, &[1.0, 4.0, 6.0]),
            area("Doing", Role::Work, &[2.0, 2.0, 2.0]),
            crate::series("Lead time", Role::Muted, Shape::Told, &[70.0, 7.0, 14.0]),
        ],
        links: Some(Links {
            to: "/issues?a=1&week={}".to_owned(),
            parts: ["2025-W48", "", "2025-W50"].map(str::to_owned).to_vec(),
            cells: vec!["/done?week={}".to_owned()],
        }),
        ..ChartSpec::new("stack", "Stack", Axis::Days)
    }
}

#[test]
fn areas_stack_and_what_is_told_is_not_drawn() {
    let spec = stacked();
    let svg = spec.to_svg();
    assert_eq!(svg.matches("class=\"mark-stack").count(), 2);
    // The axis holds the sum of the areas, and not what is told.
    assert!(svg.contains(">8</text>") && !svg.contains(">10</text>"));
    assert_eq!(spec.legend().len(), 2);
    assert_eq!(attribute(&svg, "data-series"), "Done|Doing|Lead time");
    let (_, text) = between(&svg, "<desc", "</desc>").split_once('>').unwrap();
    assert!(
        text.starts_with("Done: from 1 (24 Nov 2025) to 6") && !text.contains("Lead"),
        "{text}"
    );
    assert_eq!(spec.to_table().columns, ["Day", "Done", "Doing", "Lead time"]);
}

#[test]
fn positions_lead_somewhere_by_their_own_part() {
    let spec = stacked();
    let svg = spec.to_svg();
    assert_eq!(attribute(&svg, "data-link"), "/issues?a=1&amp;week={}");
    assert_eq!(attribute(&svg, "data-to"), "2025-W48||2025-W50");
    let links = spec.to_table().links;
    let want = ["/issues?a=1&week=2025-W50", "/done?week=2025-W50"];
    assert_eq!(links[2], [Some(want[0].to_owned()), Some(want[1].to_owned()), None, None]);
    assert_eq!(links[1], [None, None, None, None]);
    // Weeks that share a bar are a range.
    let mut bars = crate::throughput();
    bars.positions = positions(400);
    bars.series[0].values = vec![Some(1.0); 400];
    let parts = (0..400).map(|week| format!("w{week}")).collect();
    bars.links = Some(Links { to: "{}".to_owned(), parts, cells: Vec::new() });
    assert!(attribute(&bars.to_svg(), "data-to").contains("w0..w"));
}

#[test]
fn dots_of_one_day_are_told_apart_by_their_height() {
    let mut dots = ChartSpec::new("dots", "Dots", Axis::Days);
    let day = positions(1)[0];
    dots.positions = vec![day, day];
    dots.series = vec![crate::series("Days", Role::Work, Shape::Dot, &[3.0, 9.0])];
    dots.labels = vec!["A-1".to_owned(), "2 | items".to_owned()];
    let svg = dots.to_svg();
    assert_eq!(attribute(&svg, "data-range"), "0 10");
    assert_eq!(attribute(&svg, "data-label"), "A-1|2 / items");
    assert_eq!(dots.to_table().rows[0], ["A-1", "3"]);
    assert!(!stacked().to_svg().contains("data-range"));
}

/// A line that is filled is an area.
#[test]
fn lines_are_not_filled() {
    let rule = ".grid, .axis, .mark-line, .mark-dot { fill: none;";
    assert!(chart::CSS.contains(rule));
    assert!(stacked().to_standalone_svg(400, chart::Theme::Light).contains(rule));
}
