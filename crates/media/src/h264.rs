//! The decoder of pictures, and its limits (ITU-T H.264).
//!
//! The decoder is a foreign library, so it gets as little as possible: a sync picture with its parameters,
//! and no other unit; and a sequence only after its dimensions are known.

use mp4_atom::Avcc;
use openh264::decoder::{DecodedYUV, Decoder};

/// Unit types (table 7-1).
const SYNC_PICTURE: u8 = 5;
const SEQUENCE_PARAMETERS: u8 = 7;
const PICTURE_PARAMETERS: u8 = 8;

/// The limit of a picture's width and height in macroblocks: 4096 pixels.
const MAX_SIDE: u32 = 256;
/// The limit of the macroblocks of all pictures that the decoder holds: 96 MiB.
const MAX_BLOCKS: u32 = 1 << 18;

/// Decodes a sample that needs no other one, and passes the picture on.
pub(crate) fn decode<T>(
    avcc: &Avcc,
    sample: &[u8],
    show: impl FnOnce(&DecodedYUV) -> Option<T>,
) -> Option<T> {
    let mut stream = Vec::with_capacity(sample.len() + 1024);
    let sequences = avcc.sequence_parameter_sets.iter();
    for unit in sequences.chain(&avcc.picture_parameter_sets) {
        push(&mut stream, unit)?;
    }
    let mut rest = sample;
    while !rest.is_empty() {
        let (length, after) = rest.split_at_checked(avcc.length_size.into())?;
        let length = length
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        let (unit, after) = after.split_at_checked(length)?;
        push(&mut stream, unit)?;
        rest = after;
    }
    let mut decoder = Decoder::new().ok()?;
    show(&decoder.decode(&stream).ok()??)
}

/// Adds a unit to a byte stream (annex B) if it is of use; `None` where it exceeds a limit.
fn push(stream: &mut Vec<u8>, unit: &[u8]) -> Option<()> {
    match unit.first().map(|first| first & 0x1f) {
        Some(SEQUENCE_PARAMETERS) => within_limits(unit)?,
        Some(SYNC_PICTURE | PICTURE_PARAMETERS) => {}
        _ => return Some(()),
    }
    stream.extend_from_slice(&[0, 0, 0, 1]);
    stream.extend_from_slice(unit);
    Some(())
}

/// Checks the parameters of a sequence (§7.3.2.1.1).
fn within_limits(unit: &[u8]) -> Option<()> {
    let mut bits = Bits::of(unit);
    bits.skip(8);
    let profile = bits.read(8)?;
    bits.skip(16);
    bits.number()?;
    // The profiles with a format of colour; that of 4:4:4 has more fields, and is not decoded.
    if matches!(profile, 100 | 110 | 122 | 244 | 44 | 83 | 86 | 118 | 128) {
        (bits.number()? < 2).then_some(())?;
        bits.number()?;
        bits.number()?;
        bits.skip(1);
        if bits.read(1)? == 1 {
            bits.skip_scaling_lists()?;
        }
    }
    bits.number()?;
    match bits.number()? {
        0 => {
            bits.number()?;
        }
        1 => {
            bits.skip(1);
            bits.number()?;
            bits.number()?;
            for _ in 0..bits.number()?.min(255) {
                bits.number()?;
            }
        }
        _ => {}
    }
    let references = bits.number()?;
    bits.skip(1);
    let width = bits.number()?.checked_add(1)?;
    let height = bits.number()?.checked_add(1)?;
    let held = width
        .checked_mul(height)?
        .checked_mul(references.checked_add(2)?)?;
    (width.max(height) <= MAX_SIDE && held <= MAX_BLOCKS).then_some(())
}

/// The bits of a unit, without those that prevent a start code (§7.4.1).
struct Bits {
    bytes: Vec<u8>,
    at: usize,
}

impl Bits {
    fn of(unit: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(unit.len());
        let mut zeros = 0;
        for byte in unit {
            if zeros >= 2 && *byte == 3 {
                zeros = 0;
                continue;
            }
            zeros = if *byte == 0 { zeros + 1 } else { 0 };
            bytes.push(*byte);
        }
        Self { bytes, at: 0 }
    }

    fn skip(&mut self, count: usize) {
        self.at += count;
    }

    /// The next bits, 32 at most.
    fn read(&mut self, count: u32) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.bytes.get(self.at / 8)?;
            value = value << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(value)
    }

    /// The next number (§9.1). A signed one is read alike, as the number of its code.
    fn number(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while self.read(1)? == 0 {
            zeros += 1;
        }
        if zeros > 31 {
            return None;
        }
        Some((1 << zeros) - 1 + self.read(zeros)?)
    }

    /// Passes over scaling lists (§7.3.2.1.1.1).
    fn skip_scaling_lists(&mut self) -> Option<()> {
        for list in 0..8 {
            if self.read(1)? == 0 {
                continue;
            }
            let (mut last, mut next) = (8_u32, 8_u32);
            for _ in 0..if list < 6 { 16 } else { 64 } {
                if next != 0 {
                    // Odd codes are positive (§9.1.1).
                    let code = self.number()?;
                    let half = code.div_ceil(2);
                    let delta = if code % 2 == 1 {
                        half
                    } else {
                        half.wrapping_neg()
                    };
                    next = last.wrapping_add(delta) % 256;
                }
                if next != 0 {
                    last = next;
                }
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    /// The parameters of a sequence of pictures of `width` × `height` macroblocks.
    fn sequence(profile: u32, lists: bool, width: u32, height: u32, references: u32) -> Vec<u8> {
        let mut bits = String::from("01100111");
        let _ = write!(bits, "{profile:08b}0000000000110100");
        let number = |value: u32| {
            let code = format!("{:b}", value + 1);
            format!("{}{code}", "0".repeat(code.len() - 1))
        };
        bits += &number(0);
        if profile == 100 {
            bits += &[number(1), number(0), number(0)].concat();
            bits += if lists { "01" } else { "00" };
            if lists {
                // One list that is all 8, one that ends at once, and six that are not there.
                let _ = write!(bits, "1{}1{}000000", "1".repeat(16), number(16));
            }
        }
        bits += &[number(0), number(0), number(4), number(references)].concat();
        bits += "0";
        bits += &[number(width - 1), number(height - 1)].concat();
        bits += &"10000000"[..8 - bits.len() % 8];
        let bits = bits.as_bytes().chunks(8);
        let bytes = bits.map(|byte| u8::from_str_radix(str::from_utf8(byte).unwrap(), 2).unwrap());
        let mut unit = Vec::new();
        for byte in bytes {
            if byte <= 3 && unit.ends_with(&[0, 0]) {
                unit.push(3);
            }
            unit.push(byte);
        }
        unit
    }

    #[test]
    fn a_sequence_is_decoded_up_to_its_limits() {
        for (profile, lists) in [(66, false), (100, false), (100, true)] {
            let is_decoded = |width, height, references| {
                let unit = sequence(profile, lists, width, height, references);
                within_limits(&unit).is_some()
            };
            assert!(is_decoded(4, 3, 1));
            // 1920 × 1088 with most references, and 3840 × 2160.
            assert!(is_decoded(120, 68, 16));
            assert!(is_decoded(240, 135, 5));
            assert!(!is_decoded(240, 135, 7));
            assert!(!is_decoded(257, 1, 1));
            assert!(!is_decoded(1, 257, 1));
            assert!(!is_decoded(u32::MAX, 2, 1));
        }
    }

    #[test]
    fn parameters_that_end_are_no_sequence() {
        let unit = sequence(100, true, 120, 68, 4);
        for length in 0..unit.len() - 1 {
            assert_eq!(within_limits(&unit[..length]), None, "{length}");
        }
    }
}
