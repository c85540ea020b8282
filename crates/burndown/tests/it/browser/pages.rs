//! All rules on all pages of several workspaces.

use std::path::PathBuf;

use browser::Page;

use super::look::{SCREENS, Screen};
use super::{audit, crawl, keyboard, look, scriptless, traffic};
use crate::program::{BINARY, command};
use crate::requirement;
use crate::samples::Workspace;
use crate::serving::Server;

/// Enough for pages that the demo shows on all screens: each width and each set of colours.
const FEW: &[Screen] = SCREENS.split_at(2).0;

/// Addresses that lead to no data, and their statuses.
const ERRORS: [(&str, u64); 3] =
    [("/nowhere", 404), ("/profiles/none/queries/none", 404), ("/about?check=perhaps", 422)];

/// Checks every page that links lead to, and the pages of errors.
fn check(workspace: &Workspace, options: &[&str], screens: &[Screen]) {
    let Some(mut page) = super::page() else { return };
    let mut serve = command(BINARY, &workspace.path);
    let server = Server::spawn(serve.arg("serve").args(options).args(["--port", "0"]));
    let origin = format!("http://{}", server.address);
    let found = crawl::crawl(&mut page, &origin).into_iter().map(|path| (path, 200));
    let errors = ERRORS.into_iter().map(|(path, status)| (path.to_owned(), status));
    let mut complaints = Vec::new();
    for (path, status) in found.chain(errors) {
        let url = format!("{origin}{path}");
        let found = visit(&mut page, &origin, &url, status, screens);
        complaints.extend(found.into_iter().map(|complaint| format!("{path}: {complaint}")));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// All complaints about the page at an address.
fn visit(page: &mut Page, origin: &str, url: &str, want: u64, screens: &[Screen]) -> Vec<String> {
    // Parameters change what a page says, not what it is made of.
    let is_variant = url.contains('?');
    let engine = audit::engine().filter(|_| !is_variant);
    let screens = if is_variant { FEW } else { screens };
    assert_eq!(page.open(url).unwrap(), want, "{url}");
    look::prepare(page);
    let content = look::texts(page, "look.content()");
    let mut complaints = traffic::requests(page, origin);
    complaints.extend(look::on_screens(page, screens, |page| {
        keep_picture(page, url);
        engine.map(|engine| audit::audit(page, engine)).unwrap_or_default()
    }));
    complaints.extend(traffic::console(page));
    if !is_variant {
        complaints.extend(look::at_rest(page));
        complaints.extend(look::on_paper(page));
        complaints.extend(keyboard::use_keys(page, url));
        complaints.extend(scriptless::read(page, url, &content));
    }
    complaints
}

/// Keeps what is seen for someone who wants to look: `BURNDOWN_PICTURES` names the folder.
pub fn keep_picture(page: &mut Page, url: &str) {
    let Some(folder) = std::env::var_os("BURNDOWN_PICTURES").map(PathBuf::from) else { return };
    let state = page.eval(
        "`${innerWidth}-${matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'}`",
    );
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    let path = path.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
    let test = std::thread::current().name().unwrap_or_default().replace("browser::pages::", "");
    let name = format!("{test}-{path}-{}.png", state.unwrap().as_str().unwrap());
    std::fs::write(folder.join(name), page.screenshot().unwrap()).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn the_demo() {
    check(&Workspace::empty(), &["--demo"], &SCREENS);
}

#[test]
fn what_the_old_app_left() {
    check(&Workspace::small(), &["--workspace", "."], FEW);
}

#[test]
fn several_profiles() {
    let Some(archive) = requirement::large_sample("multi") else { return };
    check(&Workspace::unpacked(&archive, "multi"), &["--workspace", "."], FEW);
}

#[test]
fn nothing_yet() {
    check(&Workspace::empty(), &["--workspace", "."], FEW);
}
