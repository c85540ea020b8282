//! `burndown chart`: the file that the server gives, and no file where there is nothing to show.

use std::fs;

use crate::program::run;
use crate::samples::Workspace;
use crate::serving::Server;

#[test]
fn a_chart_is_the_file_of_the_server() {
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    let query = &run(&workspace.path, &["queries", "--json"]).json()[0];
    let [profile, query] = ["profile", "id"].map(|name| query[name].as_str().unwrap());
    let shown = ["--as-of", "2025-11-24", "--window", "26", "--width", "640", "--theme", "dark"];
    let asked = "as_of=2025-11-24&window=26&width=640&theme=dark";
    for name in ["burn-up", "throughput", "finish", "sample"] {
        let said = run(&workspace.path, &[&["chart", name, "-o", "-"], &shown[..]].concat());
        let path = format!("/profiles/{profile}/queries/{query}/charts/{name}.svg?{asked}");
        let (head, body) = server.get(&path);
        assert!(head.starts_with("HTTP/1.1 200"), "{head}\n{body}");
        assert_eq!(said.answer(), body, "{name}");
    }
}

#[test]
fn a_file_that_is_there_is_kept() {
    let workspace = Workspace::migrated();
    let at = |more: &[&str]| {
        run(&workspace.path, &[&["chart", "throughput", "-o", "a chart.png"], more].concat())
    };
    let read = || fs::read(workspace.path.join("a chart.png")).unwrap();
    assert_eq!(at(&[]).answer(), "wrote a chart.png\n");
    let light = read();
    assert_eq!(&light[..8], b"\x89PNG\r\n\x1a\n");
    at(&["--theme", "dark"]).failed(1, &["a chart.png is there already", "--force"]);
    assert_eq!(read(), light);
    let written = at(&["--theme", "dark", "--force", "--json"]).json();
    assert_eq!(written["bytes"], read().len());
    assert_ne!(read(), light);
    at(&["--force"]).answer();
    assert_eq!(read(), light, "the same every time");
}

#[track_caller]
fn check_refused(workspace: &Workspace, arguments: &[&str], code: i32, parts: &[&str]) {
    run(&workspace.path, &[&["chart"], arguments].concat()).failed(code, parts);
    assert!(!workspace.path.join("x.svg").exists(), "{arguments:?}");
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let workspace = Workspace::migrated();
    for (arguments, code, parts) in [
        (&["pie", "-o", "x.svg"][..], 2, &["'pie'", "burn-up, throughput, finish, sample"][..]),
        (&["burn-up"], 2, &["--output"]),
        (&["burn-up", "-o", "x.pdf"], 2, &["--output", "x.pdf", ".svg or .png"]),
        (&["burn-up", "-o", "x.svg", "--width", "100"], 2, &["--width", "320 to 2000"]),
        (&["burn-up", "-o", "x.svg", "--theme", "pink"], 2, &["--theme", "light, dark"]),
        (&["burn-up", "-o", "x.svg", "--focus", "80"], 2, &["burn-up", "finish or sample"]),
        (&["finish", "-o", "x.svg", "--focus", "5"], 2, &["--focus", "10 to 300"]),
        (&["burn-up", "-o", "no/x.svg"], 1, &["no/x.svg cannot be written", "another folder"]),
        (&["finish", "-o", "x.svg", "--items", "0"], 1, &["Nothing is left to do"]),
    ] {
        check_refused(&workspace, arguments, code, parts);
    }
}
