//! The forecast page in a browser: deadlines by form, what if by form, with and without the script.

use browser::Page;

use crate::samples::Workspace;
use crate::serving::Server;

const FORECAST: &str = "/profiles/p_a7b6725386c3/queries/q_25d5b4b45190/forecast";

fn check_deadline(page: &mut Page, server: &Server, name: &str) {
    page.open(&format!("http://{}{FORECAST}", server.address)).unwrap();
    let fill = format!(
        "(() => {{ const form = document.querySelector('form.milestone');
           form.elements.namedItem('name').value = {name:?};
           form.date.value = '2026-03-01'; }})()"
    );
    page.eval(&fill).unwrap();
    page.lead_on(|page| page.click("form.milestone button")).unwrap();
    assert!(page.text_of("ul.milestones").unwrap().contains(&format!("{name} 1 Mar 2026")));
}

#[test]
fn a_deadline_is_set_by_a_form() {
    let Some(mut page) = super::page() else { return };
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    check_deadline(&mut page, &server, "Beta");
    page.set_scripts(false).unwrap();
    check_deadline(&mut page, &server, "Gamma");
}

#[test]
fn what_if_is_in_the_address() {
    let Some(mut page) = super::page() else { return };
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    page.set_scripts(false).unwrap();
    page.open(&format!("http://{}{FORECAST}", server.address)).unwrap();
    page.eval("document.querySelector('.what-if [name=growth]').value = 'off'").unwrap();
    page.lead_on(|page| page.click(".what-if button")).unwrap();
    let address = page.eval("location.search").unwrap();
    assert!(address.as_str().unwrap().contains("growth=off"), "{address}");
    assert!(
        page.text_of("main h1")
            .unwrap()
            .replace('\u{a0}', " ")
            .contains("more items were 85 % likely")
    );
}
