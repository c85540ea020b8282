//! What people come for, from the first page on: each within two clicks, at a desk by day, on a phone
//! by night, and where it only reads without the script, too.

use browser::{Media, Page};

use super::look::{self, Screen};
use super::{audit, form, traffic};
use crate::program::run;
use crate::samples::Workspace;
use crate::serving::Server;

const DESK: Screen = (1440, 900, Media::STILL);
const PHONE: Screen = (360, 740, Media { is_dark: true, ..Media::STILL });

/// What somebody wants to know or have.
struct Job {
    what: &'static str,
    /// What is clicked, from the first page on.
    clicks: &'static [&'static str],
    /// True in the page where it is reached.
    reached: &'static str,
}

const QUERY: &str = "main tbody th[scope=row] > a";
const FORECAST: &str = "main tbody td a[href$='/forecast']";

const JOBS: [Job; 7] = [
    Job {
        what: "when is it done",
        clicks: &[],
        reached: "/at least \\d+ more items by/.test(look.at('main tbody')) && /%/.test(look.at('main tbody'))",
    },
    Job {
        what: "why is the number so",
        clicks: &[QUERY, ".answer button.why"],
        reached: "/replayed/.test(document.querySelector('.why:popover-open').textContent)",
    },
    Job {
        what: "change the deadline",
        clicks: &[FORECAST],
        reached: "look.at('form.milestone [type=date]') !== null && look.at('form.milestone button') !== null",
    },
    Job {
        what: "compare two scenarios",
        clicks: &[FORECAST],
        reached: "look.at('form.what-if [name=add]') !== null && look.at('form.what-if [name=focus]') !== null",
    },
    Job {
        what: "a report to show",
        clicks: &["main tbody a[href$='/report']"],
        reached: "/Save as HTML/.test(look.at('main form button'))",
    },
    Job {
        what: "what is stuck",
        clicks: &[QUERY, "nav.tabs a[href$='/now']"],
        reached: "document.querySelectorAll('main tbody tr').length >= 5 && /\\d older than /.test(look.at('main .answer'))",
    },
    Job {
        what: "did we get faster",
        clicks: &[QUERY, "nav.tabs a[href$='/flow']"],
        reached: "/before/.test(look.at('main .answer'))",
    },
];

/// The text of the first element that matches and is on the page to be seen; `null` if none is.
const AT: &str = "look.at = (selector) => { \
    const it = document.querySelector(selector); \
    const box = it && it.getBoundingClientRect(); \
    return box && box.width > 0 && box.height > 0 ? it.innerText : null; }";

/// Clicks into the first line of what matches, which nothing may lie over, and waits for the page that
/// this leads to, if to one.
fn click(page: &mut Page, selector: &str) {
    let click = format!(
        "(() => {{ const it = document.querySelector({selector:?}); \
           it.scrollIntoView({{ block: 'center', inline: 'center', behavior: 'instant' }}); \
           const line = it.getClientRects()[0]; \
           const hit = document.elementFromPoint(line.x + line.width / 2, line.y + line.height / 2); \
           if (!it.contains(hit)) return hit ? hit.outerHTML : 'nothing'; \
           it.click(); return ''; }})()"
    );
    let mut hit = serde_json::Value::Null;
    let act = |page: &mut Page| page.eval(&click).map(|found| hit = found);
    if selector.contains("button") {
        let mut act = act;
        act(page).unwrap();
    } else {
        page.lead_on(act).unwrap();
    }
    assert_eq!(hit, "", "{selector} is covered");
}

/// Does all jobs; what is wrong with one.
fn walk(page: &mut Page, start: &str, screen: Screen, has_script: bool) -> Vec<String> {
    let (width, height, media) = screen;
    let mut complaints = Vec::new();
    for job in &JOBS {
        page.set_viewport(width, height).unwrap();
        page.set_media(media).unwrap();
        page.set_scripts(has_script).unwrap();
        page.open(start).unwrap();
        assert!(job.clicks.len() <= 2, "{}", job.what);
        job.clicks.iter().for_each(|selector| click(page, selector));
        look::prepare(page);
        page.eval(AT).unwrap();
        let mut found = Vec::new();
        if page.eval(job.reached).unwrap() != true {
            found.push(format!("is not reached: {}", page.text_of("main").unwrap()));
        }
        if has_script {
            super::pages::keep_picture(page, &format!("///job {}", job.what));
            let engine = audit::engine();
            found.extend(look::on_screens(page, &[screen], |page| {
                engine.map(|engine| audit::audit(page, engine)).unwrap_or_default()
            }));
        }
        found.extend(traffic::console(page));
        complaints.extend(found.into_iter().map(|it| format!("{}: {it}", job.what)));
    }
    page.set_scripts(true).unwrap();
    complaints
}

/// A workspace with a deadline to come, and its first page.
fn start() -> (Workspace, Server) {
    let workspace = Workspace::migrated();
    let server = Server::start(&workspace, &["--port", "0"]);
    (workspace, server)
}

#[track_caller]
fn check(screen: Screen, has_script: bool) {
    let Some(mut page) = super::page() else { return };
    let (_workspace, server) = start();
    let complaints = walk(&mut page, &format!("http://{}/", server.address), screen, has_script);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn at_a_desk_by_day() {
    check(DESK, true);
}

#[test]
fn on_a_phone_by_night() {
    check(PHONE, true);
}

#[test]
fn without_the_script() {
    check(DESK, false);
    check(PHONE, false);
}

/// The three that do something are done to their end.
#[test]
fn what_is_reached_can_be_done() {
    let Some(mut page) = super::page() else { return };
    let page = &mut page;
    let (workspace, server) = start();
    let first = format!("http://{}/", server.address);

    page.open(&first).unwrap();
    click(page, FORECAST);
    page.eval("document.querySelector('form.milestone [name=name]').value = 'Fair'").unwrap();
    page.eval("document.querySelector('form.milestone [type=date]').value = '2027-05-01'").unwrap();
    form::enter(page, "form.milestone button");
    let listed = run(&workspace.path, &["milestone", "--json"]).answer();
    assert!(listed.contains("Fair") && listed.contains("2027-05-01"), "{listed}");
    assert!(page.text_of(".milestones").unwrap().contains("1 May 2027"));

    page.open(&first).unwrap();
    click(page, FORECAST);
    page.eval("document.querySelector('form.what-if [name=add]').value = '10'").unwrap();
    page.set_scripts(false).unwrap();
    form::enter(page, "form.what-if button");
    let said = page.text_of("main").unwrap();
    assert!(said.contains("usual assumptions"), "{said}");
    // The first is kept, and the second stands beside it.
    let links = "[...document.querySelectorAll('[aria-labelledby=scenarios] a')]";
    let keep = format!("{links}.find((it) => it.textContent.startsWith('Keep')).click()");
    page.lead_on(|page| page.eval(&keep).map(drop)).unwrap();
    page.eval("document.querySelector('form.what-if [name=focus]').value = '80'").unwrap();
    page.eval("document.querySelector('form.what-if [name=name]').value = 'Fewer people'").unwrap();
    form::enter(page, "form.what-if button");
    let rows = page.text_of("[aria-labelledby=scenarios] tbody").unwrap();
    for row in ["As usual", "A 10 added", "Fewer people pace 80"] {
        assert!(rows.replace('\u{a0}', " ").contains(row), "{rows}");
    }
    page.set_scripts(true).unwrap();

    page.open(&first).unwrap();
    click(page, "main tbody a[href$='/report']");
    let file =
        page.save_file(&workspace.path, |page| page.click("main form button.first")).unwrap();
    let report = std::fs::read_to_string(file).unwrap();
    assert!(report.contains("At a glance") && report.contains("Fair"), "{report}");
}
