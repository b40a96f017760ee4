//! Pictures made smaller, and written as JPEG.

use jpeg_encoder::{ColorType, Encoder};
use openh264::formats::YUVSource;

/// The quality of JPEG, of 100.
const QUALITY: u8 = 78;

/// A picture of one luminance and two colour values for each pixel, as JPEG has them: of the full range.
pub(crate) struct Pixels {
    pub width: u16,
    pub height: u16,
    bytes: Vec<u8>,
}

impl Pixels {
    /// The picture `from`, made `width` × `height`. Its values are taken for those of video, from 16 to 235
    /// and 240 (Rec. ITU-R BT.601 §2.5.3).
    pub(crate) fn of(from: &impl YUVSource, (width, height): (u16, u16)) -> Self {
        let (wide, high) = from.dimensions();
        let (y_stride, u_stride, v_stride) = from.strides();
        let half = (wide.div_ceil(2), high.div_ceil(2));
        let to = (usize::from(width), usize::from(height));
        let luminance = scaled(from.y(), y_stride, (wide, high), to);
        let blue = scaled(from.u(), u_stride, half, to);
        let red = scaled(from.v(), v_stride, half, to);
        let pixels = luminance.zip(blue).zip(red);
        let bytes = pixels.flat_map(|((y, u), v)| [stretch(y, 16, 219, 0), colour(u), colour(v)]);
        Self {
            width,
            height,
            bytes: bytes.collect(),
        }
    }

    /// Pictures of one height beside each other.
    pub(crate) fn beside(pictures: &[Self]) -> Option<Self> {
        let first = pictures.first()?;
        let width: u16 = pictures.iter().map(|picture| picture.width).sum();
        let mut bytes = Vec::with_capacity(usize::from(width) * usize::from(first.height) * 3);
        for row in 0..usize::from(first.height) {
            for picture in pictures {
                let line = usize::from(picture.width) * 3;
                bytes.extend_from_slice(picture.bytes.get(row * line..(row + 1) * line)?);
            }
        }
        Some(Self {
            width,
            height: first.height,
            bytes,
        })
    }

    /// The picture as JPEG.
    pub(crate) fn jpeg(&self) -> Option<Vec<u8>> {
        let mut jpeg = Vec::new();
        Encoder::new(&mut jpeg, QUALITY)
            .encode(&self.bytes, self.width, self.height, ColorType::Ycbcr)
            .ok()?;
        Some(jpeg)
    }
}

/// The dimensions of a picture made so small that neither is above `limit`.
pub(crate) fn fit((width, height): (usize, usize), limit: u16) -> Option<(u16, u16)> {
    let longer = width.max(height).max(1);
    let side = |side: usize| {
        let side = side * longer.min(limit.into()) / longer;
        u16::try_from(side.max(1)).ok()
    };
    Some((side(width)?, side(height)?))
}

/// The values of a plane of `from` pixels made `to` pixels, row by row: each is the mean of those in its
/// place.
fn scaled(
    plane: &[u8],
    stride: usize,
    from: (usize, usize),
    to: (usize, usize),
) -> impl Iterator<Item = u8> {
    let part = |at: usize, from: usize, to: usize| {
        let first = at * from / to;
        first..((at + 1) * from / to).max(first + 1)
    };
    (0..to.0 * to.1).map(move |pixel| {
        let columns = part(pixel % to.0, from.0, to.0);
        let (mut sum, mut count) = (0, 0);
        for row in part(pixel / to.0, from.1, to.1) {
            let line = row * stride + columns.start..row * stride + columns.end;
            for value in plane.get(line).unwrap_or_default() {
                sum += usize::from(*value);
                count += 1;
            }
        }
        u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX)
    })
}

/// A value whose range begins at `from` and has `length` steps, in the full range around `middle`.
fn stretch(value: u8, from: i32, length: i32, middle: i32) -> u8 {
    let value = (i32::from(value) - from) * 255 / length + middle;
    u8::try_from(value.clamp(0, 255)).unwrap_or_default()
}

fn colour(value: u8) -> u8 {
    stretch(value, 128, 224, 128)
}
