//! What a Jira has besides issues, and what it says to a JQL.

use std::sync::Arc;

use fake_jira::{Anonymous, Behaviour, FakeJira, Kind, POINTS_FIELD, SPRINT_FIELD, World};
use jira::{Client, ClientOptions, Error, Login, Site, discover};
use model::Token;

use crate::patience::Noted;
use crate::scripted::{Scripted, json, myself, server_info};
use crate::world::{KINDS, client, three_projects};

#[test]
fn lists_are_read_from_both_kinds() {
    for kind in KINDS {
        let server =
            FakeJira::start(World::generated(50, 3), kind, Behaviour::honest(kind)).unwrap();
        let client = client(&server);
        let statuses = client.statuses().unwrap();
        let done: Vec<_> =
            statuses.iter().filter(|s| s.category.as_deref() == Some("done")).collect();
        assert_eq!(done.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["Done"]);
        assert!(
            client
                .issue_types()
                .unwrap()
                .iter()
                .any(|t| t.name == "Bug" && t.place.is_subtask == Some(false))
        );
        assert!(client.priorities().unwrap().iter().any(|p| p.name == "High"));
        client.resolutions().unwrap();
        client.versions("DEMO").unwrap();
        assert!(matches!(client.versions("NO/../WHERE"), Err(Error::NotFound { .. })));
        let found = discover(&client.fields().unwrap(), &[]);
        assert_eq!(found.points.first().unwrap().field_id, POINTS_FIELD);
        assert_eq!(found.sprint.first().unwrap().field_id, SPRINT_FIELD);
        assert!(matches!(client.myself(), Err(Error::Login { .. })));
        for board in client.boards("DEMO").unwrap() {
            client.board_setup(&board.id).unwrap();
        }
    }
}

#[test]
fn a_jql_is_tried_without_walking() {
    for kind in KINDS {
        let server = FakeJira::start(three_projects(30), kind, Behaviour::honest(kind)).unwrap();
        let client = client(&server);
        let before = server.requests().len();
        let check = client.check_jql("project = A ORDER BY key", 10).unwrap();
        assert!(server.requests().len() - before <= 2);
        assert_eq!((check.count, check.is_exact), (Some(30), kind == Kind::DataCenter));
        assert_eq!(check.samples.len(), 10);
        let first = check.samples.first().unwrap();
        assert_eq!(
            (first.key.as_str(), first.status.as_str(), first.issue_type.as_str()),
            ("A-1", "To Do", "Story")
        );
        assert!(first.created.is_some() && first.updated.is_some() && !first.summary.is_empty());
        assert!(check.samples.iter().all(|s| s.status == "To Do" && s.issue_type == "Story"));
        assert!(!check.may_be_hidden);
        assert!(
            client.check_jql("project = A AND status = Done", 10).is_err() || kind == Kind::Cloud
        );
        let none = client.check_jql("project = A AND summary ~ nothing", 10).unwrap();
        assert_eq!((none.count, none.may_be_hidden), (Some(0), true));
    }
}

/// A text that no reader takes spoils the answer for all samples: they come without texts.
#[test]
fn a_jql_is_tried_though_a_text_is_broken() {
    let server = Scripted::start(|_, asked| match asked.line.as_str() {
        line if line.contains("serverInfo") => server_info("Server"),
        line if line.contains("myself") => myself(),
        _ if asked.body.contains("summary") => json(200, r#"{"total":1,"issues":[{"id":"#),
        _ => json(
            200,
            r#"{"total":1,"issues":[{"id":"1","key":"A-1","fields":{"created":"2026-01-01T00:00:00.000+0000"}}]}"#,
        ),
    });
    let login = Login::Bearer(Token::new("token").unwrap());
    let site = Site { base_url: server.url(), login };
    let options = ClientOptions { tries_max: 1, ..ClientOptions::default() };
    let client = Client::connect(site, &options, Arc::new(Noted::default())).unwrap();
    let check = client.check_jql("project = A", 10).unwrap();
    assert_eq!((check.count, check.samples.len()), (Some(1), 1));
    assert_eq!(check.samples[0].key, "A-1");
    assert!(check.warnings[0].contains("damaged"), "{:?}", check.warnings);
}

#[test]
fn fields_that_no_issue_has_are_named() {
    for kind in KINDS {
        let server =
            FakeJira::start(World::generated(20, 3), kind, Behaviour::honest(kind)).unwrap();
        let client = client(&server);
        let fields = ["summary", POINTS_FIELD, "customfield_99999"].map(str::to_owned);
        for (jql, want) in
            [("project = DEMO", &fields[2..]), ("key = DEMO-1 AND key = DEMO-2", &[])]
        {
            assert_eq!(client.absent_fields(jql, &fields, 10).unwrap(), want, "{kind:?} {jql}");
        }
    }
}

#[test]
fn a_wrong_jql_is_answered_in_the_words_of_jira() {
    for kind in KINDS {
        let server = FakeJira::start(three_projects(2), kind, Behaviour::honest(kind)).unwrap();
        let client = client(&server);
        for (jql, want) in [
            ("project = NOWHERE", "The value 'NOWHERE' does not exist for the field 'project'"),
            ("colour = red", "Field 'colour' does not exist"),
            ("project = ", "JQL"),
        ] {
            let error = client.check_jql(jql, 5).unwrap_err();
            assert!(matches!(error, Error::Jql { .. }), "{error:?}");
            assert!(error.to_string().contains(want), "{error}");
        }
        let all = client.check_jql("ORDER BY created", 5);
        match kind {
            Kind::Cloud => assert_eq!(all, Err(Error::Unbounded)),
            Kind::DataCenter => assert_eq!(all.unwrap().count, Some(6)),
        }
    }
}

#[test]
fn a_login_is_tried_when_connecting() {
    let token = |text: &str| Token::new(text).unwrap();
    let basic =
        |secret: &str| Login::Basic { email: "me@x.example".to_owned(), token: token(secret) };
    let bearer = |secret: &str| Login::Bearer(token(secret));
    let known = fake_jira::Login::Bearer("right".to_owned());
    let pair = fake_jira::Login::Basic("me@x.example".to_owned(), "right".to_owned());
    for (kind, accepted, login, want) in [
        (Kind::DataCenter, &known, bearer("right"), Ok(())),
        (Kind::DataCenter, &known, bearer("wrong"), Err("Personal Access Tokens")),
        (Kind::DataCenter, &known, basic("right"), Err("without an e-mail")),
        (Kind::Cloud, &pair, basic("right"), Ok(())),
        (Kind::Cloud, &pair, basic("wrong"), Err("id.atlassian.com")),
        (Kind::Cloud, &pair, bearer("right"), Err("give the e-mail as well")),
    ] {
        let behaviour = Behaviour::honest(kind).login(accepted.clone(), Anonymous::Nothing);
        let behaviour = behaviour.context("/jira");
        let server = FakeJira::start(three_projects(1), kind, behaviour).unwrap();
        let site = Site { base_url: format!("{}/browse/A-1", server.url()), login };
        let patience = std::sync::Arc::new(Noted::default());
        let got = Client::connect(site, &ClientOptions::default(), patience);
        match (got.map(drop), want) {
            (Ok(()), Ok(())) => {}
            (Err(error), Err(want)) => assert!(error.to_string().contains(want), "{error}"),
            (got, want) => panic!("{got:?}, not {want:?}"),
        }
    }
}
