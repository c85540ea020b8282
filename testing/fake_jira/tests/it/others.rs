//! Clients that others wrote read what is answered: what they know of Jira is not known from here.
//! The folder `BURNDOWN_JIRA_CLIENTS` holds them: `bin/python` with `jira` and `atlassian-python-api`
//! of PyPI, and `node_modules` with `jira.js` of npm, as `.ci/run` makes it.

use std::path::{Path, PathBuf};
use std::process::Command;

use fake_jira::{Anonymous, Behaviour, FakeJira, Kind, Login, World};

const TOKEN: &str = "secret";

/// The folder of the clients.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("BURNDOWN_JIRA_CLIENTS").map(PathBuf::from);
    if folder.is_none() {
        assert!(std::env::var_os("CI").is_none(), "CI has to offer the clients of others");
        println!("skipped: BURNDOWN_JIRA_CLIENTS names no folder");
    }
    folder
}

#[track_caller]
fn check(program: &Path, script: &str, kind: Kind, login: Login, arguments: &[&str]) {
    let behaviour = Behaviour::honest(kind).login(login, Anonymous::Refused);
    let jira = FakeJira::start(World::generated(60, 7), kind, behaviour).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(script);
    let mut command = Command::new(program);
    command.arg(&script).arg(jira.url()).args(arguments);
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} {kind:?}: {told}{wrong}", script.display());
    assert_eq!(told.trim(), "30 issues", "{} {kind:?}", script.display());
}

#[test]
fn clients_of_others_read_both_kinds() {
    let Some(folder) = folder() else { return };
    let python = folder.join("bin/python");
    let modules = folder.join("node_modules");
    let cloud = || Login::Basic("ada@example.org".to_owned(), TOKEN.to_owned());
    let server = || Login::Bearer(TOKEN.to_owned());
    for script in ["python_jira.py", "python_atlassian.py"] {
        check(&python, script, Kind::Cloud, cloud(), &["cloud", TOKEN]);
        check(&python, script, Kind::DataCenter, server(), &["server", TOKEN]);
    }
    let modules = modules.to_string_lossy();
    check(Path::new("node"), "javascript_jira.mjs", Kind::Cloud, cloud(), &[&modules, TOKEN]);
}
