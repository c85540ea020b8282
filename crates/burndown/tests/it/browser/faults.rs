//! Pages with one fault each: every rule of this folder sees what it is for.

use browser::Page;

use super::{audit, keyboard, look, scriptless, traffic};

/// A page without a fault, but for what stands in `body`.
fn document(body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><title>t</title>\
         <meta http-equiv=Content-Security-Policy content=\"style-src 'nonce-a'\">\
         <style nonce=a>.wide{{width:3000px}} .cut{{width:40px;overflow:hidden;white-space:nowrap}}\
         .pale{{color:#ccc}} a.blind:focus{{outline:none}} .slow{{transition:color 1s}}\
         .scroll{{overflow-x:auto}} nav a{{display:block;padding:8px}} a.small{{padding:0}}</style>\
         <a href='#main'>Skip</a><nav><a href='#main'>Somewhere</a></nav>\
         <main id=main tabindex=-1><h1>Title</h1>{body}</main>"
    )
}

#[track_caller]
fn check(rule: impl Fn(&mut Page) -> Vec<String>, body: &str, want: &str) {
    let Some(mut page) = super::page() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html");
    let mut complaints_of = |body: &str| {
        std::fs::write(&path, document(body)).unwrap();
        page.open(&format!("file://{}", path.display())).unwrap();
        look::prepare(&mut page);
        rule(&mut page)
    };
    assert_eq!(complaints_of("<p>Text"), Vec::<String>::new(), "a page without a fault");
    let complaints = complaints_of(body);
    assert!(complaints.iter().any(|it| it.contains(want)), "{want:?} is not in {complaints:?}");
}

#[test]
fn the_console_is_heard() {
    check(traffic::console, "<script>console.error('so')</script>", "error: so");
    check(traffic::console, "<script>console.warn('so')</script>", "warning: so");
    check(traffic::console, "<script>throw new Error('so')</script>", "Error: so");
    check(traffic::console, "<p style='color:red'>Text", "Content Security Policy");
}

#[test]
fn requests_are_counted() {
    let rule = |page: &mut Page| traffic::requests(page, "file:");
    check(
        rule,
        "<img alt='' src='http://example.com/a.png'>",
        "asks elsewhere: http://example.com",
    );
    check(rule, "<img alt='' src='http://127.0.0.1:9/a.png'>", "did not come");
    check(rule, &format!("<!--{}-->", "x".repeat(100_000)), "bytes");
}

#[test]
fn looks_are_seen() {
    let rule = |page: &mut Page| look::on_screens(page, &look::SCREENS, |_| Vec::new());
    check(rule, "<p class=wide>Text", "360 px, light: scrolls sideways: 30");
    check(rule, "<p class=cut>Much more text than fits", "text is cut: <p.cut>");
    check(rule, "<nav><a class=small href='#a'>a</a></nav>", "too small to touch");
    check(look::at_rest, "<p class=slow>Text", "moves: <p.slow>");
    check(look::on_paper, "<p class=wide>Text", "scrolls sideways");
    check(look::on_paper, "<div class=scroll><p class=wide>Text</div>", "paper cannot scroll");
}

#[test]
fn the_keyboard_is_tried() {
    check(keyboard::walk, "<a class=blind href='#a'>Text</a>", "focus is not seen: <a.blind>");
    check(keyboard::walk, "<a href='#a'>b</a><a href='#a' tabindex=1>a</a>", "Tab should reach");
    check(keyboard::walk, "<a href='#b' tabindex=-1>b</a>", "Tab should reach <a> \"b\"");
    let stiff = "<details><summary onkeydown='return false'>Text</summary>more</details>";
    check(keyboard::walk, stiff, "Enter does not fold \"Text");
    check(
        keyboard::skip,
        "<script>document.querySelector('main').removeAttribute('tabindex')</script>",
        "lead",
    );
    check(keyboard::skip, "<a href='x' tabindex=1>Text</a>", "does not reach a skip link");
}

#[test]
fn scripts_can_be_done_without() {
    let rule = |page: &mut Page| {
        let with_script = look::texts(page, "look.content()");
        let url = page.eval("location.href").unwrap();
        scriptless::read(page, url.as_str().unwrap(), &with_script)
    };
    check(
        rule,
        "<script>document.write('<h2>Late</h2>')</script>",
        "instead of [\"Title\", \"Late",
    );
}

#[test]
fn the_engine_is_asked() {
    let Some(engine) = audit::engine() else { return };
    check(|page| audit::audit(page, engine), "<p class=pale>Text", "color-contrast: p ");
    check(|page| audit::audit(page, engine), "<input>", "label: input");
}
