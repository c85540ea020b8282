//! A page without a mouse: where Tab leads, and whether one sees where one is.

use browser::Page;
use serde_json::Value;

use super::{look, traffic};

/// Regions that scroll may be stops of their own, beside those that are wanted.
const MORE_STOPS: usize = 10;

/// Kept once the address has changed and the page is drawn anew, which is when the focus moves.
const MOVED: &str = "globalThis.moved = new Promise((done) => addEventListener('hashchange', () =>
  requestAnimationFrame(() => requestAnimationFrame(() => done(0))))); 0";

/// Complaints of someone who has no mouse.
pub fn use_keys(page: &mut Page, url: &str) -> Vec<String> {
    page.open(url).unwrap();
    look::prepare(page);
    let mut complaints = walk(page);
    complaints.extend(traffic::console(page));
    page.open(url).unwrap();
    complaints.extend(skip(page));
    complaints
}

/// Complaints about the way through a page that was just opened.
pub fn walk(page: &mut Page) -> Vec<String> {
    let wanted = look::texts(page, "look.follow()");
    page.press_times("Tab", wanted.len() + MORE_STOPS).unwrap();
    let way = page.eval("look.way").unwrap();
    let way = way.as_array().unwrap();
    let name = |stop: &Value| stop["name"].as_str().unwrap_or_default().to_owned();
    let dark = way.iter().filter(|stop| stop["hasRing"] != true);
    let mut complaints: Vec<String> =
        dark.map(|stop| format!("focus is not seen: {}", name(stop))).collect();
    let reached: Vec<String> = way.iter().filter(|stop| stop["isStop"] == true).map(name).collect();
    complaints.extend(compare(&wanted, &reached));
    complaints.extend(unfold(page));
    complaints
}

fn compare(wanted: &[String], reached: &[String]) -> Option<String> {
    let place = wanted.iter().enumerate().position(|(at, name)| reached.get(at) != Some(name))?;
    Some(format!("Tab should reach {}, but reaches {:?}", wanted[place], reached.get(place)))
}

/// Opens and closes everything that is folded.
fn unfold(page: &mut Page) -> Vec<String> {
    let mut complaints = Vec::new();
    for at in 0..page.eval("look.folded().length").unwrap().as_u64().unwrap() {
        let summary = format!("look.folded()[{at}]");
        let is_open = format!("{summary}.parentElement.open");
        page.eval(&format!("{summary}.focus()")).unwrap();
        let before = page.eval(&is_open).unwrap();
        page.press("Enter").unwrap();
        let after = page.eval(&is_open).unwrap();
        page.press("Enter").unwrap();
        if before == after || page.eval(&is_open).unwrap() != before {
            complaints.push(format!(
                "Enter does not fold {}",
                page.eval(&format!("{summary}.innerText")).unwrap()
            ));
        }
    }
    complaints
}

/// Complaints about the link that leads past what all pages have, on a page that was just opened.
pub fn skip(page: &mut Page) -> Vec<String> {
    page.eval(MOVED).unwrap();
    page.press("Tab").unwrap();
    if page.eval("document.activeElement.matches('a[href^=\"#\"]')").unwrap() != true {
        return vec!["Tab does not reach a skip link first".to_owned()];
    }
    page.press("Enter").unwrap();
    page.eval("moved").unwrap();
    let is_main = page.eval("document.activeElement === document.querySelector('main')").unwrap();
    if is_main == true {
        Vec::new()
    } else {
        vec!["the skip link does not lead to main".to_owned()]
    }
}
