//! What a page asks for, and what the browser's console says of it.

use browser::Page;

/// Requests of one page on its first visit.
const REQUESTS_MAX: usize = 5;

/// Bytes of one page on its first visit, heads and bodies.
const BYTES_MAX: u64 = 100_000;

/// Complaints about the requests of the page that was opened.
pub fn requests(page: &mut Page, origin: &str) -> Vec<String> {
    let requests = page.requests().unwrap();
    let mut complaints = Vec::new();
    for request in &requests {
        let url = &request.url;
        if !url.starts_with(origin) {
            complaints.push(format!("asks elsewhere: {url}"));
        }
        if let Some(failure) = &request.failure {
            complaints.push(format!("{url} did not come: {failure}"));
        }
    }
    // The first is the page itself, whose status is looked at by whoever opened it.
    for request in requests.iter().skip(1).filter(|request| request.status != Some(200)) {
        complaints.push(format!("{} came with status {:?}", request.url, request.status));
    }
    let bytes: u64 = requests.iter().map(|request| request.bytes).sum();
    if requests.len() > REQUESTS_MAX || bytes > BYTES_MAX {
        complaints.push(format!("takes {} requests and {bytes} bytes", requests.len()));
    }
    complaints
}

/// Complaints that stand in the console: of scripts, and of the browser about the page.
pub fn console(page: &mut Page) -> Vec<String> {
    let here = page.eval("location.href").unwrap();
    let messages = page.messages().unwrap().into_iter();
    // An error page has the status of an error, which the browser notes.
    let is_own_status = |text: &str, url: &str| here == url && text.contains("status of 4");
    messages
        .filter(|message| ["error", "warning", "assert"].contains(&message.level.as_str()))
        .filter(|message| !is_own_status(&message.text, &message.url))
        .map(|message| format!("console: {}: {}", message.level, message.text))
        .collect()
}
