//! The documents say what the program does.

use tidy::{files_under, read};

use crate::assert_none;

/// The lines inside fenced blocks of a document, without prompts and comments.
fn commands(document: &str) -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in document.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if inside && !line.trim().is_empty() {
            let command = line.split(" # ").next().unwrap_or_default();
            found.push(command.trim().trim_start_matches("$ ").to_owned());
        }
    }
    found
}

#[test]
fn every_oddity_is_explained() {
    let source = read("crates/store/src/legacy/finding.rs").unwrap();
    let explained = read("docs/migration.md").unwrap();
    let codes: Vec<&str> = source
        .lines()
        .filter_map(|line| {
            line.trim().strip_suffix(", true;").or(line.trim().strip_suffix(", false;"))
        })
        .filter_map(|line| line.split('"').nth(1))
        .collect();
    assert!(codes.len() > 30, "only {} kinds were read", codes.len());
    let missing: Vec<String> = codes
        .iter()
        .filter(|code| !explained.contains(&format!("`{code}`")))
        .map(|code| (*code).to_owned())
        .collect();
    assert_none("docs/migration.md names every kind of finding", &missing);
}

#[test]
fn readme_commands_are_run() {
    let script = read(".ci/run").unwrap();
    let shown = commands(&read("README.md").unwrap());
    let (cargo, others): (Vec<_>, Vec<_>) =
        shown.into_iter().partition(|command| command.starts_with("cargo "));
    let want = ["cargo run --release -- serve --demo", "cargo test --workspace"];
    assert_eq!(cargo, want, "two commands do all the set-up");
    let unproven: Vec<String> =
        cargo.into_iter().filter(|it| !script.contains(it.as_str())).collect();
    assert_none(".ci/run runs what the README tells to run", &unproven);
    // These are run by crates/burndown/tests/it/readme.rs.
    let odd: Vec<String> = others.into_iter().filter(|it| !it.starts_with("burndown ")).collect();
    assert_none("the README shows commands of cargo and burndown only", &odd);
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    let documents = files_under("").unwrap().into_iter().filter(|path| path.ends_with(".md"));
    for path in documents {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let text = read(&path).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            let is_here = file.is_empty() || target.contains("://");
            if !is_here && !tidy::root().join(folder).join(file).exists() {
                broken.push(format!("{path}: {target}"));
            }
        }
    }
    assert_none("links between documents lead to files", &broken);
}
