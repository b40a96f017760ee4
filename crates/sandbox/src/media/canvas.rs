//! A picture in the form that the encoder takes: planar YUV 4:2:0, limited range.

use unifont::Glyph;

/// Width and height in pixels, both even.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
}

/// A colour: luma 16 to 235, chroma 16 to 240 around 128.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Colour {
    /// Luma.
    pub y: u8,
    /// Blue difference.
    pub u: u8,
    /// Red difference.
    pub v: u8,
}

impl Colour {
    /// A grey.
    pub(crate) const fn grey(y: u8) -> Self {
        Self { y, u: 128, v: 128 }
    }
}

/// A place on the picture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Area {
    /// Left edge.
    pub x: usize,
    /// Upper edge.
    pub y: usize,
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
}

/// The picture.
pub(crate) struct Canvas {
    size: Size,
    y: Vec<u8>,
    u: Vec<u8>,
    v: Vec<u8>,
}

/// Height of every glyph.
pub(crate) const LINE: usize = 16;

impl Canvas {
    /// A black picture.
    pub(crate) fn new(size: Size) -> Self {
        let pixels = usize::from(size.width) * usize::from(size.height);
        Self {
            size,
            y: vec![16; pixels],
            u: vec![128; pixels / 4],
            v: vec![128; pixels / 4],
        }
    }

    /// Its size.
    pub(crate) const fn size(&self) -> Size {
        self.size
    }

    /// The three planes: luma, then the two chromas at half the size.
    pub(crate) fn planes(&self) -> (&[u8], &[u8], &[u8]) {
        (&self.y, &self.u, &self.v)
    }

    /// Paints everything.
    pub(crate) fn clear(&mut self, colour: Colour) {
        self.y.fill(colour.y);
        self.u.fill(colour.u);
        self.v.fill(colour.v);
    }

    /// Paints a rectangle; what lies outside the picture is left out.
    pub(crate) fn fill(&mut self, area: Area, colour: Colour) {
        let width = usize::from(self.size.width);
        fill_plane(&mut self.y, width, area, colour.y);
        let half = Area {
            x: area.x / 2,
            y: area.y / 2,
            width: area.width / 2,
            height: area.height / 2,
        };
        fill_plane(&mut self.u, width / 2, half, colour.u);
        fill_plane(&mut self.v, width / 2, half, colour.v);
    }

    /// Writes text in a grey, each font pixel `scale` pixels wide.
    pub(crate) fn text(&mut self, x: usize, y: usize, scale: usize, luma: u8, text: &str) {
        let width = usize::from(self.size.width);
        let mut left = x;
        for c in text.chars() {
            let glyph = glyph(c);
            for row in 0..LINE {
                for column in (0..glyph.get_width()).filter(|column| glyph.get_pixel(*column, row))
                {
                    let dot = Area {
                        x: left + column * scale,
                        y: y + row * scale,
                        width: scale,
                        height: scale,
                    };
                    fill_plane(&mut self.y, width, dot, luma);
                }
            }
            left += glyph.get_width() * scale;
        }
    }

    /// Writes text as large as fits into that width, up to `scale`; cut off with … where even
    /// the smallest does not fit. Gives the scale.
    pub(crate) fn text_within(&mut self, place: Area, scale: usize, luma: u8, text: &str) -> usize {
        let cells = measure(text);
        let scale = (1..=scale)
            .rev()
            .find(|scale| cells * scale <= place.width)
            .unwrap_or(1);
        if cells * scale <= place.width {
            self.text(place.x, place.y, scale, luma, text);
            return scale;
        }
        let mut kept = String::new();
        let mut used = measure("…");
        for c in text.chars() {
            used += glyph(c).get_width();
            if used > place.width {
                break;
            }
            kept.push(c);
        }
        kept.push('…');
        self.text(place.x, place.y, scale, luma, &kept);
        scale
    }
}

/// How wide a text is, in font pixels.
pub(crate) fn measure(text: &str) -> usize {
    text.chars().map(|c| glyph(c).get_width()).sum()
}

/// The glyph, or a box where the font has none.
fn glyph(c: char) -> &'static Glyph {
    static BOX: Glyph = Glyph::Halfwidth([
        0, 0, 0x7e, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x7e, 0, 0,
    ]);
    unifont::get_glyph(c).unwrap_or(&BOX)
}

fn fill_plane(plane: &mut [u8], width: usize, area: Area, value: u8) {
    let from = area.x.min(width);
    let to = (area.x + area.width).min(width);
    for row in plane.chunks_exact_mut(width).skip(area.y).take(area.height) {
        row[from..to].fill(value);
    }
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
        canvas.text(40, 20, 4, 200, "客服 abc");
        canvas.fill(
            Area {
                x: 60,
                y: 30,
                width: 100,
                height: 100,
            },
            Colour::grey(90),
        );
        assert_eq!(canvas.planes().0.len(), 64 * 32);
    }

    #[test]
    fn chinese_has_glyphs_and_the_unknown_a_box() {
        assert_eq!(measure("客服"), 32);
        assert_eq!(measure("a\u{10ffff}"), 16);
    }
}
