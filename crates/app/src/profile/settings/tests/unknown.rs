//! Names that nothing is called, and names that mean two things.

use super::*;

/// What is said to be called nothing, after a list was set to that.
#[track_caller]
fn check_unknown(name: &str, line: &str, want: &str) {
    let set = Change::Set(vec![line.to_owned()]);
    let edit = Sample::issues().change(name, set).unwrap();
    let unknown: Vec<String> = edit.unknown.into_iter().map(|unknown| unknown.name).collect();
    assert_eq!(unknown.join("|"), want, "{name} {line}");
}

#[test]
fn a_name_that_nothing_has_is_said_to_be_unknown() {
    for (name, line) in [
        ("development-projects", "X"),
        ("development-projects", "K"),
        ("status-order", "open"),
        ("lanes", "Done done"),
        ("not-delivered", "Won’t do"),
        ("not-delivered", "Fixed"),
        ("delivered", "Open"),
        ("window", "3"),
    ] {
        check_unknown(name, line, "");
    }
    for (name, line, unknown) in [
        ("development-projects", "Y", "Y"),
        ("status-order", "Nope", "Nope"),
        ("lanes", "Not Here done", "Not Here"),
        ("parent-types", "Epic", "Epic"),
        ("bug-types", "Bgu", "Bgu"),
        ("not-delivered", "Never seen", "Never seen"),
        ("done", "Dnoe", "Dnoe"),
    ] {
        check_unknown(name, line, unknown);
    }
    let none = Sample::never_fetched().change("bug-types", Change::Set(vec!["Bgu".to_owned()]));
    assert_eq!(none.unwrap().unknown, []);
}

#[test]
fn one_name_cannot_mean_delivered_and_not() {
    let sample = Sample::issues();
    sample.set(&[("not-delivered", "Fixed\nDone")]);
    for (change, list) in [
        (Change::Set(vec!["done".to_owned()]), "delivered"),
        (Change::Add(vec!["Fixed".to_owned()]), "delivered"),
    ] {
        let error = sample.change(list, change).unwrap_err().to_string();
        assert!(error.contains("in not-delivered, too"), "{error}");
    }
    assert_eq!(sample.line("delivered"), "");
    sample.change("delivered", Change::Set(vec!["Other".to_owned()])).unwrap();
    let error = sample.try_set(&[("not-delivered", "Other")]).unwrap_err().to_string();
    assert!(error.contains("in delivered, too"), "{error}");
}

/// Files of the old app, or an import, may hold it: each of the names can be taken off.
#[test]
fn a_name_that_means_both_already_can_be_taken_off() {
    let sample = Sample::issues();
    sample.set(&[("not-delivered", "Fixed\nDone")]);
    let mut both = ProfileSettings::read(&sample.stored());
    both.workflow.delivered = ["Fixed", "Done"].map(str::to_owned).into_iter().collect();
    sample.put(both.applied_to(&sample.stored()).unwrap());
    sample.change("delivered", Change::Remove(vec!["Fixed".to_owned()])).unwrap();
    let error = sample.change("delivered", Change::Add(vec!["Fixed".to_owned()])).unwrap_err();
    assert!(error.to_string().contains("in not-delivered, too"), "{error}");
    sample.change("not-delivered", Change::Remove(vec!["Done".to_owned()])).unwrap();
    assert_eq!(
        (sample.line("delivered"), sample.line("not-delivered")),
        ("Done".into(), "Fixed".into())
    );
}

/// What figures count under its former name is not unknown, and what is unknown is told with the settings.
#[test]
fn former_names_are_known_and_unknown_ones_stay_told() {
    let sample = Sample::issues();
    let kind = model::CacheKind::Changelogs;
    let header = sample.app.store.read().unwrap().header(&sample.key, kind).unwrap();
    let mut header = header.unwrap_or_default();
    header.set_former_projects(&[("1".to_owned(), ["OLD".to_owned()].into())].into());
    header.set_former_types(&[("2".to_owned(), ["Defect".to_owned()].into())].into());
    sample.app.store.transact(|tx| tx.put_header(&sample.key, kind, &header)).unwrap();
    for (name, lines) in [("development-projects", "old\nNEW"), ("bug-types", "defect\nBgu")] {
        let lines = lines.split('\n').map(str::to_owned).collect();
        sample.change(name, Change::Set(lines)).unwrap();
    }
    let page = sample.app.profile_settings(&sample.key.profile).unwrap();
    let told: Vec<_> = page.unknown.iter().map(|of| (of.setting, of.name.as_str())).collect();
    let want = [("started", "Doing"), ("bug-types", "Bgu"), ("development-projects", "NEW")];
    assert_eq!(told, want);
}
