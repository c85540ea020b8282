//! Which crate may ask for which: the arrows of `ARCHITECTURE.md`.

use tidy::{Section, manifests};

use crate::assert_none;

/// Our crates from the ground up, each with those of ours that it may use.
const MAY_USE: [(&str, &[&str]); 22] = [
    ("browser", &[]),
    ("postgres_server", &[]),
    ("chart", &[]),
    ("fake_jira", &[]),
    ("files", &["model"]),
    ("picture", &[]),
    ("model", &[]),
    ("metrics", &["model"]),
    ("forecast", &["metrics", "model"]),
    ("store", &["files", "model"]),
    ("migrate", &["files", "model", "store"]),
    ("backup", &["files", "migrate", "model", "store"]),
    ("jira", &["model"]),
    ("sync", &["files", "model", "store"]),
    ("transfer", &["files", "migrate", "model", "store"]),
    ("demo", &["migrate", "model", "store"]),
    (
        "app",
        &[
            "backup", "demo", "files", "forecast", "jira", "metrics", "migrate", "model", "store",
            "sync", "transfer",
        ],
    ),
    ("words", &["app", "forecast", "metrics", "model"]),
    ("ui", &["app", "chart", "forecast", "metrics", "model", "picture", "words"]),
    ("web", &["app", "model", "ui", "words"]),
    ("burndown", &["app", "model", "ui", "web", "words"]),
    ("tidy", &[]),
];

/// Crates of others that belong to one place, with that place.
const AT_HOME: [(&str, &str); 23] = [
    ("axum", "web"),
    ("clap", "burndown"),
    ("clap_complete", "burndown"),
    ("clap_mangen", "burndown"),
    ("dejavu", "picture"),
    ("etcetera", "burndown"),
    ("fs4", "files"),
    ("hyper", "web"),
    ("hyper-util", "web"),
    ("indicatif", "burndown"),
    ("maud", "ui"),
    ("mimalloc", "burndown"),
    ("rand_pcg", "forecast"),
    ("resvg", "picture"),
    ("ring", "app"),
    ("rusqlite", "store"),
    ("rustls-platform-verifier", "store"),
    ("tokio", "web"),
    ("tokio-postgres-rustls", "store"),
    ("tower-http", "web"),
    ("tracing-subscriber", "burndown"),
    ("ureq", "jira"),
    ("zstd", "store"),
];

fn row<'t, V: Copy>(table: &'t [(&'t str, V)], name: &str) -> Option<V> {
    table.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

#[test]
fn arrows_point_down() {
    let mut wrong = Vec::new();
    for manifest in manifests().unwrap() {
        let Some(may_use) = row(&MAY_USE, &manifest.name) else {
            wrong.push(format!("{} has no row in MAY_USE", manifest.name));
            continue;
        };
        for (section, dependency) in &manifest.dependencies {
            let is_ours = row(&MAY_USE, dependency).is_some();
            // Tests may set up what the program reaches through a layer between.
            let is_allowed = *section == Section::Dev || may_use.contains(&dependency.as_str());
            if is_ours && !is_allowed {
                wrong.push(format!("{} must not use {dependency}", manifest.name));
            }
        }
    }
    assert_none("crates use only what lies below them", &wrong);
}

#[test]
fn crates_of_others_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for manifest in manifests().unwrap() {
        for (section, dependency) in &manifest.dependencies {
            let home = row(&AT_HOME, dependency);
            if *section != Section::Dev && home.is_some_and(|home| home != manifest.name) {
                wrong.push(format!("{} must not use {dependency}", manifest.name));
            }
        }
    }
    assert_none("a crate of others is used in one place", &wrong);
}
