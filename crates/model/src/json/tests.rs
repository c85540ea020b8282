//! What the lenient reader accepts, keeps and refuses.

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(text: &str, compact: &str, want: Oddities) {
    let mut tape = Tape::new();
    let document = Document::parse(text, &mut tape).unwrap();
    assert_eq!(document.as_str(), compact);
    assert_eq!(Oddities { depth: 0, ..tape.oddities() }, want);
    let again = Json::parse(text).unwrap();
    assert!(again.means_same(&Json::parse(compact).unwrap()));
    assert!(again.means_same(&Json::parse(&again.to_indented()).unwrap()));
}

#[test]
fn keeps_every_token() {
    let clean = Oddities::default();
    check(" { \"a\" : [ 1 , 2.50 ] , \"b\" : { } } ", r#"{"a":[1,2.50],"b":{}}"#, clean);
    check(r#"["é","\u00e9","\ud83d\ude80"]"#, r#"["é","\u00e9","\ud83d\ude80"]"#, clean);
    check("[]", "[]", clean);
    check("[[],{},[[]]]", "[[],{},[[]]]", clean);
    check("-0.0e+05", "-0.0e+05", clean);
}

#[test]
fn counts_oddities() {
    let none = Oddities::default();
    check(
        "[NaN,Infinity,-Infinity]",
        "[NaN,Infinity,-Infinity]",
        Oddities { non_finite: 3, ..none },
    );
    check(
        r#"{"a":1,"b":2,"a":{"c":[3]}}"#,
        r#"{"b":2,"a":{"c":[3]}}"#,
        Oddities { repeated_members: 1, ..none },
    );
    check(r#"{"\u0061":1,"a":2}"#, r#"{"a":2}"#, Oddities { repeated_members: 1, ..none });
    check(r#""x\ud83dy""#, r#""x\ud83dy""#, Oddities { lone_surrogates: 1, ..none });
    check("18446744073709551616", "18446744073709551616", Oddities { wide_numbers: 1, ..none });
    check("1e400", "1e400", Oddities { wide_numbers: 1, ..none });
    check("[1, // one\n 2,]", "[1,2]", Oddities { hand_edits: 2, ..none });
    check("{/* x */\"a\":1,}", "{\"a\":1}", Oddities { hand_edits: 2, ..none });
    check("\"a\nb\"", "\"a\\u000ab\"", Oddities { control_characters: 1, ..none });
}

#[test]
fn many_repeated_members() {
    let members: Vec<String> = (0..40).map(|n| format!("\"m{}\":{n}", n % 20)).collect();
    let json = Json::parse(&format!("{{{}}}", members.join(","))).unwrap();
    assert_eq!(json.as_object().unwrap().len(), 20);
    assert_eq!(json.get("m3"), Some(&Json::integer(23)));
}

#[test]
fn refuses_with_a_position() {
    for (text, at) in [("", 0), ("{", 1), ("[1 2]", 3), ("{\"a\" 1}", 5), ("[1}", 2), ("01", 0)] {
        assert_eq!(Json::parse(text).unwrap_err().at, at, "{text}");
    }
    for text in ["tru", "1.", "\"abc", "\"\\x\"", "{1:2}", "[1] 2", "[,]", "{,}", "nul", "+1"] {
        assert!(Json::parse(text).is_err(), "{text}");
    }
}

#[test]
fn depth_is_no_danger() {
    let deep = format!("{}1{}", "[".repeat(200_000), "]".repeat(200_000));
    let mut tape = Tape::new();
    let document = Document::parse(&deep, &mut tape).unwrap();
    assert_eq!(document.as_str(), deep);
    let json = document.to_json().unwrap();
    assert_eq!(json.to_compact(), deep);
    assert!(json.means_same(&json.clone()));
}

#[test]
fn numbers_compare_by_value() {
    for (a, b) in [("1", "1.0"), ("10", "1e1"), ("0.5", "5E-1"), ("0", "-0.0"), ("1e+5", "100000")]
    {
        assert_eq!(canonical_number(a), canonical_number(b), "{a} {b}");
    }
    for (a, b) in
        [("1", "-1"), ("1", "10"), ("NaN", "0"), ("1e400", "1e401"), ("0.1", "0.10000001")]
    {
        assert_ne!(canonical_number(a), canonical_number(b), "{a} {b}");
    }
}

#[test]
fn differences_name_paths() {
    let left = Json::parse(r#"{"a":{"b":[1,2]},"c":null}"#).unwrap();
    let right = Json::parse(r#"{"a":{"b":[1,3]},"d":0}"#).unwrap();
    let paths: Vec<String> = differences(&left, &right).into_iter().map(|d| d.path).collect();
    assert_eq!(paths, ["a.b[1]", "c", "d"]);
}

#[test]
fn deep_values_mean_the_same_wherever_they_stand() {
    let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    let alone = Json::parse(&deep).unwrap();
    let inside = Json::parse(&format!("{{\"a\":{deep}}}")).unwrap();
    let inside = inside.get("a").unwrap();
    assert_eq!(&alone, inside);
    assert!(alone.means_same(inside) && inside.means_same(&alone));
    assert_eq!(differences(&alone, inside), []);
    let other = Json::parse(&deep.replace('1', "2")).unwrap();
    assert!(!inside.means_same(&other));
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i64>().prop_map(Json::integer),
        any::<f64>().prop_map(Json::float),
        Just(Json::Number("NaN".into())),
        any::<String>().prop_map(Json::Text),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::Array),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn text_round_trips(json in any_json()) {
        prop_assert_eq!(&Json::parse(&json.to_compact()).unwrap(), &json);
        prop_assert_eq!(&Json::parse(&json.to_indented()).unwrap(), &json);
        let mut tape = Tape::new();
        let document = Document::parse(&json.to_indented(), &mut tape).unwrap();
        prop_assert_eq!(document.as_str(), json.to_compact());
    }

    #[test]
    fn no_text_panics(text in "[\\[\\]{}\",:0-9a-z\\\\/*. -]{0,60}") {
        let _ = Json::parse(&text);
    }
}
