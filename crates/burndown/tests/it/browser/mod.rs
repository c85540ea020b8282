//! Every page in a real browser.

mod audit;
mod charts;
mod crawl;
mod faults;
mod forecast;
mod form;
mod jobs;
mod keyboard;
mod keys;
mod large;
mod login;
mod look;
mod pages;
mod scriptless;
mod settings;
mod setup;
mod sync;
mod traffic;
mod travel;

use std::path::PathBuf;
use std::sync::OnceLock;

use browser::{Browser, Media, Page};

use crate::requirement;

/// A page of the one browser that all tests share; `None` if there is no browser.
pub fn page() -> Option<Page> {
    static BROWSER: OnceLock<Browser> = OnceLock::new();
    let named = std::env::var_os("BURNDOWN_CHROMIUM").map(PathBuf::from);
    let program = browser::find(named.as_deref(), &std::env::var_os("PATH").unwrap_or_default());
    let what = "Chromium, on the search path or where BURNDOWN_CHROMIUM says";
    if !requirement::met(program.is_some(), what) {
        return None;
    }
    let browser = BROWSER.get_or_init(|| Browser::start(&program.unwrap()).unwrap());
    let mut page = browser.page().unwrap();
    page.set_sessions(crate::serving::session_for);
    page.set_media(Media::LIGHT).unwrap();
    page.set_viewport(1440, 900).unwrap();
    Some(page)
}
