//! The life of a profile in a browser: made, switched to, renamed, duplicated, exported, deleted,
//! restored and imported, with keys and on every screen.

use browser::{Media, Page};

use super::form::{enter, fill, send};
use super::look::{self, Screen};
use super::{audit, traffic};
use crate::samples::Workspace;
use crate::serving::Server;

const DESK: Screen = (1440, 900, Media::STILL);
const PHONE: Screen = (360, 740, Media { is_dark: true, ..Media::STILL });

/// Checks headline and look of a page.
#[track_caller]
fn check(page: &mut Page, screen: Screen, headline: &str) {
    assert_eq!(page.text_of("main h1").unwrap(), headline);
    look::prepare(page);
    let engine = audit::engine();
    let mut complaints = look::on_screens(page, &[screen], |page| {
        super::pages::keep_picture(page, &format!("///{headline}"));
        engine.map(|engine| audit::audit(page, engine)).unwrap_or_default()
    });
    complaints.extend(traffic::console(page));
    assert!(complaints.is_empty(), "{headline}: {}", complaints.join("\n"));
}

/// Leads a profile through all that can happen to it.
fn travel(screen: Screen) {
    let Some(mut page) = super::page() else { return };
    let page = &mut page;
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    let at = |path: &str| format!("http://{}{path}", server.address);

    page.open(&at("/setup")).unwrap();
    fill(page, "new-profile", "name", "Team A");
    send(page, "new-profile");
    check(page, screen, "Set-up of Team A");
    enter(page, "form[action$='/use'] button");
    check(page, screen, "Team A holds 0 issues in 0 queries.");
    page.open(&at("/profiles/p_a7b6725386c3/setup")).unwrap();
    enter(page, "form[action='/profiles/p_a7b6725386c3/use'] button");

    page.open(&at("/profiles/p_a7b6725386c3/setup")).unwrap();
    fill(page, "edit", "name", "Kafka");
    send(page, "edit");
    check(page, screen, "Set-up of Kafka");
    page.eval("document.querySelector('[name=with]').value = 'data'").unwrap();
    send(page, "duplicate");
    check(page, screen, "Set-up of Kafka (copy)");

    page.open(&at("/profiles/p_a7b6725386c3")).unwrap();
    let file = page.save_file(&workspace.path, |page| page.click("a[href$='/export']")).unwrap();

    page.open(&at("/profiles/p_a7b6725386c3/setup")).unwrap();
    enter(page, "main a[href$='/delete']");
    check(page, screen, "Delete the profile Kafka?");
    enter(page, "form[action$='/delete'] button");
    check(page, screen, "The profile Kafka is deleted.");
    enter(page, "form[action$='/restore'] button");
    check(page, screen, "Kafka is back.");
    enter(page, ".acts a");
    check(page, screen, "Kafka holds 60 issues in 1 query.");

    page.open(&at("/import")).unwrap();
    page.eval("document.querySelector('[name=replace]').value = 'p_a7b6725386c3'").unwrap();
    page.choose_file("[type=file]", &file).unwrap();
    enter(page, "main form button");
    check(page, screen, "Kafka comes with 60 issues in 1 query.");
    assert!(page.text_of("main .strip").unwrap().contains("goes to the trash first"));
    enter(page, "main form button");
    check(page, screen, "Kafka holds 60 issues in 1 query.");

    page.open(&at("/trash")).unwrap();
    check(page, screen, "1 thing can be restored.");
    enter(page, "main a[href$='/empty']");
    check(page, screen, "Empty the trash?");
    enter(page, "main form button");
    check(page, screen, "The trash is empty.");
}

#[test]
fn by_day_at_a_desk() {
    travel(DESK);
}

#[test]
fn by_night_on_a_phone() {
    travel(PHONE);
}

#[test]
fn without_the_script_the_last_profile_goes_and_comes_back() {
    let Some(mut page) = super::page() else { return };
    let page = &mut page;
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    page.set_scripts(false).unwrap();
    let profile = format!("http://{}/profiles/p_a7b6725386c3", server.address);
    page.open(&format!("{profile}/setup")).unwrap();
    enter(page, "main a[href$='/delete']");
    enter(page, "form[action$='/delete'] button");
    enter(page, "main .acts a");
    let headline =
        "When will it be done, and how sure is that? Bring your data and it appears here.";
    page.set_scripts(true).unwrap();
    check(page, DESK, headline);
    check(page, PHONE, headline);
    page.set_scripts(false).unwrap();
    enter(page, "main a[href='/trash']");
    enter(page, "form[action$='/restore'] button");
    assert_eq!(page.text_of("main h1").unwrap(), "Apache Kafka is back.");
}

#[test]
fn a_name_is_checked_while_it_is_typed() {
    let Some(mut page) = super::page() else { return };
    let page = &mut page;
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    page.open(&format!("http://{}/setup", server.address)).unwrap();
    fill(page, "new-profile", "name", "apache KAFKA");
    // The sentence comes after a request that comes after a pause.
    let told = "new Promise(tell => {
        const look = () => {
          const why = document.querySelector('main .wrong:not([hidden])');
          if (why) tell(why.textContent);
        };
        new MutationObserver(look).observe(document.querySelector('main'), { subtree: true, childList: true });
        look();
      })";
    let told = page.eval(told).unwrap();
    assert_eq!(told, "A profile named \"Apache Kafka\" exists already; choose another name.");
    check(page, DESK, "A new profile. One for each Jira connection, or for each team.");
    check(page, PHONE, "A new profile. One for each Jira connection, or for each team.");
}
