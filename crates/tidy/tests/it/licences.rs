//! Licences of everything we build on.

use std::process::Command;

use serde_json::Value;
use tidy::root;

use crate::assert_none;

const ALLOWED: [&str; 11] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Every package that is built on any platform; where those of other platforms were never
/// fetched, the packages of this one.
fn packages() -> Vec<Value> {
    let host = host();
    let all = metadata(&[]).or_else(|| {
        eprintln!("licences: only the packages of {host} are here");
        metadata(&["--filter-platform", &host])
    });
    let Some(Value::Array(packages)) = all.unwrap().get_mut("packages").map(Value::take) else {
        return Vec::new();
    };
    packages
}

fn metadata(more: &[&str]) -> Option<Value> {
    let answer = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked"])
        .args(more)
        .current_dir(root())
        .output()
        .unwrap();
    answer.status.success().then(|| serde_json::from_slice(&answer.stdout).unwrap())
}

fn host() -> String {
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let text = String::from_utf8_lossy(&rustc.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.unwrap_or_default().to_owned()
}

/// Whether we may use something under an SPDX expression; older ones say `/` for `OR`.
fn is_allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    let known = |name: &str| ALLOWED.contains(&name.trim_matches(['(', ')', ' ']));
    if expression.contains('(') {
        // `(A OR B) AND C`: every part has to offer a way.
        return expression.split(" AND ").all(|part| part.split(" OR ").any(known));
    }
    expression.split(" OR ").any(|part| part.split(" AND ").all(known))
}

#[test]
fn licences_are_permissive() {
    let packages = packages();
    assert!(packages.len() > 50, "only {} packages were seen", packages.len());
    let text = |package: &Value, member: &str| {
        package.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let wrong: Vec<String> = packages
        .iter()
        .filter(|package| !is_allowed(&text(package, "license")))
        .map(|package| format!("{}: {:?}", text(package, "name"), text(package, "license")))
        .collect();
    assert_none("licences are on the list of this file", &wrong);
}

#[test]
fn expressions_are_read_right() {
    for good in
        ["MIT", "MIT OR GPL-3.0", "MIT/Apache-2.0", "MIT AND Zlib", "GPL-3.0 OR MIT AND ISC"]
    {
        assert!(is_allowed(good), "{good}");
    }
    assert!(is_allowed("(MIT OR Apache-2.0) AND Unicode-3.0"));
    for bad in ["", "MPL-2.0", "MIT AND GPL-3.0", "(MIT OR Apache-2.0) AND GPL-3.0"] {
        assert!(!is_allowed(bad), "{bad}");
    }
}
