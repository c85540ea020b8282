//! Settings changed with keys alone and without the script.

use super::look::{self, SCREENS};
use super::{audit, traffic};
use crate::samples::Workspace;
use crate::serving::Server;
use browser::Page;

/// Puts the focus on a field of a section.
fn focus(page: &mut Page, section: &str, field: &str) {
    let found = format!("document.querySelector('form:has([value={section}]) {field}')");
    page.eval(&format!("{found}.focus(); {found}.select?.()")).unwrap();
}

/// Presses Enter on the button of a section, and waits for where that leads.
fn save(page: &mut Page, section: &str) {
    focus(page, section, "button");
    page.lead_on(|page| page.press("Enter")).unwrap();
}

fn value(page: &mut Page, script: &str) -> String {
    page.eval(&format!("String({script})")).unwrap().as_str().unwrap().to_owned()
}

#[test]
fn settings_are_changed_with_keys_alone() {
    let Some(mut page) = super::page() else { return };
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    page.set_scripts(false).unwrap();
    let url = format!("http://{}/profiles/p_a7b6725386c3/settings", server.address);
    page.open(&url).unwrap();

    focus(&mut page, "calendar", "[name=time-zone]");
    page.type_text("Asia/Tokyo").unwrap();
    focus(&mut page, "calendar", "[value=fri]");
    page.press(" ").unwrap();
    save(&mut page, "calendar");
    let field = |name: &str| format!("document.querySelector('[name={name}]').value");
    assert_eq!(value(&mut page, &field("time-zone")), "Asia/Tokyo");
    let is_friday = "document.querySelector('[value=fri]').checked";
    assert_eq!(value(&mut page, is_friday), "false");

    focus(&mut page, "forecast", "[name=window]");
    page.type_text("none").unwrap();
    save(&mut page, "forecast");
    assert!(page.text_of("main [role=alert]").unwrap().contains("1 field needs another value"));
    assert_eq!(page.text_of("#window-why").unwrap(), "Give a whole number from 1 to 1040.");
    assert_eq!(value(&mut page, "document.activeElement.name"), "window");
    page.set_scripts(true).unwrap();
    look::prepare(&mut page);
    let engine = audit::engine();
    let mut complaints = look::on_screens(&mut page, &SCREENS, |page| {
        engine.map(|engine| audit::audit(page, engine)).unwrap_or_default()
    });
    complaints.extend(traffic::console(&mut page));
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
