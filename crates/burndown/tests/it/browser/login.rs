//! How a browser gets in: by the link that is printed, by a key that is typed, by a file; and that it
//! stays in.

use browser::Page;

use crate::program::{BINARY, command};
use crate::samples::Workspace;
use crate::serving::Server;

/// A page whose browser nobody has let in.
fn stranger() -> Option<Page> {
    let mut page = super::page()?;
    page.set_sessions(|_| None);
    Some(page)
}

fn heading(page: &mut Page) -> String {
    page.text_of("main h1").unwrap()
}

const PROFILE: &str = "/profiles/p_a7b6725386c3";

#[test]
fn a_link_lets_in_and_bookmarks_work_after_a_restart() {
    let (Some(mut page), Some(mut other)) = (stranger(), stranger()) else { return };
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    let origin = format!("http://{}", server.address);
    assert_eq!(page.open(&format!("{origin}{PROFILE}")).unwrap(), 401);
    assert!(heading(&mut page).contains("Who are you?"));
    page.open(&format!("{origin}/login?key={}", server.key)).unwrap();
    assert_eq!(page.eval("location.pathname + location.search").unwrap(), "/");
    assert_eq!(page.eval("document.cookie").unwrap(), "", "scripts see no session");
    assert_eq!(page.open(&format!("{origin}{PROFILE}")).unwrap(), 200);
    assert_eq!(other.open(&format!("{origin}{PROFILE}")).unwrap(), 401, "another browser");

    let port = server.address.rsplit(':').next().unwrap().to_owned();
    drop(server);
    let server = Server::start(&workspace, &["--port", &port]);
    assert_eq!(page.open(&format!("{origin}{PROFILE}")).unwrap(), 200, "a bookmark");

    other.set_scripts(false).unwrap();
    other.eval(&format!("document.querySelector('[name=key]').value = {:?}", server.key)).unwrap();
    other.eval("document.querySelector('[name=key]').focus()").unwrap();
    other.lead_on(|page| page.press("Enter")).unwrap();
    assert_eq!(other.eval("location.pathname").unwrap(), PROFILE, "where it wanted to go");

    page.open(&format!("{origin}/keys")).unwrap();
    page.lead_on(|page| {
        page.eval("document.querySelector('form[action=\"/logout\"] button').click()").map(drop)
    })
    .unwrap();
    assert!(heading(&mut page).contains("Who are you?"));
}

#[test]
fn a_file_of_the_workspace_lets_in_and_a_link_of_another_site_works() {
    let Some(mut page) = stranger() else { return };
    let workspace = Workspace::migrated();
    let programs = workspace.path.join("programs");
    std::fs::create_dir(&programs).unwrap();
    let server = Server::start(&workspace, &["--port", "0"]);
    // There is no browser to start: the file is written all the same.
    let mut open = command(BINARY, &workspace.path);
    let ended = open.arg("open").env("PATH", &programs).output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let file = workspace.path.join("profiles/burndown-open.html");
    page.open_through(&format!("file://{}", file.display()), "http://").unwrap();
    assert!(page.text_of("main h1").is_ok(), "the file leads on");
    let wiki = workspace.path.join("wiki.html");
    let url = format!("http://{}{PROFILE}", server.address);
    std::fs::write(&wiki, format!("<!doctype html><a href='{url}'>burndown</a><img src='{url}'>"))
        .unwrap();
    page.open(&format!("file://{}", wiki.display())).unwrap();
    let image = page.requests().unwrap().into_iter().find(|request| request.url == url);
    assert_ne!(image.unwrap().status, Some(200), "what another site embeds");
    page.lead_on(|page| page.eval("document.links[0].click()").map(drop)).unwrap();
    assert!(heading(&mut page).contains("Apache Kafka"), "a link of a wiki");
}
