//! No secret leaves, whatever a workspace holds.

use std::io::Read as _;

use flate2::read::GzDecoder;
use model::{Json, Object};
use transfer::ExportAsk;

use crate::sample::{ASK, IMPORT, Place};

const CANARY: &str = "canary-77aa01";

fn group(text: &str) -> Json {
    Json::parse(&text.replace("CANARY", CANARY)).unwrap()
}

fn members(text: &str) -> Object {
    group(text).as_object().unwrap().clone()
}

#[test]
fn canaries_stay_behind() {
    let place = Place::small();
    let id = place.profiles().remove(0);
    place
        .store
        .transact(|writer| {
            let mut profile = writer.profile(&id)?.unwrap();
            let settings = &mut profile.settings;
            settings.jira_config = Some(group(
                r#"{"base_url":"https://me:CANARY@jira.example.org","token":"CANARY","email":"CANARY",
                    "headers":{"X-Auth":"CANARY"},"auth":["CANARY"],"points_field":{"a":"CANARY"},"cache_size_mb":7}"#,
            ));
            settings.field_mappings = Some(group(r#"{"dora":{"api_key":"CANARY"},"kept":"yes"}"#));
            settings.older = members(r#"{"jira_api_endpoint":"https://CANARY@x/rest/api/2"}"#);
            settings.extra = members(
                r#"{"Jira Password":"CANARY","headers":["Authorization: Basic CANARY","Bearer CANARY"],
                    "session":{"Set-Cookie":"CANARY"}}"#,
            );
            writer.put_profile(&profile)?;
            let key = writer.queries(&id)?.remove(0).key;
            let mut query = writer.query(&key)?.unwrap();
            query.extra = members(r#"{"access_token":"CANARY"}"#);
            writer.put_query(&query)?;
            let mut data = writer.project_data(&key)?.unwrap();
            data.extra = members(r#"{"client-secret":"CANARY"}"#);
            writer.put_project_data(&key, &data)
        })
        .unwrap();
    let (file, exported) = place.export(&id, &ASK);
    let file = String::from_utf8(file).unwrap();
    assert!(!file.contains(CANARY), "a secret left: {:?}", file.find(CANARY));
    assert!(file.contains(r#""base_url":"https://jira.example.org""#) && file.contains("kept"));
    assert_eq!(exported.left_out.len(), 14, "{:?}", exported.left_out);

    let (packed, _) = place.export(&id, &ExportAsk { is_gzip: true, ..ASK });
    let mut unpacked = String::new();
    GzDecoder::new(&packed[..]).read_to_string(&mut unpacked).unwrap();
    assert!(unpacked == file);
}

/// What members that nobody knows are called in files of the old app, of its users and of their scripts.
#[test]
fn secrets_are_known_by_whole_words_and_wherever_they_stand_in_a_text() {
    let place = Place::small();
    let id = place.profiles().remove(0);
    place
        .store
        .transact(|writer| {
            let mut profile = writer.profile(&id)?.unwrap();
            let settings = &mut profile.settings;
            settings.jira_config = Some(group(
                r#"{"base_url":"https://jira.example.org/x?sid=CANARY#CANARY","api_version":"v2"}"#,
            ));
            settings.extra = members(
                r#"{"pat":"CANARY","sessionid":"CANARY","apiPwd":"CANARY","auth":{"key":"CANARY"},
                    "session":"CANARY","auth_header":"X CANARY","AuthValue":"CANARY",
                    "fetch":"curl -u me:CANARY https://x.example.org","other":"curl --user=me:CANARY x",
                    "header":"curl -H 'Authorization: Bearer CANARY'",
                    "servers":"https://a.example.org and https://b:CANARY@y.example.org/p",
                    "called":"https://x.example.org/rest?os_authType=basic&token=CANARY&a=kept",
                    "path":"kept","author":"kept","issue_key":"kept","pattern":"kept","compat":"kept"}"#,
            );
            writer.put_profile(&profile)
        })
        .unwrap();
    let (file, exported) = place.export(&id, &ASK);
    let file = String::from_utf8(file).unwrap();
    let at = file.find(CANARY).map(|at| file[at.saturating_sub(60)..at].to_owned());
    assert_eq!(at, None, "a secret left");
    for kept in [
        r#""base_url":"https://jira.example.org/x""#,
        "https://a.example.org and https://y.example.org/p",
        "&a=kept",
        r#""path":"kept","author":"kept","issue_key":"kept","pattern":"kept","compat":"kept""#,
    ] {
        assert!(file.contains(kept), "{kept} is gone");
    }
    assert_eq!(exported.left_out.len(), 13, "{:?}", exported.left_out);
}

#[test]
fn a_secret_that_was_written_into_a_file_does_not_come_in() {
    let from = Place::small();
    let (file, _) = from.export(&from.profiles().remove(0), &ASK);
    let file = String::from_utf8(file).unwrap();
    let secret = format!("\"jira_config\":{{\"token\":\"{CANARY}\",");
    let file = file.replacen("\"jira_config\":{", &secret, 1);
    assert!(file.contains(CANARY));
    let to = Place::empty();
    let imported = to.import(file.as_bytes(), &IMPORT).unwrap();
    assert!(imported.notes.iter().any(|note| note.starts_with("jira_config.token")));
    let (again, _) = to.export(&to.profiles().remove(0), &ASK);
    assert!(!String::from_utf8(again).unwrap().contains(CANARY));
    let stored = to.store.read().unwrap().profile(&to.profiles().remove(0)).unwrap();
    assert!(!format!("{stored:?} {imported:?}").contains(CANARY));
}
