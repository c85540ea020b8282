//! What the script adds: keys that lead around, a filter that works at once.

use browser::Page;

use crate::samples::Workspace;
use crate::serving::Server;

const FOCUS: &str = "document.activeElement.name ?? ''";

fn path(page: &mut Page) -> String {
    page.eval("location.pathname + location.search").unwrap().as_str().unwrap().to_owned()
}

#[test]
fn keys_lead_around() {
    let Some(mut page) = super::page() else { return };
    let workspace = Workspace::small();
    let server = Server::start(&workspace, &["--port", "0"]);
    let query = "/profiles/p_a7b6725386c3/queries/q_25d5b4b45190";
    page.open(&format!("http://{}{query}", server.address)).unwrap();

    page.press("g").unwrap();
    page.lead_on(|page| page.press("i")).unwrap();
    assert_eq!(path(&mut page), format!("{query}/issues"));

    page.press("/").unwrap();
    assert_eq!(page.eval(FOCUS).unwrap(), "text");
    page.type_text("KAFKA-1002").unwrap();
    page.lead_on(|page| page.press("Enter")).unwrap();
    assert!(path(&mut page).contains("text=KAFKA-1002"));
    assert!(page.text_of("main h1").unwrap().starts_with("1 of 60"));

    page.lead_on(|page| page.click("tbody th a")).unwrap();
    assert_eq!(path(&mut page), format!("{query}/issues/KAFKA-1002"));

    page.press("?").unwrap();
    assert_eq!(page.eval("keys.open").unwrap(), true);
    page.press("Escape").unwrap();
    assert_eq!(page.eval("keys.open").unwrap(), false);
}

#[test]
fn another_window_is_swapped_in_and_back_out() {
    let Some(mut page) = super::page() else { return };
    let workspace = Workspace::small();
    let server = Server::start(&workspace, &["--port", "0"]);
    let query = "/profiles/p_a7b6725386c3/queries/q_25d5b4b45190";
    page.open(&format!("http://{}{query}", server.address)).unwrap();
    // Resolved once the script has put another main in place.
    let swapped = "globalThis.swapped = new Promise((done) => new MutationObserver(() => done(0))
      .observe(document.body, { childList: true })); 0";
    page.eval(swapped).unwrap();
    page.click("main a[data-swap][href*='window=6']").unwrap();
    page.eval("swapped").unwrap();
    assert_eq!(path(&mut page), format!("{query}?window=6"));
    page.eval(swapped).unwrap();
    page.eval("history.back()").unwrap();
    page.eval("swapped").unwrap();
    assert_eq!(path(&mut page), query);
    assert!(page.messages().unwrap().is_empty());
}

#[test]
fn a_choice_filters_at_once() {
    let Some(mut page) = super::page() else { return };
    let workspace = Workspace::small();
    let server = Server::start(&workspace, &["--port", "0"]);
    let issues = "/profiles/p_a7b6725386c3/queries/q_25d5b4b45190/issues";
    page.open(&format!("http://{}{issues}", server.address)).unwrap();
    page.press("/").unwrap();
    page.press("Tab").unwrap();
    assert_eq!(page.eval(FOCUS).unwrap(), "status");
    // Typing into a list chooses from it.
    page.lead_on(|page| page.press("R")).unwrap();
    assert!(path(&mut page).contains("status=Resolved"), "{}", path(&mut page));
}
