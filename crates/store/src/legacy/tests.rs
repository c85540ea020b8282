//! The codecs take every known shape and give it back.

use model::{Json, Object, Profile, ProfileId, Query, QueryKey, TimeZone};

use super::split::{End, Piece, split};
use super::*;

fn object(text: &str) -> Object {
    match Json::parse(text).unwrap() {
        Json::Object(object) => object,
        _ => panic!("not an object"),
    }
}

/// Pieces of `bytes`, one a line, and how it ended.
fn pieces(bytes: &[u8]) -> (String, End) {
    let mut seen = String::new();
    let end = split::<_, std::io::Error>(bytes, &["issues"], &mut |piece| {
        let line = match &piece {
            Piece::Member(name, text) => format!("{name}={}\n", text.text),
            Piece::Element(name, text) => format!("{name}[]{}\n", text.text),
        };
        seen.push_str(&line);
        Ok(())
    });
    (seen, end.unwrap())
}

#[test]
fn whole_files_are_split() {
    let (seen, end) =
        pieces(b" {\"a\" : 1, \"issues\": [ {\"k\":\"]\"} , 2 ], \"b\":\"\\\"}\" } \n");
    assert_eq!(seen, "a=1\nissues[]{\"k\":\"]\"}\nissues[]2\nb=\"\\\"}\"\n");
    assert_eq!((end.broken_at, end.trailing_text, end.hand_edits), (None, false, 0));
    assert_eq!(pieces(b"[1,[2]]").0, "[]1\n[][2]\n");
    assert_eq!(pieces(b"{}").1.broken_at, None);
}

#[test]
fn broken_files_give_what_is_complete() {
    #[track_caller]
    fn check(text: &str, want: &str, broken_at: Option<u64>) {
        let (seen, end) = pieces(text.as_bytes());
        assert_eq!((seen.as_str(), end.broken_at), (want, broken_at), "{text}");
    }
    check("", "", Some(0));
    check("\0\0\0", "", Some(0));
    check("{\"a\":1", "", Some(5));
    check("{\"a\":1,\"b\":2", "a=1\n", Some(11));
    check("{\"a\":{\"x\":1}", "a={\"x\":1}\n", Some(12));
    check("{\"issues\":[{\"k\":1},{\"k\":2", "issues[]{\"k\":1}\n", Some(19));
    check("{\"a\":1 \"b\":2}", "a=1\n", Some(7));
    check("{\"a\":1,}", "a=1\n", None);
    check("{// note\n\"a\":1 /* x */}", "a=1\n", None);
    check("{\"a\":1} {\"b\":2}", "a=1\n", None);
    assert!(pieces(b"{\"a\":1} x").1.trailing_text);
}

#[test]
fn zeros_are_stepped_over_where_items_begin_their_lines() {
    let zeros = "\0".repeat(40);
    #[track_caller]
    fn check(text: &str, want: &str, gaps: &[u64], broken_at: Option<u64>) {
        let (seen, end) = pieces(text.as_bytes());
        let found: Vec<u64> = end.gaps.iter().map(|gap| gap.at).collect();
        assert_eq!((seen.as_str(), found.as_slice(), end.broken_at), (want, gaps, broken_at));
        assert_eq!(end.damaged_at(), gaps.iter().copied().chain(broken_at).min());
    }
    let list = |middle: &str| {
        format!(
            "{{\n  \"issues\": [\n    {{\"k\":1}},\n    {middle}\n    {{\"k\":9}}\n  ],\n  \"n\": 2\n}}"
        )
    };
    let want = "issues[]{\"k\":1}\nissues[]{\"k\":9}\nn=2\n";
    check(&list(&format!("{{\"k\":2, {zeros}")), want, &[33], None);
    check(&list(&format!("{zeros}\"k\":3}},")), want, &[33], None);
    // The beginning of one and the end of another do not make a third one.
    check(&list(&format!("{{\"k\":\"a{zeros}b\"}},")), want, &[33], None);
    // The list ends in the gap.
    let text = format!("{{\n  \"issues\": [\n    {{\"k\":1}},\n    {zeros}],\n  \"n\": 2\n}}");
    check(&text, "issues[]{\"k\":1}\nn=2\n", &[33], None);
    // Members, and a gap up to the end.
    let text = format!("{{\n  \"a\": 1,\n  \"b\": {{{zeros},\n  \"c\": 3,\n{zeros}");
    check(&text, "a=1\nc=3\n", &[19], Some(text.len() as u64 - 40));
    // On one line nothing says where an item begins.
    let text = format!("{{\"issues\":[{{\"k\":1}},{{\"k\":{zeros}}},{{\"k\":3}}]}}");
    check(&text, "issues[]{\"k\":1}\n", &[], Some(19));
}

#[test]
fn whatever_breaks_an_item_costs_that_item_and_no_other() {
    let item =
        |number: u32| format!("    {{\n      \"k\": \"v{number}\",\n      \"n\": {number}\n    }}");
    let items: Vec<String> = (1..=5).map(item).collect();
    let text = format!("{{\n  \"issues\": [\n{}\n  ],\n  \"last\": 7\n}}", items.join(",\n"));
    let kept = |text: &str| {
        let (seen, _) = pieces(text.as_bytes());
        assert!(seen.ends_with("last=7\n"), "{seen}");
        (1..=5).filter(|number| seen.contains(&format!("\"v{number}\""))).count()
    };
    // A quote with one bit changed, brackets that are none any more, and lines of a merge.
    for (from, to) in [
        ("\"v3\"", "#v3\""),
        ("\"v3\"", "\"v3#"),
        ("    {\n      \"k\": \"v3", "    [\n      \"k\": \"v3"),
        ("\"n\": 3\n    }", "\"n\": 3\n    ~"),
        ("\"n\": 3\n    },", "\"n\": 3\n    };"),
        ("      \"n\": 3\n", "<<<<<<< HEAD\n=======\n{{{{\n"),
    ] {
        let damaged = text.replacen(from, to, 1);
        assert_ne!(damaged, text);
        assert!(kept(&damaged) >= 3, "{from} as {to}: {}", pieces(damaged.as_bytes()).0);
    }
    let noise = text.replacen("\"k\": \"v3\",\n      \"n\": 3\n    },", &"\u{7f}".repeat(60), 1);
    assert!(kept(&noise) >= 3);
}

#[test]
fn encodings_are_converted() {
    let text = "{\"a\":\"Größe 🚀\"}";
    let want = "a=\"Größe 🚀\"\n";
    let wide: Vec<u16> = std::iter::once(0xFEFF).chain(text.encode_utf16()).collect();
    let little: Vec<u8> = wide.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = wide.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    assert_eq!(pieces(&[b"\xEF\xBB\xBF", text.as_bytes()].concat()).0, want);
    assert_eq!(pieces(&little).0, want);
    assert_eq!(pieces(&big).0, want);
    assert_eq!(pieces(&little[2..]).0, want);
    assert_eq!(pieces(b"{\"a\":\"Gr\xf6\xdfe\"}").0, "a=\"Größe\"\n");
}

#[test]
fn long_values_cross_windows() {
    let long = "x".repeat(3 << 20);
    let text = format!("{{\"a\":\"{long}\",\"issues\":[\"{long}\",1]}}");
    assert_eq!(pieces(text.as_bytes()).0, format!("a=\"{long}\"\nissues[]\"{long}\"\nissues[]1\n"));
}

fn round_trip_profile(text: &str) -> (Object, Vec<FindingKind>) {
    let id = ProfileId::new("p_1").unwrap();
    let decoded = profile::decode(&id, object(text), &TimeZone::UTC);
    let kinds = decoded.findings.iter().map(|finding| finding.kind).collect();
    let profile = Profile {
        id,
        name: decoded.name.unwrap_or_default(),
        description: decoded.description,
        created_at: decoded.created_at,
        last_used: decoded.last_used,
        settings: decoded.settings,
    };
    (profile::encode(&profile), kinds)
}

#[test]
fn settled_profiles_come_back_equal() {
    let text = r#"{"id":"p_1","name":"N","description":"","created_at":"2025-12-22T16:05:02.176551+00:00",
        "last_used":"2025-12-22T16:05:03.100Z","jira_config":{"base_url":"x","points_field":""},
        "field_mappings":{},"forecast_settings":{"deadline":null},"project_classification":{},
        "flow_type_mappings":null,"queries":[],"active_query_id":null,"show_milestone":true,
        "show_points":["show"],"setup_status":{"a":1},"budget":{"x":1}}"#;
    let (encoded, kinds) = round_trip_profile(text);
    assert!(Json::Object(encoded).means_same(&Json::parse(text).unwrap()));
    assert_eq!(kinds, [FindingKind::OddSetting, FindingKind::UnknownMember]);
}

#[test]
fn flat_settings_move_to_their_groups() {
    let (encoded, kinds) = round_trip_profile(
        r#"{"name":"N","pert_factor":3,"milestone":null,"completion_statuses":["Done"],
            "production_environment_value":"PROD","jira_token":"secret","jira_story_points_field":"cf",
            "jira_api_endpoint":"https://j.example.org/rest/api/2/search","jql_query":"project = A"}"#,
    );
    let want = r#"{"id":"p_1","name":"N","forecast_settings":{"pert_factor":3,"milestone":null},
        "project_classification":{"flow_end_statuses":["Done"],"production_environment_values":["PROD"]},
        "jira_config":{"base_url":"https://j.example.org","api_version":"v2","points_field":"cf"},
        "jql_query":"project = A"}"#;
    let want = Json::parse(want).unwrap();
    assert!(
        Json::Object(encoded.clone()).means_same(&want),
        "{}",
        Json::Object(encoded).to_compact()
    );
    assert!(kinds.contains(&FindingKind::SecretRemoved) && kinds.contains(&FindingKind::Moved));
}

#[test]
fn nested_settings_win_over_flat_ones_and_both_stay() {
    let text = r#"{"id":"p_1","name":"N","forecast_settings":{"pert_factor":6},"pert_factor":3}"#;
    let (encoded, _) = round_trip_profile(text);
    assert!(encoded.get("pert_factor").is_some());
    assert_eq!(encoded.get("forecast_settings").unwrap().to_compact(), r#"{"pert_factor":6}"#);
}

#[test]
fn queries_and_wrong_types() {
    let key = QueryKey::parse("p", "q").unwrap();
    let text = r#"{"name":5,"jql":null,"description":["a"],"created_at":{},"x":1}"#;
    let decoded = query::decode(&key, object(text), &TimeZone::UTC);
    assert_eq!((decoded.name.as_deref(), decoded.jql.as_deref()), (Some("5"), None));
    let kinds: Vec<_> = decoded.findings.iter().map(|finding| finding.kind).collect();
    use FindingKind::{Coerced, NullText, UnknownMember, WrongType};
    assert_eq!(kinds, [Coerced, NullText, Coerced, WrongType, UnknownMember]);
    let query = Query {
        key,
        name: "N".into(),
        jql: String::new(),
        description: None,
        created_at: None,
        updated_at: None,
        last_used: None,
        extra: decoded.extra,
    };
    assert_eq!(Json::Object(query::encode(&query)).to_compact(), r#"{"name":"N","jql":"","x":1}"#);
}

#[test]
fn weeks_round_trip() {
    let text = r#"{"2025-W44":{"flow_time":{"median_days":NaN,"forecast":{"v":1}},"trends":null}}"#;
    let Json::Object(weeks) = Json::parse(text).unwrap() else { panic!() };
    let mut all = Vec::new();
    for (label, week) in weeks {
        let (snapshots, findings) = snapshot::decode_week(&label, week).unwrap();
        assert!(findings.is_empty());
        all.extend(snapshots);
    }
    assert_eq!(all.len(), 2);
    assert!(Json::Object(snapshot::encode(&all)).means_same(&Json::parse(text).unwrap()));
    assert!(snapshot::decode_week("soon", Json::Object(Object::new())).is_none());
    let (_, findings) = snapshot::decode_week("2025-44", Json::Object(Object::new())).unwrap();
    assert_eq!(findings.len(), 2);
}

#[test]
fn codes_are_unique() {
    let codes: std::collections::HashSet<_> =
        FindingKind::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(codes.len(), FindingKind::ALL.len());
}
