//! Values as they are typed, checked, stored and shown.

use super::*;

fn typed(text: &str) -> Vec<String> {
    text.split('\n').map(str::to_owned).collect()
}

#[track_caller]
fn check(kind: Kind, text: &str, want: Result<&str, &str>) {
    match (kind.check(&typed(text)), want) {
        (Ok(found), Ok(want)) => {
            assert_eq!(found.join("\n"), want, "{kind:?} {text:?}");
            // What is stored shows as what was kept.
            let stored = kind.to_json(&found, None);
            let shown = stored.map(|stored| kind.lines(&stored)).unwrap_or_default();
            assert_eq!(shown, found, "{kind:?} {text:?}");
        }
        (Err(why), Err(part)) => assert!(why.contains(part), "{kind:?} {text:?}: {why}"),
        (found, _) => panic!("{kind:?} {text:?}: {found:?}"),
    }
}

const NAMES: Kind = Kind::Names(Noun::Status);

#[test]
fn what_is_typed_is_kept_in_one_form_or_refused() {
    check(Kind::Weeks, " 26 ", Ok("26"));
    check(Kind::Weeks, "", Ok(""));
    for wrong in ["0", "1041", "12.5", "-3", "all", "１２"] {
        check(Kind::Weeks, wrong, Err("whole number from 1 to 1040"));
    }
    check(Kind::PertWeeks, "16", Err("from 1 to 15"));
    check(Kind::Day, "2026-12-24", Ok("2026-12-24"));
    for wrong in ["24.12.2026", "2026-02-30", "2026-12-24T10:00", "0001-01-01", "2200-01-01"] {
        check(Kind::Day, wrong, Err("is no day; write it as 2026-12-24"));
    }
    check(Kind::Day, "2026-12-24\n2026-12-25", Err("at most one value"));
    check(Kind::Days, "2026-12-25\r\n\n2026-12-24\n2026-12-25", Ok("2026-12-24\n2026-12-25"));
    check(Kind::Days, "2026-12-24\nchristmas", Err("\"christmas\" is no day"));
    check(Kind::Days, &"2026-12-24\n".repeat(401), Err("at most 400"));
    check(Kind::Switch, "ON", Ok("on"));
    check(Kind::Switch, "yes", Err("one of on, off"));
    check(Kind::Zone, "Europe/Vienna", Ok("Europe/Vienna"));
    check(Kind::Zone, "europe/vienna", Ok("Europe/Vienna"));
    for wrong in ["Mars/Olympus", "+02:00", "../etc/passwd", "CEST"] {
        check(Kind::Zone, wrong, Err("such as Europe/Vienna"));
    }
    check(Kind::Weekdays, "Mon-Fri", Ok("mon\ntue\nwed\nthu\nfri"));
    check(Kind::Weekdays, "sat-mon, wed\nsun", Ok("mon\nwed\nsat\nsun"));
    check(Kind::Weekdays, "someday", Err("\"someday\" is no day of the week"));
    check(Kind::Email, "me@example.org", Ok("me@example.org"));
    for wrong in ["me", "@x", "me@", "a:b@x.org", "a b@x.org", "a\u{202e}@x.org"] {
        check(Kind::Email, wrong, Err("write an e-mail address"));
    }
    check(Kind::FieldId, "customfield_10016", Ok("customfield_10016"));
    check(Kind::FieldId, "Story Points", Err("customfield_10016"));
    check(Kind::Authentication, "Bearer", Ok("bearer"));
    check(Kind::Authentication, "magic", Err("bearer, basic, none"));
    check(Kind::Address, "https://jira.example.org/", Ok("https://jira.example.org"));
    check(Kind::Address, "javascript:alert(1)", Err("such as https://jira.example.org"));
}

#[test]
fn names_are_kept_as_jira_spells_them() {
    check(NAMES, " In Review \nDone\ndone", Ok("In Review\nDone"));
    check(NAMES, "<script>alert(1)</script> & \"q\"", Ok("<script>alert(1)</script> & \"q\""));
    check(NAMES, &"x".repeat(201), Err("longer than 200 characters"));
    check(NAMES, "a\u{7}b", Err("invisible characters"));
    check(NAMES, "a\u{202e}b", Err("invisible characters"));
    assert!(NAMES.is_same(&typed("Won't Do\nDone"), &typed("done\nWON’T DO")));
    assert!(!NAMES.is_same(&typed("Done"), &typed("Done\nClosed")));
}

#[test]
fn a_milestone_is_a_day_and_a_name() {
    check(
        Kind::Milestones,
        "2026-12-24  Release 1 \n2026-03-01 Beta",
        Ok("2026-03-01 Beta\n2026-12-24 Release 1"),
    );
    check(Kind::Milestones, "2026-12-24", Err("has no name"));
    check(Kind::Milestones, "Beta 2026-12-24", Err("is no day"));
    check(Kind::Milestones, "2026-12-24 Deadline", Err("a field of its own"));
    check(Kind::Milestones, "2026-12-24 Beta\n2026-12-25 BETA", Err("another one has"));
    let many: Vec<String> = (0..21).map(|number| format!("2026-12-24 M{number}")).collect();
    check(Kind::Milestones, &many.join("\n"), Err("at most 20"));
}

#[test]
fn entries_keep_what_they_hold() {
    let before = r#"[{"name":"Beta","date":"2026-03-01","owner":"me"},7,{"name":"Old","date":"2025-01-01"}]"#;
    let before = Json::parse(before).unwrap();
    let lines = typed("2026-03-01 Beta\n2026-12-24 Release");
    let after = Kind::Milestones.to_json(&lines, Some(&before)).unwrap();
    assert_eq!(
        after.to_compact(),
        r#"[{"name":"Beta","date":"2026-03-01","owner":"me"},{"name":"Release","date":"2026-12-24"},7]"#
    );
}

#[track_caller]
fn check_stored(kind: Kind, stored: &str, want: &[&str]) {
    assert_eq!(kind.lines(&Json::parse(stored).unwrap()), want, "{kind:?} {stored}");
}

#[test]
fn what_the_old_app_stored_is_understood_and_the_rest_passed_over() {
    check_stored(Kind::Switch, r#"["show"]"#, &["on"]);
    check_stored(Kind::Switch, "[]", &["off"]);
    check_stored(Kind::Switch, "false", &["off"]);
    check_stored(Kind::Weeks, "20.0", &["20"]);
    check_stored(Kind::Weeks, "5000", &[]);
    check_stored(Kind::Weeks, "\"20\"", &[]);
    check_stored(Kind::Day, "\"\"", &[]);
    check_stored(Kind::Day, "null", &[]);
    check_stored(Kind::Day, "\"soon\"", &[]);
    check_stored(NAMES, r#"["Done",7,"a\nb",""]"#, &["Done"]);
    check_stored(NAMES, r#""Done""#, &["Done"]);
    check_stored(Kind::Weekdays, r#"["sun","Mon","someday"]"#, &["mon", "sun"]);
    check_stored(Kind::Address, "\"https://me:secret@x.org\"", &[]);
}
