//! Programs of two versions on one database: one of the newer takes it forward, the older ones stop.

use std::process::Stdio;

use postgres_server::Database;

use crate::program::{BINARY, Ended, command, run};
use crate::samples::Workspace;
use crate::serving::Server;

const VERSION: &str = "SELECT schema_version::text FROM workspace";
/// What the steps to versions 10 and 11 made, and what the latter took away.
const BACK_TO_9: &str = "DROP TABLE trash_pieces, trash;
    ALTER TABLE jira_cache DROP COLUMN facts, ADD COLUMN project TEXT, ADD COLUMN project_id TEXT,
        ADD COLUMN issue_type TEXT, ADD COLUMN issue_type_id TEXT, ADD COLUMN status TEXT,
        ADD COLUMN status_id TEXT, ADD COLUMN status_category TEXT, ADD COLUMN priority TEXT,
        ADD COLUMN summary TEXT, ADD COLUMN created TEXT, ADD COLUMN updated TEXT,
        ADD COLUMN resolved TEXT, ADD COLUMN resolution TEXT, ADD COLUMN points DOUBLE PRECISION,
        ADD COLUMN points_state BIGINT NOT NULL DEFAULT 0, ADD COLUMN parent TEXT,
        ADD COLUMN is_subtask BIGINT, ADD COLUMN hierarchy_level BIGINT;
    UPDATE workspace SET schema_version = 9";

fn copied() -> Option<(Database, Workspace)> {
    let (database, here) = (Database::new()?, Workspace::migrated());
    run(&here.path, &["copy", "--to", &database.address()]).answer();
    Some((database, here))
}

/// The version that a database has now, as a number.
fn version(database: &Database) -> u32 {
    database.texts(VERSION)[0].parse().unwrap()
}

#[test]
fn nodes_that_begin_at_once_take_an_older_database_forward_together() {
    let Some((database, here)) = copied() else { return };
    let newest = version(&database);
    database.run(BACK_TO_9);
    let nodes: Vec<_> = (0..4)
        .map(|number| {
            let (state, address) = (format!("s{number}"), database.address());
            let mut asked = command(BINARY, &here.path);
            asked.args(["profiles", "--store", &address, "--state-folder", &state]);
            asked.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for node in nodes {
        let told = Ended::from(node.wait_with_output().unwrap()).answer();
        assert!(told.contains("Apache Kafka"), "{told}");
    }
    assert_eq!(version(&database), newest);
    run(&here.path, &["copy", "--to", &database.address(), "--verify"]).answer();
}

#[test]
fn an_older_program_stops_with_both_versions_named() {
    let Some((database, here)) = copied() else { return };
    let (address, known) = (database.address(), version(&database));
    let serve = ["serve", "--port", "0", "--store", &address, "--state-folder", "s"];
    let node = Server::spawn(command(BINARY, &here.path).args(serve));
    assert!(node.get("/").0.starts_with("HTTP/1.1 200"));
    let before = database.texts("SELECT to_jsonb(p)::text FROM profiles p");
    // As a newer program leaves it.
    database.run("UPDATE workspace SET schema_version = schema_version + 1");
    let named = [format!("schema version {}", known + 1), format!("knows up to {known}")];
    let parts: Vec<&str> = named.iter().map(String::as_str).collect();
    for page in ["/", "/profiles", "/api/v1/workspace"] {
        let (head, body) = node.get(page);
        assert!(head.starts_with("HTTP/1.1 5"), "{head}");
        assert!(parts.iter().all(|part| body.contains(part)), "{body}");
    }
    let fields = [("form", "new-query"), ("name", "n"), ("jql", "x = 1"), ("description", "")];
    let (head, body) = node.post("/profiles/p_a7b6725386c3/setup", &fields);
    assert!(head.starts_with("HTTP/1.1 5") && body.contains(parts[0]), "{head}\n{body}");
    let commands: [&[&str]; 4] =
        [&["profiles"], &["profile", "create", "Later"], &["doctor"], &["sync", "--all"]];
    for arguments in commands {
        let at = ["--store", &address, "--state-folder", "c"];
        let ended = run(&here.path, &[arguments, &at].concat());
        assert_eq!(ended.code, 1, "{ended:?}");
        let is_named =
            parts.iter().all(|part| ended.err.contains(part) || ended.out.contains(part));
        assert!(is_named, "{ended:?}");
    }
    assert_eq!(database.texts("SELECT to_jsonb(p)::text FROM profiles p"), before);
    // The newer one went away again: nobody has to be started anew.
    database.run("UPDATE workspace SET schema_version = schema_version - 1");
    assert!(node.get("/").0.starts_with("HTTP/1.1 200"));
    assert_eq!(node.end("-TERM").code, 0);
}
