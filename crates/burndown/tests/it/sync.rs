//! Commands that ask Jira, as whoever types them sees them.

use std::process::Stdio;

use fake_jira::{Anonymous, Behaviour, FakeJira, Fault, Kind, Login, Which, World};
use serde_json::{Value, json};

use crate::program::{BINARY, Ended, command, finish};
use crate::samples::Workspace;

const TOKEN: &str = "example-token";
const EMAIL: &str = "ada@example.org";
const JQL: &str = "project = DEMO";

/// A Jira, and a workspace of somebody who has a token for it.
struct Desk {
    jira: FakeJira,
    honest: Behaviour,
    workspace: Workspace,
}

impl Desk {
    fn with(kind: Kind, issues: usize) -> Desk {
        let login = match kind {
            Kind::Cloud => Login::Basic(EMAIL.to_owned(), TOKEN.to_owned()),
            Kind::DataCenter => Login::Bearer(TOKEN.to_owned()),
        };
        let mut world = World::generated(issues, 7);
        let behind = model::Timestamp::now().duration_since(world.now());
        world.advance(behind);
        world
            .add("LONELY", json!({"issuetype": {"name": "Task"}, "summary": "The only one"}))
            .unwrap();
        let honest = Behaviour::honest(kind).login(login, Anonymous::Refused);
        let jira = FakeJira::start(world, kind, honest.clone()).unwrap();
        Desk { jira, honest, workspace: Workspace::empty() }
    }

    /// With a connected profile and a query.
    fn ready(kind: Kind, issues: usize) -> Desk {
        let desk = Desk::with(kind, issues);
        let email: &[&str] = if kind == Kind::Cloud { &["--email", EMAIL] } else { &[] };
        desk.run(&[&["connect", "JIRA", "--profile", "Team"], email].concat()).answer();
        desk.run(&["query", "create", JQL, "--name", "All"]).answer();
        desk
    }

    fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = command(BINARY, &self.workspace.path);
        let url = |argument: &&str| argument.replace("JIRA", self.jira.url());
        command.args(["--workspace", "."]).args(arguments.iter().map(url));
        command.env("BURNDOWN_JIRA_TOKEN", TOKEN);
        command
    }

    /// Runs a command; `JIRA` in it is the address of the Jira.
    fn run(&self, arguments: &[&str]) -> Ended {
        finish(&mut self.command(arguments))
    }

    /// A command and its end as they stand in a terminal, the same on every machine.
    fn say(&self, arguments: &[&str]) -> String {
        let Ended { code, out, err } = self.run(arguments);
        let line = arguments.join(" ");
        let text = format!("$ burndown {line}\n{out}{err}[{code}]\n");
        let url = self.jira.url();
        let text = text.replace(url, "JIRA").replace(url.trim_start_matches("http://"), "HOST");
        text.split_inclusive([' ', '\n', '/', '(', ')', ';']).map(fixed).collect()
    }

    fn talk(&self, commands: &[&[&str]]) -> String {
        commands.iter().map(|arguments| self.say(arguments)).collect::<Vec<_>>().join("\n")
    }

    /// Syncs and gives the entry of the ledger.
    fn synced(&self, more: &[&str]) -> Value {
        let told = self.run(&[&["sync", "All", "--json"], more].concat()).json();
        told[0]["sync"].clone()
    }
}

/// A word without what differs from run to run: ids and times.
fn fixed(word: &str) -> String {
    let bare = word.trim_end_matches([' ', '\n', '/', '(', ')', ';']);
    let is_id = bare.len() == 14 && (bare.starts_with("p_") || bare.starts_with("q_"));
    let is_time = bare.starts_with("20") && bare.contains('T') && bare.ends_with('Z');
    match (is_id, is_time) {
        (true, _) => word.replace(bare, "ID"),
        (_, true) => word.replace(bare, "TIME"),
        _ => word.to_owned(),
    }
}

#[test]
fn a_data_center_is_connected() {
    let desk = Desk::with(Kind::DataCenter, 3);
    let mut wrong = desk.command(&["connect", "JIRA"]);
    finish(wrong.env("BURNDOWN_JIRA_TOKEN", "old")).failed(1, &["wrong or has expired"]);
    insta::assert_snapshot!(desk.talk(&[
        &["connect", "JIRA", "--email", EMAIL],
        &["connect", "JIRA", "--public"],
        &["connect"],
        &["connect", "JIRA", "--dry-run"],
        &["profiles"],
        &["connect", "JIRA"],
        &["connect"],
        &["profiles"],
    ]));
}

#[test]
fn a_cloud_is_connected() {
    let desk = Desk::with(Kind::Cloud, 3);
    insta::assert_snapshot!(desk.talk(&[
        &["connect", "JIRA"],
        &["connect", "JIRA", "--email", "eve@example.org"],
        &["connect", "JIRA", "--email", EMAIL, "--profile", "Team"],
    ]));
}

/// Servers from before tokens know a user by name and password.
#[test]
fn a_user_with_a_password_is_connected() {
    let mut desk = Desk::with(Kind::DataCenter, 3);
    let login = Login::Basic("jdoe".to_owned(), TOKEN.to_owned());
    desk.honest = Behaviour::honest(Kind::DataCenter).login(login, Anonymous::Refused);
    desk.jira.behave(desk.honest.clone());
    desk.run(&["connect", "JIRA"]).failed(1, &["wrong or has expired"]);
    desk.run(&["connect", "JIRA", "--user", "jdoe", "--profile", "Team"]).answer();
    desk.run(&["query", "create", JQL, "--name", "All"]).answer();
    assert_eq!(desk.synced(&[])["found"], 3);
}

/// Cloud does not tell how many histories the call for many issues should have brought.
#[test]
fn histories_that_are_left_out_without_a_word_are_fetched() {
    let desk = Desk::ready(Kind::Cloud, 3);
    {
        let mut world = desk.jira.world();
        for number in 0..60 {
            world.set("DEMO-1", "summary", &json!(format!("{number}"))).unwrap();
        }
    }
    let short = Fault::ShortChangelogs;
    desk.jira.behave(desk.honest.clone().fault("changelog/bulkfetch", Which::Each, short));
    let first = desk.synced(&[]);
    desk.jira.behave(desk.honest.clone());
    let whole = desk.synced(&["--full"]);
    assert_eq!(first["outcome"], "done");
    assert_eq!(first["histories_stored"], whole["histories_stored"], "{first}");
    assert!(whole["histories_stored"].as_u64() > Some(60), "{whole}");
}

#[test]
fn a_public_server_needs_no_token() {
    let mut desk = Desk::with(Kind::DataCenter, 3);
    desk.honest = Behaviour::honest(Kind::DataCenter);
    desk.jira.behave(desk.honest.clone());
    insta::assert_snapshot!(desk.talk(&[&["connect", "JIRA", "--public"], &["jql", JQL]]));
}

#[test]
fn a_jql_is_tried() {
    let desk = Desk::ready(Kind::DataCenter, 4);
    insta::assert_snapshot!(desk.talk(&[
        &["jql", JQL, "--limit", "2"],
        &["jql"],
        &["jql", "project = "],
        &["jql", "project = NONE"],
        &["jql", "key = DEMO-99"],
        &["query", "create", "project = LONELY", "--name", "One"],
    ]));
    let desk = Desk::ready(Kind::Cloud, 4);
    insta::assert_snapshot!(desk.talk(&[&["jql", JQL, "--limit", "1"], &["jql", "order by key"]]));
}

#[test]
fn a_field_on_no_screen_is_named() {
    let desk = Desk::ready(Kind::DataCenter, 3);
    let remark = "None of these issues has the field of story points";
    for (field, is_absent) in [("customfield_99999", true), ("summary", false)] {
        desk.run(&["settings", "set", "points-field", field]).answer();
        let out = desk.run(&["jql", JQL]).answer();
        assert_eq!(out.contains(remark), is_absent, "{field}: {out}");
    }
}

#[test]
fn syncs_say_what_they_did() {
    for kind in [Kind::DataCenter, Kind::Cloud] {
        let desk = Desk::ready(kind, 120);
        let mut said = vec![desk.say(&["sync"]), desk.say(&["sync"]), desk.say(&["sync", "--all"])];
        desk.jira.world().transition("DEMO-3", "In Progress").unwrap();
        desk.jira.world().delete("DEMO-4").unwrap();
        desk.jira.world().hide("DEMO-5").unwrap();
        desk.jira.world().add("DEMO", json!({"issuetype": {"name": "Bug"}})).unwrap();
        said.push(desk.say(&["sync", "--all", "--force"]));
        desk.jira.world().move_to("DEMO-6", "LONELY").unwrap();
        said.push(desk.say(&["sync", "--full"]));
        said.push(desk.say(&["sync", "Nothing"]));
        insta::allow_duplicates! { insta::assert_snapshot!(said.join("\n")) };
    }
}

#[test]
fn a_partial_sync_names_what_is_missing() {
    let desk = Desk::ready(Kind::DataCenter, 20);
    desk.jira.behave(desk.honest.clone().fault("search", Which::Each, Fault::ShortChangelogs));
    let partial = desk.say(&["sync"]);
    desk.jira.behave(desk.honest.clone());
    insta::assert_snapshot!([partial, desk.say(&["sync"]), desk.say(&["sync"])].join("\n"));
}

/// A list that is not to be had ends no sync, and is told of on the command line and in the ledger.
#[test]
fn a_list_that_is_refused_is_told_of() {
    let desk = Desk::ready(Kind::Cloud, 20);
    let refusing = desk.honest.clone().fault("/priority", Which::Each, Fault::gone());
    desk.jira.behave(refusing.fault("agile/1.0/board", Which::Each, Fault::forbidden()));
    let said = desk.say(&["sync"]);
    assert!(said.contains("20 issues: 20 new"), "{said}");
    for part in ["not told by Jira", "no longer offers", "does not allow this"] {
        assert!(said.contains(part), "{said}");
    }
    let sync = desk.synced(&[]);
    assert_eq!(sync["outcome"], "done");
    assert_eq!(
        sync["refused"].as_array().map(Vec::len),
        Some(1),
        "boards are asked for once: {sync}"
    );
    desk.jira.behave(desk.honest.clone());
    assert_eq!(desk.synced(&[])["refused"], serde_json::json!([]));
}

/// A gateway, or a login that sees little: the walk names issues that a single question denies.
#[test]
fn what_is_listed_and_then_denied_is_missing_and_not_gone() {
    let desk = Desk::ready(Kind::Cloud, 20);
    desk.jira.behave(desk.honest.clone().fault("/issue/", Which::Each, Fault::not_found()));
    let told = desk.run(&["sync", "All", "--json"]).out;
    let told: Value = serde_json::from_str(&told).unwrap();
    let sync = &told[0]["sync"];
    let counts = ["found", "received", "gone", "missing_count"].map(|name| sync[name].as_u64());
    assert_eq!(counts, [20, 0, 0, 20].map(Some), "{sync}");
    assert_eq!(sync["outcome"], "partial");
    desk.jira.behave(desk.honest.clone());
    assert_eq!(desk.synced(&[])["outcome"], "done");
}

/// Boards only make it surer which field holds points; a token without their scope is a good one.
#[test]
fn a_token_without_the_scope_of_boards_connects() {
    let desk = Desk::with(Kind::Cloud, 3);
    let fault = Fault::Answer {
        status: 401,
        headers: Vec::new(),
        content_type: "application/json".to_owned(),
        body: r#"{"code":401,"message":"Unauthorized; scope does not match"}"#.to_owned(),
    };
    desk.jira.behave(desk.honest.clone().fault("/agile/", Which::Each, fault));
    desk.run(&["connect", "JIRA", "--profile", "Team", "--email", EMAIL]).answer();
    let tried = desk.run(&["jql", JQL]);
    assert_eq!((tried.code, tried.out.contains("scope")), (0, false), "{}{}", tried.out, tried.err);
}

#[test]
fn an_empty_answer_keeps_what_is_stored() {
    let desk = Desk::ready(Kind::DataCenter, 5);
    desk.synced(&[]);
    for number in 1..=5 {
        desk.jira.world().hide(&format!("DEMO-{number}")).unwrap();
    }
    insta::assert_snapshot!(desk.talk(&[&["sync"], &["sync", "--full"]]));
}

#[test]
fn one_query_that_fails_stops_no_other() {
    let desk = Desk::ready(Kind::DataCenter, 5);
    for (jql, name) in [("project = NONE", "Bad"), ("project = LONELY", "One")] {
        desk.run(&["query", "create", jql, "--name", name]).answer();
    }
    insta::assert_snapshot!(desk.talk(&[&["sync", "--all"], &["sync", "--all"]]));
    let told = desk.run(&["sync", "--all", "--json"]);
    let lines: Value = serde_json::from_str(&told.out).unwrap();
    let outcome = |at: usize| lines[at]["sync"]["outcome"].as_str();
    assert_eq!((told.code, outcome(0), outcome(2)), (4, Some("fresh"), Some("fresh")), "{lines}");
    assert!(lines[1]["error"].as_str().unwrap().contains("does not understand the JQL"));
    let status = desk.run(&["status"]).answer();
    let failed: Vec<&str> = status.lines().filter(|line| line.starts_with("failed sync")).collect();
    let [failed] = failed[..] else { panic!("{status}") };
    assert!(failed.contains("Bad, ") && failed.contains("does not understand the JQL"), "{failed}");
    assert_eq!(desk.run(&["status", "--json"]).json()["failed_syncs"][0]["query"], "Bad");
}

#[test]
fn json_tells_the_ledger() {
    let desk = Desk::ready(Kind::Cloud, 120);
    let mut told = [desk.synced(&[]), desk.synced(&[])];
    for record in &mut told {
        for varying in ["started_at", "ended_at", "bytes"] {
            assert!(record.as_object_mut().unwrap().remove(varying).is_some(), "{varying}");
        }
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&told).unwrap());
}

#[cfg(unix)]
#[test]
fn a_killed_sync_is_resumed_and_a_second_one_refused() {
    // The first request that is left without an answer: the 15th batch of issues, or about that.
    for (kind, path, stalled) in
        [(Kind::DataCenter, "search", 18), (Kind::Cloud, "issue/bulkfetch", 15)]
    {
        let desk = Desk::ready(kind, 2_000);
        let whole = desk.synced(&[]);
        let number = |record: &Value, name: &str| record[name].as_u64().unwrap();
        let stall =
            Behaviour::fault(desk.honest.clone(), path, Which::From(stalled), Fault::Stalled);
        desk.jira.behave(stall);
        desk.jira.forget_requests();
        let mut first = desk.command(&["sync", "--full"]);
        let mut first = first.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let asked = || desk.jira.requests().iter().filter(|it| it.path.contains(path)).count();
        // All of the four that are asked at a time wait then, and what came before is handed on.
        while (asked() as u64) < stalled + 3 {
            assert!(first.try_wait().unwrap().is_none(), "the sync ended early");
        }
        let second = desk.run(&["sync"]);
        assert_eq!(second.code, 1, "{}", second.err);
        assert!(second.out.contains("is being synced already ("), "{}", second.out);
        first.kill().unwrap();
        first.wait().unwrap();
        desk.jira.behave(desk.honest.clone());
        let resumed = desk.synced(&["--full"]);
        assert_eq!((number(&resumed, "found"), &resumed["outcome"]), (2_000, &json!("done")));
        let [reused, asked] = ["reused", "asked"].map(|name| number(&resumed, name));
        assert!(reused >= 900 && reused + asked == 2_000, "{kind:?}: {reused} + {asked}");
        assert!(number(&resumed, "requests") * 3 < number(&whole, "requests") * 2, "{resumed}");
    }
}

/// What is wrong with the server, where, and the command that meets it.
#[test]
fn every_error_has_its_sentence() {
    let probe: &[&str] = &["connect", "JIRA", "--dry-run"];
    let ask: &[&str] = &["jql", JQL];
    let rows: [(&str, &str, Fault, &[&str]); 16] = [
        ("a page to log in on", "serverInfo", Fault::login_page(), probe),
        ("no such path", "serverInfo", Fault::not_found(), probe),
        ("a proxy without a server", "serverInfo", Fault::proxy(), probe),
        ("sent on", "serverInfo", Fault::redirect("https://new.example.org/x"), probe),
        ("cut short", "serverInfo", Fault::Cut, probe),
        ("closed", "serverInfo", Fault::Closed, probe),
        ("token expired", "myself", Fault::unauthorized(), probe),
        ("wrong password on an old server", "myself", Fault::seraph(), probe),
        ("CAPTCHA", "myself", Fault::captcha(), probe),
        ("forbidden", "search", Fault::forbidden(), ask),
        ("gone", "search", Fault::gone(), ask),
        ("not found", "search", Fault::not_found(), ask),
        ("too many requests", "search", Fault::too_many(Some(0)), ask),
        ("broken", "search", Fault::broken(), ask),
        ("unavailable", "search", Fault::unavailable(Some(0)), ask),
        ("torn", "search", Fault::Torn, ask),
    ];
    let desk = Desk::ready(Kind::DataCenter, 3);
    let mut said = String::new();
    for (what, path, fault, arguments) in rows {
        desk.jira.behave(desk.honest.clone().fault(path, Which::Each, fault));
        said.push_str(&format!("# {what}\n{}\n", desk.say(arguments)));
    }
    desk.jira.behave(desk.honest.clone());
    insta::assert_snapshot!(said);
}

// Other systems have other words for a refused connection.
#[cfg(target_os = "linux")]
#[test]
fn every_way_that_does_not_lead_to_jira_has_its_sentence() {
    let desk = Desk::with(Kind::DataCenter, 3);
    let tls = desk.jira.url().replace("http://", "https://");
    let mut said = desk.talk(&[
        &["connect", "ftp://jira.example.org", "--dry-run"],
        &["connect", "https://no-such-host.invalid", "--dry-run"],
        &["connect", "http://127.0.0.1:1", "--dry-run"],
    ]);
    let ended = desk.run(&["connect", "JIRA", "--dry-run", "--ca-bundle", "nowhere.pem"]);
    ended.failed(1, &["certificates", "nowhere.pem", "PEM file"]);
    let ended = desk.run(&["connect", &tls, "--dry-run"]);
    ended.failed(1, &["answers, but not by https", "write http://"]);
    let mut proxied = desk.command(&["connect", "https://jira.example.org", "--dry-run"]);
    said.push_str(&finish(proxied.env("ALL_PROXY", "http://127.0.0.1:1")).err);
    let mut without = desk.command(&["connect", "JIRA", "--dry-run"]);
    said.push_str(&finish(without.env_remove("BURNDOWN_JIRA_TOKEN")).err);
    insta::assert_snapshot!(said);
}

/// A nightly job can tell that some queries failed from that all did, and -q tells which.
#[test]
fn some_that_failed_are_told_from_all_that_did() {
    let desk = Desk::ready(Kind::DataCenter, 3);
    desk.run(&["query", "create", "project = ", "--name", "Broken"]).answer();
    let some = desk.run(&["sync", "--all", "--force", "-q"]);
    assert_eq!((some.code, some.out.as_str()), (4, ""), "{}", some.err);
    let said: Vec<&str> = some.err.lines().collect();
    assert!(
        matches!(&*said, [which, how_many] if which.starts_with("Broken: ")
        && how_many.contains("1 of 2 queries could not be synced")),
        "{said:?}"
    );
    let told = desk.run(&["sync", "--all", "--force", "--json"]);
    assert!(told.code == 4 && told.err.contains("\"kind\":\"partly_failed\""), "{}", told.err);
    desk.run(&["query", "delete", "Broken", "--yes"]).answer();
    let fine = desk.run(&["sync", "--all", "--force", "-q"]);
    assert_eq!((fine.code, fine.out.as_str(), fine.err.as_str()), (0, "", ""));
    desk.jira
        .behave(desk.honest.clone().login(Login::Bearer("other".to_owned()), Anonymous::Refused));
    assert_eq!(desk.run(&["sync", "--all", "--force", "-q"]).code, 1);
}

/// Method, path, status and time of each request, and nothing that is a secret.
#[test]
fn each_request_is_shown_to_those_who_ask() {
    let desk = Desk::ready(Kind::DataCenter, 3);
    let said = desk.run(&["sync", "All", "-vv"]).err;
    let requests: Vec<&str> = said.lines().filter(|line| line.contains("Jira answered")).collect();
    assert!(requests.len() >= 2, "{said}");
    for line in requests {
        let has = |part| line.contains(part);
        assert!(
            has("method=") && has("path=\"/rest/") && has("status=200") && has("ms="),
            "{line}"
        );
        assert!(!has(TOKEN) && !has("Bearer") && !has("jql="), "{line}");
    }
    assert!(!desk.run(&["sync", "All", "-v"]).err.contains("Jira answered"));
}

/// A look for changes costs what Jira says of each issue unasked, not the issues.
#[test]
fn a_sync_without_changes_takes_few_of_the_bytes() {
    for kind in [Kind::DataCenter, Kind::Cloud] {
        let desk = Desk::ready(kind, 500);
        let (first, second) = (desk.synced(&[]), desk.synced(&["--force"]));
        assert_eq!((&first["new"], &second["unchanged"]), (&500.into(), &500.into()));
        let bytes = |sync: &Value| sync["bytes"].as_u64().unwrap();
        let (first, second) = (bytes(&first), bytes(&second));
        assert!(second * 100 <= first * 8, "{second} of {first}");
    }
}
