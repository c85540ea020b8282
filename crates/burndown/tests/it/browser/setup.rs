//! Profiles and queries set up with keys alone and without the script, and how the pages look then.

use browser::Page;

use super::form::{enter, fill, send};
use super::look::{self, SCREENS};
use super::{audit, traffic};
use crate::samples::Workspace;
use crate::serving::Server;

/// Checks the headline and the look of a page on all screens.
#[track_caller]
fn check(page: &mut Page, headline: &str) {
    assert_eq!(page.text_of("main h1").unwrap(), headline);
    look::prepare(page);
    let engine = audit::engine();
    let mut complaints = look::on_screens(page, &SCREENS, |page| {
        super::pages::keep_picture(page, &format!("///{headline}"));
        engine.map(|engine| audit::audit(page, engine)).unwrap_or_default()
    });
    complaints.extend(traffic::console(page));
    assert!(complaints.is_empty(), "{headline}: {}", complaints.join("\n"));
}

/// The same for a page without its script; the engine that looks needs timers, so it is let back in
/// for the look.
#[track_caller]
fn check_scriptless(page: &mut Page, headline: &str) {
    page.set_scripts(true).unwrap();
    check(page, headline);
    page.set_scripts(false).unwrap();
}

/// Saves another name as somebody else would, while the page is open.
fn rename_elsewhere(page: &mut Page, name: &str) {
    let send = format!(
        "(() => {{
           const body = new URLSearchParams(new FormData(document.querySelector('form:has([value=edit])')));
           body.set('name', {name:?});
           return fetch(location.pathname, {{ method: 'POST', body }}).then(answer => answer.status);
         }})()"
    );
    assert_eq!(page.eval(&send).unwrap(), 200);
}

#[test]
fn a_team_is_set_up_with_keys_alone() {
    let Some(mut page) = super::page() else { return };
    let workspace = Workspace::empty();
    let server = Server::start(&workspace, &["--port", "0"]);
    page.set_scripts(false).unwrap();
    page.open(&format!("http://{}/setup", server.address)).unwrap();

    fill(&mut page, "new-profile", "name", "Team A");
    page.lead_on(|page| page.press("Enter")).unwrap();
    check_scriptless(&mut page, "Set-up of Team A");
    enter(&mut page, "form[action$='/use'] button");
    check_scriptless(&mut page, "Team A holds 0 issues in 0 queries.");
    enter(&mut page, "a[href$='#new-query']");

    fill(&mut page, "new-query", "jql", "project = KAFKA order by key");
    send(&mut page, "new-query");
    check_scriptless(&mut page, "Set-up of KAFKA");
    let query = page.eval("location.pathname").unwrap().as_str().unwrap().to_owned();
    enter(&mut page, "form[action$='/use'] button");
    page.open(&format!("http://{}{query}", server.address)).unwrap();
    assert_eq!(page.text_of("main .chip").unwrap(), "active");

    fill(&mut page, "edit", "jql", "project = KAFKA and type = Bug");
    fill(&mut page, "edit", "name", "Bugs");
    send(&mut page, "edit");
    check_scriptless(&mut page, "Set-up of Bugs");
    send(&mut page, "duplicate");
    check_scriptless(&mut page, "Set-up of Bugs (copy)");

    enter(&mut page, ".acts a");
    fill(&mut page, "edit", "name", "Team B");
    send(&mut page, "edit");
    check_scriptless(&mut page, "Set-up of Team B");
    send(&mut page, "duplicate");
    check_scriptless(&mut page, "Set-up of Team B (copy)");
}

#[test]
fn what_is_refused_is_said_beside_its_field() {
    let Some(mut page) = super::page() else { return };
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    let setup = format!("http://{}/profiles/p_a7b6725386c3/setup", server.address);
    page.open(&setup).unwrap();
    fill(&mut page, "duplicate", "name", "apache KAFKA");
    send(&mut page, "duplicate");
    assert!(page.text_of("main .wrong").unwrap().contains("exists already"));
    assert_eq!(page.eval("document.activeElement.value").unwrap(), "apache KAFKA");
    check(&mut page, "Set-up of Apache Kafka");

    page.open(&setup).unwrap();
    rename_elsewhere(&mut page, "Elsewhere");
    fill(&mut page, "edit", "name", "Here");
    send(&mut page, "edit");
    assert!(page.text_of("main [role=alert]").unwrap().contains("changed elsewhere"));
    assert!(page.text_of("form:has([value=edit])").unwrap().contains("Elsewhere"));
    check(&mut page, "Set-up of Elsewhere");
    send(&mut page, "edit");
    check(&mut page, "Set-up of Here");
}
