//! A page whose script does not run: all there, and forms work.

use browser::Page;

use super::look;

/// Forms that lead to a page; what is saved as a file leads nowhere.
const FORMS: &str = "document.querySelectorAll('main form[method=get]:not([action^=\"/api/\"])')";

/// Complaints about what is missing without the script. `with_script` is what `look.content()`
/// answered before.
pub fn read(page: &mut Page, url: &str, with_script: &[String]) -> Vec<String> {
    page.set_scripts(false).unwrap();
    page.open(url).unwrap();
    look::prepare(page);
    let without = look::texts(page, "look.content()");
    let mut complaints: Vec<String> = Vec::new();
    if without != with_script || without.is_empty() {
        complaints.push(format!("without script: {without:?} instead of {with_script:?}"));
    }
    complaints.extend(submit(page, url));
    page.set_scripts(true).unwrap();
    complaints
}

/// Sends each form as it stands.
fn submit(page: &mut Page, url: &str) -> Vec<String> {
    let forms = page.eval(&format!("{FORMS}.length")).unwrap().as_u64().unwrap();
    let mut complaints = Vec::new();
    for at in 0..forms {
        page.open(url).unwrap();
        let click = format!("{FORMS}[{at}].querySelector('[type=submit]').click()");
        page.lead_on(|page| page.eval(&click).map(drop)).unwrap();
        let status = page.requests().unwrap().first().and_then(|request| request.status);
        if status != Some(200) {
            complaints.push(format!("without script: form {at} leads to status {status:?}"));
        }
    }
    complaints
}
