//! Accessibility, as an engine of others sees it: axe-core, which `.ci/run` fetches.

use std::path::PathBuf;
use std::sync::OnceLock;

use browser::Page;

use super::look;
use crate::requirement;

/// WCAG 2.0 to 2.2, levels A and AA; contrast of colours is among it. Rows far down a table are
/// like those above, and looking at each takes most of the time.
const RUN: &str = r#"
axe.run({ exclude: [["tbody tr:nth-child(n + 12)"]] }, {
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
  rules: { "landmark-unique": { enabled: true } },
  resultTypes: ["violations"],
}).then(({ violations }) => violations.map(({ id, nodes: [first, ...more] }) =>
  `${id}: ${first.target} – ${first.failureSummary.replace(/\s+/g, " ")}${more.length ? ` (and ${more.length} more)` : ""}`))
"#;

/// The engine's source, from where `BURNDOWN_AXE` says; `None` if it is not there.
pub fn engine() -> Option<&'static str> {
    static ENGINE: OnceLock<Option<String>> = OnceLock::new();
    let engine = ENGINE.get_or_init(|| {
        let path = std::env::var_os("BURNDOWN_AXE").map(PathBuf::from)?;
        let source = std::fs::read_to_string(&path);
        Some(source.unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    });
    requirement::met(engine.is_some(), "axe-core (BURNDOWN_AXE names its axe.min.js)");
    engine.as_deref()
}

/// What the engine finds wrong with the page as it is shown now.
pub fn audit(page: &mut Page, engine: &str) -> Vec<String> {
    if page.eval("typeof axe").unwrap() == "undefined" {
        page.eval(engine).unwrap();
    }
    look::texts(page, RUN)
}
