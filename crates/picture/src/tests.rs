//! Pixels of small pictures.

use super::*;

/// An SVG of 60 × 20 pixels on white.
fn svg(content: &str) -> String {
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><style>.x {{ font: 12px system-ui, sans-serif }}</style><rect width="100%" height="100%" fill="#fff"/>{content}</svg>"##
    )
}

fn text(content: &str) -> String {
    svg(&format!(r#"<text class="x" x="2" y="14">{content}</text>"#))
}

/// How many pixels are not white.
fn inked(svg: &str) -> usize {
    let pixels = Pixmap::decode_png(&png(svg).unwrap()).unwrap();
    assert_eq!((pixels.width(), pixels.height()), (60, 20));
    pixels.pixels().iter().filter(|pixel| pixel.red() < 255).count()
}

#[test]
fn a_picture_is_a_function_of_its_text() {
    let text = text("Done 1\u{202f}307");
    assert_eq!(png(&text).unwrap(), png(&text).unwrap());
    assert_eq!(inked(&svg("")), 0);
}

#[test]
fn glyphs_of_charts_are_not_boxes() {
    // Every box is alike, so what differs from the box of an unassigned sign is a glyph.
    let boxed = png(&text("\u{e000}")).unwrap();
    for glyph in "−–…≤·×äß€Ωя".chars() {
        let glyph = text(&glyph.to_string());
        assert!(inked(&glyph) > 0 && png(&glyph).unwrap() != boxed, "{glyph}");
    }
    assert_eq!(inked(&text("\u{202f}\u{a0}")), 0, "spaces are empty");
}

#[test]
fn digits_are_of_one_width() {
    let bar = |before: &str| text(&format!("{before}<tspan>|</tspan>"));
    let last = |svg: &str| {
        let pixels = Pixmap::decode_png(&png(svg).unwrap()).unwrap();
        let is_inked = |x: &u32| (0..20).any(|y| pixels.pixel(*x, y).unwrap().red() < 255);
        (0..60).rev().find(is_inked).unwrap()
    };
    assert_eq!(last(&bar("1111")), last(&bar("0000")));
    assert_ne!(last(&bar("1111")), last(&bar("iiii")), "the text before it does move the bar");
}

#[test]
fn bold_text_is_bolder() {
    let bold = |weight: u16| {
        svg(&format!(r#"<text class="x" x="2" y="14" style="font-weight:{weight}">85 %</text>"#))
    };
    assert!(inked(&bold(600)) > inked(&bold(400)));
}

#[test]
fn nothing_is_fetched() {
    for target in
        ["/etc/hostname", "data:image/svg+xml;base64,PHN2Zy8+", "http://127.0.0.1:1/x.png"]
    {
        assert_eq!(inked(&svg(&format!(r#"<image href="{target}" width="60" height="20"/>"#))), 0);
    }
}

#[test]
fn what_is_no_picture_is_an_error() {
    for wrong in
        ["", "<p>", "<svg", r#"<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="1"/>"#]
    {
        assert!(png(wrong).is_err(), "{wrong}");
    }
}
