//! A Jira connected to, looked at and synced with in a browser, with and without the script.

use std::time::Duration;

use browser::Page;
use fake_jira::{
    Anonymous, Behaviour, FakeJira, Fault, GENERATED_PROJECT, Kind, Login, Which, World,
};

use super::form::{enter, send};
use super::look::{self, SCREENS};
use super::{audit, traffic};
use crate::samples::Workspace;
use crate::serving::Server;

const TOKEN: &str = "canary-browser";

/// Resolves once no sync runs any more: the script takes the bar away then, and draws the page anew.
const ENDED: &str = "new Promise((done) => {
  const isRunning = () => document.querySelector('[data-poll]') || /^Syncing/.test(document.querySelector('h1').textContent);
  const look = () => isRunning() ? setTimeout(look, 50) : done(0);
  look();
})";

fn open_to_token() -> Behaviour {
    let login = Login::Bearer(TOKEN.to_owned());
    Behaviour::honest(Kind::DataCenter).login(login, Anonymous::Nothing)
}

fn jira(behaviour: Behaviour) -> FakeJira {
    FakeJira::start(World::generated(120, 7), Kind::DataCenter, behaviour).unwrap()
}

#[track_caller]
fn check(page: &mut Page, headline: &str) {
    assert_eq!(page.text_of("main h1").unwrap(), headline);
    look::prepare(page);
    let engine = audit::engine();
    let mut complaints = look::on_screens(page, &SCREENS, |page| {
        super::pages::keep_picture(page, &format!("///sync-{headline}"));
        engine.map(|engine| audit::audit(page, engine)).unwrap_or_default()
    });
    complaints.extend(traffic::console(page));
    assert!(complaints.is_empty(), "{headline}: {}", complaints.join("\n"));
    let source = page.eval("document.documentElement.outerHTML").unwrap();
    assert!(!source.as_str().unwrap().contains(TOKEN), "the token is on the page");
}

/// Fills the form of a Jira and sends it.
fn connect(page: &mut Page, address: &str, token: &str) {
    let form = "document.querySelector('form[action=\"/connect\"]')";
    for (field, text) in
        [("server", address), ("token", token), ("jql", &format!("project = {GENERATED_PROJECT}"))]
    {
        page.eval(&format!("{form}.elements.namedItem({field:?}).value = {text:?}")).unwrap();
    }
    enter(page, "form[action='/connect'] button");
}

#[test]
fn a_new_user_connects_looks_and_syncs() {
    let Some(mut page) = super::page() else { return };
    let (workspace, jira) = (Workspace::empty(), jira(open_to_token()));
    let server = Server::start(&workspace, &["--port", "0"]);
    page.open(&format!("http://{}/", server.address)).unwrap();
    enter(&mut page, "a[href='/connect']");
    check(&mut page, "Connect to Jira. What it holds is kept on this machine.");

    connect(&mut page, jira.url(), "wrong");
    assert!(page.text_of("main [role=alert]").unwrap().contains("does not accept the login"));
    assert_eq!(page.eval("document.querySelector('[name=token]').value").unwrap(), "");
    check(&mut page, "Connect to Jira. What it holds is kept on this machine.");

    connect(&mut page, jira.url(), TOKEN);
    check(&mut page, "The connection works.");
    assert_eq!(page.text_of("#found").unwrap(), "It finds 120 issues");

    send(&mut page, "new-query");
    // The first data leads to the overview by itself, however soon it comes.
    let headline = await_text(&mut page, "120 items");
    assert!(headline.contains("120 items"), "{headline}");
}

/// The headline once it has this text, or what it is after a long time.
fn await_text(page: &mut Page, text: &str) -> String {
    for _ in 0..600 {
        // There is none while the browser goes from page to page.
        if page.text_of("main h1").is_ok_and(|headline| headline.contains(text)) {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    page.text_of("main h1").unwrap()
}

#[test]
fn a_jira_that_changed_is_synced_without_the_script() {
    let Some(mut page) = super::page() else { return };
    let (workspace, jira) = (Workspace::empty(), jira(open_to_token()));
    let server = Server::start(&workspace, &["--port", "0"]);
    page.set_scripts(false).unwrap();
    page.open(&format!("http://{}/connect", server.address)).unwrap();
    connect(&mut page, jira.url(), TOKEN);
    send(&mut page, "new-query");
    let sync = page.eval("location.href").unwrap().as_str().unwrap().to_owned();
    wait_for(&mut page, &sync, "120 new");

    jira.world().delete(&format!("{GENERATED_PROJECT}-7")).unwrap();
    jira.world().touch(&format!("{GENERATED_PROJECT}-8")).unwrap();
    enter(&mut page, "form[action$='/sync'] button");
    wait_for(&mut page, &sync, "1 changed, 1 gone");
    assert_eq!(page.text_of("main h1").unwrap(), "In step with Jira: 119 issues.");
}

/// Opens the page anew until it says so, as its refresh would.
fn wait_for(page: &mut Page, url: &str, text: &str) {
    for _ in 0..600 {
        page.open(url).unwrap();
        let is_over = page.eval("!document.querySelector('.syncing')").unwrap() == true;
        if is_over && page.text_of("main").unwrap().contains(text) {
            return;
        }
    }
    panic!("{text:?} does not come: {}", page.text_of("main").unwrap());
}

#[test]
fn a_sync_is_cancelled() {
    let Some(mut page) = super::page() else { return };
    let (workspace, jira) = (Workspace::empty(), jira(open_to_token()));
    let server = Server::start(&workspace, &["--port", "0"]);
    page.open(&format!("http://{}/connect", server.address)).unwrap();
    connect(&mut page, jira.url(), TOKEN);
    // Minutes, if nobody ends it; only whole issues are that slow, not the walk over them.
    let slow = Fault::Slow { piece_bytes: 64, pause: Duration::from_millis(100) };
    jira.behave(open_to_token().fault("/rest/api/2/search", Which::From(2), slow));
    send(&mut page, "new-query");
    check(&mut page, "Syncing with Jira now.");
    enter(&mut page, ".syncing button");
    page.eval(ENDED).unwrap();
    check(&mut page, "The last sync was cancelled.");
}

#[test]
fn a_bad_jql_is_said_in_jiras_words() {
    let Some(mut page) = super::page() else { return };
    let (workspace, jira) = (Workspace::empty(), jira(open_to_token()));
    let server = Server::start(&workspace, &["--port", "0"]);
    page.open(&format!("http://{}/connect", server.address)).unwrap();
    connect(&mut page, jira.url(), TOKEN);
    let field = "document.querySelector('form[action$=\"/connection\"] textarea')";
    page.eval(&format!("{field}.value = 'projec = X'")).unwrap();
    enter(&mut page, "form:has(textarea) button");
    assert!(page.text_of("main [role=alert]").unwrap().contains("does not understand the JQL"));
    check(&mut page, "The connection works, the JQL does not.");
}
