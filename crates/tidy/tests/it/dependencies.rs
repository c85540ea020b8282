//! What the crates of others are built with, and that each has a reason.

use std::process::Command;

use tidy::{manifests, read, root};

use crate::assert_none;

#[test]
fn numbers_keep_their_meaning() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--workspace", "--edges", "features", "--offline", "--locked"])
        .current_dir(root())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&tree.stdout);
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    assert!(text.contains("float_roundtrip"), "floats would change on their way through JSON");
    assert!(!text.contains("arbitrary_precision"), "breaks floats in every crate of the build");
}

#[test]
fn a_program_without_postgresql_has_no_crate_of_it() {
    let crates = |more: &[&str]| {
        let tree = Command::new(env!("CARGO"))
            .args(["tree", "--package", "burndown", "--edges", "normal", "--prefix", "none"])
            .args(["--format", "{lib}", "--offline", "--locked"])
            .args(more)
            .current_dir(root())
            .output()
            .unwrap();
        assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
        let text = String::from_utf8_lossy(&tree.stdout).into_owned();
        text.lines().filter(|name| name.contains("postgres")).count()
    };
    assert!(crates(&[]) > 0);
    assert_eq!(crates(&["--no-default-features"]), 0);
}

#[test]
fn every_dependency_has_a_reason() {
    let reasons = read("docs/dependencies.md").unwrap();
    let ours: Vec<String> = manifests().unwrap().into_iter().map(|m| m.name).collect();
    let asked = manifests().unwrap().into_iter().flat_map(|manifest| manifest.dependencies);
    let mut missing: Vec<String> = asked
        .map(|(_, name)| name)
        .filter(|name| !ours.contains(name) && !reasons.contains(&format!("`{name}`")))
        .collect();
    missing.sort();
    missing.dedup();
    assert_none("docs/dependencies.md says why each dependency is there", &missing);
}

#[test]
fn versions_are_named_once() {
    let mut wrong = Vec::new();
    for manifest in manifests().unwrap() {
        let text = read(&manifest.path).unwrap();
        for (_, name) in &manifest.dependencies {
            let inherits = [".workspace = true", " = { workspace = true"];
            if !inherits.iter().any(|form| text.contains(&format!("\n{name}{form}"))) {
                wrong.push(format!("{}: {name}", manifest.name));
            }
        }
    }
    assert_none("a crate takes versions from the workspace", &wrong);
}
