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
    plural!(locale, n, trash.files_single, trash.files, n = number(n))
}

/// `1 day`, `180 days`.
pub fn day_count(locale: Locale, n: impl Into<i64>) -> String {
    let n: i64 = n.into();
    plural!(locale, n, retention.days.single, retention.days.many, n)
}

/// `1 recording`, `1,284 recordings`.
pub fn recordings(locale: Locale, of: Count) -> String {
    if of.n == 1 && !of.more {
        say!(locale, library.recordings_one).to_owned()
    } else {
        say!(locale, library.recordings_many, count = count(of))
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

/// The part of the whole, with one decimal: `33.3%`.
pub fn percent(part: u64, whole: u64) -> String {
    let permille = u128::from(part) * 1000 / u128::from(whole.max(1));
    format!("{}.{}%", permille / 10, permille % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        assert_eq!(files(Locale::en, 1), "1 file");
        assert_eq!(files(Locale::en, 2), "2 files");
        assert_eq!(files(Locale::zh_CN, 1), "1 个文件");
        assert_eq!(day_count(Locale::en, 1), "1 day");
        assert_eq!(day_count(Locale::en, 0), "0 days");
        assert_eq!(day_count(Locale::zh_CN, 1), "1 天");
        let recordings = |locale, rows| recordings(locale, Count::of(rows));
        assert_eq!(recordings(Locale::en, 1), "1 recording");
        assert_eq!(recordings(Locale::en, 0), "0 recordings");
        assert_eq!(recordings(Locale::en, 1_284), "1,284 recordings");
        assert_eq!(recordings(Locale::en, 20_000), "10,000+ recordings");
        assert_eq!(recordings(Locale::zh_CN, 2), "2 个录像");
    }

    #[test]
    fn a_text_that_counts_days_has_another_for_one() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/locales/en");
        let files = std::fs::read_dir(folder).unwrap();
        let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
        let texts: Vec<String> = texts.collect();
        let lines = texts.iter().flat_map(|text| text.lines());
        let counting = lines.filter(|line| line.contains("}} days"));
        let mut counting: Vec<&str> = counting.map(str::trim).collect();
        counting.sort_unstable();
        assert_eq!(
            counting,
            [
                // Today, and 1 day left.
                r#""last_days": "Last {{ n }} days","#,
                r#""left_days": "{{ n }} days left","#,
                r#""many": "{{ n }} days""#,
            ]
        );
    }

    #[test]
    fn a_part_is_a_percentage() {
        for (part, whole, expected) in [
            (1, 3, "33.3%"),
            (3, 3, "100.0%"),
            (0, 0, "0.0%"),
            (u64::MAX, u64::MAX, "100.0%"),
        ] {
            assert_eq!(percent(part, whole), expected);
        }
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
