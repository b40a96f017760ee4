//! The body of a call on its page.

use std::fmt::Write;

use reelroom_domain::{inbox::BodyView, visible::visible};

/// The most bytes that are shown as text, and as a hex dump.
const MOST: usize = 32 * 1024;
const MOST_HEX: usize = 1024;

/// The view of `body`, and the number of bytes that it shows. `json` is the decoded JSON, which is
/// shown if the body is compressed or not UTF-8.
pub(crate) fn view(body: &[u8], json: Option<String>) -> (BodyView, u64) {
    let whole = u64::try_from(body.len()).unwrap_or(u64::MAX);
    if body.is_empty() {
        return (BodyView::Empty, 0);
    }
    let plain = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    match (std::str::from_utf8(plain), json) {
        (Ok(text), json) if !text.contains('\0') => {
            let cut = text.len() > MOST;
            let text = &text[..text.floor_char_boundary(MOST)];
            let shown = if cut { text.len() as u64 } else { whole };
            let text = visible(text);
            if json.is_some() && !cut {
                (BodyView::Json(text), shown)
            } else {
                (BodyView::Text(text), shown)
            }
        }
        (_, Some(json)) if json.len() <= MOST => (BodyView::Json(visible(&json)), whole),
        _ => {
            let start = &body[..body.len().min(MOST_HEX)];
            (BodyView::Hex(hex_dump(start)), start.len() as u64)
        }
    }
}

/// A hex dump, sixteen bytes per line: offset, bytes, and ASCII.
fn hex_dump(bytes: &[u8]) -> String {
    let mut dump = String::new();
    for (index, line) in bytes.chunks(16).enumerate() {
        // Writing to a String does not fail.
        let _ = write!(dump, "{:06x} ", index * 16);
        for at in 0..16 {
            let gap = if at == 8 { "  " } else { " " };
            let _ = match line.get(at) {
                Some(byte) => write!(dump, "{gap}{byte:02x}"),
                None => write!(dump, "{gap}  "),
            };
        }
        dump.push_str("  ");
        dump.extend(line.iter().map(|byte| match byte {
            b' '..=b'~' => char::from(*byte),
            _ => '.',
        }));
        dump.push('\n');
    }
    dump
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_as_json_text_or_hex() {
        let json = || Some("{}".to_owned());
        assert_eq!(view(b"", None), (BodyView::Empty, 0));
        assert_eq!(
            view(b"\xEF\xBB\xBF{\"a\":\"\xE2\x80\xAE\"}", json()),
            (BodyView::Json("{\"a\":\"\\u202e\"}".to_owned()), 14)
        );
        assert_eq!(view(b"a=1", json()).0, BodyView::Json("a=1".to_owned()));
        assert_eq!(
            view(b"{broken", None).0,
            BodyView::Text("{broken".to_owned())
        );
        assert_eq!(
            view(b"\x1f\x8bpacked", json()).0,
            BodyView::Json("{}".to_owned())
        );
        let (BodyView::Hex(dump), 3) = view(b"\xffA\n", None) else {
            panic!("not a dump")
        };
        assert!(dump.starts_with("000000  ff 41 0a  "), "{dump}");
        assert!(dump.ends_with("  .A.\n"), "{dump}");
    }

    #[test]
    fn a_large_body_is_shown_in_part() {
        let long = "é".repeat(MOST);
        let (BodyView::Text(text), shown) = view(long.as_bytes(), Some(long.clone())) else {
            panic!("cut JSON is text")
        };
        assert_eq!((text.len(), shown), (MOST, MOST as u64));
        let (_, shown) = view(&vec![0; 1 << 20], None);
        assert_eq!(shown, MOST_HEX as u64);
    }
}
