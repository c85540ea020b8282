//! Who gets in, and who does not.

use std::path::Path;

use model::TimeZone;

use super::*;
use crate::access_key::prepare;
use crate::{App, Context};

const NOW: &str = "2026-11-22T12:00:00Z";
const PORT: u16 = 8050;

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn after(seconds: i64) -> Timestamp {
    Timestamp::from_second(now().as_second() + seconds).unwrap()
}

struct World {
    gate: Gate,
    live: Live,
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let prepared = prepare(folder.path()).unwrap();
        assert!(prepared.is_new);
        let live = Live::from(app(folder.path()));
        World { gate: Gate::new(folder.path(), &prepared.file, PORT), live, folder }
    }

    fn own(&self) -> OwnKey {
        let prepared = prepare(self.folder.path()).unwrap();
        assert!(!prepared.is_new);
        prepared.key
    }

    fn admit(&self, credential: Credential) -> Option<String> {
        self.gate.admit(&self.live, &credential).ok().map(|visitor| visitor.name)
    }

    fn session_of(&self, key: &str) -> String {
        let visitor = self.gate.admit(&self.live, &Credential::Key(key.to_owned())).unwrap();
        self.gate.session(&visitor, now()).unwrap().unwrap()
    }
}

fn app(folder: &Path) -> App {
    let address = format!("sqlite:{}", folder.join("burndown.sqlite").display());
    let context = Context {
        version: String::new(),
        zone: TimeZone::UTC,
        clock: now,
        report: None,
        is_demo: false,
        access: crate::access::Access::default(),
    };
    App::new(store::open(&address).unwrap(), context).in_folder(folder)
}

#[test]
fn keys_let_in_until_they_are_removed() {
    let world = World::new();
    let app = world.live.app().unwrap();
    let added = app.add_access_key(" Ada ", Role::View).unwrap();
    assert_eq!(added.name, "Ada");
    for taken in ["ada", "ADA", "Workspace", "", "a\nb"] {
        assert!(app.add_access_key(taken, Role::Edit).is_err(), "{taken:?}");
    }
    let own = world.own().reveal().to_owned();
    let text = added.key.reveal().to_owned();
    assert_eq!(world.admit(Credential::Key(own)).as_deref(), Some(OWN_NAME));
    assert_eq!(world.admit(Credential::Key(text.clone())).as_deref(), Some("Ada"));
    let session = world.session_of(&text);
    assert!(!session.contains(&text), "a session is no key");
    assert_eq!(world.admit(Credential::Session(session.clone())).as_deref(), Some("Ada"));
    app.remove_access_key("ADA").unwrap();
    assert!(app.remove_access_key("Ada").is_err());
    assert_eq!(world.admit(Credential::Session(session)), None);
    assert_eq!(world.admit(Credential::Key(text)), None);
}

/// A file of the own key that begins like a key in the store: both let in, each as itself.
#[test]
fn two_keys_that_begin_alike_are_two_keys() {
    let world = World::new();
    let added = world.live.app().unwrap().add_access_key("Ada", Role::View).unwrap();
    let ada = added.key.reveal().to_owned();
    let own = format!("{}{}", &ada[..17], "0".repeat(40));
    std::fs::write(&world.gate.key_file, &own).unwrap();
    for (key, name) in [(&own, OWN_NAME), (&ada, "Ada")] {
        assert_eq!(world.admit(Credential::Key(key.clone())).as_deref(), Some(name));
        let session = world.session_of(key);
        assert_eq!(world.admit(Credential::Session(session)).as_deref(), Some(name));
    }
    let neither = format!("{}{}", &ada[..17], "1".repeat(40));
    assert_eq!(world.admit(Credential::Key(neither)), None);
}

#[test]
fn sessions_outlive_the_server_and_end_with_the_own_key() {
    let world = World::new();
    let session = world.session_of(world.own().reveal());
    let again = Gate::new(world.folder.path(), &world.gate.key_file, PORT + 1);
    let credential = Credential::Session(session);
    assert_eq!(again.cookie(), world.gate.cookie());
    assert!(again.admit(&world.live, &credential).is_ok());
    world.live.app().unwrap().remove_access_key("workspace").unwrap();
    assert_eq!(again.admit(&world.live, &credential).unwrap_err(), Refused::Unknown);
}

#[test]
fn sessions_that_are_old_or_altered_are_refused() {
    let world = World::new();
    let own = world.own();
    let visitors = || world.gate.visitors(&world.live, Some(&own));
    let session = world.session_of(own.reveal());
    let at =
        |text: &str, seconds| world.gate.by_session(visitors(), Some(&own), text, after(seconds));
    assert!(at(&session, 0).is_ok() && at(&session, SESSION_S).is_ok());
    assert!(at(&session, SESSION_S + 1).is_err() && at(&session, -CLOCK_SLACK_S - 1).is_err());
    assert!(world.gate.by_session(visitors(), None, &session, now()).is_err());
    let parts: Vec<&str> = session.split('.').collect();
    for number in 0..parts.len() {
        let mut altered = parts.clone();
        altered[number] = "0";
        assert!(at(&altered.join("."), 0).is_err());
    }
    for bad in ["", ".", "...", &format!("{session}."), &format!("{session}.0")] {
        assert!(at(bad, 0).is_err(), "{bad}");
    }
}

#[test]
fn a_code_lets_in_once_for_a_minute_at_one_port() {
    let world = World::new();
    let own = world.own();
    let code = own.code(PORT, now()).unwrap();
    assert_eq!(own.code_expires(&code, PORT + 1, now()), None);
    assert_eq!(own.code_expires(&code, PORT, after(61)), None);
    assert!(own.code_expires(&code, PORT, after(60)).is_some());
    assert!(!code.contains(own.reveal()));
    assert_eq!(world.admit(Credential::Code(code.clone())).as_deref(), Some(OWN_NAME));
    assert_eq!(world.admit(Credential::Code(code)), None, "a second time");
    assert_eq!(world.admit(Credential::Code("1.2.3".to_owned())), None);
}

#[test]
fn guessing_is_slow_and_keeps_nobody_else_out() {
    let world = World::new();
    let own = world.own();
    let wrong = |id: &str| Credential::Key(format!("{id}-{}", "0".repeat(40)));
    let guess = |id: &str| world.gate.admit(&world.live, &wrong(id)).unwrap_err();
    for _ in 0..TRIES_MAX {
        assert_eq!(guess("0000000000000000"), Refused::Unknown);
    }
    assert!(matches!(guess("1111111111111111"), Refused::TooManyTries { retry_after_s: 60 }));
    assert!(world.admit(Credential::Key(own.reveal().to_owned())).is_some());
    for _ in 0..TRIES_MAX {
        assert_eq!(guess(own.id()), Refused::Unknown);
    }
    // Whoever knows how the key begins gets no further.
    let right = Credential::Key(own.reveal().to_owned());
    assert!(matches!(world.gate.admit(&world.live, &right), Err(Refused::TooManyTries { .. })));
    let visitors = world.gate.visitors(&world.live, Some(&own));
    assert!(world.gate.by_key(visitors, own.reveal(), after(TRIES_S)).is_ok());
}

#[cfg(unix)]
#[test]
fn a_key_that_others_could_read_is_made_anew() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new();
    let old = world.own();
    let file = prepare(world.folder.path()).unwrap().file;
    let mode = |file: &Path| std::fs::metadata(file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(world.admit(Credential::Key(old.reveal().to_owned())), None);
    let prepared = prepare(world.folder.path()).unwrap();
    assert!(prepared.is_new && prepared.was_readable);
    assert_ne!(prepared.key.reveal(), old.reveal());
    assert_eq!(mode(&file), 0o600);
}

#[test]
fn a_use_is_noted_once_a_day() {
    let world = World::new();
    let app = world.live.app().unwrap();
    let added = app.add_access_key("Ada", Role::View).unwrap();
    let used = |app: &App| app.access_keys().unwrap().pop().unwrap().used_at;
    assert_eq!(used(&app), None);
    let id = secret::id_of(added.key.reveal()).unwrap();
    app.note_key_used(id).unwrap();
    assert_eq!(used(&app), Some(now()));
    app.note_key_used("unknown").unwrap();
}

#[test]
fn nobody_gets_in_where_there_is_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let live = Live::from(app(folder.path()));
    let gate = Gate::new(folder.path(), &folder.path().join("none"), PORT);
    for text in ["", "a-b", &format!("{}-{}", "0".repeat(16), "0".repeat(40))] {
        assert!(gate.admit(&live, &Credential::Key(text.to_owned())).is_err());
        assert!(gate.admit(&live, &Credential::Session(text.to_owned())).is_err());
        assert!(gate.admit(&live, &Credential::Code(text.to_owned())).is_err());
    }
}
