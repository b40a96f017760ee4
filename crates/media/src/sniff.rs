//! The kind of a file by its first bytes.

use crate::{facts::Kind, trouble::Trouble};

/// The number of first bytes that tell the kind of a file.
pub const HEAD: u64 = 1024;

/// The kind of a file that begins with `head`.
pub(crate) fn sniff(head: &[u8]) -> Result<Kind, Trouble> {
    match head {
        [] => Err(Trouble::Empty),
        [0xff, 0xd8, 0xff, ..] => Ok(Kind::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(Kind::Png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(Kind::Gif),
        [b'R', b'I', b'F', b'F', rest @ ..] if rest.get(4..8) == Some(b"WEBP".as_slice()) => {
            Ok(Kind::WebP)
        }
        // EBML (RFC 8794): the document's type is among the first elements.
        [0x1a, 0x45, 0xdf, 0xa3, rest @ ..] => {
            let webm = rest.windows(4).take(64).any(|name| name == b"webm");
            Ok(if webm { Kind::WebM } else { Kind::Matroska })
        }
        [_, _, _, _, a, b, c, d, ..] if begins_mp4([*a, *b, *c, *d]) => Ok(Kind::Mp4),
        [b'I', b'D', b'3', ..] => Ok(Kind::Mp3),
        // Twelve bits of ones; for ADTS the layer is 0, and of the 16 sample rates 13 exist.
        [0xff, second, third, ..] if second & 0xf6 == 0xf0 && third >> 2 & 0xf < 13 => {
            Ok(Kind::Adts)
        }
        // Eleven bits of ones and layer III; neither the bit rate nor the sample rate is reserved.
        [0xff, second, third, ..]
            if second & 0xe6 == 0xe2 && third >> 4 != 15 && third >> 2 & 3 != 3 =>
        {
            Ok(Kind::Mp3)
        }
        [0x1f, 0x8b, 8, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] | [b'P', b'K', 3, 4, ..] => {
            Err(Trouble::Compressed)
        }
        _ => Err(other(head)),
    }
}

/// Whether an MP4 may begin with this box. Old `QuickTime` files have no `ftyp`.
const fn begins_mp4(kind: [u8; 4]) -> bool {
    matches!(
        &kind,
        b"ftyp" | b"styp" | b"moov" | b"mdat" | b"moof" | b"sidx" | b"free" | b"skip" | b"wide"
    )
}

fn other(head: &[u8]) -> Trouble {
    let control = |byte: &u8| byte.is_ascii_control() && !matches!(byte, 9..=13 | 0x1b);
    if head.iter().any(control) {
        return Trouble::Unknown;
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text = text.trim_ascii_start().to_ascii_lowercase();
    let page = |tag: &&[u8]| text.windows(tag.len()).any(|part| part == *tag);
    let tags: [&[u8]; 5] = [b"<!doctype html", b"<html", b"<head", b"<title", b"<body"];
    if text.starts_with(b"<") && tags.iter().any(page) {
        Trouble::Page
    } else {
        Trouble::Text
    }
}
