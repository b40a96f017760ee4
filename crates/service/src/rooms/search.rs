//! The search for rooms by pinyin: `cpps`, `chanpin` and `cpping` all find 产品评审.

use pinyin::ToPinyinMulti;
use reelroom_domain::{ids::AppId, room::RoomId, search::SearchText};
use reelroom_store::{Conn, StoreError, rooms};

/// The rooms of an app whose id or title has a part that is typed as `search`.
pub(crate) async fn by_pinyin(
    read: &mut Conn,
    app: AppId,
    search: Option<&SearchText>,
) -> Result<Vec<RoomId>, StoreError> {
    let Some(typed) = search.and_then(Typed::parse) else {
        return Ok(Vec::new());
    };
    let mut names = rooms::not_ascii(read, app).await?;
    names.retain(|(room, label)| {
        typed.is_part_of(room.as_str()) || typed.is_part_of(label.title.as_str())
    });
    Ok(names.into_iter().map(|(room, _)| room).collect())
}

/// The typed letters and digits: of each Chinese character its pinyin without the tone, or the beginning of it.
struct Typed(Vec<char>);

impl Typed {
    /// The limit of their number: one for each bit of a `u128` but the first.
    const MOST: usize = 127;

    /// `None` without a Latin letter, and where the text is too long for a name.
    fn parse(search: &SearchText) -> Option<Self> {
        let typed: Vec<char> = letters(search.as_str()).collect();
        let is_latin = typed.iter().any(char::is_ascii_alphabetic);
        (is_latin && typed.len() <= Self::MOST).then_some(Self(typed))
    }

    /// Whether they spell a part of `name`, with any reading of each character.
    fn is_part_of(&self, name: &str) -> bool {
        let whole = 1_u128 << self.0.len();
        // Bit `n`: the characters so far are typed as the first `n` letters. Bit 0 stays set, since a part
        // begins at any character.
        let mut before = 1;
        letters(name).any(|character| {
            let mut after = 1 | self.next(before, character);
            for reading in character.to_pinyin_multi().into_iter().flatten() {
                let mut reached = before;
                for letter in spelling(reading.plain()) {
                    reached = self.next(reached, letter);
                    after |= reached;
                }
            }
            before = after;
            after & whole != 0
        })
    }

    /// The bits of `reached` that are followed by `letter`, each moved by one.
    fn next(&self, reached: u128, letter: char) -> u128 {
        let typed = self.0.iter().enumerate();
        let same = typed.filter(|(_, typed)| is_same(**typed, letter));
        let bits = same.fold(0, |bits, (place, _)| bits | (1_u128 << place));
        (reached & bits) << 1
    }
}

/// The letters and digits of a text in lower case.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
}

/// The letters of a syllable. One that ends in `n` may be typed with `ng`: many speakers hear no difference.
fn spelling(syllable: &str) -> impl Iterator<Item = char> {
    let g = syllable.ends_with('n').then_some('g');
    syllable.chars().chain(g)
}

/// Whether this letter is typed for a letter of a name; keyboards have no `ü`.
fn is_same(typed: char, letter: char) -> bool {
    typed == letter || (letter == 'ü' && matches!(typed, 'u' | 'v'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 6] = [
        "产品评审",
        "客服培训",
        "重庆分公司",
        "产品 review",
        "长沙-绿地",
        "class-7B",
    ];

    fn found(search: &str) -> Vec<&'static str> {
        let typed = SearchText::parse(search).as_ref().and_then(Typed::parse);
        let typed = typed.unwrap();
        let names = NAMES.into_iter();
        names.filter(|name| typed.is_part_of(name)).collect()
    }

    #[test]
    fn a_name_is_found_by_initials_and_by_syllables() {
        for search in ["cpps", "CPPS", "chanpinpingshen", "Chan pin p", "cpping'sh"] {
            assert_eq!(found(search), ["产品评审"], "{search}");
        }
        assert_eq!(found("chanping"), ["产品评审", "产品 review"]);
        assert_eq!(found("ps"), ["产品评审"]);
        for search in ["kfpx", "kefupeixun", "kefup", "px", "客服px"] {
            assert_eq!(found(search), ["客服培训"], "{search}");
        }
        for search in ["cpr", "cp review", "chanpinre", "产品r"] {
            assert_eq!(found(search), ["产品 review"], "{search}");
        }
    }

    #[test]
    fn every_reading_of_a_character_counts() {
        for search in ["cq", "zq", "chongqing", "zhongqing", "cqfgs", "fengongsi"] {
            assert_eq!(found(search), ["重庆分公司"], "{search}");
        }
        for search in ["cs", "zs", "changsha", "zhangsha", "csld", "lvdi", "ludi"] {
            assert_eq!(found(search), ["长沙-绿地"], "{search}");
        }
    }

    #[test]
    fn other_letters_find_nothing() {
        for search in ["cpsp", "pscp", "anpin", "cppsx", "kfxp", "qc"] {
            assert_eq!(found(search), [""; 0], "{search}");
        }
        let parsed = |search: &str| SearchText::parse(search).and_then(|text| Typed::parse(&text));
        for search in ["产品", "2026", &"a".repeat(128)] {
            assert!(parsed(search).is_none(), "{search}");
        }
        let longest = parsed(&"a".repeat(127)).unwrap();
        assert!(!longest.is_part_of(&"啊".repeat(126)));
        assert!(longest.is_part_of(&"啊".repeat(127)));
    }
}
