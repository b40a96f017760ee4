//! Makes text from outside safe to show: invisible characters and those that reorder text are escaped.

use std::fmt::Write;

/// `text` with its invisible and reordering characters as JSON escapes (RFC 8259 §7), which keep a JSON
/// string the same. Line breaks and tabs stay.
pub fn visible(text: &str) -> String {
    escape(&text.replace("\r\n", "\n"), |c| matches!(c, '\n' | '\t'))
}

/// As [`visible`] for a single line, cut after `longest` characters.
pub fn visible_line(text: &str, longest: usize) -> String {
    let mut shown = escape(&text.chars().take(longest).collect::<String>(), |_| false);
    if text.chars().nth(longest).is_some() {
        shown.push('…');
    }
    shown
}

/// Whether a character is invisible or reorders text: controls, bidirectional marks (UAX #9), zero-width
/// spaces, line and paragraph separators, tags.
pub fn hides(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Whether a character must not be in the name of an account or a group, which could look like another one with it: as
/// [`hides`], and the joiners, which other texts need for some scripts and emojis.
pub fn hides_in_name(c: char) -> bool {
    hides(c) || matches!(c, '\u{200c}' | '\u{200d}')
}

fn escape(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if !hides(c) || stays(c) {
            shown.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a String does not fail.
            let _ = write!(shown, "\\u{unit:04x}");
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_escaped() {
        assert_eq!(
            visible("a\u{202e}b\0\r\n\tc\u{e0041}"),
            "a\\u202eb\\u0000\n\tc\\udb40\\udc41"
        );
        assert_eq!(visible("客服 👩‍💻 \u{feff}"), "客服 👩‍💻 \\ufeff");
        assert!(!hides('\u{200d}') && hides_in_name('\u{200d}'));
        assert_eq!(visible_line("a\nb", 9), "a\\u000ab");
        assert_eq!(visible_line("abc", 2), "ab…");
        assert_eq!(visible_line("ab", 2), "ab");
    }
}
