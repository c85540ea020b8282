//! Deliveries, as whoever types their commands sees them.

use fake_jira::{Behaviour, FakeJira, Kind, World};
use serde_json::{Value, json};

use crate::program::{BINARY, Ended, command, run};
use crate::samples::Workspace;
use crate::serving::Server;

fn delivery(workspace: &Workspace, arguments: &[&str]) -> Ended {
    run(&workspace.path, &[&["delivery"], arguments].concat())
}

/// The names of all, in their order.
fn names(workspace: &Workspace) -> Vec<String> {
    let found = delivery(workspace, &["list", "--json"]).json();
    let all = found["deliveries"].as_array().unwrap().iter();
    all.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_delivery_is_made_shown_changed_and_taken_away() {
    let workspace = Workspace::migrated();
    let said = delivery(&workspace, &["list"]).answer();
    assert!(said.starts_with("No delivery yet."), "{said}");
    let said = delivery(&workspace, &["add", "type = bug", "--target", "2026-06-01"]).answer();
    assert!(said.starts_with("As of 22 Dec 2025 ("), "{said}");
    let first = said.lines().next().unwrap();
    assert!(first.contains("): bug: 85 % likely done was "), "{said}");
    assert!(first.contains(", a day that has passed, if "), "{said}");
    assert!(said.contains("done     18 of 26 items; 8 open"), "{said}");
    assert!(said.contains("Target 1 Jun 2026, a day that has passed, stood at "), "{said}");
    delivery(&workspace, &["add", "all", "--name", "Everything"]).answer();
    assert_eq!(names(&workspace), ["bug", "Everything"]);
    delivery(&workspace, &["order", "everything", "1"]).answer();
    assert_eq!(names(&workspace), ["Everything", "bug"]);
    let edit = ["edit", "bug", "--name", "Bugs", "--target", "", "--split", "share"];
    let said = delivery(&workspace, &edit).answer();
    assert!(said.contains("By share: ") && !said.contains("Target"), "{said}");
    let said = delivery(&workspace, &["state", "Bugs", "done"]).answer();
    assert!(said.contains("): Bugs: It was said to be over."), "{said}");
    delivery(&workspace, &["remove", "Bugs"]).answer();
    assert_eq!(names(&workspace), ["Everything"]);
}

/// One setting says how sure every sentence is.
#[test]
fn another_chance_can_be_told_everywhere() {
    let workspace = Workspace::migrated();
    delivery(&workspace, &["add", "type = bug"]).answer();
    let ask = |arguments: &[&str]| run(&workspace.path, arguments).answer();
    ask(&["settings", "set", "percent", "50"]);
    for arguments in [&["answers"][..], &["forecast"], &["delivery", "show", "bug"]] {
        let said = ask(arguments);
        let sentences = |percent: &str| said.contains(&format!("{percent} % likely"));
        assert!(sentences("50") && !sentences("85"), "{arguments:?}: {said}");
    }
    let page = Server::start(&workspace, &["--port", "0"]).get("/").1;
    assert!(page.contains("50 % likely") && !page.contains("85 % likely"), "{page}");
    let said = ask(&["forecast", "--percent", "85"]);
    assert!(said.contains("85 % likely"), "what is asked for goes first: {said}");
    let refused = run(&workspace.path, &["settings", "set", "percent", "80"]);
    refused.failed(2, &["one of 50, 70, 85, 95"]);
}

#[test]
fn what_is_wrong_with_a_delivery_is_said() {
    let workspace = Workspace::migrated();
    for (arguments, code, said) in [
        (&["add", "colour = red"][..], 2, "all, or one of fix version, epic"),
        (&["add", "all", "--target", "soon"], 2, "2025-11-24"),
        (&["add", "all", "--split", "half"], 2, "it can be order or share"),
        (&["add", "all", "--query", "nowhere"], 1, "there is no query \"nowhere\""),
        (&["show", "missing"], 1, "there is no delivery \"missing\", and none at all yet"),
    ] {
        let ended = delivery(&workspace, arguments);
        assert_eq!((ended.code, ended.out.as_str()), (code, ""), "{arguments:?}: {}", ended.err);
        assert!(ended.err.contains(said), "{arguments:?}: {}", ended.err);
    }
    assert_eq!(names(&workspace), [""; 0]);
}

#[test]
fn a_delivery_outlives_its_query_and_travels_with_its_profile() {
    let workspace = Workspace::migrated();
    let run = |arguments: &[&str]| run(&workspace.path, arguments);
    let add = ["delivery", "add", "type = Bug", "--target", "2026-06-01"];
    run(&add).answer();
    // Tokens do not come back with a profile, so what helps against old data is another thing.
    let shown = || {
        let mut shown = run(&["delivery", "show", "Bug", "--json"]).json();
        shown["stale"].take();
        shown["trail"].take();
        shown
    };
    let before = shown();
    run(&["query", "delete", "All issues", "--yes"]).answer();
    let gone = run(&["delivery", "show", "Bug", "--json"]).json();
    assert_eq!(gone["queries"][0]["is_gone"], true);
    assert_eq!(gone["queries"][0]["name"], "All issues");
    assert_eq!(gone["standing"]["reason_code"], "no_queries");
    let trash = run(&["trash", "list", "--json"]).json();
    run(&["trash", "restore", trash["entries"][0]["id"].as_str().unwrap()]).answer();
    assert_eq!(shown(), before);
    // A profile takes its deliveries along.
    run(&["export", "profile.json"]).answer();
    run(&["profile", "delete", "Apache Kafka", "--yes"]).answer();
    let trash = run(&["trash", "list", "--json"]).json();
    run(&["trash", "restore", trash["entries"][0]["id"].as_str().unwrap()]).answer();
    assert_eq!(shown(), before);
    run(&["import", "profile.json", "--name", "Twin"]).answer();
    let twin = run(&["delivery", "show", "Bug", "--profile", "Twin", "--json"]).json();
    assert_eq!(twin["standing"], before["standing"]);
    assert_eq!(twin["forecast"], before["forecast"]);
    assert_ne!(twin["queries"][0]["profile"], before["queries"][0]["profile"]);
}

#[test]
fn past_days_are_not_known_where_histories_hold_the_status_alone() {
    let workspace = Workspace::migrated();
    delivery(&workspace, &["add", "type = Bug"]).answer();
    let show = |more: &[&str]| -> Value {
        let asked = [&["show", "Bug", "--as-of", "2025-10-12", "--json"], more].concat();
        delivery(&workspace, &asked).json()
    };
    let unknown = show(&[]);
    for part in ["standing", "forecast"] {
        assert_eq!(unknown[part]["reason_code"], "no_membership_history", "{part}");
        assert_eq!(unknown[part]["remedy_code"], "sync_now");
    }
    assert_eq!(unknown["weeks"], Value::Array(Vec::new()));
    let of_today = show(&["--membership", "today"]);
    assert_eq!(of_today["membership"], "today");
    assert!(of_today["standing"]["value"]["scope"].as_u64().unwrap() > 5);
}

/// The start page, `answers` and the JSON interface say the same of what runs, and nothing of what
/// is over.
#[test]
fn running_deliveries_are_on_the_first_page() {
    let workspace = Workspace::migrated();
    delivery(&workspace, &["add", "type = Bug", "--target", "2026-06-01"]).answer();
    delivery(&workspace, &["add", "all", "--name", "Everything & more"]).answer();
    delivery(&workspace, &["add", "type = Task", "--name", "Over"]).answer();
    delivery(&workspace, &["state", "Over", "done"]).answer();
    let found = run(&workspace.path, &["answers", "--json"]).json();
    let rows = found["deliveries"].as_array().unwrap();
    let names: Vec<&str> = rows.iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Bug", "Everything & more"]);
    let text = run(&workspace.path, &["answers"]).answer();
    let server = Server::start(&workspace, &["--port", "0"]);
    let (_, page) = server.get("/");
    let (_, api) = server.get("/api/v1/answers");
    let api: Value = serde_json::from_str(&api).unwrap();
    assert_eq!(api["deliveries"], found["deliveries"]);
    assert!(page.contains(">Everything &amp; more</a>") && !page.contains(">Over</a>"));
    for row in rows {
        let name = row["name"].as_str().unwrap();
        let shown = delivery(&workspace, &["show", name, "--json"]).json();
        assert_eq!(row["standing"], shown["standing"]);
        assert_eq!(row["odds"], shown["forecast"]["value"]["target"]);
        let said = delivery(&workspace, &["show", name]).answer();
        let first = said.lines().next().unwrap();
        let (since, sentence) = first.split_once(&format!("{name}: ")).unwrap();
        let lines = format!("{name} (Apache Kafka)\n  {since}{sentence}\n");
        assert!(text.contains(&lines), "{first}: {text}");
        assert!(page.contains(&format!("<td>{since}{sentence}</td>")), "{first}: {page}");
    }
    assert!(text.contains("  Target 1 Jun 2026, a day that has passed"), "{text}");
    let of_profile = run(&workspace.path, &["answers", "kafka", "--json"]).json();
    assert_eq!(of_profile["deliveries"], found["deliveries"], "that of their profile counts too");
    let none = run(&workspace.path, &["answers", "nothing of that name"]).answer();
    assert_eq!(none, "there is no such query or delivery\n");
}

/// Issues of a project: so many a week, more in some and fewer in others, done in the twelve weeks
/// before 2025-06-23, and `open` ones.
fn team(project: &str, a_week: u64, open: u64) -> Vec<Value> {
    let first: model::Timestamp = "2025-03-31T10:00:00Z".parse().unwrap();
    let issue = |number: u64| {
        let is_done = number < 12 * a_week;
        let week = if number.is_multiple_of(3) { number % 5 } else { number % 12 };
        let at = first + std::time::Duration::from_secs(week * 7 * 86_400);
        let at = at.strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string();
        let (id, name, category) =
            if is_done { ("5", "Done", "done") } else { ("1", "Open", "new") };
        let done = json!([{"id": "1", "created": at, "items": [{"field": "status", "from": "1",
            "fromString": "Open", "to": "5", "toString": "Done"}]}]);
        let histories = if is_done { done } else { json!([]) };
        json!({"key": format!("{project}-{}", number + 1),
            "fields": {"project": {"key": project}, "created": "2025-03-24T10:00:00.000+0000",
                "issuetype": {"id": "1", "name": "Task", "subtask": false},
                "status": {"id": id, "name": name, "statusCategory": {"key": category}}},
            "changelog": {"total": histories.as_array().unwrap().len(), "histories": histories}})
    };
    (0..12 * a_week + open).map(issue).collect()
}

/// A workspace with the queries of projects, synced from a server with these issues.
fn synced(issues: &[Value], projects: &[&str]) -> Workspace {
    let mut world = World::new();
    for issue in issues {
        world.take_in(issue).unwrap();
    }
    let server = FakeJira::start(world, Kind::Cloud, Behaviour::honest(Kind::Cloud)).unwrap();
    let workspace = Workspace::empty();
    let run = |arguments: &[&str]| run(&workspace.path, arguments).answer();
    run(&["connect", server.url(), "--profile", "Teams", "--public"]);
    for project in projects {
        run(&["query", "create", &format!("project = {project}"), "--name", project]);
    }
    run(&["sync", "--all"]);
    workspace
}

/// What is said of a delivery as of the end of the weeks of [`team`].
fn said(workspace: &Workspace, name: &str) -> Value {
    let show = ["show", name, "--as-of", "2025-06-22", "--json"];
    let said = delivery(workspace, &show).json();
    assert_eq!(said["forecast"]["state"], "known", "{said}");
    said["forecast"]["value"].clone()
}

/// A delivery that does not grow, behind one that does: its day and the odds of its target are of the
/// same futures. What is finished and still said to be running moves neither.
#[test]
fn the_odds_of_a_target_are_those_of_the_day_that_is_said() {
    let mut issues = team("T", 5, 36);
    for (place, issue) in issues.iter_mut().enumerate() {
        let fields = &mut issue["fields"];
        let label = match fields["status"]["id"].as_str() {
            Some("5") if place % 4 == 0 => "over",
            Some("5") => "other",
            _ if place % 2 == 0 => "second",
            _ => "first",
        };
        fields["labels"] = json!([label]);
        if label == "first" {
            let week = model::Week::parse("2025-W14").unwrap().number() + place as i32 % 11;
            let monday = model::Week::from_number(week).monday().unwrap();
            fields["created"] = json!(format!("{monday}T10:00:00.000+0000"));
        }
    }
    // Past days are known where histories hold more than the status.
    let summary = json!({"field": "summary", "fromString": "a", "toString": "b"});
    issues[0]["changelog"]["histories"][0]["items"].as_array_mut().unwrap().push(summary);
    let workspace = synced(&issues, &["T"]);
    for name in ["first", "second"] {
        delivery(&workspace, &["add", &format!("label = {name}")]).answer();
    }
    let [first, second] = ["first", "second"].map(|name| said(&workspace, name));
    let grows = first["assumes"][0]["growth_per_week"].as_f64();
    assert!(grows.is_some_and(|items| items > 0.0), "{first}");
    assert_eq!(second["assumes"][0]["growth_per_week"], Value::Null);
    let likely = &second["percentiles"][2];
    assert_eq!((&likely["percent"], &likely["date"]), (&json!(85), &likely["alone"]), "{second}");
    let day = likely["date"].as_str().unwrap_or_else(|| panic!("{second}\n{first}"));
    let day: model::Date = day.parse().unwrap();
    let chance_by = |target: model::Date| {
        delivery(&workspace, &["edit", "second", "--target", &target.to_string()]).answer();
        let target = said(&workspace, "second")["target"].clone();
        assert_eq!(target["growing"], Value::Null, "{target}");
        (target["chance"].as_f64().unwrap(), target["odds"]["percent"].as_f64())
    };
    let (chance, odds) = chance_by(day);
    assert!(chance >= 0.85 && odds == Some((chance * 100.0).floor()), "{chance}, {odds:?}");
    assert!(chance_by(day.yesterday().unwrap()).0 < 0.85);

    delivery(&workspace, &["add", "label = over", "--target", "2025-05-01"]).answer();
    let beside = said(&workspace, "first");
    let over = said(&workspace, "over");
    assert_eq!(over["target"]["odds"]["kind"], "missed", "{over}");
    assert_eq!(over["target"]["sentence_code"], "deadline_overrun", "{over}");
    let list = delivery(&workspace, &["list", "--as-of", "2025-06-22"]).answer();
    let line = list.lines().find(|line| line.contains("over")).unwrap();
    assert_eq!(line.matches(" done ").count(), 2, "{line}");
    delivery(&workspace, &["state", "over", "done"]).answer();
    assert_eq!(said(&workspace, "first"), beside);
}

/// A delivery on which two teams work is done when both are: the product of their chances.
#[test]
fn the_chances_of_several_teams_are_multiplied() {
    let issues = [team("SLOW", 2, 18), team("FAST", 5, 40)].concat();
    let workspace = synced(&issues, &["SLOW", "FAST"]);
    let chance = |queries: &[&str], target: &str| {
        let of = queries.iter().flat_map(|query| ["--query", query]);
        let add = ["add", "all", "--name", "It", "--target", target].into_iter().chain(of);
        delivery(&workspace, &add.collect::<Vec<_>>()).answer();
        let forecast = said(&workspace, "It");
        delivery(&workspace, &["remove", "It"]).answer();
        let teams = forecast["assumes"].as_array().unwrap().iter();
        let teams: Vec<&str> = teams.map(|one| one["team"].as_str().unwrap()).collect();
        assert_eq!(teams, queries);
        forecast["target"]["chance"].as_f64().unwrap()
    };
    let mut uncertain = 0;
    for target in ["2025-08-15", "2025-08-29", "2025-10-31"] {
        let [slow, fast] = ["SLOW", "FAST"].map(|query| chance(&[query], target));
        let both = chance(&["SLOW", "FAST"], target);
        assert!((both - slow * fast).abs() < 1e-9, "{target}: {slow} × {fast} = {both}");
        uncertain += u32::from(both > 0.01 && both < slow.min(fast));
    }
    assert!(uncertain > 0, "nothing was uncertain");
}

#[test]
fn two_of_one_name_are_named_by_their_ids() {
    let workspace = Workspace::migrated();
    let at = |arguments: &[&str]| run(&workspace.path, arguments);
    let name = "A rather long name of a delivery";
    for rule in ["type = Bug", "type = Story"] {
        at(&["delivery", "add", rule, "--name", name]).answer();
    }
    at(&["delivery", "show", name]).failed(2, &["several are called", "delivery list"]);
    let list = at(&["delivery", "list"]).answer();
    let ids: Vec<&str> =
        list.lines().skip(1).filter_map(|line| line.split(' ').next_back()).collect();
    assert_eq!(ids.len(), 2, "{list}");
    for id in ids {
        assert!(at(&["delivery", "show", id]).answer().contains("rule"), "{list}");
    }
}

/// A version of three queries with its day of release: what is offered is what is made, by the command
/// and by the form that the page leads to.
#[test]
fn what_is_offered_is_what_is_made() {
    let projects = ["A", "B", "C"];
    let mut issues: Vec<Value> = projects.iter().flat_map(|project| team(project, 1, 3)).collect();
    for issue in &mut issues {
        let version = json!([{"id": "7", "name": "2.0", "releaseDate": "2025-09-30"}]);
        issue["fields"]["fixVersions"] = version;
    }
    let workspace = synced(&issues, &projects);
    let offers = delivery(&workspace, &["offer", "--json"]).json();
    let offer = &offers["offers"][0];
    let rule = offer["rule"].as_str().unwrap_or_else(|| panic!("{offers}"));
    assert_eq!((&offer["day"], rule), (&json!("2025-09-30"), "fix version = \"2.0\""));
    assert_eq!(offer["queries"].as_array().unwrap().len(), 3, "{offers}");
    let server = Server::spawn(command(BINARY, &workspace.path).args(["serve", "--port", "0"]));
    let profile = offers["trail"]["profile"]["id"].as_str().unwrap();
    let list = server.get(&format!("/profiles/{profile}/deliveries")).1;
    let (link, _) = list.split_once("\">Make it a delivery").unwrap();
    let (_, link) = link.rsplit_once("href=\"").unwrap();
    let form = server.get(&link.replace("&amp;", "&")).1;
    assert!(form.contains("value=\"2025-09-30\""), "{form}");
    assert_eq!(form.matches(" checked").count(), 3, "{form}");
    let check = |arguments: &[&str], target: Value, queries: usize| {
        delivery(&workspace, arguments).answer();
        let made = delivery(&workspace, &["list", "--json"]).json();
        let made = made["deliveries"].as_array().unwrap().last().unwrap();
        assert_eq!(made["target"], target, "{arguments:?}: {made}");
        assert_eq!(made["queries"].as_array().unwrap().len(), queries, "{arguments:?}: {made}");
    };
    check(&["add", rule], json!("2025-09-30"), 3);
    check(&["add", "Fix Version = 2.0", "--target", "", "--query", "B"], Value::Null, 1);
    check(&["add", "type = Task"], Value::Null, 1);
}

/// The page says of dates that they are over, as the command does, and leads from each open item to its
/// page and to Jira, and to a sync of what is old.
#[test]
fn the_page_of_a_delivery_tells_what_its_command_tells() {
    let workspace = Workspace::migrated();
    delivery(&workspace, &["add", "type = Bug", "--name", "Bugs"]).answer();
    let said = delivery(&workspace, &["show", "Bugs"]).answer();
    let shown = delivery(&workspace, &["show", "Bugs", "--json"]).json();
    let server = Server::start(&workspace, &["--port", "0"]);
    let [profile, id] = ["profile", "id"].map(|name| shown[name].as_str().unwrap());
    let list = format!("/profiles/{profile}/deliveries");
    let [list, page] = [list.clone(), format!("{list}/{id}")].map(|path| server.get(&path).1);
    let passed = |text: &str| text.matches(", passed").count();
    assert!(passed(&said) > 4, "{said}");
    assert_eq!(passed(&page), passed(&said), "{page}");
    assert_eq!(passed(&list), 2, "{list}");
    let items = shown["keys"]["open_items"].as_array().unwrap();
    assert_eq!(items.len(), shown["keys"]["open"].as_array().unwrap().len());
    for item in items {
        let [key, status, url] = ["key", "status", "url"].map(|name| item[name].as_str().unwrap());
        let query = item["query"]["query"].as_str().unwrap();
        let own = format!("href=\"/profiles/{profile}/queries/{query}/issues/{key}\"");
        let jira = format!("href=\"{url}\" target=\"_blank\"");
        for part in [own, jira, format!(">{status}</span>")] {
            assert!(page.contains(&part), "{part}: {page}");
        }
    }
    for page in [list, page] {
        let strip = page.split("<aside class=\"stale").nth(1).unwrap_or_else(|| panic!("{page}"));
        assert!(strip.contains("/sync\">") && strip.contains("Sync "), "{strip}");
    }
}
