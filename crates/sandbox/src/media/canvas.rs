//! An RGB picture with text.

use std::ops::Range;

use unifont::Glyph;

/// Red, green, blue.
pub(crate) type Colour = [u8; 3];

pub(crate) const WHITE: Colour = [0xf0; 3];
pub(crate) const GREY: Colour = [0xb0; 3];

/// Width and height in pixels, both even.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub width: u16,
    pub height: u16,
}

/// The picture.
pub(crate) struct Canvas {
    pub size: Size,
    /// Three bytes a pixel, row by row.
    pub pixels: Vec<u8>,
}

/// The height of a glyph.
const LINE: usize = 16;

impl Canvas {
    /// A black picture.
    pub(crate) fn new(size: Size) -> Self {
        let pixels = usize::from(size.width) * usize::from(size.height);
        Self {
            size,
            pixels: vec![0; pixels * 3],
        }
    }

    /// Fills a rectangle; the part outside the picture is ignored.
    pub(crate) fn fill(&mut self, x: Range<usize>, y: Range<usize>, colour: Colour) {
        let width = usize::from(self.size.width);
        let columns = x.start.min(width)..x.end.min(width);
        let rows = self.pixels.chunks_exact_mut(width * 3);
        for row in rows.take(y.end).skip(y.start) {
            let (row, _) = row.as_chunks_mut();
            row[columns.clone()].fill(colour);
        }
    }

    /// Writes text, `scale` pixels for each of the font's; the part outside the picture is ignored.
    pub(crate) fn text(&mut self, x: usize, y: usize, scale: usize, colour: Colour, text: &str) {
        let mut left = x;
        for glyph in text.chars().map(glyph) {
            for row in 0..LINE {
                let dots = (0..glyph.get_width()).filter(|column| glyph.get_pixel(*column, row));
                for column in dots {
                    let (x, y) = (left + column * scale, y + row * scale);
                    self.fill(x..x + scale, y..y + scale, colour);
                }
            }
            left += glyph.get_width() * scale;
        }
    }
}

/// The width of a text, in pixels of the font.
pub(crate) fn measure(text: &str) -> usize {
    text.chars().map(|c| glyph(c).get_width()).sum()
}

/// The glyph of a character, or a box where the font has none.
fn glyph(c: char) -> &'static Glyph {
    static BOX: Glyph = Glyph::Halfwidth([
        0, 0, 0x7e, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x7e, 0, 0,
    ]);
    unifont::get_glyph(c).unwrap_or(&BOX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_never_leaves_the_picture() {
        let mut canvas = Canvas::new(Size {
            width: 64,
            height: 32,
        });
        canvas.text(40, 20, 4, WHITE, "客服 abc");
        canvas.fill(60..160, 30..130, GREY);
        assert_eq!(canvas.pixels.len(), 64 * 32 * 3);
    }

    #[test]
    fn chinese_has_glyphs_and_the_unknown_a_box() {
        assert_eq!(measure("客服"), 32);
        assert_eq!(measure("a\u{10ffff}"), 16);
    }
}
