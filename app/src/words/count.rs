//! Numbers of recordings and files.

use reelroom_domain::find::Count;

use crate::i18n::Locale;

/// `1,284`; `10,000+` where there are more than were counted.
pub fn count(count: Count) -> String {
    let more = if count.more { "+" } else { "" };
    format!("{}{more}", number(count.n))
}

/// `1 file`, `4 files`.
pub fn files(locale: Locale, n: u32) -> String {
    if n == 1 {
        say!(locale, trash.files_single).to_owned()
    } else {
        say!(locale, trash.files, n = number(n))
    }
}

/// A number with commas between thousands.
pub fn number(n: impl Into<u64>) -> String {
    let digits = n.into().to_string();
    let mut text = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_counted() {
        assert_eq!(files(Locale::en, 1), "1 file");
        assert_eq!(files(Locale::en, 2), "2 files");
        assert_eq!(files(Locale::zh_CN, 1), "1 个文件");
    }

    #[test]
    fn thousands_have_commas() {
        for (n, text) in [
            (0_u64, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
            (u64::MAX, "18,446,744,073,709,551,615"),
        ] {
            assert_eq!(number(n), text);
        }
        assert_eq!(count(Count::of(10_000)), "10,000");
        assert_eq!(count(Count::of(10_001)), "10,000+");
    }
}
