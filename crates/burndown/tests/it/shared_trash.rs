//! The trash of a server is one for all nodes, and goes along when a workspace is copied.

use postgres_server::Database;

use crate::program::{BINARY, Ended, command, run};
use crate::samples::Workspace;
use crate::serving::Server;

const PROFILE: &str = "p_a7b6725386c3";

/// A workspace on a server, and the folder it came from.
struct Shared {
    database: Database,
    here: Workspace,
}

impl Shared {
    fn new() -> Option<Shared> {
        let shared = Shared { database: Database::new()?, here: Workspace::migrated() };
        run(&shared.here.path, &["copy", "--to", &shared.database.address()]).answer();
        Some(shared)
    }

    fn at(&self, node: &str, arguments: &[&str]) -> Ended {
        let server = ["--store", &self.database.address(), "--state-folder", node];
        run(&self.here.path, &[arguments, &server].concat())
    }

    /// All that an export of the profile holds, without when it was made.
    fn exported(&self, place: &[&str]) -> Vec<String> {
        let export = ["export", "x.json", "--profile", PROFILE, "--force"];
        run(&self.here.path, &[export.as_slice(), place].concat()).answer();
        let text = std::fs::read_to_string(self.here.path.join("x.json")).unwrap();
        text.lines().skip(1).map(str::to_owned).collect()
    }

    fn on_server(&self) -> Vec<String> {
        self.exported(&["--store", &self.database.address(), "--state-folder", "x"])
    }
}

/// The id of the only thing in a list of the trash.
fn only_id(list: Ended) -> String {
    let list = list.json();
    assert_eq!(list["entries"].as_array().map(Vec::len), Some(1), "{list}");
    list["entries"][0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn what_one_node_deletes_another_restores() {
    let Some(shared) = Shared::new() else { return };
    let before = shared.on_server();
    shared.at("1", &["profile", "delete", PROFILE, "--yes"]).answer();
    assert_eq!(std::fs::read_dir(shared.here.path.join("1/trash")).unwrap().count(), 0);
    let address = shared.database.address();
    let serve = ["serve", "--port", "0", "--store", &address, "--state-folder", "2"];
    let node = Server::spawn(command(BINARY, &shared.here.path).args(serve));
    assert!(!node.get("/profiles").1.contains("Apache Kafka"));
    let id = only_id(shared.at("3", &["trash", "list", "--json"]));
    assert!(node.get("/trash").1.contains(&id));
    let (head, body) = node.post(&format!("/trash/{id}/restore"), &[]);
    assert!(head.starts_with("HTTP/1.1 303"), "{head}\n{body}");
    assert_eq!(shared.on_server(), before);
    shared.at("1", &["trash", "restore", &id]).failed(1, &["trash"]);
    assert_eq!(node.end("-TERM").code, 0);
}

#[test]
fn the_trash_goes_along_to_a_file_and_back_to_a_server() {
    let Some(shared) = Shared::new() else { return };
    let before = shared.on_server();
    shared.at("1", &["profile", "delete", PROFILE, "--yes"]).answer();
    shared.at("2", &["copy", "--to", "back"]).answer();
    shared.at("2", &["copy", "--to", "back", "--verify"]).answer();
    let at = |arguments: &[&str]| {
        run(&shared.here.path, &[arguments, &["--workspace", "back"]].concat())
    };
    let id = only_id(at(&["trash", "list", "--json"]));
    at(&["trash", "restore", &id]).answer();
    assert_eq!(shared.exported(&["--workspace", "back"]), before);
    // This time it lies in the folder beside the file.
    at(&["profile", "delete", PROFILE, "--yes"]).answer();
    let other = Database::new().unwrap();
    at(&["copy", "--to", &other.address()]).answer();
    at(&["copy", "--to", &other.address(), "--verify"]).answer();
    let on_other = ["--store", &other.address(), "--state-folder", "4"];
    let list = [["trash", "list", "--json"].as_slice(), &on_other].concat();
    let id = only_id(run(&shared.here.path, &list));
    run(&shared.here.path, &[["trash", "restore", &id].as_slice(), &on_other].concat()).answer();
    assert_eq!(shared.exported(&on_other), before);
    run(&shared.here.path, &[["trash", "empty", "--yes"].as_slice(), &on_other].concat()).answer();
}

/// It would restore nothing, so that it keeps nobody from moving: not out of a server, not out of a file.
#[test]
fn a_damaged_copy_is_left_out_and_named() {
    let Some(shared) = Shared::new() else { return };
    shared.at("1", &["profile", "delete", PROFILE, "--yes"]).answer();
    shared.database.run("UPDATE trash SET size_bytes = size_bytes + 1");
    let id = shared.database.texts("SELECT id FROM trash").remove(0);
    for command in [["copy", "--to", "back"].as_slice(), &["copy", "--to", "back", "--verify"]] {
        let told = shared.at("2", command);
        assert!(told.err.contains(&id) && told.err.contains("trash empty"), "{told:?}");
        told.answer();
    }
    let here = |arguments: &[&str]| run(&shared.here.path, arguments);
    let entries = here(&["trash", "list", "--json", "--workspace", "back"]).json();
    assert_eq!(entries["entries"].as_array().map(Vec::len), Some(0), "{entries}");
    here(&["profile", "delete", PROFILE, "--yes"]).answer();
    let id = only_id(here(&["trash", "list", "--json"]));
    let name = format!("{id}.json.gz");
    std::fs::write(shared.here.path.join("trash").join(&name), b"spoiled").unwrap();
    let told = here(&["copy", "--to", "again", "--json"]).json();
    assert_eq!(told["left_out"][0], name, "{told}");
}

/// The database keeps other bytes than it was given: that is seen before anything goes.
#[test]
fn nothing_is_deleted_before_its_copy_was_read_back() {
    let Some(shared) = Shared::new() else { return };
    let before = shared.on_server();
    shared.database.run(
        "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN NEW.bytes = set_byte(NEW.bytes, 40, (get_byte(NEW.bytes, 40) + 1) % 256); RETURN NEW; END $$;
        CREATE TRIGGER spoil BEFORE INSERT ON trash_pieces FOR EACH ROW EXECUTE FUNCTION spoil()",
    );
    let refused = shared.at("1", &["profile", "delete", PROFILE, "--yes"]);
    refused.failed(1, &["nothing was deleted", "other bytes"]);
    assert_eq!(shared.on_server(), before);
    assert_eq!(shared.database.texts("SELECT id FROM trash"), Vec::<String>::new());
}
