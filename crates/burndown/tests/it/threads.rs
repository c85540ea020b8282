//! Commands where the system gives them no further thread.

use crate::program::{BINARY, Ended, command, finish, run};
use crate::samples::Workspace;

/// Runs the program where no thread can be started: the stack of each would be larger than all memory
/// that can be named. A limit of processes has the same effect, and does not hold for everybody.
fn alone(workspace: &Workspace, arguments: &[&str]) -> Ended {
    let mut command = command(BINARY, &workspace.path);
    finish(command.env("RUST_MIN_STACK", (usize::MAX / 4).to_string()).args(arguments))
}

#[test]
fn commands_answer_the_same_on_the_one_thread_that_is_there() {
    let workspace = Workspace::migrated();
    for arguments in [
        &["summary", "--json"][..],
        &["forecast", "--json"],
        &["answers", "--all"],
        &["flow"],
        &["now"],
        &["doctor"],
        &["verify"],
        &["status", "--check"],
    ] {
        let with_others = run(&workspace.path, arguments);
        assert_eq!(with_others.code, 0, "{arguments:?}: {}", with_others.err);
        assert_eq!(alone(&workspace, arguments).answer(), with_others.out, "{arguments:?}");
    }
    for arguments in [&["backup"][..], &["report", "-o", "r.html"], &["export", "-"]] {
        alone(&workspace, arguments).answer();
    }
    alone(&workspace, &["rollback", "--yes", "--with-changes"]).answer();
    alone(&workspace, &["migrate", "--again", "--yes"]).answer();
    alone(&Workspace::small(), &["migrate"]).answer();
    assert_eq!(run(&workspace.path, &["status", "--check"]).code, 0);
}

#[test]
fn what_takes_a_second_thread_says_that_there_is_none() {
    let workspace = Workspace::migrated();
    for arguments in [&["serve", "--port", "0"][..], &["query", "delete", "All issues", "--yes"]] {
        alone(&workspace, arguments).failed(1, &["thread"]);
    }
}
