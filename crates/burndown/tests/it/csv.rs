//! Tables as comma-separated values: each column has a name that programs can use, each cell one value.

use crate::program::run;
use crate::samples::Workspace;

/// The names and the lines of a table. No cell of these holds a quote or a comma in quotes.
#[track_caller]
fn table(workspace: &Workspace, command: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let arguments: Vec<&str> = command.split(' ').chain(["--csv"]).collect();
    let text = run(&workspace.path, &arguments).answer();
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let mut lines = text.lines().map(cells);
    (lines.next().unwrap(), lines.collect())
}

#[test]
fn columns_are_named_and_numbers_are_numbers() {
    let workspace = Workspace::migrated();
    let at = |arguments: &[&str]| run(&workspace.path, arguments).answer();
    at(&["milestone", "set", "Fair", "2027-05-01"]);
    at(&["delivery", "add", "type = Bug", "--name", "Bugs"]);
    at(&["backup"]);
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_ ".contains(c))
    };
    for command in [
        "profiles",
        "queries",
        "now",
        "issues",
        "weeks",
        "flow",
        "forecast",
        "milestone",
        "delivery list",
        "delivery offer",
        "settings list",
        "trash list",
        "backup list",
    ] {
        let (names, lines) = table(&workspace, command);
        // A status of a team may be called anything.
        let named = names.iter().filter(|name| !name.starts_with("in_"));
        assert!(named.clone().all(|name| is_name(name)), "{command}: {names:?}");
        let mut others = names.clone();
        others.sort();
        others.dedup();
        assert_eq!(others.len(), names.len(), "{command}: {names:?}");
        for (at, name) in names.iter().enumerate() {
            let ends = |end: &str| name.ends_with(end);
            let cells = lines.iter().filter_map(|line| line.get(at)).filter(|it| !it.is_empty());
            for cell in cells {
                let is_number = cell.parse::<f64>().is_ok();
                let told = format!("{command}: {name} holds {cell:?}");
                assert!(
                    is_number || !(ends("_percent") || ends("_days") || ends("_items")),
                    "{told}"
                );
                assert!(ends("last_used") || !ends("_at") || cell.ends_with('Z'), "{told}");
                assert!(
                    !name.starts_with("is_") || ["true", "false"].contains(&cell.as_str()),
                    "{told}"
                );
            }
        }
    }
    assert!(table(&workspace, "now").1.len() > 3);
    assert_eq!(table(&workspace, "delivery list").1.len(), 1);
    // That of the day, and the one that was asked for.
    assert_eq!(table(&workspace, "backup list").1.len(), 2);
}
