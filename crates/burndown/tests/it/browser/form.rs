//! Forms filled and sent with keys.

use browser::Page;

/// Puts `text` in place of what stands in a field of the form of that name.
pub fn fill(page: &mut Page, form: &str, field: &str, text: &str) {
    let field = format!("document.querySelector('form:has([value={form}]) [name={field}]')");
    page.eval(&format!("{field}.focus(); {field}.select()")).unwrap();
    page.type_text(text).unwrap();
}

/// Presses Enter on what matches, and waits for where that leads.
pub fn enter(page: &mut Page, selector: &str) {
    page.eval(&format!("document.querySelector({selector:?}).focus()")).unwrap();
    page.lead_on(|page| page.press("Enter")).unwrap();
}

/// Sends the form of that name.
pub fn send(page: &mut Page, form: &str) {
    enter(page, &format!("form:has([value={form}]) button"));
}
