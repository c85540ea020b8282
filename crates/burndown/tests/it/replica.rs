//! Pages from a hot standby: nothing that a node wrote is missing, a lag is told, and without it there is the
//! primary.

use postgres_server::Options;

use crate::program::{BINARY, command, run};
use crate::samples::Workspace;
use crate::serving::Server;

const QUERIES: &str = "/api/v1/profiles/p_a7b6725386c3/queries";
const SETUP: &str = "/profiles/p_a7b6725386c3/setup";
const TOLD: &str = "read from a replica";

/// A primary, its standby, and nodes that read from that.
struct Followed {
    primary: postgres_server::Server,
    standby: postgres_server::Server,
    here: Workspace,
}

impl Followed {
    fn start() -> Option<Followed> {
        let primary = postgres_server::Server::start(&Options::default())?;
        primary.run("CREATE DATABASE store");
        let here = Workspace::migrated();
        run(&here.path, &["copy", "--to", &primary.address("store")]).answer();
        let standby = primary.standby();
        Some(Followed { primary, standby, here })
    }

    /// Where it reads and writes; whoever asks for a primary that is gone is told so at once.
    fn places(&self, state: &str) -> Vec<String> {
        let store = format!("{}?patience=1", self.primary.address("store"));
        let read = self.standby.address("store");
        let words = ["--store", &store, "--read-store", &read, "--state-folder", state];
        words.map(str::to_owned).to_vec()
    }

    fn node(&self, state: &str) -> Server {
        let serve = ["serve", "-v", "--port", "0"];
        Server::spawn(command(BINARY, &self.here.path).args(serve).args(self.places(state)))
    }

    /// Asks again and again until the answer is so.
    fn wait(&self, what: &str, is_so: impl Fn() -> bool) {
        for _ in 0..300 {
            if is_so() {
                return;
            }
            self.standby.run("SELECT pg_sleep(0.1)");
        }
        panic!("{what}");
    }
}

fn page(node: &Server, path: &str) -> String {
    let (head, body) = node.get(path);
    assert!(head.starts_with("HTTP/1.1 200"), "{path}: {head}\n{body}");
    body
}

fn create(node: &Server, name: &str) {
    let fields = [("form", "new-query"), ("name", name), ("jql", "x = 1"), ("description", "")];
    let (head, body) = node.post(SETUP, &fields);
    assert!(head.starts_with("HTTP/1.1 303"), "{head}\n{body}");
}

#[test]
fn a_node_shows_what_it_wrote_and_says_how_far_others_are_ahead() {
    let Some(followed) = Followed::start() else { return };
    let (one, other) = (followed.node("1"), followed.node("2"));
    assert!(!page(&other, QUERIES).contains("Written"));
    followed.standby.run("SELECT pg_wal_replay_pause()");
    create(&one, "Written here");
    assert!(page(&one, QUERIES).contains("Written here"));
    assert!(!page(&one, "/profiles").contains(TOLD), "it is read from the primary");
    // The other one reads from the standby, and says after a while that this lacks something.
    followed.wait("no lag is told", || page(&other, "/profiles").contains(TOLD));
    assert!(!page(&other, QUERIES).contains("Written here"));
    // A command reads where nothing is lacking.
    let queries = ["queries", "--profile", "p_a7b6725386c3"].map(str::to_owned);
    let asked = [queries.as_slice(), &followed.places("3")].concat();
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    assert!(run(&followed.here.path, &asked).answer().contains("Written here"));
    followed.standby.run("SELECT pg_wal_replay_resume()");
    followed.wait("it does not catch up", || page(&other, QUERIES).contains("Written here"));
    followed.wait("the lag stays", || !page(&other, "/profiles").contains(TOLD));
    for node in [one, other] {
        assert_eq!(node.end("-TERM").code, 0);
    }
}

#[test]
fn without_the_standby_pages_are_read_from_the_primary() {
    let Some(followed) = Followed::start() else { return };
    // A commit that waits for a standby that is gone would wait for ever.
    followed.primary.run("ALTER SYSTEM RESET synchronous_standby_names");
    followed.primary.run("SELECT pg_reload_conf()");
    let node = followed.node("1");
    page(&node, "/profiles");
    followed.standby.stop();
    for number in 0..3 {
        let name = format!("Query {number}");
        create(&node, &name);
        assert!(page(&node, QUERIES).contains(&name));
    }
    let ended = node.end("-TERM");
    assert_eq!(ended.code, 0);
    assert!(ended.err.contains("the replica cannot be read"), "{}", ended.err);
}

#[test]
fn without_the_primary_pages_are_read_from_the_standby() {
    let Some(followed) = Followed::start() else { return };
    let node = followed.node("1");
    let before = page(&node, QUERIES);
    followed.primary.stop();
    assert_eq!(page(&node, QUERIES), before);
    followed.wait("nothing is told", || page(&node, "/profiles").contains(TOLD));
    let fields = [("form", "new-query"), ("name", "n"), ("jql", "x = 1"), ("description", "")];
    assert!(node.post(SETUP, &fields).0.starts_with("HTTP/1.1 503"));
    // What was promoted goes its own way, which is not that of the primary.
    followed.standby.promote();
    assert!(node.get(QUERIES).0.starts_with("HTTP/1.1 503"));
    assert_eq!(node.end("-TERM").code, 0);
    run(&followed.here.path, &["profiles", "--read-store", "postgres://me@h/d"])
        .failed(2, &["--read-store needs --store"]);
}
