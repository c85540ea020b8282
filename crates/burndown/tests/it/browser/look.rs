//! How a page looks: nothing cut, nothing sideways, nothing too small to touch.

use browser::{Media, Page};
use serde_json::Value;

/// A window: width and height in CSS pixels, colours. Nothing moves in it: colours on their way from
/// light to dark are neither.
pub type Screen = (u32, u32, Media);

const DARK: Media = Media { is_dark: true, ..Media::STILL };

/// A phone and a desk, each light and dark.
pub const SCREENS: [Screen; 4] =
    [(360, 740, Media::STILL), (1440, 900, DARK), (360, 740, DARK), (1440, 900, Media::STILL)];

/// What is left of A4 between its margins, in CSS pixels.
const PAPER: (u32, u32) = (718, 1000);

/// The functions in `look.js`, callable as `look.NAME()` until the next page is opened.
pub fn prepare(page: &mut Page) {
    page.eval(include_str!("look.js")).unwrap();
}

/// The texts that a function in the page answers with.
pub fn texts(page: &mut Page, expression: &str) -> Vec<String> {
    let answer = page.eval(expression).unwrap();
    let texts = answer.as_array().unwrap_or_else(|| panic!("{expression} is {answer}"));
    texts.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Complaints about the page on some screens; `look` may add its own.
pub fn on_screens(
    page: &mut Page,
    screens: &[Screen],
    mut look: impl FnMut(&mut Page) -> Vec<String>,
) -> Vec<String> {
    let mut complaints = Vec::new();
    for (width, height, media) in screens {
        page.set_viewport(*width, *height).unwrap();
        page.set_media(*media).unwrap();
        let mut found = look(page);
        found.extend(texts(page, "[look.sideways(), look.cut(), look.small()].flat()"));
        let colors = if media.is_dark { "dark" } else { "light" };
        complaints.extend(found.into_iter().map(|it| format!("{width} px, {colors}: {it}")));
    }
    page.set_media(Media::LIGHT).unwrap();
    complaints
}

/// Complaints about movement that the reader does not want.
pub fn at_rest(page: &mut Page) -> Vec<String> {
    page.set_media(Media::STILL).unwrap();
    let complaints = texts(page, "look.moving()");
    page.set_media(Media::LIGHT).unwrap();
    complaints
}

/// Complaints about what does not fit on paper.
pub fn on_paper(page: &mut Page) -> Vec<String> {
    page.set_viewport(PAPER.0, PAPER.1).unwrap();
    page.set_media(Media::PRINT).unwrap();
    let complaints = texts(page, "look.paper()");
    page.set_media(Media::LIGHT).unwrap();
    page.set_viewport(1440, 900).unwrap();
    complaints.into_iter().map(|it| format!("on paper: {it}")).collect()
}
