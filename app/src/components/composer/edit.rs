//! What keys and buttons do to the text of a rule.

/// A text and where its caret stands, counted as the browser counts: in UTF-16 units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The text.
    pub text: String,
    /// The caret.
    pub caret: u32,
}

/// Puts `token` in place of the selection (`from` to `until`, UTF-16 units). An opening brace
/// just before the caret is taken as its beginning.
pub fn insert(text: &str, from: u32, until: u32, token: &str) -> Edited {
    let (from, until) = (
        byte_of(text, from.min(until)),
        byte_of(text, from.max(until)),
    );
    let mut before = &text[..from];
    if from == until {
        before = before.strip_suffix('{').unwrap_or(before);
    }
    let after = &text[until..];
    Edited {
        text: format!("{before}{token}{after}"),
        caret: units(before) + units(token),
    }
}

/// What Backspace does just behind a known token: the whole token goes. `None`: the key is the
/// browser's.
pub fn backspace(text: &str, caret: u32, tokens: &[&str]) -> Option<Edited> {
    let (before, after) = text.split_at(byte_of(text, caret));
    let rest = tokens.iter().find_map(|token| before.strip_suffix(token))?;
    Some(Edited {
        text: format!("{rest}{after}"),
        caret: units(rest),
    })
}

/// The byte at which so many UTF-16 units are passed; never inside of a character.
fn byte_of(text: &str, caret: u32) -> usize {
    let mut passed = 0;
    for (byte, letter) in text.char_indices() {
        if passed >= caret {
            return byte;
        }
        passed += width(letter);
    }
    text.len()
}

fn units(text: &str) -> u32 {
    text.chars().map(width).sum()
}

/// Characters beyond the basic plane count twice.
const fn width(letter: char) -> u32 {
    if letter as u32 > 0xFFFF { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, caret: u32) -> Edited {
        Edited {
            text: text.to_owned(),
            caret,
        }
    }

    #[test]
    fn a_token_goes_in_at_the_caret() {
        assert_eq!(insert("ar__x", 3, 3, "{date}"), edited("ar_{date}_x", 9));
        assert_eq!(insert("ar_old_x", 3, 6, "{date}"), edited("ar_{date}_x", 9));
        assert_eq!(insert("ar_{", 4, 4, "{date}"), edited("ar_{date}", 9));
    }

    #[test]
    fn carets_count_as_the_browser_does() {
        assert_eq!(insert("会𝄞_", 3, 3, "{time}"), edited("会𝄞{time}_", 9));
        assert_eq!(insert("a", 99, 99, "{time}"), edited("a{time}", 7));
    }

    #[test]
    fn backspace_takes_a_whole_token() {
        let tokens = ["{date}", "{time}"];
        assert_eq!(backspace("a_{date}_b", 8, &tokens), Some(edited("a__b", 2)));
        assert_eq!(backspace("a_{date}_b", 7, &tokens), None);
        assert_eq!(backspace("a_{dote}", 8, &tokens), None);
    }
}
