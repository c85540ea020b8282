//! A report as one HTML file that needs nothing else: no script, nothing from outside.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Block, Document, Part, Section, Table};
use chart::ChartSpec;
use model::plain;

/// The style of a report; charts bring their own.
const STYLE: &str = include_str!("../../asset/report.css");

/// The document as the text of a file.
pub fn html(document: &Document) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (document.title) " – report" }
                style { (PreEscaped(STYLE)) (PreEscaped(chart::CSS)) }
            }
            body {
                header.head {
                    h1 { (document.title) }
                    (facts(&document.facts))
                }
                main { @for part in &document.parts { (self::part(part, document.parts.len() > 1)) } }
            }
        }
    };
    // Nothing in it is sent back, so that nothing has to stay as it is.
    plain::lines(&page.into_string())
}

fn facts(facts: &[(&'static str, String)]) -> Markup {
    html! { dl { @for (name, value) in facts { div { dt { (name) } dd { (value) } } } } }
}

fn part(part: &Part, is_one_of_many: bool) -> Markup {
    html! {
        article {
            @if is_one_of_many { h2 { (part.title) } }
            (facts(&part.facts))
            @for section in &part.sections { (self::section(section)) }
        }
    }
}

fn section(section: &Section) -> Markup {
    html! { section { h3 { (section.title) } @for block in &section.blocks { (self::block(block)) } } }
}

fn block(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Answer(text) => p.answer { (text) },
            Block::Text(text) => p { (text) },
            Block::List(lines) => ul { @for line in lines { li { (line) } } },
            Block::Table(table) => (self::table(table)),
            Block::Chart(spec) => (chart(spec)),
        }
    }
}

fn chart(spec: &ChartSpec) -> Markup {
    html! {
        figure {
            figcaption { b { (spec.title) } ul.chart-legend { @for item in spec.legend() { li { (PreEscaped(&item.swatch)) (item.label) } } } }
            div.chart-frame { (PreEscaped(spec.to_svg())) }
        }
    }
}

fn table(table: &Table) -> Markup {
    let class = |is_number: bool| is_number.then_some("num");
    html! {
        table {
            thead { tr { @for (head, is_number) in &table.columns { th class=[class(*is_number)] scope="col" { (head) } } } }
            tbody {
                @for row in &table.rows { tr {
                    @for (cell, (_, is_number)) in row.iter().zip(&table.columns) { td class=[class(*is_number)] { (cell) } }
                } }
            }
        }
    }
}
