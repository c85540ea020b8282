//! Tables of weeks in all the forms that spreadsheets give them, and issue lists of Jira.

use model::{IssueFacts, QueryKey, Resolution};
use transfer::{DayOrder, ImportAsk};

use crate::sample::{IMPORT, Place};

const HEAD: &str = "date,completed_items,completed_points,created_items,created_points";

/// What is no amount is not nothing done.
#[test]
fn amounts_that_cannot_be_read_are_refused_with_their_lines() {
    let table = |items: &str, points: &str| {
        format!("{HEAD}\n2026-09-07,3,9.5,2,6\n2026-09-14,\"{items}\",\"{points}\",1,3\n")
    };
    for items in ["", "n/a", "-", "x", "-3", "2.5"] {
        check_refused(&table(items, "3"), &["line 3", "completed items"]);
    }
    check_refused(&table("3", ""), &["line 3", "completed points"]);
    let read = |file: &str| {
        let place = Place::empty();
        place.import(file.as_bytes(), &IMPORT).unwrap();
        rows(&place)[1].clone()
    };
    assert_eq!(read(&table("1,234", "3")), "2026-09-14 Some(1234.0) Some(3.0)");
    assert_eq!(read(&table("1'234", "1,000.5")), "2026-09-14 Some(1234.0) Some(1000.5)");
    let commas = "date;completed_items;completed_points\n2026-09-07;4;9,5\n2026-09-14;1.234;12\n";
    assert_eq!(read(commas), "2026-09-14 Some(1234.0) Some(12.0)");
}

/// Days, done items and points of the rows that a table gives.
fn rows(place: &Place) -> Vec<String> {
    let reader = place.store.read().unwrap();
    let key = QueryKey::parse("default", "main").unwrap();
    let data = reader.project_data(&key).unwrap().unwrap();
    let row = |row: &model::StatisticsRow| {
        let day = row.date.map(|day| day.to_string()).unwrap_or_default();
        format!("{day} {:?} {:?}", row.completed_items, row.completed_points)
    };
    data.rows().iter().map(row).collect()
}

#[track_caller]
fn check(file: &[u8], order: Option<DayOrder>, days: [&str; 2]) {
    let place = Place::empty();
    place.import(file, &ImportAsk { day_order: order, ..IMPORT }).unwrap();
    let found = rows(&place);
    assert_eq!(found.len(), 2, "{found:?}");
    for (row, day) in found.iter().zip(days) {
        assert!(row.starts_with(day), "{found:?}");
    }
    assert!(found[0].ends_with("Some(3.0) Some(9.5)"), "{found:?}");
}

#[track_caller]
fn check_refused(file: &str, parts: &[&str]) {
    let place = Place::empty();
    let error = place.import(file.as_bytes(), &IMPORT).unwrap_err().to_string();
    for part in parts {
        assert!(error.contains(part), "{error:?} does not say {part:?}");
    }
    assert_eq!(place.profiles(), []);
}

#[test]
fn weeks_are_read_however_a_spreadsheet_writes_them() {
    let table =
        |first: &str, second: &str| format!("{HEAD}\n{first},3,9.5,2,6\n{second},4,12,1,3\n");
    let september = ["2026-09-07", "2026-09-14"];
    for (first, second) in [
        ("2026-09-07", "2026-09-14"),
        ("07.09.2026", "14.09.2026"),
        ("9/7/2026", "9/14/2026"),
        ("07/09/2026", "14/09/2026"),
        ("46272", "46279"),
        ("7-Sep-26", "14-Sep-26"),
        ("2026-09-07T00:00:00", "2026-09-14T00:00:00"),
    ] {
        check(table(first, second).as_bytes(), None, september);
    }
    let plain = table("2026-09-07", "2026-09-14");
    check(format!("\u{feff}{}", plain.replace('\n', "\r\n")).as_bytes(), None, september);
    check(plain.replace(',', "\t").as_bytes(), None, september);
    check(
        format!("sep=;\n{}", plain.replace(',', ";").replace("9.5", "9,5")).as_bytes(),
        None,
        september,
    );
    check(
        plain.replace("completed_items", "Completed Items").replace("date", "Date").as_bytes(),
        None,
        september,
    );
    let units = std::iter::once(0xfeff).chain(plain.encode_utf16());
    check(&units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>(), None, september);
    let open = table("07/09/2026", "08/09/2026");
    check(open.as_bytes(), Some(DayOrder::DayFirst), ["2026-09-07", "2026-09-08"]);
    check(open.as_bytes(), Some(DayOrder::MonthFirst), ["2026-07-09", "2026-08-09"]);
    check_refused(&open, &["07/09/2026", "day-first or month-first"]);
}

#[test]
fn what_has_no_day_is_no_empty_success() {
    check_refused("date,completed_items\n", &["a table without a row"]);
    check_refused(
        &format!("{HEAD}\nsoon,3,9,2,6\n2026-09-14,4,12,1,3\n,1,1,1,1\n"),
        &["lines 2", "4"],
    );
    check_refused(
        "ID,Link,Title,Backlog,Done\nABC-1,x,One,2026-09-01,2026-09-08\n",
        &["ID, Link, Title", "Issue key"],
    );
    check_refused("just text\nand more\n", &["neither JSON nor a table"]);
    check_refused(
        &format!("{HEAD}\n07/13/2026,1,1,1,1\n13/07/2026,1,1,1,1\n"),
        &["line 2", "line 3"],
    );
}

/// The issues of the only query.
fn issues(place: &Place) -> Vec<IssueFacts> {
    let reader = place.store.read().unwrap();
    let profile = reader.profiles().unwrap().remove(0).id;
    let key = reader.queries(&profile).unwrap().remove(0).key;
    let mut found = Vec::new();
    reader
        .each_issue_facts(&key, &mut |facts| {
            found.push(facts);
            Ok(())
        })
        .unwrap();
    found
}

#[test]
fn an_issue_list_of_jira_is_read() {
    let list = "Summary,Issue key,Issue Type,Status,Labels,Labels,Created,Resolved,Resolution,Custom field (Story Points)\n\
                \"One, with \"\"quotes\"\"\nand a break\",ABC-1,Story,Done,a,b,01/Sep/26 10:00 AM,08/Sep/26 4:00 PM,Done,3.0\n\
                Two,ABC-2,Bug,To Do,,,01/Sep/26 10:00 AM,,,\n";
    let place = Place::empty();
    let imported = place.import(list.as_bytes(), &IMPORT).unwrap();
    assert_eq!((imported.name.as_str(), imported.carried.issues), ("Imported issues", 2));
    assert!(imported.lacks.iter().any(|lack| lack.starts_with("no history")), "{imported:?}");
    let found = issues(&place);
    let [one, two] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((one.key.as_str(), one.status.as_deref()), ("ABC-1", Some("Done")));
    assert_eq!(one.status_category.as_deref(), Some("done"));
    assert_eq!(one.created.unwrap().to_string(), "2026-09-01T10:00:00Z");
    assert_eq!(one.resolved.unwrap().to_string(), "2026-09-08T16:00:00Z");
    assert_eq!(one.points, model::Points::Known(3.0));
    assert_eq!(two.issue_type.as_deref(), Some("Bug"));
    assert_eq!(
        (two.resolved, &two.resolution, two.points),
        (None, &Resolution::Unresolved, model::Points::Empty)
    );
    assert_eq!(two.status_category, None, "nothing says what To Do means");
}

#[test]
fn hostile_issue_lists_change_nothing() {
    let head = "Issue key,Status,Created";
    check_refused(
        &format!("{head}\nABC-1,Done,2026-09-01\n../../x,Done,2026-09-01\n"),
        &["line 3"],
    );
    check_refused(&format!("{head}\nABC-1,Done,soon\n"), &["line 2"]);
    check_refused(&format!("{head}\nABC-1,Done,\n"), &["line 2"]);
    let wide = format!("{head}{}\n", ",x".repeat(5_000));
    check_refused(&wide, &["at most"]);
    let script = "<script>alert(1)</script>\u{202e}";
    let place = Place::empty();
    place
        .import(format!("{head},Summary\nABC-1,{script},2026-09-01,=1+1\n").as_bytes(), &IMPORT)
        .unwrap();
    assert_eq!(issues(&place)[0].status.as_deref(), Some(script));
}

/// What is said of a table to whoever made it, who knows no file of the old app.
#[test]
fn what_is_said_of_a_table_is_about_its_rows() {
    let said = |file: &str| {
        let imported = Place::empty().import(file.as_bytes(), &IMPORT).unwrap();
        [vec![imported.source], imported.notes, imported.lacks].concat().join("\n")
    };
    let list = said(
        "Issue key,Status,Created,Resolved\nA-1,Open,2026-09-07,\nA-1,Done,2026-09-07,2026-09-08\nA-2,Open,2026-09-07,\n",
    );
    assert!(list.contains("1 row has a key that stands further down"), "{list}");
    let weeks = said(&format!("{HEAD}\n2026-09-07,3,9,2,6\n2026-09-07,1,1,1,3\n"));
    for text in [list, weeks] {
        for word in ["query.json", "quarantine", "old app", "profiles/", "token", "made up"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
}
