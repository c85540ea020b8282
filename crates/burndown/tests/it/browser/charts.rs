//! Charts by key and by finger, and what a phone shows first.

use browser::Page;
use serde_json::Value;

use crate::samples::Workspace;
use crate::serving::Server;

const QUERY: &str = "/profiles/p_a7b6725386c3/queries/q_25d5b4b45190";
const TIP: &str = "document.querySelector('.tip b')?.textContent ?? ''";

fn open(page: &mut Page, server: &Server, path: &str) {
    assert_eq!(page.open(&format!("http://{}{path}", server.address)).unwrap(), 200);
}

fn said(page: &mut Page, expression: &str) -> String {
    page.eval(expression).unwrap().as_str().unwrap_or_default().to_owned()
}

#[test]
fn keys_walk_through_a_chart() {
    let Some(mut page) = super::page() else { return };
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    open(&mut page, &server, &format!("{QUERY}?window=26"));
    page.eval("document.querySelectorAll('[data-chart]')[1].focus()").unwrap();
    page.press("End").unwrap();
    let last = said(&mut page, TIP);
    page.press("Home").unwrap();
    let first = said(&mut page, TIP);
    assert!(first < last && !first.is_empty(), "{first} {last}");
    page.press("PageDown").unwrap();
    let later = said(&mut page, TIP);
    assert!(first < later && later <= last, "{first} {later} {last}");
    page.press("Escape").unwrap();
    assert_eq!(said(&mut page, TIP), "");
}

#[test]
fn a_finger_shows_the_values() {
    let Some(mut page) = super::page() else { return };
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    open(&mut page, &server, &format!("{QUERY}?window=26"));
    let touch = |kind: &str, at: &str| {
        format!(
            "(() => {{ const part = {at}, box = part.getBoundingClientRect();
               part.dispatchEvent(new PointerEvent('{kind}', {{ bubbles: true, pointerType: 'touch',
               clientX: box.left + box.width / 2, clientY: box.top + 5 }})); }})()"
        )
    };
    let hits = "[...document.querySelectorAll('[data-chart] .hits')].find((hits) => hits.getBoundingClientRect().width > 0)";
    page.eval(&touch("pointerdown", hits)).unwrap();
    assert_ne!(said(&mut page, TIP), "");
    page.eval(&touch("pointerdown", "document.querySelector('h1')")).unwrap();
    assert_eq!(said(&mut page, TIP), "");
}

#[test]
fn a_phone_shows_the_answer_and_a_picture_first() {
    let Some(mut page) = super::page() else { return };
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    page.set_viewport(360, 780).unwrap();
    open(&mut page, &server, &format!("{QUERY}?as_of=2025-11-24"));
    let place = |part: &str| format!("document.querySelector('{part}').getBoundingClientRect()");
    let number = |page: &mut Page, what: String| page.eval(&what).unwrap().as_f64().unwrap();
    let headline = number(&mut page, format!("{}.bottom", place("main h1")));
    let picture = number(&mut page, format!("{}.top", place(".chart-frame")));
    assert!(headline < 500.0 && picture < 640.0, "{headline} {picture}");
    open(&mut page, &server, &format!("{QUERY}/sync"));
    let tab = page.eval(&format!(
        "(({{ left, right }}) => left >= 0 && right <= innerWidth)({})",
        place(".tabs [aria-current]")
    ));
    assert_eq!(tab.unwrap(), Value::Bool(true));
}

#[test]
fn the_focus_stays_where_something_was_saved() {
    let Some(mut page) = super::page() else { return };
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    open(&mut page, &server, "/profiles/p_a7b6725386c3/settings");
    let section = "document.querySelector('form[action$=\"/settings\"]')";
    page.eval(&format!("{section}.querySelector('button[type=submit]').focus()")).unwrap();
    page.lead_on(|page| page.press("Enter")).unwrap();
    // A browser that goes to a part of the page does so as it draws it, which takes the focus away.
    let drawn = "new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 100)).then(() => 0)";
    page.eval(drawn).unwrap();
    let stays = format!("{section}.contains(document.activeElement)");
    let focused = said(&mut page, "document.activeElement.outerHTML.slice(0, 200)");
    assert_eq!(page.eval(&stays).unwrap(), Value::Bool(true), "{focused}");
}

#[test]
fn what_is_left_empty_is_not_in_the_address() {
    let Some(mut page) = super::page() else { return };
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    open(&mut page, &server, &format!("{QUERY}/forecast"));
    page.eval("document.querySelector('.what-if [name=focus]').value = '80'").unwrap();
    page.eval("document.querySelector('.what-if').requestSubmit()").unwrap();
    let told = "new Promise((done) => { const look = () => location.search ? done(location.search) : requestAnimationFrame(look); look(); })";
    let search = said(&mut page, told);
    assert!(
        search.contains("focus=80") && !search.contains("=&") && !search.ends_with('='),
        "{search}"
    );
}
