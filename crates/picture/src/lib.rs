//! SVG text as a PNG, with a font of its own: the same picture on every machine.
//!
//! Text is set in DejaVu Sans whatever family the SVG asks for. Nothing is read from disk, neither
//! fonts nor images, and an SVG that is no picture is an error.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{ImageHrefResolver, Options, Tree};

/// Widest and highest picture, in pixels: what a pixel takes in memory is 4 bytes.
const SIDE_PX_MAX: u32 = 8192;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is no SVG.
    #[error("this is no SVG that can be drawn ({0})")]
    Unreadable(#[from] resvg::usvg::Error),
    /// There are no pixels, or too many.
    #[error("a picture of {width} × {height} pixels cannot be drawn; at most {SIDE_PX_MAX} fit")]
    Size {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
    },
    /// The pixels could not be written as a PNG.
    #[error("the picture cannot be written as PNG ({0})")]
    Unwritable(String),
}

/// Both weights that charts use, in every script that DejaVu Sans knows.
static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for face in [dejavu::sans::regular(), dejavu::sans::bold()] {
        fonts.load_font_source(Source::Binary(Arc::new(face)));
    }
    fonts.set_sans_serif_family(FAMILY);
    Arc::new(fonts)
});

/// What the font calls itself.
const FAMILY: &str = "DejaVu Sans";

/// The SVG as a PNG of its own size, one pixel for each of its units.
pub fn png(svg: &str) -> Result<Vec<u8>, Error> {
    let tree = Tree::from_str(svg, &options())?;
    let size = tree.size().to_int_size();
    let (width, height) = (size.width(), size.height());
    let pixels = (width.max(height) <= SIDE_PX_MAX).then(|| Pixmap::new(width, height)).flatten();
    let mut pixels = pixels.ok_or(Error::Size { width, height })?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| Error::Unwritable(error.to_string()))
}

/// The font for every family, and no image from elsewhere.
fn options() -> Options<'static> {
    Options {
        font_family: FAMILY.to_owned(),
        fontdb: Arc::clone(&FONTS),
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    }
}

#[cfg(test)]
mod tests;
